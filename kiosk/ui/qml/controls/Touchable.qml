// What a hand can touch. Every control of the kiosk is one of these, so that size, name, focus and probing are one thing.
// The finger may slide inside it (a trembling hand is a hand): it counts when it is lifted within.
import QtQuick
import ".."

Item {
    id: root

    property string word: ""
    property int role: Accessible.Button
    property bool checkable: false
    property bool checked: false
    readonly property bool touchable: true
    readonly property bool pressed: tap.pressed
    property real focusRadius: Theme.radius

    signal tapped

    activeFocusOnTab: true
    Accessible.role: role
    Accessible.name: word
    Accessible.focusable: true
    Accessible.checkable: checkable
    Accessible.checked: checked
    Accessible.onPressAction: tapped()
    Keys.onReturnPressed: tapped()
    Keys.onSpacePressed: tapped()

    TapHandler {
        id: tap
        gesturePolicy: TapHandler.ReleaseWithinBounds
        onTapped: root.tapped()
    }

    Rectangle {
        anchors.fill: parent
        anchors.margins: -Theme.px(6)
        z: 1
        visible: root.activeFocus
        color: "transparent"
        radius: root.focusRadius + Theme.px(6)
        border.width: Theme.px(5)
        border.color: Theme.ink
    }
}
