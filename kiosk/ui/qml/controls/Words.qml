// Running text.
import QtQuick
import ".."

Text {
    color: Theme.ink
    font.pixelSize: Theme.body
    lineHeight: 1.15
    wrapMode: Text.Wrap   // a word that is longer than the line is broken, not cut
    textFormat: Text.PlainText
    renderType: Text.QtRendering
    Accessible.role: Accessible.StaticText
    Accessible.name: text
    Accessible.ignored: text === ""
}
