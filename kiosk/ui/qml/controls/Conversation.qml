// What everybody has typed, newest at the bottom; a line that is still being typed grows letter by letter.
import QtQuick
import ".."

ListView {
    id: root
    clip: true
    model: kiosk.entries
    spacing: Theme.px(12)
    interactive: contentHeight > height
    boundsBehavior: Flickable.StopAtBounds
    verticalLayoutDirection: ListView.TopToBottom
    Accessible.role: Accessible.List
    onContentHeightChanged: Qt.callLater(positionViewAtEnd)
    onHeightChanged: Qt.callLater(positionViewAtEnd)

    delegate: Item {
        id: entry
        required property bool mine
        required property string line
        required property bool done
        required property string author
        // With two librarians in it, or another than before, each line says whose it is.
        readonly property bool signed: !mine && author !== "" && (kiosk.call.colleagueName !== "" || author !== kiosk.call.name)
        width: root.width
        height: bubble.height

        Rectangle {
            id: bubble
            x: entry.mine ? entry.width - width : 0
            width: Math.max(words.width, entry.signed ? signature.width : 0) + 2 * Theme.px(26)
            height: words.y + words.height + Theme.px(16)
            radius: Theme.radius
            color: entry.mine ? Theme.answerableSurface : Theme.raised
            border.width: entry.mine ? 0 : Math.max(1, Theme.px(2))
            border.color: Theme.line

            Words {
                id: signature
                x: Theme.px(26)
                y: Theme.px(12)
                visible: entry.signed
                width: Math.min(implicitWidth, root.width * 0.82)
                wrapMode: Text.NoWrap
                elide: Text.ElideRight
                text: entry.author
                color: Theme.inkSoft
                font.pixelSize: Theme.small
                lineHeight: 1
                Accessible.ignored: true   // the line itself says it
            }
            Words {
                id: words
                x: Theme.px(26)
                y: entry.signed ? signature.y + signature.height : Theme.px(16)
                width: Math.min(implicitWidth, root.width * 0.82)
                text: entry.line + (entry.done ? "" : " …")
                Accessible.name: (entry.mine ? kiosk.words.you : entry.author || kiosk.call.name) + ": " + entry.line
            }
        }
    }
}
