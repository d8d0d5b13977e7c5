"""The version of the tables: look at it, bring it up to date. Alembic, run by the program itself.

`serve` migrates SQLite by itself, since nobody else uses that file. PostgreSQL may be shared by several nodes
of which some still run the version before, so there the operator chooses the moment with `migrate`.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from signaling.adapters.store_sql.addresses import parse_url, require_folder, sqlite_file
from signaling.adapters.store_sql.database import Database, open_database
from signaling.service.ports import StoreError

#: The version of `schema`. Written here too, so that a server whose tables are of this version, as nearly always, need
#: not hold Alembic in memory (10 MB); a test holds it to the last migration.
CURRENT_VERSION: Final = "0004"
_VERSION_TABLE: Final = "alembic_version"
_SCRIPTS: Final = Path(__file__).parent / "migrations"
#: Any number that no other program is likely to use: two nodes that migrate at once stand in line.
_ADVISORY_LOCK: Final = 0x11B2A21A


class SchemaState(StrEnum):
    """How the tables stand to this program."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"
    FOREIGN = "foreign"  # tables, but none of ours


_SENTENCES: Final = {
    SchemaState.EMPTY: "the database has no tables yet; make them with: python -m signaling migrate",
    SchemaState.OLDER: "the database is of an older version; renew it with: python -m signaling migrate",
    SchemaState.NEWER: "the database is of a newer version than this program; install that version or newer",
    SchemaState.FOREIGN: "the database holds tables of another program; give this one a database of its own",
}


async def schema_state(url: str) -> SchemaState:
    """Look at the tables' version; changes nothing.

    Raises:
        StoreError: The folder is missing or the database is away.
    """
    parsed = parse_url(url)
    require_folder(parsed)
    file = sqlite_file(parsed)
    if file is not None and not file.exists():
        return SchemaState.EMPTY  # to connect would make the file
    database = open_database(parsed)
    try:
        return await database.read(_state_of)
    finally:
        await database.close()


async def require_current(database: Database) -> None:
    """Raises StoreError with one sentence unless the tables are of this version."""
    state = await database.read(_state_of)
    if state is not SchemaState.CURRENT:
        raise StoreError(_SENTENCES[state])


async def migrate(url: str) -> bool:
    """Bring the tables up to this version, in one transaction.

    Returns:
        True when there was something to do.

    Raises:
        StoreError: The folder is missing, the database is away, newer, or another program's.
    """
    parsed = parse_url(url)
    require_folder(parsed)
    file = sqlite_file(parsed)
    if file is not None and not file.exists():
        file.touch(mode=0o600)  # it will hold password hashes
    database = open_database(parsed)
    try:
        return await database.write(_migrate)
    finally:
        await database.close()


def upgrade(connection: Connection, to: str = "head") -> None:
    """Run the migrations up to a version, within this transaction; every database is made by all of them in turn."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _migrate(connection: Connection) -> bool:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    state = _state_of(connection)
    if state in {SchemaState.NEWER, SchemaState.FOREIGN}:
        raise StoreError(_SENTENCES[state])
    if state is SchemaState.CURRENT:
        return False
    upgrade(connection)
    return True


def _state_of(connection: Connection) -> SchemaState:
    tables = inspect(connection).get_table_names()
    current = None
    if _VERSION_TABLE in tables:
        current = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if current is None:
        return SchemaState.FOREIGN if set(tables) - {_VERSION_TABLE} else SchemaState.EMPTY
    if current == CURRENT_VERSION:
        return SchemaState.CURRENT
    return SchemaState.OLDER if current in versions() else SchemaState.NEWER


def versions() -> list[str]:
    """All versions that there are migrations to, the latest first."""
    from alembic.script import ScriptDirectory

    return [script.revision for script in ScriptDirectory(str(_SCRIPTS)).walk_revisions()]
