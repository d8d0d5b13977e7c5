// A long list that a finger moves, with two buttons for whoever does not drag.
import QtQuick
import ".."
import "../controls"

Item {
    id: root
    default property alias rows: body.data
    property alias spacing: body.spacing
    readonly property real last: Math.max(0, pane.contentHeight - pane.height)
    readonly property bool longer: last > 1
    readonly property real bodyWidth: pane.width

    function turn(pages) {
        pane.contentY = Math.max(0, Math.min(last, pane.contentY + pages * 0.85 * pane.height))
    }

    Flickable {
        id: pane
        width: parent.width - (root.longer ? up.width + Theme.gap : 0)
        height: parent.height
        contentHeight: body.height
        clip: true
        interactive: root.longer
        boundsBehavior: Flickable.StopAtBounds
        onContentHeightChanged: contentY = Math.min(contentY, root.last)

        Column {
            id: body
            width: pane.width
        }
    }
    ActionButton {
        id: up
        objectName: "list_up"
        visible: root.longer
        enabled: pane.contentY > 0
        opacity: enabled ? 1 : 0.4
        word: ""
        Accessible.name: kiosk.words.cards_up
        icon: "chevron-up"
        x: parent.width - width
        width: Theme.px(104)
        height: Math.min(Theme.px(160), (parent.height - Theme.px(16)) / 2)
        onTapped: root.turn(-1)
    }
    ActionButton {
        objectName: "list_down"
        visible: root.longer
        enabled: pane.contentY < root.last - 1
        opacity: enabled ? 1 : 0.4
        word: ""
        Accessible.name: kiosk.words.cards_down
        icon: "chevron-down"
        x: up.x
        y: parent.height - height
        width: up.width
        height: up.height
        onTapped: root.turn(1)
    }
}
