"""What the kiosk knows of itself, and how it is to run: values that care, session and screen share.

What it is for: one vocabulary for self-tests, settings, orders and the service menu. What it does not do: test anything
(`kiosk.adapters.health`), decide when (`kiosk.core.health`), draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from signaling.protocol.health import HealthArea, HealthCode, HealthNumber, OrderKind, TestKind, can_take_a_call
from signaling.protocol.vocabulary import Language, LensSide, OutOfServiceCause

#: A span of the local day in minutes, `(opens, closes)`.
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Settings:
    """How this kiosk is to run, as the server pushed it last; kept for when the server is away.

    Attributes as in `signaling.protocol.messages.KioskSettings`; `week` is Monday to Sunday, None is always open.
    """

    lens_side: LensSide = LensSide.TOP
    camera_height_cm: int = 0
    brightness_percent: int = 100
    closed_brightness_percent: int = 20
    volume_max_percent: int = 100
    quiet_from_min: int = 0
    quiet_to_min: int = 0
    quiet_volume_max_percent: int = 60
    test_at_min: int = 180
    week: tuple[tuple[Span, ...], ...] | None = None
    pin_hash: str = field(default="", repr=False)
    version: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """Something that the console asks of this kiosk."""

    id: str
    kind: OrderKind
    taken: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    """What one self-test of some areas has found.

    Attributes:
        areas: What was looked at; a finding of these areas that is not in `findings` is mended.
        findings: What is wrong.
        numbers: What was measured.
    """

    areas: frozenset[HealthArea]
    findings: frozenset[HealthCode] = frozenset()
    numbers: Mapping[HealthNumber, float] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Health:
    """What is true of this kiosk now, over all areas.

    Attributes:
        findings: Everything that is wrong, what explains others first.
        numbers: The latest of each.
        test: What the last test was; None before the first.
        testing: The area that is being tested now.
        drawn: What is on the screen is what was drawn there.
        touched: Somebody has touched the screen since the program started.
        tested_at: When the last test ended, UTC.
    """

    findings: tuple[HealthCode, ...] = ()
    numbers: Mapping[HealthNumber, float] = field(default_factory=dict, hash=False)
    test: TestKind | None = None
    tested_at: datetime | None = None
    testing: HealthArea | None = None
    drawn: bool = False
    touched: bool = False


@dataclass(frozen=True, slots=True)
class Identify:
    """The kiosk shows who it is, large, for somebody who stands in the room with a telephone.

    Attributes:
        name: As the forms call it.
        code: Four signs that the health page shows, too: the last four of its id.
        left_s: Until the screen goes back by itself.
    """

    name: str
    code: str
    left_s: int


class MenuStage(StrEnum):
    """How far somebody is into the service menu."""

    CLOSED = "closed"
    PIN = "pin"
    LOCKED_OUT = "locked_out"  # too many wrong PINs
    NO_PIN = "no_pin"  # none has been set: there is no way in
    OPEN = "open"


class MenuAction(StrEnum):
    """What can be done in the open service menu, and what `MenuDo.value` says then."""

    CAMERA = "camera"  # a name of `Menu.cameras`
    MICROPHONE = "microphone"
    LOUDSPEAKER = "loudspeaker"
    LENS_SIDE = "lens_side"  # a `LensSide`
    CAMERA_HEIGHT = "camera_height"  # centimetres above the floor
    SHOW_CAMERA = "show_camera"  # "on", or nothing for off
    TRY_SOUND = "try_sound"  # "on": the loudspeaker is heard until "", or until the menu closes
    TEST = "test"
    EXPORT_LOG = "export_log"
    RESTART_PROGRAM = "restart_program"
    RESTART_MACHINE = "restart_machine"
    LEAVE = "leave"  # end the program for good: somebody wants to work on the machine


#: A wrong PIN may be entered so often; then the menu stays closed for a while, and for longer each time.
PIN_TRIES: Final = 5
LOCK_OUT_S: Final = 300.0


class DeviceKind(StrEnum):
    """What can be chosen in the service menu."""

    CAMERA = "camera"
    MICROPHONE = "microphone"
    LOUDSPEAKER = "loudspeaker"


@dataclass(frozen=True, slots=True)
class DeviceChoice:
    """One kind of device: what there is, and which is used. Names as the system lists them."""

    names: tuple[str, ...] = ()
    chosen: str = "default"


@dataclass(frozen=True, slots=True)
class Menu:
    """The service menu.

    Attributes:
        tries_left: Until it is locked.
        locked_s: How long it stays locked.
        level_percent: Of the microphone, while the menu is open.
        camera_open: The camera's picture is shown, for its height and what it sees.
        facts: Name and value of what somebody on site asks about (server, addresses, version); names are keys of
            the screen's texts.
        link_up, link_since: The server is there, or away, and since when (UTC); None while nobody has looked.
        message: A key of the screen's texts: what became of the last thing that was asked for; empty: nothing.
    """

    stage: MenuStage = MenuStage.CLOSED
    tries_left: int = PIN_TRIES
    locked_s: int = 0
    cameras: DeviceChoice = field(default_factory=DeviceChoice)
    microphones: DeviceChoice = field(default_factory=DeviceChoice)
    loudspeakers: DeviceChoice = field(default_factory=DeviceChoice)
    level_percent: int = 0
    camera_open: bool = False
    facts: tuple[tuple[str, str], ...] = ()
    link_up: bool = False
    link_since: datetime | None = None
    message: str = ""


#: Red, and yet no reason to turn visitors away: the link tells by itself whether the server is there, nobody could
#: read what a dark screen says, and a full disk stops no conversation.
NO_REASON_TO_CLOSE: Final = frozenset({HealthCode.SERVER_UNREACHED, HealthCode.SCREEN_NOT_DRAWN, HealthCode.DISK_FULL})


@dataclass(frozen=True, slots=True)
class Care:
    """Everything that the screen needs to know about the kiosk itself.

    Attributes:
        kiosk_name: As the forms call it.
        settings: How it is to run.
        opened: The branch is open.
        health: How it is.
        brightness_percent: Of the screen now; 0: it is to be off.
        backlight: The machine itself makes the screen as bright as that; else the window must dim.
        volume_max_percent: The loudspeaker goes no further now.
        identify: It shows who it is.
        lock: It is locked by somebody, with these texts; None: it is not.
        menu: The service menu.
        reloads: Rises when everything is to be drawn anew.
    """

    kiosk_name: str = ""
    settings: Settings = field(default_factory=Settings)
    opened: bool = True
    health: Health = field(default_factory=Health)
    brightness_percent: int = 100
    backlight: bool = False
    volume_max_percent: int = 100
    identify: Identify | None = None
    lock: Mapping[Language, str] | None = field(default=None, hash=False)
    menu: Menu = field(default_factory=Menu)
    reloads: int = 0


def unfit(care: Care) -> OutOfServiceCause | None:
    """Why this kiosk offers no call, although the server would; None when it does."""
    if care.lock is not None:
        return OutOfServiceCause.LOCKED
    reasons = set(care.health.findings) - NO_REASON_TO_CLOSE
    return None if can_take_a_call(reasons) else OutOfServiceCause.BROKEN
