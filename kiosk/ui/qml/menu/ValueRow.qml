// A word and its value on one line, with a line below.
import QtQuick
import ".."
import "../controls"

Item {
    id: root
    property alias word: word.text
    property alias value: value.text
    property real share: 0.55   // of the width, for the word
    implicitHeight: Math.max(word.height, value.height) + 2 * Theme.px(14)

    Words {
        id: word
        anchors.verticalCenter: parent.verticalCenter
        width: parent.width * root.share
        color: Theme.inkSoft
    }
    Words {
        id: value
        anchors.verticalCenter: parent.verticalCenter
        x: parent.width * (root.share + 0.02)
        width: parent.width - x
        font.bold: true
        horizontalAlignment: Text.AlignRight
    }
    Rectangle {
        y: parent.height - height
        width: parent.width
        height: Math.max(1, Theme.px(2))
        color: Theme.line
    }
}
