// One's place in the line, what happens next, how long it takes, and the ways out. The visitor's camera is off.
import QtQuick
import ".."
import "../controls"

Stage {
    id: stage

    readonly property bool choices: kiosk.waiting.choices
    readonly property int news: (kiosk.common.notice !== "") + (kiosk.waiting.note !== "")
    withCards: !choices
    touchHeight: choices ? Theme.px(560) : Theme.px(150)
    wordsHeight: sentences.height

    scene: [
        Drawing { anchors.fill: parent; name: "cat" }
    ]

    Column {
        id: sentences
        width: parent.width
        spacing: Theme.px(stage.portrait && !stage.lowered && !stage.choices ? 34 : stage.news > 0 ? 12 : 18)
        y: Math.max(0, (parent.height - height) / 2)

        Row {
            width: parent.width
            spacing: Theme.px(36)
            Text {
                id: figure
                visible: kiosk.waiting.place !== ""
                text: kiosk.waiting.place
                color: Theme.waiting
                font.pixelSize: text.length > 2 ? Theme.px(110) : stage.portrait && !stage.choices ? Theme.figure : Theme.px(150)
                font.bold: true
                lineHeight: 0.8
                Accessible.ignored: true
            }
            Column {
                anchors.verticalCenter: parent.verticalCenter
                width: parent.width - (figure.visible ? figure.width + parent.spacing : 0)
                spacing: Theme.px(12)
                Heading {
                    width: parent.width
                    text: kiosk.waiting.heading
                    font.pixelSize: stage.choices || text.length > 24 ? Theme.title : Theme.headline
                    Accessible.name: kiosk.waiting.heading + (figure.visible ? " " + figure.text : "")
                }
                Words {
                    width: parent.width
                    visible: text !== ""
                    text: kiosk.waiting.wait
                    font.pixelSize: !stage.portrait && stage.news > 1 ? Theme.small
                                  : text.length > 60 || stage.choices ? Theme.body : Theme.lead
                }
            }
        }
        Step {
            width: parent.width
            visible: kiosk.waiting.note !== ""
            icon: "message-circle"
            text: kiosk.waiting.note
            tint: Theme.answerable
            back: Theme.answerableSurface
            strong: true
        }
        NoticeBar { width: parent.width; sentence: kiosk.common.notice; dense: !stage.portrait }
        Step {
            width: parent.width
            visible: kiosk.waiting.happening !== "" && (!stage.choices || kiosk.waiting.nobody)
                     && (stage.portrait || stage.news < 2)
            icon: kiosk.waiting.nobody ? "languages" : "phone"
            text: kiosk.waiting.happening
            tint: Theme.waiting
            back: Theme.waitingSurface
            strong: true
        }
        Words {
            width: parent.width
            visible: stage.choices && (stage.portrait || stage.news === 0)
            text: kiosk.words.choices_question
            font.pixelSize: stage.portrait ? Theme.lead : Theme.body
            font.bold: true
        }
        Step {
            width: parent.width
            visible: kiosk.waiting.phone !== ""
            icon: "phone"
            text: kiosk.waiting.phone
            tint: Theme.answerable
            back: Theme.answerableSurface
            strong: true
        }
        Step {
            width: parent.width
            icon: "eye-off"
            text: kiosk.words.waiting_then
            // In landscape there is no room for it beside what is news.
            visible: !kiosk.waiting.nobody && !stage.choices
                     && (stage.portrait || stage.news === 0)
        }
    }

    touch: [
        // No grid: the wide button of a branch without answer cards would widen its whole column.
        Flow {
            id: ways
            visible: stage.choices
            anchors.fill: parent
            spacing: stage.sideBySide ? Theme.px(16) : Theme.gap
            readonly property real wide: Math.floor((width - spacing) / 2)
            readonly property real tall: (height - spacing) / 2
            readonly property bool upright: !stage.sideBySide

            ActionButton {
                objectName: "keep_waiting"
                word: kiosk.words.choice_wait
                icon: "hourglass"
                kind: "main"
                upright: ways.upright
                textSize: Theme.lead
                width: ways.wide
                height: ways.tall
                onTapped: kiosk.act.keepWaiting()
            }
            ActionButton {
                objectName: "ticket"
                word: kiosk.waiting.ticketWord
                icon: "ticket"
                enabled: !kiosk.waiting.ticketAsked
                opacity: enabled ? 1 : 0.5
                upright: ways.upright
                width: ways.wide
                height: ways.tall
                onTapped: kiosk.act.takeTicket()
            }
            ActionButton {
                objectName: "cards"
                visible: kiosk.cards.rows.length > 0
                word: kiosk.words.choice_cards
                icon: "book-open"
                upright: ways.upright
                width: ways.wide
                height: ways.tall
                onTapped: window.cardsOpen = true
            }
            ActionButton {
                objectName: "leave_line"
                word: kiosk.words.waiting_leave
                icon: "log-out"
                upright: ways.upright && kiosk.cards.rows.length > 0
                width: kiosk.cards.rows.length > 0 ? ways.wide : ways.width
                height: ways.tall
                onTapped: kiosk.act.leaveLine()
            }
        },
        ActionButton {
            objectName: "leave_line"
            visible: !stage.choices
            word: kiosk.words.waiting_leave
            icon: "log-out"
            textSize: Theme.lead
            width: parent.width
            height: Theme.px(150)
            anchors.bottom: parent.bottom
            onTapped: kiosk.act.leaveLine()
        }
    ]
}
