// One key. The whole cell can be touched; only its middle is drawn, so that there is no dead strip between keys.
import QtQuick
import ".."

Touchable {
    id: root
    property string glyph: ""
    property string icon: ""
    property string kind: "plain"

    focusRadius: Theme.radiusSmall

    Rectangle {
        anchors.fill: parent
        anchors.margins: Theme.px(5)
        radius: Theme.radiusSmall
        color: root.pressed ? Theme.accent : root.kind === "main" ? Theme.accent
             : root.kind === "side" || root.checked ? Theme.sunk : Theme.raised
        border.width: root.kind === "main" ? 0 : Math.max(1, Theme.px(2))
        border.color: root.checked ? Theme.ink : Theme.edge

        Icon {
            anchors.centerIn: parent
            visible: root.icon !== ""
            name: root.icon
            tint: root.pressed || root.kind === "main" ? Theme.accentInk : Theme.ink
            size: Theme.px(48)
        }
        Text {
            anchors.centerIn: parent
            visible: root.icon === ""
            text: root.glyph
            color: root.pressed || root.kind === "main" ? Theme.accentInk : Theme.ink
            font.pixelSize: root.glyph.length > 1 ? Theme.body : Theme.lead
            font.bold: root.kind === "main"
            Accessible.ignored: true
        }
    }
}
