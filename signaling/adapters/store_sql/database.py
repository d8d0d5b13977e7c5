"""One engine for both databases: addresses, pragmas, how a transaction begins, and errors in our own words.

SQLite has one writer at a time, so a single lock in front of it keeps writers of this process in line without
the busy handler's sleeps; other processes (the command line) are waited for by `busy_timeout`. PostgreSQL
locks rows, so a lock per library only keeps a crowd from taking up the pool.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
from collections import defaultdict
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from signaling.service.ports import Exists, StoreError

#: How long a writer of another process is waited for.
BUSY_TIMEOUT_MS: Final = 5_000
#: How long a command waits for a free connection to PostgreSQL.
POOL_TIMEOUT_S: Final = 10

_DRIVERS: Final = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}


def parse_url(text: str) -> URL:
    """Turn a setting into an address with its driver.

    Raises:
        StoreError: It is no address, or of a database that we do not know. The text is not repeated: it may
            hold a password.
    """
    try:
        url = make_url(text)
    except ArgumentError:
        msg = "database.url is not an address such as sqlite:///var/librarian.sqlite3"
        raise StoreError(msg) from None
    driver = _DRIVERS.get(url.drivername)
    if driver is None:
        msg = f"database.url names {url.drivername!r}; this program knows sqlite and postgresql"
        raise StoreError(msg)
    if driver.startswith("postgresql") and importlib.util.find_spec("asyncpg") is None:
        msg = "PostgreSQL needs the package asyncpg: pip install 'librarian-on-demand[server,postgres]'"
        raise StoreError(msg)
    return url.set(drivername=driver)


def sqlite_file(url: URL) -> Path | None:
    """The file of an SQLite address; None for PostgreSQL.

    Raises:
        StoreError: SQLite in memory, which would forget the line at each restart.
    """
    if not url.drivername.startswith("sqlite"):
        return None
    if not url.database or url.database == ":memory:":
        msg = "database.url must name a file: a line kept in memory would be lost at each restart"
        raise StoreError(msg)
    return Path(url.database)


def require_folder(url: URL) -> None:
    """Say so when the folder of the database file is missing.

    It is not made: a folder that somebody named but that is not there is a slip of the pen or a disk that is
    not mounted, and a fresh empty database in its place would look like lost data.

    Raises:
        StoreError: With the command that makes it.
    """
    file = sqlite_file(url)
    if file is not None and not file.absolute().parent.is_dir():
        folder = file.absolute().parent
        msg = f"the folder {folder} for the database does not exist; make it with: mkdir -p {folder}"
        raise StoreError(msg)


def make_engine(url: URL) -> AsyncEngine:
    """An engine with our settings; nothing is opened yet. Its errors never repeat the values of a statement."""
    if url.drivername.startswith("sqlite"):
        # The driver must not begin transactions by itself: we say BEGIN or BEGIN IMMEDIATE.
        engine = create_async_engine(url, hide_parameters=True, connect_args={"isolation_level": None})
        event.listen(engine.sync_engine, "connect", _set_pragmas)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return engine
    return create_async_engine(url, hide_parameters=True, pool_pre_ping=True, pool_timeout=POOL_TIMEOUT_S)


def _set_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in (
        f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}",
        "PRAGMA journal_mode = WAL",
        # In WAL mode NORMAL survives a killed process; only a power cut can lose the very last commits.
        "PRAGMA synchronous = NORMAL",
        "PRAGMA foreign_keys = ON",
    ):
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))


@contextmanager
def our_errors() -> Iterator[None]:
    """Turn the driver's errors into `StoreError` and `Exists`, without statement or values."""
    try:
        yield
    except IntegrityError as error:
        raise (Exists if _is_duplicate(error) else StoreError)(_first_line(error.orig)) from error
    except SQLAlchemyError as error:
        raise StoreError(_first_line(getattr(error, "orig", None) or type(error).__name__)) from error
    except _driver_errors() as error:
        raise StoreError(_first_line(error)) from error


def _is_duplicate(error: IntegrityError) -> bool:
    code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    return code in {"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}


def _first_line(error: object) -> str:
    return next(iter(str(error).splitlines()), "") or type(error).__name__


def _driver_errors() -> tuple[type[Exception], ...]:
    # asyncpg raises these bare while connecting; it is an extra, so it may not be there.
    if importlib.util.find_spec("asyncpg") is None:
        return (OSError,)
    asyncpg = importlib.import_module("asyncpg")
    return (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)


class Database:
    """Transactions of three kinds on one engine.

    Args:
        engine: From `make_engine`; belongs to this object from now on.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        # SQLite: all writers are one queue. PostgreSQL: one queue per library.
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        options = {"sqlite_begin": "BEGIN IMMEDIATE"} if self.is_sqlite else {"isolation_level": "READ COMMITTED"}
        self._writer = engine.execution_options(**options)
        # Several SELECTs of one view must see one moment: SQLite's reads do so anyway.
        self._reader = engine if self.is_sqlite else engine.execution_options(isolation_level="REPEATABLE READ")

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncConnection, None]:
        """A consistent look; nothing is written."""
        with our_errors():
            async with self._reader.begin() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self, queue: str = "") -> AsyncGenerator[AsyncConnection, None]:
        """A transaction that commits on a clean exit; on SQLite it is alone from its first moment."""
        if self.is_sqlite:
            async with self._locks[""], self._write() as connection:
                yield connection
        elif queue:
            async with self._locks[queue], self._write() as connection:
                yield connection
        else:
            async with self._write() as connection:
                yield connection

    @asynccontextmanager
    async def _write(self) -> AsyncGenerator[AsyncConnection, None]:
        with our_errors():
            async with self._writer.begin() as connection:
                yield connection

    async def close(self) -> None:
        """Give back all connections."""
        await self.engine.dispose()
