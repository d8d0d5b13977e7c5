"""Sound that a machine recognises: a tone that rises and falls like syllables, and the way to find it again.

What it is for: the microphone `pattern`, the kiosk's self-test, and tests. What it does not do: play or listen.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from kiosk.core.media import BLOCK_SAMPLES, SAMPLE_RATE_HZ

#: The tone of the microphone `pattern`.
PATTERN_TONE_HZ = 660.0
_SYLLABLES_PER_S = 4.0
_LOUDNESS = 0.25


def spoken_tone(tone_hz: float = PATTERN_TONE_HZ) -> Iterator[bytes]:
    """Give blocks of 480 samples (s16le) without end: a tone whose loudness swings four times a second.

    It swings because noise suppressors and voice detectors take a steady tone for noise.
    """
    start = 0
    while True:
        seconds = (start + np.arange(BLOCK_SAMPLES)) / SAMPLE_RATE_HZ
        swell = 0.35 + 0.65 * np.sin(math.pi * _SYLLABLES_PER_S * seconds) ** 2
        wave = np.sin(2 * math.pi * tone_hz * seconds)
        yield (wave * swell * _LOUDNESS * 32767).astype("<i2").tobytes()
        # A whole number of seconds later everything repeats for tones of whole hertz; keeps the numbers small.
        start = (start + BLOCK_SAMPLES) % (SAMPLE_RATE_HZ * 60)


def tone_share(samples: NDArray[np.int16], tone_hz: float) -> float:
    """How much of a sound is one tone (Goertzel 1958, by its closed form).

    Args:
        samples: Mono at 48 kHz, at least a tenth of a second for a sharp answer.
        tone_hz: The tone looked for.

    Returns:
        The tone's power over all power: near 1 for the tone alone, 0 for silence or anything else.
    """
    wave = samples.astype(np.float64)
    power = float(np.mean(wave**2)) if len(wave) else 0.0
    if power < 1.0:
        return 0.0
    turns = np.exp(-2j * math.pi * tone_hz / SAMPLE_RATE_HZ * np.arange(len(wave)))
    amplitude = 2 * abs(complex(np.mean(wave * turns)))
    return min(1.0, amplitude**2 / 2 / power)
