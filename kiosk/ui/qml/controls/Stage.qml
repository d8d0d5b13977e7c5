// Where things are on every screen without a call: something to look at near the lens, the words, and all that is
// touched in the lower half (portrait; the lowest third when asked for) or along the lower edge (landscape).
import QtQuick
import ".."

Item {
    id: root

    default property alias words: wordsArea.data
    property alias scene: sceneArea.data
    property alias touch: touchArea.data
    property bool withLanguages: true
    property bool withCards: true
    property bool withScene: true
    // How much of the touchable part the screen needs; what it does not need, the words get.
    property real touchHeight: Infinity
    // How much the words need: portrait gives it to them, and the scene becomes lower.
    property real wordsHeight: 0

    readonly property bool portrait: height > width
    readonly property bool lowered: window.lowered && portrait
    readonly property bool sideBySide: !portrait || lowered   // the touchable part is low and wide
    readonly property real margin: Theme.margin
    readonly property real touchTop: portrait ? Math.round(height * (lowered ? 2 / 3 : 1 / 2))
                                              : touchEnd - Theme.px(336)
    readonly property real touchEnd: portrait ? (withLanguages ? languageBar.y : urgentBar.y) - Theme.gap
                                              : urgentBar.y + urgentBar.height
    readonly property bool cardsThere: withCards && kiosk.cards.rows.length > 0
    // In landscape the languages, the cards and the urgent bar stand beside it, one above the other.
    readonly property real leastTouchHeight: portrait ? 0 : cardsThere ? 3 * Theme.bar + 2 * Theme.px(12)
                                                                       : 2 * Theme.bar + Theme.gap
    readonly property real sceneWidth: portrait ? width : withScene ? Math.round(width * 0.44) : 0
    readonly property real wordsX: portrait || window.lensRight ? margin : sceneWidth + margin
    readonly property real wordsWidth: portrait ? width - 2 * margin : width - sceneWidth - 2 * margin
    readonly property real sceneTop: portrait ? Theme.px(136) : 0
    readonly property real sceneEnd: !portrait ? touchArea.y - Theme.px(40)
        : !withScene ? sceneTop
        : Math.max(sceneTop + Theme.px(120),
                   Math.min(Math.round(height / 3), touchArea.y - Theme.px(72) - wordsHeight))

    PlaceAndTime {
        id: sign
        x: root.wordsX
        y: Theme.px(root.portrait ? 26 : 44)
        width: root.wordsWidth
    }
    Item {
        id: sceneArea
        objectName: "scene"
        visible: root.withScene
        clip: true
        x: !root.portrait && window.lensRight ? root.width - width : 0
        y: root.sceneTop
        width: root.sceneWidth
        height: Math.max(0, root.sceneEnd - y)
    }
    Item {
        id: wordsArea
        x: root.wordsX
        y: root.portrait ? root.sceneEnd + Theme.px(36) : sign.y + sign.height + Theme.px(24)
        width: root.wordsWidth
        height: touchArea.y - Theme.px(36) - y
    }
    Item {
        id: touchArea
        x: root.margin
        y: Math.max(root.touchTop, root.touchEnd - Math.max(root.touchHeight, root.leastTouchHeight))
        width: root.portrait ? root.wordsWidth : Math.round((root.width - 2 * root.margin) * 0.56)
        height: root.touchEnd - y
    }
    LanguageBar {
        id: languageBar
        visible: root.withLanguages
        x: root.portrait ? root.margin : touchArea.x + touchArea.width + Theme.px(40)
        y: root.portrait ? urgentBar.y - Theme.px(20) - height : touchArea.y
        width: root.width - root.margin - x
        height: Theme.bar
    }

    readonly property int barCount: cardsThere ? 3 : 2
    readonly property real barWidth: Math.round((wordsWidth - (barCount - 1) * Theme.gap) / barCount)
    readonly property real barText: portrait && cardsThere ? Theme.small : Theme.body

    UrgentButton {
        id: urgentBar
        textSize: root.barText
        x: languageBar.x
        y: root.height - Theme.px(64) - height
        width: root.portrait ? root.barWidth : languageBar.width
        height: Theme.bar
        onTapped: window.urgentOpen = true
    }
    ActionButton {
        objectName: "cards"
        visible: root.cardsThere
        word: kiosk.words.cards_bar
        icon: "book-open"
        textSize: root.barText
        x: root.portrait ? urgentBar.x + urgentBar.width + Theme.gap : languageBar.x
        y: root.portrait ? urgentBar.y : urgentBar.y - height - Theme.px(12)
        width: urgentBar.width
        height: Theme.bar
        onTapped: window.cardsOpen = true
    }
    ActionButton {
        objectName: "lower_controls"
        visible: root.portrait
        word: window.lowered ? kiosk.words.raise_controls : kiosk.words.lower_controls
        icon: window.lowered ? "chevrons-up" : "chevrons-down"
        textSize: root.barText
        x: root.width - root.margin - width
        y: urgentBar.y
        width: urgentBar.width
        height: Theme.bar
        onTapped: window.lowered = !window.lowered
    }
    Words {
        text: kiosk.common.countdown
        font.pixelSize: Theme.small
        color: Theme.inkSoft
        lineHeight: 1
        x: root.margin
        width: root.width - 2 * root.margin
        y: root.height - (Theme.px(64) + height) / 2
        horizontalAlignment: Text.AlignHCenter
    }
}
