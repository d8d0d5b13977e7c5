"""Several ends, one loudspeaker: nobody is lost, nothing wraps round, and who has left is forgotten."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from kiosk.adapters.audio.mixer import Mixer
from kiosk.adapters.audio.playout import SILENCE
from kiosk.adapters.audio.tones import spoken_tone, tone_share


def block(number: int) -> bytes:
    return np.full(480, number, "<i2").tobytes()


def number(of: bytes) -> int:
    # The last sample: what was faded in or out has arrived there.
    return int(np.frombuffer(of, "<i2")[-1])


def filled(mixer: Mixer, of: int, source: int = 0) -> None:
    """As many blocks as a buffer wants before it gives any."""
    for _ in range(3):
        mixer.put(block(of), source)


def test_one_end_is_heard_as_it_is() -> None:
    mixer = Mixer()
    given = block(8000)
    for _ in range(3):
        mixer.put(given)
    assert mixer.take() is given


def test_two_ends_are_added_up() -> None:
    mixer = Mixer()
    filled(mixer, 1000, source=1)
    filled(mixer, 500, source=2)
    assert number(mixer.take()) == 1500


def test_both_tones_are_found_again_in_what_is_played() -> None:
    mixer = Mixer()
    played = b""
    for one, other in islice(zip(spoken_tone(500), spoken_tone(880), strict=True), 100):
        mixer.put(one, 1)
        mixer.put(other, 2)
        played += mixer.take()
    samples = np.frombuffer(played, "<i2")[4800:]
    for tone_hz in (500, 880):
        assert tone_share(samples, tone_hz) == pytest.approx(0.5, abs=0.15)


@pytest.mark.parametrize(("of", "heard"), [(30_000, 32_767), (-30_000, -32_767)])
def test_two_who_are_loud_at_once_saturate_and_do_not_wrap_round(of: int, heard: int) -> None:
    mixer = Mixer()
    filled(mixer, of, source=1)
    filled(mixer, of, source=2)
    assert number(mixer.take()) == heard


def test_an_end_that_is_late_takes_nothing_from_the_other() -> None:
    mixer = Mixer()
    filled(mixer, 700, source=1)
    mixer.put(block(900), 2)  # too little yet
    assert [number(mixer.take()) for _ in range(4)] == [700, 700, 700, 0]


def test_an_end_that_has_left_is_forgotten_and_one_that_pauses_is_not() -> None:
    mixer = Mixer()
    filled(mixer, 1, source=1)
    for _ in range(400):
        mixer.put(block(2), 2)
        mixer.take()
    assert mixer.sources == 1
    for _ in range(250):
        mixer.take()
    assert mixer.sources == 1
    for _ in range(100):
        assert mixer.take() in (SILENCE, block(2))
    assert mixer.sources == 0


@pytest.mark.parametrize(("percent", "heard"), [(100, 8000), (50, 2000), (10, 80), (0, 0)])
def test_the_volume_follows_the_ear(percent: int, heard: int) -> None:
    mixer = Mixer()
    mixer.set_volume(percent)
    filled(mixer, 8000)
    assert number(mixer.take()) == pytest.approx(heard, abs=1)


def test_turned_down_two_loud_ends_need_not_saturate() -> None:
    mixer = Mixer()
    mixer.set_volume(50)
    filled(mixer, 30_000, source=1)
    filled(mixer, 30_000, source=2)
    assert number(mixer.take()) == 15_000


def test_cleared_it_has_forgotten_everybody() -> None:
    mixer = Mixer()
    filled(mixer, 5, source=1)
    filled(mixer, 5, source=2)
    mixer.clear()
    assert (mixer.take(), mixer.sources) == (SILENCE, 0)


def test_what_waits_is_that_of_the_end_that_has_most() -> None:
    mixer = Mixer()
    assert mixer.waiting_s == 0
    for source in (1, 2, 2, 2):
        mixer.put(SILENCE, source)
    assert mixer.waiting_s == pytest.approx(0.03)
