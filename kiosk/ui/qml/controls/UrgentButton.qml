// The calm bar that leads to the numbers for urgent help.
import QtQuick
import ".."

ActionButton {
    objectName: "urgent"
    word: kiosk.words.urgent_bar
    icon: "life-buoy"
    kind: "urgent"
}
