// Where one is, what is true, and one thing to do.
import QtQuick
import ".."
import "../controls"

Stage {
    id: stage

    scene: [
        Drawing { anchors.fill: parent; name: kiosk.idle.answerable ? "room_lit" : "room_dark" }
    ]

    Column {
        width: parent.width
        spacing: Theme.px(14)
        anchors.verticalCenter: parent.verticalCenter

        Words {
            width: parent.width
            text: kiosk.common.branchName + " · " + kiosk.common.clock
            font.pixelSize: Theme.body
            color: Theme.inkSoft
        }
        Heading {
            width: parent.width
            text: kiosk.idle.truth
            color: kiosk.idle.answerable ? Theme.answerable : Theme.ink
        }
        Words {
            width: parent.width
            visible: text !== ""
            text: kiosk.idle.detail
            font.pixelSize: Theme.lead
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
            visible: kiosk.idle.answerable
            anchors.fill: parent
            word: kiosk.words.idle_button
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
                spacing: Theme.px(18)
                Icon {
                    anchors.horizontalCenter: parent.horizontalCenter
                    name: "messages-square"
                    tint: Theme.accentInk
                    size: Theme.px(110)
                }
                Text {
                    width: parent.width
                    horizontalAlignment: Text.AlignHCenter
                    wrapMode: Text.WordWrap
                    text: button.word
                    color: Theme.accentInk
                    font.pixelSize: Theme.headline
                    font.bold: true
                    Accessible.ignored: true
                }
                Text {
                    width: parent.width
                    horizontalAlignment: Text.AlignHCenter
                    wrapMode: Text.WordWrap
                    text: kiosk.words.idle_button_hint
                    color: Theme.accentInk
                    font.pixelSize: Theme.body
                    Accessible.ignored: true
                }
            }
        },
        PhoneCard {
            visible: !kiosk.idle.answerable && kiosk.common.phone !== ""
            width: parent.width
            height: Math.min(parent.height, Theme.px(336))
        }
    ]
}
