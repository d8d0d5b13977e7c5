"""When to try the server again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.connection import BACKOFF_FIRST_S, BACKOFF_MAX_IN_VISIT_S, BACKOFF_MAX_S, retry_delay_s


def test_the_first_try_comes_soon_and_each_later_one_at_twice_the_distance() -> None:
    assert [retry_delay_s(attempt, 0.999_999) for attempt in (1, 2, 3)] == [
        pytest.approx(0.5),
        pytest.approx(1.0),
        pytest.approx(2.0),
    ]


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_it_is_never_longer_than_the_longest_and_never_at_once(attempt: int, chance: float) -> None:
    assert BACKOFF_FIRST_S / 2 <= retry_delay_s(attempt, chance) <= BACKOFF_MAX_S


@given(st.integers(1, 20), st.floats(0, 0.49), st.floats(0.5, 1, exclude_max=True))
def test_chance_spreads_many_kiosks(attempt: int, low: float, high: float) -> None:
    assert retry_delay_s(attempt, low) < retry_delay_s(attempt, high)


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_in_a_visit_the_tries_stay_a_second_apart_however_many_have_failed(attempt: int, chance: float) -> None:
    assert BACKOFF_FIRST_S / 2 <= retry_delay_s(attempt, chance, in_visit=True) <= BACKOFF_MAX_IN_VISIT_S
