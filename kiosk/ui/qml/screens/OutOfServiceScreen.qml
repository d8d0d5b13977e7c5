// That it does not work, why, since when, and whom to call.
import QtQuick
import ".."
import "../controls"

Stage {
    id: stage
    withCards: false
    touchHeight: instead.need
    wordsHeight: sentences.height

    scene: [
        Drawing { anchors.fill: parent; name: "room_dark" }
    ]
    Column {
        id: sentences
        width: parent.width
        spacing: Theme.px(28)
        y: Math.max(0, (parent.height - height) / 2)
        Heading { width: parent.width; text: kiosk.outOfService.heading; font.pixelSize: Theme.title }
        Step {
            width: parent.width
            visible: text !== ""
            icon: kiosk.outOfService.sign
            text: kiosk.outOfService.cause
            tint: Theme.waiting
            back: Theme.waitingSurface
        }
        Step {
            width: parent.width
            visible: text !== ""
            icon: "clock"
            text: kiosk.outOfService.since
        }
    }
    touch: [
        InsteadOfAnswers { id: instead; anchors.fill: parent; sideBySide: stage.sideBySide }
    ]
}
