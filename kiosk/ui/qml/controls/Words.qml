// Running text.
import QtQuick
import ".."

Text {
    color: Theme.ink
    font.pixelSize: Theme.body
    lineHeight: 1.15
    wrapMode: Text.WordWrap
    textFormat: Text.PlainText
    renderType: Text.QtRendering
    Accessible.role: Accessible.StaticText
    Accessible.name: text
    Accessible.ignored: text === ""
}
