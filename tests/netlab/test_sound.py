"""Holes in the tone are found where they are, and speech is cut out where it is."""

from __future__ import annotations

import numpy as np
import pytest

from kiosk.core.media import SAMPLE_RATE_HZ
from tests.netlab.sound import SPEECH_S, Samples, heard, read_wave, spoken_parts, write_program


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    file = tmp_path_factory.mktemp("sound") / "program.wav"
    write_program(file)
    return read_wave(file)


def recorded(program: Samples, *, begins_s: float, holes: tuple[tuple[float, float], ...] = ()) -> Samples:
    """Three rounds of it from somewhere in the first on; holes (from, seconds) count from the recording's start."""
    start = int(begins_s * SAMPLE_RATE_HZ)
    recording = np.tile(program, 3)[start:].copy()
    for from_s, lasts_s in holes:
        recording[int(from_s * SAMPLE_RATE_HZ) : int((from_s + lasts_s) * SAMPLE_RATE_HZ)] = 0
    return recording


def test_a_whole_recording_has_no_gap(program: Samples) -> None:
    for begins_s in (0.0, 3.21, 9.5):
        found = heard(recorded(program, begins_s=begins_s))
        assert found is not None
        assert (found.share, found.longest_gap_ms) == (1.0, 0.0)
        assert found.seconds > 12


def test_a_hole_in_the_tone_is_as_long_as_it_is(program: Samples) -> None:
    found = heard(recorded(program, begins_s=2.0, holes=((10.0, 0.12), (12.0, 0.04))))
    assert found is not None
    assert found.longest_gap_ms == pytest.approx(120, abs=20)
    assert 0.98 < found.share < 0.995


def test_a_hole_in_the_speech_is_no_hole_in_the_tone(program: Samples) -> None:
    found = heard(recorded(program, begins_s=0.0, holes=((2.0, 1.0),)))
    assert found is not None
    assert found.longest_gap_ms == 0


def test_silence_is_no_sound() -> None:
    assert heard(np.zeros(SAMPLE_RATE_HZ * 20, np.int16)) is None


def test_the_speech_is_cut_out_with_half_a_second_before_it(program: Samples) -> None:
    parts = spoken_parts(recorded(program, begins_s=3.0))
    assert len(parts) == 2
    reading = program[: SPEECH_S * SAMPLE_RATE_HZ].astype(float)
    for part in parts:
        body = part[SAMPLE_RATE_HZ // 2 :].astype(float)
        shifts = [float(np.dot(body[n : n + 96_000], reading[4800:100_800])) for n in range(3840, 5760, 8)]
        assert abs(range(3840, 5760, 8)[int(np.argmax(shifts))] - 4800) < 960
