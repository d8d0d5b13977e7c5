// The open menu: one page at a time, its tabs and the way out along the lower edge.
import QtQuick
import ".."
import "../controls"

Item {
    id: root
    readonly property bool portrait: height > width
    property string page: "test"

    Heading {
        id: heading
        x: Theme.margin
        y: Theme.px(40)
        width: parent.width / 2 - x
        text: kiosk.words.pin_heading
        font.pixelSize: Theme.title
    }
    Words {
        anchors.baseline: heading.baseline
        x: parent.width / 2
        width: parent.width / 2 - Theme.margin
        visible: root.portrait || !message.visible
        text: kiosk.menu.kioskName
        color: Theme.inkSoft
        horizontalAlignment: Text.AlignRight
        wrapMode: Text.NoWrap
        elide: Text.ElideRight
    }

    Loader {
        id: shown
        objectName: "menu_page"
        x: Theme.margin
        y: heading.y + heading.height + Theme.px(28)
        width: parent.width - 2 * x
        height: (root.portrait && message.visible ? message.y : tabs.y) - Theme.gap - y
        source: ({ test: "Test", camera: "Camera", sound: "Sound", facts: "Facts", program: "Program" })[root.page] + "Page.qml"
    }
    NoticeBar {
        id: message
        objectName: "menu_message"
        // Landscape has no line to spare, but room beside its heading.
        x: root.portrait ? Theme.margin : Math.round(parent.width * 0.3)
        y: root.portrait ? tabs.y - height - Theme.px(20) : Theme.px(24)
        width: parent.width - x - Theme.margin
        dense: !root.portrait
        sentence: kiosk.menu.message
        onSentenceChanged: if (sentence !== "") Accessible.announce(sentence, Accessible.Polite)
    }
    Row {
        id: tabs
        x: Theme.margin
        y: parent.height - height - Theme.margin
        width: parent.width - 2 * x
        height: Theme.px(root.portrait ? 168 : 132)
        spacing: Theme.px(14)
        readonly property real each: Math.floor((width - 5 * spacing) / 6)

        Repeater {
            model: [
                { page: "test", word: kiosk.words.menu_test, icon: "activity" },
                { page: "camera", word: kiosk.words.menu_camera, icon: "camera" },
                { page: "sound", word: kiosk.words.menu_sound, icon: "volume-2" },
                { page: "facts", word: kiosk.words.menu_facts, icon: "network" },
                { page: "program", word: kiosk.words.menu_program, icon: "power" }
            ]
            MenuTab {
                required property var modelData
                objectName: "tab_" + modelData.page
                page: modelData.page
                word: modelData.word
                icon: modelData.icon
                checked: root.page === page
                width: tabs.each
                height: tabs.height
                onTapped: root.page = page
            }
        }
        MenuTab {
            objectName: "menu_close"
            word: kiosk.words.identify_close
            Accessible.name: kiosk.words.menu_close
            role: Accessible.Button
            checkable: false
            icon: "x"
            width: tabs.each
            height: tabs.height
            onTapped: kiosk.door.close()
        }
    }
}
