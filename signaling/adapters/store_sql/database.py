"""Transactions on either database. What is done inside is the same plain function of a SQLAlchemy connection.

SQLite is no server but code of this process, so threads do its work, a whole step per hop. aiosqlite hops for each
cursor, statement and fetch: with it a line transaction took 2.5 ms (95 % within 10 ms) on two cores, this way 1.0 ms
(within 2 ms). PostgreSQL is spoken to by asyncpg on the loop.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import sqlite3
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from signaling.adapters.store_sql.addresses import is_sqlite
from signaling.service.ports import Exists, StoreError

#: How long a writer of another process (the command line) is waited for.
BUSY_TIMEOUT_MS: Final = 5_000
#: How long a command waits for a free connection to PostgreSQL.
POOL_TIMEOUT_S: Final = 10
#: One for the writer, the others so that readers need not wait for it.
SQLITE_THREADS: Final = 4

T = TypeVar("T")
Work = Callable[[Connection], T]


class Run(Protocol):
    """Does one step within an open transaction."""

    async def __call__(self, work: Work[T], /) -> T:
        """Call `work` with the transaction's connection; returns what it returns."""


class Database(Protocol):
    """Transactions of three kinds. All raise StoreError when the database is away or refuses."""

    async def read(self, work: Work[T]) -> T:
        """A consistent look; nothing is written."""

    async def write(self, work: Work[T]) -> T:
        """One transaction, committed when `work` returns."""

    def transaction(self, queue: str) -> AbstractAsyncContextManager[Run]:
        """A transaction of several steps, committed on a clean exit; one at a time per `queue` here.

        On SQLite it is alone in the whole database from its first step.
        """

    async def close(self) -> None:
        """Give back all connections."""


def open_database(url: URL) -> Database:
    """The database at an address; connects with the first step. Errors never repeat a statement's values."""
    return SqliteDatabase(url) if is_sqlite(url) else PostgresDatabase(url)


class SqliteDatabase:
    """One file. It has one writer at a time: a queue in this process spares the busy handler's sleeps."""

    def __init__(self, url: URL) -> None:
        self._engine = _sqlite_engine(url)
        self._writer = self._engine.execution_options(sqlite_begin="BEGIN IMMEDIATE")
        self._threads = ThreadPoolExecutor(SQLITE_THREADS, thread_name_prefix="sqlite")
        self._queue = asyncio.Lock()

    async def read(self, work: Work[T]) -> T:
        """A consistent look."""
        return await self._in_thread(lambda: _all_at_once(self._engine, work))

    async def write(self, work: Work[T]) -> T:
        """One transaction, in one step."""
        async with self._queue:
            return await self._in_thread(lambda: _all_at_once(self._writer, work))

    @asynccontextmanager
    async def transaction(self, queue: str) -> AsyncGenerator[Run, None]:
        """A transaction of several steps."""
        connection: Connection | None = None

        async def run(work: Work[T]) -> T:
            def step() -> T:
                nonlocal connection
                if connection is None:
                    connection = self._writer.connect()
                    connection.begin()
                return work(connection)

            return await self._in_thread(step)

        def leave(*, commit: bool) -> None:
            if connection is not None:
                with connection:  # closes it, and takes back what is not committed
                    if commit:
                        connection.commit()

        async with self._queue:
            try:
                yield run
            except BaseException:
                await self._in_thread(lambda: leave(commit=False))
                raise
            await self._in_thread(lambda: leave(commit=True))

    async def close(self) -> None:
        """Close the file."""
        await self._in_thread(self._engine.dispose)
        self._threads.shutdown()

    async def _in_thread(self, step: Callable[[], T]) -> T:
        """Do one step; when the caller is cancelled, first let the thread have finished with the connection."""
        future = asyncio.get_running_loop().run_in_executor(self._threads, step)
        with our_errors():
            try:
                return await asyncio.shield(future)
            except asyncio.CancelledError:
                while not future.done():
                    try:
                        await asyncio.wait([future])
                    except asyncio.CancelledError:
                        continue
                future.exception()  # looked at, so that nobody complains
                raise


class PostgresDatabase:
    """A server, perhaps shared with other nodes: rows are locked there, so our own queue is per library."""

    def __init__(self, url: URL) -> None:
        self._engine = create_async_engine(url, hide_parameters=True, pool_pre_ping=True, pool_timeout=POOL_TIMEOUT_S)
        self._writer = self._engine.execution_options(isolation_level="READ COMMITTED")
        # Several SELECTs of one view must see one moment.
        self._reader = self._engine.execution_options(isolation_level="REPEATABLE READ")
        # Not to keep order, which the row's lock does, but so that a crowd does not take up the pool.
        self._queues: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def read(self, work: Work[T]) -> T:
        """A consistent look."""
        with our_errors():
            async with self._reader.begin() as connection:
                return await connection.run_sync(work)

    async def write(self, work: Work[T]) -> T:
        """One transaction."""
        with our_errors():
            async with self._writer.begin() as connection:
                return await connection.run_sync(work)

    @asynccontextmanager
    async def transaction(self, queue: str) -> AsyncGenerator[Run, None]:
        """A transaction of several steps."""
        async with self._queues[queue]:
            with our_errors():
                async with self._writer.begin() as connection:
                    yield connection.run_sync

    async def close(self) -> None:
        """Give back all connections."""
        await self._engine.dispose()


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


def _all_at_once(engine: Engine, work: Work[T]) -> T:
    with engine.begin() as connection:
        return work(connection)


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        # The driver must not begin transactions by itself: we say BEGIN or BEGIN IMMEDIATE. A connection is used by
        # one thread at a time, but not always by the same.
        connect_args={"isolation_level": None, "check_same_thread": False},
    )
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _set_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in (
        f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}",
        # In WAL mode NORMAL survives a killed process; only a power cut can lose the very last commits.
        "PRAGMA synchronous = NORMAL",
        "PRAGMA foreign_keys = ON",
    ):
        cursor.execute(pragma)
    _use_wal(cursor)
    cursor.close()


def _use_wal(cursor: Any) -> None:
    # A new file goes over to WAL once. SQLite does not wait its busy timeout for that, so two first starts at once
    # would meet "database is locked".
    deadline_s = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline_s:
                raise
            time.sleep(0.01)
        else:
            return


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))


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
