"""Shows the kiosk's screens without a kiosk: opens the window, publishes states, touches what is there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage, QMouseEvent

from kiosk.core.commands import Command
from kiosk.core.snapshot import ScreenState
from kiosk.ui.bridge import Bridge
from kiosk.ui.probe import Box, touch_map
from kiosk.ui.window import KioskWindow, LensSide, open_window

PORTRAIT = QSize(1080, 1920)
LANDSCAPE = QSize(1920, 1080)


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
        self.bridge = Bridge(self.commands.append)
        self.window: KioskWindow = open_window(
            app, self.bridge, size=size, dark=dark, lens_side=lens, reduced_motion=True
        )
        self.settle()

    def settle(self, rounds: int = 6) -> None:
        """Let everything that is queued happen, and the screen be drawn."""
        for _ in range(rounds):
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def show(self, state: ScreenState) -> None:
        """Publish a state as the engine would, and wait until it is drawn."""
        self.bridge.publish(state)
        self.settle()

    def controls(self) -> dict[str, Box]:
        """Where a hand could touch."""
        return touch_map(self.window.view)

    def touch(self, name: str) -> None:
        """Touch the middle of a control, and let go."""
        x, y, width, height = self.controls()[name]
        self.press_at(QPoint(x + width // 2, y + height // 2))

    def press_at(self, place: QPoint) -> None:
        """Touch a place of the window, and let go."""
        view = self.window.view
        for kind, buttons in (
            (QEvent.Type.MouseButtonPress, Qt.MouseButton.LeftButton),
            (QEvent.Type.MouseButtonRelease, Qt.MouseButton.NoButton),
        ):
            event = QMouseEvent(
                kind,
                QPointF(place),
                QPointF(view.mapToGlobal(place)),
                Qt.MouseButton.LeftButton,
                buttons,
                Qt.KeyboardModifier.NoModifier,
            )
            QCoreApplication.sendEvent(view, event)
        self.settle()

    def type(self, text: str) -> None:
        """Type on the keys that are shown."""
        for letter in text:
            names = {" ": "key_space", ",": "key_comma", ".": "key_point", "?": "key_question"}
            self.touch(names.get(letter, f"key_{letter.lower()}"))

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
        """Close the window."""
        self.window.close()
        self.window.view.deleteLater()
        self.settle()
