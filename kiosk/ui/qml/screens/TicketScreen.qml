// The number that was just taken, large enough to be remembered; then the screen is the next visitor's.
import QtQuick
import ".."
import "../controls"

Stage {
    id: stage
    withLanguages: false
    withCards: false
    touchHeight: Theme.px(150)
    wordsHeight: sentences.height

    scene: [
        Drawing { anchors.fill: parent; name: "room_lit" }
    ]

    Column {
        id: sentences
        width: parent.width
        spacing: Theme.px(stage.portrait ? 26 : 10)
        y: Math.max(0, (parent.height - height) / 2)

        Heading {
            width: parent.width
            text: kiosk.ticket.heading
            Accessible.name: kiosk.ticket.heading + " " + kiosk.ticket.number
        }
        Text {
            text: kiosk.ticket.number
            color: Theme.answerable
            font.pixelSize: Theme.px((stage.portrait ? 460 : 260) * (text.length > 2 ? 0.65 : 1))
            font.bold: true
            lineHeight: 0.85
            Accessible.ignored: true
        }
        Step {
            width: parent.width
            icon: "bell-ring"
            text: kiosk.words.ticket_stay
            tint: Theme.answerable
            back: Theme.answerableSurface
            strong: true
        }
    }

    touch: [
        ActionButton {
            objectName: "dismiss"
            word: kiosk.words.goodbye_close
            icon: "check"
            textSize: Theme.lead
            width: parent.width
            height: Theme.px(150)
            anchors.bottom: parent.bottom
            onTapped: kiosk.act.dismiss()
        }
    ]
}
