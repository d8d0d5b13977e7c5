"""Stores for tests: the fake, a fresh SQLite file, a fresh database in a temporary PostgreSQL cluster."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio

from signaling.adapters.store_memory import MemoryStore
from signaling.adapters.store_sql import SqlStore, migrate, open_store
from signaling.service.ports import Store
from tests.support.postgres import Cluster, PostgresMissing, temporary_cluster

KINDS = ["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.needs_postgres)]
SQL_KINDS = KINDS[1:]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """One cluster for the whole run; each test gets a database of its own in it."""
    try:
        with temporary_cluster() as cluster:
            cluster.sql("CREATE DATABASE template_of_ours")
            asyncio.run(migrate(cluster.url("template_of_ours")))
            yield cluster
    except PostgresMissing as missing:
        if "CI" in os.environ:
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file, to be copied."""
    file = tmp_path_factory.mktemp("template") / "librarian.sqlite3"
    asyncio.run(migrate(f"sqlite:///{file}"))
    return file


_numbers = itertools.count(1)


@dataclass(slots=True)
class Opener:
    """Opens one database as often as a test likes: each time as another node would.

    `url` is empty for the fake, which is its own only node.
    """

    url: str
    opened: list[Store] = field(default_factory=list)

    async def open(self) -> Store:
        """One more node on the same database."""
        if not self.url:
            store: Store = self.opened[0] if self.opened else MemoryStore()
        else:
            store = await open_store(self.url)
        self.opened.append(store)
        return store

    async def open_sql(self) -> SqlStore:
        """The same, for tests of the real thing only."""
        store = await self.open()
        assert isinstance(store, SqlStore)
        return store


@pytest.fixture
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a fresh database with our tables; empty for the fake. The kind is the fixture's parameter."""
    if request.param == "memory":
        return ""
    if request.param == "sqlite":
        file = tmp_path / "librarian.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        return f"sqlite:///{file}"
    cluster: Cluster = request.getfixturevalue("postgres")
    database = f"test_{next(_numbers)}"
    cluster.sql(f"CREATE DATABASE {database} TEMPLATE template_of_ours")
    return cluster.url(database)


@pytest_asyncio.fixture
async def opener(store_url: str) -> AsyncIterator[Opener]:
    """Opens the database of `store_url`, and closes it in the end."""
    opener = Opener(store_url)
    yield opener
    for store in opener.opened:
        await store.close()


@pytest_asyncio.fixture
async def store(opener: Opener) -> Store:
    """One store on a fresh database."""
    return await opener.open()
