// The first seconds, before the library has answered.
import QtQuick
import ".."
import "../controls"

Stage {
    withLanguages: false
    withCards: false
    touchHeight: 0
    scene: [
        Drawing { anchors.fill: parent; name: "room_dark" }
    ]
    Column {
        width: parent.width
        spacing: Theme.px(22)
        anchors.verticalCenter: parent.verticalCenter
        Heading { width: parent.width; text: kiosk.words.starting_heading }
        Words { width: parent.width; text: kiosk.words.starting_sentence; font.pixelSize: Theme.lead }
    }
}
