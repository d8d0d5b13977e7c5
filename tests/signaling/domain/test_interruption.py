"""A conversation that is interrupted: until when it comes back by itself, and that it never loses its turn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from signaling.domain import commands as c
from signaling.domain.interruption import coming_back_until
from signaling.domain.line import in_order, places
from signaling.domain.model import DeadlineKind
from signaling.protocol.vocabulary import KioskId, Party, SeatId, VisitId, VisitState
from tests.support.lines import Line
from tests.support.lines import places as setup_of

V1, K1, S1, S2 = VisitId("v1"), KioskId("k1"), SeatId("s1"), SeatId("s2")


@pytest.fixture
def line() -> Line:
    """A conversation that has gone on for a while."""
    line = Line(setup_of())
    line.talk()
    line.later(100)
    return line


def until(line: Line) -> datetime | None:
    return coming_back_until(line.state, line.visit())


def seconds_left(line: Line) -> float | None:
    found = until(line)
    return None if found is None else (found - line.now).total_seconds()


def dead(line: Line) -> None:
    line.do(c.PathDead(V1, line.visit().generation, Party.VISITOR, K1))


# --- until when -------------------------------------------------------------------------------------------


def test_nothing_is_interrupted_while_people_talk_or_wait(line: Line) -> None:
    assert until(line) is None
    line.tap("v2", "k2")
    assert coming_back_until(line.state, line.visit("v2")) is None
    line.do(c.HoldVisit(V1, S1))
    assert until(line) is None


def test_the_first_connecting_is_no_coming_back(line: Line) -> None:
    line.seat("s2")
    line.tap("v2", "k2")
    line.accept("v2", "s2")
    line.do(c.LoseSeat(S2))
    assert coming_back_until(line.state, line.visit("v2")) is None


def test_a_dead_path_has_its_time_and_that_does_not_begin_again_with_each_try(line: Line) -> None:
    dead(line)
    assert seconds_left(line) == line.policy.connect_timeout_s
    line.later(5)
    dead(line)
    assert seconds_left(line) == line.policy.connect_timeout_s - 5
    line.connected()
    assert until(line) is None
    assert line.visit().state is VisitState.TALKING


@pytest.mark.parametrize("held", [False, True])
def test_who_is_away_has_a_grace_and_the_earlier_one_counts(line: Line, held: bool) -> None:
    if held:
        line.do(c.HoldVisit(V1, S1))
    line.do(c.LoseKiosk(K1))
    assert seconds_left(line) == line.policy.kiosk_grace_s
    line.do(c.LoseSeat(S1))
    assert seconds_left(line) == line.policy.seat_grace_s
    line.console("s1")
    assert seconds_left(line) == line.policy.kiosk_grace_s
    line.kiosk()
    assert until(line) is None


def test_a_kiosk_that_starts_slowly_is_waited_for_though_the_path_was_given_up_long_before(line: Line) -> None:
    line.do(c.LoseKiosk(K1))
    line.do(c.PathDead(V1, 1, Party.STAFF, S1))
    assert seconds_left(line) == line.policy.kiosk_grace_s, "its grace decides, and not the time to connect"
    line.later(line.policy.kiosk_grace_s - 1)
    assert line.visit().state is VisitState.CONNECTING
    line.kiosk()
    assert seconds_left(line) == line.policy.connect_timeout_s, "who comes back has the whole time"
    line.later(line.policy.connect_timeout_s - 1)
    line.connected()
    assert line.visit().state is VisitState.TALKING


def test_a_browser_that_is_opened_late_has_the_whole_time_to_connect(line: Line) -> None:
    line.do(c.LoseSeat(S1))
    dead(line)
    line.later(line.policy.seat_grace_s - 1)
    line.console("s1")
    assert seconds_left(line) == line.policy.connect_timeout_s
    line.later(line.policy.connect_timeout_s)
    assert line.visit().returned, "but not for ever"


def test_a_colleague_who_comes_back_gives_the_path_of_others_no_more_time(line: Line) -> None:
    line.join()
    dead(line)
    line.later(7)
    line.do(c.LoseSeat(S2))
    line.console("s2")
    row = line.state.deadlines[DeadlineKind.CONNECT, "v1"]
    assert row.due_at - line.now == timedelta(seconds=line.policy.connect_timeout_s - 7)


def test_a_librarian_who_is_away_interrupts_nothing_while_a_colleague_goes_on(line: Line) -> None:
    line.join()
    dead(line)
    line.do(c.LoseSeat(S1))
    assert until(line) is None
    line.do(c.LoseSeat(S2))
    assert seconds_left(line) == line.policy.seat_grace_s
    line.console("s2")
    line.do(c.LoseKiosk(K1))
    assert seconds_left(line) == line.policy.kiosk_grace_s


def test_a_colleague_goes_on_at_once_when_the_other_path_does_not_come_back(line: Line) -> None:
    line.join()
    dead(line)
    line.do(c.LoseSeat(S1))
    line.later(line.policy.connect_timeout_s)
    assert (line.visit().state, line.visit().seat_id) == (VisitState.TALKING, "s2")


def test_the_time_of_a_server_that_was_away_is_given_back(line: Line) -> None:
    dead(line)
    line.later(12)
    line.do(c.LoseSeat(S1))
    line.do(c.LoseEveryone())
    assert seconds_left(line) == line.policy.seat_grace_s
    line.later(line.policy.connect_timeout_s - 12)
    assert line.visit().state is VisitState.CONNECTING, "nobody could connect meanwhile"
    line.kiosk()
    line.console("s1")
    assert seconds_left(line) == line.policy.connect_timeout_s


# --- never to the end of the line -------------------------------------------------------------------------


def seat_away(line: Line) -> float:
    line.do(c.LoseSeat(S1))
    return line.policy.seat_grace_s


def seat_away_on_hold(line: Line) -> float:
    line.do(c.HoldVisit(V1, S1))
    return seat_away(line)


def path_dead(line: Line) -> float:
    dead(line)
    return line.policy.connect_timeout_s


def both_away_and_the_seat_for_good(line: Line) -> float:
    line.do(c.LoseEveryone())
    line.kiosk("k0")
    line.kiosk()
    return line.policy.seat_grace_s


def path_dead_after_the_kiosk_came_back(line: Line) -> float:
    line.do(c.LoseKiosk(K1))
    line.later(line.policy.kiosk_grace_s - 1)
    line.kiosk()
    return path_dead(line)


def seat_away_and_then_no_path(line: Line) -> float:
    line.later(seat_away(line) - 1)
    line.console("s1")
    return path_dead(line)


def seat_signs_out(line: Line) -> float:
    line.do(c.RemoveSeat(S1))
    return 0


@pytest.mark.parametrize(
    "interrupt",
    [
        seat_away,
        seat_away_on_hold,
        path_dead,
        both_away_and_the_seat_for_good,
        path_dead_after_the_kiosk_came_back,
        seat_away_and_then_no_path,
        seat_signs_out,
    ],
)
def test_after_every_grace_the_visit_stands_first_though_another_tapped_before(
    interrupt: Callable[[Line], float],
) -> None:
    line = Line(setup_of())
    line.tap("v0", "k0")
    line.later(30)
    line.do(c.LoseKiosk(KioskId("k0")))  # so that the later one is answered first
    line.talk()
    line.kiosk("k0")
    line.later(20)
    assert places(line.state) == {"v0": 1}
    line.later(interrupt(line))
    assert line.visit().returned
    assert [visit.id for visit in in_order(line.state, line.setup)] == [V1, "v0"]
    assert places(line.state) == {V1: 1, "v0": 2}
    if S1 in line.state.seats:
        line.do(c.RemoveSeat(S1))
    line.seat("s9")
    assert line.rung(V1) == {"s9"}, "the next who is free answers it"
