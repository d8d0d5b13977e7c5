"""What counts as frozen, as seen, and as back."""

from __future__ import annotations

import pytest

from tests.netlab.observed import first_after, freezes_ms, seen


def every(ms: float, until_ms: float, start_ms: float = 0.0) -> list[float]:
    return [start_ms + i * ms for i in range(int((until_ms - start_ms) / ms))]


def test_an_even_pace_has_no_freeze() -> None:
    assert freezes_ms(every(33.3, 5000)) == []


def test_a_picture_that_stays_half_a_second_is_a_freeze() -> None:
    times = every(33.3, 1000)
    assert freezes_ms([*times, *every(33.3, 3000, times[-1] + 500)]) == pytest.approx([500])


def test_a_slow_but_even_pace_is_slow_and_not_frozen() -> None:
    assert freezes_ms(every(200, 5000)) == []


def test_a_gap_of_150_ms_at_30_a_second_is_not_yet_one() -> None:
    times = every(33.3, 1000)
    assert freezes_ms([*times, *every(33.3, 3000, times[-1] + 150)]) == []


def test_what_was_frozen_before_one_looked_counts_only_from_then_on() -> None:
    times = [*every(33.3, 1000), 3000.0]
    assert freezes_ms(times, from_ms=2500) == pytest.approx([500])


def test_pictures_ages_and_widths_are_summed_up() -> None:
    rows = [(at, 50.0 if i % 3 else None, 1280) for i, at in enumerate(every(100, 10_000))]
    found = seen(rows, 5000, 10_000)
    assert found.frames_per_s == pytest.approx(10)
    assert (found.frozen_share, found.freezes, found.age_median_ms, found.width_last) == (0.0, 0, 50.0, 1280)


def test_a_picture_that_stops_is_frozen_to_the_end() -> None:
    found = seen([(at, None, 640) for at in every(33.3, 6000)], 5000, 10_000)
    assert found.frozen_share == pytest.approx(0.8, abs=0.01)
    assert found.longest_still_ms == pytest.approx(4000, abs=40)


def test_no_picture_at_all_is_all_frozen() -> None:
    found = seen([], 0, 1000)
    assert (found.frozen_share, found.frames_per_s, found.age_median_ms) == (1.0, 0.0, None)


def test_a_single_late_picture_is_not_a_picture_that_moves_again() -> None:
    rows = [(at, None, 640) for at in (1000.0, 2000.0, 2033.0, 2066.0)]
    assert first_after(rows, 500, steady=3) == 2000.0
    assert first_after(rows, 500) == 1000.0
    assert first_after(rows, 3000) is None
