// A number is called back. Nothing is open until somebody touches: no camera, no microphone.
import QtQuick
import ".."
import "../controls"

Stage {
    id: stage
    withCards: false
    wordsHeight: sentences.height

    scene: [
        Drawing { anchors.fill: parent; name: "room_lit" }
    ]

    Column {
        id: sentences
        width: parent.width
        spacing: Theme.px(stage.sideBySide ? 20 : 14)
        y: Math.max(0, (parent.height - height) / 2)

        Row {
            width: parent.width
            spacing: Theme.px(36)
            Text {
                id: figure
                text: kiosk.ticket.number
                color: Theme.answerable
                font.pixelSize: text.length > 2 ? Theme.px(110) : stage.lowered ? Theme.figure : Theme.px(190)
                font.bold: true
                lineHeight: 0.8
                Accessible.ignored: true
            }
            Column {
                width: parent.width - figure.width - parent.spacing
                anchors.verticalCenter: parent.verticalCenter
                spacing: Theme.px(10)
                Heading {
                    width: parent.width
                    text: kiosk.ticket.heading
                    font.pixelSize: text.length > 70 ? Theme.lead : text.length > 40 ? Theme.title : Theme.headline
                    maximumLineCount: 3
                    elide: Text.ElideRight
                }
                Words {
                    width: parent.width
                    visible: text !== ""
                    text: kiosk.ticket.answered ? kiosk.ticket.happening : kiosk.ticket.left
                    font.pixelSize: text.length > 60 ? Theme.small : Theme.lead
                    maximumLineCount: 2
                    elide: Text.ElideRight
                }
            }
        }
        Step {
            width: parent.width
            icon: "video-off"
            text: kiosk.words.calling_off
        }
        NoticeBar { width: parent.width; sentence: kiosk.common.notice }
    }

    touch: [
        Touchable {
            id: button
            objectName: "answer"
            width: parent.width
            height: parent.height
            enabled: !kiosk.ticket.answered
            opacity: enabled ? 1 : 0.5
            word: kiosk.words.calling_button
            focusRadius: Theme.px(48)
            Accessible.description: kiosk.words.calling_off
            onTapped: kiosk.act.answerTicket()

            Rectangle {
                anchors.fill: parent
                radius: Theme.px(48)
                color: button.pressed ? Theme.accentPressed : Theme.accent
            }
            Column {
                anchors.centerIn: parent
                width: parent.width - 2 * Theme.margin
                spacing: Theme.px(stage.sideBySide ? 14 : 32)
                Icon {
                    anchors.horizontalCenter: parent.horizontalCenter
                    name: "hand"
                    tint: Theme.accentInk
                    size: Theme.px(stage.sideBySide ? 104 : 150)
                }
                Text {
                    width: parent.width
                    horizontalAlignment: Text.AlignHCenter
                    wrapMode: Text.WordWrap
                    text: button.word
                    color: Theme.accentInk
                    font.pixelSize: stage.sideBySide ? Theme.headline : Theme.display
                    font.bold: true
                    lineHeight: 1.05
                    Accessible.ignored: true
                }
            }
        }
    ]
}
