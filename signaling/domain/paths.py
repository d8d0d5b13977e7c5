"""The paths of a visit: who is at the ends of which, and what becomes of them when people come and go.

A call has up to three: kiosk and seat, kiosk and colleague, seat and colleague. While a visit rings, each of the first
seats has one to the kiosk that is made ready; the winner's goes on as the path of the call. One counter gives them all
their numbers, so a generation alone says which path is meant. What it does not do: carry anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from signaling.domain.model import Offer, Visit
from signaling.domain.visit import IN_CALL, IN_LINE
from signaling.protocol.vocabulary import OfferId, Party, SeatId, VisitId

#: One end of a path: what it is, and the id of its kiosk or seat.
End = tuple[Party, str]
#: Open rings of a line.
Rings = Mapping[OfferId, Offer]


def in_call(visit: Visit) -> tuple[End, ...]:
    """Everybody in the call: kiosk, seat, colleague. Nobody when there is none."""
    if visit.state not in IN_CALL or visit.seat_id is None:
        return ()
    ends: tuple[End, ...] = ((Party.VISITOR, visit.kiosk_id), (Party.STAFF, visit.seat_id))
    return ends if visit.guest_seat_id is None else (*ends, (Party.STAFF, visit.guest_seat_id))


def prepared(visit_id: VisitId, rings: Rings) -> dict[int, SeatId]:
    """The paths of a visit that are made ready while it rings: for which seat, by their numbers."""
    return {
        number: seat_id
        for ring in rings.values()
        if ring.visit_id == visit_id
        for seat_id, number in ring.prepared.items()
    }


def ends_of(visit: Visit, generation: int, rings: Rings) -> tuple[End, ...]:
    """The two ends of the path with this number; empty when it is not a current one.

    Args:
        visit: Whose path.
        generation: Its number; 0 is none.
        rings: The open rings of the line, some of them perhaps this visit's.
    """
    if visit.state in IN_LINE:
        seat_id = prepared(visit.id, rings).get(generation)
        return () if seat_id is None else ((Party.VISITOR, visit.kiosk_id), (Party.STAFF, seat_id))
    present = in_call(visit)
    if not present or generation < 1:
        return ()
    kiosk, seat = present[:2]
    if generation == visit.generation:
        return (kiosk, seat)
    if generation == visit.guest_generation:
        return (kiosk, present[2])
    if generation == visit.staff_generation:
        return (seat, present[2])
    return ()


def others(visit: Visit, party: Party, party_id: str, generation: int | None, rings: Rings) -> tuple[End, ...]:
    """To whom something goes that one end says.

    Args:
        visit: In which it is said.
        party: Who says it.
        party_id: Its kiosk or seat.
        generation: On which path; None means to everybody else in the call, and to nobody while it only rings.
        rings: As with `ends_of`.

    Returns:
        The other ends; empty when the sender is not at an end itself.
    """
    ends = in_call(visit) if generation is None else ends_of(visit, generation, rings)
    sender = (party, party_id)
    return tuple(end for end in ends if end != sender) if sender in ends else ()


def path_of(visit: Visit, party: Party, party_id: str) -> int:
    """The number of the path by which a participant meets the visitor; for the kiosk, that to its librarian."""
    return visit.guest_generation if (party, party_id) == (Party.STAFF, visit.guest_seat_id) else visit.generation


def with_guest(visit: Visit, seat_id: SeatId) -> Visit:
    """A colleague comes, and with it the two paths to those who are there."""
    return replace(
        visit,
        guest_seat_id=seat_id,
        guest_generation=visit.generations + 1,
        staff_generation=visit.generations + 2,
        generations=visit.generations + 2,
    )


def without_guest(visit: Visit) -> Visit:
    """The colleague leaves, and its paths with it."""
    return replace(visit, guest_seat_id=None, guest_generation=0, staff_generation=0)


def with_next_guest_path(visit: Visit, generation: int) -> Visit:
    """One of the colleague's paths is dead: its next number."""
    number = visit.generations + 1
    if generation == visit.guest_generation:
        return replace(visit, guest_generation=number, generations=number)
    return replace(visit, staff_generation=number, generations=number)
