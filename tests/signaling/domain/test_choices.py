"""No dead end: choices, tickets, closed doors, notes, and a kiosk that rests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from signaling.domain import commands as c
from signaling.domain.effects import ChoicesShown, TicketTaken, VisitEnded, VisitReturned
from signaling.domain.line import nobody_for
from signaling.domain.model import DeadlineKind
from signaling.protocol.errors import ErrorCode
from signaling.protocol.vocabulary import (
    BranchId,
    EndReason,
    KioskId,
    Language,
    Nobody,
    NotePhrase,
    Party,
    PauseReason,
    SeatId,
    VisitId,
    VisitState,
)
from tests.support.lines import BRANCH, EVERY_DAY_08_TO_16, SERVICE, Line, places, service

V1, V2, K1, S1, S2 = VisitId("v1"), VisitId("v2"), KioskId("k1"), SeatId("s1"), SeatId("s2")
SV, NB = Language.SV, Language.NB


@pytest.fixture
def line() -> Line:
    return Line(places())


def busy(line: Line) -> None:
    """One seat, in a conversation at another kiosk."""
    line.talk("v0", "s1", "k0")


# --- choices ----------------------------------------------------------------------------------------------


def test_an_unanswered_tap_gets_its_choices_and_stays_in_the_line(line: Line) -> None:
    busy(line)
    line.tap()
    line.later(59)
    assert not line.visit().choices
    line.later(1)
    assert line.visit().choices
    assert line.visit().state is VisitState.WAITING
    assert line.effects.count(ChoicesShown()) == 1


def test_each_service_has_its_own_time_until_the_choices() -> None:
    line = Line(places(service(choice_after_s=20)))
    busy(line)
    line.tap()
    line.later(20)
    assert line.visit().choices


def test_who_keeps_waiting_is_asked_again_later(line: Line) -> None:
    busy(line)
    line.tap()
    line.later(60)
    line.do(c.KeepWaiting(V1, K1))
    assert not line.visit().choices
    line.later(60)
    assert line.visit().choices


def test_keeping_on_waiting_without_having_been_asked_changes_nothing(line: Line) -> None:
    busy(line)
    line.tap()
    line.later(1)
    before = line.state
    line.do(c.KeepWaiting(V1, K1))
    assert line.state == before


def test_a_tap_that_nobody_can_answer_has_its_choices_at_once(line: Line) -> None:
    line.tap()
    assert line.visit().choices
    assert nobody_for(line.state, line.setup, line.visit()) is Nobody.NOBODY_ON_DUTY


def test_a_language_that_nobody_on_duty_speaks_is_said_at_once(line: Line) -> None:
    line.seat(languages=frozenset({SV}))
    line.tap(language=NB)
    assert line.visit().choices
    assert nobody_for(line.state, line.setup, line.visit()) is Nobody.LANGUAGE


def test_somebody_who_is_busy_is_somebody(line: Line) -> None:
    busy(line)
    line.tap()
    assert nobody_for(line.state, line.setup, line.visit()) is None


@pytest.mark.parametrize(
    "command",
    [
        c.SetDuty(S1, on_duty=False),
        c.RemoveSeat(S1),
        c.LoseSeat(S1),
        c.SilenceSeat(S1),
        c.PauseSeat(S1, PauseReason.BREAK),
        c.ProveSeat(S1, sound=False, microphone=True, camera=True),
    ],
    ids=lambda command: type(command).__name__,
)
def test_when_the_last_seat_goes_those_who_wait_are_told_at_once(line: Line, command: c.Command) -> None:
    line.seat()
    line.tap()
    line.do(command)
    assert line.visit().choices


def test_those_who_keep_waiting_though_nobody_is_there_are_not_asked_with_every_change(line: Line) -> None:
    line.tap()
    line.do(c.KeepWaiting(V1, K1))
    line.kiosk("k2")
    assert not line.visit().choices
    line.later(60)
    assert line.visit().choices


def test_a_start_of_the_server_alone_shows_nobody_the_door(line: Line) -> None:
    line.seat()
    line.tap()
    line.do(c.LoseEveryone())
    assert not line.visit().choices


def test_who_waits_is_told_when_the_seat_stays_away_after_a_start_of_the_server(line: Line) -> None:
    line.seat()
    line.tap()
    line.do(c.LoseEveryone())
    line.kiosk()
    line.later(line.policy.seat_grace_s - 1)
    assert not line.visit().choices
    line.later(1)
    assert line.visit().choices


def test_answering_takes_the_choices_away(line: Line) -> None:
    busy(line)
    line.tap()
    line.later(60)
    line.seat("s2")
    line.accept("v1", "s2")
    assert not line.visit().choices
    line.later(line.policy.connect_timeout_s)
    assert line.visit().state is VisitState.OFFERED
    assert not line.visit().choices
    line.later(60)
    assert line.visit().choices


# --- closed -----------------------------------------------------------------------------------------------


def test_a_tap_at_a_closed_service_is_refused(line: Line) -> None:
    line = Line(places(service(hours=EVERY_DAY_08_TO_16)))
    line.now = datetime(2026, 3, 2, 20, tzinfo=UTC)
    line.open()
    line.seat()
    line.kiosk()
    assert line.refused(c.OpenVisit(V1, K1, SERVICE, SV, "x")).code is ErrorCode.UNAVAILABLE


def test_a_tap_in_a_branch_that_is_closed_for_a_while_is_refused(line: Line) -> None:
    branch = replace(line.setup.directory.branches[BRANCH], closed=True)
    line = Line(places(branch=branch))
    line.open()
    line.seat()
    line.kiosk()
    assert line.refused(c.OpenVisit(V1, K1, SERVICE, SV, "x")).code is ErrorCode.UNAVAILABLE


# --- tickets ----------------------------------------------------------------------------------------------


def test_a_ticket_has_a_number_keeps_its_place_and_asks_no_more(line: Line) -> None:
    busy(line)
    line.tap("v1", "k1")
    line.later(60)
    line.tap("v2", "k2")
    assert line.do(c.TakeTicket(V1, K1)).ticket == 1
    assert not line.visit().choices
    assert TicketTaken() in line.effects
    line.do(c.FinishVisit(VisitId("v0"), seat_id=S1))
    line.later(line.policy.wrap_up_s)
    assert line.rung("v1") == {"s1"}


def test_asking_twice_for_a_ticket_gives_one_number(line: Line) -> None:
    line.ticket()
    before = line.state
    assert line.do(c.TakeTicket(V1, K1)).ticket == 1
    assert line.state == before


def test_numbers_count_up_in_the_branch_and_begin_anew_with_its_local_day(line: Line) -> None:
    line.now = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)  # 23.30 in Stockholm
    assert (line.ticket("v1", "k1"), line.ticket("v2", "k2")) == (1, 2)
    line.do(c.ConnectKiosk(KioskId("k9"), BranchId("elsewhere")))
    assert line.ticket("v9", "k9") == 1
    line.later(1800)
    assert line.ticket("v3", "k3") == 1


def test_no_ticket_for_who_is_talking(line: Line) -> None:
    line.talk()
    assert line.refused(c.TakeTicket(V1, K1)).data == {"state": "talking"}


def test_the_kiosk_is_free_for_others_while_tickets_wait(line: Line) -> None:
    busy(line)
    assert [line.ticket("v1"), line.ticket("v2")] == [1, 2]
    line.tap("v3")
    assert line.refused(c.OpenVisit(VisitId("v4"), K1, SERVICE, SV, "x")).code is ErrorCode.WRONG_STATE


def test_the_tap_of_a_ticket_sent_again_opens_nothing_new(line: Line) -> None:
    line.ticket()
    assert line.do(c.OpenVisit(V2, K1, SERVICE, SV, "tap-v1")).visit_id == "v1"


def test_a_ticket_does_not_ring_while_its_kiosk_shows_another_visit(line: Line) -> None:
    line.ticket("v1")
    line.tap("v2")
    line.seat()
    assert (line.rung("v1"), line.rung("v2")) == (set(), {"s1"})
    line.do(c.CancelVisit(V2, K1))
    assert line.rung("v1") == {"s1"}


def test_the_ring_of_a_ticket_stops_when_somebody_else_taps_its_kiosk(line: Line) -> None:
    line.seat()
    line.ticket("v1")
    assert line.rung("v1") == {"s1"}
    line.tap("v2")
    assert (line.rung("v1"), line.rung("v2")) == (set(), {"s1"})


def test_one_ticket_at_a_time_is_called_back_at_a_kiosk(line: Line) -> None:
    line.ticket("v1")
    line.ticket("v2")
    line.seat("s1")
    line.accept("v1", "s1")
    line.seat("s2")
    assert line.rung("v2") == set()


def test_a_ticket_is_called_back_and_talks_once_somebody_touches(line: Line) -> None:
    line.call_back()
    visit = line.visit()
    assert (visit.state, visit.seat_id, visit.generation) == (VisitState.CALLING, "s1", 0)
    assert visit.calling_until is not None
    line.do(c.AnswerTicket(V1, K1))
    assert line.visit().state is VisitState.CONNECTING
    assert line.visit().generation == 2, "1 was made ready for the ring before it became a ticket"
    line.connected()
    line.later(line.policy.callback_s)
    assert line.visit().state is VisitState.TALKING


def test_touching_twice_is_harmless(line: Line) -> None:
    line.call_back()
    line.do(c.AnswerTicket(V1, K1))
    before = line.state
    line.do(c.AnswerTicket(V1, K1))
    assert line.state == before


def test_touching_a_ticket_that_is_not_called_is_refused(line: Line) -> None:
    line.ticket()
    assert line.refused(c.AnswerTicket(V1, K1)).code is ErrorCode.WRONG_STATE


def test_a_ticket_to_which_nobody_comes_expires_and_the_seat_is_free_at_once(line: Line) -> None:
    line.call_back()
    line.tap("v2", "k2")
    line.later(line.policy.callback_s)
    assert line.visit().end_reason is EndReason.TICKET_EXPIRED
    assert VisitEnded(EndReason.TICKET_EXPIRED, answered=True) in line.effects
    assert line.rung("v2") == {"s1"}
    assert line.the_seat().close_out_visit_id is None


def test_a_touch_without_media_falls_to_the_front_and_is_on_the_screen(line: Line) -> None:
    line.call_back()
    line.do(c.AnswerTicket(V1, K1))
    line.later(line.policy.connect_timeout_s)
    assert VisitReturned() in line.effects
    assert (line.visit().state, line.visit().ticket) == (VisitState.OFFERED, None)
    assert line.refused(c.OpenVisit(V2, K1, SERVICE, SV, "x")).code is ErrorCode.WRONG_STATE


def test_a_ticket_whose_librarian_leaves_while_it_calls_waits_on_as_a_ticket(line: Line) -> None:
    line.call_back()
    line.do(c.LeaveVisit(V1, S1))
    visit = line.visit()
    assert (visit.state, visit.ticket, visit.returned, visit.calling_until) == (VisitState.WAITING, 1, True, None)
    assert ("callback", "v1") not in line.state.deadlines
    line.later(line.policy.ticket_life_s)
    assert line.visit().end_reason is EndReason.TICKET_EXPIRED


def test_a_ticket_taken_after_a_fall_is_called_back_without_the_path_of_before(line: Line) -> None:
    line.talk("v1", "s1")
    line.do(c.LeaveVisit(V1, S1))
    line.do(c.TakeTicket(V1, K1))
    line.seat("s2")
    line.accept("v1", "s2")
    assert (line.visit().state, line.visit().generation) == (VisitState.CALLING, 0)
    assert line.refused(c.PathConnected(V1, 1, Party.STAFF, "s2")).code is ErrorCode.STALE_GENERATION
    line.do(c.AnswerTicket(V1, K1))
    assert line.visit().generation == 2


def test_a_ticket_that_nobody_calls_back_expires(line: Line) -> None:
    line.ticket()
    line.later(line.policy.ticket_life_s)
    assert line.visit().end_reason is EndReason.TICKET_EXPIRED


def test_a_kiosk_that_stays_away_loses_its_screen_and_keeps_its_tickets(line: Line) -> None:
    busy(line)
    line.ticket("v1")
    line.tap("v2")
    line.do(c.LoseKiosk(K1))
    line.later(line.policy.kiosk_grace_s)
    assert line.visit("v2").end_reason is EndReason.KIOSK_LOST
    assert line.visit("v1").state is VisitState.WAITING
    line.seat("s2")
    assert line.rung("v1") == set()
    line.kiosk()
    assert line.rung("v1") == {"s2"}


def test_a_ticket_that_is_not_on_the_screen_outlives_its_kiosk(line: Line) -> None:
    line.ticket()
    line.do(c.LoseKiosk(K1))
    line.later(line.policy.kiosk_grace_s)
    assert K1 not in line.state.kiosks
    assert line.visit().state is VisitState.WAITING


def test_a_ticket_of_a_service_that_has_closed_expires_when_nobody_is_on_duty_any_more(line: Line) -> None:
    line = Line(places(service(hours=EVERY_DAY_08_TO_16)))
    line.now = datetime(2026, 3, 2, 14, tzinfo=UTC)  # 15.00 in Stockholm
    line.open()
    busy(line)
    line.tap("v2", "k2")
    line.ticket()
    line.later(3700)
    line.do(c.SignSeat(S1))
    assert line.visit().state is VisitState.WAITING
    line.do(c.LoseSeat(S1))
    assert line.visit().state is VisitState.WAITING
    line.do(c.RemoveSeat(S1))
    assert line.visit().end_reason is EndReason.TICKET_EXPIRED
    assert line.visit("v2").state is VisitState.WAITING


# --- notes ------------------------------------------------------------------------------------------------


def test_a_line_to_who_waits_stands_until_the_visit_is_answered(line: Line) -> None:
    busy(line)
    line.tap()
    line.do(c.NoteVisit(V1, S1, NotePhrase.SOON_WITH_YOU))
    assert line.visit().note is NotePhrase.SOON_WITH_YOU
    line.seat("s2")
    line.accept("v1", "s2")
    assert line.visit().note is None


def test_no_line_to_who_does_not_wait_or_from_who_is_not_on_duty(line: Line) -> None:
    line.talk()
    line.console("s2")
    assert line.refused(c.NoteVisit(V1, S1, NotePhrase.FEW_MINUTES)).data == {"state": "talking"}
    assert line.refused(c.NoteVisit(V1, S2, NotePhrase.FEW_MINUTES)).data == {}
    assert line.refused(c.NoteVisit(VisitId("none"), S1, NotePhrase.FEW_MINUTES)).code is ErrorCode.NOT_FOUND


# --- a kiosk that rests -----------------------------------------------------------------------------------


def flagged(line: Line) -> None:
    line.talk()
    line.do(c.FlagVisit(V1, S1))


def test_a_flagged_visit_ends_and_its_kiosk_rests_for_a_while(line: Line) -> None:
    flagged(line)
    assert line.visit().end_reason is EndReason.FLAGGED
    tap = c.OpenVisit(V2, K1, SERVICE, SV, "x")
    assert line.refused(tap).code is ErrorCode.LOCKED
    line.later(line.policy.lock_s - 1)
    assert line.refused(tap).code is ErrorCode.LOCKED
    line.later(1)
    line.do(tap)
    assert line.visit("v2").state is VisitState.OFFERED


def test_flagging_what_has_just_ended_locks_nothing(line: Line) -> None:
    line.talk()
    line.do(c.FinishVisit(V1, kiosk_id=K1))
    line.do(c.FlagVisit(V1, S1))
    assert line.state.kiosks[K1].locked_until is None


def test_a_flag_before_anybody_spoke_can_be_taken_back_too(line: Line) -> None:
    line.seat()
    line.tap()
    line.accept()
    line.do(c.FlagVisit(V1, S1))
    line.do(c.UnlockKiosk(V1, S1))
    assert line.state.kiosks[K1].locked_until is None
    assert (DeadlineKind.LOCK, "k1") not in line.state.deadlines


def test_only_the_seat_that_flagged_lets_the_kiosk_go_on(line: Line) -> None:
    flagged(line)
    line.seat("s2")
    assert line.refused(c.UnlockKiosk(V1, S2)).code is ErrorCode.NOT_FOUND
    line.do(c.CloseOut(V1, S1, None, None))
    assert line.refused(c.UnlockKiosk(V1, S1)).code is ErrorCode.NOT_FOUND


def test_a_visit_that_was_not_flagged_unlocks_nothing(line: Line) -> None:
    line.talk()
    line.do(c.FinishVisit(V1, kiosk_id=K1))
    assert line.refused(c.UnlockKiosk(V1, S1)).code is ErrorCode.NOT_FOUND


def test_pulling_the_plug_does_not_end_the_rest(line: Line) -> None:
    flagged(line)
    line.do(c.LoseKiosk(K1))
    line.later(line.policy.kiosk_grace_s)
    line.kiosk()
    assert line.refused(c.OpenVisit(V2, K1, SERVICE, SV, "x")).code is ErrorCode.LOCKED


def test_a_resting_kiosk_that_never_comes_back_is_forgotten_in_the_end(line: Line) -> None:
    flagged(line)
    line.do(c.LoseKiosk(K1))
    line.later(line.policy.lock_s)
    assert K1 not in line.state.kiosks


def test_a_kiosk_that_is_away_for_a_moment_when_its_rest_ends_keeps_its_grace(line: Line) -> None:
    flagged(line)
    line.later(line.policy.lock_s - 1)
    line.do(c.LoseKiosk(K1))
    line.later(1)
    assert line.state.kiosks[K1].locked_until is None


def test_a_flag_for_a_kiosk_that_is_gone_locks_nothing_and_can_be_taken_back(line: Line) -> None:
    flagged(line)
    line.later(line.policy.lock_s)
    line.do(c.LoseKiosk(K1))
    line.later(line.policy.kiosk_grace_s)
    line.do(c.UnlockKiosk(V1, S1))
    assert K1 not in line.state.kiosks


def test_tickets_of_a_resting_kiosk_do_not_ring(line: Line) -> None:
    line.ticket("v0")
    flagged(line)
    line.seat("s2")
    assert line.rung("v0") == set()
    line.do(c.UnlockKiosk(V1, S1))
    assert line.rung("v0") == {"s2"}
