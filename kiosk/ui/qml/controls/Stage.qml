// Where things are on every screen without a call: something to look at near the lens, the words, and all that is
// touched in the lower half (portrait; lower still when asked for) or along the lower edge (landscape).
import QtQuick
import ".."

Item {
    id: root

    default property alias words: wordsArea.data
    property alias scene: sceneArea.data
    property alias touch: touchArea.data
    property bool withLanguages: true

    readonly property bool portrait: height > width
    readonly property bool lowered: window.lowered && portrait
    readonly property real margin: Theme.margin
    readonly property real barHeight: Theme.touchTarget

    Item {
        id: sceneArea
        clip: true
        x: !root.portrait && window.lensRight ? root.width - width : 0
        width: root.portrait ? root.width : Math.round(root.width * 0.44)
        height: root.portrait ? Math.round(root.height / 3) : touchArea.y - Theme.px(40)
    }
    Item {
        id: wordsArea
        x: root.portrait ? root.margin : window.lensRight ? root.margin : sceneArea.width + root.margin
        y: root.portrait ? sceneArea.height + Theme.px(40) : Theme.px(48)
        width: root.portrait ? root.width - 2 * root.margin : root.width - sceneArea.width - 2 * root.margin
        height: touchArea.y - Theme.px(32) - y
    }
    Item {
        id: touchArea
        x: root.margin
        y: root.portrait ? (root.lowered ? Math.round(root.height * 2 / 3) : Math.round(root.height / 2))
                         : root.height - root.margin - Theme.px(336)
        width: root.portrait ? root.width - 2 * root.margin : Math.round((root.width - 2 * root.margin) * 0.62)
        height: (root.portrait ? languageBar.y : root.height - root.margin) - (root.portrait ? Theme.gap : 0) - y
    }
    LanguageBar {
        id: languageBar
        visible: root.withLanguages
        x: root.portrait ? root.margin : touchArea.x + touchArea.width + Theme.px(40)
        y: root.portrait ? urgentBar.y - Theme.gap - height : touchArea.y
        width: root.width - root.margin - x
        height: root.barHeight
    }
    UrgentButton {
        id: urgentBar
        x: languageBar.x
        y: root.height - (root.portrait ? Theme.px(40) : root.margin) - height
        width: root.portrait ? Math.round((root.width - 2 * root.margin - Theme.gap) / 2) : languageBar.width
        height: root.barHeight
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
        height: root.barHeight
        onTapped: window.lowered = !window.lowered
    }
    Words {
        id: countdown
        visible: text !== ""
        text: kiosk.common.countdown
        font.pixelSize: Theme.small
        color: Theme.inkSoft
        x: languageBar.x
        width: languageBar.width
        y: root.portrait ? languageBar.y - height - Theme.px(12)
                         : (languageBar.y + languageBar.height + urgentBar.y - height) / 2
        horizontalAlignment: Text.AlignHCenter
    }
}
