"""What the care of the kiosk needs from the world: tests of its parts, the machine under it, and files that last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from kiosk.core.care import DeviceKind, Looked
from kiosk.core.kept import Kept
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

    def status(self, *, busy: bool) -> None:
        """Tell the supervisor whether a visitor is there: a new version of the program waits for the end of a visit."""

    async def restart(self) -> OrderFault | None:
        """Start the whole machine anew; None when it has begun."""

    async def brighten(self, percent: int) -> bool:
        """Make the screen as bright as that, 0 turns it off; False when the machine cannot, and the window must."""


class DeviceNames(Protocol):
    """What is plugged in."""

    def names(self, kind: DeviceKind) -> tuple[str, ...]:
        """As the system lists them. May take a while; any thread."""

    def plugged(self) -> frozenset[str]:
        """What is plugged in now, of whatever kind: another answer means that something came or went. Any thread."""


class LogSaved(StrEnum):
    """Where the log was written to."""

    STICK = "stick"
    MACHINE = "machine"  # no stick: it lies in the program's own folder
    NOWHERE = "nowhere"


class Place(Protocol):
    """Where this program stands: its version, its neighbours and its files."""

    def facts(self) -> tuple[tuple[str, str], ...]:
        """What somebody on site asks about, as in `kiosk.core.care.Menu`. Any thread."""

    def want(self, version: str) -> None:
        """Tell the updater which version the server asks for; empty: as it is. Any thread."""

    def refused(self, version: str) -> bool:
        """Whether the updater has given that version up. Any thread."""

    def export_log(self) -> LogSaved:
        """Write what the program logged to where somebody can fetch it. Any thread."""


@dataclass(frozen=True, slots=True)
class CareParts:
    """Everything that the care is made with.

    Attributes:
        stages: The tests, in their order; those of one stage are made at the same time.
        machine: The computer, and who supervises.
        place: Files and facts of this installation.
        devices: What is plugged in.
        kept: From the start before, this start being counted in.
        keep: Keeps it; any thread, may wait for the disk.
        check_pin: Whether a PIN (first) is the one of a hash (second). Slow on purpose; any thread.
        end: The program is to end.
        cpu_s: Processor time of this process until now.
        second_engine: The best media engine did not load.
        device_names: What was asked for at the start, by kind.
    """

    machine: Machine
    place: Place
    devices: DeviceNames
    keep: Callable[[Kept], None]
    check_pin: Callable[[str, str], bool]
    end: Callable[[Ending], None]
    cpu_s: Callable[[], float]
    stages: Sequence[Sequence[AreaTest]] = ()
    kept: Kept = field(default_factory=Kept)
    second_engine: bool = False
    device_names: tuple[tuple[DeviceKind, str], ...] = ()
