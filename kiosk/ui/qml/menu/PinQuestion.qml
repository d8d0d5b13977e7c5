// The question for the PIN: large keys, dots for what was entered, how many tries are left.
import QtQuick
import ".."
import "../controls"

Item {
    id: root
    readonly property bool portrait: height > width
    readonly property real gap: Theme.px(16)

    Column {
        x: Theme.margin
        y: root.portrait ? Theme.px(170) : Theme.px(96)
        width: root.portrait ? parent.width - 2 * x : parent.width / 2 - 2 * x
        spacing: Theme.px(32)

        Row {
            width: parent.width
            spacing: Theme.px(28)
            Rectangle {
                id: sign
                width: Theme.px(104)
                height: width
                radius: width / 2
                color: Theme.sunk
                Icon { anchors.centerIn: parent; name: "key-round"; tint: Theme.inkSoft; size: Theme.px(56) }
            }
            Heading {
                width: parent.width - sign.width - parent.spacing
                anchors.verticalCenter: parent.verticalCenter
                text: kiosk.words.pin_heading
            }
        }
        Words {
            objectName: "pin_sentence"
            width: parent.width
            text: kiosk.menu.pinSentence
            color: kiosk.menu.pinWrong ? Theme.urgent : Theme.ink
            font.pixelSize: Theme.lead
            font.bold: kiosk.menu.pinWrong
            onTextChanged: () => {
                if (kiosk.menu.pinWrong)
                    Accessible.announce(kiosk.menu.pinSentence, Accessible.Assertive)
            }
        }
        Rectangle {
            objectName: "pin_dots"
            width: parent.width
            height: Theme.px(120)
            radius: Theme.radius
            color: Theme.raised
            border.width: Theme.stroke
            border.color: Theme.edge
            Accessible.role: Accessible.StaticText
            Accessible.name: kiosk.door.spoken

            Row {
                anchors.centerIn: parent
                spacing: Theme.px(22)
                Repeater {
                    model: kiosk.door.mostDigits
                    Rectangle {
                        required property int index
                        readonly property bool filled: index < kiosk.door.digits
                        width: Theme.px(30)
                        height: width
                        radius: width / 2
                        color: filled ? Theme.ink : "transparent"
                        border.width: filled ? 0 : Theme.stroke
                        border.color: Theme.edge
                    }
                }
            }
        }
    }

    Grid {
        id: pad
        columns: 3
        spacing: root.gap
        x: root.portrait ? (root.width - width) / 2 : root.width / 2 + Theme.margin
        y: root.portrait ? root.height / 2 : Theme.margin
        readonly property real most: root.portrait ? Theme.px(840) : root.width / 2 - 2 * Theme.margin
        readonly property real wide: Math.floor((most - 2 * spacing) / 3)
        readonly property real end: root.portrait ? close.y - Theme.px(40) : root.height - Theme.margin
        readonly property real tall: Math.floor((end - y - 3 * spacing) / 4)

        component Digit: ActionButton {
            objectName: "pin_" + word
            textSize: Theme.headline
            width: pad.wide
            height: pad.tall
            onTapped: kiosk.door.digit(word)
        }

        Repeater {
            model: 9
            Digit { required property int index; word: index + 1 }
        }
        ActionButton {
            objectName: "pin_delete"
            word: kiosk.words.pin_delete
            icon: "delete"
            upright: true
            width: pad.wide
            height: pad.tall
            onTapped: kiosk.door.delete()
        }
        Digit { word: "0" }
        ActionButton {
            objectName: "pin_enter"
            word: kiosk.words.pin_enter
            icon: "check"
            kind: "main"
            upright: true
            enabled: kiosk.door.enough
            opacity: enabled ? 1 : 0.4
            width: pad.wide
            height: pad.tall
            onTapped: kiosk.door.enter()
        }
    }

    ActionButton {
        id: close
        objectName: "menu_close"
        word: kiosk.words.menu_close
        icon: "undo-2"
        textSize: Theme.lead
        x: Theme.margin
        width: root.portrait ? parent.width - 2 * Theme.margin : parent.width / 2 - 2 * Theme.margin
        height: Theme.px(140)
        y: parent.height - height - Theme.margin
        onTapped: kiosk.door.close()
    }
}
