// One Lucide icon in a colour of the theme; always beside a word, so it has no name of its own.
import QtQuick
import ".."

Image {
    property string name
    property color tint: Theme.ink
    property real size: Theme.px(48)

    width: size
    height: size
    sourceSize: Qt.size(size, size)
    source: name === "" ? "" : "image://icon/" + name + "/" + String(tint).slice(-6)
    Accessible.ignored: true
}
