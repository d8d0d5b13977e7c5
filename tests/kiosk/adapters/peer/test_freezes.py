"""Freezes as the browsers' specification counts them."""

from __future__ import annotations

import pytest

from kiosk.adapters.peer.freezes import FreezeCounter


def shown(gaps_s: list[float]) -> FreezeCounter:
    counter, at_s = FreezeCounter(), 100.0
    counter.shown(at_s)
    for gap_s in gaps_s:
        at_s += gap_s
        counter.shown(at_s)
    return counter


def test_an_even_picture_never_freezes() -> None:
    assert shown([1 / 30] * 300).freezes == 0


def test_a_gap_that_its_pace_does_not_explain_is_a_freeze_as_long_as_it_lasted() -> None:
    counter = shown([1 / 30] * 60 + [0.4] + [1 / 30] * 10)
    assert counter.freezes == 1
    assert counter.frozen_s == pytest.approx(0.4)


def test_a_short_gap_is_none() -> None:
    assert shown([1 / 30] * 60 + [0.18]).freezes == 0


def test_a_slow_picture_is_not_frozen_all_the_time() -> None:
    assert shown([0.5] * 20).freezes == 0
    assert shown([0.5] * 20 + [1.4]).freezes == 0
    assert shown([0.5] * 20 + [1.6]).freezes == 1


def test_a_picture_that_was_away_for_long_was_not_frozen_and_its_pace_is_learnt_anew() -> None:
    counter = shown([1 / 30] * 60 + [20.0] + [0.5] * 5)
    assert counter.freezes == 0
    assert counter.frozen_s == 0


def test_before_the_second_picture_there_is_nothing_to_compare() -> None:
    assert FreezeCounter().freezes == 0
    assert shown([1.0]).freezes == 0
