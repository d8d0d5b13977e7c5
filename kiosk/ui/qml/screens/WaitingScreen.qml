// One's place in the line, what happens next, and a way out. The visitor's camera is off.
import QtQuick
import ".."
import "../controls"

Stage {
    id: stage
    touchHeight: Theme.px(150)

    scene: [
        Drawing { anchors.fill: parent; name: "cat" }
    ]

    Column {
        width: parent.width
        spacing: Theme.px(stage.portrait && !stage.lowered ? 34 : 20)
        anchors.verticalCenter: parent.verticalCenter

        Row {
            width: parent.width
            spacing: Theme.px(36)
            Text {
                id: figure
                visible: kiosk.waiting.place !== ""
                text: kiosk.waiting.place
                color: Theme.waiting
                font.pixelSize: stage.portrait ? Theme.figure : Theme.px(150)
                font.bold: true
                lineHeight: 0.8
                Accessible.ignored: true
            }
            Heading {
                anchors.verticalCenter: parent.verticalCenter
                width: parent.width - (figure.visible ? figure.width + parent.spacing : 0)
                text: kiosk.waiting.heading
                Accessible.name: kiosk.waiting.heading + (figure.visible ? " " + figure.text : "")
            }
        }
        NoticeBar { width: parent.width; sentence: kiosk.common.notice }
        Step {
            width: parent.width
            visible: kiosk.waiting.happening !== ""
            icon: "phone"
            text: kiosk.waiting.happening
            tint: Theme.waiting
            back: Theme.waitingSurface
            strong: true
        }
        Step {
            width: parent.width
            icon: "eye-off"
            text: kiosk.words.waiting_then
            visible: !kiosk.waiting.nobody
        }
    }

    touch: [
        ActionButton {
            objectName: "leave_line"
            word: kiosk.words.waiting_leave
            icon: "log-out"
            textSize: Theme.lead
            width: parent.width
            height: Theme.px(150)
            anchors.bottom: parent.bottom
            onTapped: kiosk.act.leaveLine()
        }
    ]
}
