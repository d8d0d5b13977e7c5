"""The life of a visit: every state × event cell."""

from __future__ import annotations

from datetime import timedelta

import pytest

from signaling.domain.errors import Refused
from signaling.domain.visit import TABLE, Other, VisitEvent, step
from signaling.protocol.errors import ErrorCode
from signaling.protocol.vocabulary import EndReason, EstimateReason, NotePhrase, SeatId, VisitState
from tests.support.lines import START, visit_in

NOW = START + timedelta(seconds=5)

#: Written by hand from what a librarian would say, not read off the table: waiting, offered, calling, connecting,
#: talking, held, ended. "=" keeps the state, "!" refuses.
EXPECTED = {
    VisitEvent.RING: "offered = ! ! ! ! !",
    VisitEvent.RING_GONE: "= waiting = = = = =",
    VisitEvent.ACCEPT: "! connecting ! ! ! ! !",
    VisitEvent.CALL_BACK: "! calling ! ! ! ! !",
    VisitEvent.TOUCH: "! ! connecting = = = !",
    VisitEvent.CONNECTED: "! ! ! talking = = !",
    VisitEvent.AGAIN: "! ! ! = connecting = !",
    VisitEvent.HOLD: "! ! ! ! held = !",
    VisitEvent.RESUME: "! ! ! ! = talking !",
    VisitEvent.FALL: "= = waiting waiting waiting waiting =",
    VisitEvent.SUCCEED: "! ! ! talking = = !",
    VisitEvent.CANCEL: "ended ended ended ended ! ! =",
    VisitEvent.VISITOR_FINISH: "ended ended ended ended ended ended =",
    VisitEvent.STAFF_FINISH: "! ! ended ended ended ended =",
    VisitEvent.FLAG: "! ! ! ended ended ended =",
    VisitEvent.EXPIRE: "ended ended ended = = = =",
    VisitEvent.KIOSK_LOST: "ended ended ended ended ended ended =",
}
CELLS = [
    (state, event, word)
    for event, words in EXPECTED.items()
    for state, word in zip(VisitState, words.split(), strict=True)
]


def test_the_table_has_every_cell() -> None:
    assert set(TABLE) == {(state, event) for state in VisitState for event in VisitEvent}


@pytest.mark.parametrize(("state", "event", "word"), CELLS)
def test_each_event_in_each_state(state: VisitState, event: VisitEvent, word: str) -> None:
    visit = visit_in(state)
    if word == "!":
        with pytest.raises(Refused) as refused:
            step(visit, event, NOW, SeatId("s1"))
        assert refused.value.code is ErrorCode.WRONG_STATE
        assert refused.value.data == {"state": state.value}
        return
    after = step(visit, event, NOW, SeatId("s1"))
    assert after.state is (state if word == "=" else VisitState(word))
    if word == "=" and event not in {VisitEvent.AGAIN, VisitEvent.SUCCEED}:
        assert after is visit
    assert (TABLE[state, event] is Other.KEEP) == (word == "=")


def test_accepting_gives_the_seat_and_the_next_generation() -> None:
    waiting = visit_in(VisitState.OFFERED, generation=3, generations=3)
    after = step(waiting, VisitEvent.ACCEPT, NOW, SeatId("s9"))
    assert (after.seat_id, after.generation, after.accepted_at) == ("s9", 4, NOW)


@pytest.mark.parametrize("state", [VisitState.CONNECTING, VisitState.TALKING, VisitState.HELD])
def test_a_dead_path_begins_the_next_generation(state: VisitState) -> None:
    assert step(visit_in(state), VisitEvent.AGAIN, NOW).generation == 2


def test_a_number_that_another_path_has_had_is_not_given_again() -> None:
    talking = visit_in(VisitState.TALKING, generations=3, guest_generation=2, staff_generation=3)
    after = step(talking, VisitEvent.AGAIN, NOW)
    assert (after.generation, after.generations) == (4, 4)


def test_whoever_is_answered_waits_no_more_and_has_nothing_left_of_it() -> None:
    waiting = visit_in(
        VisitState.OFFERED,
        choices=True,
        note=NotePhrase.SOON_WITH_YOU,
        preferred_seat_id=SeatId("s2"),
        declined_by=frozenset({SeatId("s3")}),
        expected_from=START,
        expected_by=NOW,
        estimate_reason=EstimateReason.FEWER_SEATS,
    )
    after = step(waiting, VisitEvent.ACCEPT, NOW, SeatId("s1"))
    assert (after.choices, after.note, after.preferred_seat_id, after.declined_by) == (False, None, None, frozenset())
    assert (after.expected_from, after.expected_by, after.estimate_reason) == (None, None, None)


def test_a_ticket_that_is_called_back_has_a_seat_and_no_path_until_somebody_touches() -> None:
    called = step(visit_in(VisitState.OFFERED, ticket=7), VisitEvent.CALL_BACK, NOW, SeatId("s1"))
    assert (called.seat_id, called.generation, called.ticket) == ("s1", 0, 7)
    touched = step(called, VisitEvent.TOUCH, NOW)
    assert (touched.seat_id, touched.generation, touched.ticket) == ("s1", 1, None)


def test_a_colleague_who_goes_on_keeps_the_path_and_talks_since_when_they_did() -> None:
    visit = visit_in(VisitState.HELD, guest_seat_id=SeatId("s2"), guest_generation=4, staff_generation=5)
    after = step(visit, VisitEvent.SUCCEED, NOW)
    assert (after.seat_id, after.generation, after.guest_seat_id) == ("s2", 4, None)
    assert (after.guest_generation, after.staff_generation) == (0, 0)
    dead = visit_in(VisitState.CONNECTING, guest_seat_id=SeatId("s2"), guest_generation=4)
    assert step(dead, VisitEvent.SUCCEED, NOW).talking_since == NOW


def test_a_call_that_comes_back_has_talked_since_its_first_connection() -> None:
    talking = step(visit_in(VisitState.CONNECTING), VisitEvent.CONNECTED, START)
    again = step(talking, VisitEvent.AGAIN, NOW)
    assert step(again, VisitEvent.CONNECTED, NOW).talking_since == START


def test_hold_has_a_beginning_and_ends_with_resume() -> None:
    held = step(visit_in(VisitState.TALKING), VisitEvent.HOLD, NOW)
    assert held.held_since == NOW
    assert step(held, VisitEvent.RESUME, NOW).held_since is None


def test_a_fallen_visit_keeps_its_clock_and_has_no_seat() -> None:
    after = step(visit_in(VisitState.HELD, held_since=START, talking_since=START), VisitEvent.FALL, NOW)
    assert after.returned
    assert (after.opened_at, after.seat_id, after.talking_since, after.held_since) == (
        START,
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (VisitEvent.CANCEL, EndReason.LEFT_LINE),
        (VisitEvent.VISITOR_FINISH, EndReason.FINISHED_BY_VISITOR),
        (VisitEvent.STAFF_FINISH, EndReason.FINISHED_BY_STAFF),
        (VisitEvent.KIOSK_LOST, EndReason.KIOSK_LOST),
        (VisitEvent.FLAG, EndReason.FLAGGED),
    ],
)
def test_the_end_has_a_reason_and_a_time(event: VisitEvent, reason: EndReason) -> None:
    after = step(visit_in(VisitState.CONNECTING), event, NOW)
    assert (after.end_reason, after.ended_at) == (reason, NOW)


def test_a_ticket_that_nobody_came_to_has_expired() -> None:
    after = step(visit_in(VisitState.CALLING, ticket=7, calling_until=NOW), VisitEvent.EXPIRE, NOW)
    assert (after.end_reason, after.calling_until) == (EndReason.TICKET_EXPIRED, None)
