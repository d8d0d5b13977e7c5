"""Whose view is another after a commit, found out from the two states of the line.

It may name somebody whose view stayed the same, never leave out one whose view did not: the difference of the views is
made after. A line may have hundreds of seats, so only rows that are other objects than before are looked into.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TypeVar

from signaling.domain.line import places
from signaling.domain.model import DeadlineKind, LineState, Seat, Visit
from signaling.domain.places import Setup
from signaling.domain.presence import is_answerable, is_free
from signaling.domain.reach import Reach
from signaling.domain.visit import IN_CALL, IN_LINE
from signaling.protocol.vocabulary import KioskId, LineId, SeatId, VisitId
from signaling.service.ports import Changed

K = TypeVar("K")
V = TypeVar("V")


def change_of(line_id: LineId, before: LineState, after: LineState, setup: Setup) -> Changed:
    """Whose view may be another after a commit.

    Args:
        line_id: Which line.
        before: As it was.
        after: As it was committed.
        setup: Services, teams and hours; a change of these is announced by whoever reads them anew.
    """
    seats = _other(before.seats, after.seats)
    standings = bool(_other(before.standings, after.standings))
    who_answers = any(_answers(before.seats.get(key)) != _answers(after.seats.get(key)) for key in seats)
    visits = _visits(before, after, seats, standings or who_answers)
    return Changed(
        line_id,
        kiosks=_kiosks(before, after, visits),
        seats=frozenset(seats) | _people_in(before, visits) | _people_in(after, visits),
        all_kiosks=standings or who_answers,
        at_once=standings or (who_answers and _green(before, setup) != _green(after, setup)),
        line=as_stored(after),
    )


def as_stored(line: LineState) -> LineState:
    """The line as the store gives it from now on: without visits about which nothing more will be said."""
    if not any(visit.settled for visit in line.visits.values()):
        return line
    return replace(line, visits={key: visit for key, visit in line.visits.items() if not visit.settled})


# --- private ----------------------------------------------------------------------------------------------


def _other(before: Mapping[K, V], after: Mapping[K, V]) -> set[K]:
    """Keys of rows that were written, came or went."""
    if before is after:
        return set()
    written = {key for key, row in after.items() if (old := before.get(key)) is not row and old != row}
    return written | (before.keys() - after.keys())


def _answers(seat: Seat | None) -> tuple[object, ...]:
    """What of a seat stands on idle screens."""
    if seat is None or not is_answerable(seat):
        return ()
    return (is_free(seat), seat.name, seat.named, seat.languages, seat.library_id, seat.staff_id)


def _green(line: LineState, setup: Setup) -> list[object]:
    """For each service: in which languages somebody can answer it. None at all means that it is not green."""
    reach = Reach(line, setup)
    return [
        frozenset[object]().union(*(seat.languages & service.languages for seat in reach.answerable(service.id)))
        for service in setup.directory.services.values()
    ]


def _visits(before: LineState, after: LineState, seats: AbstractSet[SeatId], others_answer: bool) -> set[VisitId]:
    """Visits that are shown otherwise: they, their place, their ring, their kiosk, or a seat that is in them."""
    found = _other(before.visits, after.visits) | _other(places(before), places(after))
    for key in _other(before.offers, after.offers):
        found |= {line.offers[key].visit_id for line in (before, after) if key in line.offers}
    kiosks = _other(before.kiosks, after.kiosks)
    moved = _other(before.deadlines, after.deadlines)
    for line in (before, after):
        for visit in line.visits.values():
            is_in_it = visit.kiosk_id in kiosks or visit.seat_id in seats or visit.guest_seat_id in seats
            is_due_otherwise = not moved.isdisjoint(_until_it_is_over(visit))
            if is_in_it or is_due_otherwise or (others_answer and visit.state in IN_LINE):
                found.add(visit.id)
    for offer in after.offers.values():
        if offer.asked_by in seats or not offer.seat_ids.isdisjoint(seats):
            found.add(offer.visit_id)
    return found


def _until_it_is_over(visit: Visit) -> tuple[tuple[DeadlineKind, str], ...]:
    """The deadlines that screens of an interrupted conversation count down to."""
    if visit.state not in IN_CALL:
        return ()
    return (
        (DeadlineKind.CONNECT, visit.id),
        (DeadlineKind.KIOSK_GRACE, visit.kiosk_id),
        (DeadlineKind.SEAT_GRACE, visit.seat_id or ""),
    )


def _kiosks(before: LineState, after: LineState, visits: AbstractSet[VisitId]) -> frozenset[KioskId]:
    return frozenset(visit.kiosk_id for visit in _rows(before, after, visits)) | frozenset(
        _other(before.kiosks, after.kiosks)
    )


def _people_in(line: LineState, visits: AbstractSet[VisitId]) -> frozenset[SeatId]:
    """Seats that show one of these visits: in it, rung by it, or rounding it off."""
    found: set[SeatId] = set()
    for visit in _rows(line, line, visits):
        found |= {seat_id for seat_id in (visit.seat_id, visit.guest_seat_id) if seat_id is not None}
    for offer in line.offers.values():
        if offer.visit_id in visits:
            found |= offer.seat_ids
    return frozenset(found)


def _rows(before: LineState, after: LineState, visits: Iterable[VisitId]) -> Iterable[Visit]:
    return (line.visits[key] for key in visits for line in (before, after) if key in line.visits)
