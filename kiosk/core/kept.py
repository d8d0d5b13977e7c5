"""What a kiosk keeps of itself from start to start: how it ended, what it was asked, which devices were chosen. Pure.

Nothing of it is about a visit or a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from kiosk.core.care import DeviceKind, Settings
from kiosk.core.health.truth import DAY_S
from kiosk.core.menu import Tries
from kiosk.core.orders import Memory
from signaling.protocol.vocabulary import LensSide

#: More starts than these tell nothing more.
STARTS_KEPT: Final = 50


@dataclass(frozen=True, slots=True)
class Choices:
    """What was chosen at the kiosk itself. None: as the server says.

    Attributes:
        devices: Instead of those that the program was started with.
        lens_side, camera_height_cm: Somebody with a ruler stood there; it holds until the forms say something else
            than `lens_side_then` and `camera_height_then`, which is what they said when it was chosen.
    """

    devices: Mapping[DeviceKind, str] = field(default_factory=dict)
    lens_side: LensSide | None = None
    lens_side_then: LensSide | None = None
    camera_height_cm: int | None = None
    camera_height_then: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """All of it.

    Attributes:
        boot: Which start of the machine this was written in.
        ended: The program was told to end, or wished to.
        restarts: Starts that nobody wanted, UTC, seconds since 1970.
        touched_at_s: When somebody touched the screen last, or when the kiosk was first started, UTC.
        orders: What has become of them.
        choices: Made in the service menu.
        tries: Of those who wanted into it.
    """

    boot: str = ""
    ended: bool = True
    restarts: tuple[float, ...] = ()
    touched_at_s: float | None = None
    orders: Memory = field(default_factory=dict)
    choices: Choices = field(default_factory=Choices)
    tries: Tries = field(default_factory=Tries)


def started(before: Kept, boot: str, wall_s: float) -> Kept:
    """The program starts: it counts when nobody wanted it and the machine was on all the while."""
    wanted = before.ended or before.boot != boot
    restarts = before.restarts if wanted else (*before.restarts, wall_s)
    lately = tuple(at_s for at_s in restarts if wall_s - at_s < DAY_S)[-STARTS_KEPT:]
    touched_at_s = wall_s if before.touched_at_s is None else min(before.touched_at_s, wall_s)
    return replace(before, boot=boot, ended=False, restarts=lately, touched_at_s=touched_at_s)


def still_open(choices: Choices, said: Settings) -> Choices:
    """What the server does not know yet. The rest is forgotten, or it would come back with an old word of the forms."""
    if said.lens_side is not choices.lens_side_then or said.lens_side is choices.lens_side:
        choices = replace(choices, lens_side=None, lens_side_then=None)
    if said.camera_height_cm != choices.camera_height_then or said.camera_height_cm == choices.camera_height_cm:
        choices = replace(choices, camera_height_cm=None, camera_height_then=None)
    return choices


def as_chosen(settings: Settings, choices: Choices) -> Settings:
    """The server's settings, with what was chosen on the spot since."""
    if choices.lens_side is not None and settings.lens_side is choices.lens_side_then:
        settings = replace(settings, lens_side=choices.lens_side)
    if choices.camera_height_cm is not None and settings.camera_height_cm == choices.camera_height_then:
        settings = replace(settings, camera_height_cm=choices.camera_height_cm)
    return settings
