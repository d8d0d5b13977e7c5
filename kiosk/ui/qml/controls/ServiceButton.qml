// One service that can be asked for: its name, and what is true of it now as a word and a sign. One that nobody can answer
// is not a button: it is there to be read.
import QtQuick
import ".."

Touchable {
    id: root

    property string standing: "free"
    property string sentence: ""
    property bool large: false
    readonly property real pad: Theme.px(32)
    readonly property real middle: Math.round(height * (large ? 0.58 : 0.5))
    readonly property bool roomy: height > Theme.px(150)
    readonly property bool main: standing === "free"
    readonly property bool closed: !enabled
    readonly property color fore: main ? Theme.accentInk : Theme.ink
    readonly property string sign: standing === "free" ? "check" : standing === "busy" ? "clock"
                                 : standing === "other_language" ? "languages" : "moon"

    Accessible.description: sentence

    Rectangle {
        anchors.fill: parent
        radius: Theme.px(36)
        color: root.main ? (root.pressed ? Theme.accentPressed : Theme.accent)
             : root.closed || root.pressed ? Theme.sunk : Theme.raised
        border.width: root.main || root.closed ? 0 : Theme.stroke
        border.color: Theme.edge
    }
    Text {
        x: root.pad
        y: Theme.px(10)
        width: parent.width - 2 * root.pad
        height: root.middle - y
        verticalAlignment: Text.AlignBottom
        text: root.word
        color: root.fore
        font.pixelSize: root.large ? Theme.title : root.roomy ? Theme.lead : Theme.body
        font.bold: true
        lineHeight: 1.05
        wrapMode: Text.Wrap
        fontSizeMode: Text.Fit
        minimumPixelSize: Theme.px(24)
        maximumLineCount: root.roomy ? 2 : 1
        elide: Text.ElideRight
        Accessible.ignored: true
    }
    Icon {
        x: root.pad
        y: root.middle + Theme.px(root.large ? 12 : 4)
        name: root.sign
        tint: root.main ? Theme.accentInk : root.standing === "busy" ? Theme.waiting : Theme.ink
        size: root.roomy ? Theme.px(44) : Theme.px(36)
    }
    Text {
        x: root.pad + Theme.px(root.roomy ? 62 : 50)
        y: root.middle + Theme.px(root.large ? 9 : 1)
        width: parent.width - x - root.pad
        height: Theme.px(root.roomy ? 50 : 42)
        verticalAlignment: Text.AlignVCenter
        text: root.sentence
        color: root.fore
        font.pixelSize: root.roomy ? Theme.body : Theme.small
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: Theme.px(22)
        elide: Text.ElideRight
        Accessible.ignored: true
    }
}
