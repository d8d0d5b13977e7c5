"""A test call to the server's echo: the signs painted into its pictures, and what is wrong by what came back. Pure.

What it is for: a picture counts only if it is one of this very call, seen once; a tone that was sent must be heard.
What it does not do: paint, play or connect (`kiosk.adapters.health.call`).

Each picture carries 32 cells, light or dark: 8 bits of a mark of this call, 16 bits that count its pictures, and a
check sum of 8 bits that a misread picture most likely does not have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from kiosk.core.care import Looked
from signaling.protocol.health import HealthArea, HealthCode, HealthNumber

CELLS: Final = 32
_MARK_BITS, _COUNT_BITS, _CHECK_BITS = 8, 16, 8
#: So many pictures prove that the path carries them; fewer may be one that was left over.
FRAMES_NEEDED: Final = 5
#: Of the sound that came back, the tone is in this much at least.
SOUND_NEEDED_PERCENT: Final = 50.0
#: Sound that is judged: so many pieces of a tenth of a second.
SOUND_PIECES_NEEDED: Final = 8
#: Luma: a cell darker than this is 0. Cells are painted as black and white as a picture can be.
_MIDDLE: Final = 126.0


class EchoFault(StrEnum):
    """Why the server's echo did not answer."""

    AWAY = "away"  # the server is not there, or has no echo
    BUSY = "busy"  # others are at it, or this kiosk was a moment ago: later
    BROKEN = "broken"  # it was asked, and could not


@dataclass(frozen=True, slots=True)
class EchoReply:
    """What the server's echo said.

    Attributes:
        sdp: Its answer; empty when it did not answer.
        fault: Why it did not; None when it did.
        retry_after_s: When busy: so long it pays to wait.
    """

    sdp: str = field(default="", repr=False)
    fault: EchoFault | None = None
    retry_after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class CallSeen:
    """What came of a test call.

    Attributes:
        connect_ms: From the echo's answer to a path that is up; None when it never was.
        frames: Pictures of this call that came back.
        sound_pieces: Pieces of a tenth of a second that came back.
        tone_pieces: Those of them with the tone in.
    """

    connect_ms: float | None = None
    frames: int = 0
    sound_pieces: int = 0
    tone_pieces: int = 0

    @property
    def sound_percent(self) -> float:
        """Of the sound that should have come back at the least, how much has the tone."""
        return 100 * self.tone_pieces / max(self.sound_pieces, SOUND_PIECES_NEEDED)

    @property
    def proven(self) -> bool:
        """Nothing more needs to be waited for."""
        enough_sound = self.sound_pieces >= SOUND_PIECES_NEEDED and self.sound_percent >= SOUND_NEEDED_PERCENT
        return enough_sound and self.frames >= 2 * FRAMES_NEEDED


#: Nobody could be called: nothing is known of calls.
NOT_CALLED: Final = Looked(frozenset())


def call_looked(seen: CallSeen) -> Looked:
    """What is wrong with calls."""
    area = frozenset({HealthArea.CALL})
    if seen.connect_ms is None:
        return Looked(area, frozenset({HealthCode.CALL_FAILED}))
    findings: set[HealthCode] = set()
    if seen.frames < FRAMES_NEEDED:
        findings.add(HealthCode.CALL_NO_PICTURE)
    if seen.sound_percent < SOUND_NEEDED_PERCENT:
        findings.add(HealthCode.CALL_NO_SOUND)
    numbers: dict[HealthNumber, float] = {
        HealthNumber.CALL_CONNECT_MS: round(seen.connect_ms),
        HealthNumber.CALL_FRAMES: seen.frames,
        HealthNumber.CALL_SOUND_PERCENT: round(seen.sound_percent),
    }
    return Looked(area, frozenset(findings), numbers)


def cells_of(mark: int, count: int) -> tuple[bool, ...]:
    """The cells of one picture, light ones True.

    Args:
        mark: Of this call; its lowest 8 bits.
        count: Of the picture; its lowest 16 bits.
    """
    value = ((mark & 0xFF) << _COUNT_BITS) | (count & 0xFFFF)
    bits = (value << _CHECK_BITS) | _check_sum(value)
    return tuple(bool(bits >> (CELLS - 1 - cell) & 1) for cell in range(CELLS))


def count_in(luma: Sequence[float], mark: int) -> int | None:
    """Which picture of this call it is; None when it is none of it.

    Args:
        luma: The mean of each cell, 0 to 255.
        mark: Of this call.
    """
    if len(luma) != CELLS:
        return None
    bits = 0
    for cell in luma:
        bits = bits << 1 | (cell > _MIDDLE)
    value, check = bits >> _CHECK_BITS, bits & 0xFF
    if check != _check_sum(value) or value >> _COUNT_BITS != mark & 0xFF:
        return None
    return value & 0xFFFF


def _check_sum(value: int) -> int:
    total = 0x5A
    for place, shift in enumerate((16, 8, 0), start=1):
        total = (total + ((value >> shift) & 0xFF) * (2 * place + 1)) & 0xFF
    return total
