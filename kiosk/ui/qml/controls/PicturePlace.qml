// Where a picture of a person is shown. The pictures themselves are few and outlive all screens (Main.qml): what QML makes
// of a class written in Python is never given up by Qt for Python (6.11; 5 kB each, and what it holds), and a screen is
// made anew for each visit. So a place borrows one while it is there.
import QtQuick

Item {
    id: place
    required property Item picture
    property bool mirrored: false
    property real radius: 0

    Component.onCompleted: picture.place = place
    Component.onDestruction: {
        if (picture?.place === place)   // the last of all is the window, pictures and all
            picture.place = null
    }
}
