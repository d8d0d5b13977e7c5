// One person at another end: the picture, the name, and in the picture's place a room where the light is on.
import QtQuick
import LibrarianOnDemand
import ".."

Rectangle {
    id: root
    property string name
    property alias feed: picture.feed
    property alias thrifty: picture.thrifty
    property bool pictureWanted: true
    property bool named: true
    property bool small: false
    property string drawing: "room_lit"
    property string sentence
    readonly property bool seen: pictureWanted && feed.hasPicture

    color: Theme.dusk
    clip: true

    Drawing {
        anchors.fill: parent
        visible: !root.seen
        name: root.drawing
    }
    Picture {
        id: picture
        anchors.fill: parent
        visible: root.seen
        Accessible.role: Accessible.Graphic
        Accessible.name: root.name
    }
    Rectangle {
        anchors.fill: reason
        anchors.margins: -Theme.px(16)
        visible: reason.visible
        radius: Theme.radiusSmall
        color: Theme.dusk
    }
    Words {
        id: reason
        visible: root.sentence !== ""
        x: Theme.px(32)
        y: (tag.y - height) / 2
        width: root.width - 2 * x
        text: root.sentence
        color: Theme.duskInk
        font.pixelSize: Theme.small
        horizontalAlignment: Text.AlignHCenter
    }
    Rectangle {
        id: tag
        x: Theme.px(root.small ? 16 : 32)
        y: root.height - height - Theme.px(root.small ? 14 : 28)
        visible: root.named
        width: name.width + 2 * Theme.px(root.small ? 20 : 28)
        height: name.implicitHeight + 2 * Theme.px(root.small ? 6 : 12)
        radius: height / 2
        color: Theme.dusk
        Words {
            id: name
            anchors.centerIn: parent
            width: Math.min(implicitWidth, root.width - 2 * tag.x - 2 * Theme.px(28))
            wrapMode: Text.NoWrap
            elide: Text.ElideRight
            text: root.name
            color: Theme.duskInk
            font.pixelSize: root.small ? Theme.small : Theme.lead
            font.bold: true
        }
    }
}
