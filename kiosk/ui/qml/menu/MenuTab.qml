// One page of the service menu; the one that is open is filled.
import QtQuick
import ".."
import "../controls"

Touchable {
    id: root
    property string icon: ""
    property string page: ""
    readonly property color fore: checked ? Theme.surface : Theme.ink

    role: Accessible.RadioButton
    checkable: true

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: root.checked ? Theme.ink : root.pressed ? Theme.sunk : Theme.raised
        border.width: root.checked ? 0 : Theme.stroke
        border.color: Theme.edge
    }
    Column {
        anchors.centerIn: parent
        width: parent.width - Theme.px(8)
        spacing: Theme.px(10)
        Icon {
            anchors.horizontalCenter: parent.horizontalCenter
            name: root.icon
            tint: root.fore
            size: Theme.px(48)
        }
        Text {
            width: parent.width
            text: root.word
            color: root.fore
            font.pixelSize: Theme.small
            font.bold: root.checked
            horizontalAlignment: Text.AlignHCenter
            Accessible.ignored: true
        }
    }
}
