"""Which seat for which visit.

Ring all: the first visit in the line rings at every free seat that has not declined it; the next visit rings
at whoever is left. A seat rings for one visit at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from signaling.domain.line import in_order
from signaling.domain.model import LineState
from signaling.domain.presence import is_free
from signaling.protocol.vocabulary import SeatId, VisitId


@dataclass(frozen=True, slots=True)
class Ring:
    """Let this visit ring at these seats, beside those where it rings already."""

    visit_id: VisitId
    seat_ids: frozenset[SeatId]


def rings_to_start(state: LineState) -> Iterator[Ring]:
    """What is to ring now, in the order of the line.

    Visits whose kiosk is not connected keep their place and do not ring: a librarian who answers would meet
    nobody.
    """
    ringing = {seat_id for offer in state.offers.values() for seat_id in offer.seat_ids}
    pool = {seat.id for seat in state.seats.values() if is_free(seat)} - ringing
    for visit in in_order(state):
        kiosk = state.kiosks.get(visit.kiosk_id)
        if kiosk is None or not kiosk.connected:
            continue
        eligible = frozenset(pool - visit.declined_by)
        if eligible:
            pool -= eligible
            yield Ring(visit.id, eligible)
