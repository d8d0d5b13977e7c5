"""Where a hand could touch right now, for tests and for the demonstration that plays a visitor.

Not used in normal operation: somebody has to ask for it by name (`kiosk --probe FILE`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QPointF, QTimer
from PySide6.QtQuick import QQuickItem, QQuickWindow

from kiosk.ui.bridge import Bridge

Box = tuple[int, int, int, int]

#: In a conversation every picture is a frame, and to look at each took a quarter of the main thread's work. While
#: nothing new is seen it is looked at ever more seldom: ten times a second took an eighth.
_EVERY_MS: Final = 100
_SELDOM_MS: Final = 800
_HANDS: Final = frozenset({QEvent.Type.TouchBegin, QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress})


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
    times a second, and more seldom when nothing has changed since the last hand or state.
    """

    def __init__(self, window: QQuickWindow, bridge: Bridge, path: Path) -> None:
        super().__init__(window)
        self._window = window
        self._bridge = bridge
        self._file = path.open("a", encoding="utf-8", buffering=1)
        self._last = ""
        self._new = True
        self._every_ms = _EVERY_MS
        self._since = QElapsedTimer()
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self.look)
        window.frameSwapped.connect(self._drawn)
        bridge.shown.connect(self._shown)
        window.installEventFilter(self)

    @property
    def every_ms(self) -> int:
        """How often frames without a new state are looked at now, milliseconds."""
        return self._every_ms

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """See that a hand is there (Qt's name): what it does is looked at soon."""
        if event.type() in _HANDS:
            self._every_ms = _EVERY_MS
        return False

    def look(self) -> None:
        """Write a line if anything differs from the last one."""
        self._new = False
        self._since.start()
        self._later.stop()
        line = json.dumps(
            {"screen": self._bridge.model.state.screen.value, "controls": touch_map(self._window)},
            sort_keys=True,
        )
        if line == self._last:
            self._every_ms = min(_SELDOM_MS, 2 * self._every_ms)
            return
        self._every_ms = _EVERY_MS
        self._last = line
        self._file.write(line + "\n")

    def close(self) -> None:
        """Stop looking."""
        self._window.removeEventFilter(self)
        self._window.frameSwapped.disconnect(self._drawn)
        self._later.stop()
        self._file.close()

    def _shown(self) -> None:
        self._new = True
        self._every_ms = _EVERY_MS
        self._window.update()

    def _drawn(self) -> None:
        if self._new or self._since.elapsed() >= self._every_ms:
            self.look()
        elif not self._later.isActive():
            self._later.start(self._every_ms)  # what moves may come to rest without another frame


def _walk(item: QQuickItem) -> Iterator[QQuickItem]:
    if not item.isVisible() or not item.isEnabled():
        return
    if item.property("touchable") is True:
        yield item
    for child in item.childItems():
        yield from _walk(child)
