"""Answerable and free seats."""

from __future__ import annotations

from dataclasses import replace

import pytest

from signaling.domain.model import Seat
from signaling.domain.presence import is_answerable, is_free
from signaling.protocol.vocabulary import PauseReason, SeatId, StaffId, VisitId
from tests.support.lines import START

PROVEN = Seat(SeatId("s"), StaffId("p"), "Anna", on_duty=True, sound=True, microphone=True, camera=True)


def test_a_seat_on_duty_with_everything_proven_is_answerable_and_free() -> None:
    assert is_answerable(PROVEN)
    assert is_free(PROVEN)


@pytest.mark.parametrize(
    "seat",
    [
        replace(PROVEN, connected=False),
        replace(PROVEN, on_duty=False),
        replace(PROVEN, sound=False),
        replace(PROVEN, microphone=False),
        replace(PROVEN, camera=False),
        replace(PROVEN, silent=True),
        replace(PROVEN, pause=PauseReason.BREAK),
    ],
    ids=["connected", "on duty", "sound", "microphone", "camera", "acknowledgement", "no pause"],
)
def test_a_seat_that_lacks_one_thing_is_neither(seat: Seat) -> None:
    assert not is_answerable(seat)
    assert not is_free(seat)


def test_a_seat_in_a_visit_is_answerable_but_not_free() -> None:
    seat = replace(PROVEN, visit_id=VisitId("v"))
    assert is_answerable(seat)
    assert not is_free(seat)


def test_a_seat_that_rounds_off_is_answerable_but_not_free() -> None:
    seat = replace(PROVEN, wrap_up_until=START)
    assert is_answerable(seat)
    assert not is_free(seat)
