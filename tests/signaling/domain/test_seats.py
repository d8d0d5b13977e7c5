"""Seats on duty: signs of a person, pauses, silence, what an account says."""

from __future__ import annotations

import pytest

from signaling.domain import commands as c
from signaling.domain.effects import LeftDuty
from signaling.domain.line import availability
from signaling.domain.model import DeadlineKind
from signaling.domain.presence import is_answerable
from signaling.protocol.errors import ErrorCode
from signaling.protocol.vocabulary import (
    KioskId,
    Language,
    NotePhrase,
    OffDutyCause,
    OfferId,
    PauseReason,
    SeatId,
    StaffId,
    VisitId,
    VisitState,
)
from tests.support.lines import Line

V1, K1, S1, S2 = VisitId("v1"), KioskId("k1"), SeatId("s1"), SeatId("s2")


@pytest.fixture
def line() -> Line:
    line = Line()
    line.seat()
    return line


# --- silence ----------------------------------------------------------------------------------------------


def test_a_silent_seat_counts_no_more_and_its_ring_stops(line: Line) -> None:
    line.tap()
    line.do(c.SilenceSeat(S1))
    assert availability(line.state, line.setup).answerable == 0
    assert line.rung() == set()
    assert line.visit().choices


def test_a_silent_seat_stays_in_its_conversation(line: Line) -> None:
    line.talk()
    line.do(c.SilenceSeat(S1))
    assert line.visit().state is VisitState.TALKING


def test_a_sign_of_a_person_mends_the_silence(line: Line) -> None:
    line.do(c.SilenceSeat(S1))
    line.tap()
    line.do(c.SignSeat(S1))
    assert line.rung() == {"s1"}


def test_a_page_that_only_reconnects_is_still_silent(line: Line) -> None:
    line.do(c.SilenceSeat(S1))
    line.do(c.LoseSeat(S1))
    line.console()
    line.prove()
    assert not is_answerable(line.the_seat())


def test_nobody_there_can_neither_be_silent_nor_give_a_sign(line: Line) -> None:
    assert line.refused(c.SilenceSeat(SeatId("none"))).code is ErrorCode.NOT_FOUND
    assert line.refused(c.SignSeat(SeatId("none"))).code is ErrorCode.NOT_FOUND


# --- no ghost on duty -------------------------------------------------------------------------------------


def test_a_seat_without_a_sign_is_asked_and_still_rings(line: Line) -> None:
    line.later(line.policy.sign_after_s)
    assert line.the_seat().asked_until is not None
    line.tap()
    assert line.rung() == {"s1"}


def test_a_seat_that_does_not_answer_the_question_goes_off_duty(line: Line) -> None:
    line.later(line.policy.sign_after_s + line.policy.asked_s)
    seat = line.the_seat()
    assert (seat.on_duty, seat.off_duty_cause, seat.asked_until) == (False, OffDutyCause.NO_SIGN, None)
    assert LeftDuty() in line.effects
    line.do(c.SetDuty(S1, on_duty=True))
    assert line.the_seat().off_duty_cause is None
    assert is_answerable(line.the_seat())


def test_answering_the_question_begins_the_time_anew(line: Line) -> None:
    line.later(line.policy.sign_after_s)
    line.do(c.SignSeat(S1))
    assert line.the_seat().asked_until is None
    line.later(line.policy.sign_after_s - 1)
    assert line.the_seat().asked_until is None
    line.later(1)
    assert line.the_seat().asked_until is not None


def test_a_seat_in_a_conversation_is_not_asked(line: Line) -> None:
    line.talk()
    line.later(line.policy.sign_after_s)
    assert line.the_seat().asked_until is None
    line.later(line.policy.sign_after_s)
    assert line.the_seat().on_duty


@pytest.mark.parametrize(
    "command",
    [
        c.SetDuty(S1, on_duty=True),
        c.NameSeat(S1, named=True),
        c.PauseSeat(S1, PauseReason.DESK),
        c.ResumeSeat(S1),
        c.DeclineOffer(OfferId("v1-1"), S1),
        c.NoteVisit(V1, S1, NotePhrase.SOON_WITH_YOU),
    ],
    ids=lambda command: type(command).__name__,
)
def test_whatever_a_person_does_is_a_sign(line: Line, command: c.Command) -> None:
    line.later(line.policy.sign_after_s)
    line.tap()
    line.do(command)
    line.later(line.policy.asked_s)
    assert line.the_seat().on_duty


def test_what_a_page_does_by_itself_is_no_sign(line: Line) -> None:
    line.later(line.policy.sign_after_s)
    line.prove()
    line.do(c.LoseSeat(S1))
    line.console()
    line.later(line.policy.asked_s)
    assert not line.the_seat().on_duty


def test_signs_in_quick_succession_are_not_each_written_down(line: Line) -> None:
    line.later(30)
    before = line.state
    line.do(c.SignSeat(S1))
    assert line.state == before
    line.later(30)
    line.do(c.SignSeat(S1))
    assert line.state != before


def test_off_duty_nobody_is_asked(line: Line) -> None:
    line.do(c.SetDuty(S1, on_duty=False))
    line.do(c.SignSeat(S1))
    assert not line.state.deadlines
    assert line.the_seat().off_duty_cause is None


# --- pauses -----------------------------------------------------------------------------------------------


def test_a_paused_seat_is_not_rung_until_it_resumes(line: Line) -> None:
    line.tap()
    line.do(c.PauseSeat(S1, PauseReason.DESK))
    assert line.rung() == set()
    line.later(3600)
    assert line.rung() == set()
    line.do(c.ResumeSeat(S1))
    assert line.rung() == {"s1"}


def test_a_pause_with_an_end_ends_by_itself(line: Line) -> None:
    line.do(c.PauseSeat(S1, PauseReason.BREAK, 600))
    line.later(599)
    assert not is_answerable(line.the_seat())
    line.later(1)
    assert is_answerable(line.the_seat())
    assert line.the_seat().idle_since == line.now


def test_a_pause_without_an_end_replaces_one_that_had_one(line: Line) -> None:
    line.do(c.PauseSeat(S1, PauseReason.BREAK, 600))
    line.do(c.PauseSeat(S1, PauseReason.MEETING))
    line.later(600)
    assert (line.the_seat().pause, line.the_seat().pause_until) == (PauseReason.MEETING, None)


def test_a_pause_does_not_touch_the_conversation(line: Line) -> None:
    line.talk()
    line.do(c.PauseSeat(S1, PauseReason.BREAK))
    assert line.visit().state is VisitState.TALKING


def test_off_duty_there_is_nothing_to_pause(line: Line) -> None:
    line.do(c.PauseSeat(S1, PauseReason.BREAK, 600))
    line.do(c.SetDuty(S1, on_duty=False))
    assert (line.the_seat().pause, line.the_seat().pause_until) == (None, None)
    assert not line.state.deadlines
    assert line.refused(c.PauseSeat(S1, PauseReason.BREAK)).code is ErrorCode.WRONG_STATE


def test_resuming_what_is_not_paused_changes_nothing(line: Line) -> None:
    before = line.state
    line.do(c.ResumeSeat(S1))
    assert line.state == before


def test_a_reload_keeps_duty_and_pause(line: Line) -> None:
    line.do(c.PauseSeat(S1, PauseReason.MEETING, 600))
    line.do(c.LoseSeat(S1))
    line.console()
    seat = line.the_seat()
    assert (seat.on_duty, seat.pause, seat.pause_until is not None) == (True, PauseReason.MEETING, True)


def test_signing_out_leaves_nothing_behind(line: Line) -> None:
    line.do(c.PauseSeat(S1, PauseReason.BREAK, 600))
    line.later(line.policy.sign_after_s)
    line.do(c.RemoveSeat(S1))
    assert not line.state.deadlines


# --- the account ------------------------------------------------------------------------------------------


def test_a_changed_account_is_followed_by_its_seats_and_by_no_others(line: Line) -> None:
    line.seat("s2", "Bo")
    line.tap(language=Language.NB)
    line.do(c.UpdateStaff(StaffId("staff-s1"), "Anna-Lena", frozenset({Language.SV})))
    assert (line.the_seat().name, line.the_seat().languages) == ("Anna-Lena", frozenset({Language.SV}))
    assert line.the_seat("s2").name == "Bo"
    assert line.rung() == {"s2"}


def test_the_rows_of_a_seat_on_duty_are_its_question_alone(line: Line) -> None:
    assert {row.kind for row in line.state.deadlines.values()} == {DeadlineKind.SIGN}
