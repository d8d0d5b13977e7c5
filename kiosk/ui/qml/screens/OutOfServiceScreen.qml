// Since when, why, and whom to call.
import QtQuick
import ".."
import "../controls"

Stage {
    scene: [
        Drawing { anchors.fill: parent; name: "room_dark" }
    ]
    Column {
        width: parent.width
        spacing: Theme.px(16)
        anchors.verticalCenter: parent.verticalCenter
        Heading { width: parent.width; text: kiosk.words.out_heading }
        Words { width: parent.width; text: kiosk.outOfService.cause; visible: text !== "" }
        Words { width: parent.width; text: kiosk.outOfService.since; visible: text !== ""; color: Theme.inkSoft }
    }
    touch: [
        PhoneCard { width: parent.width; height: Math.min(parent.height, Theme.px(336)) }
    ]
}
