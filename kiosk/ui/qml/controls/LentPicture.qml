// A picture that is shown where it is asked for, one place at a time (PicturePlace.qml).
import QtQuick
import LibrarianOnDemand

Picture {
    property Item store: null   // where it is while no screen shows it
    property Item place: null

    parent: place ?? store
    visible: place !== null
    anchors.fill: parent
    mirrored: place?.mirrored ?? false
    radius: place?.radius ?? 0
}
