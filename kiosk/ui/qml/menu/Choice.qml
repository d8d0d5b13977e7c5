// One of several, with its sign: filled when it is the one.
import QtQuick
import ".."
import "../controls"

Touchable {
    id: root
    role: Accessible.RadioButton
    checkable: true
    implicitHeight: Theme.px(100)
    focusRadius: Theme.radiusSmall

    Rectangle {
        anchors.fill: parent
        radius: Theme.radiusSmall
        color: root.pressed ? Theme.sunk : root.checked ? Theme.answerableSurface : Theme.raised
        border.width: Theme.stroke
        border.color: root.checked ? Theme.accent : Theme.edge
    }
    Rectangle {
        id: ring
        x: Theme.px(24)
        anchors.verticalCenter: parent.verticalCenter
        width: Theme.px(40)
        height: width
        radius: width / 2
        color: root.checked ? Theme.accent : "transparent"
        border.width: root.checked ? 0 : Theme.stroke
        border.color: Theme.edge
        Icon {
            anchors.centerIn: parent
            visible: root.checked
            name: "check"
            tint: Theme.accentInk
            size: Theme.px(30)
        }
    }
    Text {
        x: ring.x + ring.width + Theme.px(16)
        width: root.width - x - Theme.px(16)
        anchors.verticalCenter: parent.verticalCenter
        text: root.word
        color: Theme.ink
        font.pixelSize: Theme.body
        font.bold: root.checked
        elide: Text.ElideRight
        Accessible.ignored: true
    }
}
