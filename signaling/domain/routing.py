"""Which seat for which visit.

The first visit in the line rings at free seats that fit it and have not declined it, longest idle first; the next
visit rings at whoever is left. A seat rings for one visit at a time. What it does not do: widen the circle of seats
with time (`deciding.afterwards`), or make offers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Final

from signaling.domain.line import in_order, on_screen, takes_calls, waits_with_ticket
from signaling.domain.model import LineState, Seat, Visit
from signaling.domain.places import Setup
from signaling.domain.presence import is_answerable, is_free
from signaling.domain.reach import Reach
from signaling.protocol.vocabulary import KioskId, OfferId, OfferKind, OfferPolicy, SeatId, VisitId

_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Ring:
    """Let this visit ring at these seats, beside those where it rings already."""

    visit_id: VisitId
    seat_ids: frozenset[SeatId]


def rings_to_start(state: LineState, setup: Setup, reach: Reach) -> Iterator[Ring]:
    """What is to ring now, in the order of the line.

    Visits whose kiosk is not connected keep their place and do not ring: a librarian who answers would meet
    nobody.
    """
    ringing = {seat_id for offer in state.offers.values() for seat_id in offer.seat_ids}
    pool = sorted((seat for seat in state.seats.values() if is_free(seat) and seat.id not in ringing), key=idle_since)
    if not pool:
        return
    heard = _heard(state)
    screens = on_screen(state.visits.values())
    for visit in in_order(state, setup):
        if not may_ring_now(state, visit, screens):
            continue
        one_by_one = reach.service(visit.service_id).offer_policy is OfferPolicy.LONGEST_IDLE
        room = (1 if one_by_one else setup.policy.ring_at_most) - heard.get(visit.id, 0)
        fitting = (seat.id for seat in pool if _is_for(seat, visit, reach))
        chosen = frozenset(islice(fitting, max(room, 0)))
        if chosen:
            pool = [seat for seat in pool if seat.id not in chosen]
            yield Ring(visit.id, chosen)


def may_ring_now(state: LineState, visit: Visit, screens: Mapping[KioskId, Visit]) -> bool:
    """Its kiosk is there and takes calls, and shows no other visit."""
    busy = waits_with_ticket(visit) and visit.kiosk_id in screens
    return takes_calls(state.kiosks.get(visit.kiosk_id)) and not busy


def rings_that_end(state: LineState, reach: Reach) -> Iterator[tuple[OfferId, frozenset[SeatId]]]:
    """Rings at seats that fit their visit no more, or of visits that may not ring now.

    A kiosk that is away ends its rings itself, when it goes; after a start of the server they wait for it.
    """
    screens = on_screen(state.visits.values())
    for offer in state.offers.values():
        if offer.kind is OfferKind.JOIN:
            continue
        visit = state.visits[offer.visit_id]
        if waits_with_ticket(visit) and visit.kiosk_id in screens:
            yield offer.id, offer.seat_ids
            continue
        wrong = frozenset(seat_id for seat_id in offer.seat_ids if not reach.fits(state.seats[seat_id], visit))
        if wrong:
            yield offer.id, wrong


def idle_since(seat: Seat) -> tuple[datetime, SeatId]:
    """For sorting seats, longest idle first."""
    return (seat.idle_since or _LONG_AGO, seat.id)


def prefers(state: LineState, visit: Visit, reach: Reach) -> bool:
    """The seat that the visit prefers rings for it, or could."""
    seat = state.seats.get(visit.preferred_seat_id) if visit.preferred_seat_id is not None else None
    if seat is None or seat.id in visit.declined_by or not is_free(seat) or not reach.fits(seat, visit):
        return False
    return all(offer.visit_id == visit.id for offer in state.offers.values() if seat.id in offer.seat_ids)


def _is_for(seat: Seat, visit: Visit, reach: Reach) -> bool:
    if seat.id in visit.declined_by:
        return False
    if visit.preferred_seat_id is not None:
        return seat.id == visit.preferred_seat_id
    return reach.may_ring(seat, visit)


def _heard(state: LineState) -> Mapping[VisitId, int]:
    """At how many seats each visit rings where it can be heard: one that is away holds nobody up."""
    counts: dict[VisitId, int] = {}
    for offer in state.offers.values():
        here = sum(is_answerable(state.seats[seat_id]) for seat_id in offer.seat_ids)
        counts[offer.visit_id] = counts.get(offer.visit_id, 0) + here
    return counts
