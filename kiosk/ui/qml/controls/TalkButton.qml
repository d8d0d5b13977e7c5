// With push-to-talk: the microphone is open while this is held. Who cannot hold taps once to begin and once more to
// stop; a keyboard's space or return does the same. A finger that slides off it goes on holding: nobody is cut off for
// a trembling hand. The screen shows what the engine says is so, not what was asked.
import QtQuick
import ".."

Item {
    id: root

    property bool upright: false
    readonly property bool touchable: true
    readonly property bool open: kiosk.call.speaking
    readonly property bool heard: open && kiosk.call.voiceHeard
    readonly property string word: heard ? kiosk.words.talk_open : open ? kiosk.words.talk_starting : kiosk.words.talk
    readonly property string hint: !open ? kiosk.words.talk_hint : down ? kiosk.words.talk_let_go : kiosk.words.talk_tap
    readonly property bool down: finger.active || keyDown
    property bool keyDown: false
    property bool closing: false   // it was open already when the hand came: this touch closes it
    // Shorter than this is a tap.
    readonly property int tapMs: 400

    function begin() {
        closing = open
        held.restart()
        if (!closing) {
            if (kiosk.call.muted)
                kiosk.act.mute(false)
            kiosk.act.speak(true)
        }
    }
    function end() {
        if (closing || !held.running)
            kiosk.act.speak(false)
        held.stop()
        closing = false
    }
    function toggle() {
        kiosk.act.speak(!open)
    }

    activeFocusOnTab: true
    Accessible.role: Accessible.Button
    Accessible.name: word
    Accessible.description: hint
    Accessible.focusable: true
    Accessible.checkable: true
    Accessible.checked: open
    Accessible.onPressAction: toggle()
    Keys.onPressed: event => {
        if (![Qt.Key_Space, Qt.Key_Return, Qt.Key_Enter].includes(event.key))
            return
        event.accepted = true
        if (!event.isAutoRepeat && !down) {
            keyDown = true
            begin()
        }
    }
    Keys.onReleased: event => {
        if (event.isAutoRepeat || !keyDown)
            return
        event.accepted = true
        keyDown = false
        end()
    }
    // Out of sight, nobody could see that they are heard.
    onVisibleChanged: if (!visible && open) kiosk.act.speak(false)
    onActiveFocusChanged: if (!activeFocus && keyDown) { keyDown = false; end() }

    Timer {
        id: held
        interval: root.tapMs
    }
    PointHandler {
        id: finger
        acceptedDevices: PointerDevice.AllDevices
        onActiveChanged: if (active) root.begin(); else root.end()
    }

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: root.open ? (root.down ? Theme.accentPressed : Theme.accent) : root.down ? Theme.sunk : Theme.answerableSurface
        border.width: root.open ? 0 : Theme.px(5)
        border.color: Theme.accent
    }
    // The open microphone is a filled button, and a ring of sound around the sign.
    Grid {
        id: content
        readonly property color fore: root.open ? Theme.accentInk : Theme.ink
        anchors.centerIn: parent
        columns: root.upright ? 1 : 2
        columnSpacing: Theme.px(18)
        rowSpacing: Theme.px(8)
        horizontalItemAlignment: Grid.AlignHCenter
        verticalItemAlignment: Grid.AlignVCenter

        Rectangle {
            width: Theme.px(root.upright ? 92 : 60)
            height: width
            radius: width / 2
            color: root.open ? Theme.accentInk : "transparent"
            Icon {
                anchors.centerIn: parent
                name: root.heard ? "mic" : "mic-off"
                tint: root.open ? Theme.accent : Theme.ink
                size: Theme.px(root.upright ? 64 : 44)
            }
        }
        Column {
            readonly property real room: root.width - 2 * Theme.gap - (root.upright ? 0 : Theme.px(78))
            Text {
                x: root.upright ? (parent.width - width) / 2 : 0
                width: Math.min(implicitWidth, parent.room)
                text: root.word
                color: content.fore
                font.pixelSize: root.upright ? Theme.body : Theme.small
                font.bold: true
                lineHeight: 1.05
                wrapMode: Text.WordWrap
                horizontalAlignment: root.upright ? Text.AlignHCenter : Text.AlignLeft
                Accessible.ignored: true
            }
            Text {
                x: (parent.width - width) / 2
                visible: root.upright
                width: Math.min(implicitWidth, parent.room)
                text: root.hint
                color: content.fore
                font.pixelSize: Theme.small
                lineHeight: 1.05
                wrapMode: Text.WordWrap
                horizontalAlignment: Text.AlignHCenter
                Accessible.ignored: true
            }
        }
    }
    Rectangle {
        anchors.fill: parent
        anchors.margins: -Theme.px(6)
        z: 1
        visible: root.activeFocus
        color: "transparent"
        radius: Theme.radius + Theme.px(6)
        border.width: Theme.px(5)
        border.color: Theme.ink
    }
}
