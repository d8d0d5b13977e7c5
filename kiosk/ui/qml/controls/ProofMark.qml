// The square by which the program sees that the screen shows what was drawn (kiosk.ui.screen_proof): sixteen cells in two
// colours that the eye hardly tells apart, above everything. `pattern` has one bit for each cell, the first one lowest.
import QtQuick
import ".."

Item {
    id: root
    objectName: "proof"

    property int pattern: 0
    property real shade: 0         // how much of the screen's light is taken away, 0 to 1
    property bool resting: false   // the screen is to be black: nothing is drawn by itself
    readonly property real cell: Math.max(4, Theme.px(4))
    readonly property color on: Qt.rgba(Theme.surface.r * (1 - shade), Theme.surface.g * (1 - shade),
                                        Theme.surface.b * (1 - shade), 1)
    // Fourteen steps of 255 away, towards the middle: enough to be told apart on a screen of 16 bits, too.
    readonly property real step: (on.hslLightness > 0.5 ? -14 : 14) / 255
    readonly property color off: Qt.rgba(on.r + step, on.g + step, on.b + step, 1)

    width: 4 * cell
    height: 4 * cell
    Accessible.ignored: true

    Repeater {
        model: 16
        Rectangle {
            required property int index
            x: (index % 4) * root.cell
            y: Math.floor(index / 4) * root.cell
            width: root.cell
            height: root.cell
            color: (root.pattern >> index) & 1 ? root.on : root.off
        }
    }
}
