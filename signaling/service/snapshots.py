"""What views are made of, and how a change of one travels.

Views are made from the line and the places alone (`kiosk_views`, `staff_views`); a delta is the difference of two
views. So snapshot + deltas equals a fresh snapshot by construction, and a property test holds it to that.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from pydantic import JsonValue

from signaling.domain.line import in_order, on_screen, places, waits_with_ticket
from signaling.domain.model import LineState, Offer, Standing, Visit
from signaling.domain.places import Directory, KioskOrder, Library, Setup
from signaling.domain.reach import Reach
from signaling.protocol.deltas import View, entries_of
from signaling.protocol.messages import KEYED_FIELDS, Delta, Message
from signaling.protocol.vocabulary import KioskId, LibraryId, LineId, SeatId, VisitId


@dataclass(frozen=True)
class Scene:
    """What all views of one line are made of: rows alone, no clock, so that no view changes by itself.

    What several views need is found out once, when the first of them asks.
    """

    line_id: LineId
    setup: Setup
    line: LineState

    @property
    def directory(self) -> Directory:
        """The places."""
        return self.setup.directory

    @cached_property
    def libraries(self) -> Mapping[LibraryId, Library]:
        """The libraries of this line."""
        return {key: library for key, library in self.directory.libraries.items() if library.line == self.line_id}

    @cached_property
    def reach(self) -> Reach:
        """Who can answer what."""
        return Reach(self.line, self.setup)

    @cached_property
    def places(self) -> Mapping[VisitId, int]:
        """The place of each visit that waits."""
        return places(self.line)

    @cached_property
    def on_screen(self) -> Mapping[KioskId, Visit]:
        """The visit that each kiosk shows."""
        return on_screen(self.line.visits.values())

    @cached_property
    def tickets(self) -> Mapping[KioskId, tuple[int, ...]]:
        """The numbers that wait to be called back at each kiosk, in the order of the line."""
        found: dict[KioskId, tuple[int, ...]] = {}
        for visit in in_order(self.line, self.setup):
            if visit.ticket is not None and waits_with_ticket(visit):
                found[visit.kiosk_id] = (*found.get(visit.kiosk_id, ()), visit.ticket)
        return found

    @cached_property
    def orders(self) -> Mapping[KioskId, tuple[KioskOrder, ...]]:
        """What each kiosk is asked to do, oldest first."""
        found: dict[KioskId, tuple[KioskOrder, ...]] = {}
        for order in self.directory.orders:
            found[order.kiosk_id] = (*found.get(order.kiosk_id, ()), order)
        return found

    @cached_property
    def offers(self) -> Mapping[SeatId, Offer]:
        """What rings at each seat."""
        return {seat_id: offer for offer in self.line.offers.values() for seat_id in offer.seat_ids}

    @cached_property
    def preparing(self) -> Mapping[VisitId, tuple[int, ...]]:
        """The paths that are to be made ready at the kiosk of each visit that rings."""
        found: dict[VisitId, list[int]] = {}
        for offer in self.line.offers.values():
            found.setdefault(offer.visit_id, []).extend(offer.prepared.values())
        return {visit_id: tuple(sorted(numbers)) for visit_id, numbers in found.items()}

    def standing(self, subject_id: str) -> Standing:
        """How a service or branch stands; open when nothing is written of it."""
        return self.line.standings.get(subject_id) or Standing(subject_id)


class Parts:
    """JSON of what many views share: one object, and the same one as long as it says the same.

    So a thousand views hold it once, and comparing it with itself costs nothing.
    """

    def __init__(self) -> None:
        self._kept: dict[Hashable, JsonValue] = {}
        self._made: dict[Hashable, tuple[object, JsonValue]] = {}

    def same(self, key: Hashable, value: JsonValue) -> JsonValue:
        """The object that was kept under this key, if it is equal; else this one from now on."""
        kept = self._kept.get(key)
        if kept == value:
            return kept
        self._kept[key] = value
        return value

    def made(self, key: Hashable, of: object, make: Callable[[], JsonValue]) -> JsonValue:
        """What was made for this key; made anew only when it is to be made of something else."""
        known = self._made.get(key)
        if known is None or known[0] != of:
            known = self._made[key] = (of, make())
        return known[1]

    def entries(self, key: Hashable, made: Iterable[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
        """As `same` for the entries of a keyed field: those that say the same stay the same objects."""
        kept = cast(dict[str, JsonValue], self._kept.get(key) or {})
        result: dict[str, JsonValue] = {}
        for name, entry in made:
            before = kept.get(name)
            result[name] = before if before == entry else entry
        return cast(dict[str, JsonValue], self.same(key, cast(JsonValue, result)))


def as_json(message: Message) -> View:
    """A view, or a part of one, as it travels."""
    return cast(View, message.model_dump(mode="json"))


def difference(old: View, new: View, revision: int) -> Delta | None:
    """What leads from one view to the next, or None when they are equal."""
    changed: dict[str, JsonValue] = {}
    put: dict[str, dict[str, JsonValue]] = {}
    drop: dict[str, list[str]] = {}
    for name, value in new.items():
        before = old.get(name)
        if value is before or value == before:
            continue
        if name not in KEYED_FIELDS:
            changed[name] = value
            continue
        entries, entries_before = entries_of(value), entries_of(before)
        if added := {key: entry for key, entry in entries.items() if _is_other(entries_before.get(key), entry)}:
            put[name] = added
        if gone := [key for key in entries_before if key not in entries]:
            drop[name] = gone
    if not (changed or put or drop):
        return None
    # Made of two views that are JSON already: to check every value once more cost a busy server a tenth of its time.
    return Delta.model_construct(revision=revision, set=changed, put=put, drop=drop)


def _is_other(before: JsonValue, entry: JsonValue) -> bool:
    return before is not entry and before != entry
