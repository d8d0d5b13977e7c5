// What the camera sees, with the line at which eyes belong; which camera, where it sits and how high.
import QtQuick
import ".."
import "../controls"

Item {
    id: root
    readonly property bool portrait: height > width
    readonly property real pictureWidth: portrait ? Math.min(width, (height - Theme.px(880)) * 16 / 9) : Theme.px(860)
    readonly property real besideX: portrait ? 0 : pictureWidth + Theme.px(48)
    readonly property real besideWidth: width - besideX

    Component.onCompleted: kiosk.door.do("show_camera", "on")
    Component.onDestruction: kiosk.door.do("show_camera", "")

    Rectangle {
        id: pane
        objectName: "menu_picture"
        x: root.portrait ? (root.width - width) / 2 : 0
        width: root.pictureWidth
        height: Math.round(width * 9 / 16)
        color: Theme.dusk
        clip: true
        Accessible.role: Accessible.Graphic
        Accessible.name: kiosk.words.own_picture

        PicturePlace {
            anchors.fill: parent
            visible: kiosk.menu.cameraOpen
            picture: pictures.own
            mirrored: true
        }
        Words {
            anchors.centerIn: parent
            width: parent.width - 2 * Theme.margin
            visible: !kiosk.menu.cameraOpen || !ownFeed.hasPicture
            text: kiosk.menu.cameraOpen ? kiosk.words.menu_camera_starts : kiosk.words.menu_camera_off
            color: Theme.duskInk
            horizontalAlignment: Text.AlignHCenter
        }
        Item {
            objectName: "eye_line"
            visible: kiosk.menu.cameraOpen && ownFeed.hasPicture
            width: parent.width
            y: Math.round(parent.height / 3)
            Row {
                Repeater {
                    model: Math.ceil(pane.width / Theme.px(48))
                    Item {
                        width: Theme.px(48)
                        height: Theme.px(6)
                        Rectangle { width: Theme.px(28); height: parent.height; color: Theme.dusk }
                        Rectangle {
                            x: Theme.px(1)
                            y: Theme.px(1)
                            width: Theme.px(26)
                            height: parent.height - 2 * Theme.px(1)
                            color: "#FFFFFF"
                        }
                    }
                }
            }
            Rectangle {
                y: Theme.px(18)
                x: Theme.px(20)
                width: eyes.implicitWidth + 2 * Theme.px(20)
                height: eyes.implicitHeight + 2 * Theme.px(6)
                radius: height / 2
                color: Theme.dusk
                Words {
                    id: eyes
                    anchors.centerIn: parent
                    wrapMode: Text.NoWrap
                    text: kiosk.words.menu_eyes
                    color: Theme.duskInk
                    font.pixelSize: Theme.small
                    lineHeight: 1
                }
            }
        }
    }

    Column {
        id: elevation
        y: root.portrait ? root.height - height : pane.height + Theme.px(28)
        width: root.portrait ? root.width : root.pictureWidth
        spacing: Theme.px(12)
        Words {
            width: parent.width
            text: kiosk.words.menu_height
            font.bold: true
            Accessible.role: Accessible.Heading
        }
        Item {
            width: parent.width
            height: Theme.px(100)
            readonly property int start: kiosk.menu.heightCm > 0 ? kiosk.menu.heightCm : 150
            ActionButton {
                id: lower
                objectName: "height_lower"
                word: kiosk.words.menu_lower
                icon: "minus"
                width: Math.round(parent.width * 0.32)
                height: parent.height
                onTapped: kiosk.door.do("camera_height", String(Math.max(60, parent.start - 5)))
            }
            Words {
                anchors.left: lower.right
                anchors.right: higher.left
                anchors.verticalCenter: parent.verticalCenter
                text: kiosk.menu.height
                font.pixelSize: Theme.lead
                font.bold: true
                horizontalAlignment: Text.AlignHCenter
            }
            ActionButton {
                id: higher
                objectName: "height_higher"
                word: kiosk.words.menu_higher
                icon: "plus"
                x: parent.width - width
                width: lower.width
                height: parent.height
                onTapped: kiosk.door.do("camera_height", String(Math.min(250, parent.start + 5)))
            }
        }
    }
    Column {
        x: root.besideX
        y: root.portrait ? pane.height + Theme.px(28) : 0
        width: root.besideWidth
        spacing: Theme.px(28)

        Column {
            width: parent.width
            spacing: Theme.px(12)
            DeviceList {
                width: parent.width
                title: kiosk.words.menu_which_camera
                action: "camera"
                choices: kiosk.menu.cameras
            }
            Words {
                width: parent.width
                text: kiosk.words.menu_choice_later
                color: Theme.inkSoft
                font.pixelSize: Theme.small
            }
        }
        Column {
            width: parent.width
            spacing: Theme.px(12)
            Words {
                width: parent.width
                text: kiosk.words.menu_lens
                font.bold: true
                Accessible.role: Accessible.Heading
            }
            Row {
                id: sides
                width: parent.width
                spacing: Theme.px(14)
                Repeater {
                    model: [
                        { side: "left", word: kiosk.words.menu_lens_left },
                        { side: "top", word: kiosk.words.menu_lens_top },
                        { side: "right", word: kiosk.words.menu_lens_right }
                    ]
                    Choice {
                        required property var modelData
                        objectName: "lens_" + modelData.side
                        word: modelData.word
                        checked: kiosk.menu.lens === modelData.side
                        width: Math.floor((sides.width - 2 * sides.spacing) / 3)
                        onTapped: if (!checked) kiosk.door.do("lens_side", modelData.side)
                    }
                }
            }
        }
    }
}
