// Softer and louder, with the level between them.
import QtQuick
import ".."

Item {
    id: root
    implicitHeight: Theme.bar

    ActionButton {
        id: softer
        objectName: "volume_softer"
        word: ""
        Accessible.name: kiosk.words.volume_softer
        icon: "minus"
        width: root.height
        height: root.height
        onTapped: kiosk.act.setVolume(kiosk.call.volumePercent - 10)
    }
    Column {
        anchors.left: softer.right
        anchors.right: louder.left
        anchors.margins: Theme.px(20)
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.px(12)

        Row {
            anchors.horizontalCenter: parent.horizontalCenter
            spacing: Theme.px(12)
            Icon {
                name: kiosk.call.volumePercent === 0 ? "volume-x" : kiosk.call.volumePercent < 50 ? "volume-1" : "volume-2"
                size: Theme.px(38)
                anchors.verticalCenter: parent.verticalCenter
            }
            Words { text: kiosk.words.volume; font.pixelSize: Theme.small }
        }
        Rectangle {
            width: parent.width
            height: Theme.px(14)
            radius: height / 2
            color: Theme.line
            Accessible.role: Accessible.ProgressBar
            Accessible.name: kiosk.words.volume + ", " + kiosk.call.volumeSentence
            Rectangle {
                width: parent.width * kiosk.call.volumePercent / 100
                height: parent.height
                radius: height / 2
                color: Theme.accent
            }
        }
    }
    ActionButton {
        id: louder
        objectName: "volume_louder"
        word: ""
        Accessible.name: kiosk.words.volume_louder
        icon: "plus"
        x: root.width - width
        width: root.height
        height: root.height
        onTapped: kiosk.act.setVolume(kiosk.call.volumePercent + 10)
    }
}
