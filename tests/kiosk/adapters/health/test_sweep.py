"""The sweep is found again: its loudness, delay and overtones, in a quiet room and among people who speak."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.adapters.health.sweep import BEFORE_S, LATEST_S, SWEEP_S, Found, Sweep
from kiosk.core.media import SAMPLE_RATE_HZ
from tests.support.room import answer_of_room

Samples = NDArray[np.float64]
LENGTH = round((BEFORE_S + SWEEP_S + LATEST_S) * SAMPLE_RATE_HZ)
DELAY_MS = 150.0


def played(sweep: Sweep) -> Samples:
    return np.frombuffer(b"".join(sweep.blocks()), "<i2") / 32_767


def heard(
    sweep: Sweep,
    level: float = 0.5,
    *,
    worn: Callable[[Samples], Samples] = lambda wave: wave,
    gain: float = 1.0,
    room: Samples | None = None,
) -> Samples:
    """What a microphone makes of it: a furnished room, its hush, and whatever else sounds there."""
    wave = np.convolve(worn(played(sweep)), answer_of_room(level))
    begins = round((BEFORE_S + DELAY_MS / 1000) * SAMPLE_RATE_HZ)
    recorded = np.random.default_rng(2).standard_normal(LENGTH) * 1e-4
    recorded[begins : begins + len(wave)] += wave[: LENGTH - begins]
    if room is not None:
        recorded += room
    return np.asarray(np.round(np.clip(recorded * gain, -1, 1) * 32_767) / 32_767)


def speech() -> Samples:
    """Something like a voice, 2 dB louder than the sweep at full volume: syllables of a gliding, rich tone."""
    seconds = np.arange(LENGTH) / SAMPLE_RATE_HZ
    turns = np.cumsum(120 + 40 * np.sin(2 * np.pi * 0.7 * seconds)) / SAMPLE_RATE_HZ
    wave = sum(np.sin(2 * np.pi * k * turns) / k for k in range(1, 20)) * np.sin(np.pi * 3.3 * seconds) ** 2
    return np.asarray(wave * 0.1 / np.sqrt(np.mean(wave**2)))


def found(level: float = 0.5, volume_percent: int = 100, **room: Any) -> Found:
    sweep = Sweep(volume_percent)
    return sweep.find(heard(sweep, level, **room))


@pytest.mark.parametrize("level", [0.5, 0.1, 0.01])
def test_loudness_and_delay_are_right(level: float) -> None:
    one = found(level)
    assert one.level_db == pytest.approx(Sweep().played_db + 20 * np.log10(level), abs=1)
    assert one.delay_ms == pytest.approx(DELAY_MS, abs=15)
    assert one.noise_db == pytest.approx(-80, abs=1)
    assert one.distortion_percent is not None
    assert one.distortion_percent < 2
    assert one.clipped_percent == 0


def test_it_is_softer_at_a_lower_volume_but_never_too_soft_to_be_heard() -> None:
    assert Sweep(50).played_db == pytest.approx(Sweep(100).played_db - 12, abs=0.1)
    assert Sweep(0).played_db == Sweep(20).played_db
    assert np.max(np.abs(played(Sweep()))) < 0.1001


def test_it_lasts_as_long_as_it_says_and_begins_and_ends_softly() -> None:
    wave = played(Sweep())
    assert len(wave) == pytest.approx(SWEEP_S * SAMPLE_RATE_HZ, abs=480)
    assert np.max(np.abs(wave[:100])) < 0.01
    assert np.max(np.abs(wave[-100:])) < 0.01


def test_a_room_without_it_has_no_sweep_and_says_how_soft_one_would_be_found() -> None:
    one = found(0.0)
    assert one.level_db is None
    assert one.distortion_percent is None
    assert one.least_db < -85


def test_people_who_speak_are_not_the_sweep() -> None:
    one = found(0.0, room=speech())
    assert one.level_db is None
    assert one.least_db > -50


def test_it_is_found_among_people_who_speak() -> None:
    one = found(0.5, room=speech())
    assert one.level_db == pytest.approx(-29, abs=4)
    assert one.delay_ms == pytest.approx(DELAY_MS, abs=15)


def test_a_torn_membrane_has_overtones() -> None:
    one = found(worn=lambda wave: np.tanh(wave * 100) / 100)
    assert one.distortion_percent is not None
    assert one.distortion_percent > 20


def test_an_overdriven_microphone_is_at_the_end_of_its_scale() -> None:
    assert found(gain=30).clipped_percent > 10


def test_digital_silence_is_silence() -> None:
    one = Sweep().find(np.zeros(LENGTH))
    assert (one.level_db, one.noise_db, one.sound_db) == (None, -120, -120)


def test_what_a_canceller_took_away_is_measured() -> None:
    sweep = Sweep()
    raw = heard(sweep)
    one = sweep.find(raw)
    assert sweep.gone_db(raw, one) == pytest.approx(0, abs=0.1)
    assert sweep.gone_db(raw * 0.1, one) == pytest.approx(20, abs=1)
    assert sweep.gone_db(np.zeros(LENGTH), one) == 60


def test_what_a_canceller_took_away_cannot_be_told_in_a_loud_room_or_without_a_sweep() -> None:
    sweep = Sweep()
    raw, noise = heard(sweep), np.random.default_rng(3).standard_normal(LENGTH) * 0.1
    assert sweep.gone_db(raw * 0.3 + noise, sweep.find(raw)) is None
    assert sweep.gone_db(raw, sweep.find(heard(sweep, 0.0))) is None
