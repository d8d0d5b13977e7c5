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
    // How much of the touchable part the screen needs; what it does not need, the words get.
    property real touchHeight: Infinity

    readonly property bool portrait: height > width
    readonly property bool lowered: window.lowered && portrait
    readonly property real margin: Theme.margin
    readonly property real touchTop: portrait ? Math.round(height * (lowered ? 2 / 3 : 1 / 2))
                                              : touchEnd - Theme.px(336)
    readonly property real touchEnd: portrait ? (withLanguages ? languageBar.y : urgentBar.y) - Theme.gap
                                              : urgentBar.y + urgentBar.height
    // In landscape the languages and the urgent bar stand beside it, one above the other.
    readonly property real leastTouchHeight: portrait ? 0 : 2 * Theme.bar + Theme.gap
    readonly property real sceneWidth: portrait ? width : Math.round(width * 0.44)
    readonly property real wordsX: portrait || window.lensRight ? margin : sceneWidth + margin
    readonly property real wordsWidth: portrait ? width - 2 * margin : width - sceneWidth - 2 * margin

    PlaceAndTime {
        id: sign
        x: root.wordsX
        y: Theme.px(root.portrait ? 26 : 44)
        width: root.wordsWidth
    }
    Item {
        id: sceneArea
        objectName: "scene"
        clip: true
        x: !root.portrait && window.lensRight ? root.width - width : 0
        y: root.portrait ? Theme.px(136) : 0
        width: root.sceneWidth
        height: root.portrait ? Math.round(root.height / 3) - y : touchArea.y - Theme.px(40)
    }
    Item {
        id: wordsArea
        x: root.wordsX
        y: root.portrait ? sceneArea.y + sceneArea.height + Theme.px(36) : sign.y + sign.height + Theme.px(24)
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
    UrgentButton {
        id: urgentBar
        x: languageBar.x
        y: root.height - Theme.px(64) - height
        width: root.portrait ? Math.round((root.wordsWidth - Theme.gap) / 2) : languageBar.width
        height: Theme.bar
        onTapped: window.urgentOpen = true
    }
    ActionButton {
        objectName: "lower_controls"
        visible: root.portrait
        word: window.lowered ? kiosk.words.raise_controls : kiosk.words.lower_controls
        icon: window.lowered ? "chevrons-up" : "chevrons-down"
        x: urgentBar.x + urgentBar.width + Theme.gap
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
