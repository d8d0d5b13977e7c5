"""The echo canceller, first on a computed room, then through the sound system."""

from __future__ import annotations

import asyncio
import itertools
import os

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.adapters.audio.canceller import EchoCanceller
from kiosk.adapters.audio.delayed_canceller import DelayedCanceller
from kiosk.adapters.audio.devices import Loudspeaker, Microphone, PortAudio
from kiosk.adapters.audio.pace import PacedSound
from kiosk.core.media import BLOCK_SAMPLES, SAMPLE_RATE_HZ
from tests.support.peers import until
from tests.support.pulse import LOUDSPEAKER, MICROPHONE, PulseDaemon
from tests.support.room import room as room_around

Samples = NDArray[np.int16]


def speech(seconds: float, seed: int) -> Samples:
    """Something with the structure of speech: a gliding voice with overtones, breath, syllables and pauses."""
    chance = np.random.default_rng(seed)
    t = np.arange(int(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    phase = 2 * np.pi * np.cumsum(130 + 30 * np.sin(2 * np.pi * 0.7 * t + seed)) / SAMPLE_RATE_HZ
    voice = np.sum([np.sin(k * phase) / k for k in range(1, 25)], axis=0) + 0.3 * chance.standard_normal(len(t))
    syllables = np.clip(np.sin(2 * np.pi * 2.7 * t + seed) + 0.4, 0, 1)
    pauses = np.sin(2 * np.pi * 0.31 * t + seed) > -0.8
    return np.asarray(np.clip(voice * syllables * pauses / 8, -1, 1) * 32767).astype("<i2")


def room(far: Samples, delay_s: float, level: float) -> Samples:
    """What a microphone hears of a loudspeaker: later, softer, with 120 ms of reverberation."""
    chance = np.random.default_rng(7)
    length = int(0.12 * SAMPLE_RATE_HZ)
    answer = chance.standard_normal(length) * np.exp(-np.arange(length) / (0.02 * SAMPLE_RATE_HZ))
    answer *= level / np.sqrt(np.sum(answer**2))
    echo = np.convolve(far.astype(np.float64), answer)[: len(far)]
    late = np.concatenate([np.zeros(int(delay_s * SAMPLE_RATE_HZ)), echo])[: len(far)]
    return np.asarray(late + chance.standard_normal(len(far)) * 3).astype("<i2")


def processed(far: Samples, near: Samples, delay_s: float) -> Samples:
    canceller = EchoCanceller()
    canceller.set_delay(delay_s)
    cleaned = []
    for start in range(0, len(far), BLOCK_SAMPLES):
        canceller.far_end(far[start : start + BLOCK_SAMPLES].tobytes())
        cleaned.append(canceller.clean(near[start : start + BLOCK_SAMPLES].tobytes()))
    return np.frombuffer(b"".join(cleaned), "<i2")


def decibels(samples: NDArray[np.generic]) -> float:
    return float(10 * np.log10(np.mean(samples.astype(np.float64) ** 2) + 1e-3))


@pytest.mark.parametrize("delay_s", [0.02, 0.06, 0.15])
def test_after_five_seconds_thirty_decibels_of_the_echo_are_gone(delay_s: float) -> None:
    far = speech(8, seed=1)
    echo = room(far, delay_s, level=0.5)

    cleaned = processed(far, echo, delay_s)

    later = slice(5 * SAMPLE_RATE_HZ, None)
    assert decibels(echo[later]) > 40  # there was something to take away
    assert decibels(echo[later]) - decibels(cleaned[later]) >= 30


def test_a_voice_in_a_quiet_room_passes() -> None:
    far = np.zeros(6 * SAMPLE_RATE_HZ, "<i2")
    near = speech(6, seed=2)

    cleaned = processed(far, near, 0.05)

    later = slice(3 * SAMPLE_RATE_HZ, None)
    assert abs(decibels(near[later]) - decibels(cleaned[later])) < 4


def test_a_voice_over_the_echo_passes_better_than_the_echo() -> None:
    far = speech(10, seed=1)
    echo = room(far, 0.05, level=0.3)
    near = speech(10, seed=5)
    both = np.clip(echo.astype(np.int32) + near, -32768, 32767).astype("<i2")

    later = slice(6 * SAMPLE_RATE_HZ, None)
    voice_lost = decibels(both[later]) - decibels(processed(far, both, 0.05)[later])
    echo_lost = decibels(echo[later]) - decibels(processed(far, echo, 0.05)[later])
    assert voice_lost < 12
    assert echo_lost > voice_lost + 15


def test_begun_anew_when_a_device_was_opened_it_takes_the_echo_out_of_another_room() -> None:
    far = speech(9, seed=2)
    jump = 4 * SAMPLE_RATE_HZ
    echo = np.concatenate([room(far, 0.05, level=0.5)[:jump], room(far, 0.11, level=0.5)[jump:]])
    canceller = DelayedCanceller()
    cleaned = []
    for start in range(0, len(far), BLOCK_SAMPLES):
        if start == jump:
            canceller.restart()
        canceller.far_end(far[start : start + BLOCK_SAMPLES].tobytes(), 0.05)
        cleaned.append(canceller.clean(echo[start : start + BLOCK_SAMPLES].tobytes(), 0.0))

    soon = slice(jump + SAMPLE_RATE_HZ, None)
    assert decibels(echo[soon]) - decibels(np.frombuffer(b"".join(cleaned), "<i2")[soon]) >= 30


@pytest.mark.parametrize("ppm", [-200.0, 200.0])
def test_devices_whose_clocks_differ_keep_the_echo_out(ppm: float) -> None:
    far = speech(12, seed=1)
    heard = room(far, 0.05, level=0.5).astype(np.float64)
    stretched = np.interp(np.arange(len(heard)) * (1 + ppm * 1e-6), np.arange(len(heard)), heard).astype("<i2")

    cleaned = processed(far, stretched, 0.05)

    later = slice(5 * SAMPLE_RATE_HZ, None)
    assert decibels(stretched[later]) - decibels(cleaned[later]) >= 30


@pytest.mark.parametrize("seconds", [-1.0, 0.0, 0.4, 0.501, 30.0])
def test_no_delay_that_a_sound_card_claims_is_refused(seconds: float) -> None:
    canceller = EchoCanceller()
    canceller.set_delay(seconds)
    canceller.far_end(bytes(960))
    assert len(canceller.clean(bytes(960))) == 960


@pytest.mark.slow
async def test_through_the_sound_system_the_echo_of_the_loudspeaker_is_taken_out(pulse: PulseDaemon) -> None:
    with_canceller: list[bytes] = []
    without: list[bytes] = []
    canceller = DelayedCanceller()
    port_audio = PortAudio()
    loudspeaker = Loudspeaker(port_audio, LOUDSPEAKER, canceller)
    cleaned = Microphone(port_audio, MICROPHONE, with_canceller.append, canceller)
    raw = Microphone(port_audio, MICROPHONE, without.append)
    far = speech(12, seed=1).reshape(-1, BLOCK_SAMPLES)
    far_end = PacedSound(itertools.cycle([block.tobytes() for block in far]), loudspeaker.play, "far-end")
    parts = (loudspeaker, cleaned, raw)
    for part in parts:
        await asyncio.to_thread(part.start)
    far_end.start()

    def taken_out() -> float:
        """Of the last two seconds, decibels; nothing while there is nothing to hear."""
        heard, left = (np.frombuffer(b"".join(of[-200:]), "<i2") for of in (without, with_canceller))
        return decibels(heard) - decibels(left) if len(heard) and decibels(heard) > 40 else 0.0

    try:
        with room_around(os.environ):
            # It learns from what it hears, and begins anew when the machine is too busy to play without a gap: how
            # soon is what `./dev bench sound` says.
            await until(lambda: taken_out() >= 30, "30 dB of the echo taken out", 45)
    finally:
        far_end.stop()
        for part in parts:
            await asyncio.to_thread(part.stop)
