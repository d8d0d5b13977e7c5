// Two to four services: the first is the largest. Below one another where there is height, else beside one another.
import QtQuick
import ".."

Item {
    id: root

    property bool sideBySide: false
    readonly property int count: kiosk.idle.services.length
    readonly property real gap: Theme.px(sideBySide ? 12 : 20)

    // The place of the service `index`: x, y, width, height.
    function place(index) {
        const rest = count - 1
        if (sideBySide) {
            const first = Math.round(width * (rest === 1 ? 0.56 : 0.48))
            if (index === 0)
                return Qt.rect(0, 0, first, height)
            const each = (height - (rest - 1) * gap) / rest
            return Qt.rect(first + gap, (index - 1) * (each + gap), width - first - gap, each)
        }
        const top = Math.round(height * (rest === 1 ? 0.56 : 0.42))
        if (index === 0)
            return Qt.rect(0, 0, width, top)
        const rows = Math.ceil(rest / 2)
        const tall = (height - top - rows * gap) / rows
        const row = Math.floor((index - 1) / 2)
        const alone = rest === 1 || (index === 3)
        const wide = alone ? width : (width - gap) / 2
        return Qt.rect((index - 1) % 2 * (wide + gap) * (alone ? 0 : 1), top + gap + row * (tall + gap), wide, tall)
    }

    Repeater {
        model: kiosk.idle.services

        ServiceButton {
            required property var modelData
            required property int index
            readonly property rect box: root.place(index)
            objectName: index === 0 ? "call" : "call_" + modelData.id
            x: box.x
            y: box.y
            width: box.width
            height: box.height
            enabled: modelData.touchable
            word: modelData.name
            sentence: modelData.sentence
            standing: modelData.standing
            large: index === 0
            onTapped: kiosk.act.tapService(modelData.id, modelData.language)
        }
    }
}
