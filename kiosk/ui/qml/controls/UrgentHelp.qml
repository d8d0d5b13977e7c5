// Whom to call when it is urgent. To read only: this screen cannot call, and says so.
import QtQuick
import ".."

Rectangle {
    id: root
    color: Theme.surface

    TapHandler { }   // nothing beneath is touched through it

    Column {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.margins: Theme.margin
        anchors.bottom: close.top
        anchors.bottomMargin: Theme.margin
        spacing: Theme.gap

        Heading { width: parent.width; text: kiosk.words.urgent_heading }
        Words { width: parent.width; text: kiosk.words.urgent_112; font.pixelSize: Theme.lead }
        Words { text: "112"; font.pixelSize: Theme.figure; font.bold: true; color: Theme.urgent }
        Words { width: parent.width; text: kiosk.words.urgent_library; font.pixelSize: Theme.lead; visible: kiosk.common.phone !== "" }
        Words { text: kiosk.common.phone; font.pixelSize: Theme.display; font.bold: true; visible: text !== "" }
        Words { width: parent.width; text: kiosk.words.urgent_not_alarm }
    }
    ActionButton {
        id: close
        objectName: "urgent_close"
        word: kiosk.words.urgent_close
        icon: "undo-2"
        x: Theme.margin
        width: parent.width - 2 * Theme.margin
        height: Theme.px(160)
        y: parent.height - height - Theme.margin
        onTapped: window.urgentOpen = false
    }
}
