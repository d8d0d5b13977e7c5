"""Presence of seats: answerable, free. What it does not do: say for which service (`reach`)."""

from __future__ import annotations

from signaling.domain.model import Seat


def is_answerable(seat: Seat) -> bool:
    """Green means answered: on duty by its own click and not paused, everything proven, and it acknowledges."""
    return (
        seat.connected
        and seat.on_duty
        and seat.pause is None
        and not seat.silent
        and seat.sound
        and seat.microphone
        and seat.camera
    )


def is_free(seat: Seat) -> bool:
    """It could be rung now: answerable, in no visit, and done with rounding off the last one.

    Rounding off ends when its deadline's row passes, not when a clock says so: what is shown follows from the
    line alone, so nobody can be shown something that no commit has announced.
    """
    return is_answerable(seat) and seat.visit_id is None and seat.wrap_up_until is None
