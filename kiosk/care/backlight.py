"""Makes the screen as bright as it should be now, by the machine where it can."""

from __future__ import annotations

from collections.abc import Callable, Coroutine

from kiosk.core.care_ports import Machine


class Backlight:
    """The light behind the screen.

    Args:
        machine: The computer, which may or may not be able to.
        start: Lets work go on beside everything else.
        changed: It turned out that the machine can, or cannot.
    """

    def __init__(
        self,
        machine: Machine,
        start: Callable[[Coroutine[object, object, None]], None],
        changed: Callable[[], None],
    ) -> None:
        self._machine = machine
        self._start = start
        self._changed = changed
        self._percent: int | None = None
        self._works = False

    @property
    def works(self) -> bool:
        """The machine itself makes the screen as bright as it should be; else the window must dim."""
        return self._works

    @property
    def is_off(self) -> bool:
        """We turned the screen off: nothing can be seen on it, and all is well."""
        return self._percent == 0 and self._works

    def shine(self, percent: int) -> None:
        """As bright as that from now on; 0 is off."""
        if percent != self._percent:
            self._percent = percent
            self._start(self._brighten(percent))

    async def _brighten(self, percent: int) -> None:
        can = await self._machine.brighten(percent)
        if can != self._works and percent == self._percent:
            self._works = can
            self._changed()
