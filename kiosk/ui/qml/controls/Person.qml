// One person at another end: the picture, the name, and in the picture's place a room where the light is on.
import QtQuick
import ".."

Rectangle {
    id: root
    property string name
    property alias picture: place.picture
    property bool pictureWanted: true
    property bool named: true
    property bool small: false
    property string drawing: "room_lit"
    property string sentence
    property string still      // why the picture stands still; beside the name, off the face
    property bool dimmed: false
    property real stillWidth: width - Theme.px(64)
    readonly property bool seen: pictureWanted && (picture?.feed.hasPicture ?? false)

    color: Theme.dusk
    clip: true

    Drawing {
        anchors.fill: parent
        visible: !root.seen
        name: root.drawing
    }
    PicturePlace {
        id: place
        anchors.fill: parent
        visible: root.seen
        Accessible.role: Accessible.Graphic
        Accessible.name: root.name
    }
    // What is seen here is not now.
    Rectangle {
        objectName: "dimmed"
        anchors.fill: parent
        visible: root.dimmed && root.seen
        color: Theme.dusk
        opacity: 0.55
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
        x: tag.x
        y: tag.y - height - Theme.px(12)
        visible: root.still !== ""
        width: stillness.width + 2 * Theme.px(root.small ? 20 : 28)
        height: stillness.implicitHeight + 2 * Theme.px(root.small ? 8 : 14)
        radius: Theme.radiusSmall
        color: Theme.dusk
        Words {
            id: stillness
            anchors.centerIn: parent
            width: Math.min(implicitWidth, root.stillWidth - 2 * Theme.px(28))
            text: root.still
            color: Theme.duskInk
            font.pixelSize: Theme.small
        }
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
