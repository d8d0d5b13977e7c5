"""Where a hand could touch right now, for tests and for the demonstration that plays a visitor.

Not used in normal operation: somebody has to ask for it by name (`kiosk --probe FILE`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from PySide6.QtCore import QElapsedTimer, QObject, QPointF, QTimer
from PySide6.QtQuick import QQuickItem, QQuickWindow

from kiosk.ui.bridge import Bridge

Box = tuple[int, int, int, int]

#: In a conversation every picture is a frame, and to look at each took a quarter of the main thread's work.
_EVERY_MS: Final = 100


def touchable_items(window: QQuickWindow) -> Iterator[QQuickItem]:
    """Every visible, enabled control. A control is an item with the QML property `touchable`."""
    yield from _walk(window.contentItem())


def touch_map(window: QQuickWindow) -> dict[str, Box]:
    """The place of every visible, enabled control: `{objectName: (x, y, width, height)}`, window pixels."""
    return {item.objectName(): box_of(item) for item in touchable_items(window)}


def box_of(item: QQuickItem) -> Box:
    """An item's place in its window, in pixels."""
    corner = item.mapToScene(QPointF(0, 0))
    return (round(corner.x()), round(corner.y()), round(item.width()), round(item.height()))


class Probe(QObject):
    """Writes the touch map to a file or named pipe as JSON lines, each time it has changed.

    A line is `{"screen": ..., "controls": {name: [x, y, w, h], ...}}`; it is written after the screen was drawn, so
    whoever reads it sees what a hand would find. The first frame of a new state is looked at at once, others a few
    times a second.
    """

    def __init__(self, window: QQuickWindow, bridge: Bridge, path: Path) -> None:
        super().__init__(window)
        self._window = window
        self._bridge = bridge
        self._file = path.open("a", encoding="utf-8", buffering=1)
        self._last = ""
        self._new = True
        self._since = QElapsedTimer()
        self._later = QTimer(self, singleShot=True, interval=_EVERY_MS)
        self._later.timeout.connect(self.look)
        window.frameSwapped.connect(self._drawn)
        bridge.shown.connect(self._shown)

    def look(self) -> None:
        """Write a line if anything differs from the last one."""
        self._new = False
        self._since.start()
        self._later.stop()
        line = json.dumps(
            {"screen": self._bridge.model.state.screen.value, "controls": touch_map(self._window)},
            sort_keys=True,
        )
        if line != self._last:
            self._last = line
            self._file.write(line + "\n")

    def close(self) -> None:
        """Stop looking."""
        self._window.frameSwapped.disconnect(self._drawn)
        self._later.stop()
        self._file.close()

    def _shown(self) -> None:
        self._new = True
        self._window.update()

    def _drawn(self) -> None:
        if self._new or self._since.elapsed() >= _EVERY_MS:
            self.look()
        elif not self._later.isActive():
            self._later.start()  # what moves may come to rest without another frame


def _walk(item: QQuickItem) -> Iterator[QQuickItem]:
    if not item.isVisible() or not item.isEnabled():
        return
    if item.property("touchable") is True:
        yield item
    for child in item.childItems():
        yield from _walk(child)
