"""The waiting line: its order, the places in it, and whether somebody can answer.

First come, first served within a priority; a visit that fell from a seat stands before all that have not. What it
does not do: decide which seat rings (`routing`) or change a visit's state (`visit`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from signaling.domain.model import KioskPresence, LineState, Seat, Visit
from signaling.domain.places import Setup
from signaling.domain.presence import is_answerable, is_free
from signaling.domain.reach import Reach, service_of
from signaling.domain.visit import IN_LINE
from signaling.protocol.vocabulary import KioskId, Language, LibraryId, Nobody, ServiceId, VisitId, VisitState


@dataclass(frozen=True, slots=True)
class Availability:
    """The truth on the idle screens.

    Attributes:
        answerable: Seats that are on duty with everything proven, busy or not.
        free: Those that a visit would ring now.
        names: First names of those on duty who wish to be named, each once, in alphabetical order.
        languages: What they speak, each once, in the order of the vocabulary.
    """

    answerable: int
    free: int
    names: tuple[str, ...]
    languages: tuple[Language, ...] = ()


def in_order(state: LineState, setup: Setup) -> list[Visit]:
    """The visits that stand in the line, next first."""

    def rank(visit: Visit) -> tuple[int, bool, datetime, VisitId]:
        return (-service_of(setup, visit.service_id).priority, *_within_service(visit))

    return sorted(_standing(state), key=rank)


def places(state: LineState) -> Mapping[VisitId, int]:
    """The place of each visit in the line of its service, 1 is next."""
    counted: dict[str, int] = {}
    result: dict[VisitId, int] = {}
    for visit in sorted(_standing(state), key=_within_service):
        counted[visit.service_id] = counted.get(visit.service_id, 0) + 1
        result[visit.id] = counted[visit.service_id]
    return result


def waits_with_ticket(visit: Visit) -> bool:
    """It waits to be called back, and is on no screen meanwhile."""
    return visit.ticket is not None and visit.state in IN_LINE


def on_screen(visits: Iterable[Visit]) -> Mapping[KioskId, Visit]:
    """The one visit that each kiosk shows."""
    return {
        visit.kiosk_id: visit
        for visit in visits
        if visit.state is not VisitState.ENDED and not waits_with_ticket(visit)
    }


def takes_calls(kiosk: KioskPresence | None) -> bool:
    """A librarian who answers a visit of this kiosk would meet somebody."""
    return kiosk is not None and kiosk.connected and kiosk.locked_until is None


def availability(state: LineState, setup: Setup, service_id: ServiceId | None = None) -> Availability:
    """Whether somebody can answer one service now, and who; without a service, anything in this line.

    Looks at every seat: ask once per state and service, not once per kiosk.
    """
    if service_id is None:
        return _availability([seat for seat in state.seats.values() if is_answerable(seat)], frozenset(Language))
    return _availability(Reach(state, setup).answerable(service_id), service_of(setup, service_id).languages)


def availability_at(state: LineState, setup: Setup, library_id: LibraryId) -> Availability:
    """Whether somebody can answer any service of a library, and who. Ask once per state and library."""
    reach = Reach(state, setup)
    services = [service for service in setup.directory.services.values() if service.library_id == library_id]
    seats = {seat.id: seat for service in services for seat in reach.answerable(service.id)}
    offered = frozenset(language for service in services for language in service.languages)
    return _availability(list(seats.values()), offered)


def nobody_for(state: LineState, setup: Setup, visit: Visit) -> Nobody | None:
    """Why nobody can answer a visit that waits; None while somebody can. For many visits use one `Reach`."""
    return Reach(state, setup).nobody_for(visit)


def _standing(state: LineState) -> list[Visit]:
    return [visit for visit in state.visits.values() if visit.state in IN_LINE]


def _within_service(visit: Visit) -> tuple[bool, datetime, VisitId]:
    return (not visit.returned, visit.opened_at, visit.id)


def _availability(answerable: list[Seat], offered: frozenset[Language]) -> Availability:
    return Availability(
        answerable=len(answerable),
        free=sum(map(is_free, answerable)),
        names=tuple(sorted({seat.name for seat in answerable if seat.named})),
        languages=tuple(
            language
            for language in Language
            if language in offered and any(language in seat.languages for seat in answerable)
        ),
    )
