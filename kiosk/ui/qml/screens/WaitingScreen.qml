// One's place in the line, what happens next, and a way out.
import QtQuick
import ".."
import "../controls"

Stage {
    scene: [
        Drawing { anchors.fill: parent; name: "cat" }
    ]

    Column {
        width: parent.width
        spacing: Theme.px(16)
        anchors.verticalCenter: parent.verticalCenter

        Row {
            spacing: Theme.px(40)
            Text {
                visible: kiosk.waiting.place !== ""
                text: kiosk.waiting.place
                color: Theme.waiting
                font.pixelSize: Theme.figure
                font.bold: true
                Accessible.ignored: true
            }
            Heading {
                anchors.verticalCenter: parent.verticalCenter
                text: kiosk.waiting.heading
            }
        }
        Words { width: parent.width; text: kiosk.waiting.happening; font.pixelSize: Theme.lead; visible: text !== "" }
        Words { width: parent.width; text: kiosk.words.waiting_then; visible: !kiosk.waiting.nobody; color: Theme.inkSoft }
        NoticeBar { width: parent.width; sentence: kiosk.common.notice }
    }

    touch: [
        ActionButton {
            objectName: "leave_line"
            word: kiosk.words.waiting_leave
            icon: "log-out"
            textSize: Theme.lead
            width: parent.width
            height: Theme.px(176)
            anchors.bottom: parent.bottom
            onTapped: kiosk.act.leaveLine()
        }
    ]
}
