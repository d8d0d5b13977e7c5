// Where one is, what is true, and one thing to do. When nobody can answer the button is not there: a number to call is.
import QtQuick
import ".."
import "../controls"

Stage {
    id: stage

    readonly property bool hintBelow: portrait && !lowered
    readonly property bool answerable: kiosk.idle.answerable
    readonly property bool free: kiosk.idle.free

    touchHeight: answerable ? Infinity : Theme.px(phone.visible ? 320 : 0)

    scene: [
        Drawing { anchors.fill: parent; name: stage.answerable ? "room_lit" : "room_dark" }
    ]

    Column {
        width: parent.width
        spacing: Theme.px(18)
        anchors.verticalCenter: parent.verticalCenter

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
                    name: stage.free ? "check" : stage.answerable ? "clock" : "moon"
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
                    font.pixelSize: stage.answerable ? Theme.title : Theme.headline
                    color: stage.free ? Theme.answerable : stage.answerable ? Theme.waiting : Theme.ink
                }
                Words {
                    width: parent.width
                    visible: text !== ""
                    text: kiosk.idle.detail
                    font.pixelSize: stage.answerable ? Theme.body : Theme.lead
                }
            }
        }
        Step {
            visible: stage.answerable && !stage.hintBelow
            width: parent.width
            icon: "eye-off"
            text: kiosk.words.idle_button_hint
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
            visible: stage.answerable
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
            visible: stage.answerable && stage.hintBelow
            anchors.horizontalCenter: parent.horizontalCenter
            y: parent.height - height - Theme.px(8)
            spacing: Theme.px(16)
            Icon { name: "eye-off"; tint: Theme.inkSoft; size: Theme.px(44) }
            Words { text: kiosk.words.idle_button_hint; anchors.verticalCenter: parent.verticalCenter }
        },
        PhoneCard {
            id: phone
            visible: !stage.answerable && kiosk.common.phone !== ""
            anchors.fill: parent
        }
    ]
}
