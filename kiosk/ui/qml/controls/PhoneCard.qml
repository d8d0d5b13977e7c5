// What one can do when nobody answers here: call. To read, not to touch: the kiosk does not telephone.
import QtQuick
import ".."

Rectangle {
    id: root
    visible: kiosk.common.phone !== ""
    radius: Theme.radius
    color: Theme.answerableSurface

    Column {
        anchors.centerIn: parent
        width: parent.width - 2 * Theme.margin
        spacing: Theme.px(8)

        Words {
            width: parent.width
            text: kiosk.words.call_us
            font.pixelSize: Theme.lead
            horizontalAlignment: Text.AlignHCenter
        }
        Words {
            width: parent.width
            text: kiosk.common.phone
            font.pixelSize: Theme.display
            font.bold: true
            color: Theme.answerable
            horizontalAlignment: Text.AlignHCenter
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.title
        }
    }
}
