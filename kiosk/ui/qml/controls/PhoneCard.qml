// What one can do when nobody answers here: call. To read, not to touch: the kiosk does not telephone.
import QtQuick
import ".."

Rectangle {
    id: root
    readonly property bool low: height < Theme.px(200)
    visible: kiosk.common.phone !== ""
    radius: Theme.radius
    color: Theme.answerableSurface

    Column {
        anchors.centerIn: parent
        width: parent.width - 2 * Theme.margin
        spacing: Theme.px(root.low ? 2 : 14)

        Words {
            width: parent.width
            text: kiosk.words.call_us
            font.pixelSize: root.low ? Theme.body : Theme.lead
            horizontalAlignment: Text.AlignHCenter
        }
        Row {
            anchors.horizontalCenter: parent.horizontalCenter
            spacing: Theme.px(28)
            Icon {
                anchors.verticalCenter: parent.verticalCenter
                name: "phone"
                tint: Theme.answerable
                size: Theme.px(root.low ? 56 : 72)
            }
            Words {
                anchors.verticalCenter: parent.verticalCenter
                text: kiosk.common.phone
                width: Math.min(implicitWidth, root.width - 2 * Theme.margin - Theme.px(100))
                font.pixelSize: root.low ? Theme.headline : Theme.display
                font.bold: true
                lineHeight: 1
                color: Theme.answerable
                wrapMode: Text.NoWrap
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Theme.small
                elide: Text.ElideRight
            }
        }
    }
}
