"""The life of a visit and its call, as one complete table.

Every state × event cell is filled: the visit goes on to a state, keeps the one it has (the event is late or
repeated and harmless), or refuses. What it does not do: choose seats (`routing`) or keep order (`line`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from signaling.domain.errors import Refused
from signaling.domain.model import Visit
from signaling.protocol.errors import ErrorCode
from signaling.protocol.vocabulary import EndReason, SeatId, VisitState


class VisitEvent(StrEnum):
    """What can happen to a visit."""

    RING = "ring"  # it is offered to at least one seat
    RING_GONE = "ring_gone"  # nobody took it, or nobody is left to take it
    ACCEPT = "accept"  # one seat won it
    CALL_BACK = "call_back"  # one seat won it, and it is a ticket: the kiosk calls for its visitor
    TOUCH = "touch"  # somebody came to the kiosk
    CONNECTED = "connected"  # a media path of the current generation is up
    AGAIN = "again"  # the current generation is dead: the next begins
    HOLD = "hold"
    RESUME = "resume"
    FALL = "fall"  # its seat is gone or left: back to the front of the line
    SUCCEED = "succeed"  # its seat is gone or left, and the colleague in it goes on
    CANCEL = "cancel"  # the visitor leaves the line
    VISITOR_FINISH = "visitor_finish"
    STAFF_FINISH = "staff_finish"
    FLAG = "flag"  # the librarian ends it, and the kiosk rests
    EXPIRE = "expire"  # a ticket that nobody called back, or to which nobody came
    KIOSK_LOST = "kiosk_lost"  # the kiosk did not come back


class Other(StrEnum):
    """The cells that lead to no other state."""

    KEEP = "keep"
    REFUSE = "refuse"


_W, _O, _B, _C = VisitState.WAITING, VisitState.OFFERED, VisitState.CALLING, VisitState.CONNECTING
_T, _H, _E = VisitState.TALKING, VisitState.HELD, VisitState.ENDED
_KEEP, _NO = Other.KEEP, Other.REFUSE

#: For each event, in the order of `VisitState`: waiting, offered, calling, connecting, talking, held, ended.
_ROWS: Final[dict[VisitEvent, tuple[VisitState | Other, ...]]] = {
    #                        waiting offered calling connecting talking held  ended
    VisitEvent.RING: (_O, _KEEP, _NO, _NO, _NO, _NO, _NO),
    VisitEvent.RING_GONE: (_KEEP, _W, _KEEP, _KEEP, _KEEP, _KEEP, _KEEP),
    VisitEvent.ACCEPT: (_NO, _C, _NO, _NO, _NO, _NO, _NO),
    VisitEvent.CALL_BACK: (_NO, _B, _NO, _NO, _NO, _NO, _NO),
    VisitEvent.TOUCH: (_NO, _NO, _C, _KEEP, _KEEP, _KEEP, _NO),
    VisitEvent.CONNECTED: (_NO, _NO, _NO, _T, _KEEP, _KEEP, _NO),
    VisitEvent.AGAIN: (_NO, _NO, _NO, _KEEP, _C, _KEEP, _NO),
    VisitEvent.HOLD: (_NO, _NO, _NO, _NO, _H, _KEEP, _NO),
    VisitEvent.RESUME: (_NO, _NO, _NO, _NO, _KEEP, _T, _NO),
    VisitEvent.FALL: (_KEEP, _KEEP, _W, _W, _W, _W, _KEEP),
    VisitEvent.SUCCEED: (_NO, _NO, _NO, _T, _KEEP, _KEEP, _NO),
    VisitEvent.CANCEL: (_E, _E, _E, _E, _NO, _NO, _KEEP),
    VisitEvent.VISITOR_FINISH: (_E, _E, _E, _E, _E, _E, _KEEP),
    VisitEvent.STAFF_FINISH: (_NO, _NO, _E, _E, _E, _E, _KEEP),
    VisitEvent.FLAG: (_NO, _NO, _NO, _E, _E, _E, _KEEP),
    VisitEvent.EXPIRE: (_E, _E, _E, _KEEP, _KEEP, _KEEP, _KEEP),
    VisitEvent.KIOSK_LOST: (_E, _E, _E, _E, _E, _E, _KEEP),
}

#: The whole life: every state × event cell.
TABLE: Final[dict[tuple[VisitState, VisitEvent], VisitState | Other]] = {
    (state, event): cells[column] for event, cells in _ROWS.items() for column, state in enumerate(VisitState)
}

#: States in which a seat belongs to the visit.
IN_CALL: Final = frozenset({_B, _C, _T, _H})
#: States in which it stands in the line.
IN_LINE: Final = frozenset({_W, _O})

#: Why a visit ended, by the event that ended it.
END_REASONS: Final = {
    VisitEvent.CANCEL: EndReason.LEFT_LINE,
    VisitEvent.VISITOR_FINISH: EndReason.FINISHED_BY_VISITOR,
    VisitEvent.STAFF_FINISH: EndReason.FINISHED_BY_STAFF,
    VisitEvent.FLAG: EndReason.FLAGGED,
    VisitEvent.EXPIRE: EndReason.TICKET_EXPIRED,
    VisitEvent.KIOSK_LOST: EndReason.KIOSK_LOST,
}


def step(
    visit: Visit, event: VisitEvent, now: datetime, seat_id: SeatId | None = None, generation: int | None = None
) -> Visit:
    """Let one event happen to one visit.

    Args:
        visit: As it is.
        event: What happened.
        now: Aware, UTC.
        seat_id: The winner, with `ACCEPT` and `CALL_BACK`.
        generation: With `ACCEPT`: the number of the path that was made ready for the winner; None: the next one.

    Returns:
        The visit as it is now; the very same object when the event changes nothing.

    Raises:
        Refused: `wrong_state`, with the state it is in.
    """
    cell = TABLE[visit.state, event]
    if cell is Other.REFUSE:
        raise Refused(ErrorCode.WRONG_STATE, {"state": visit.state.value})
    if event is VisitEvent.AGAIN:
        visit = _next_path(visit)
    if event is VisitEvent.SUCCEED:
        visit = _handed_on(visit)
    if isinstance(cell, Other):
        return visit
    if event in {VisitEvent.ACCEPT, VisitEvent.CALL_BACK}:
        visit = replace(_out_of_line(visit), seat_id=seat_id, accepted_at=now)
    return _enter(visit, event, cell, now, generation)


def _enter(visit: Visit, event: VisitEvent, state: VisitState, now: datetime, generation: int | None) -> Visit:
    visit = replace(visit, state=state)
    match event:
        case VisitEvent.RING:
            return replace(visit, rings=visit.rings + 1)
        case VisitEvent.ACCEPT:
            return _next_path(visit) if generation is None else replace(visit, generation=generation)
        case VisitEvent.CALL_BACK:
            return replace(visit, generation=0)  # no path yet: the number of one before a fall is not this seat's
        case VisitEvent.TOUCH:
            # From here on it is a visit on the screen like any other: should it fall, its visitor stands there.
            return _next_path(replace(visit, ticket=None, calling_until=None))
        case VisitEvent.CONNECTED | VisitEvent.SUCCEED:
            return replace(visit, talking_since=visit.talking_since or now)
        case VisitEvent.HOLD:
            return replace(visit, held_since=now)
        case VisitEvent.RESUME:
            return replace(visit, held_since=None)
        case VisitEvent.FALL:
            return replace(visit, seat_id=None, returned=True, talking_since=None, held_since=None, calling_until=None)
        case _ if event in END_REASONS:
            ended = replace(_out_of_line(visit), ended_at=now, end_reason=END_REASONS[event])
            return replace(ended, held_since=None, calling_until=None)
        case _:
            return visit


def _next_path(visit: Visit) -> Visit:
    """The next peer connection between kiosk and seat.

    Never back to 1: a message of a call before a fall must not pass for one of this call.
    """
    number = visit.generations + 1
    return replace(visit, generation=number, generations=number)


def _handed_on(visit: Visit) -> Visit:
    """The colleague is the seat from now on; the path to the kiosk stays and keeps its number."""
    return replace(
        visit,
        seat_id=visit.guest_seat_id,
        generation=visit.guest_generation,
        guest_seat_id=None,
        guest_generation=0,
        staff_generation=0,
    )


def _out_of_line(visit: Visit) -> Visit:
    """Without what belongs to waiting."""
    return replace(
        visit,
        declined_by=frozenset(),
        preferred_seat_id=None,
        choices=False,
        note=None,
        expected_from=None,
        expected_by=None,
        estimate_reason=None,
    )
