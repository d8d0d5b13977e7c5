"""The sound of a lean pair: somebody reads aloud, then a steady tone; and what of it arrived.

What it is for: the tone shows every hole, the speech goes to a published measure (`speech_score`). What it does not
do: play or record.
"""

from __future__ import annotations

import subprocess
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.audio.recording import read_blocks
from kiosk.core.media import SAMPLE_RATE_HZ

Samples = NDArray[np.int16]

#: One round: so long speech, then so long tone.
SPEECH_S, TONE_S = 8, 8
ROUND_S = SPEECH_S + TONE_S
TONE_HZ = 440.0
_TEXT = (
    "The library is open until ten in the evening. You may keep this book for four weeks, "
    "and renew it twice if nobody else is waiting for it."
)
_TONE_LEVEL = 8000
_WINDOW = SAMPLE_RATE_HZ // 100
#: A window without at least this much of the tone's usual amplitude is a hole.
_THERE = 0.5
#: Left out at both ends of each stretch of tone: where it begins depends on the path's delay at that moment.
_MARGIN_S = 0.6
_SPEECH_MARGIN_S = 0.5


@dataclass(frozen=True, slots=True)
class Heard:
    """What of the tone arrived.

    Attributes:
        share: Of the time, 0 to 1.
        longest_gap_ms: The longest stretch without it, in steps of 10 ms.
        seconds: How much of the recording was tone and was looked at.
    """

    share: float
    longest_gap_ms: float
    seconds: float


def write_program(file: Path) -> None:
    """Write one round as a WAV file: mono, 48 kHz, 16 bit."""
    spoken = file.with_suffix(".speech.wav")
    subprocess.run(["espeak-ng", "-v", "en", "-s", "160", "-w", str(spoken), _TEXT], check=True)
    blocks = read_blocks(spoken)
    spoken.unlink()
    if blocks is None:
        raise ValueError("espeak-ng gave nothing that can be read")
    speech = np.zeros(SPEECH_S * SAMPLE_RATE_HZ, "<i2")
    said = np.frombuffer(b"".join(blocks), "<i2")[: len(speech)]
    speech[: len(said)] = said
    times = np.arange(TONE_S * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    tone = (np.sin(2 * np.pi * TONE_HZ * times) * _TONE_LEVEL).astype("<i2")
    write_wave(file, np.concatenate([speech, tone]))


def write_wave(file: Path, samples: Samples) -> None:
    """Write mono sound of 48 kHz."""
    with wave.open(str(file), "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(SAMPLE_RATE_HZ)
        recording.writeframes(samples.astype("<i2").tobytes())


def read_wave(file: Path) -> Samples:
    """Read what `write_wave` wrote."""
    with wave.open(str(file), "rb") as recording:
        return np.frombuffer(recording.readframes(recording.getnframes()), "<i2").copy()


def tone_stretches(recording: Samples) -> list[NDArray[np.bool_]]:
    """Where the tone should be and is, window by window of 10 ms, for each of its stretches."""
    levels = _tone_levels(recording)
    start = _start_of_round(levels)
    if start is None:
        return []
    usual = float(np.median(levels[levels > _TONE_LEVEL * 0.1]))
    found = []
    margin, length = int(_MARGIN_S * 100), TONE_S * 100
    for begin in range(start, len(levels), ROUND_S * 100):
        first, last = begin + margin, min(begin + length - margin, len(levels) - margin)
        if last - first >= 100:
            found.append(levels[first:last] > usual * _THERE)
    return found


def heard(recording: Samples) -> Heard | None:
    """What of the tone arrived; None where no tone was found at all."""
    stretches = tone_stretches(recording)
    if not stretches:
        return None
    windows = sum(len(stretch) for stretch in stretches)
    there = sum(int(stretch.sum()) for stretch in stretches)
    return Heard(there / windows, max(_longest_gap(stretch) for stretch in stretches) * 10.0, windows / 100)


def spoken_parts(recording: Samples) -> list[Samples]:
    """Each whole reading that was recorded, with half a second before and after it."""
    start = _start_of_round(_tone_levels(recording))
    if start is None:
        return []
    margin = int(_SPEECH_MARGIN_S * SAMPLE_RATE_HZ)
    length, whole = SPEECH_S * SAMPLE_RATE_HZ, ROUND_S * SAMPLE_RATE_HZ
    first = start * _WINDOW - length
    while first - margin < 0:
        first += whole
    return [recording[at - margin : at + length] for at in range(first, len(recording) - length + 1, whole)]


def _tone_levels(recording: Samples) -> NDArray[np.float64]:
    """The tone's amplitude in each window of 10 ms."""
    usable = len(recording) // _WINDOW * _WINDOW
    rows = recording[:usable].reshape(-1, _WINDOW).astype(np.float64)
    times = np.arange(usable).reshape(-1, _WINDOW) / SAMPLE_RATE_HZ
    # 10 ms is not a whole number of turns, so a window's Hann taper keeps the neighbours out.
    taper = np.hanning(_WINDOW)
    turns = np.exp(-2j * np.pi * TONE_HZ * times)
    levels: NDArray[np.float64] = 2 * np.abs((rows * taper * turns).sum(axis=1)) / taper.sum()
    return levels


def _start_of_round(levels: NDArray[np.float64]) -> int | None:
    """The window (modulo one round) where the tone begins: where a template of one round fits best."""
    whole, length = ROUND_S * 100, TONE_S * 100
    there = (levels > _TONE_LEVEL * 0.2).astype(np.float64)
    if there.sum() < 50:
        return None
    folded, counts = np.zeros(whole), np.zeros(whole)
    np.add.at(folded, np.arange(len(there)) % whole, there)
    np.add.at(counts, np.arange(len(there)) % whole, 1.0)
    mean = folded / np.maximum(counts, 1)
    around = np.concatenate([mean, mean])
    inside = np.convolve(around, np.ones(length), "valid")[:whole]
    return int(np.argmax(2 * inside))


def _longest_gap(there: NDArray[np.bool_]) -> int:
    longest = run = 0
    for window in there:
        run = 0 if window else run + 1
        longest = max(longest, run)
    return longest
