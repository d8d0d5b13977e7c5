"""Hours, long waits and nobody on duty: what the clock and the forms change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from signaling.domain import commands as c
from signaling.domain.draft import HANDLING_KEPT
from signaling.domain.effects import StandbyCause, StandbyNeeded
from signaling.domain.model import DeadlineKind, Standing
from signaling.protocol.vocabulary import KioskId, LineId, PauseReason, SeatId, ServiceId, VisitId
from tests.support.lines import BRANCH, EVERY_DAY_08_TO_16, SERVICE, START, Line, places, service, tiered

S1 = SeatId("s1")
OPENS, CLOSES = datetime(2026, 3, 3, 7, tzinfo=UTC), datetime(2026, 3, 2, 15, tzinfo=UTC)
NOBODY = StandbyNeeded(ServiceId(SERVICE), StandbyCause.NOBODY_ON_DUTY)
LONG = StandbyNeeded(ServiceId(SERVICE), StandbyCause.LONG_WAITS)


@pytest.fixture
def line() -> Line:
    """A service that is open from 08 to 16, at 10 o'clock in Stockholm."""
    line = Line(places(service(hours=EVERY_DAY_08_TO_16)))
    line.open()
    return line


def stands(line: Line, subject_id: str = SERVICE) -> Standing:
    return line.state.standings[subject_id]


# --- hours ------------------------------------------------------------------------------------------------


def test_a_service_closes_and_opens_by_the_clock(line: Line) -> None:
    assert stands(line).open
    line.later((CLOSES - START).total_seconds())
    assert (stands(line).open, stands(line).next_open) == (False, OPENS)
    line.later((OPENS - CLOSES).total_seconds())
    assert (stands(line).open, stands(line).next_open) == (True, None)


def test_what_is_always_open_has_no_deadline(line: Line) -> None:
    assert stands(line, BRANCH).open
    assert (DeadlineKind.HOURS, BRANCH) not in line.state.deadlines
    line.setup = places()
    line.open()
    assert (DeadlineKind.HOURS, SERVICE) not in line.state.deadlines


def test_a_change_of_the_forms_is_seen_and_keeps_what_was_learnt(line: Line) -> None:
    line.state = replace(
        line.state, standings={**line.state.standings, SERVICE: replace(stands(line), handling_s=(240.0,))}
    )
    branch = replace(line.setup.directory.branches[BRANCH], closed=True)
    line.setup = places(service(), branch=branch)
    line.open()
    assert not stands(line, BRANCH).open
    assert stands(line).handling_s == (240.0,)


def test_what_is_gone_stands_no_more(line: Line) -> None:
    line.later(line.policy.nobody_grace_s - 1)
    line.setup = places(service("other"))
    line.open()
    assert set(line.state.standings) == {"other", BRANCH}
    assert {(row.kind, row.subject_id) for row in line.state.deadlines.values()} == {(DeadlineKind.NOBODY, "other")}


def test_what_is_gone_before_anybody_looked_is_forgotten_at_its_time(line: Line) -> None:
    line.setup = places(service("other"))
    line.later((CLOSES - START).total_seconds())
    assert SERVICE not in line.state.standings


def test_the_places_of_another_line_are_not_ours(line: Line) -> None:
    line.do(c.LookAtSetup(LineId("elsewhere")))
    assert not line.state.standings


# --- long waits -------------------------------------------------------------------------------------------


def long_wait(line: Line, number: int) -> None:
    line.tap(f"w{number}", f"k{number}")
    line.later(line.policy.long_wait_s)


def test_three_long_waits_ask_the_standby_people_once(line: Line) -> None:
    line.talk("v0", "s1", "k0")
    long_wait(line, 1)
    long_wait(line, 2)
    assert LONG not in line.effects
    long_wait(line, 3)
    assert line.effects.count(LONG) == 1
    assert stands(line).standby_asked_at == line.now
    long_wait(line, 4)
    assert line.effects.count(LONG) == 1


def test_a_visit_that_is_answered_in_time_is_no_long_wait(line: Line) -> None:
    line.talk("v0", "s1", "k0")
    line.later(line.policy.long_wait_s)
    assert stands(line).long_waits == ()


def test_a_visit_that_falls_late_counts_no_second_time(line: Line) -> None:
    line.seat()
    line.tap("v1")
    line.accept("v1")
    line.connected("v1")
    line.later(line.policy.long_wait_s)
    line.do(c.LeaveVisit(VisitId("v1"), S1))
    assert (DeadlineKind.LONG_WAIT, "v1") not in line.state.deadlines


def test_a_visit_that_falls_early_still_counts_from_its_tap(line: Line) -> None:
    line.talk("v1")
    line.later(60)
    line.do(c.LeaveVisit(VisitId("v1"), S1))
    row = line.state.deadlines[DeadlineKind.LONG_WAIT, "v1"]
    assert row.due_at == START + timedelta(seconds=line.policy.long_wait_s)


# --- nobody on duty ---------------------------------------------------------------------------------------


def test_nobody_on_duty_in_opening_hours_asks_after_a_grace_and_once_an_hour(line: Line) -> None:
    line.later(line.policy.nobody_grace_s - 1)
    assert NOBODY not in line.effects
    line.later(1)
    assert line.effects.count(NOBODY) == 1
    line.later(line.policy.standby_again_s - 1)
    assert line.effects.count(NOBODY) == 1
    line.later(1)
    assert line.effects.count(NOBODY) == 2


def test_somebody_who_comes_in_time_spares_the_standby_people(line: Line) -> None:
    line.later(line.policy.nobody_grace_s - 1)
    line.seat()
    line.do(c.PauseSeat(S1, PauseReason.BREAK))
    line.later(3600)
    assert NOBODY not in line.effects


def test_a_change_of_shift_within_the_grace_asks_nobody(line: Line) -> None:
    line.seat()
    line.do(c.SetDuty(S1, on_duty=False))
    line.later(30)
    line.do(c.SetDuty(S1, on_duty=True))
    line.later(3600)
    assert NOBODY not in line.effects


def test_nobody_is_missed_while_it_is_closed(line: Line) -> None:
    line.seat()
    line.now = CLOSES
    line.open()
    line.do(c.RemoveSeat(S1))
    line.later(3600)
    assert NOBODY not in line.effects
    line.later((OPENS - line.now).total_seconds() + line.policy.nobody_grace_s)
    assert NOBODY in line.effects


def test_standby_people_who_were_asked_for_long_waits_are_not_asked_again_at_once(line: Line) -> None:
    line.talk("v0", "s1", "k0")
    for number in (1, 2, 3):
        long_wait(line, number)
    line.do(c.RemoveSeat(S1))
    line.later(line.policy.nobody_grace_s)
    assert NOBODY not in line.effects
    line.later(line.policy.standby_again_s - line.policy.nobody_grace_s)
    assert line.effects.count(NOBODY) == 1


def test_a_request_that_comes_due_after_another_one_asks_nobody_twice(line: Line) -> None:
    """Long waits have asked while the grace of nobody on duty was running."""
    for number in (1, 2, 3):
        line.tap(f"w{number}", f"k{number}")
    line.setup = replace(line.setup, policy=replace(line.policy, nobody_grace_s=200))
    line.seat()
    line.do(c.RemoveSeat(S1))
    line.later(line.policy.long_wait_s)
    assert LONG in line.effects
    line.later(200)
    assert NOBODY not in line.effects


def test_only_the_teams_of_a_service_keep_it_from_missing_somebody() -> None:
    line = Line(tiered((("s1",), 0), (("s2",), 20)))
    line.open()
    line.seat("s9")
    line.later(line.policy.nobody_grace_s)
    assert line.effects.count(NOBODY) == 1
    line.seat("s2")
    assert (DeadlineKind.NOBODY, SERVICE) not in line.state.deadlines


def test_a_service_whose_teams_are_gone_misses_somebody() -> None:
    line = Line(tiered((("s1",), 0)))
    line.setup = replace(line.setup, directory=replace(line.setup.directory, teams={}))
    line.open()
    line.seat("s1")
    assert (DeadlineKind.NOBODY, SERVICE) in line.state.deadlines


# --- how long a visit takes -------------------------------------------------------------------------------


def test_the_latest_visits_say_how_long_one_takes(line: Line) -> None:
    line.seat()
    for number in range(HANDLING_KEPT + 1):
        line.talk(f"v{number}")
        line.later(number)
        line.do(c.FinishVisit(VisitId(f"v{number}"), kiosk_id=KioskId("k1")))
        line.do(c.CloseOut(VisitId(f"v{number}"), S1, None, None))
    kept = stands(line).handling_s
    assert kept == tuple(number + line.policy.wrap_up_s for number in range(1, HANDLING_KEPT + 1))


def test_a_visit_that_waits_says_when_it_expects_a_librarian_and_looks_again_then(line: Line) -> None:
    line.talk("v0", "s1", "k0")
    line.tap()
    expected_by = line.visit().expected_by
    assert expected_by is not None
    assert line.state.deadlines[DeadlineKind.ESTIMATE, "v1"].due_at == expected_by
    line.later((expected_by - line.now).total_seconds())
    later = line.visit().expected_by
    assert later is not None
    assert later > expected_by
    line.do(c.CancelVisit(VisitId("v1"), KioskId("k1")))
    assert (DeadlineKind.ESTIMATE, "v1") not in line.state.deadlines
