"""What the sound bench measures with: chirps are found where they are, gaps are as long as they are."""

from __future__ import annotations

import numpy as np
import pytest

from tests.bench.sound import delays, longest_gap_ms
from tests.support.stage.sound import Heard, chirp, find_chirps, voice


def test_chirps_are_found_where_they_are_and_in_nothing_else() -> None:
    chance = np.random.default_rng(1)
    sound = chance.standard_normal(4 * 48_000) * 300
    for at in (10_000, 70_001, 150_500):
        sound[at : at + len(chirp())] += chirp() * 0.3
    found = find_chirps(sound.astype("<i2"))
    assert found == pytest.approx([10_000, 70_001, 150_500], abs=2)
    assert find_chirps((chance.standard_normal(48_000) * 3_000).astype("<i2")) == []
    assert find_chirps(voice(660, 2)) == []
    assert find_chirps(np.zeros(48_000, "<i2")) == []


def test_a_sample_passed_when_the_promptest_block_around_it_says() -> None:
    late_ms = [5.0, 0.0, 20.0, 3.0]
    moments = [(1_000.0 + 10 * (i + 1) + late, 480 * (i + 1)) for i, late in enumerate(late_ms)]
    assert Heard([], moments).moment_of(960) == pytest.approx(1_020.0)


def test_a_delay_goes_to_the_next_that_was_heard_and_a_lost_one_counts_for_nothing() -> None:
    assert delays([0.0, 1_000.0, 2_000.0], [110.0, 2_130.0]) == [110.0, 130.0]


def test_the_longest_gap_is_as_long_as_it_is() -> None:
    sound = voice(660, 3).copy()
    assert longest_gap_ms(sound) == 0
    sound[48_000 : 48_000 + 48 * 80] = 0
    assert longest_gap_ms(sound) == pytest.approx(80, abs=5)
    assert longest_gap_ms(np.zeros(48_000, "<i2")) is None
