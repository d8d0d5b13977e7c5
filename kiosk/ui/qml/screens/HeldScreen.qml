// A meeting on hold: calm, with who comes back, how long it has been, and a way to leave. Nobody is seen or heard.
import QtQuick
import ".."
import "../controls"

Stage {
    id: stage

    property bool ending: false
    withCards: false
    touchHeight: Theme.px(150)
    wordsHeight: sentences.height

    scene: [
        Drawing { anchors.fill: parent; name: "cup" }
    ]

    Column {
        id: sentences
        width: parent.width
        spacing: Theme.px(stage.portrait ? 30 : 20)
        y: Math.max(0, (parent.height - height) / 2)

        Heading {
            width: parent.width
            text: kiosk.held.heading
            font.pixelSize: text.length > 28 ? Theme.title : Theme.headline
            maximumLineCount: 2
            elide: Text.ElideRight
        }
        Words {
            width: parent.width
            visible: text !== ""
            text: kiosk.held.since
            font.pixelSize: Theme.lead
        }
        Words { width: parent.width; text: kiosk.words.held_sentence; visible: !stage.ending && kiosk.common.notice === "" && !kiosk.path.comingBack }
        Step {
            width: parent.width
            icon: "eye-off"
            text: kiosk.words.held_off
        }
        NoticeBar { width: parent.width; sentence: kiosk.common.notice; dense: true }
        ComingBack { width: parent.width }
        Words {
            width: parent.width
            visible: stage.ending
            text: kiosk.words.end_question
            font.pixelSize: Theme.lead
            font.bold: true
        }
    }

    touch: [
        ActionButton {
            objectName: "end"
            visible: !stage.ending
            word: kiosk.words.held_leave
            icon: "log-out"
            textSize: Theme.lead
            width: parent.width
            height: Theme.px(150)
            anchors.bottom: parent.bottom
            onTapped: stage.ending = true
        },
        Row {
            visible: stage.ending
            width: parent.width
            height: Theme.px(150)
            anchors.bottom: parent.bottom
            spacing: Theme.gap

            ActionButton {
                objectName: "end_yes"
                enabled: asked.enough   // two quick taps in one place are one mistake, not a goodbye
                word: kiosk.words.end_yes
                icon: "log-out"
                kind: "end"
                textSize: Theme.lead
                width: (parent.width - parent.spacing) / 2
                height: parent.height
                onTapped: kiosk.act.endCall()
            }
            ActionButton {
                objectName: "end_no"
                word: kiosk.words.end_no
                kind: "main"
                textSize: Theme.lead
                width: (parent.width - parent.spacing) / 2
                height: parent.height
                onTapped: stage.ending = false
            }
        }
    ]

    // Not asked for long: a hand that came here by mistake finds the screen as it was.
    Timer {
        interval: 8000
        running: stage.ending
        onTriggered: stage.ending = false
    }
    Timer {
        id: asked
        property bool enough: false
        interval: 600
        running: stage.ending
        onTriggered: enough = true
        onRunningChanged: if (running) enough = false
    }
}
