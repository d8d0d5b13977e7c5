// What one can do where nobody answers: call, and read the branch's answer cards.
import QtQuick
import ".."

Item {
    id: root

    property bool sideBySide: false
    readonly property bool withPhone: kiosk.common.phone !== ""
    readonly property bool withCards: kiosk.cards.rows.length > 0
    readonly property bool both: withPhone && withCards
    // What it needs where things stand below one another.
    readonly property real need: (withPhone ? Theme.px(both ? 230 : 320) : 0) + (both ? Theme.gap : 0)
                                 + (withCards ? Theme.px(150) : 0)

    PhoneCard {
        width: root.both && root.sideBySide ? Math.round(root.width * 0.62) : root.width
        height: root.both && !root.sideBySide ? root.height - cards.height - Theme.gap : root.height
    }
    ActionButton {
        id: cards
        objectName: "cards"
        visible: root.withCards
        word: kiosk.words.cards_bar
        icon: "book-open"
        upright: root.sideBySide && root.both
        iconSize: Theme.px(64)
        textSize: Theme.lead
        width: root.both && root.sideBySide ? root.width - Math.round(root.width * 0.62) - Theme.gap : root.width
        height: root.sideBySide ? Math.min(root.height, root.both ? root.height : Theme.px(150)) : Theme.px(150)
        x: root.width - width
        y: root.height - height
        onTapped: window.cardsOpen = true
    }
}
