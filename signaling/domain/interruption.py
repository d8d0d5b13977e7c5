"""A conversation that is interrupted: whose grace runs, and until when it can come back by itself.

Read off the deadlines alone, so that what the screens count down to is what will happen. What it does not do: let a
deadline pass (`deciding`).
"""

from __future__ import annotations

from datetime import datetime

from signaling.domain.model import Deadline, DeadlineKind, LineState, Visit
from signaling.domain.visit import IN_CALL


def graces(state: LineState, visit: Visit) -> list[Deadline]:
    """The graces that run for the two ends of a call and that would end it; none while both are there.

    A librarian who is away interrupts nothing that a colleague in the call goes on with.
    """
    keys = [(DeadlineKind.KIOSK_GRACE, str(visit.kiosk_id))]
    colleague = state.seats.get(visit.guest_seat_id) if visit.guest_seat_id is not None else None
    if visit.seat_id is not None and (colleague is None or not colleague.connected):
        keys.append((DeadlineKind.SEAT_GRACE, str(visit.seat_id)))
    return [state.deadlines[key] for key in keys if key in state.deadlines]


def coming_back_until(state: LineState, visit: Visit) -> datetime | None:
    """Until when an interrupted conversation can go on by itself; None when none is interrupted.

    The earliest grace of an end that is away; when both are there and their path is built anew, the end of the time for
    that. Before the first word of a conversation there is nothing to come back to.
    """
    if visit.state not in IN_CALL or visit.talking_since is None:
        return None
    rows = graces(state, visit)
    connect = state.deadlines.get((DeadlineKind.CONNECT, visit.id))
    if connect is not None and not rows and visit.guest_seat_id is None:
        return connect.due_at
    return min((row.due_at for row in rows), default=None)
