"""Shows the kiosk's screens without a kiosk: opens the window, publishes states, touches what is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPointingDevice
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from kiosk.adapters.picture_scaler import PictureScaler
from kiosk.core.commands import Command
from kiosk.core.snapshot import ScreenState
from kiosk.ui.bridge import Bridge
from kiosk.ui.probe import Box, touch_map, touchable_items
from kiosk.ui.window import KioskWindow, open_window
from signaling.protocol.vocabulary import LensSide

PORTRAIT = QSize(1080, 1920)
LANDSCAPE = QSize(1920, 1080)


@cache
def finger_device() -> QPointingDevice:
    """A touchscreen that exists for this process alone; Qt keeps it for good, so there is one."""
    return QTest.createTouchDevice()


class ScreenDriver:
    """One open kiosk window, and what its visitor asked for.

    Attributes:
        commands: Every command that went down, oldest first.
    """

    def __init__(
        self,
        app: QGuiApplication,
        size: QSize = PORTRAIT,
        *,
        dark: bool = False,
        lens: LensSide = LensSide.TOP,
    ) -> None:
        self.commands: list[Command] = []
        self._closed = False
        self.bridge = Bridge(self.commands.append, PictureScaler())
        self.window: KioskWindow = open_window(
            app, self.bridge, size=size, dark=dark, lens_side=lens, reduced_motion=True
        )
        self.settle()

    def settle(self, rounds: int = 3) -> None:
        """Let everything that is queued happen, and the screen be laid out and drawn (refreshes are 5 ms apart)."""
        for _ in range(rounds):
            QTest.qWait(10)
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def rest(self, for_ms: int = 120) -> None:
        """Let the screen run for a few refreshes, to see that nothing happens."""
        QTest.qWait(for_ms)

    def show(self, state: ScreenState) -> None:
        """Publish a state as the engine would, and wait until it is drawn."""
        self.bridge.publish(state)
        self.settle()

    def controls(self) -> dict[str, Box]:
        """Where a hand could touch."""
        return touch_map(self.window.view)

    def touch(self, name: str) -> None:
        """Touch the middle of a control with a finger, and let go."""
        x, y, width, height = self.controls()[name]
        self.touch_at(QPoint(x + width // 2, y + height // 2))

    def touch_at(self, place: QPoint, release: QPoint | None = None) -> None:
        """Put a finger somewhere, and lift it there or elsewhere."""
        view, finger = self.window.view, finger_device()
        QTest.touchEvent(view, finger).press(0, place).commit()
        if release is not None and release != place:
            QTest.touchEvent(view, finger).move(0, release).commit()
        QTest.touchEvent(view, finger).release(0, release or place).commit()
        self.settle()

    def click(self, name: str) -> None:
        """Click the middle of a control with a mouse."""
        x, y, width, height = self.controls()[name]
        place = QPoint(x + width // 2, y + height // 2)
        QTest.mouseClick(self.window.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
        self.settle()

    def item(self, name: str) -> QQuickItem:
        """A visible, enabled control. Raises KeyError when it is not there."""
        for item in touchable_items(self.window.view):
            if item.objectName() == name:
                return item
        raise KeyError(name)

    def type(self, text: str) -> None:
        """Type on the keys that are shown."""
        for letter in text:
            names = {" ": "key_space", ",": "key_comma", ".": "key_point", "?": "key_question"}
            self.touch(names.get(letter, f"key_{letter.lower()}"))

    def press_key_on(self, name: str) -> None:
        """Give a control the keyboard's focus and press Return."""
        self.window.view.requestActivate()
        self.settle()
        self.item(name).forceActiveFocus()
        QTest.keyClick(self.window.view, Qt.Key.Key_Return)
        self.settle()

    def words(self) -> list[str]:
        """Every text on the screen."""
        return list(_texts(self.window.view.contentItem()))

    def find(self, name: str) -> QQuickItem:
        """A visible item by its object name. Raises LookupError when it is not there."""
        for item in _visible(self.window.view.contentItem()):
            if item.objectName() == name:
                return item
        raise LookupError(name)

    def picture(self) -> QImage:
        """What is on the screen."""
        self.settle()
        return self.window.view.grabWindow()

    def wait_for(self, happened: Callable[[], bool], rounds: int = 200) -> None:
        """Let the screen run until something is so. Raises AssertionError when it never is."""
        for _ in range(rounds):
            if happened():
                return
            self.settle(1)
        raise AssertionError("it never happened")

    def close(self) -> None:
        """Close the window. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        self.window.close()
        self.window.view.deleteLater()
        self.settle()


def _visible(item: QQuickItem) -> Iterator[QQuickItem]:
    if not item.isVisible():
        return
    yield item
    for child in item.childItems():
        yield from _visible(child)


def _texts(item: QQuickItem) -> Iterator[str]:
    for seen in _visible(item):
        text = seen.property("text")
        if isinstance(text, str) and text and seen.inherits("QQuickText"):
            yield text
