"""The waiting line: its order, the places in it, and whether somebody can answer.

First come, first served; a visit that fell from a seat stands before all that have not. What it does not do:
decide which seat rings (`routing`) or change a visit's state (`visit`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from signaling.domain.model import LineState, Visit
from signaling.domain.presence import is_answerable, is_free
from signaling.domain.visit import IN_LINE
from signaling.protocol.vocabulary import VisitId


@dataclass(frozen=True, slots=True)
class Availability:
    """The truth on the idle screens.

    Attributes:
        answerable: Seats that are on duty with everything proven, busy or not.
        free: Those that a visit would ring now.
        names: First names of those on duty who wish to be named, each once, in alphabetical order.
    """

    answerable: int
    free: int
    names: tuple[str, ...]


def in_order(state: LineState) -> list[Visit]:
    """The visits that stand in the line, next first."""
    standing = [visit for visit in state.visits.values() if visit.state in IN_LINE]
    return sorted(standing, key=lambda visit: (not visit.returned, visit.opened_at, visit.id))


def places(state: LineState) -> Mapping[VisitId, int]:
    """The place of each visit in the line of its service, 1 is next."""
    counted: dict[str, int] = {}
    result: dict[VisitId, int] = {}
    for visit in in_order(state):
        counted[visit.service_id] = counted.get(visit.service_id, 0) + 1
        result[visit.id] = counted[visit.service_id]
    return result


def availability(state: LineState) -> Availability:
    """Whether somebody can answer now, and who."""
    answerable = [seat for seat in state.seats.values() if is_answerable(seat)]
    return Availability(
        answerable=len(answerable),
        free=sum(is_free(seat) for seat in answerable),
        names=tuple(sorted({seat.name for seat in answerable if seat.named})),
    )
