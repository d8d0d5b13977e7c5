// A drawing that fills its place, cropped at the edges.
import QtQuick
import ".."

Image {
    property string name

    // The drawings are four wide and three high: drawn once, as large as they will be seen.
    source: visible ? Qt.resolvedUrl("../pictures/" + name + ".svg") : ""
    fillMode: Image.PreserveAspectCrop
    sourceSize.width: Math.ceil(Math.max(width, height * 4 / 3))
    Accessible.ignored: true
}
