// That it does not work, why, since when, and whom to call.
import QtQuick
import ".."
import "../controls"

Stage {
    touchHeight: Theme.px(phone.visible ? 320 : 0)

    scene: [
        Drawing { anchors.fill: parent; name: "room_dark" }
    ]
    Column {
        width: parent.width
        spacing: Theme.px(28)
        anchors.verticalCenter: parent.verticalCenter
        Heading { width: parent.width; text: kiosk.words.out_heading; font.pixelSize: Theme.title }
        Step {
            width: parent.width
            visible: text !== ""
            icon: "wifi-off"
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
        PhoneCard { id: phone; anchors.fill: parent }
    ]
}
