"""What the service menu lets one hear and see: the level of the microphone, a sample from the loudspeaker. Pure."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator
from itertools import count
from typing import Final

from kiosk.core.media import BLOCK_SAMPLES, SAMPLE_RATE_HZ

#: Quieter than this is nothing on the bar; a voice at a metre is about -35 dBFS.
FLOOR_DB: Final = -60.0
#: Two notes a fifth apart, half a second each, softly: to be told from any noise of a room.
NOTES_HZ: Final = (440.0, 660.0)
NOTE_BLOCKS: Final = 50
AMPLITUDE: Final = 0.1
_FULL: Final = 32767
_SAMPLE_BYTES: Final = 2


def level_percent(block: bytes) -> int:
    """How loud one block of s16le is: 0 at `FLOOR_DB`, 100 at full scale."""
    samples = array("h", block)
    if not samples:
        return 0
    mean_square = sum(x * x for x in samples) / len(samples)
    if mean_square < 1:
        return 0
    level_db = 10 * math.log10(mean_square) - 20 * math.log10(_FULL)
    return max(0, min(100, round(100 * (1 - level_db / FLOOR_DB))))


def sample_blocks() -> Iterator[bytes]:
    """Blocks of 480 samples for ever: the notes in turn, each swelling and fading, with a rest after them."""
    for number in count():
        turn, place = divmod(number, NOTE_BLOCKS)
        note = turn % (len(NOTES_HZ) + 1)
        if note == len(NOTES_HZ):
            yield bytes(BLOCK_SAMPLES * _SAMPLE_BYTES)
            continue
        first = place * BLOCK_SAMPLES
        length = NOTE_BLOCKS * BLOCK_SAMPLES
        yield array("h", (_tone(NOTES_HZ[note], first + i, length) for i in range(BLOCK_SAMPLES))).tobytes()


def _tone(hertz: float, sample: int, length: int) -> int:
    swell = math.sin(math.pi * sample / length)
    return round(_FULL * AMPLITUDE * swell * math.sin(2 * math.pi * hertz * sample / SAMPLE_RATE_HZ))
