// One line of what happens, with its sign in a circle.
import QtQuick
import ".."

Row {
    id: root
    property string icon
    property alias text: sentence.text
    property color tint: Theme.inkSoft
    property color back: Theme.sunk
    property bool strong: false

    spacing: Theme.px(24)

    Rectangle {
        width: Theme.px(80)
        height: width
        radius: width / 2
        color: root.back
        Icon { anchors.centerIn: parent; name: root.icon; tint: root.tint; size: Theme.px(42) }
    }
    Words {
        id: sentence
        width: root.width - Theme.px(104)
        anchors.verticalCenter: parent.verticalCenter
        font.bold: root.strong
    }
}
