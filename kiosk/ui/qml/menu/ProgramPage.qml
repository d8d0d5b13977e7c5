// What is done to the program and the machine; whatever takes the screen away is asked about first.
import QtQuick
import ".."
import "../controls"

Item {
    id: root
    readonly property bool portrait: height > width
    property var asking: null
    readonly property var deeds: [
        { action: "export_log", icon: "file-down", word: kiosk.words.menu_export_log,
          what: kiosk.words.menu_export_log_what, sure: false },
        { action: "restart_program", icon: "rotate-cw", word: kiosk.words.menu_restart_program,
          what: kiosk.words.menu_restart_program_what, sure: true },
        { action: "restart_machine", icon: "power", word: kiosk.words.menu_restart_machine,
          what: kiosk.words.menu_restart_machine_what, sure: true },
        { action: "leave", icon: "log-out", word: kiosk.words.menu_leave,
          what: kiosk.words.menu_leave_what, sure: true }
    ]

    Grid {
        id: list
        visible: root.asking === null
        width: parent.width
        columns: root.portrait ? 1 : 2
        spacing: Theme.px(28)
        readonly property real each: root.portrait ? width : Math.floor((width - spacing) / 2)

        Repeater {
            model: root.deeds
            Touchable {
                id: deed
                required property var modelData
                objectName: modelData.action
                word: modelData.word
                Accessible.description: modelData.what
                width: list.each
                height: Theme.px(220)
                onTapped: modelData.sure ? root.asking = modelData : kiosk.door.do(modelData.action, "")

                Rectangle {
                    anchors.fill: parent
                    radius: Theme.radius
                    color: deed.pressed ? Theme.sunk : Theme.raised
                    border.width: Theme.stroke
                    border.color: Theme.edge
                }
                Icon {
                    id: sign
                    x: Theme.px(36)
                    anchors.verticalCenter: parent.verticalCenter
                    name: deed.modelData.icon
                    size: Theme.px(64)
                }
                Column {
                    x: sign.x + sign.width + Theme.px(32)
                    width: parent.width - x - Theme.px(32)
                    anchors.verticalCenter: parent.verticalCenter
                    spacing: Theme.px(8)
                    Words { width: parent.width; text: deed.word; font.bold: true; Accessible.ignored: true }
                    Words {
                        width: parent.width
                        text: deed.modelData.what
                        font.pixelSize: Theme.small
                        color: Theme.inkSoft
                        Accessible.ignored: true
                    }
                }
            }
        }
    }
    Column {
        visible: root.asking !== null
        width: Math.min(parent.width, Theme.px(1100))
        x: (parent.width - width) / 2
        y: Math.max(0, root.portrait ? parent.height / 2 - height / 2 : Theme.px(40))
        spacing: Theme.px(32)

        Heading { width: parent.width; text: root.asking ? root.asking.word : ""; font.pixelSize: Theme.title }
        Words { width: parent.width; text: root.asking ? root.asking.what : ""; font.pixelSize: Theme.lead }
        Words { width: parent.width; text: kiosk.words.menu_sure; font.pixelSize: Theme.lead; font.bold: true }
        ActionButton {
            objectName: "sure_no"
            width: parent.width
            height: Theme.px(140)
            word: kiosk.words.menu_sure_no
            icon: "undo-2"
            kind: "main"
            onTapped: root.asking = null
        }
        ActionButton {
            objectName: "sure_yes"
            width: parent.width
            height: Theme.px(140)
            word: kiosk.words.menu_sure_yes
            icon: root.asking ? root.asking.icon : ""
            kind: "quietEnd"
            onTapped: {
                kiosk.door.do(root.asking.action, "")
                root.asking = null
            }
        }
    }
}
