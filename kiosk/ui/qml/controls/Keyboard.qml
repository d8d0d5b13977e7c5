// Keys for the language in use. The other Nordic letters stand on the page of signs, so that every name can be written.
import QtQuick
import ".."

Item {
    id: root

    property bool shifted: false
    property bool signs: false
    readonly property var letters: ({
        sv: ["qwertyuiopå", "asdfghjklöä", "zxcvbnm"],
        nb: ["qwertyuiopå", "asdfghjkløæ", "zxcvbnm"],
        en: ["qwertyuiop", "asdfghjkl", "zxcvbnm"]
    })
    readonly property var signRows: ["1234567890", "@/:;()&%+-", "åäöæøéü"]
    readonly property var rows: signs ? signRows : letters[kiosk.common.language]
    readonly property bool capital: shifted || (!signs && kiosk.typing.line === "")
    readonly property real rowHeight: height / 4
    readonly property real cell: width / Math.max(rows[0].length, rows[1].length)

    function press(letter) {
        kiosk.typing.type(letter)
        shifted = false
    }

    component Letters: Row {
        id: strip
        required property string keys
        Repeater {
            model: strip.keys.split("")
            Key {
                required property string modelData
                objectName: "key_" + modelData
                glyph: root.capital ? modelData.toUpperCase() : modelData
                word: glyph
                width: root.cell
                height: root.rowHeight
                onTapped: root.press(glyph)
            }
        }
    }

    Letters {
        keys: root.rows[0]
        anchors.horizontalCenter: parent.horizontalCenter
    }
    Letters {
        keys: root.rows[1]
        y: root.rowHeight
        anchors.horizontalCenter: parent.horizontalCenter
    }
    Key {
        objectName: "key_shift"
        word: kiosk.words.key_shift
        icon: "arrow-big-up"
        kind: "side"
        checkable: true
        checked: root.capital
        y: 2 * root.rowHeight
        width: (root.width - root.rows[2].length * root.cell) / 2
        height: root.rowHeight
        onTapped: root.shifted = !root.shifted
    }
    Letters {
        keys: root.rows[2]
        y: 2 * root.rowHeight
        anchors.horizontalCenter: parent.horizontalCenter
    }
    Key {
        id: eraser
        objectName: "key_delete"
        word: kiosk.words.key_delete
        icon: "delete"
        kind: "side"
        x: root.width - width
        y: 2 * root.rowHeight
        width: (root.width - root.rows[2].length * root.cell) / 2
        height: root.rowHeight
        onTapped: if (!repeat.repeated) kiosk.typing.delete()
        onPressedChanged: if (pressed) repeat.repeated = false

        Timer {
            id: repeat
            property bool repeated: false
            interval: repeated ? 80 : 500
            repeat: true
            running: eraser.pressed
            onTriggered: { repeated = true; kiosk.typing.delete() }
        }
    }
    Row {
        y: 3 * root.rowHeight
        width: root.width

        Key {
            objectName: "key_signs"
            word: root.signs ? kiosk.words.key_letters : kiosk.words.key_symbols
            glyph: root.signs ? "ABC" : "123"
            kind: "side"
            width: root.width * 0.15
            height: root.rowHeight
            onTapped: root.signs = !root.signs
        }
        Repeater {
            model: [",", "."]
            Key {
                required property string modelData
                objectName: modelData === "," ? "key_comma" : "key_point"
                glyph: modelData
                word: modelData
                width: root.width * 0.1
                height: root.rowHeight
                onTapped: root.press(modelData)
            }
        }
        Key {
            objectName: "key_space"
            word: kiosk.words.key_space
            glyph: kiosk.words.key_space
            width: root.width * 0.3
            height: root.rowHeight
            onTapped: root.press(" ")
        }
        Repeater {
            model: ["?"]
            Key {
                required property string modelData
                objectName: "key_question"
                glyph: modelData
                word: modelData
                width: root.width * 0.1
                height: root.rowHeight
                onTapped: root.press(modelData)
            }
        }
        Key {
            objectName: "key_send"
            word: kiosk.words.key_send
            glyph: kiosk.words.key_send
            kind: "main"
            width: root.width * 0.25
            height: root.rowHeight
            onTapped: kiosk.typing.commit()
        }
    }
}
