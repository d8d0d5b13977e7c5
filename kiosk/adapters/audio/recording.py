"""Read a WAV file as blocks of the kiosk's sound.

What it is for: a microphone that is a file. What it does not do: write one. There is no code in this program that
could record anybody.
"""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import structlog

from kiosk.core.media import BLOCK_SAMPLES, SAMPLE_RATE_HZ

_log = structlog.get_logger(__name__)


def read_blocks(path: Path) -> list[bytes] | None:
    """Read a whole file.

    Args:
        path: A WAV file of 16-bit samples, any rate, any number of channels (the first one counts).

    Returns:
        Blocks of 480 samples (s16le) at 48 kHz, the last filled up with silence; None if it cannot be used.
    """
    try:
        with wave.open(str(path), "rb") as file:
            if file.getsampwidth() != 2:
                _log.warning("sound_file_unusable", bits_a_sample=file.getsampwidth() * 8, wanted=16)
                return None
            rate, channels = file.getframerate(), file.getnchannels()
            samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")[::channels]
    except (OSError, EOFError, wave.Error) as error:
        _log.warning("sound_file_unusable", error=type(error).__name__)
        return None
    if len(samples) == 0:
        return None
    if rate != SAMPLE_RATE_HZ:
        places = np.arange(int(len(samples) * SAMPLE_RATE_HZ / rate)) * (rate / SAMPLE_RATE_HZ)
        samples = np.interp(places, np.arange(len(samples)), samples).astype("<i2")
    padded = np.zeros(-(-len(samples) // BLOCK_SAMPLES) * BLOCK_SAMPLES, "<i2")
    padded[: len(samples)] = samples
    return [block.tobytes() for block in padded.reshape(-1, BLOCK_SAMPLES)]
