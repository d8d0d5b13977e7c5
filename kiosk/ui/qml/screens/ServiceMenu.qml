// The service menu: first the question for the PIN, and only behind it everything else. What is not open is not there.
import QtQuick
import ".."
import "../menu"

Rectangle {
    color: Theme.surface

    Loader {
        anchors.fill: parent
        source: kiosk.menu.stage === "open" ? "../menu/MenuPages.qml"
              : kiosk.menu.stage === "pin" ? "../menu/PinQuestion.qml"
              : kiosk.menu.stage === "closed" ? "" : "../menu/NoWayIn.qml"
    }
}
