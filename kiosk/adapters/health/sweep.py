"""A short soft sweep that the kiosk plays, and the way to find it again in what its microphone heard.

What it is for: loudness, delay and distortion of the way from loudspeaker to microphone, in a room where people speak.
A logarithmic sweep is spread over 0.7 s and folded back into one moment (a matched filter, made flat), which lifts it
by some 36 dB over speech, music and fans; what a bad loudspeaker adds to it comes out at other moments (A. Farina,
"Simultaneous measurement of impulse response and distortion with a swept-sine technique", AES 108, 2000). What it does
not do: open devices, or judge.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.core.media import BLOCK_SAMPLES, SAMPLE_RATE_HZ

#: From where small loudspeakers begin to where voices end.
FIRST_HZ: Final = 300.0
LAST_HZ: Final = 6000.0
SWEEP_S: Final = 0.7
#: Of full scale, at full volume: a third of the chime's, because nobody is called by it.
LOUDNESS: Final = 0.1
#: A sweep that nobody could hear would test nothing.
_LEAST_VOLUME_PERCENT: Final = 20
_SWELLS_S: Final = 0.03

#: So much later than it left it is still looked for.
LATEST_S: Final = 1.0
#: What must have been recorded before it left.
BEFORE_S: Final = 0.4
#: One moment of the answer: the direct sound and the nearest walls.
_MOMENT: Final = SAMPLE_RATE_HZ // 200
#: A moment that stands out so far is the sweep. Measured without a sweep: espeak's Swedish stands out by 11.2 dB at
#: the most, music by 11.9, noise by 3.3; with one that is 8 dB softer than the speech: 17.4 at the least.
_STANDS_OUT_DB: Final = 13.0
#: Half the width, in hertz, over which the spectrum of a recording is made level before it is searched.
_WHITENED_HZ: Final = 25.0
#: The part of a room's answer that is in its loudest moment, about.
_REST_OF_ANSWER_DB: Final = 3.0
#: The part of the answer that counts as the sweep.
_ANSWER_BEFORE: Final = SAMPLE_RATE_HZ // 200
_ANSWER_AFTER: Final = SAMPLE_RATE_HZ * 15 // 100
#: Overtones that are looked for, and how long each answers.
_OVERTONES: Final = (2, 3, 4)
_OVERTONE_AFTER: Final = SAMPLE_RATE_HZ * 45 // 1000
#: Distortion is told where the room lets at least this much be seen.
_FINEST_DISTORTION: Final = 0.1
#: An echo that went down so far is gone, whatever the room says.
_GONE_DB: Final = 15.0
#: More cannot be told apart from silence.
_GONE_AT_MOST_DB: Final = 60.0
_OVERDRIVEN: Final = 32_700 / 32_768
_SIZE: Final = 1 << 17

Samples = NDArray[np.float64]
Spectrum = NDArray[np.complex128]


@dataclass(frozen=True, slots=True)
class Found:
    """What one recording says of the sweep. Levels are dBFS of the sweep's root mean square.

    Attributes:
        level_db: How loud it was; None when it was not found.
        least_db: A softer one could not have been found in this recording.
        delay_ms: From its leaving to its being heard.
        distortion_percent: Overtones over the sweep; None where the room was too loud to tell.
        noise_db: Of the room, before it.
        sound_db: Of everything, all the time.
        clipped_percent: Of the samples while it was heard, what stood at the end of the scale.
    """

    level_db: float | None
    least_db: float
    delay_ms: float
    distortion_percent: float | None
    noise_db: float
    sound_db: float
    clipped_percent: float


class Sweep:
    """One sweep at one volume.

    Args:
        volume_percent: As the kiosk's loudspeaker is set; never less than a fifth.
    """

    def __init__(self, volume_percent: int = 100) -> None:
        gain = (max(_LEAST_VOLUME_PERCENT, min(100, volume_percent)) / 100) ** 2
        self._wave = _wave() * LOUDNESS * gain
        self.played_db = decibels(self._wave)
        spectrum = np.fft.rfft(self._wave, _SIZE)
        band = _band()
        #: The energy of the answer of a way that changes nothing.
        self._band_energy = float(np.sum(np.fft.irfft(band, _SIZE) ** 2))
        self._flat = band * np.conj(spectrum) / (np.abs(spectrum) ** 2 + 1e-20)
        self._turned = band * np.conj(spectrum) / (np.abs(spectrum) + 1e-10)

    def blocks(self) -> list[bytes]:
        """Blocks of 480 samples (s16le)."""
        samples = np.zeros(-(-len(self._wave) // BLOCK_SAMPLES) * BLOCK_SAMPLES)
        samples[: len(self._wave)] = self._wave * 32_767
        return [block.tobytes() for block in samples.round().astype("<i2").reshape(-1, BLOCK_SAMPLES)]

    def find(self, recorded: Samples) -> Found:
        """Look for it.

        Args:
            recorded: Mono at 48 kHz, -1 to 1, from `BEFORE_S` before it left to `LATEST_S` after its end.
        """
        spectrum = np.fft.rfft(recorded, _SIZE)
        answer, level = self._answer(spectrum, len(recorded)), self._levelled(spectrum, len(recorded))
        before = round(BEFORE_S * SAMPLE_RATE_HZ)
        energy = _energy(level)
        at = before + int(np.argmax(energy[before : before + round(LATEST_S * SAMPLE_RATE_HZ)]))
        found = _db(energy[at] / (float(np.median(energy)) + 1e-30)) > _STANDS_OUT_DB
        at += int(np.argmax(np.abs(level[at : at + _MOMENT])))
        floor = float(np.median(_energy(answer))) + 1e-30
        heard = recorded[at : at + len(self._wave)]
        return Found(
            level_db=self._level(answer, at, floor) if found else None,
            least_db=self._least(floor),
            delay_ms=1000 * (at - before) / SAMPLE_RATE_HZ,
            distortion_percent=self._distortion(answer, at, floor) if found else None,
            noise_db=decibels(recorded[:before]),
            sound_db=decibels(recorded),
            clipped_percent=100 * float(np.mean(np.abs(heard) >= _OVERDRIVEN)) if len(heard) else 0.0,
        )

    def gone_db(self, cleaned: Samples, found: Found) -> float | None:
        """How far an echo canceller has brought the sweep down.

        Args:
            cleaned: What it made of the same recording.
            found: What was found in that.

        Returns:
            Decibels, at least so many where nothing of it is left; None where the room is too loud to tell.
        """
        if found.level_db is None:
            return None
        answer = self._answer(np.fft.rfft(cleaned, _SIZE), len(cleaned))
        floor = float(np.median(_energy(answer))) + 1e-30
        at = round((BEFORE_S + found.delay_ms / 1000) * SAMPLE_RATE_HZ)
        left_db = self._level(answer, at, floor)
        gone_db = min(_GONE_AT_MOST_DB, found.level_db - left_db)
        sure = left_db > self._least(floor) or gone_db > _GONE_DB
        return gone_db if sure else None

    def _answer(self, spectrum: Spectrum, length: int) -> Samples:
        """The impulse response of the way, its beginning at the recording's."""
        answer = np.fft.irfft(spectrum * self._flat, _SIZE)
        return np.asarray(answer[: max(0, length - len(self._wave))])

    def _levelled(self, spectrum: Spectrum, length: int) -> Samples:
        """The same with every part of the band made equally loud first: no voice or tone outweighs the sweep then."""
        half = round(_WHITENED_HZ * _SIZE / SAMPLE_RATE_HZ)
        sums = np.concatenate([[0.0], np.cumsum(np.pad(np.abs(spectrum) ** 2, half, mode="edge"))])
        usual = np.sqrt((sums[2 * half + 1 :] - sums[: -2 * half - 1]) / (2 * half + 1) + 1e-12)
        answer = np.fft.irfft(spectrum / usual * self._turned, _SIZE)
        return np.asarray(answer[: max(0, length - len(self._wave))])

    def _level(self, answer: Samples, at: int, floor: float) -> float:
        part = answer[max(0, at - _ANSWER_BEFORE) : at + _ANSWER_AFTER]
        noise = floor * len(part) / _MOMENT
        return self._level_of(max(float(np.sum(part**2)) - noise, floor))

    def _least(self, floor: float) -> float:
        return self._level_of(floor * 10 ** ((_STANDS_OUT_DB + _REST_OF_ANSWER_DB) / 10))

    def _level_of(self, energy: float) -> float:
        """What an answer of this energy makes of the sweep, dBFS."""
        return self.played_db + _db(energy / self._band_energy)

    def _distortion(self, answer: Samples, at: int, floor: float) -> float | None:
        def part(first: int, after: int) -> tuple[float, int]:
            cut = answer[max(0, first - _ANSWER_BEFORE) : max(0, first + after)]
            return float(np.sum(cut**2)), len(cut)

        whole, _ = part(at, _ANSWER_AFTER)
        places = [at - round(_RATE_S * math.log(overtone) * SAMPLE_RATE_HZ) for overtone in _OVERTONES]
        parts = [part(place, _OVERTONE_AFTER) for place in places]
        noise = sum(length for _, length in parts) * floor / _MOMENT
        if noise > _FINEST_DISTORTION**2 * whole:
            return None
        return min(100.0, 100 * math.sqrt(max(0.0, sum(energy for energy, _ in parts) - noise) / whole))


def decibels(samples: Samples) -> float:
    """Root mean square in dBFS; -120 for silence."""
    return max(-120.0, _db(float(np.mean(samples**2)) if len(samples) else 0.0))


def _db(power: float) -> float:
    return 10 * math.log10(power + 1e-30)


#: How long the sweep takes for a factor of e.
_RATE_S: Final = SWEEP_S / math.log(LAST_HZ / FIRST_HZ)


def _wave() -> Samples:
    seconds = np.arange(round(SWEEP_S * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    wave = np.sin(2 * math.pi * FIRST_HZ * _RATE_S * np.expm1(seconds / _RATE_S))
    wave *= np.minimum(1.0, np.minimum(seconds, SWEEP_S - seconds) / _SWELLS_S)
    return np.asarray(wave)


def _band() -> Samples:
    """1 where the sweep is, soft at both ends, so that its answer does not ring."""
    hertz = np.fft.rfftfreq(_SIZE, 1 / SAMPLE_RATE_HZ)
    rises = np.clip((hertz - FIRST_HZ) / (0.5 * FIRST_HZ), 0, 1)
    falls = np.clip((LAST_HZ - hertz) / (0.2 * LAST_HZ), 0, 1)
    return np.asarray(np.sin(math.pi / 2 * np.minimum(rises, falls)) ** 2)


def _energy(answer: Samples) -> Samples:
    """In each moment, by its beginning."""
    sums = np.concatenate([[0.0], np.cumsum(answer**2)])
    return np.asarray(sums[_MOMENT:] - sums[:-_MOMENT])
