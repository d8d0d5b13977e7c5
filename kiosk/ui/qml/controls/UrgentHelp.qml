// Whom to call when it is urgent. To read: this screen cannot call, and says so. No colour shouts and nothing moves.
import QtQuick
import ".."

Rectangle {
    id: root
    readonly property bool portrait: height > width

    color: Theme.surface

    Heading {
        id: heading
        x: Theme.margin
        y: Theme.px(root.portrait ? 150 : 72)
        width: parent.width - 2 * Theme.margin
        text: kiosk.words.urgent_heading
        font.pixelSize: root.portrait ? Theme.display : Theme.headline
    }

    Grid {
        id: cards
        x: Theme.margin
        y: heading.y + heading.height + Theme.px(root.portrait ? 64 : 40)
        width: parent.width - 2 * Theme.margin
        columns: root.portrait || !library.visible ? 1 : 2
        columnSpacing: Theme.gap
        rowSpacing: Theme.gap
        readonly property real each: columns === 1 ? width : (width - columnSpacing) / 2

        component Card: Rectangle {
            id: card
            property alias what: what.text
            property alias number: number.text
            property color tint: Theme.ink
            width: cards.each
            height: Theme.px(root.portrait ? 400 : 380)
            radius: Theme.radius
            Column {
                anchors.centerIn: parent
                width: parent.width - 2 * Theme.margin
                spacing: Theme.px(14)
                Words { id: what; width: parent.width; font.pixelSize: Theme.lead }
                Row {
                    spacing: Theme.px(28)
                    Icon {
                        anchors.verticalCenter: parent.verticalCenter
                        name: "phone"
                        tint: card.tint
                        size: Theme.px(72)
                    }
                    Words {
                        id: number
                        width: Math.min(implicitWidth, card.width - 2 * Theme.margin - Theme.px(100))
                        wrapMode: Text.NoWrap
                        fontSizeMode: Text.HorizontalFit
                        minimumPixelSize: Theme.small
                        elide: Text.ElideRight
                        font.pixelSize: number.text.length > 4 ? Theme.display : Theme.px(160)
                        font.bold: true
                        lineHeight: 1
                        color: card.tint
                    }
                }
            }
        }

        Card {
            color: Theme.urgentSurface
            tint: Theme.urgent
            what: kiosk.words.urgent_112
            number: kiosk.common.urgentNumber
        }
        Card {
            id: library
            visible: kiosk.common.phone !== ""
            color: Theme.answerableSurface
            tint: Theme.answerable
            what: kiosk.words.urgent_library
            number: kiosk.common.phone
        }
    }
    Step {
        x: Theme.margin
        y: cards.y + cards.height + Theme.px(root.portrait ? 48 : 32)
        width: cards.width
        icon: "info"
        text: kiosk.words.urgent_not_alarm
    }
    Step {
        x: Theme.margin
        y: cards.y + cards.height + Theme.px(root.portrait ? 160 : 128)
        width: cards.width
        visible: kiosk.common.branchName !== ""
        icon: "map-pin"
        text: kiosk.words.urgent_where + " " + kiosk.common.branchName + ", " + kiosk.common.libraryName
    }
    ActionButton {
        objectName: "urgent_close"
        word: kiosk.words.urgent_close
        icon: "undo-2"
        textSize: Theme.lead
        x: Theme.margin
        width: parent.width - 2 * Theme.margin
        height: Theme.px(root.portrait ? 176 : 140)
        y: parent.height - height - Theme.margin
        onTapped: window.urgentOpen = false
    }
    Words {
        x: Theme.margin
        y: parent.height - (Theme.margin + height) / 2
        width: parent.width - 2 * Theme.margin
        horizontalAlignment: Text.AlignHCenter
        font.pixelSize: Theme.small
        lineHeight: 1
        color: Theme.inkSoft
        text: kiosk.common.countdown
    }
}
