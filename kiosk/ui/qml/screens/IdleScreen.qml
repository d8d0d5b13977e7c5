// Where one is, what is true, and one thing to do. When nobody can answer there is no button: a number to call is, and the
// branch's own answers.
import QtQuick
import ".."
import "../controls"

Stage {
    id: stage

    readonly property bool answerable: kiosk.idle.answerable
    readonly property bool free: kiosk.idle.free
    readonly property bool several: kiosk.idle.services.length > 1 && kiosk.idle.languages.length === 0
    readonly property bool asksLanguage: kiosk.idle.languages.length > 0
    readonly property bool alone: answerable && !several
    readonly property bool offers: answerable || several || asksLanguage
    readonly property bool locked: kiosk.idle.door === "locked"
    readonly property bool hintBelow: !sideBySide && alone

    withCards: offers
    touchHeight: offers ? Infinity : locked ? (kiosk.common.phone !== "" ? Theme.px(320) : 0) : instead.need
    wordsHeight: sentences.height

    scene: [
        Drawing { anchors.fill: parent; name: stage.answerable ? "room_lit" : "room_dark" }
    ]

    Column {
        id: sentences
        width: parent.width
        spacing: Theme.px(18)
        y: Math.max(0, (parent.height - height) / 2)

        Row {
            width: parent.width
            spacing: Theme.px(28)

            Rectangle {
                id: lantern
                width: Theme.px(104)
                height: width
                radius: width / 2
                color: stage.free ? Theme.answerableSurface : stage.answerable ? Theme.waitingSurface : Theme.sunk
                Icon {
                    anchors.centerIn: parent
                    name: stage.free ? "check" : stage.answerable ? "clock" : stage.asksLanguage ? "languages"
                        : stage.locked ? "lock" : kiosk.idle.door === "closed" ? "door-closed" : "moon"
                    tint: stage.free ? Theme.answerable : stage.answerable ? Theme.waiting : Theme.inkSoft
                    size: Theme.px(56)
                }
            }
            Column {
                width: parent.width - lantern.width - parent.spacing
                spacing: Theme.px(10)
                anchors.verticalCenter: parent.verticalCenter
                Heading {
                    width: parent.width
                    text: kiosk.idle.truth
                    font.pixelSize: stage.offers || text.length > 34 ? Theme.title : Theme.headline
                    color: stage.free ? Theme.answerable : stage.answerable ? Theme.waiting : Theme.ink
                    maximumLineCount: 3
                    elide: Text.ElideRight
                }
                Words {
                    width: parent.width
                    visible: text !== ""
                    text: kiosk.idle.detail
                    font.pixelSize: stage.offers || text.length > 90 ? Theme.body : Theme.lead
                    maximumLineCount: stage.portrait ? 7 : 5
                    elide: Text.ElideRight
                }
            }
        }
        Step {
            visible: stage.answerable && !stage.hintBelow && kiosk.idle.missed === ""
            width: parent.width
            icon: "eye-off"
            text: kiosk.words.idle_button_hint
        }
        NoticeBar {
            width: parent.width
            icon: "ticket"
            dense: stage.offers
            sentence: [kiosk.idle.missed, kiosk.idle.tickets].filter(text => text !== "").join("\n")
        }
        NoticeBar {
            width: parent.width
            sentence: kiosk.common.notice
        }
    }

    touch: [
        Touchable {
            id: button
            objectName: "call"
            visible: stage.alone
            width: parent.width
            height: parent.height - (stage.hintBelow ? hint.height + Theme.px(28) : 0)
            word: kiosk.words.idle_button
            focusRadius: Theme.px(48)
            Accessible.description: kiosk.words.idle_button_hint
            onTapped: kiosk.act.tapCall()

            Rectangle {
                anchors.fill: parent
                radius: Theme.px(48)
                color: button.pressed ? Theme.accentPressed : Theme.accent
            }
            Column {
                anchors.centerIn: parent
                width: parent.width - 2 * Theme.margin
                spacing: Theme.px(stage.hintBelow ? 32 : 14)
                Icon {
                    anchors.horizontalCenter: parent.horizontalCenter
                    name: "messages-square"
                    tint: Theme.accentInk
                    size: Theme.px(stage.hintBelow ? 150 : 104)
                }
                Text {
                    width: parent.width
                    horizontalAlignment: Text.AlignHCenter
                    wrapMode: Text.WordWrap
                    text: button.word
                    color: Theme.accentInk
                    font.pixelSize: stage.hintBelow ? Theme.display : Theme.headline
                    font.bold: true
                    lineHeight: 1.05
                    Accessible.ignored: true
                }
            }
        },
        Row {
            id: hint
            visible: stage.hintBelow
            anchors.horizontalCenter: parent.horizontalCenter
            y: parent.height - height - Theme.px(8)
            spacing: Theme.px(16)
            Icon { name: "eye-off"; tint: Theme.inkSoft; size: Theme.px(44) }
            Words { text: kiosk.words.idle_button_hint; anchors.verticalCenter: parent.verticalCenter }
        },
        ServiceButtons {
            visible: stage.several
            anchors.fill: parent
            sideBySide: stage.sideBySide
        },
        Row {
            id: languages
            visible: stage.asksLanguage
            width: parent.width
            height: stage.sideBySide && phone.visible ? Theme.px(150) : stage.sideBySide ? parent.height : Theme.px(230)
            spacing: Theme.gap

            Repeater {
                model: kiosk.idle.languages

                ActionButton {
                    required property var modelData
                    objectName: "go_on_" + modelData.code
                    word: modelData.word
                    icon: "messages-square"
                    kind: "main"
                    textSize: Theme.lead
                    upright: !stage.sideBySide
                    width: (languages.width - (kiosk.idle.languages.length - 1) * languages.spacing)
                           / kiosk.idle.languages.length
                    height: languages.height
                    onTapped: kiosk.act.tapService(modelData.service, modelData.code)
                }
            }
        },
        PhoneCard {
            id: phone
            visible: kiosk.common.phone !== "" && (stage.asksLanguage || stage.locked)
            width: parent.width
            y: stage.asksLanguage ? languages.height + Theme.gap : 0
            height: stage.locked ? parent.height : Math.min(parent.height - y, Theme.px(300))
        },
        InsteadOfAnswers {
            id: instead
            visible: !stage.offers && !stage.locked
            anchors.fill: parent
            sideBySide: stage.sideBySide
        }
    ]
}
