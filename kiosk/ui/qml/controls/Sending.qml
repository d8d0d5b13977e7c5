// What leaves this kiosk, in words: one's picture and one's voice. Filled when it leaves, hollow when it does not.
import QtQuick
import ".."

Row {
    id: root
    property bool compact: false
    spacing: Theme.px(20)

    component Fact: Rectangle {
        id: fact
        property alias icon: sign.name
        property alias text: sentence.text
        property bool on: false
        width: (root.width - root.spacing) / 2
        height: Math.max(Theme.px(root.compact ? 60 : 96), sentence.height + Theme.px(root.compact ? 16 : 28))
        radius: Theme.radiusSmall
        color: on ? Theme.answerableSurface : Theme.sunk
        Icon {
            id: sign
            x: Theme.px(22)
            anchors.verticalCenter: parent.verticalCenter
            size: Theme.px(46)
            tint: fact.on ? Theme.answerable : Theme.ink
        }
        Words {
            id: sentence
            x: Theme.px(86)
            width: parent.width - x - Theme.px(16)
            anchors.verticalCenter: parent.verticalCenter
            font.pixelSize: Theme.small
            lineHeight: 1.08
        }
    }

    Fact { icon: on ? "video" : "video-off"; on: kiosk.call.pictureShown && kiosk.path.reaches; text: kiosk.call.pictureSentence }
    Fact { icon: on ? "mic" : "mic-off"; on: kiosk.call.voiceHeard && kiosk.path.reaches; text: kiosk.call.voiceSentence }
}
