// Which microphone and loudspeaker, what the microphone hears now, and a sample to listen to.
import QtQuick
import ".."
import "../controls"

Item {
    id: root
    readonly property bool portrait: height > width
    readonly property real column: portrait ? width : Math.floor((width - Theme.px(64)) / 2)
    property bool playing: false

    Component.onDestruction: if (playing) kiosk.door.do("try_sound", "")

    Column {
        id: hearing
        width: root.column
        spacing: Theme.px(28)

        DeviceList {
            width: parent.width
            title: kiosk.words.menu_which_microphone
            action: "microphone"
            choices: kiosk.menu.microphones
        }
        Words { width: parent.width; text: kiosk.words.menu_level }
        Rectangle {
            objectName: "level"
            width: parent.width
            height: Theme.px(56)
            radius: height / 2
            color: Theme.sunk
            border.width: Theme.stroke
            border.color: Theme.edge
            clip: true
            Accessible.role: Accessible.ProgressBar
            Accessible.name: kiosk.words.menu_level + ", " + kiosk.menu.level
            Rectangle {
                x: Theme.px(8)
                y: Theme.px(8)
                height: parent.height - 2 * y
                width: Math.max(height, (parent.width - 2 * x) * kiosk.menu.levelPercent / 100)
                radius: height / 2
                color: kiosk.menu.levelPercent > 0 ? Theme.accent : Theme.line
            }
        }
    }
    Column {
        x: root.portrait ? 0 : root.column + Theme.px(64)
        y: root.portrait ? hearing.height + Theme.px(64) : 0
        width: root.column
        spacing: Theme.px(28)

        DeviceList {
            width: parent.width
            title: kiosk.words.menu_which_loudspeaker
            action: "loudspeaker"
            choices: kiosk.menu.loudspeakers
        }
        Words {
            width: parent.width
            text: kiosk.words.menu_choice_later
            color: Theme.inkSoft
            font.pixelSize: Theme.small
        }
        ActionButton {
            objectName: "try_sound"
            width: parent.width
            height: Theme.px(120)
            kind: root.playing ? "plain" : "main"
            word: root.playing ? kiosk.words.menu_stop_sound : kiosk.words.menu_try_sound
            icon: root.playing ? "volume-x" : "volume-2"
            onTapped: {
                root.playing = !root.playing
                kiosk.door.do("try_sound", root.playing ? "on" : "")
            }
        }
    }
}
