// A button with a word and an icon. `kind`: "main" (spruce), "plain" (paper with an edge), "end" (brick), "quietEnd"
// (paper with a brick edge), "urgent" (a calm bar).
import QtQuick
import ".."

Touchable {
    id: root

    property string icon: ""
    property string kind: "plain"
    property bool upright: false
    property real textSize: Theme.body
    property real iconSize: upright ? Theme.px(64) : Theme.px(44)
    readonly property color fore: kind === "main" ? Theme.accentInk : kind === "end" ? Theme.urgentInk
                                : kind === "quietEnd" || kind === "urgent" ? Theme.urgent : Theme.ink

    implicitHeight: Theme.bar
    implicitWidth: content.implicitWidth + 2 * Theme.gap

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: root.kind === "main" ? (root.pressed ? Theme.accentPressed : Theme.accent)
             : root.kind === "end" ? (root.pressed ? Theme.urgentPressed : Theme.urgent)
             : root.kind === "urgent" ? (root.pressed ? Theme.sunk : Theme.urgentSurface)
             : root.pressed ? Theme.sunk : Theme.raised
        border.width: root.kind !== "plain" && root.kind !== "quietEnd" ? 0 : Theme.stroke
        border.color: root.kind === "quietEnd" || kind === "urgent" ? Theme.urgent : root.checked ? Theme.accent : Theme.edge
    }

    Grid {
        id: content
        anchors.centerIn: parent
        columns: root.upright || root.word === "" ? 1 : 2
        columnSpacing: Theme.px(18)
        rowSpacing: Theme.px(12)
        horizontalItemAlignment: Grid.AlignHCenter
        verticalItemAlignment: Grid.AlignVCenter

        Icon {
            visible: root.icon !== ""
            name: root.icon
            tint: root.fore
            size: root.iconSize
        }
        Text {
            visible: text !== ""
            text: root.word
            color: root.fore
            font.pixelSize: root.textSize
            font.bold: true
            lineHeight: 1.05
            horizontalAlignment: root.upright ? Text.AlignHCenter : Text.AlignLeft
            wrapMode: Text.WordWrap
            width: Math.min(implicitWidth, root.width - 2 * Theme.gap
                            - (root.upright || root.icon === "" ? 0 : root.iconSize + content.columnSpacing))
            Accessible.ignored: true
        }
    }
}
