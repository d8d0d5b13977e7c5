// Whether this kiosk can take a call, what is wrong with what remedy, and what was measured.
import QtQuick
import ".."
import "../controls"

Item {
    id: root
    readonly property bool portrait: height > width
    readonly property real column: portrait ? width : Math.floor((width - Theme.px(56)) * 0.42)
    readonly property var signs: ({ green: "check", amber: "triangle-alert", red: "x", now: "hourglass", grey: "minus" })
    readonly property var inks: ({ green: Theme.answerable, amber: Theme.waiting, red: Theme.urgent,
                                   now: Theme.ink, grey: Theme.inkSoft })
    readonly property var backs: ({ green: Theme.answerableSurface, amber: Theme.waitingSurface,
                                    red: Theme.urgentSurface, now: Theme.sunk, grey: Theme.sunk })

    Column {
        id: left
        width: root.column
        spacing: Theme.px(root.portrait ? 28 : 20)

        Row {
            width: parent.width
            spacing: Theme.px(24)
            Rectangle {
                id: sign
                width: Theme.px(root.portrait ? 104 : 88)
                height: width
                radius: width / 2
                color: root.backs[kiosk.menu.light]
                Icon {
                    anchors.centerIn: parent
                    name: root.signs[kiosk.menu.light]
                    tint: root.inks[kiosk.menu.light]
                    size: Theme.px(52)
                }
            }
            Column {
                width: parent.width - sign.width - parent.spacing
                anchors.verticalCenter: parent.verticalCenter
                spacing: Theme.px(6)
                Heading {
                    objectName: "menu_truth"
                    width: parent.width
                    text: kiosk.menu.truth
                    font.pixelSize: root.portrait ? Theme.title : Theme.lead
                    color: root.inks[kiosk.menu.light]
                }
                Words {
                    width: parent.width
                    text: kiosk.menu.tested
                    visible: text !== ""
                    color: Theme.inkSoft
                    font.pixelSize: Theme.small
                }
            }
        }
        Grid {
            id: areas
            width: parent.width
            columns: 2
            columnSpacing: Theme.px(28)
            rowSpacing: Theme.px(4)
            flow: Grid.TopToBottom
            rows: 4
            readonly property real each: Math.floor((width - columnSpacing) / 2)
            Repeater {
                model: kiosk.menu.areas
                Item {
                    id: area
                    required property var modelData
                    width: areas.each
                    height: Theme.px(60)
                    Accessible.role: Accessible.StaticText
                    Accessible.name: modelData.word + ": " + modelData.sentence
                    Icon {
                        id: state_
                        anchors.verticalCenter: parent.verticalCenter
                        name: root.signs[area.modelData.state]
                        tint: root.inks[area.modelData.state]
                        size: Theme.px(34)
                    }
                    Words {
                        x: state_.width + Theme.px(14)
                        anchors.verticalCenter: parent.verticalCenter
                        width: parent.width * 0.46
                        text: area.modelData.word
                        font.pixelSize: Theme.small
                        wrapMode: Text.NoWrap
                        elide: Text.ElideRight
                        Accessible.ignored: true
                    }
                    Words {
                        anchors.verticalCenter: parent.verticalCenter
                        x: parent.width - width
                        width: parent.width * 0.42
                        horizontalAlignment: Text.AlignRight
                        text: area.modelData.sentence
                        color: root.inks[area.modelData.state]
                        font.pixelSize: Theme.small
                        font.bold: true
                        wrapMode: Text.NoWrap
                        elide: Text.ElideRight
                        Accessible.ignored: true
                    }
                }
            }
        }
        ActionButton {
            objectName: "test"
            visible: !kiosk.menu.testing
            width: parent.width
            height: Theme.px(120)
            kind: "main"
            word: kiosk.words.menu_run_test
            icon: "activity"
            onTapped: kiosk.door.do("test", "")
        }
        NoticeBar {
            width: parent.width
            visible: kiosk.menu.testing
            sentence: kiosk.words.menu_test_wait
            icon: "volume-2"
            dense: !root.portrait
        }
    }

    Pages {
        id: found
        x: root.portrait ? 0 : root.column + Theme.px(56)
        y: root.portrait ? left.height + Theme.px(36) : 0
        width: root.width - x
        height: root.height - y
        spacing: Theme.px(18)

        Words {
            width: parent.width
            visible: kiosk.menu.light === "green"
            text: kiosk.words.menu_nothing_wrong
        }
        Words {
            width: parent.width
            visible: kiosk.menu.findings.length > 0
            text: kiosk.words.menu_findings
            font.bold: true
            Accessible.role: Accessible.Heading
        }
        Repeater {
            model: kiosk.menu.findings
            Rectangle {
                id: finding
                required property var modelData
                width: found.bodyWidth
                height: said.height + 2 * Theme.px(22)
                radius: Theme.radiusSmall
                color: root.backs[modelData.light] ?? Theme.sunk
                Icon {
                    id: mark
                    x: Theme.px(22)
                    y: Theme.px(22)
                    name: root.signs[finding.modelData.light]
                    tint: root.inks[finding.modelData.light]
                    size: Theme.px(42)
                }
                Column {
                    id: said
                    x: mark.x + mark.width + Theme.px(18)
                    y: Theme.px(22)
                    width: parent.width - x - Theme.px(22)
                    spacing: Theme.px(8)
                    Words { width: parent.width; text: finding.modelData.sentence; font.bold: true }
                    Words { width: parent.width; text: finding.modelData.remedy; font.pixelSize: Theme.small }
                }
            }
        }
        Words {
            width: parent.width
            visible: kiosk.menu.numbers.length > 0
            topPadding: Theme.px(12)
            text: kiosk.words.menu_numbers
            font.bold: true
            Accessible.role: Accessible.Heading
        }
        Column {
            width: parent.width
            Repeater {
                model: kiosk.menu.numbers
                ValueRow {
                    required property var modelData
                    width: found.bodyWidth
                    word: modelData.word
                    value: modelData.value
                }
            }
        }
    }
}
