"""`Store` on SQLAlchemy: the line, put together with places and accounts.

A line transaction is alone: on SQLite by BEGIN IMMEDIATE, on PostgreSQL by a lock on the library's own row.
So of two seats that accept at once, in one process or in two, the second sees what the first has written.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, select, text

from signaling.adapters.store_sql import schema
from signaling.adapters.store_sql.accounts import SqlAccounts
from signaling.adapters.store_sql.addresses import parse_url, require_folder
from signaling.adapters.store_sql.database import Database, Run, open_database
from signaling.adapters.store_sql.line import find_visit, load_line, save_line
from signaling.adapters.store_sql.migrate import require_current
from signaling.adapters.store_sql.places import SqlPlaces
from signaling.domain.model import Deadline, LineState, Visit
from signaling.protocol.vocabulary import LibraryId, VisitId
from signaling.service.ports import StoreError

# NO KEY UPDATE: alone among line transactions, but inserts that refer to the library need not wait. SQLite has no
# row locks and leaves the words out; there the whole transaction is alone.
_LOCKED_LIBRARY: Final = (
    select(schema.libraries.c.id)
    .where(schema.libraries.c.id == bindparam("library_id"))
    .with_for_update(key_share=True)
)


@dataclass(frozen=True, slots=True)
class SqlLineTransaction:
    """One command's view of the line."""

    run: Run
    library_id: LibraryId

    async def load(self) -> LineState:
        """Read what the rules need."""
        return await self.run(lambda connection: load_line(connection, self.library_id))

    async def save(self, before: LineState, after: LineState) -> None:
        """Write the difference."""
        await self.run(lambda connection: save_line(connection, self.library_id, before, after))


class SqlStore(SqlPlaces, SqlAccounts):
    """The truth, in SQLite or PostgreSQL. Made by `open_store`; see the port for what each method means."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._database = database

    @asynccontextmanager
    async def line(self, library_id: LibraryId) -> AsyncGenerator[SqlLineTransaction, None]:
        """A write transaction that is alone on this library's line; raises StoreError for an unknown one."""
        async with self._database.transaction(library_id) as run:
            await run(lambda connection: _lock(connection, library_id))
            yield SqlLineTransaction(run, library_id)

    async def read_line(self, library_id: LibraryId) -> LineState:
        """Read without writing, consistent."""
        return await self._database.read(lambda connection: load_line(connection, library_id))

    async def next_deadline(self) -> tuple[LibraryId, Deadline] | None:
        """The earliest deadline of all libraries, due or not."""
        table = schema.deadlines
        query = (
            select(table.c.library_id, table.c.kind, table.c.subject_id, table.c.due_at)
            .order_by(table.c.due_at, table.c.kind, table.c.subject_id)
            .limit(1)
        )
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return None if row is None else (LibraryId(row.library_id), Deadline(row.kind, row.subject_id, row.due_at))

    async def find_visit(self, visit_id: VisitId) -> Visit | None:
        """Any visit, ended ones too."""
        return await self._database.read(lambda connection: find_visit(connection, visit_id))

    async def forget_expired(self, now: datetime) -> Mapping[str, int]:
        """Apply the retention rules of the data registry; returns rows removed per table."""
        return await self._database.write(lambda connection: _forget_expired(connection, now))

    async def ping(self) -> None:
        """Raises StoreError when the database does not answer."""
        await self._database.read(lambda connection: connection.execute(text("SELECT 1")))

    async def close(self) -> None:
        """Release connections."""
        await self._database.close()


async def open_store(url: str) -> SqlStore:
    """Open a database whose tables are of this version.

    Args:
        url: `sqlite:///path` or `postgresql://…`.

    Raises:
        StoreError: One sentence: the folder is missing, the database is away, older or newer than we are.
    """
    parsed = parse_url(url)
    require_folder(parsed)
    database = open_database(parsed)
    try:
        await require_current(database)
    except BaseException:
        await database.close()
        raise
    return SqlStore(database)


def _lock(connection: Connection, library_id: LibraryId) -> None:
    if connection.execute(_LOCKED_LIBRARY, {"library_id": library_id}).first() is None:
        msg = "there is no such library"
        raise StoreError(msg)


def _forget_expired(connection: Connection, now: datetime) -> dict[str, int]:
    removed: dict[str, int] = {}
    for name, expiry in schema.RETENTION.items():
        table = schema.metadata.tables[name]
        statement = delete(table).where(table.c[expiry.column] <= now - expiry.after)
        if name == "visits":
            statement = statement.where(table.c.settled)
        removed[name] = connection.execute(statement).rowcount
    return removed
