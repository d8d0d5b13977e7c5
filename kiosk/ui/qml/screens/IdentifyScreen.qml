// Who this kiosk is, large enough to be read across the room and told by telephone. A touch puts it away.
import QtQuick
import ".."
import "../controls"

Rectangle {
    id: root
    readonly property bool portrait: height > width

    signal closed

    color: Theme.surface

    Column {
        x: Theme.margin
        width: parent.width - 2 * Theme.margin
        y: Math.max(Theme.margin, (close.y - height) / 2)
        spacing: Theme.px(root.portrait ? 40 : 20)

        Words {
            width: parent.width
            text: kiosk.words.identify_heading
            font.pixelSize: Theme.title
            color: Theme.inkSoft
            horizontalAlignment: Text.AlignHCenter
        }
        Heading {
            width: parent.width
            text: kiosk.care.name
            font.pixelSize: text.length <= 24 ? Theme.px(132) : root.portrait ? Theme.display : Theme.title
            horizontalAlignment: Text.AlignHCenter
            maximumLineCount: root.portrait ? 3 : 2
            elide: Text.ElideRight
        }
        Rectangle {
            anchors.horizontalCenter: parent.horizontalCenter
            width: Math.min(parent.width, Math.max(code.implicitWidth, word.implicitWidth) + 2 * Theme.px(96))
            height: word.height + code.height + 2 * Theme.px(root.portrait ? 44 : 24)
            radius: Theme.px(48)
            color: Theme.answerableSurface

            Words {
                id: word
                y: Theme.px(root.portrait ? 44 : 24)
                width: parent.width
                text: kiosk.words.identify_code
                font.pixelSize: Theme.lead
                horizontalAlignment: Text.AlignHCenter
            }
            Words {
                id: code
                objectName: "identify_code"
                y: word.y + word.height
                width: parent.width
                text: kiosk.care.code
                color: Theme.answerable
                font.pixelSize: Theme.px(root.portrait ? 260 : 240)
                font.bold: true
                font.letterSpacing: Theme.px(12)
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Theme.display
                wrapMode: Text.NoWrap
                lineHeight: 1
                horizontalAlignment: Text.AlignHCenter
                Accessible.name: kiosk.care.spelled
            }
        }
        Words {
            width: parent.width
            text: kiosk.care.left
            color: Theme.inkSoft
            horizontalAlignment: Text.AlignHCenter
            Accessible.ignored: true   // a figure that counts is not read out each second
        }
    }
    TapHandler {
        onTapped: root.closed()
    }
    ActionButton {
        id: close
        objectName: "identify_close"
        word: kiosk.words.identify_close
        icon: "x"
        kind: "main"
        textSize: Theme.lead
        x: Theme.margin
        width: parent.width - 2 * Theme.margin
        height: Theme.px(root.portrait ? 176 : 140)
        y: parent.height - height - Theme.margin
        onTapped: root.closed()
    }
}
