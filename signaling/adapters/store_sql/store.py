"""`Store` on SQLAlchemy: lines, places and accounts put together, and what is forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, text

from signaling.adapters.store_sql import schema
from signaling.adapters.store_sql.accounts import SqlAccounts
from signaling.adapters.store_sql.actions import SqlActions
from signaling.adapters.store_sql.addresses import parse_url, require_folder
from signaling.adapters.store_sql.database import Database, open_database
from signaling.adapters.store_sql.health import SqlHealth
from signaling.adapters.store_sql.kiosks import SqlKiosks
from signaling.adapters.store_sql.lines import SqlLines
from signaling.adapters.store_sql.migrate import require_current
from signaling.adapters.store_sql.places import SqlPlaces
from signaling.adapters.store_sql.qualities import SqlQualities


class SqlStore(SqlLines, SqlPlaces, SqlKiosks, SqlAccounts, SqlActions, SqlQualities, SqlHealth):
    """The truth, in SQLite or PostgreSQL. Made by `open_store`; see the port for what each method means."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._database = database

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


def _forget_expired(connection: Connection, now: datetime) -> dict[str, int]:
    removed: dict[str, int] = {}
    for name, expiry in schema.RETENTION.items():
        table = schema.metadata.tables[name]
        statement = delete(table).where(table.c[expiry.column] <= now - expiry.after)
        if name == "visits":
            statement = statement.where(table.c.settled)
        removed[name] = connection.execute(statement).rowcount
    return removed
