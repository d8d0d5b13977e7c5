"""Libraries, branches, services, teams, answer cards and day exceptions as rows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, delete, insert, literal, select, update

from signaling.adapters.store_sql import schema
from signaling.adapters.store_sql.database import Database
from signaling.adapters.store_sql.health import forget_kiosks, pending_orders
from signaling.adapters.store_sql.kiosks import KIOSKS
from signaling.adapters.store_sql.line import version_of
from signaling.adapters.store_sql.upserts import upsert
from signaling.domain.places import Branch, Card, DayException, Directory, Kiosk, Library, Service, Team
from signaling.protocol.vocabulary import StaffId, TeamId, VisitState
from signaling.service.ports import InUse, Place, StoreError


@dataclass(frozen=True, slots=True)
class Mapped:
    """How one kind of place is kept: its columns carry the names of its fields, `names` in the constructor's order."""

    table: Table
    kind: type[Any]
    names: tuple[str, ...]

    def row(self, place: object) -> dict[str, Any]:
        """Values of all columns."""
        return {name: getattr(place, name) for name in self.names}

    def is_it(self, place: object) -> ColumnElement[bool]:
        """The row of this place."""
        return and_(*(column == getattr(place, column.name) for column in self.table.primary_key.columns))

    def all(self) -> Select[Any]:
        """Every row."""
        return select(*(self.table.c[name] for name in self.names))


def _mapped(table: Table, kind: type[Any]) -> Mapped:
    # A team's members have a table of their own.
    return Mapped(table, kind, tuple(field.name for field in fields(kind) if field.name in table.c))


LIBRARIES: Final = _mapped(schema.libraries, Library)
BRANCHES: Final = _mapped(schema.branches, Branch)
SERVICES: Final = _mapped(schema.services, Service)
TEAMS: Final = _mapped(schema.teams, Team)
CARDS: Final = _mapped(schema.cards, Card)
EXCEPTIONS: Final = _mapped(schema.day_exceptions, DayException)


class SqlPlaces:
    """The part of the store that knows places; see `Store` for what each method means."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def directory(self) -> Directory:
        """Everything kept about places and services (revoked kiosks too)."""
        return await self._database.read(_directory)

    async def add_library(self, library: Library) -> None:
        """Insert, with a line of its own; raises Exists."""

        def work(connection: Connection) -> None:
            connection.execute(insert(schema.lines).values(id=library.id, version=0))
            connection.execute(insert(schema.libraries).values(LIBRARIES.row(library)))

        await self._database.write(work)

    async def add_branch(self, branch: Branch) -> None:
        """Insert; raises Exists."""
        await self._database.write(lambda connection: _insert(connection, BRANCHES, branch))

    async def add_service(self, service: Service) -> None:
        """Insert; raises Exists."""
        await self._database.write(lambda connection: _insert(connection, SERVICES, service))

    async def put(self, place: Place) -> None:
        """Insert or replace one place, found by its id."""
        await self._database.write(lambda connection: _put(connection, place))

    async def remove(self, place: Place) -> bool:
        """Delete one place; raises InUse."""
        return await self._database.write(lambda connection: _remove(connection, place))


def _directory(connection: Connection) -> Directory:
    members: defaultdict[TeamId, set[StaffId]] = defaultdict(set)
    for team_id, staff_id in connection.execute(select(schema.team_members.c.team_id, schema.team_members.c.staff_id)):
        members[team_id].add(staff_id)
    libraries, branches, services, cards, exceptions = (
        [mapped.kind(*row) for row in connection.execute(mapped.all())]
        for mapped in (LIBRARIES, BRANCHES, SERVICES, CARDS, EXCEPTIONS)
    )
    teams = [
        Team(team.id, team.library_id, team.name, frozenset(members[team.id]))
        for team in connection.execute(TEAMS.all())
    ]
    kiosks = [Kiosk(*row) for row in connection.execute(KIOSKS)]
    return Directory(
        libraries={library.id: library for library in libraries},
        branches={branch.id: branch for branch in branches},
        services={service.id: service for service in services},
        kiosks={kiosk.id: kiosk for kiosk in kiosks},
        teams={team.id: team for team in teams},
        cards={card.id: card for card in cards},
        exceptions=tuple(sorted(exceptions, key=lambda exception: (exception.day, exception.subject_id))),
        orders=pending_orders(connection),
    )


def _put(connection: Connection, place: Place) -> None:
    match place:
        case Library():
            _may_change_line(connection, place)
            _replace(connection, LIBRARIES, place)
        case Branch():
            _replace(connection, BRANCHES, place)
        case Service():
            _replace(connection, SERVICES, place)
        case Team():
            _upsert(connection, TEAMS, place)
            members = schema.team_members
            connection.execute(delete(members).where(members.c.team_id == place.id))
            if place.members:
                rows = [{"team_id": place.id, "staff_id": staff_id} for staff_id in sorted(place.members)]
                connection.execute(insert(members), rows)
        case Card():
            _upsert(connection, CARDS, place)
        case DayException():
            if not any(_is_there(connection, table, place.subject_id) for table in (schema.branches, schema.services)):
                msg = "there is no such service or branch"
                raise StoreError(msg)
            _upsert(connection, EXCEPTIONS, place)


def _remove(connection: Connection, place: Place) -> bool:
    match place:
        case Library():
            msg = "a library cannot be removed"
            raise InUse(msg)
        case Branch():
            _free_branch(connection, place)
            return _delete(connection, BRANCHES, place)
        case Service():
            _refuse_with_visits(connection, schema.visits.c.service_id == place.id)
            _forget_exceptions(connection, place.id)
            return _delete(connection, SERVICES, place)
        case Team():
            services = connection.scalars(select(schema.services.c.tiers))
            if any(tier.team_id == place.id for tiers in services for tier in tiers):
                msg = "a service still rings this team"
                raise InUse(msg)
            return _delete(connection, TEAMS, place)
        case Card():
            return _delete(connection, CARDS, place)
        case DayException():
            return _delete(connection, EXCEPTIONS, place)


def _free_branch(connection: Connection, branch: Branch) -> None:
    """Take away what may go with a branch; raises InUse for what may not."""
    kiosks = schema.kiosks
    here = kiosks.c.branch_id == branch.id
    if connection.execute(select(literal(1)).where(here, kiosks.c.revoked_at.is_(None)).limit(1)).first():
        msg = "the branch still has kiosks"
        raise InUse(msg)
    _refuse_with_visits(connection, schema.visits.c.branch_id == branch.id)
    # Revoked kiosks are kept to be refused with the right words; without their branch nobody would understand them.
    gone = select(kiosks.c.id).where(here).scalar_subquery()
    for table in (schema.enrolment_codes, schema.challenges):
        connection.execute(delete(table).where(table.c.kiosk_id.in_(gone)))
    forget_kiosks(connection, gone)
    connection.execute(delete(kiosks).where(here))
    connection.execute(delete(schema.cards).where(schema.cards.c.branch_id == branch.id))
    _forget_exceptions(connection, branch.id)


def _may_change_line(connection: Connection, library: Library) -> None:
    """Raises InUse when a library would leave a line in which its visits stand."""
    query = LIBRARIES.all().where(LIBRARIES.is_it(library))
    row = connection.execute(query).one_or_none()
    old = None if row is None else Library(*row).line
    if old is None or old == library.line:
        return
    version_of(connection, old, lock=True)  # no visit is opened there meanwhile
    here = select(schema.branches.c.id).where(schema.branches.c.library_id == library.id).scalar_subquery()
    _refuse_with_visits(connection, schema.visits.c.branch_id.in_(here))


def _refuse_with_visits(connection: Connection, whose: ColumnElement[bool]) -> None:
    visits = schema.visits
    # The first condition is the index's, word for word.
    going_on = select(literal(1)).where(~visits.c.settled, visits.c.state != VisitState.ENDED, whose).limit(1)
    if connection.execute(going_on).first():
        msg = "there are visits that go on"
        raise InUse(msg)


def _forget_exceptions(connection: Connection, subject_id: str) -> None:
    table = schema.day_exceptions
    connection.execute(delete(table).where(table.c.subject_id == subject_id))


def _is_there(connection: Connection, table: Table, place_id: str) -> bool:
    return connection.execute(select(literal(1)).where(table.c.id == place_id)).first() is not None


def _insert(connection: Connection, mapped: Mapped, place: Place) -> None:
    connection.execute(insert(mapped.table).values(mapped.row(place)))


def _replace(connection: Connection, mapped: Mapped, place: Place) -> None:
    changed = connection.execute(update(mapped.table).where(mapped.is_it(place)).values(mapped.row(place)))
    if changed.rowcount == 0:
        msg = "there is no such place"
        raise StoreError(msg)


def _upsert(connection: Connection, mapped: Mapped, place: Place) -> None:
    upsert(connection, mapped.table, mapped.row(place))


def _delete(connection: Connection, mapped: Mapped, place: Place) -> bool:
    return bool(connection.execute(delete(mapped.table).where(mapped.is_it(place))).rowcount)
