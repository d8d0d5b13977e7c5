// The branch's answers to common questions: a list, and one of them in large letters. It lies over the screen that it was
// opened from; who waits in the line keeps the place.
import QtQuick
import ".."
import "../controls"

Rectangle {
    id: root

    property int page: 0
    property int chosen: window.card
    readonly property int perPage: stage.sideBySide ? 4 : 6
    readonly property int count: kiosk.cards.rows.length
    readonly property int pages: Math.max(1, Math.ceil(count / perPage))
    readonly property bool reading: chosen >= 0 && chosen < count
    readonly property bool inLine: window.screen === "waiting"
    readonly property var card: reading ? kiosk.cards.rows[chosen] : null

    color: Theme.surface
    onPagesChanged: page = Math.min(page, pages - 1)

    Stage {
        id: stage
        anchors.fill: parent
        withCards: false
        withScene: !root.reading
        touchHeight: root.reading ? Theme.px(130) : Infinity
        wordsHeight: head.height

        scene: [
            Drawing { anchors.fill: parent; name: "room_lit" }
        ]

        Column {
            id: head
            visible: !root.reading
            width: parent.width
            spacing: Theme.px(16)
            y: Math.max(0, (parent.height - height) / 2)

            Heading { width: parent.width; text: kiosk.words.cards_heading }
            Words { width: parent.width; text: kiosk.words.cards_sentence }
            NoticeBar { width: parent.width; icon: "hourglass"; sentence: kiosk.cards.place; dense: true }
        }
        Item {
            visible: root.reading
            width: Math.min(parent.width, Theme.px(1400))
            height: parent.height

            Heading {
                id: title
                width: parent.width
                text: root.card ? root.card.title : ""
                font.pixelSize: text.length > 60 ? Theme.lead : Theme.title
                maximumLineCount: 3
                elide: Text.ElideRight
            }
            NoticeBar {
                id: kept
                y: title.height + Theme.px(24)
                width: parent.width
                icon: "hourglass"
                sentence: kiosk.cards.place
                dense: true
            }
            Flickable {
                id: pane
                y: kept.visible ? kept.y + kept.height + Theme.px(28) : title.height + Theme.px(32)
                width: parent.width
                height: parent.height - y
                clip: true
                contentHeight: body.height
                boundsBehavior: Flickable.StopAtBounds
                onContentHeightChanged: contentY = 0
                readonly property real last: Math.max(0, contentHeight - height)
                readonly property bool longer: last > 1

                function turn(pages) {
                    contentY = Math.max(0, Math.min(last, contentY + pages * 0.85 * height))
                }
                Words {
                    id: body
                    width: parent.width
                    text: root.card ? root.card.body : ""
                    font.pixelSize: Theme.lead
                    lineHeight: 1.25
                }
            }
        }

        touch: [
            Grid {
                id: list
                visible: !root.reading
                width: parent.width
                columns: 2
                spacing: Theme.px(stage.sideBySide ? 12 : 20)
                readonly property int rows_: stage.sideBySide ? 2 : 3
                readonly property real wide: (width - (columns - 1) * spacing) / columns
                readonly property real tall: (row.y - rows_ * spacing) / rows_

                Repeater {
                    model: root.reading ? [] : kiosk.cards.rows.slice(root.page * root.perPage, (root.page + 1) * root.perPage)

                    Touchable {
                        id: entry
                        required property var modelData
                        required property int index
                        objectName: "card_" + modelData.id
                        word: modelData.title
                        width: list.wide
                        height: list.tall
                        onTapped: window.card = root.page * root.perPage + index

                        Rectangle {
                            anchors.fill: parent
                            radius: Theme.radius
                            color: entry.pressed ? Theme.sunk : Theme.raised
                            border.width: Theme.stroke
                            border.color: Theme.edge
                        }
                        Text {
                            anchors.centerIn: parent
                            width: parent.width - 2 * Theme.px(24)
                            height: parent.height - Theme.px(16)
                            text: entry.word
                            color: Theme.ink
                            font.pixelSize: Theme.body
                            font.bold: true
                            lineHeight: 1.05
                            wrapMode: Text.Wrap
                            fontSizeMode: Text.Fit
                            minimumPixelSize: Theme.px(24)
                            maximumLineCount: stage.sideBySide ? 2 : 3
                            elide: Text.ElideRight
                            verticalAlignment: Text.AlignVCenter
                            Accessible.ignored: true
                        }
                    }
                }
            },
            Row {
                id: row
                width: parent.width
                height: Theme.px(root.reading && !stage.sideBySide ? 130 : 104)
                y: parent.height - height
                spacing: Theme.px(20)
                readonly property bool turns: root.reading ? pane.longer : root.pages > 1
                readonly property int count: 1 + (root.reading && root.inLine) + 2 * turns
                readonly property real wide: (width - (count - 1) * spacing) / count

                ActionButton {
                    objectName: "cards_close"
                    visible: !root.reading || root.inLine
                    word: root.inLine ? kiosk.words.cards_to_line : kiosk.words.urgent_close
                    icon: "undo-2"
                    kind: root.inLine ? "main" : "plain"
                    textSize: row.count > 3 ? Theme.small : Theme.body
                    width: row.wide
                    height: row.height
                    onTapped: window.cardsOpen = false
                }
                ActionButton {
                    objectName: "cards_list"
                    visible: root.reading
                    word: kiosk.words.cards_list
                    icon: "book-open"
                    textSize: row.count > 3 ? Theme.small : Theme.body
                    width: row.wide
                    height: row.height
                    onTapped: window.card = -1
                }
                ActionButton {
                    objectName: "cards_up"
                    visible: row.turns
                    enabled: root.reading ? pane.contentY > 0 : root.page > 0
                    opacity: enabled ? 1 : 0.4
                    word: root.reading ? kiosk.words.cards_up : kiosk.words.cards_before
                    icon: "chevron-up"
                    textSize: row.count > 3 ? Theme.small : Theme.body
                    width: row.wide
                    height: row.height
                    onTapped: root.reading ? pane.turn(-1) : root.page -= 1
                }
                ActionButton {
                    objectName: "cards_down"
                    visible: row.turns
                    enabled: root.reading ? pane.contentY < pane.last - 1 : root.page < root.pages - 1
                    opacity: enabled ? 1 : 0.4
                    word: root.reading ? kiosk.words.cards_down : kiosk.words.cards_more
                    icon: "chevron-down"
                    textSize: row.count > 3 ? Theme.small : Theme.body
                    width: row.wide
                    height: row.height
                    onTapped: root.reading ? pane.turn(1) : root.page += 1
                }
            }
        ]
    }
}
