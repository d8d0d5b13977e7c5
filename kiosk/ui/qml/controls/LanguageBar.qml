// The languages by their own names; the one in use is filled.
import QtQuick
import ".."

Row {
    id: root
    spacing: Theme.gap

    Repeater {
        model: kiosk.languages

        Touchable {
            id: choice
            required property var modelData
            objectName: "language_" + modelData.code
            word: modelData.name
            role: Accessible.RadioButton
            checkable: true
            checked: modelData.code === kiosk.common.language
            focusRadius: height / 2
            width: (root.width - 2 * root.spacing) / 3
            height: root.height
            onTapped: kiosk.act.chooseLanguage(modelData.code)

            Rectangle {
                anchors.fill: parent
                radius: height / 2
                color: choice.checked ? Theme.ink : choice.pressed ? Theme.sunk : Theme.raised
                border.width: choice.checked ? 0 : Theme.stroke
                border.color: Theme.edge
            }
            Row {
                anchors.centerIn: parent
                spacing: Theme.px(12)
                Icon {
                    visible: choice.checked
                    anchors.verticalCenter: parent.verticalCenter
                    name: "check"
                    tint: Theme.surface
                    size: Theme.px(36)
                }
                Text {
                    text: choice.word
                    color: choice.checked ? Theme.surface : Theme.ink
                    font.pixelSize: Theme.body
                    font.bold: choice.checked
                    Accessible.ignored: true
                }
            }
        }
    }
}
