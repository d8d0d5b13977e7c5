"""What can be wrong with a kiosk, as data: every finding with its area and what it means for a call.

"Can this kiosk take a call right now?" is no while there is a finding that is `RED`, and yes otherwise. The sentence
and the remedy of each finding are in `signaling.protocol.health_texts`; kiosk, server, console and the messages to
people all take them from there. What it does not do: find anything; kiosks test themselves (`kiosk.core.health`), and
the server sees who stays away (`signaling.domain.health`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import Final


class Light(StrEnum):
    """How a kiosk is, in one word. Ordered from best to worst."""

    GREEN = "green"
    AMBER = "amber"  # it takes calls; somebody should look at it
    RED = "red"  # it can take no call as promised
    GREY = "grey"  # nothing is known of it: it has never been connected


class HealthArea(StrEnum):
    """What is tested together. A test says which areas it looked at; of the others the last finding stands."""

    SOUND = "sound"
    CAMERA = "camera"
    SCREEN = "screen"
    NETWORK = "network"
    CALL = "call"
    MACHINE = "machine"
    PROGRAM = "program"
    REACH = "reach"  # what only the server can see


class HealthCode(StrEnum):
    """Everything that can be found."""

    # Loudspeaker and microphone.
    LOUDSPEAKER_MISSING = "loudspeaker_missing"
    LOUDSPEAKER_SILENT = "loudspeaker_silent"  # the microphone hears the room, and not the sweep
    LOUDSPEAKER_MUTED = "loudspeaker_muted"  # the system says that the output is muted or turned to nothing
    LOUDSPEAKER_WRONG = "loudspeaker_wrong"  # another output is heard instead
    MICROPHONE_MISSING = "microphone_missing"
    MICROPHONE_DEAF = "microphone_deaf"  # not even the noise of a room
    MICROPHONE_WRONG = "microphone_wrong"  # another input hears the sweep
    SOUND_TOO_QUIET = "sound_too_quiet"
    SOUND_TOO_LOUD = "sound_too_loud"  # the microphone is overdriven
    SOUND_DISTORTED = "sound_distorted"
    SOUND_LATE = "sound_late"
    ECHO_LEFT = "echo_left"  # the canceller leaves too much of the loudspeaker
    # Camera.
    CAMERA_MISSING = "camera_missing"
    CAMERA_SLOW = "camera_slow"
    CAMERA_FROZEN = "camera_frozen"
    CAMERA_BLACK = "camera_black"
    CAMERA_COVERED = "camera_covered"
    CAMERA_BLURRED = "camera_blurred"
    CAMERA_UNEVEN_LIGHT = "camera_uneven_light"  # a window behind, or half the picture in the dark
    # Screen.
    SCREEN_NOT_DRAWN = "screen_not_drawn"  # what is on the screen is not what was drawn
    TOUCH_UNSEEN = "touch_unseen"  # nobody has touched it for days
    # Network, seen from the kiosk.
    SERVER_UNREACHED = "server_unreached"
    CLOCK_WRONG = "clock_wrong"
    RELAY_UDP_BLOCKED = "relay_udp_blocked"
    RELAY_TCP_BLOCKED = "relay_tcp_blocked"
    RELAY_TLS_BLOCKED = "relay_tls_blocked"
    RELAY_UNREACHED = "relay_unreached"  # by no way at all
    RELAY_REFUSED = "relay_refused"
    # A whole call to the server's echo.
    CALL_FAILED = "call_failed"
    CALL_NO_PICTURE = "call_no_picture"
    CALL_NO_SOUND = "call_no_sound"
    # Machine.
    DISK_NEARLY_FULL = "disk_nearly_full"
    DISK_FULL = "disk_full"
    MEMORY_LOW = "memory_low"
    TOO_HOT = "too_hot"
    UNDERVOLTAGE = "undervoltage"
    # Program.
    RESTARTED_OFTEN = "restarted_often"
    SECOND_ENGINE = "second_engine"  # aiortc has taken over
    UPDATE_FAILED = "update_failed"  # the version asked for did not pass its test; the one before goes on
    # What the server sees.
    AWAY = "away"
    NEVER_SEEN = "never_seen"
    SILENT = "silent"  # connected, and tells nothing of itself
    NOT_TESTED = "not_tested"  # no whole test for too long


@dataclass(frozen=True, slots=True)
class FindingSpec:
    """What one finding means.

    Attributes:
        area: Where it is found.
        light: `RED` when the kiosk can take no call as promised, `AMBER` when somebody should look at it.
    """

    area: HealthArea
    light: Light


_RED, _AMBER = Light.RED, Light.AMBER
_C, _A = HealthCode, HealthArea

#: Every finding, in the order in which they are told: what explains others comes first.
FINDINGS: Final[Mapping[HealthCode, FindingSpec]] = MappingProxyType(
    {
        _C.AWAY: FindingSpec(_A.REACH, _RED),
        _C.NEVER_SEEN: FindingSpec(_A.REACH, Light.GREY),
        _C.SILENT: FindingSpec(_A.REACH, _RED),
        _C.SERVER_UNREACHED: FindingSpec(_A.NETWORK, _RED),
        _C.SCREEN_NOT_DRAWN: FindingSpec(_A.SCREEN, _RED),
        _C.CLOCK_WRONG: FindingSpec(_A.NETWORK, _AMBER),
        _C.RELAY_UNREACHED: FindingSpec(_A.NETWORK, _RED),
        _C.RELAY_REFUSED: FindingSpec(_A.NETWORK, _RED),
        _C.CALL_FAILED: FindingSpec(_A.CALL, _RED),
        _C.CALL_NO_SOUND: FindingSpec(_A.CALL, _RED),
        _C.CALL_NO_PICTURE: FindingSpec(_A.CALL, _RED),
        _C.LOUDSPEAKER_MISSING: FindingSpec(_A.SOUND, _RED),
        _C.LOUDSPEAKER_MUTED: FindingSpec(_A.SOUND, _RED),
        _C.LOUDSPEAKER_WRONG: FindingSpec(_A.SOUND, _RED),
        _C.LOUDSPEAKER_SILENT: FindingSpec(_A.SOUND, _RED),
        _C.MICROPHONE_MISSING: FindingSpec(_A.SOUND, _RED),
        _C.MICROPHONE_WRONG: FindingSpec(_A.SOUND, _RED),
        _C.MICROPHONE_DEAF: FindingSpec(_A.SOUND, _RED),
        _C.DISK_FULL: FindingSpec(_A.MACHINE, _RED),
        _C.CAMERA_MISSING: FindingSpec(_A.CAMERA, _AMBER),
        _C.CAMERA_FROZEN: FindingSpec(_A.CAMERA, _AMBER),
        _C.CAMERA_BLACK: FindingSpec(_A.CAMERA, _AMBER),
        _C.CAMERA_COVERED: FindingSpec(_A.CAMERA, _AMBER),
        _C.CAMERA_SLOW: FindingSpec(_A.CAMERA, _AMBER),
        _C.CAMERA_BLURRED: FindingSpec(_A.CAMERA, _AMBER),
        _C.CAMERA_UNEVEN_LIGHT: FindingSpec(_A.CAMERA, _AMBER),
        _C.SOUND_TOO_LOUD: FindingSpec(_A.SOUND, _AMBER),
        _C.SOUND_TOO_QUIET: FindingSpec(_A.SOUND, _AMBER),
        _C.SOUND_DISTORTED: FindingSpec(_A.SOUND, _AMBER),
        _C.SOUND_LATE: FindingSpec(_A.SOUND, _AMBER),
        _C.ECHO_LEFT: FindingSpec(_A.SOUND, _AMBER),
        _C.RELAY_UDP_BLOCKED: FindingSpec(_A.NETWORK, _AMBER),
        _C.RELAY_TCP_BLOCKED: FindingSpec(_A.NETWORK, _AMBER),
        _C.RELAY_TLS_BLOCKED: FindingSpec(_A.NETWORK, _AMBER),
        _C.TOO_HOT: FindingSpec(_A.MACHINE, _AMBER),
        _C.UNDERVOLTAGE: FindingSpec(_A.MACHINE, _AMBER),
        _C.DISK_NEARLY_FULL: FindingSpec(_A.MACHINE, _AMBER),
        _C.MEMORY_LOW: FindingSpec(_A.MACHINE, _AMBER),
        _C.RESTARTED_OFTEN: FindingSpec(_A.PROGRAM, _AMBER),
        _C.UPDATE_FAILED: FindingSpec(_A.PROGRAM, _AMBER),
        _C.SECOND_ENGINE: FindingSpec(_A.PROGRAM, _AMBER),
        _C.TOUCH_UNSEEN: FindingSpec(_A.SCREEN, _AMBER),
        _C.NOT_TESTED: FindingSpec(_A.REACH, _AMBER),
    }
)

_ORDER: Final = {code: place for place, code in enumerate(FINDINGS)}


class HealthNumber(StrEnum):
    """What is measured, with its unit in its name. A number that could not be measured is left out."""

    SWEEP_LEVEL_DB = "sweep_level_db"  # of the sweep in the microphone, dBFS
    NOISE_LEVEL_DB = "noise_level_db"  # of the room, dBFS
    SOUND_DELAY_MS = "sound_delay_ms"  # from the sweep's leaving to its being heard
    DISTORTION_PERCENT = "distortion_percent"  # of what was heard, what is no part of the sweep
    ECHO_LEFT_DB = "echo_left_db"  # how far the canceller brought the sweep down
    CAMERA_FPS = "camera_fps"
    CAMERA_LIGHT_PERCENT = "camera_light_percent"  # mean of the picture
    CAMERA_CONTRAST_PERCENT = "camera_contrast_percent"
    CAMERA_SHARPNESS = "camera_sharpness"
    SCREEN_DRAWN_MS = "screen_drawn_ms"  # from asking for the pattern to finding it
    SERVER_ROUND_TRIP_MS = "server_round_trip_ms"
    CLOCK_AHEAD_S = "clock_ahead_s"  # this machine's clock against the server's
    CALL_CONNECT_MS = "call_connect_ms"
    CALL_FRAMES = "call_frames"  # pictures that came back
    CALL_SOUND_PERCENT = "call_sound_percent"  # of the tone, what came back
    DISK_FREE_PERCENT = "disk_free_percent"
    MEMORY_FREE_PERCENT = "memory_free_percent"
    TEMPERATURE_C = "temperature_c"
    CPU_PERCENT = "cpu_percent"  # of all cores
    PROGRAM_MB = "program_mb"
    UPTIME_S = "uptime_s"  # of the machine
    RESTARTS = "restarts"  # of the program, within a day


class TestKind(StrEnum):
    """Why a kiosk tests itself."""

    BOOT = "boot"
    OPENING = "opening"  # before the branch opens
    NIGHTLY = "nightly"
    ASKED = "asked"  # by the console or the service menu
    DEVICES = "devices"  # a device came or went
    LIGHT = "light"  # every few minutes, without sound, camera and call

    __test__ = False  # no test of pytest's


class OrderKind(StrEnum):
    """What somebody at the console can ask of a kiosk."""

    IDENTIFY = "identify"  # show its name and a code, large
    TEST = "test"
    RELOAD = "reload"  # draw everything anew, and ask the server for everything anew
    RESTART_PROGRAM = "restart_program"
    RESTART_MACHINE = "restart_machine"


class OrderState(StrEnum):
    """The life of one order."""

    ASKED = "asked"
    TAKEN = "taken"  # the kiosk is at it
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"  # the kiosk never came to it


#: States in which nothing more happens.
SETTLED_ORDERS: Final = frozenset({OrderState.DONE, OrderState.FAILED, OrderState.EXPIRED})


class OrderFault(StrEnum):
    """Why a kiosk could not do what it was asked."""

    IN_A_VISIT = "in_a_visit"  # a conversation goes on; nothing touches it
    NOT_ALLOWED = "not_allowed"  # the machine does not let the program do it
    BROKEN = "broken"


class AlertScope(StrEnum):
    """How much one cause takes down."""

    KIOSK = "kiosk"
    BRANCH = "branch"  # all kiosks of a branch are away at once
    NETWORK = "network"  # most kiosks are: the server's own network


#: A kiosk tells of itself at least this often.
LIGHT_TEST_EVERY_S: Final = 180
#: A connected kiosk that told nothing for so long is `SILENT`.
SILENT_AFTER_S: Final = 600
#: Without a whole test for so long a kiosk is `NOT_TESTED`.
NOT_TESTED_AFTER_S: Final = 26 * 3600
#: A kiosk that was lost comes back within this time when its program or the server is started anew; then it is `AWAY`.
#: With the 10 s in which a dead socket is noticed and the 5 s between two looks of the page it is red within 27 s.
AWAY_AFTER_S: Final = 12
#: An order that no kiosk has taken by then is given up.
ORDER_EXPIRES_S: Final = 600
#: The digits of a service PIN.
MIN_PIN_DIGITS: Final = 6
MAX_PIN_DIGITS: Final = 12


def is_easy_pin(pin: str) -> bool:
    """Whether these digits are the first that anybody tries: all the same, or counted up or down, 9 going on with 0."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return len(steps) == 1 and steps <= {0, 1, 9}


def in_order(codes: Iterable[HealthCode]) -> tuple[HealthCode, ...]:
    """Each once, what explains others first."""
    return tuple(sorted(set(codes), key=_ORDER.__getitem__))


def light_of(codes: Collection[HealthCode]) -> Light:
    """The worst light of all findings; green without any."""
    lights = tuple(Light)
    return max((FINDINGS[code].light for code in codes), key=lights.index, default=Light.GREEN)


def can_take_a_call(codes: Collection[HealthCode]) -> bool:
    """The one answer: yes or no."""
    return light_of(codes) in {Light.GREEN, Light.AMBER}
