"""Lines as a store gives them: alone while written, remembered while nobody else has written.

A line transaction is alone: on SQLite by BEGIN IMMEDIATE, on PostgreSQL by a lock on the line's own row. So of two
seats that accept at once, in one process or in two, the second sees what the first has written.

Each commit raises the line's version. A node remembers the last version that it read or wrote, and reads rows only
when the row in `lines` says another number. The number is read inside the transaction, never guessed.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, select

from signaling.adapters.store_sql import schema
from signaling.adapters.store_sql.database import Database, Run
from signaling.adapters.store_sql.line import as_stored, find_visit, load_line, save_line, version_of
from signaling.domain.model import Deadline, LineState, Visit
from signaling.protocol.vocabulary import LineId, VisitId
from signaling.service.ports import StoreError


@dataclass(frozen=True, slots=True)
class Known:
    """A line as it was committed under a version."""

    version: int
    state: LineState


class SqlLineTransaction:
    """One command's view of the line. `version` is the last commit's, then that of what was saved here."""

    def __init__(self, run: Run, line_id: LineId, version: int, state: LineState | None) -> None:
        self._run = run
        self._line_id = line_id
        self._state = state
        self.version = version

    async def load(self) -> LineState:
        """Read what the rules need."""
        if self._state is None:
            self._state = await self._run(lambda connection: load_line(connection, self._line_id))
        return self._state

    async def save(self, before: LineState, after: LineState) -> None:
        """Write the difference."""
        version, as_loaded = self.version + 1, before is self._state
        await self._run(lambda connection: save_line(connection, self._line_id, before, after, version))
        self.version = version
        # A difference to something else than what is stored leaves behind what only the rows can tell.
        self._state = as_stored(after) if as_loaded else None

    def known(self) -> Known | None:
        """What is true once this is committed, if the rows need not be asked."""
        return None if self._state is None else Known(self.version, self._state)


class SqlLines:
    """The part of the store that knows lines; see `Store` for what each method means."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[LineId, Known] = {}

    @asynccontextmanager
    async def line(self, line_id: LineId) -> AsyncGenerator[SqlLineTransaction, None]:
        """A write transaction that is alone on this line; raises StoreError for an unknown one."""
        async with self._database.transaction(line_id) as run:
            version = await run(lambda connection: version_of(connection, line_id, lock=True))
            if version is None:
                msg = "there is no such line"
                raise StoreError(msg)
            transaction = SqlLineTransaction(run, line_id, version, self._remembered(line_id, version))
            yield transaction
        # Only now: what was not committed is not so.
        known = transaction.known()
        if known is not None:
            self._known[line_id] = known

    async def read_line(self, line_id: LineId) -> LineState:
        """Read without writing, consistent."""
        read: list[Known] = []

        def look(connection: Connection) -> LineState:
            version = version_of(connection, line_id)
            if version is None:
                return LineState()
            state = self._remembered(line_id, version)
            if state is None:
                state = load_line(connection, line_id)
                read.append(Known(version, state))
            return state

        state = await self._database.read(look)
        # Only what was read anew: meanwhile a writer may have left more than what was remembered before.
        for known in read:
            self._known[line_id] = known
        return state

    async def next_deadline(self) -> tuple[LineId, Deadline] | None:
        """The earliest deadline of all lines, due or not."""
        table = schema.deadlines
        query = (
            select(table.c.line_id, table.c.kind, table.c.subject_id, table.c.due_at)
            .order_by(table.c.due_at, table.c.kind, table.c.subject_id)
            .limit(1)
        )
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return None if row is None else (LineId(row.line_id), Deadline(row.kind, row.subject_id, row.due_at))

    async def find_visit(self, visit_id: VisitId) -> Visit | None:
        """Any visit, ended ones too."""
        return await self._database.read(lambda connection: find_visit(connection, visit_id))

    def _remembered(self, line_id: LineId, version: int) -> LineState | None:
        known = self._known.get(line_id)
        return known.state if known is not None and known.version == version else None
