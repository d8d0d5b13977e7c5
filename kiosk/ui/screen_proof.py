"""Proves that what is on the screen is what was drawn there: a small pattern, new each time, is drawn and read back.

A black screen with a living process is the failure that nobody notices. So every few seconds the square in the
window's corner (`qml/controls/ProofMark.qml`) gets another pattern, in two colours that the eye hardly tells apart;
when that was drawn, the window's own picture is read back, and what the machine really shows where the platform lets
a program see it (X11 does, Wayland does not). Every look is told as `ScreenSeen`; when the screen's thread stands
still no word comes, and that tells the same. A look costs 2 ms of processor at 1080x1920 (measured with Xvfb).

What it does not do: see that a panel has no power, or say who is to blame.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage
from PySide6.QtQuick import QQuickItem, QQuickWindow

from kiosk.core.commands import Command, ScreenSeen

#: Between two looks.
LOOK_EVERY_MS: Final = 5000
#: A pattern that was not drawn after this time will not be; a slow machine under load took 0.3 s.
PATIENCE_MS: Final = 2000
#: Between two readings of one look.
AGAIN_MS: Final = 100
#: The square has so many cells a side, and a pattern one bit for each.
CELLS: Final = 4
#: How far a colour may be from what was asked for: a screen with 16 bits a pixel rounds by up to 7 of 255.
TOLERANCE: Final = 8
#: The whole picture is looked at in so many places a side; all of one colour is no screen of ours.
_SAMPLES: Final = 24

_MARK: Final = "proof"


def _any_pattern() -> int:
    return secrets.randbits(CELLS * CELLS)


def _timer(parent: QObject, after_ms: int, then: Callable[[], None], *, once: bool = False) -> QTimer:
    timer = QTimer(parent)
    timer.setInterval(after_ms)
    timer.setSingleShot(once)
    timer.timeout.connect(then)
    return timer


class ScreenProof(QObject):
    """Looks at the window every few seconds, and when asked. Belongs to the screen's thread but for `look_soon`.

    Args:
        window: The kiosk's window, with its mark in it.
        submit: Takes each `ScreenSeen`; must not wait.
        new_pattern: Chance: any number of 16 bits.
        now_s: Monotonic seconds.
        every_ms: Between two looks.
        patience_ms: How long drawing may take.
    """

    _asked = Signal()

    def __init__(
        self,
        window: QQuickWindow,
        submit: Callable[[Command], None],
        *,
        new_pattern: Callable[[], int] = _any_pattern,
        now_s: Callable[[], float] = time.monotonic,
        every_ms: int = LOOK_EVERY_MS,
        patience_ms: int = PATIENCE_MS,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._submit = submit
        self._new_pattern = new_pattern
        self._now_s = now_s
        self._asked_s: float | None = None
        self._swapped = False
        self._every = _timer(self, every_ms, self.look)
        self._again = _timer(self, AGAIN_MS, self._read, once=True)
        self._patience = _timer(self, patience_ms, self._give_up, once=True)
        self._asked.connect(self.look, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Look now, and then every few seconds."""
        self._every.start()
        self.look()

    def stop(self) -> None:
        """Look no more: the window goes away."""
        self._every.stop()
        if self._asked_s is not None:
            self._end()

    def look_soon(self) -> None:
        """Look as soon as the screen's thread comes round. Any thread; returns at once."""
        self._asked.emit()

    def look(self) -> None:
        """Draw another pattern, and read it back when it was drawn. While one look is on its way, it answers both."""
        if self._asked_s is not None:
            return
        self._asked_s = self._now_s()
        self._swapped = False
        self._patience.start()
        mark = self._mark()
        if mark is not None:
            wanted = self._new_pattern() % (1 << CELLS * CELLS)
            # What was there before must not be enough.
            mark.setProperty("pattern", wanted if wanted != mark.property("pattern") else wanted ^ 1)
            if mark.property("resting"):
                self._again.start()  # a screen that is off draws nothing by itself; reading it back draws it
        self._window.frameSwapped.connect(self._was_swapped)
        self._window.update()

    def _mark(self) -> QQuickItem | None:
        return self._window.contentItem().findChild(QQuickItem, _MARK)

    def _was_swapped(self) -> None:
        if not self._swapped:
            self._swapped = True
            self._read()

    def _read(self) -> None:
        if self._found():
            self._tell(drawn=True)
        else:
            self._again.start()  # a compositor may show it a moment later

    def _give_up(self) -> None:
        self._tell(drawn=self._found())

    def _tell(self, *, drawn: bool) -> None:
        if self._asked_s is None:
            return
        after_ms = (self._now_s() - self._asked_s) * 1000
        self._end()
        self._submit(ScreenSeen(drawn, round(after_ms, 1)))

    def _end(self) -> None:
        self._asked_s = None
        self._again.stop()
        self._patience.stop()
        self._window.frameSwapped.disconnect(self._was_swapped)

    def _found(self) -> bool:
        mark = self._mark()
        if mark is None or not self._window.isVisible():
            return False
        resting = bool(mark.property("resting"))
        if not resting and not (self._swapped and self._window.isExposed()):
            return False
        whole = self._window.grabWindow()
        if not shows(whole, mark, self._window.effectiveDevicePixelRatio()):
            return False
        if not resting and is_one_colour(whole):
            return False
        seen = self._on_the_glass(mark)
        return resting or seen is None or pattern_in(seen, mark)

    def _on_the_glass(self, mark: QQuickItem) -> QImage | None:
        """What the machine shows where the mark is; None where a program cannot see that."""
        screen = self._window.screen()
        place = box(mark)
        corner = self._window.mapToGlobal(place.topLeft()) - screen.geometry().topLeft()
        picture = screen.grabWindow(0, corner.x(), corner.y(), place.width(), place.height())
        return None if picture.isNull() else picture.toImage()


def box(mark: QQuickItem) -> QRect:
    """The mark's place in its window, in the window's own (device independent) pixels."""
    corner = mark.mapToScene(mark.boundingRect().topLeft())
    return QRect(round(corner.x()), round(corner.y()), round(mark.width()), round(mark.height()))


def shows(whole: QImage, mark: QQuickItem, ratio: float) -> bool:
    """Whether the window's picture has the mark's pattern in its place.

    Args:
        whole: The window's picture; a null image when there is none.
        mark: The mark, with the pattern and the colours that were asked for.
        ratio: Pixels of the picture for one of the window.
    """
    place = box(mark)
    cut = QRect(*(round(part * ratio) for part in (place.x(), place.y(), place.width(), place.height())))
    return whole.rect().contains(cut) and pattern_in(whole.copy(cut), mark)


def pattern_in(picture: QImage, mark: QQuickItem) -> bool:
    """Whether a picture of nothing but the mark has the pattern that was asked for: the middle of each cell is read."""
    pattern, colours = int(mark.property("pattern")), (QColor(mark.property("off")), QColor(mark.property("on")))
    for cell in range(CELLS * CELLS):
        row, column = divmod(cell, CELLS)
        place = (
            int((column + 0.5) * picture.width() / CELLS),
            int((row + 0.5) * picture.height() / CELLS),
        )
        found = picture.pixelColor(*place)
        bit = pattern >> cell & 1
        wanted, other = colours[bit], colours[1 - bit]
        if distance(found, wanted) > TOLERANCE or distance(found, wanted) >= distance(found, other):
            return False
    return True


def distance(one: QColor, other: QColor) -> int:
    """How far two colours are from each other: the largest difference of red, green and blue, 0 to 255."""
    return max(abs(one.red() - other.red()), abs(one.green() - other.green()), abs(one.blue() - other.blue()))


def is_one_colour(whole: QImage) -> bool:
    """Whether a picture is the same everywhere: the mark may be there, and nothing else."""
    few = whole.scaled(_SAMPLES, _SAMPLES).convertToFormat(QImage.Format.Format_RGB32)
    pixels = bytes(few.constBits())
    return pixels == pixels[:4] * (len(pixels) // 4)
