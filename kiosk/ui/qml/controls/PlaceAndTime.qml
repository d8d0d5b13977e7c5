// Where one is and when: the library, its branch, the day and the time. A sign, not a title bar.
import QtQuick
import ".."

Item {
    id: root
    implicitHeight: Math.max(place.height, moment.height)

    Column {
        id: place
        width: root.width - moment.width - Theme.gap
        spacing: Theme.px(2)
        Words {
            width: parent.width
            text: kiosk.common.branchName
            font.pixelSize: Theme.lead
            font.bold: true
            elide: Text.ElideRight
            wrapMode: Text.NoWrap
        }
        Words {
            width: parent.width
            text: kiosk.common.libraryName
            font.pixelSize: Theme.small
            color: Theme.inkSoft
            elide: Text.ElideRight
            wrapMode: Text.NoWrap
        }
    }
    Column {
        id: moment
        anchors.right: parent.right
        spacing: Theme.px(2)
        Words {
            anchors.right: parent.right
            text: kiosk.common.clock
            font.pixelSize: Theme.lead
            font.bold: true
        }
        Words {
            anchors.right: parent.right
            text: kiosk.common.date
            font.pixelSize: Theme.small
            color: Theme.inkSoft
        }
    }
}
