// Every colour, size and duration of the screens. Colours are named by meaning; the pairs that occur are listed with
// the contrast that they must reach (WCAG 2.2: 7 for what is read, 4.5 for large words, 3 for edges), and a test checks.
pragma Singleton
import QtQuick

QtObject {
    property bool dark: false
    property bool reducedMotion: false
    // One unit is one pixel on a screen whose short side is 1080.
    property real unit: 1

    // Paper and ink
    readonly property color surface: dark ? "#14181D" : "#FAF7F2"
    readonly property color raised: dark ? "#1E242B" : "#FFFFFF"
    readonly property color sunk: dark ? "#0E1114" : "#F0EAE0"
    readonly property color ink: dark ? "#F2EEE6" : "#1B2430"
    readonly property color inkSoft: dark ? "#C3C0B8" : "#47505C"
    // Spruce: the one main action, and what is answerable
    readonly property color accent: dark ? "#6CC6A0" : "#17644A"
    readonly property color accentPressed: dark ? "#8AD4B4" : "#0F4A36"
    readonly property color accentInk: dark ? "#0D1F18" : "#FFFFFF"
    readonly property color answerable: dark ? "#6CC6A0" : "#17644A"
    readonly property color answerableSurface: dark ? "#183028" : "#E3EFE6"
    // Amber: waiting, and what one should know
    readonly property color waiting: dark ? "#EBB065" : "#8F4A04"
    readonly property color waitingSurface: dark ? "#33281A" : "#FAEBD6"
    readonly property color waitingInk: dark ? "#F7E3C6" : "#4D2803"
    // Brick: urgent and end
    readonly property color urgent: dark ? "#F2958C" : "#A4262C"
    readonly property color urgentPressed: dark ? "#F7B3AC" : "#7F1B20"
    readonly property color urgentInk: dark ? "#2B0B0B" : "#FFFFFF"
    readonly property color urgentSurface: dark ? "#3A1D1D" : "#F8E4E1"
    // Edges
    readonly property color line: dark ? "#3A424B" : "#DDD3C4"
    readonly property color edge: dark ? "#7D858E" : "#857B6C"
    // Where a picture of a person will be, in both modes: a room at dusk
    readonly property color dusk: "#1F2A38"
    readonly property color duskInk: "#F2EEE6"
    readonly property color duskInkSoft: "#CFCDC8"

    readonly property var contrasts: [
        { fore: "ink", back: "surface", least: 7 }, { fore: "ink", back: "raised", least: 7 },
        { fore: "ink", back: "sunk", least: 7 }, { fore: "inkSoft", back: "surface", least: 7 },
        { fore: "inkSoft", back: "raised", least: 7 }, { fore: "inkSoft", back: "sunk", least: 4.5 },
        { fore: "accentInk", back: "accent", least: 7 }, { fore: "accentInk", back: "accentPressed", least: 7 },
        { fore: "accent", back: "surface", least: 4.5 }, { fore: "accent", back: "raised", least: 4.5 },
        { fore: "answerable", back: "surface", least: 4.5 }, { fore: "answerable", back: "answerableSurface", least: 4.5 },
        { fore: "ink", back: "answerableSurface", least: 7 },
        { fore: "waiting", back: "surface", least: 4.5 }, { fore: "waiting", back: "waitingSurface", least: 4.5 },
        { fore: "waitingInk", back: "waitingSurface", least: 7 },
        { fore: "urgent", back: "surface", least: 4.5 }, { fore: "urgent", back: "raised", least: 4.5 },
        { fore: "urgent", back: "urgentSurface", least: 4.5 }, { fore: "ink", back: "urgentSurface", least: 7 },
        { fore: "urgentInk", back: "urgent", least: 7 }, { fore: "urgentInk", back: "urgentPressed", least: 7 },
        { fore: "duskInk", back: "dusk", least: 7 }, { fore: "duskInkSoft", back: "dusk", least: 7 },
        { fore: "edge", back: "surface", least: 3 }, { fore: "edge", back: "raised", least: 3 }
    ]

    // Type: each step is 1.25 of the one before
    readonly property real small: px(29)
    readonly property real body: px(36)
    readonly property real lead: px(45)
    readonly property real title: px(56)
    readonly property real headline: px(70)
    readonly property real display: px(88)
    readonly property real figure: px(215)

    // Space, in steps of eight
    readonly property real gap: px(24)
    readonly property real margin: px(56)
    readonly property real bar: px(104)         // height of a plain button; what is touched is never under 96
    readonly property real radius: px(28)
    readonly property real radiusSmall: px(18)
    readonly property real stroke: Math.max(1, px(3))

    readonly property int motionMs: reducedMotion ? 0 : 160

    function px(units) {
        return Math.round(units * unit)
    }
}
