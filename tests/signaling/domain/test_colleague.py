"""Three in the call: asking a colleague, coming, going, and whose path is whose."""

from __future__ import annotations

from typing import Any

import pytest

from signaling.domain import commands as c
from signaling.domain.effects import RingUnanswered, VisitReturned
from signaling.domain.paths import ends_of, in_call, others, path_of
from signaling.protocol.errors import ErrorCode
from signaling.protocol.vocabulary import KioskId, OfferKind, Party, PauseReason, SeatId, VisitId, VisitState
from tests.support.lines import Line, places, visit_in

V1, K1, S1, S2, S3 = VisitId("v1"), KioskId("k1"), SeatId("s1"), SeatId("s2"), SeatId("s3")
KIOSK, SEAT, GUEST = (Party.VISITOR, "k1"), (Party.STAFF, "s1"), (Party.STAFF, "s2")


@pytest.fixture
def line() -> Line:
    """A conversation, and a colleague who is free."""
    line = Line(places())
    line.talk()
    line.seat("s2", "Bo")
    return line


def paths(line: Line) -> tuple[int, int, int]:
    visit = line.visit()
    return (visit.generation, visit.guest_generation, visit.staff_generation)


# --- asking -----------------------------------------------------------------------------------------------


def test_a_colleague_who_is_asked_rings_alone_and_joins_by_accepting(line: Line) -> None:
    line.seat("s3")
    line.do(c.InviteSeat(V1, S1, S2))
    (offer,) = line.state.offers.values()
    assert (offer.kind, offer.asked_by, offer.seat_ids) == (OfferKind.JOIN, S1, frozenset({S2}))
    line.accept("v1", "s2")
    assert (line.visit().guest_seat_id, line.the_seat("s2").visit_id) == ("s2", "v1")
    assert paths(line) == (1, 2, 3)
    assert line.visit().state is VisitState.TALKING
    assert not line.state.offers


def test_the_same_invitation_sent_twice_rings_once(line: Line) -> None:
    line.do(c.InviteSeat(V1, S1, S2))
    before = line.state
    line.do(c.InviteSeat(V1, S1, S2))
    assert line.state == before
    line.accept("v1", "s2")
    before = line.state
    line.do(c.InviteSeat(V1, S1, S2))
    assert line.state == before


def test_a_colleague_who_accepts_twice_has_joined_once(line: Line) -> None:
    line.do(c.InviteSeat(V1, S1, S2))
    offer = line.offer_of()
    line.do(c.AcceptOffer(offer, S2))
    before = line.state
    assert line.do(c.AcceptOffer(offer, S2)).visit_id == "v1"
    assert line.state == before


def test_one_invitation_and_one_colleague_at_a_time(line: Line) -> None:
    line.seat("s3")
    line.do(c.InviteSeat(V1, S1, S2))
    assert line.refused(c.InviteSeat(V1, S1, S3)).code is ErrorCode.WRONG_STATE
    line.accept("v1", "s2")
    assert line.refused(c.InviteSeat(V1, S1, S3)).code is ErrorCode.WRONG_STATE


def test_nobody_is_asked_into_a_call_that_is_on_hold(line: Line) -> None:
    line.do(c.HoldVisit(V1, S1))
    assert line.refused(c.InviteSeat(V1, S1, S2)).data == {"state": "held"}


def test_who_cannot_answer_or_is_rung_already_is_not_asked(line: Line) -> None:
    line.tap("v2", "k2")
    assert line.refused(c.InviteSeat(V1, S1, S2)).code is ErrorCode.UNAVAILABLE
    line.do(c.PauseSeat(S2, PauseReason.DESK))
    assert line.refused(c.InviteSeat(V1, S1, S2)).code is ErrorCode.UNAVAILABLE
    assert line.refused(c.InviteSeat(V1, S1, S1)).code is ErrorCode.UNAVAILABLE
    assert line.refused(c.InviteSeat(V1, S1, SeatId("none"))).code is ErrorCode.NOT_FOUND


def test_an_invitation_that_is_not_answered_goes_away_and_pauses_nobody(line: Line) -> None:
    line.do(c.InviteSeat(V1, S1, S2))
    line.later(line.policy.ring_timeout_s)
    assert not line.state.offers
    assert line.the_seat("s2").pause is None
    assert RingUnanswered() not in line.effects
    assert line.visit().state is VisitState.TALKING


def test_declining_an_invitation_leaves_the_colleague_free_for_visitors(line: Line) -> None:
    line.do(c.InviteSeat(V1, S1, S2))
    line.do(c.DeclineOffer(line.offer_of(), S2))
    line.tap("v2", "k2")
    assert line.rung("v2") == {"s2"}
    assert line.visit().declined_by == frozenset()


def test_an_invitation_can_be_taken_back(line: Line) -> None:
    line.do(c.InviteSeat(V1, S1, S2))
    line.do(c.UninviteSeat(V1, S1))
    assert not line.state.offers
    before = line.state
    line.do(c.UninviteSeat(V1, S1))
    assert line.state == before


def test_an_invitation_ends_with_the_conversation(line: Line) -> None:
    line.do(c.InviteSeat(V1, S1, S2))
    line.do(c.FinishVisit(V1, kiosk_id=K1))
    assert not line.state.offers


def test_an_invitation_ends_when_the_one_who_asked_is_gone(line: Line) -> None:
    line.do(c.InviteSeat(V1, S1, S2))
    line.do(c.RemoveSeat(S1))
    assert [offer.kind for offer in line.state.offers.values()] == [OfferKind.VISIT]


def test_an_invitation_outlives_a_kiosk_that_restarts(line: Line) -> None:
    line.do(c.InviteSeat(V1, S1, S2))
    line.do(c.LoseKiosk(K1))
    assert line.rung() == {"s2"}


def test_a_colleague_who_was_asked_may_come_while_the_visitor_is_on_hold(line: Line) -> None:
    line.do(c.InviteSeat(V1, S1, S2))
    line.do(c.HoldVisit(V1, S1))
    line.accept("v1", "s2")
    assert (line.visit().state, line.visit().guest_seat_id) == (VisitState.HELD, "s2")


def test_a_colleague_who_comes_twice_has_new_paths_the_second_time(line: Line) -> None:
    line.join()
    line.do(c.LeaveVisit(V1, S2))
    line.join()
    assert paths(line) == (1, 4, 5)


# --- going ------------------------------------------------------------------------------------------------


def test_a_colleague_who_leaves_is_free_and_the_visit_goes_on(line: Line) -> None:
    line.join()
    line.tap("v2", "k2")
    line.do(c.LeaveVisit(V1, S2))
    assert (line.visit().state, line.visit().seat_id, line.visit().guest_seat_id) == (VisitState.TALKING, "s1", None)
    assert paths(line) == (1, 0, 0)
    assert line.rung("v2") == {"s2"}


def test_a_colleague_who_is_thanked_is_free(line: Line) -> None:
    line.join()
    line.do(c.UninviteSeat(V1, S1))
    assert line.the_seat("s2").visit_id is None
    assert line.visit().guest_seat_id is None


def test_a_librarian_who_leaves_hands_on_to_the_colleague(line: Line) -> None:
    line.join()
    line.do(c.LeaveVisit(V1, S1))
    visit = line.visit()
    assert (visit.state, visit.seat_id, visit.guest_seat_id) == (VisitState.TALKING, "s2", None)
    assert paths(line) == (2, 0, 0)
    assert line.the_seat("s1").visit_id is None
    assert VisitReturned() not in line.effects
    line.do(c.HoldVisit(V1, S2))
    assert line.visit().state is VisitState.HELD


def test_a_librarian_who_is_gone_for_good_hands_on_to_the_colleague(line: Line) -> None:
    line.join()
    line.do(c.LoseSeat(S1))
    line.later(line.policy.seat_grace_s)
    assert (line.visit().state, line.visit().seat_id) == (VisitState.TALKING, "s2")


def test_a_colleague_who_is_away_when_the_librarian_leaves_has_its_grace_first(line: Line) -> None:
    line.join()
    line.do(c.LoseSeat(S2))
    line.do(c.LeaveVisit(V1, S1))
    assert line.visit().seat_id == "s2"
    line.later(line.policy.seat_grace_s)
    assert line.rung() == {"s1"}
    assert line.visit().returned


def test_a_colleague_who_is_gone_for_good_leaves_the_conversation_as_it_was(line: Line) -> None:
    line.join()
    line.do(c.LoseSeat(S2))
    line.later(line.policy.seat_grace_s)
    assert (line.visit().state, line.visit().guest_seat_id) == (VisitState.TALKING, None)


def test_a_path_that_stays_dead_hands_on_to_the_colleague(line: Line) -> None:
    line.join()
    line.do(c.PathDead(V1, 1, *KIOSK))
    line.later(line.policy.connect_timeout_s)
    assert (line.visit().state, line.visit().seat_id) == (VisitState.TALKING, "s2")
    assert ("connect", "v1") not in line.state.deadlines


def test_the_end_frees_both_and_only_the_librarian_rounds_off(line: Line) -> None:
    line.join()
    line.do(c.FinishVisit(V1, seat_id=S1))
    assert line.the_seat("s1").close_out_visit_id == "v1"
    guest = line.the_seat("s2")
    assert (guest.visit_id, guest.close_out_visit_id, guest.wrap_up_until) == (None, None, None)
    assert line.visit().guest_seat_id is None


def test_a_colleague_neither_holds_nor_ends_nor_asks(line: Line) -> None:
    line.join()
    line.seat("s3")
    commands: list[c.Command] = [
        c.HoldVisit(V1, S2),
        c.FinishVisit(V1, seat_id=S2),
        c.FlagVisit(V1, S2),
        c.InviteSeat(V1, S2, S3),
        c.UninviteSeat(V1, S2),
    ]
    for command in commands:
        assert line.refused(command).code is ErrorCode.NOT_FOUND


def test_a_colleague_is_not_asked_whether_somebody_is_there(line: Line) -> None:
    line.join()
    line.later(line.policy.sign_after_s)
    assert line.the_seat("s2").asked_until is None


# --- paths ------------------------------------------------------------------------------------------------


def test_each_path_that_dies_gets_the_next_number_of_all(line: Line) -> None:
    line.join()
    line.do(c.PathDead(V1, 2, *GUEST))
    assert paths(line) == (1, 4, 3)
    line.do(c.PathDead(V1, 3, *SEAT))
    assert paths(line) == (1, 4, 5)
    assert line.visit().state is VisitState.TALKING
    line.do(c.PathDead(V1, 1, *KIOSK))
    assert paths(line) == (6, 4, 5)
    assert line.visit().state is VisitState.CONNECTING


def test_both_ends_of_a_colleagues_path_begin_one_number(line: Line) -> None:
    line.join()
    line.do(c.PathDead(V1, 2, *GUEST))
    line.do(c.PathDead(V1, 2, *KIOSK))
    assert paths(line) == (1, 4, 3)


def test_a_colleagues_path_that_is_up_changes_nothing(line: Line) -> None:
    line.join()
    before = line.state
    line.do(c.PathConnected(V1, 2, *GUEST))
    line.do(c.PathConnected(V1, 3, *SEAT))
    assert line.state == before


@pytest.mark.parametrize("command", [c.PathConnected, c.PathDead])
def test_nobody_speaks_of_a_path_at_whose_end_it_is_not(line: Line, command: Any) -> None:
    line.join()
    for generation, party, expected in ((1, GUEST, 2), (2, SEAT, 1), (3, KIOSK, 1), (9, GUEST, 2)):
        error = line.refused(command(V1, generation, *party))
        assert (error.code, error.data) == (ErrorCode.STALE_GENERATION, {"generation": expected})


def test_a_visit_without_a_call_has_no_path(line: Line) -> None:
    line.do(c.FinishVisit(V1, kiosk_id=K1))
    assert line.refused(c.PathConnected(V1, 1, *KIOSK)).data == {"state": "ended"}
    assert ends_of(line.visit(), 1, {}) == ()
    assert in_call(visit_in(VisitState.WAITING)) == ()


def test_the_ends_of_each_path(line: Line) -> None:
    line.join()
    visit = line.visit()
    assert [ends_of(visit, n, {}) for n in range(5)] == [(), (KIOSK, SEAT), (KIOSK, GUEST), (SEAT, GUEST), ()]
    assert [path_of(visit, *end) for end in (KIOSK, SEAT, GUEST)] == [1, 1, 2]


def test_what_is_said_goes_to_the_other_end_or_to_everybody_else(line: Line) -> None:
    assert others(line.visit(), *SEAT, None, {}) == (KIOSK,)
    line.join()
    visit = line.visit()
    assert others(visit, *KIOSK, 1, {}) == (SEAT,)
    assert others(visit, *GUEST, 2, {}) == (KIOSK,)
    assert others(visit, *GUEST, 3, {}) == (SEAT,)
    assert others(visit, *GUEST, 1, {}) == ()
    assert others(visit, *KIOSK, None, {}) == (SEAT, GUEST)
    assert others(visit, *GUEST, None, {}) == (KIOSK, SEAT)
    assert others(visit, Party.STAFF, "s9", None, {}) == ()
