"""The action log as rows: who changed what, when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import insert, select

from signaling.adapters.store_sql import schema
from signaling.adapters.store_sql.database import Database
from signaling.protocol.vocabulary import LibraryId
from signaling.service.ports import ActionEntry

_FIELDS: Final = ("id", "library_id", "at", "actor_id", "actor_name", "action", "subject_id", "details")


class SqlActions:
    """The part of the store that keeps the action log; see `Store` for what each method means."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_action(self, entry: ActionEntry) -> None:
        """Write one line of the action log."""
        row = {name: getattr(entry, name) for name in _FIELDS} | {"details": dict(entry.details)}
        await self._database.write(lambda connection: connection.execute(insert(schema.action_log).values(row)))

    async def actions(self, library_id: LibraryId, *, before: datetime, limit: int) -> Sequence[ActionEntry]:
        """The latest lines before a time, newest first."""
        table = schema.action_log
        query = (
            select(*(table.c[name] for name in _FIELDS))
            .where(table.c.library_id == library_id, table.c.at < before)
            .order_by(table.c.at.desc(), table.c.id.desc())
            .limit(limit)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [ActionEntry(*row) for row in rows]
