"""Who rings: language, tiers, policies, the seat of the last visit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from signaling.domain import commands as c
from signaling.domain.model import DeadlineKind
from signaling.domain.policy import Policy
from signaling.protocol.vocabulary import (
    KioskId,
    Language,
    LibraryId,
    OfferPolicy,
    PauseReason,
    SeatId,
    StaffId,
    TeamId,
    VisitId,
    VisitState,
)
from tests.support.lines import Line, places, service, tiered

V1, K1, S1, S2 = VisitId("v1"), KioskId("k1"), SeatId("s1"), SeatId("s2")
SV, NB, EN = Language.SV, Language.NB, Language.EN


@pytest.fixture
def line() -> Line:
    return Line(places())


def with_seats(line: Line, *seat_ids: str) -> Line:
    """Seats come a second apart, so that the first is idle longest."""
    for seat_id in seat_ids:
        line.seat(seat_id)
        line.later(1)
    return line


# --- language and library ---------------------------------------------------------------------------------


def test_only_seats_that_speak_the_language_ring(line: Line) -> None:
    line.seat("s1", languages=frozenset({SV}))
    line.seat("s2", languages=frozenset({SV, NB}))
    line.tap(language=NB)
    assert line.rung() == {"s2"}


def test_a_visitor_who_changes_language_rings_at_others(line: Line) -> None:
    line.seat("s1", languages=frozenset({SV}))
    line.seat("s2", languages=frozenset({NB}))
    line.tap(language=SV)
    line.do(c.ChangeLanguage(V1, K1, NB))
    assert line.rung() == {"s2"}


def test_a_language_that_the_service_does_not_offer_rings_nowhere() -> None:
    line = Line(places(service(languages=frozenset({SV}))))
    line.seat()
    line.tap(language=EN)
    assert line.rung() == set()
    assert line.visit().choices


def test_seats_of_another_library_do_not_ring(line: Line) -> None:
    line.do(c.ConnectSeat(S1, StaffId("p"), "Bo", LibraryId("elsewhere")))
    line.do(c.SetDuty(S1, on_duty=True))
    line.prove()
    line.tap()
    assert line.rung() == set()


def test_the_next_visit_rings_at_seats_that_do_not_fit_the_first(line: Line) -> None:
    line.seat("s1", languages=frozenset({SV}))
    line.tap("v1", "k1", language=EN)
    line.tap("v2", "k2", language=SV)
    assert (line.rung("v1"), line.rung("v2")) == (set(), {"s1"})


# --- ring all and one by one ------------------------------------------------------------------------------


def test_ring_all_leaves_seats_for_the_next_and_takes_the_longest_idle() -> None:
    line = Line(replace(places(), policy=Policy(ring_at_most=2)))
    with_seats(line, "s1", "s2", "s3")
    line.tap("v1", "k1")
    line.tap("v2", "k2")
    assert (line.rung("v1"), line.rung("v2")) == ({"s1", "s2"}, {"s3"})


def test_a_seat_that_is_away_holds_nobody_up() -> None:
    line = with_seats(Line(places(service(offer_policy=OfferPolicy.LONGEST_IDLE))), "s1", "s2")
    line.tap()
    assert line.rung() == {"s1"}
    line.do(c.LoseSeat(S1))
    assert line.rung() == {"s1", "s2"}


def test_one_by_one_rings_the_longest_idle_and_then_the_next() -> None:
    policy = OfferPolicy.LONGEST_IDLE
    line = with_seats(Line(places(service(offer_policy=policy, ring_timeout_s=15))), "s1", "s2")
    line.tap()
    assert line.rung() == {"s1"}
    line.later(14)
    assert line.rung() == {"s1"}
    line.later(1)
    assert line.rung() == {"s2"}
    assert line.the_seat("s1").pause is PauseReason.UNANSWERED


def test_one_by_one_goes_on_at_once_when_a_seat_declines() -> None:
    line = with_seats(Line(places(service(offer_policy=OfferPolicy.LONGEST_IDLE))), "s1", "s2")
    line.tap()
    line.do(c.DeclineOffer(line.offer_of(), S1))
    assert line.rung() == {"s2"}


def test_the_longest_idle_is_who_has_talked_least_lately() -> None:
    line = with_seats(Line(places(service(offer_policy=OfferPolicy.LONGEST_IDLE))), "s1", "s2")
    line.talk()
    line.do(c.FinishVisit(V1, seat_id=S1))
    line.do(c.CloseOut(V1, S1, None, None))
    line.tap("v2", "k2")
    assert line.rung("v2") == {"s2"}


# --- tiers ------------------------------------------------------------------------------------------------


def test_the_first_line_rings_alone_until_the_backups_time_has_come() -> None:
    line = with_seats(Line(tiered((("s1",), 0), (("s2",), 20))), "s1", "s2")
    line.tap()
    assert line.rung() == {"s1"}
    line.later(19)
    assert line.rung() == {"s1"}
    line.later(1)
    assert line.rung() == {"s1", "s2"}


def test_tiers_without_anybody_are_passed_over_at_once() -> None:
    line = with_seats(Line(tiered((("s1",), 0), (("s2",), 20), (("s3",), 40))), "s3")
    line.tap()
    assert line.rung() == {"s3"}
    line.seat("s1")
    assert line.rung() == {"s1", "s3"}


def test_a_tier_where_nobody_speaks_the_language_is_passed_over() -> None:
    line = Line(tiered((("s1",), 0), (("s2",), 20)))
    line.seat("s1", languages=frozenset({SV}))
    line.seat("s2", languages=frozenset({NB}))
    line.tap(language=NB)
    assert line.rung() == {"s2"}


def test_a_tier_with_no_seconds_rings_at_once() -> None:
    line = with_seats(Line(tiered((("s1",), 0), (("s2",), 0))), "s1", "s2")
    line.tap()
    assert line.rung() == {"s1", "s2"}


def test_a_busy_first_line_is_waited_for_and_one_that_goes_is_not() -> None:
    line = with_seats(Line(tiered((("s1",), 0), (("s2",), 20))), "s1", "s2")
    line.talk("v0", "s1", "k0")
    line.tap()
    assert line.rung() == set()
    line.do(c.SetDuty(S1, on_duty=False))
    assert line.rung() == {"s2"}


def test_each_tier_has_its_own_time_counted_from_the_tap() -> None:
    line = with_seats(Line(tiered((("s1",), 0), (("s2",), 10), (("s3",), 20))), "s1", "s2", "s3")
    line.tap()
    line.later(10)
    assert line.rung() == {"s1", "s2"}
    line.later(10)
    assert line.rung() == {"s1", "s2", "s3"}
    assert (DeadlineKind.TIER, "v1") not in line.state.deadlines


def test_a_visit_that_fell_rings_as_widely_as_it_did() -> None:
    line = with_seats(Line(tiered((("s1",), 0), (("s2",), 10))), "s1", "s2")
    line.tap()
    line.later(10)
    line.accept("v1", "s2")
    line.seat("s3")
    line.do(c.LeaveVisit(V1, S2))
    assert line.visit().tier == 1
    assert line.rung() == {"s1"}


def test_a_team_that_is_no_more_has_nobody() -> None:
    line = with_seats(Line(tiered((("s1",), 0), (("s2",), 20))), "s2")
    directory = line.setup.directory
    line.setup = replace(
        line.setup, directory=replace(directory, teams={TeamId("team1"): directory.teams[TeamId("team1")]})
    )
    line.tap()
    assert line.rung() == {"s2"}


def test_a_seat_that_leaves_the_team_rings_no_more() -> None:
    line = with_seats(Line(tiered((("s1", "s2"), 0))), "s1", "s2")
    line.tap()
    line.setup = tiered((("s1",), 0))
    line.open()
    assert line.rung() == {"s1"}


def test_priority_comes_before_the_order_of_arrival() -> None:
    line = Line(places(service(), service("urgent-help", priority=5)))
    line.tap("v1", "k1")
    line.later(1)
    line.tap("v2", "k2", service_id="urgent-help")
    line.seat()
    assert line.rung("v2") == {"s1"}


# --- the same librarian again -----------------------------------------------------------------------------


def said_goodbye(line: Line, seat_id: str = "s1") -> None:
    line.talk("v0", seat_id)
    line.do(c.FinishVisit(VisitId("v0"), kiosk_id=K1))
    line.do(c.CloseOut(VisitId("v0"), SeatId(seat_id), None, None))


def test_who_rings_again_soon_reaches_the_same_seat_first(line: Line) -> None:
    with_seats(line, "s2", "s1")
    said_goodbye(line)
    line.later(60)
    line.tap()
    assert line.rung() == {"s1"}
    line.later(line.policy.prefer_ring_s)
    assert line.rung() == {"s1", "s2"}


def test_who_rings_again_later_rings_everywhere(line: Line) -> None:
    with_seats(line, "s1", "s2")
    said_goodbye(line)
    line.later(line.policy.prefer_within_s + 1)
    line.tap()
    assert line.rung() == {"s1", "s2"}


def test_the_same_seat_is_not_waited_for_when_it_rounds_off(line: Line) -> None:
    with_seats(line, "s1", "s2")
    line.talk("v0")
    line.do(c.FinishVisit(VisitId("v0"), kiosk_id=K1))
    line.tap()
    assert line.rung() == {"s2"}
    assert (DeadlineKind.PREFER, "v1") not in line.state.deadlines


def test_the_same_seat_that_declines_or_is_gone_is_not_waited_for(line: Line) -> None:
    with_seats(line, "s1", "s2")
    said_goodbye(line)
    line.tap()
    assert line.rung() == {"s1"}
    line.do(c.DeclineOffer(line.offer_of(), S1))
    assert line.rung() == {"s2"}
    line.do(c.CancelVisit(V1, K1))
    line.do(c.RemoveSeat(S1))
    line.tap("v2")
    assert line.rung("v2") == {"s2"}


def test_the_same_seat_that_rings_for_another_visitor_is_not_waited_for(line: Line) -> None:
    with_seats(line, "s1")
    said_goodbye(line)
    line.tap("v1", "k2")
    line.tap("v2", "k1")
    assert line.visit("v2").preferred_seat_id is None


def test_the_same_seat_must_speak_the_language_of_the_second_visit(line: Line) -> None:
    line.seat("s1", languages=frozenset({SV}))
    line.seat("s2")
    said_goodbye(line)
    line.tap(language=EN)
    assert line.rung() == {"s2"}


def test_a_tap_at_another_kiosk_prefers_nobody(line: Line) -> None:
    with_seats(line, "s1", "s2")
    said_goodbye(line)
    line.tap("v1", "k2")
    assert line.rung() == {"s1", "s2"}


def test_after_a_visit_that_was_flagged_nobody_is_preferred(line: Line) -> None:
    line.talk("v0")
    line.do(c.FlagVisit(VisitId("v0"), S1))
    assert line.state.kiosks[K1].last_seat_id is None


def test_a_visit_that_rings_does_not_ring_anew_with_every_command(line: Line) -> None:
    line.seat()
    line.tap()
    line.prove()
    assert len(line.state.offers) == 1
    assert line.visit().state is VisitState.OFFERED
