// The person one meets, as large as can be; one's own picture small and mirrored, and only while it is shown.
import QtQuick
import LibrarianOnDemand
import ".."

Rectangle {
    id: root
    property bool small: false
    readonly property bool seen: kiosk.call.librarianVisible && remoteFeed.hasPicture

    color: Theme.dusk
    clip: true

    Drawing {
        anchors.fill: parent
        visible: !root.seen
        name: kiosk.common.screen === "held" ? "cup" : "room_lit"
    }
    Picture {
        anchors.fill: parent
        feed: remoteFeed
        visible: root.seen
        Accessible.role: Accessible.Graphic
        Accessible.name: kiosk.call.name
    }
    Rectangle {
        x: Theme.px(32)
        y: root.height - height - Theme.px(28)
        visible: kiosk.common.screen === "talking"
        width: name.width + 2 * Theme.px(28)
        height: name.implicitHeight + 2 * Theme.px(12)
        radius: height / 2
        color: Theme.dusk
        Words {
            id: name
            anchors.centerIn: parent
            width: Math.min(implicitWidth, root.width * 0.5)
            wrapMode: Text.NoWrap
            elide: Text.ElideRight
            text: kiosk.call.name
            color: Theme.duskInk
            font.pixelSize: root.small ? Theme.body : Theme.lead
            font.bold: true
        }
    }
    Rectangle {
        readonly property real rim: Theme.px(6)
        visible: kiosk.call.pictureShown && ownFeed.hasPicture
        x: root.width - width - Theme.px(28)
        y: root.height - height - Theme.px(28)
        width: Theme.px(root.small ? 210 : 300) + 2 * rim
        height: Theme.px(root.small ? 140 : 200) + 2 * rim
        radius: Theme.radius
        color: Theme.surface
        Picture {
            anchors.fill: parent
            anchors.margins: parent.rim
            feed: ownFeed
            mirrored: true
            thrifty: true
            radius: Theme.radius - parent.rim
            Accessible.role: Accessible.Graphic
            Accessible.name: kiosk.words.own_picture
        }
    }
}
