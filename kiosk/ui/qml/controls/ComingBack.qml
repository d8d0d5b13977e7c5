// The conversation broke and is being built anew: said on the last picture, with the seconds that are left. Only the
// figure changes while it counts, and it has a place of its own width, so that nothing moves.
import QtQuick
import ".."

Rectangle {
    id: root
    property bool small: false
    readonly property bool counting: kiosk.path.backSeconds > 0

    visible: kiosk.path.comingBack
    height: said.height + 2 * Theme.px(small ? 18 : 32)
    radius: Theme.radius
    color: Theme.dusk

    Column {
        id: said
        x: Theme.px(28)
        width: parent.width - 2 * x
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.px(root.small ? 8 : 16)

        Words {
            width: parent.width
            text: kiosk.path.backSentence
            color: Theme.duskInk
            font.pixelSize: root.small ? Theme.small : Theme.body
            font.bold: true
            horizontalAlignment: Text.AlignHCenter
        }
        Row {
            anchors.horizontalCenter: parent.horizontalCenter
            visible: root.counting
            spacing: Theme.px(10)

            component Part: Words {
                wrapMode: Text.NoWrap
                color: Theme.duskInk
                font.pixelSize: Theme.small
                Accessible.ignored: true   // a figure that counts is not read out each second
            }
            Part { text: kiosk.path.backBefore; anchors.baseline: figure.baseline }
            Part {
                id: figure
                objectName: "back_seconds"
                text: kiosk.path.backSeconds
                width: Math.max(implicitWidth, widest.advanceWidth)
                horizontalAlignment: Text.AlignRight
                font.pixelSize: root.small ? Theme.small : Theme.lead
                font.bold: true
                TextMetrics { id: widest; font: figure.font; text: "88" }
            }
            Part { text: kiosk.path.backAfter; anchors.baseline: figure.baseline }
        }
        Words {
            width: parent.width
            visible: root.counting
            text: kiosk.path.backElse
            color: Theme.duskInkSoft
            font.pixelSize: Theme.small
            horizontalAlignment: Text.AlignHCenter
        }
    }
}
