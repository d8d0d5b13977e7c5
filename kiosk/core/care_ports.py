"""What the care of the kiosk needs from the world: tests of its parts, the machine under it, and files that last."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from kiosk.core.care import Looked
from signaling.protocol.health import HealthArea, OrderFault, TestKind


class AreaTest(Protocol):
    """Looks at one or more areas of this kiosk.

    When it is cancelled (somebody taps), every device is free again before the cancellation is passed on.
    """

    @property
    def areas(self) -> frozenset[HealthArea]:
        """What it looks at."""

    async def look(self, kind: TestKind) -> Looked:
        """Look now; what is wrong is never raised: that is what it finds.

        Args:
            kind: `LIGHT` makes no sound, opens no camera and makes no call; then only what was looked at is in
                `Looked.areas`.
        """


class Ending(StrEnum):
    """Why the program is to end by its own wish."""

    RESTART = "restart"  # its supervisor starts it anew
    LEAVE = "leave"  # somebody wants to work on the machine: it stays away


class Machine(Protocol):
    """The computer that the kiosk runs on, and whoever supervises this program. Nothing here raises."""

    def ready(self) -> None:
        """Tell the supervisor that the program is up: a screen was drawn."""

    def alive(self) -> None:
        """Tell the supervisor that screen and engine live."""

    def status(self, text: str) -> None:
        """Tell the supervisor one line for whoever looks."""

    async def restart(self) -> OrderFault | None:
        """Start the whole machine anew; None when it has begun."""

    async def brighten(self, percent: int) -> bool:
        """Make the screen as bright as that, 0 turns it off; False when the machine cannot, and the window must."""


class DeviceKind(StrEnum):
    """What can be chosen in the service menu."""

    CAMERA = "camera"
    MICROPHONE = "microphone"
    LOUDSPEAKER = "loudspeaker"


class DeviceNames(Protocol):
    """What is plugged in."""

    def names(self, kind: DeviceKind) -> tuple[str, ...]:
        """As the system lists them. May take a while; any thread."""
