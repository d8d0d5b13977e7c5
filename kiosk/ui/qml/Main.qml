// The window's content: one screen at a time, urgent help above it. QML reads `kiosk` (kiosk.ui.viewmodels.kiosk_model),
// `remoteFeed`, `colleagueFeed` and `ownFeed` (kiosk.ui.pictures) from its context, and `window` is this item.
import QtQuick
import "."
import "controls"
import "screens"

Rectangle {
    id: window

    property bool dark: false
    property bool reducedMotion: false
    property bool lensRight: false
    property bool lowered: false
    property bool urgentOpen: false
    property bool cardsOpen: false
    property int card: -1   // the card that is being read; -1: the list of them
    readonly property string screen: kiosk.common.screen

    color: Theme.surface

    Binding { target: Theme; property: "dark"; value: window.dark }
    Binding { target: Theme; property: "reducedMotion"; value: window.reducedMotion }
    Binding { target: Theme; property: "unit"; value: Math.max(0.2, Math.min(window.width, window.height) / 1080) }

    Loader {
        id: shown
        anchors.fill: parent
        visible: !window.urgentOpen && !window.cardsOpen
        source: "screens/" + ({
            starting: "Starting", idle: "Idle", waiting: "Waiting", ticket: "Ticket", calling: "Calling",
            connecting: "Call", talking: "Call", held: "Held", goodbye: "Goodbye", out_of_service: "OutOfService"
        })[window.screen] + "Screen.qml"
        onLoaded: {
            if (window.lastScreen !== "")
                appear.restart()
        }
    }
    NumberAnimation {
        id: appear
        target: shown
        property: "opacity"
        from: Theme.motionMs > 0 ? 0.3 : 1
        to: 1
        duration: Theme.motionMs
        easing.type: Easing.OutQuad
    }

    // Told once, in words without the figure that counts; what is seen is there to be looked at again.
    Connections {
        target: kiosk.path
        function onSpokenChanged() {
            if (kiosk.path.spoken !== "")
                shown.Accessible.announce(kiosk.path.spoken, Accessible.Polite)
        }
    }

    Loader {
        anchors.fill: parent
        active: window.cardsOpen
        visible: !window.urgentOpen
        source: "screens/CardsScreen.qml"
    }
    UrgentHelp {
        anchors.fill: parent
        visible: window.urgentOpen
    }

    // Above everything, it sees each touch first and takes none, so that the engine knows that a hand is there.
    Item {
        anchors.fill: parent
        z: 1

        PointHandler {
            acceptedDevices: PointerDevice.AllDevices
            onActiveChanged: {
                if (!active)
                    return
                alone.restart()
                kiosk.act.touched()
            }
        }
    }

    // What one visitor set is not left to the next. Never during a visit: there nobody need touch anything.
    readonly property bool betweenVisits: betweens.includes(screen)
    readonly property var betweens: ["starting", "idle", "out_of_service"]

    function startOver() {
        lowered = false
        urgentOpen = false
        cardsOpen = false
    }
    onCardsOpenChanged: card = -1
    onScreenChanged: {
        // Whoever reads is told at once that a librarian comes; only a server that comes and goes is no news to a reader.
        if (!(betweens.includes(lastScreen) && betweenVisits))
            cardsOpen = false
        if (lastScreen === "goodbye" && screen === "idle")
            startOver()
        lastScreen = screen
    }
    property string lastScreen: ""

    Timer {
        id: alone
        objectName: "alone"
        interval: window.cardsOpen && window.card >= 0 ? 120000 : 30000   // a long answer takes its time
        onTriggered: if (window.betweenVisits) window.startOver()
    }
}
