"""When a visit will probably be answered, and what may be said to somebody who has seen an estimate."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.domain.estimate import DEFAULT_HANDLING_S, MATERIAL_S, reestimated
from signaling.domain.model import Deadline, DeadlineKind, LineState, Seat, Standing, Visit
from signaling.domain.places import Directory, Service, Setup, Team, Tier
from signaling.domain.policy import Policy
from signaling.protocol.vocabulary import (
    BranchId,
    EstimateReason,
    KioskId,
    Language,
    LibraryId,
    SeatId,
    ServiceId,
    StaffId,
    TeamId,
    VisitId,
    VisitState,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LIBRARY = LibraryId("skelleftea")
HELP = Service(ServiceId("library-help"), LIBRARY, {Language.SV: "Bibliotekshjälp"})
POLICY = Policy(ring_timeout_s=30)
SETUP = Setup(Directory(services={HELP.id: HELP}), POLICY)
#: Quartiles 100 and 200 s.
HANDLING = (100.0, 100.0, 150.0, 200.0)
SHORT, LONG, RING = 100.0, 200.0, 30.0


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def seat(name: str, **values: object) -> Seat:
    """An answerable seat."""
    ready = Seat(
        SeatId(name),
        StaffId(f"staff-{name}"),
        name,
        on_duty=True,
        sound=True,
        microphone=True,
        camera=True,
        library_id=LIBRARY,
    )
    return replace(ready, **values)  # type: ignore[arg-type]  # whatever the test says


def waiting(name: str, tapped_s: float = 0, **values: object) -> Visit:
    """A visit that waits."""
    visit = Visit(VisitId(name), KioskId(f"at-{name}"), BranchId("burtrask"), HELP.id, Language.SV, name, at(tapped_s))
    return replace(visit, **values)  # type: ignore[arg-type]  # whatever the test says


def talking(name: str, seat_name: str, since_s: float = 0) -> Visit:
    """A visit that keeps a seat."""
    return waiting(name, since_s, state=VisitState.TALKING, seat_id=SeatId(seat_name), accepted_at=at(since_s))


def line(
    *things: Seat | Visit, handling_s: Iterable[float] = HANDLING, deadlines: Iterable[Deadline] = ()
) -> LineState:
    """A line with these; seats are in the visits that say so."""
    visits = {thing.id: thing for thing in things if isinstance(thing, Visit)}
    busy = {visit.seat_id: visit.id for visit in visits.values() if visit.seat_id is not None}
    seats = {thing.id: replace(thing, visit_id=busy.get(thing.id)) for thing in things if isinstance(thing, Seat)}
    return LineState(
        visits,
        seats=seats,
        standings={HELP.id: Standing(HELP.id, handling_s=tuple(handling_s))},
        deadlines={(row.kind, row.subject_id): row for row in deadlines},
    )


def shown(state: LineState, now: datetime = NOON, setup: Setup = SETUP) -> LineState:
    """The line with the estimates that it gets when everybody in it has just come."""
    return replace(state, visits={**state.visits, **reestimated(LineState(), state, setup, now)})


def with_estimates_of(before: LineState, after: LineState) -> LineState:
    """`after`, where everybody was shown what stands in `before`."""
    kept = {
        key: replace(
            visit,
            expected_from=before.visits[key].expected_from,
            expected_by=before.visits[key].expected_by,
            estimate_reason=before.visits[key].estimate_reason,
        )
        for key, visit in after.visits.items()
        if key in before.visits
    }
    return replace(after, visits={**after.visits, **kept})


def estimate(state: LineState, name: str) -> tuple[float, float] | None:
    """From and by, in seconds since noon."""
    visit = state.visits[VisitId(name)]
    if visit.expected_from is None or visit.expected_by is None:
        return None
    return (visit.expected_from - NOON).total_seconds(), (visit.expected_by - NOON).total_seconds()


def after_change(before: LineState, after: LineState, now_s: float = 0) -> tuple[LineState, set[str]]:
    """What follows when a line that has shown its estimates becomes another; and whose estimates moved."""
    after = with_estimates_of(before, after)
    moved = reestimated(before, after, SETUP, at(now_s))
    return replace(after, visits={**after.visits, **moved}), set(moved)


# --- the estimate ---------------------------------------------------------------------------------------------


def test_nothing_is_worked_out_for_a_line_in_which_nobody_waits() -> None:
    assert reestimated(LineState(), line(seat("a"), talking("v", "a")), SETUP, NOON) == {}


def test_a_free_seat_that_fits_answers_within_the_ring_time() -> None:
    assert estimate(shown(line(seat("a"), waiting("v"))), "v") == (0, RING)
    slow = Setup(Directory(services={HELP.id: replace(HELP, ring_timeout_s=45)}), POLICY)
    assert estimate(shown(line(seat("a"), waiting("v")), setup=slow), "v") == (0, 45)


def test_a_busy_seat_comes_free_after_a_usual_conversation_less_what_has_passed() -> None:
    state = shown(line(seat("a"), talking("other", "a", -20), waiting("v")))
    assert estimate(state, "v") == (SHORT - 20, LONG - 20 + RING)


def test_a_conversation_that_lasts_long_already_may_last_half_of_a_long_one_more() -> None:
    state = shown(line(seat("a"), talking("other", "a", -900), waiting("v")))
    assert estimate(state, "v") == (0, LONG / 2 + RING)


def test_uncertainty_widens_with_the_place_in_the_line() -> None:
    state = shown(line(seat("a"), waiting("v1"), waiting("v2", 1), waiting("v3", 2)))
    assert estimate(state, "v1") == (0, RING)
    assert estimate(state, "v2") == (SHORT, LONG + RING)
    assert estimate(state, "v3") == (2 * SHORT, 2 * LONG + RING)


def test_two_seats_halve_the_wait() -> None:
    state = shown(line(seat("a"), seat("b"), *(waiting(f"v{number}", number / 10) for number in range(5))))
    assert estimate(state, "v4") == (2 * SHORT, 2 * LONG + RING)


def test_a_seat_that_rounds_off_may_be_free_at_once_or_when_its_time_is_over() -> None:
    state = shown(line(seat("a", wrap_up_until=at(25)), waiting("v")))
    assert estimate(state, "v") == (0, 25 + RING)


def test_with_few_conversations_to_go_by_the_usual_ones_of_the_house_are_taken() -> None:
    short, long = DEFAULT_HANDLING_S
    state = shown(line(seat("a"), talking("other", "a"), waiting("v"), handling_s=(5.0, 5.0)))
    assert estimate(state, "v") == (short, long + RING)
    unknown = replace(state, standings={})
    assert estimate(shown(unknown), "v") == (short, long + RING)


def test_conversations_that_were_all_alike_leave_some_doubt() -> None:
    state = shown(line(seat("a"), talking("other", "a"), waiting("v"), handling_s=(100.0,) * 5))
    assert estimate(state, "v") == (100, 125 + RING)


@pytest.mark.parametrize(
    "unfit",
    [
        seat("a", languages=frozenset({Language.NB})),
        seat("a", library_id=LibraryId("umea")),
        seat("a", on_duty=False),
        seat("a", sound=False),
    ],
)
def test_where_nobody_fits_there_is_no_estimate(unfit: Seat) -> None:
    assert estimate(shown(line(unfit, waiting("v"))), "v") is None


def test_a_service_that_is_not_known_is_answered_by_everybody() -> None:
    assert estimate(shown(line(seat("a"), waiting("v")), setup=Setup(policy=POLICY)), "v") == (0, RING)


def test_a_team_of_a_later_tier_is_there_once_its_time_has_come() -> None:
    tiers = (Tier(TeamId("own"), 0), Tier(TeamId("backup"), 90), Tier(TeamId("gone"), 0))
    teams = {
        TeamId("own"): Team(TeamId("own"), LIBRARY, "Own", frozenset({StaffId("staff-own")})),
        TeamId("backup"): Team(TeamId("backup"), LIBRARY, "Backup", frozenset({StaffId("staff-far")})),
    }
    setup = Setup(Directory(services={HELP.id: replace(HELP, tiers=tiers)}, teams=teams), POLICY)
    far = seat("far", library_id=LibraryId("umea"))
    assert estimate(shown(line(far, waiting("v", -10)), setup=setup), "v") == (80, 80 + RING)
    assert estimate(shown(line(seat("own"), far, waiting("v")), setup=setup), "v") == (0, RING)
    assert estimate(shown(line(seat("in-no-team"), waiting("v")), setup=setup), "v") is None


def test_a_seat_that_declined_rings_again_after_its_pause() -> None:
    pause = Deadline(DeadlineKind.DECLINE, "v", at(20))
    declined = waiting("v", declined_by=frozenset({SeatId("a")}))
    assert estimate(shown(line(seat("a"), declined, deadlines=[pause])), "v") == (20, 20 + RING)
    assert estimate(shown(line(seat("a"), seat("b"), declined, deadlines=[pause])), "v") == (0, RING)


# --- what may be said to somebody who has seen one ------------------------------------------------------------


def test_an_estimate_gets_earlier_when_a_seat_comes() -> None:
    before = shown(line(seat("a"), talking("other", "a"), waiting("v")))
    after, moved = after_change(before, line(seat("a"), seat("b"), talking("other", "a"), waiting("v")))
    assert moved == {"v"}
    assert estimate(after, "v") == (0, RING)
    assert after.visits[VisitId("v")].estimate_reason is None


def test_a_little_earlier_is_not_worth_telling() -> None:
    before = shown(line(seat("a"), talking("other", "a"), waiting("v")))
    after, moved = after_change(before, line(seat("a"), talking("other", "a", 1 - MATERIAL_S), waiting("v")))
    assert not moved
    after, moved = after_change(before, line(seat("a"), talking("other", "a", -MATERIAL_S), waiting("v")))
    assert estimate(after, "v") == (SHORT - MATERIAL_S, LONG - MATERIAL_S + RING)


def test_an_end_that_gets_earlier_keeps_the_beginning_that_was_shown() -> None:
    before = shown(line(seat("a"), waiting("v")))
    late = replace(before.visits[VisitId("v")], expected_by=at(500))
    before = replace(before, visits={late.id: late})
    after, _ = after_change(before, line(seat("a"), seat("b"), waiting("v")), now_s=20)
    assert estimate(after, "v") == (0, 20 + RING)


def test_fewer_seats_make_it_later_and_say_so() -> None:
    before = shown(line(seat("a"), seat("b"), waiting("v1"), waiting("v2", 1)))
    after, moved = after_change(before, line(seat("a"), waiting("v1"), waiting("v2", 1)))
    assert moved == {"v2"}  # the first is still rung at once
    assert estimate(after, "v2") == (SHORT, LONG + RING)
    assert after.visits[VisitId("v2")].estimate_reason is EstimateReason.FEWER_SEATS


def test_seats_that_do_not_fit_are_no_reason() -> None:
    norwegian = seat("b", languages=frozenset({Language.NB}))
    before = shown(line(seat("a"), norwegian, waiting("v1"), waiting("v2", 1)))
    _, moved = after_change(before, line(seat("a", wrap_up_until=at(300)), waiting("v1"), waiting("v2", 1)))
    assert not moved


def test_a_visit_that_came_back_before_it_makes_it_later_and_says_so() -> None:
    before = shown(line(seat("a"), seat("b"), talking("other", "a"), waiting("v", 5)))
    returned = replace(waiting("other"), returned=True)
    gone = line(seat("b"), returned, waiting("v", 5), seat("a"), talking("third", "a", 0))
    after, moved = after_change(before, gone)
    assert "v" in moved
    assert after.visits[VisitId("v")].estimate_reason is EstimateReason.RETURNED_AHEAD


def test_a_visit_that_stood_before_it_already_is_no_reason() -> None:
    returned = replace(waiting("other"), returned=True)
    before = shown(line(seat("a"), returned, waiting("v", 5)))
    _, moved = after_change(before, line(seat("a", wrap_up_until=at(300)), returned, waiting("v", 5)))
    assert not moved


def test_it_takes_longer_when_its_time_has_come_and_not_before() -> None:
    now = line(seat("a"), talking("other", "a"), waiting("v"))
    before = shown(now)
    by = LONG + RING
    _, moved = after_change(before, replace(now, standings={}), now_s=by - 1)
    assert not moved
    after, moved = after_change(before, now, now_s=by)
    assert moved == {"v"}
    assert after.visits[VisitId("v")].estimate_reason is EstimateReason.TAKES_LONGER
    assert estimate(after, "v") == (by, by + LONG / 2 + RING)


def test_a_higher_priority_before_it_moves_nothing_until_its_time_has_come() -> None:
    before = shown(line(seat("a"), waiting("v", 5)))
    after, moved = after_change(before, line(seat("a"), waiting("first", 0), waiting("v", 5)))
    assert moved == {"first"}
    assert estimate(after, "v") == (0, RING + 5) or estimate(after, "v") == estimate(before, "v")


def test_an_estimate_goes_with_the_last_seat_that_fits_and_comes_anew() -> None:
    before = shown(line(seat("a"), waiting("v")))
    nobody, moved = after_change(before, line(waiting("v")))
    assert moved == {"v"}
    assert estimate(nobody, "v") is None
    again, moved = after_change(nobody, line(seat("a", wrap_up_until=at(500)), waiting("v")))
    assert moved == {"v"}
    assert estimate(again, "v") == (0, 500 + RING)
    assert again.visits[VisitId("v")].estimate_reason is None


def test_a_visit_that_fell_from_its_seat_has_shown_nothing_yet() -> None:
    busy = replace(talking("v", "a"), expected_from=at(-60), expected_by=at(-30))
    fell = replace(waiting("v"), returned=True, expected_from=at(-60), expected_by=at(-30))
    moved = reestimated(line(seat("a"), busy), line(seat("a"), fell), SETUP, NOON)
    assert moved[VisitId("v")].estimate_reason is None
    assert moved[VisitId("v")].expected_by == at(RING)


def test_a_ticket_has_an_estimate_too() -> None:
    assert estimate(shown(line(seat("a"), waiting("v", ticket=7))), "v") == (0, RING)


@given(
    taps=st.lists(st.integers(-600, 0), max_size=6),
    busy=st.lists(st.integers(-600, 0), max_size=4),
    free_before=st.integers(0, 3),
    free_after=st.integers(0, 3),
    passed_s=st.integers(0, 900),
)
def test_it_never_gets_later_without_a_reason(
    taps: list[int], busy: list[int], free_before: int, free_after: int, passed_s: int
) -> None:
    people = [waiting(f"v{number}", tapped_s) for number, tapped_s in enumerate(taps)]
    talks = [talking(f"t{number}", f"b{number}", since_s) for number, since_s in enumerate(busy)]
    seats = [seat(f"b{number}") for number in range(len(busy))]
    before = shown(line(*people, *talks, *seats, *(seat(f"f{number}") for number in range(free_before))))
    after, moved = after_change(
        before, line(*people, *talks, *seats, *(seat(f"f{number}") for number in range(free_after))), passed_s
    )
    for visit in people:
        old, new = before.visits[visit.id], after.visits[visit.id]
        assert (new.expected_by is None) == (not seats and not free_after)
        if new.expected_by is None or new.expected_from is None or old.expected_by is None:
            assert new.estimate_reason is None
            continue
        assert new.expected_from <= new.expected_by
        assert new.expected_by > at(passed_s)
        if new.expected_by > old.expected_by:
            assert visit.id in moved
            if new.estimate_reason is EstimateReason.TAKES_LONGER:
                assert old.expected_by <= at(passed_s)
            else:
                assert new.estimate_reason is EstimateReason.FEWER_SEATS
                assert free_after < free_before


def test_a_command_that_moves_nobody_costs_next_to_nothing_in_a_large_line() -> None:
    crowd = [waiting(f"v{number}", number / 100) for number in range(50)]
    state = shown(line(*(seat(f"s{number}") for number in range(300)), *crowd))
    same = replace(state, visits=dict(state.visits), seats=dict(state.seats))
    began = time.perf_counter()
    for _ in range(20):
        assert reestimated(state, same, SETUP, NOON) == {}
    assert (time.perf_counter() - began) / 20 < 0.01
