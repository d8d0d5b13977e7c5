// What leaves this kiosk, in words: one's picture and one's voice.
import QtQuick
import ".."

Column {
    id: root
    spacing: Theme.px(10)

    component Fact: Row {
        property alias icon: sign.name
        property alias text: sentence.text
        property bool on: false
        width: root.width
        spacing: Theme.px(18)
        Icon { id: sign; size: Theme.px(44); tint: parent.on ? Theme.answerable : Theme.inkSoft }
        Words {
            id: sentence
            width: parent.width - Theme.px(62)
            anchors.verticalCenter: parent.verticalCenter
        }
    }

    Fact { icon: on ? "video" : "video-off"; on: kiosk.call.pictureShown; text: kiosk.call.pictureSentence }
    Fact { icon: on ? "mic" : "mic-off"; on: kiosk.call.voiceHeard; text: kiosk.call.voiceSentence }
}
