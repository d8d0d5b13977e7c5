// Thanks, one question, three faces.
import QtQuick
import ".."
import "../controls"

Stage {
    id: stage
    withLanguages: false
    withCards: false
    touchHeight: Theme.px(portrait && !lowered ? 500 : 400)

    scene: [
        Drawing { anchors.fill: parent; name: "room_lit" }
    ]

    Column {
        width: parent.width
        spacing: Theme.px(22)
        anchors.verticalCenter: parent.verticalCenter
        Heading { width: parent.width; text: kiosk.words.goodbye_heading }
        Words { width: parent.width; text: kiosk.words.goodbye_forgotten; color: Theme.inkSoft }
        Words {
            width: parent.width
            text: kiosk.goodbye.thanks !== "" ? kiosk.goodbye.thanks : kiosk.words.goodbye_question
            font.pixelSize: Theme.lead
            font.bold: true
        }
    }

    touch: [
        Row {
            id: faces
            width: parent.width
            height: parent.height - done.height - Theme.gap
            spacing: Theme.gap
            Repeater {
                model: [
                    { score: 3, icon: "smile", word: kiosk.words.goodbye_face_3 },
                    { score: 2, icon: "meh", word: kiosk.words.goodbye_face_2 },
                    { score: 1, icon: "frown", word: kiosk.words.goodbye_face_1 }
                ]
                ActionButton {
                    required property var modelData
                    objectName: "face_" + modelData.score
                    word: modelData.word
                    icon: modelData.icon
                    upright: true
                    iconSize: Theme.px(stage.portrait && !stage.lowered ? 160 : 96)
                    role: Accessible.RadioButton
                    checkable: true
                    checked: kiosk.goodbye.score === modelData.score
                    kind: checked ? "main" : "plain"
                    enabled: kiosk.goodbye.score === 0
                    opacity: enabled || checked ? 1 : 0.35
                    width: (faces.width - 2 * faces.spacing) / 3
                    height: faces.height
                    onTapped: kiosk.act.giveFeedback(modelData.score)
                }
            }
        },
        ActionButton {
            id: done
            objectName: "dismiss"
            word: kiosk.words.goodbye_close
            icon: "check"
            width: parent.width
            anchors.bottom: parent.bottom
            onTapped: kiosk.act.dismiss()
        }
    ]
}
