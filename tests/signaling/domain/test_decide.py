"""Commands: what each leads to, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from signaling.domain import commands as c
from signaling.domain.effects import RingUnanswered, SeatPaused, VisitAccepted, VisitEnded, VisitReturned
from signaling.domain.errors import Refused
from signaling.domain.line import availability
from signaling.domain.model import DeadlineKind
from signaling.protocol.errors import ErrorCode
from signaling.protocol.vocabulary import (
    EndReason,
    KioskId,
    Language,
    OfferId,
    Outcome,
    Party,
    PauseReason,
    SeatId,
    StaffId,
    Topic,
    VisitId,
    VisitState,
)
from tests.support.lines import LIBRARY, SERVICE, START, Line

V1, K1, S1, S2 = VisitId("v1"), KioskId("k1"), SeatId("s1"), SeatId("s2")


@pytest.fixture
def line() -> Line:
    return Line()


def refused(line: Line, command: c.Command) -> Refused:
    """The refusal of a command."""
    return line.refused(command)


# --- tapping and ringing ----------------------------------------------------------------------------------


def test_a_tap_rings_at_every_free_seat(line: Line) -> None:
    line.seat("s1")
    line.seat("s2")
    line.tap()
    assert line.visit().state is VisitState.OFFERED
    assert line.rung() == {"s1", "s2"}


def test_the_same_tap_sent_twice_opens_one_visit(line: Line) -> None:
    line.seat()
    line.tap("v1")
    decision = line.do(c.OpenVisit(VisitId("v2"), K1, SERVICE, Language.SV, "tap-v1"))
    assert decision.visit_id == "v1"
    assert set(line.state.visits) == {"v1"}


def test_the_same_tap_sent_twice_opens_nothing_when_its_visit_is_over_already(line: Line) -> None:
    line.seat()
    line.tap("v1")
    line.do(c.CancelVisit(VisitId("v1"), K1))
    again = c.OpenVisit(VisitId("v2"), K1, SERVICE, Language.SV, "tap-v1")
    assert refused(line, again).code is ErrorCode.WRONG_STATE
    line.do(c.OpenVisit(VisitId("v3"), K1, SERVICE, Language.SV, "another"))
    line.do(c.CancelVisit(VisitId("v3"), K1))
    line.later(line.policy.same_tap_s)
    assert line.visit("v1").settled
    assert line.visit("v3").settled


def test_a_second_tap_during_a_visit_is_refused(line: Line) -> None:
    line.seat()
    line.tap()
    error = refused(line, c.OpenVisit(VisitId("v2"), K1, SERVICE, Language.SV, "another"))
    assert error.code is ErrorCode.WRONG_STATE


def test_a_tap_when_nobody_can_answer_stands_in_the_line_with_its_choices(line: Line) -> None:
    line.tap()
    assert line.visit().state is VisitState.WAITING
    assert line.visit().choices


def test_a_tap_at_a_kiosk_that_is_not_there_is_refused(line: Line) -> None:
    line.seat()
    assert refused(line, c.OpenVisit(V1, K1, SERVICE, Language.SV, "x")).code is ErrorCode.NOT_FOUND


def test_the_second_visit_waits_while_all_seats_ring_for_the_first(line: Line) -> None:
    line.seat()
    line.tap("v1", "k1")
    line.tap("v2", "k2")
    assert line.visit("v2").state is VisitState.WAITING
    line.accept("v1")
    assert line.visit("v2").state is VisitState.WAITING


def test_a_seat_that_comes_while_it_rings_gets_a_ring_with_its_own_whole_time(line: Line) -> None:
    line.seat("s1")
    line.tap()
    line.later(20)
    line.seat("s2")
    assert line.rung() == {"s1", "s2"}
    assert [offer.id for offer in line.state.offers.values()] == ["v1-1", "v1-2"]
    line.later(line.policy.ring_timeout_s - 20)
    assert line.rung() == {"s2"}
    assert line.visit().state is VisitState.OFFERED
    line.later(20)
    assert line.visit().state is VisitState.WAITING


def test_accepting_one_of_two_rings_ends_the_other(line: Line) -> None:
    line.seat("s1")
    line.tap()
    line.seat("s2")
    first, second = line.state.offers
    line.do(c.AcceptOffer(second, S2))
    assert not line.state.offers
    assert refused(line, c.AcceptOffer(first, S1)).data == {"winner": "Anna"}


def test_an_unanswered_ring_pauses_the_seat_and_the_visit_keeps_clock_and_place(line: Line) -> None:
    line.seat()
    line.tap("v1", "k1")
    line.later(5)
    line.tap("v2", "k2")
    line.later(line.policy.ring_timeout_s - 5)
    assert RingUnanswered() in line.effects
    assert SeatPaused() in line.effects
    assert line.the_seat().pause is PauseReason.UNANSWERED
    line.do(c.ResumeSeat(S1))
    assert line.rung("v1") == {"s1"}
    assert (line.visit().opened_at, line.visit().returned) == (START, False)


def test_a_seat_that_could_not_hear_the_ring_is_not_paused_for_it(line: Line) -> None:
    line.seat("s1")
    line.seat("s2")
    line.tap()
    line.later(line.policy.ring_timeout_s - 1)
    line.do(c.LoseSeat(S2))
    line.later(1)
    assert line.the_seat("s1").pause is PauseReason.UNANSWERED
    assert line.the_seat("s2").pause is None


def test_a_seat_that_declined_is_left_alone_until_the_pause_is_over(line: Line) -> None:
    line.seat()
    line.tap()
    line.do(c.DeclineOffer(line.offer_of(), S1))
    assert line.visit().state is VisitState.WAITING
    line.later(line.policy.decline_pause_s - 1)
    assert line.rung() == set()
    line.later(1)
    assert line.rung() == {"s1"}


def test_declining_a_ring_that_has_gone_is_harmless(line: Line) -> None:
    line.seat()
    line.seat("s2")
    line.tap()
    line.do(c.DeclineOffer(line.offer_of(), S2))
    before = line.state
    line.do(c.DeclineOffer(line.offer_of(), S2))
    line.do(c.DeclineOffer(OfferId("gone-1"), S1))
    assert line.state == before
    assert line.rung() == {"s1"}


# --- accepting --------------------------------------------------------------------------------------------


def test_the_first_to_accept_wins_and_the_second_is_told_who_did(line: Line) -> None:
    line.seat("s1", "Anna")
    line.seat("s2", "Bo")
    line.tap()
    offer = line.offer_of()
    line.do(c.AcceptOffer(offer, S1))
    error = refused(line, c.AcceptOffer(offer, S2))
    assert (error.code, error.data) == (ErrorCode.TAKEN, {"winner": "Anna"})
    assert line.visit().seat_id == "s1"
    assert [type(x) for x in line.effects] == [VisitAccepted]


def test_the_winner_who_says_it_twice_has_won_once(line: Line) -> None:
    line.seat()
    line.tap()
    offer = line.offer_of()
    line.do(c.AcceptOffer(offer, S1))
    before = line.state
    assert line.do(c.AcceptOffer(offer, S1)).visit_id == V1
    assert line.state == before


def test_a_seat_that_is_in_a_visit_cannot_take_another(line: Line) -> None:
    line.talk()
    line.seat("s2")
    line.tap("v2", "k2")
    assert refused(line, c.AcceptOffer(line.offer_of("v2"), S1)).code is ErrorCode.NOT_FOUND


def test_accepting_a_ring_whose_visitor_left_names_nobody(line: Line) -> None:
    line.seat()
    line.tap()
    offer = line.offer_of()
    line.do(c.CancelVisit(V1, K1))
    error = refused(line, c.AcceptOffer(offer, S1))
    assert (error.code, error.data) == (ErrorCode.TAKEN, {})


def test_a_seat_cannot_accept_what_does_not_ring_there(line: Line) -> None:
    line.seat("s1")
    line.tap()
    line.console("s2")
    assert refused(line, c.AcceptOffer(line.offer_of(), S2)).code is ErrorCode.NOT_FOUND


def test_a_seat_whose_sound_is_not_proven_again_cannot_accept(line: Line) -> None:
    line.seat()
    line.tap()
    line.do(c.LoseSeat(S1))
    line.console("s1")
    assert refused(line, c.AcceptOffer(line.offer_of(), S1)).code is ErrorCode.WRONG_STATE


def test_a_visit_that_never_connects_goes_back_to_the_front(line: Line) -> None:
    line.seat()
    line.tap()
    line.accept()
    line.later(line.policy.connect_timeout_s)
    assert line.visit().returned
    assert line.visit().state is VisitState.OFFERED
    assert VisitReturned() in line.effects


# --- the call ---------------------------------------------------------------------------------------------


def test_either_end_saying_connected_starts_the_conversation(line: Line) -> None:
    line.seat()
    line.tap()
    line.accept()
    line.do(c.PathConnected(V1, 1, Party.STAFF, S1))
    line.do(c.PathConnected(V1, 1, Party.VISITOR, K1))
    assert line.visit().state is VisitState.TALKING
    assert (DeadlineKind.CONNECT, "v1") not in line.state.deadlines


def test_a_generation_that_is_not_the_current_one_is_refused(line: Line) -> None:
    line.talk()
    error = refused(line, c.PathConnected(V1, 7, Party.VISITOR, K1))
    assert (error.code, error.data) == (ErrorCode.STALE_GENERATION, {"generation": 1})
    assert refused(line, c.PathDead(V1, 7, Party.VISITOR, K1)).code is ErrorCode.STALE_GENERATION


def test_both_ends_noticing_a_dead_path_begin_one_generation(line: Line) -> None:
    line.talk()
    line.do(c.PathDead(V1, 1, Party.VISITOR, K1))
    line.do(c.PathDead(V1, 1, Party.STAFF, S1))
    assert line.visit().generation == 2
    assert line.visit().state is VisitState.CONNECTING


def test_a_stranger_to_the_visit_finds_no_visit(line: Line) -> None:
    line.talk()
    line.kiosk("k2")
    line.seat("s2")
    for command in (
        c.FinishVisit(V1, kiosk_id=KioskId("k2")),
        c.FinishVisit(V1, seat_id=S2),
        c.HoldVisit(V1, S2),
        c.PathDead(V1, 1, Party.STAFF, "s2"),
        c.CancelVisit(VisitId("none"), K1),
        c.SetDuty(SeatId("none"), on_duty=True),
    ):
        assert refused(line, command).code is ErrorCode.NOT_FOUND


def test_hold_and_resume(line: Line) -> None:
    line.talk()
    line.do(c.HoldVisit(V1, S1))
    assert line.visit().state is VisitState.HELD
    line.do(c.ResumeVisit(V1, S1))
    assert line.visit().state is VisitState.TALKING


def test_a_librarian_who_leaves_is_not_rung_for_the_same_visit_at_once(line: Line) -> None:
    line.talk()
    line.seat("s2")
    line.do(c.LeaveVisit(V1, S1))
    assert line.rung() == {"s2"}
    assert line.the_seat("s1").visit_id is None


def test_a_change_of_language_is_kept(line: Line) -> None:
    line.talk()
    line.do(c.ChangeLanguage(V1, K1, Language.EN))
    assert line.visit().language is Language.EN


def test_no_language_and_no_leaving_after_the_end(line: Line) -> None:
    line.talk()
    line.do(c.FinishVisit(V1, kiosk_id=K1))
    before = line.state
    line.do(c.ChangeLanguage(V1, K1, Language.EN))
    line.do(c.LeaveVisit(V1, S1))
    assert line.state == before
    # What was left behind must not wait for a visit that nobody knows any more.
    line.do(c.GiveFeedback(V1, K1, 3))
    line.later(3600)
    assert {row.kind for row in line.state.deadlines.values()} == {DeadlineKind.SIGN}


# --- ending -----------------------------------------------------------------------------------------------


def test_after_a_conversation_the_seat_rounds_off_and_is_rung_again_after_that(line: Line) -> None:
    line.talk()
    line.do(c.FinishVisit(V1, seat_id=S1))
    seat = line.the_seat()
    assert (seat.visit_id, seat.close_out_visit_id) == (None, "v1")
    line.tap("v2", "k2")
    assert line.visit("v2").state is VisitState.WAITING
    line.later(line.policy.wrap_up_s)
    assert line.rung("v2") == {"s1"}
    assert VisitEnded(EndReason.FINISHED_BY_STAFF, answered=True) in line.effects


def test_close_out_is_kept_and_frees_the_seat(line: Line) -> None:
    line.talk()
    line.do(c.FinishVisit(V1, kiosk_id=K1))
    line.do(c.CloseOut(V1, S1, Topic.DIGITAL_HELP, Outcome.SOLVED))
    visit = line.visit()
    assert (visit.topic, visit.outcome, visit.settled) == (Topic.DIGITAL_HELP, Outcome.SOLVED, False)
    assert line.the_seat().wrap_up_until is None
    assert refused(line, c.CloseOut(V1, S1, None, None)).code is ErrorCode.NOT_FOUND


def test_feedback_is_kept_and_settles_a_closed_out_visit(line: Line) -> None:
    line.talk()
    line.do(c.FinishVisit(V1, kiosk_id=K1))
    line.do(c.CloseOut(V1, S1, None, None))
    line.do(c.GiveFeedback(V1, K1, 3))
    assert (line.visit().feedback, line.visit().settled) == (3, True)


def test_a_visit_without_feedback_settles_by_itself(line: Line) -> None:
    line.talk()
    line.do(c.FinishVisit(V1, kiosk_id=K1))
    line.do(c.CloseOut(V1, S1, None, None))
    line.later(line.policy.settle_s)
    assert line.visit().settled


def test_a_close_out_that_nobody_filled_in_gives_way_to_the_next_visit(line: Line) -> None:
    line.talk()
    line.do(c.FinishVisit(V1, kiosk_id=K1))
    line.later(line.policy.settle_s)
    assert not line.visit().settled
    line.tap("v2", "k2")
    line.accept("v2")
    assert line.visit("v1").settled
    assert line.the_seat().close_out_visit_id is None


def test_feedback_before_the_end_is_refused(line: Line) -> None:
    line.talk()
    assert refused(line, c.GiveFeedback(V1, K1, 3)).code is ErrorCode.WRONG_STATE


def test_a_visitor_who_leaves_the_line_stops_the_ring(line: Line) -> None:
    line.seat()
    line.tap()
    line.do(c.CancelVisit(V1, K1))
    assert not line.state.offers
    rows = [row.kind for row in line.state.deadlines.values() if row.subject_id.startswith("v1")]
    assert rows == [DeadlineKind.SETTLE]
    line.later(line.policy.same_tap_s)
    assert line.visit().settled


def test_finishing_twice_is_harmless(line: Line) -> None:
    line.talk()
    line.do(c.FinishVisit(V1, kiosk_id=K1))
    before = line.state
    line.do(c.FinishVisit(V1, kiosk_id=K1))
    line.do(c.FinishVisit(V1, seat_id=S1))
    assert line.state == before


# --- loss and return --------------------------------------------------------------------------------------


def test_a_seat_that_reloads_within_the_grace_keeps_its_visit_and_proves_itself_anew(line: Line) -> None:
    line.talk()
    line.do(c.LoseSeat(S1))
    assert availability(line.state, line.setup).answerable == 0
    line.later(line.policy.seat_grace_s - 1)
    line.console("s1")
    line.later(line.policy.seat_grace_s)
    assert line.visit().state is VisitState.TALKING
    assert line.the_seat().on_duty
    assert not line.the_seat().sound


def test_a_seat_that_stays_away_gives_its_visit_back_to_the_front(line: Line) -> None:
    line.talk()
    line.seat("s2")
    line.do(c.LoseSeat(S1))
    line.later(line.policy.seat_grace_s)
    assert "s1" not in line.state.seats
    assert line.visit().returned
    assert line.rung() == {"s2"}


def test_a_seat_that_stays_away_while_it_rings_stops_ringing(line: Line) -> None:
    line.seat()
    line.tap()
    line.do(c.LoseSeat(S1))
    line.later(line.policy.seat_grace_s)
    assert not line.state.offers
    assert line.visit().state is VisitState.WAITING


def test_signing_out_in_a_call_needs_no_grace(line: Line) -> None:
    line.talk()
    line.do(c.RemoveSeat(S1))
    line.do(c.RemoveSeat(S1))
    assert line.visit().state is VisitState.WAITING


def test_signing_out_with_a_close_out_open_settles_it(line: Line) -> None:
    line.talk()
    line.do(c.FinishVisit(V1, kiosk_id=K1))
    line.do(c.GiveFeedback(V1, K1, 1))
    assert not line.visit().settled
    line.do(c.RemoveSeat(S1))
    assert line.visit().settled


def test_nobody_gets_into_somebody_elses_seat(line: Line) -> None:
    line.seat()
    assert refused(line, c.ConnectSeat(S1, StaffId("thief"), "X", LIBRARY)).code is ErrorCode.NOT_FOUND


def test_losing_a_seat_or_kiosk_twice_is_harmless(line: Line) -> None:
    line.talk()
    line.do(c.LoseSeat(S1))
    line.do(c.LoseKiosk(K1))
    before = line.state
    for command in (
        c.LoseSeat(S1),
        c.LoseSeat(SeatId("none")),
        c.LoseKiosk(K1),
        c.LoseKiosk(KioskId("none")),
    ):
        line.do(command)
    assert line.state == before


def test_a_visit_of_another_kiosk_rings_on_when_one_is_lost(line: Line) -> None:
    line.seat()
    line.tap("v1", "k1")
    line.kiosk("k2")
    line.later(1)
    line.do(c.LoseKiosk(KioskId("k2")))
    line.later(line.policy.kiosk_grace_s - 2)
    assert line.visit("v1").state is VisitState.OFFERED
    line.later(2)
    assert line.visit("v1").state is VisitState.WAITING
    assert KioskId("k2") not in line.state.kiosks


def test_a_visit_of_a_lost_kiosk_does_not_ring_but_keeps_its_place(line: Line) -> None:
    line.seat()
    line.tap("v1", "k1")
    line.later(1)
    line.tap("v2", "k2")
    line.do(c.LoseKiosk(K1))
    assert line.rung("v1") == set()
    assert line.rung("v2") == {"s1"}
    line.do(c.DeclineOffer(line.offer_of("v2"), S1))
    line.kiosk("k1")
    assert line.rung("v1") == {"s1"}


def test_a_kiosk_that_stays_away_ends_its_visit(line: Line) -> None:
    line.talk()
    line.do(c.LoseKiosk(K1))
    line.later(line.policy.kiosk_grace_s)
    assert line.visit().end_reason is EndReason.KIOSK_LOST
    assert line.the_seat().visit_id is None
    assert K1 not in line.state.kiosks


def test_going_off_duty_stops_rings_but_not_a_conversation(line: Line) -> None:
    line.talk()
    line.seat("s2")
    line.tap("v2", "k2")
    line.do(c.SetDuty(S2, on_duty=False))
    line.do(c.SetDuty(S1, on_duty=False))
    assert line.rung("v2") == set()
    assert line.visit().state is VisitState.TALKING


def test_off_duty_while_two_visits_ring_elsewhere_stops_only_ones_own_ring(line: Line) -> None:
    line.seat("s1")
    line.tap("v1", "k1")
    line.do(c.DeclineOffer(line.offer_of("v1"), S1))
    line.seat("s2")
    line.tap("v2", "k2")
    line.do(c.SetDuty(S1, on_duty=False))
    assert (line.rung("v1"), line.rung("v2")) == ({"s2"}, set())


def test_losing_ones_sound_stops_the_ring(line: Line) -> None:
    line.seat()
    line.tap()
    line.prove(sound=False)
    assert line.visit().state is VisitState.WAITING
    line.prove()
    assert line.visit().state is VisitState.OFFERED


def test_switching_duty_to_what_it_is_changes_nothing(line: Line) -> None:
    line.seat()
    before = line.state
    line.later(1)
    line.do(c.SetDuty(S1, on_duty=True))
    assert line.state == before


def test_only_the_ring_of_the_visitor_who_leaves_stops(line: Line) -> None:
    line.seat("s1")
    line.tap("v1", "k1")
    line.do(c.DeclineOffer(line.offer_of("v1"), S1))
    line.seat("s2")
    line.tap("v2", "k2")
    assert (line.rung("v1"), line.rung("v2")) == ({"s2"}, {"s1"})
    line.do(c.CancelVisit(V1, K1))
    assert line.rung("v2") == {"s1", "s2"}


# --- the server starts anew ---------------------------------------------------------------------------------


def test_after_a_start_rings_go_on_and_end_when_they_would_have(line: Line) -> None:
    line.seat()
    line.tap()
    offer = line.offer_of()
    line.later(5)
    line.do(c.LoseEveryone())
    assert line.rung() == {"s1"}
    assert availability(line.state, line.setup).answerable == 0
    line.later(2)
    line.kiosk("k1")
    line.seat("s1")
    assert line.offer_of() == offer
    line.later(line.policy.ring_timeout_s - 7)
    assert not line.state.offers
    assert RingUnanswered() in line.effects


def test_after_a_start_everyone_has_the_whole_grace_to_come_back(line: Line) -> None:
    line.talk()
    line.do(c.LoseSeat(S1))
    line.do(c.LoseKiosk(K1))
    line.now += timedelta(hours=1)  # the server was away, and no deadline could pass
    line.do(c.LoseEveryone())
    line.later(line.policy.seat_grace_s - 1)
    assert line.visit().state is VisitState.TALKING
    line.later(1)
    assert line.visit().state is VisitState.WAITING
    line.later(line.policy.kiosk_grace_s)
    assert line.visit().end_reason is EndReason.KIOSK_LOST


def test_a_start_with_an_empty_line_changes_nothing(line: Line) -> None:
    before = line.state
    line.do(c.LoseEveryone())
    assert line.state == before


# --- a deadline that cannot pass ----------------------------------------------------------------------------


def test_a_postponed_deadline_passes_later_and_one_that_is_gone_stays_gone(line: Line) -> None:
    line.seat()
    line.tap()
    offer = line.offer_of()
    line.later(line.policy.ring_timeout_s - 1)
    line.do(c.PostponeDeadline(DeadlineKind.OFFER, offer, 60))
    line.do(c.PostponeDeadline(DeadlineKind.OFFER, "none", 60))
    line.later(59)
    assert line.offer_of() == offer
    line.later(1)
    assert not line.state.offers


def test_a_deadline_that_is_not_due_or_gone_is_harmless(line: Line) -> None:
    line.seat()
    line.tap()
    before = line.state
    line.do(c.DeadlinePassed(DeadlineKind.OFFER, line.offer_of()))
    line.do(c.DeadlinePassed(DeadlineKind.CONNECT, "none"))
    assert line.state == before
