// The meeting: connecting and talking. One screen for the two, so that nothing jumps when the face appears.
import QtQuick
import ".."
import "../controls"

Item {
    id: root

    readonly property bool portrait: height > width
    readonly property bool talking: kiosk.common.screen === "talking"
    property bool writing: false
    property bool ending: false
    readonly property bool typing: writing && talking
    readonly property bool squeezed: typing && portrait && window.lowered   // only the keys fit into the lowest third
    readonly property real margin: Theme.px(40)
    readonly property real gap: Theme.px(20)
    readonly property real slim: Theme.bar

    // Portrait: everything from the top down, keys at the bottom. Landscape: the person at the lens' side.
    readonly property real keysHeight: typing ? Theme.px(squeezed ? 392 : portrait ? 516 : 416) : 0
    readonly property real lineHeight: typing ? Theme.px(squeezed ? 92 : 104) : 0
    readonly property real keysTop: height - keysHeight - (typing ? Theme.px(12) : 0)
    readonly property real lineTop: keysTop - lineHeight
    // 1280x720 is what a librarian's camera gives: shown pixel by pixel where there is room for it
    readonly property real paneHeight: Theme.px(typing ? (portrait ? 560 : 520) : 720)
    readonly property real paneWidth: portrait ? width : Math.round(paneHeight * 16 / 9)
    readonly property real sideX: portrait ? margin : window.lensRight ? margin : paneWidth + margin
    readonly property real sideWidth: portrait ? width - 2 * margin : width - paneWidth - 2 * margin
    readonly property real controlsHeight: typing ? slim : Theme.px(!portrait ? 264 : talking ? 240 : 176)
    readonly property real controlsX: portrait || typing ? sideX : margin
    readonly property real controlsWidth: portrait || typing ? sideWidth : Math.round((width - 2 * margin - gap) * 0.6)
    readonly property real extrasY: portrait ? (typing ? lineTop - gap - slim : height - margin - 2 * slim - gap)
                                             : (typing ? lineTop - gap - slim : height - margin - controlsHeight)
    readonly property real controlsY: portrait || typing ? extrasY - gap - controlsHeight : extrasY
    readonly property real extrasX: portrait || typing ? sideX : controlsX + controlsWidth + gap
    readonly property real extrasWidth: portrait || typing ? sideWidth : width - margin - extrasX

    readonly property bool questionAbove: portrait || typing

    onTalkingChanged: { ending = false; writing = false }

    PersonPane {
        id: pane
        objectName: "pane"
        x: !root.portrait && window.lensRight ? root.width - width : 0
        width: root.paneWidth
        height: root.paneHeight
        small: root.typing
        columnLeft: !root.portrait && window.lensRight
    }

    Column {
        id: facts
        x: root.sideX
        y: root.portrait ? pane.height + Theme.px(root.typing ? 16 : 28) : Theme.px(root.typing ? 16 : 36)
        width: root.sideWidth
        spacing: Theme.px(18)

        Heading {
            width: parent.width
            visible: !root.talking
            text: kiosk.call.heading
            font.pixelSize: root.portrait ? Theme.headline : text.length > 28 ? Theme.lead : Theme.title   // a long name
        }
        Words {
            width: parent.width
            visible: kiosk.common.screen === "connecting"
            text: kiosk.words.connecting_sentence
            font.pixelSize: Theme.lead
        }
        Sending {
            width: parent.width
            compact: root.typing
        }
        NoticeBar {
            // All that does not work, in one place: four bars would leave no room for the talk.
            readonly property var sentences: [
                kiosk.common.notice, kiosk.path.sentence, kiosk.call.placeholder,
                root.typing && kiosk.typing.full ? kiosk.words.write_full : "", ...kiosk.call.troubles
            ].filter(text => text !== "")
            width: parent.width
            sentence: sentences.join("\n")
            icon: sentences.length === 1 && kiosk.path.sentence !== "" ? "wifi-high" : "info"
            dense: sentences.length > 1 || !root.portrait
        }
    }

    Conversation {
        id: conversation
        visible: root.talking
        x: root.sideX
        y: facts.y + facts.height + Theme.px(16)
        width: root.sideWidth
        height: Math.max(0, (root.squeezed ? root.extrasY : root.portrait || root.typing ? root.controlsY - (root.ending ? Theme.px(76) : 0)
                                                                : pane.height) - Theme.px(16) - y)
    }

    Step {
        visible: root.talking && conversation.count === 0 && conversation.height > height + Theme.gap
        x: conversation.x
        y: conversation.y + Theme.gap
        width: conversation.width
        icon: "keyboard"
        text: kiosk.words.write_empty
    }

    Row {
        id: controls
        visible: !root.ending && !root.squeezed
        x: root.controlsX
        y: root.controlsY
        width: root.controlsWidth
        height: root.controlsHeight
        spacing: root.gap
        readonly property int count: root.talking ? 1 + kiosk.call.cameraUsable + kiosk.call.microphoneUsable : 1
        // The button that is held is the largest of them.
        readonly property bool toHold: root.talking && kiosk.call.microphoneUsable && kiosk.call.pushToTalk
        readonly property real talkShare: toHold ? 1.7 : 1
        readonly property real each: (width - (count - 1) * spacing) / (count - 1 + talkShare)

        ActionButton {
            objectName: kiosk.call.cameraWanted ? "hide_me" : "show_me"
            visible: root.talking && kiosk.call.cameraUsable
            word: kiosk.call.cameraWanted ? kiosk.words.hide_me : kiosk.words.show_me
            icon: kiosk.call.cameraWanted ? "video-off" : "video"
            kind: kiosk.call.cameraWanted ? "plain" : "main"
            upright: !root.typing
            textSize: root.typing ? Theme.small : Theme.body
            width: controls.each
            height: controls.height
            onTapped: kiosk.act.showCamera(!kiosk.call.cameraWanted)
        }
        ActionButton {
            objectName: kiosk.call.muted ? "unmute" : "mute"
            visible: root.talking && kiosk.call.microphoneUsable && !controls.toHold
            word: kiosk.call.muted ? kiosk.words.unmute : kiosk.words.mute
            icon: kiosk.call.muted ? "mic" : "mic-off"
            upright: !root.typing
            textSize: root.typing ? Theme.small : Theme.body
            width: controls.each
            height: controls.height
            onTapped: kiosk.act.mute(!kiosk.call.muted)
        }
        TalkButton {
            objectName: "talk"
            visible: controls.toHold
            upright: !root.typing
            width: controls.each * controls.talkShare
            height: controls.height
        }
        ActionButton {
            objectName: "end"
            word: kiosk.words.end
            icon: "phone-off"
            kind: "quietEnd"
            upright: !root.typing
            textSize: root.typing ? Theme.small : Theme.body
            width: controls.each
            height: controls.height
            onTapped: root.ending = true
        }
    }

    Words {
        id: question
        visible: root.ending
        x: root.controlsX
        y: root.controlsY - (root.questionAbove ? height + Theme.px(16) : 0)
        width: root.controlsWidth
        text: kiosk.words.end_question
        font.pixelSize: Theme.lead
        font.bold: true
    }
    Row {
        visible: root.ending
        x: root.controlsX
        y: root.controlsY + (root.questionAbove ? 0 : question.height + Theme.px(16))
        width: root.controlsWidth
        height: root.controlsY + root.controlsHeight - y
        spacing: root.gap

        ActionButton {
            objectName: "end_yes"
            enabled: asked.enough   // two quick taps in one place are one mistake, not a goodbye
            word: kiosk.words.end_yes
            icon: "phone-off"
            kind: "end"
            textSize: root.typing ? Theme.body : Theme.lead
            width: (parent.width - parent.spacing) / 2
            height: parent.height
            onTapped: kiosk.act.endCall()
        }
        ActionButton {
            objectName: "end_no"
            word: kiosk.words.end_no
            kind: "main"
            textSize: root.typing ? Theme.body : Theme.lead
            width: (parent.width - parent.spacing) / 2
            height: parent.height
            onTapped: root.ending = false
        }
    }

    // Not asked for long: a hand that came here by mistake finds the controls as they were.
    Timer {
        interval: 8000
        running: root.ending
        onTriggered: root.ending = false
    }
    Timer {
        id: asked
        property bool enough: false
        interval: 600
        running: root.ending
        onTriggered: enough = true
        onRunningChanged: if (running) enough = false
    }

    ActionButton {
        id: write
        objectName: root.typing ? "write_close" : "write"
        visible: root.talking
        word: root.typing ? kiosk.words.write_close : kiosk.words.write
        icon: root.typing ? "chevron-down" : "keyboard"
        x: root.extrasX
        y: root.extrasY
        width: (root.extrasWidth - root.gap) / 2
        height: root.slim
        onTapped: { root.ending = false; root.writing = !root.writing }
    }
    VolumeControl {
        visible: !root.typing
        x: root.portrait && root.talking ? write.x + write.width + root.gap : root.extrasX
        y: root.portrait ? root.extrasY : root.height - root.margin - root.slim
        width: root.portrait && root.talking ? write.width : root.extrasWidth
        height: root.slim
    }
    UrgentButton {
        readonly property bool wide: root.portrait ? !root.typing : !root.talking
        x: wide ? root.extrasX : write.x + write.width + root.gap
        y: root.portrait && !root.typing ? root.height - root.margin - root.slim : root.extrasY
        width: wide ? root.extrasWidth : write.width
        height: root.slim
        onTapped: window.urgentOpen = true
    }

    Rectangle {
        visible: root.typing
        x: Theme.px(12)
        y: root.lineTop
        width: root.width - 2 * x
        height: root.lineHeight - Theme.px(8)
        radius: Theme.radiusSmall
        color: Theme.raised
        border.width: Theme.stroke
        border.color: Theme.accent
        Words {
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.margins: Theme.px(24)
            anchors.verticalCenter: parent.verticalCenter
            wrapMode: Text.NoWrap
            elide: Text.ElideLeft
            text: kiosk.typing.line === "" ? kiosk.call.writePrompt : kiosk.typing.line + "▏"
            color: kiosk.typing.line === "" ? Theme.inkSoft : Theme.ink
            font.pixelSize: kiosk.typing.line === "" ? Theme.body : Theme.lead
        }
    }
    Loader {
        active: root.typing   // forty keys that nobody needs would make the face wait
        x: Theme.px(6)
        y: root.keysTop
        width: root.width - 2 * x
        height: root.keysHeight
        sourceComponent: Keyboard { }
    }
}
