// What somebody on the telephone asks about: where it is connected, under which name, which version.
import QtQuick
import ".."
import "../controls"

Pages {
    id: root
    Repeater {
        model: kiosk.menu.facts
        ValueRow {
            required property var modelData
            width: root.bodyWidth
            share: 0.32
            word: modelData.word
            value: modelData.value
        }
    }
}
