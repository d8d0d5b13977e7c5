// What there is of one kind of device, and which is used; three at a time.
import QtQuick
import ".."
import "../controls"

Column {
    id: root
    property string title: ""
    property string action: ""   // the name of a MenuAction
    property var choices: []
    property int from: 0
    readonly property int most: 3
    readonly property bool longer: choices.length > most

    spacing: Theme.px(12)
    onChoicesChanged: if (from >= choices.length) from = 0

    Item {
        width: parent.width
        height: Math.max(name.height, more.visible ? more.height : 0)
        Words {
            id: name
            width: parent.width - (more.visible ? more.width + Theme.gap : 0)
            anchors.verticalCenter: parent.verticalCenter
            text: root.title
            font.bold: true
            Accessible.role: Accessible.Heading
        }
        ActionButton {
            id: more
            objectName: "more_" + root.action
            visible: root.longer
            word: kiosk.words.menu_more
            icon: "chevron-down"
            x: parent.width - width
            width: Theme.px(220)
            height: Theme.px(96)
            onTapped: root.from = root.from + root.most >= root.choices.length ? 0 : root.from + root.most
        }
    }
    Repeater {
        model: root.choices.slice(root.from, root.from + root.most)
        Choice {
            required property var modelData
            required property int index
            objectName: root.action + "_" + (root.from + index)
            word: modelData.word
            checked: modelData.chosen
            width: root.width
            onTapped: if (!checked) kiosk.door.do(root.action, modelData.name)
        }
    }
}
