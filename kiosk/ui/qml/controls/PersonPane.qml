// The person one meets, as large as can be; one's own picture small and mirrored, and only while it is shown. A
// colleague who was brought in gets the third that is farthest from the lens, and one's own picture the place below:
// so nobody's face is covered, and nothing else on the screen moves when somebody joins or leaves.
import QtQuick
import ".."

Rectangle {
    id: root
    property bool small: false
    property bool columnLeft: false
    readonly property bool three: kiosk.call.colleagueName !== ""
    readonly property bool ownShown: kiosk.call.pictureShown && ownFeed.hasPicture
    readonly property real seam: Theme.px(6)
    readonly property real column: three ? Math.round(width / 3) : 0
    readonly property real columnX: columnLeft ? 0 : width - column
    readonly property real colleagueHeight: Math.round((height - seam) * 0.5)

    color: Theme.dusk
    clip: true

    Drawing {
        x: root.columnX
        y: root.colleagueHeight + root.seam
        width: root.column
        height: root.height - y
        visible: root.three && !root.ownShown
        name: "cup"
        Accessible.ignored: true
    }
    Person {
        objectName: "librarian"
        x: root.three && root.columnLeft ? root.column + root.seam : 0
        width: root.width - (root.three ? root.column + root.seam : 0)
        height: root.height
        name: kiosk.call.name
        picture: pictures.librarian
        pictureWanted: kiosk.call.librarianVisible
        named: kiosk.common.screen === "talking"
        drawing: "room_lit"
        small: root.small
        dimmed: kiosk.path.librarianDimmed
        still: kiosk.path.librarianStill
        stillWidth: width - (root.ownShown && !root.three ? own.width + Theme.px(56) : Theme.px(32))
    }
    Person {
        objectName: "colleague"
        visible: root.three
        x: root.columnX
        width: root.column
        height: root.colleagueHeight
        name: kiosk.call.colleagueName
        picture: pictures.colleague
        pictureWanted: kiosk.call.colleagueVisible
        sentence: kiosk.call.colleagueSentence
        small: true
    }
    Rectangle {
        id: own
        readonly property real rim: Theme.px(6)
        readonly property real room: root.height - root.colleagueHeight - root.seam
        visible: root.ownShown
        width: root.three ? root.column : Theme.px(root.small ? 210 : 300) + 2 * rim
        height: root.three ? room : Theme.px(root.small ? 140 : 200) + 2 * rim
        x: root.three ? root.columnX : root.width - width - Theme.px(28)
        y: root.height - height - (root.three ? 0 : Theme.px(28))
        radius: root.three ? 0 : Theme.radius
        color: root.three ? Theme.dusk : Theme.surface
        PicturePlace {
            anchors.fill: parent
            anchors.margins: root.three ? 0 : own.rim
            picture: pictures.own
            mirrored: true
            radius: root.three ? 0 : Theme.radius - own.rim
            Accessible.role: Accessible.Graphic
            Accessible.name: kiosk.words.own_picture
        }
        Rectangle {
            objectName: "own_still"
            visible: kiosk.path.ownStill !== ""
            x: own.rim
            y: root.three ? 0 : own.height - height - own.rim
            width: own.width - 2 * x
            height: stillness.implicitHeight + 2 * Theme.px(8)
            bottomLeftRadius: root.three ? 0 : Theme.radius - own.rim
            bottomRightRadius: bottomLeftRadius
            color: Theme.dusk
            Words {
                id: stillness
                anchors.centerIn: parent
                width: parent.width - 2 * Theme.px(14)
                text: kiosk.path.ownStill
                color: Theme.duskInk
                font.pixelSize: Theme.small
                lineHeight: 1
                horizontalAlignment: Text.AlignHCenter
            }
        }
        Rectangle {
            visible: root.three
            x: Theme.px(16)
            y: own.height - height - Theme.px(14)
            width: you.width + 2 * Theme.px(20)
            height: you.implicitHeight + 2 * Theme.px(6)
            radius: height / 2
            color: Theme.dusk
            Words {
                id: you
                anchors.centerIn: parent
                text: kiosk.words.you
                color: Theme.duskInk
                font.pixelSize: Theme.small
                font.bold: true
            }
        }
    }
    ComingBack {
        objectName: "coming_back"
        readonly property real room: root.width - (root.three ? root.column + root.seam : 0)
        small: root.small || root.three
        width: Math.min(room - 2 * Theme.px(28), Theme.px(small ? 720 : 820))
        x: (room - width) / 2 + (root.three && root.columnLeft ? root.column + root.seam : 0)
        y: Theme.px(small ? 20 : 32)   // above the eyes
    }
}
