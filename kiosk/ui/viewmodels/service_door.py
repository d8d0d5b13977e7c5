"""The hidden corner, the digits of a PIN while they are entered, and what is asked for in the open service menu.

The digits live here, are never shown, and are wiped as soon as they went down, or the question went away.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk.core import commands
from kiosk.core.care import MenuAction
from kiosk.core.menu import touch_corner
from kiosk.ui.i18n.catalog import Catalog
from signaling.protocol.health import MAX_PIN_DIGITS, MIN_PIN_DIGITS


class ServiceDoor(QObject):
    """Slots that QML calls. None of them waits.

    Args:
        submit: Takes the commands.
        catalog: The present language's words.
        now_s: Monotonic seconds.
    """

    digitsChanged = Signal()

    def __init__(
        self,
        submit: Callable[[commands.Command], None],
        catalog: Callable[[], Catalog],
        parent: QObject | None = None,
        *,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._submit = submit
        self._catalog = catalog
        self._now_s = now_s
        self._touches: tuple[float, ...] = ()
        self._pin = ""

    def _get_digits(self) -> int:
        return len(self._pin)

    def _get_spoken(self) -> str:
        return self._catalog().say_counted("pin_entered", len(self._pin))

    def _get_enough(self) -> bool:
        return len(self._pin) >= MIN_PIN_DIGITS

    digits = Property(int, _get_digits, notify=digitsChanged)
    spoken = Property(str, _get_spoken, notify=digitsChanged)
    enough = Property(bool, _get_enough, notify=digitsChanged)
    mostDigits = Property(int, lambda _self: MAX_PIN_DIGITS, constant=True)

    @Slot()
    def touchCorner(self) -> None:
        """The hidden corner was touched once."""
        self._touches, enough = touch_corner(self._touches, self._now_s())
        if enough:
            self._submit(commands.OpenMenu())

    @Slot(str)
    def digit(self, digit: str) -> None:
        """One digit more; beyond the longest PIN none."""
        if len(self._pin) < MAX_PIN_DIGITS:
            self._change(self._pin + digit)

    @Slot()
    def delete(self) -> None:
        """Take the last digit away."""
        self._change(self._pin[:-1])

    @Slot()
    def enter(self) -> None:
        """All digits are there; fewer than a PIN has are no try."""
        pin = self._pin
        if len(pin) >= MIN_PIN_DIGITS:
            self._change("")
            self._submit(commands.EnterPin(pin))

    @Slot()
    def close(self) -> None:
        """Leave the menu, or the question."""
        self.forget()
        self._submit(commands.CloseMenu())

    @Slot(str, str)
    def do(self, action: str, value: str) -> None:
        """Something in the open menu; a name of `MenuAction` and what belongs to it."""
        self._submit(commands.MenuDo(MenuAction(action), value))

    def forget(self) -> None:
        """The question is gone: the digits are wiped."""
        if self._pin:
            self._change("")

    def _change(self, pin: str) -> None:
        if pin != self._pin:
            self._pin = pin
            self.digitsChanged.emit()
