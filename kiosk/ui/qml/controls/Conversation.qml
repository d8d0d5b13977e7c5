// What both have typed, newest at the bottom; a line that is still being typed grows letter by letter.
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
        width: root.width
        height: bubble.height

        Rectangle {
            id: bubble
            x: entry.mine ? entry.width - width : 0
            width: words.width + 2 * Theme.px(26)
            height: words.height + 2 * Theme.px(16)
            radius: Theme.radius
            color: entry.mine ? Theme.answerableSurface : Theme.raised
            border.width: entry.mine ? 0 : Math.max(1, Theme.px(2))
            border.color: Theme.line

            Words {
                id: words
                x: Theme.px(26)
                y: Theme.px(16)
                width: Math.min(implicitWidth, root.width * 0.82)
                text: entry.line + (entry.done ? "" : " …")
                Accessible.name: (entry.mine ? kiosk.words.you : kiosk.call.name) + ": " + entry.line
            }
        }
    }
}
