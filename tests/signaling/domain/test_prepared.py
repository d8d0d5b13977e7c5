"""Paths that are made ready while a visit rings: who gets one, what becomes of it, who may speak on it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from signaling.domain import commands as c
from signaling.domain.paths import ends_of, others, prepared
from signaling.domain.policy import Policy
from signaling.protocol.errors import ErrorCode
from signaling.protocol.vocabulary import KioskId, OfferKind, OfferPolicy, Party, SeatId, VisitId, VisitState
from tests.support.lines import Line, places, service, tiered

V1, K1, S1, S2, S3, S4 = VisitId("v1"), KioskId("k1"), SeatId("s1"), SeatId("s2"), SeatId("s3"), SeatId("s4")
KIOSK = (Party.VISITOR, "k1")


@pytest.fixture
def line() -> Line:
    return Line(places())


def with_seats(line: Line, *seat_ids: str) -> Line:
    """Seats come a second apart, so that the first is idle longest."""
    for seat_id in seat_ids:
        line.seat(seat_id)
        line.later(1)
    return line


def ready(line: Line, visit_id: str = "v1") -> dict[str, int]:
    """For which seats a path is made ready, with its number."""
    return {seat_id: number for number, seat_id in prepared(VisitId(visit_id), line.state.offers).items()}


# --- who gets one -----------------------------------------------------------------------------------------


def test_the_three_that_are_idle_longest_get_a_path_and_the_others_only_ring(line: Line) -> None:
    with_seats(line, "s4", "s3", "s2", "s1")
    line.tap()
    assert line.rung() == {"s1", "s2", "s3", "s4"}
    assert ready(line) == {"s4": 1, "s3": 2, "s2": 3}
    assert (line.visit().generation, line.visit().generations) == (0, 3)


def test_seats_that_come_while_it_rings_get_what_is_left_of_the_three(line: Line) -> None:
    with_seats(line, "s1", "s2")
    line.tap()
    with_seats(line, "s3", "s4")
    assert line.rung() == {"s1", "s2", "s3", "s4"}
    assert ready(line) == {"s1": 1, "s2": 2, "s3": 3}


def test_the_next_tier_gets_paths_too() -> None:
    line = with_seats(Line(tiered((("s1",), 0), (("s2",), 20))), "s1", "s2")
    line.tap()
    assert ready(line) == {"s1": 1}
    line.later(20)
    assert ready(line) == {"s1": 1, "s2": 2}


def test_one_by_one_makes_ready_for_the_one_that_rings() -> None:
    setup = places(service(offer_policy=OfferPolicy.LONGEST_IDLE, ring_timeout_s=15))
    line = with_seats(Line(setup), "s1", "s2")
    line.tap()
    assert ready(line) == {"s1": 1}
    line.later(15)
    assert ready(line) == {"s2": 2}


def test_the_seat_of_the_last_visit_has_the_only_path_while_it_rings_alone(line: Line) -> None:
    with_seats(line, "s1", "s2")
    line.talk("v0", "s2")
    line.do(c.FinishVisit(VisitId("v0"), seat_id=S2))
    line.do(c.CloseOut(VisitId("v0"), S2, None, None))
    line.tap()
    assert ready(line) == {"s2": 1}
    line.later(line.policy.prefer_ring_s)
    assert ready(line) == {"s2": 1, "s1": 2}


def test_two_visits_at_once_number_their_own_paths() -> None:
    line = with_seats(Line(replace(places(), policy=Policy(ring_at_most=1))), "s1", "s2")
    line.tap("v1", "k1")
    line.tap("v2", "k2")
    assert (ready(line, "v1"), ready(line, "v2")) == ({"s1": 1}, {"s2": 1})


def test_a_ticket_is_called_back_without_anything_being_made_ready(line: Line) -> None:
    line.ticket()
    line.seat()
    assert line.rung() == {"s1"}
    assert ready(line) == {}


def test_who_takes_a_ticket_while_it_rings_has_no_path_from_then_on(line: Line) -> None:
    line.seat()
    line.tap()
    assert ready(line) == {"s1": 1}
    line.do(c.TakeTicket(V1, K1))
    assert (line.rung(), ready(line)) == ({"s1"}, {})
    line.accept()
    assert (line.visit().state, line.visit().generation) == (VisitState.CALLING, 0)


def test_a_colleague_who_is_asked_has_no_path_before_the_answer(line: Line) -> None:
    line.talk()
    line.seat("s2")
    line.do(c.InviteSeat(V1, S1, S2))
    (ring,) = line.state.offers.values()
    assert (ring.kind, ring.prepared) == (OfferKind.JOIN, {})


# --- what becomes of it -----------------------------------------------------------------------------------


def test_the_winners_path_is_the_calls_and_all_others_are_gone(line: Line) -> None:
    with_seats(line, "s1", "s2", "s3")
    line.tap()
    line.accept(seat_id="s2")
    visit = line.visit()
    assert (visit.state, visit.generation, visit.generations) == (VisitState.CONNECTING, 2, 3)
    assert ready(line) == {}
    assert [ends_of(visit, number, line.state.offers) for number in (1, 2, 3)] == [(), (KIOSK, (Party.STAFF, S2)), ()]


def test_a_winner_without_a_path_gets_the_next_number(line: Line) -> None:
    with_seats(line, "s1", "s2", "s3", "s4")
    line.tap()
    line.accept(seat_id="s4")
    assert line.visit().generation == 4


def test_a_seat_that_declines_gives_its_path_to_the_next_in_turn(line: Line) -> None:
    with_seats(line, "s1", "s2", "s3", "s4")
    line.tap()
    line.do(c.DeclineOffer(line.offer_of(), S2))
    assert ready(line) == {"s1": 1, "s3": 3, "s4": 4}


def test_a_ring_that_nobody_takes_has_no_paths_and_the_next_ring_new_ones(line: Line) -> None:
    line.seat()
    line.tap()
    line.later(line.policy.ring_timeout_s)
    assert ready(line) == {}
    line.do(c.ResumeSeat(S1))
    assert ready(line) == {"s1": 2}


def test_a_seat_that_can_be_rung_no_more_has_no_path(line: Line) -> None:
    with_seats(line, "s1", "s2")
    line.tap()
    line.do(c.SilenceSeat(S1))
    assert ready(line) == {"s2": 2}


def test_a_kiosk_that_goes_ends_them_all(line: Line) -> None:
    with_seats(line, "s1", "s2")
    line.tap()
    line.do(c.LoseKiosk(K1))
    assert ready(line) == {}
    line.kiosk()
    assert ready(line) == {"s1": 3, "s2": 4}


def test_rings_and_their_paths_outlive_the_server(line: Line) -> None:
    with_seats(line, "s1", "s2")
    line.tap()
    line.do(c.LoseEveryone())
    assert ready(line) == {"s1": 1, "s2": 2}
    line.kiosk()
    line.console("s1")
    line.prove("s1")
    line.accept()
    assert line.visit().generation == 1


def test_a_visit_that_fell_back_is_made_ready_with_new_numbers(line: Line) -> None:
    line.talk()
    line.seat("s2")
    line.do(c.LeaveVisit(V1, S1))
    assert ready(line) == {"s2": 2}
    line.accept(seat_id="s2")
    assert line.visit().generation == 2


# --- what is said of it -----------------------------------------------------------------------------------


@pytest.mark.parametrize("end", [KIOSK, (Party.STAFF, "s1")])
def test_a_path_that_is_up_while_it_rings_is_no_conversation(line: Line, end: tuple[Party, str]) -> None:
    line.seat()
    line.tap()
    before = line.state
    line.do(c.PathConnected(V1, 1, *end))
    assert line.state == before
    line.accept()
    assert line.visit().state is VisitState.CONNECTING
    line.do(c.PathConnected(V1, 1, *end))
    assert line.visit().state is VisitState.TALKING


@pytest.mark.parametrize("end", [KIOSK, (Party.STAFF, "s1")])
def test_one_that_failed_is_begun_anew_for_that_seat_alone(line: Line, end: tuple[Party, str]) -> None:
    with_seats(line, "s1", "s2")
    line.tap()
    line.do(c.PathDead(V1, 1, *end))
    assert ready(line) == {"s1": 3, "s2": 2}
    line.do(c.PathDead(V1, 1, *KIOSK))
    line.do(c.PathDead(V1, 1, Party.STAFF, S1))
    assert ready(line) == {"s1": 3, "s2": 2}, "the other end's word for the same is harmless"
    line.accept(seat_id="s1")
    assert line.visit().generation == 3


def test_a_path_that_dies_as_it_is_accepted_is_built_anew_in_the_call(line: Line) -> None:
    with_seats(line, "s1", "s2")
    line.tap()
    line.accept()
    line.do(c.PathDead(V1, 1, *KIOSK))
    assert (line.visit().state, line.visit().generation) == (VisitState.CONNECTING, 3)


def test_nobody_speaks_of_a_path_that_is_not_its_own(line: Line) -> None:
    with_seats(line, "s1", "s2", "s3", "s4")
    line.kiosk("k2")
    line.tap()
    for party, party_id, number, code in (
        (Party.VISITOR, "k2", 1, ErrorCode.NOT_FOUND),
        (Party.STAFF, "s4", 1, ErrorCode.NOT_FOUND),
        (Party.STAFF, "s2", 1, ErrorCode.WRONG_STATE),
        (Party.VISITOR, "k1", 9, ErrorCode.WRONG_STATE),
    ):
        for command in (c.PathConnected, c.PathDead):
            assert line.refused(command(V1, number, party, party_id)).code is code, party_id


def test_a_loser_finds_no_visit_any_more(line: Line) -> None:
    with_seats(line, "s1", "s2")
    line.tap()
    line.accept(seat_id="s1")
    assert line.refused(c.PathDead(V1, 2, Party.STAFF, S2)).code is ErrorCode.NOT_FOUND
    line.do(c.PathDead(V1, 2, *KIOSK))
    assert line.visit().generation == 1


def test_what_is_said_on_it_goes_between_kiosk_and_that_seat_alone(line: Line) -> None:
    with_seats(line, "s1", "s2", "s3", "s4")
    line.tap()
    visit, rings = line.visit(), line.state.offers
    assert others(visit, *KIOSK, 2, rings) == ((Party.STAFF, S2),)
    assert others(visit, Party.STAFF, S2, 2, rings) == (KIOSK,)
    assert others(visit, Party.STAFF, S1, 2, rings) == others(visit, Party.STAFF, S4, 2, rings) == ()
    assert others(visit, *KIOSK, None, rings) == (), "typed text and the like begin with the call"
    assert [ends_of(visit, number, rings) for number in (0, 4)] == [(), ()]
