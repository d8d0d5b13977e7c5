// The one sentence that a screen is about.
import QtQuick
import ".."

Words {
    font.pixelSize: Theme.headline
    font.bold: true
    lineHeight: 1.05
    Accessible.role: Accessible.Heading
}
