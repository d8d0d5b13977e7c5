// Why there is no way into the service menu now: too many wrong PINs, or none was ever set.
import QtQuick
import ".."
import "../controls"

Item {
    id: root
    readonly property bool portrait: height > width
    readonly property bool locked: kiosk.menu.stage === "locked_out"

    Column {
        x: Theme.margin
        width: parent.width - 2 * x
        y: Math.max(Theme.margin, (close.y - height) / 2)
        spacing: Theme.px(40)

        Rectangle {
            width: Theme.px(140)
            height: width
            radius: width / 2
            anchors.horizontalCenter: parent.horizontalCenter
            color: root.locked ? Theme.waitingSurface : Theme.sunk
            Icon {
                anchors.centerIn: parent
                name: root.locked ? "lock" : "key-round"
                tint: root.locked ? Theme.waiting : Theme.inkSoft
                size: Theme.px(72)
            }
        }
        Heading {
            width: parent.width
            text: root.locked ? kiosk.words.pin_locked : kiosk.words.pin_none
            horizontalAlignment: Text.AlignHCenter
        }
        Words {
            width: parent.width
            text: root.locked ? kiosk.menu.locked : kiosk.words.pin_none_how
            font.pixelSize: Theme.lead
            horizontalAlignment: Text.AlignHCenter
        }
    }
    ActionButton {
        id: close
        objectName: "menu_close"
        word: kiosk.words.menu_close
        icon: "undo-2"
        kind: "main"
        textSize: Theme.lead
        x: Theme.margin
        width: parent.width - 2 * Theme.margin
        height: Theme.px(140)
        y: parent.height - height - Theme.margin
        onTapped: kiosk.door.close()
    }
}
