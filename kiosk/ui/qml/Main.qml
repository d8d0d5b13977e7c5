// The window's content: one screen at a time, urgent help above it, the service menu and the kiosk's large name above that,
// and last the light that is taken away. QML reads `kiosk` (kiosk.ui.viewmodels.kiosk_model),
// `remoteFeed`, `colleagueFeed` and `ownFeed` (kiosk.ui.pictures) from its context; `window` is this item, and `pictures`
// has what the screens borrow.
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

    // Nobody's visit is touched by what a caretaker does.
    readonly property bool menuOpen: kiosk.menu.stage !== "closed" && betweenVisits
    readonly property bool identifying: kiosk.care.identifying && betweenVisits && !identifyClosed
    property bool identifyClosed: false
    // A hand that comes finds a bright screen, and for a while after; a visit always does.
    readonly property bool bright: !betweenVisits || awake.running || menuOpen || identifying
    readonly property bool resting: kiosk.care.asleep && !bright
    readonly property real shade: bright ? 0 : kiosk.care.shadePercent / 100

    color: Theme.surface

    Binding { target: Theme; property: "dark"; value: window.dark }
    Binding { target: Theme; property: "reducedMotion"; value: window.reducedMotion }
    Binding { target: Theme; property: "unit"; value: Math.max(0.2, Math.min(window.width, window.height) / 1080) }

    // They outlive the screens that show them: see PicturePlace.qml.
    Item {
        id: pictures
        readonly property Item librarian: librarianPicture
        readonly property Item colleague: colleaguePicture
        readonly property Item own: ownPicture
        visible: false
        LentPicture { id: librarianPicture; store: pictures; feed: remoteFeed }
        LentPicture { id: colleaguePicture; store: pictures; feed: colleagueFeed }
        LentPicture { id: ownPicture; store: pictures; feed: ownFeed }
    }

    Loader {
        id: shown
        anchors.fill: parent
        visible: !window.urgentOpen && !window.cardsOpen && !window.covered
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

    // The screens of a visit are read while nobody waits for them: the first tap after a start took 12 ms longer.
    property var ahead: []
    Timer {
        interval: 2000
        running: true
        onTriggered: window.ahead = ["Waiting", "Call", "Held", "Goodbye"].map(
            name => Qt.createComponent("screens/" + name + "Screen.qml", Component.Asynchronous, window))
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
        visible: !window.urgentOpen && !window.covered
        source: "screens/CardsScreen.qml"
    }
    UrgentHelp {
        anchors.fill: parent
        visible: window.urgentOpen && !window.covered
    }
    Loader {
        anchors.fill: parent
        active: window.menuOpen
        visible: !window.identifying
        source: "screens/ServiceMenu.qml"
    }
    Loader {
        anchors.fill: parent
        active: window.identifying
        source: "screens/IdentifyScreen.qml"
        onLoaded: item.closed.connect(() => window.identifyClosed = true)
    }
    Connections {
        target: kiosk.care
        function onIdentifyingChanged() { window.identifyClosed = false }
        function onReloadsChanged() {
            shown.active = false
            window.startOver()
            shown.active = true
        }
    }
    Binding {
        target: window
        property: "lensRight"
        value: kiosk.care.lens === "right"
        when: kiosk.care.lens !== "top"
    }

    Rectangle {
        objectName: "shade"
        anchors.fill: parent
        z: 2
        visible: opacity > 0
        color: "#000000"
        opacity: window.shade
    }
    ProofMark {
        x: parent.width - width
        y: parent.height - height
        z: 3
        shade: window.shade
        resting: window.resting
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
                awake.restart()
                if (window.betweenVisits && point.position.x < Theme.px(160) && point.position.y < Theme.px(160))
                    kiosk.door.touchCorner()   // nothing shows that there is a corner
                kiosk.act.touched()
            }
        }
    }

    // What one visitor set is not left to the next. Never during a visit: there nobody need touch anything.
    readonly property bool covered: menuOpen || identifying || resting
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
        id: awake
        objectName: "awake"
        interval: 120000
    }
    Timer {
        id: alone
        objectName: "alone"
        interval: window.cardsOpen && window.card >= 0 ? 120000 : 30000   // a long answer takes its time
        onTriggered: if (window.betweenVisits) window.startOver()
    }
}
