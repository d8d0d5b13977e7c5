// One sentence that the visitor should know now.
import QtQuick
import ".."

Rectangle {
    id: root
    property string sentence: ""
    property string icon: "info"
    property bool dense: false
    property string spoken: sentence   // for a screen reader: without a figure that counts

    visible: sentence !== ""
    implicitHeight: visible ? label.implicitHeight + 2 * Theme.px(22) : 0
    radius: Theme.radiusSmall
    color: Theme.waitingSurface

    Icon {
        id: sign
        anchors.left: parent.left
        anchors.leftMargin: Theme.gap
        anchors.verticalCenter: parent.verticalCenter
        name: root.icon
        tint: Theme.waitingInk
        size: Theme.px(44)
    }
    Words {
        id: label
        anchors.left: sign.right
        anchors.leftMargin: Theme.px(18)
        anchors.right: parent.right
        anchors.rightMargin: Theme.gap
        anchors.verticalCenter: parent.verticalCenter
        text: root.sentence
        Accessible.name: root.spoken
        font.pixelSize: root.dense ? Theme.small : Theme.body
        color: Theme.waitingInk
    }
}
