"""Presence of kiosks and seats: connected, lost with grace, answerable, free."""

from __future__ import annotations

from datetime import datetime

from signaling.domain.model import Seat


def is_answerable(seat: Seat) -> bool:
    """Green means answered: on duty by its own click, everything proven, and its socket is open now."""
    return seat.connected and seat.on_duty and seat.sound and seat.microphone and seat.camera


def is_free(seat: Seat, now: datetime) -> bool:
    """It could be rung now: answerable, in no visit, and past the time to round off the last one."""
    if not is_answerable(seat) or seat.visit_id is not None:
        return False
    return seat.wrap_up_until is None or seat.wrap_up_until <= now
