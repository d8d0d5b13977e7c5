"""The line as rows: read what the rules need, write the difference that they made."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Delete, Select, Table, Update, bindparam, delete, insert, select, update

from signaling.adapters.store_sql import schema
from signaling.domain.model import Deadline, KioskPresence, LineState, Offer, Seat, Visit
from signaling.protocol.vocabulary import LibraryId, VisitId

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Mapped:
    """How one kind of value is kept: its columns carry the names of its fields.

    Attributes:
        names: The fields, in the order of the constructor.
        load: All rows of the library in `:library_id`.
        change: One row, found by its key columns in `:key_<column>`.
        remove: The same.
    """

    table: Table
    kind: type[Any]
    names: tuple[str, ...]
    keys: tuple[str, ...]
    load: Select[Any]
    change: Update
    remove: Delete

    def row(self, value: object, library_id: LibraryId) -> dict[str, Any]:
        """Values of all columns."""
        return {"library_id": library_id, **{name: getattr(value, name) for name in self.names}}

    def values(self, value: object) -> dict[str, Any]:
        """Values of the columns that are no key, as bound in `change`."""
        return {name: getattr(value, name) for name in self.names if name not in self.keys}

    def key(self, value: object, library_id: LibraryId) -> dict[str, Any]:
        """Values of the key columns, as bound in `change` and `remove`."""
        return {f"key_{name}": library_id if name == "library_id" else getattr(value, name) for name in self.keys}


def _mapped(table: Table, kind: type[Any]) -> Mapped:
    names = tuple(field.name for field in fields(kind))
    keys = tuple(column.name for column in table.primary_key.columns)
    query = select(*(table.c[name] for name in names)).where(table.c.library_id == bindparam("library_id"))
    if table is schema.visits:
        query = query.where(~table.c.settled)
    found = [table.c[name] == bindparam(f"key_{name}", type_=table.c[name].type) for name in keys]
    changed = {name: bindparam(name, type_=table.c[name].type) for name in names if name not in keys}
    return Mapped(
        table=table,
        kind=kind,
        names=names,
        keys=keys,
        load=query,
        change=update(table).where(*found).values(changed),
        remove=delete(table).where(*found),
    )


VISITS: Final = _mapped(schema.visits, Visit)
OFFERS: Final = _mapped(schema.offers, Offer)
SEATS: Final = _mapped(schema.seats, Seat)
KIOSKS: Final = _mapped(schema.kiosk_presences, KioskPresence)
DEADLINES: Final = _mapped(schema.deadlines, Deadline)

_SETTLE: Final = (
    update(schema.visits)
    .where(schema.visits.c.id == bindparam("key_id"))
    .values(settled=True, request_id="", declined_by=frozenset())
)


def load_line(connection: Connection, library_id: LibraryId) -> LineState:
    """Visits that are not settled, and every offer, seat, kiosk presence and deadline of one library."""
    visits = _load(connection, VISITS, library_id)
    offers = _load(connection, OFFERS, library_id)
    seats = _load(connection, SEATS, library_id)
    kiosks = _load(connection, KIOSKS, library_id)
    deadlines = _load(connection, DEADLINES, library_id)
    return LineState(
        visits={visit.id: visit for visit in visits},
        offers={offer.id: offer for offer in offers},
        seats={seat.id: seat for seat in seats},
        kiosks={kiosk.id: kiosk for kiosk in kiosks},
        deadlines={(deadline.kind, deadline.subject_id): deadline for deadline in deadlines},
    )


def find_visit(connection: Connection, visit_id: VisitId) -> Visit | None:
    """Any visit, settled ones too."""
    table = schema.visits
    query = select(*(table.c[name] for name in VISITS.names)).where(table.c.id == visit_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else Visit(*row)


def save_line(connection: Connection, library_id: LibraryId, before: LineState, after: LineState) -> None:
    """Write what is different; the meaning is `LineTransaction.save`'s."""
    visits = {visit_id: _without_traces(visit) for visit_id, visit in after.visits.items()}
    _save(connection, VISITS, library_id, before.visits, visits)
    gone = [{"key_id": visit_id} for visit_id in before.visits if visit_id not in visits]
    if gone:
        connection.execute(_SETTLE, gone)
    for mapped, old, new in _others(before, after):
        _save(connection, mapped, library_id, old, new)
        removed = [value for key, value in old.items() if key not in new]
        if removed:
            connection.execute(mapped.remove, [mapped.key(value, library_id) for value in removed])


def _others(before: LineState, after: LineState) -> Iterable[tuple[Mapped, Mapping[Any, object], Mapping[Any, object]]]:
    yield OFFERS, before.offers, after.offers
    yield SEATS, before.seats, after.seats
    yield KIOSKS, before.kiosks, after.kiosks
    yield DEADLINES, before.deadlines, after.deadlines


def _without_traces(visit: Visit) -> Visit:
    return replace(visit, request_id="", declined_by=frozenset()) if visit.settled else visit


def _load(connection: Connection, mapped: Mapped, library_id: LibraryId) -> Sequence[Any]:
    rows = connection.execute(mapped.load, {"library_id": library_id}).all()
    return [mapped.kind(*row) for row in rows]


def _save(
    connection: Connection,
    mapped: Mapped,
    library_id: LibraryId,
    before: Mapping[K, V],
    after: Mapping[K, V],
) -> None:
    new = [value for key, value in after.items() if key not in before]
    changed = [value for key, value in after.items() if key in before and before[key] != value]
    if new:
        connection.execute(insert(mapped.table), [mapped.row(value, library_id) for value in new])
    if changed:
        rows = [mapped.values(value) | mapped.key(value, library_id) for value in changed]
        connection.execute(mapped.change, rows)
