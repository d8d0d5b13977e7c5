// A drawing that fills its place, cropped at the edges.
import QtQuick
import ".."

Image {
    property string name

    source: Qt.resolvedUrl("../pictures/" + name + ".svg")
    fillMode: Image.PreserveAspectCrop
    sourceSize: Qt.size(Math.max(width, height), Math.max(width, height))
    Accessible.ignored: true
}
