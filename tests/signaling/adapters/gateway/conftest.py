"""A running server for each test: on the fake store where the store does not matter."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from signaling.adapters.store_memory import MemoryStore
from tests.support.edges import BreakableStore, SetClock
from tests.support.stores import sqlite_template, store_url
from tests.support.wire import ServedWire, wire_server

__all__ = ["sqlite_template", "store_url"]


@pytest.fixture
def clock() -> SetClock:
    """Time of the server under test."""
    return SetClock()


@pytest.fixture
def breakable() -> BreakableStore:
    """The store of the server under test."""
    return BreakableStore(MemoryStore())


@pytest_asyncio.fixture
async def wire(breakable: BreakableStore, clock: SetClock) -> AsyncIterator[ServedWire]:
    """A running server."""
    async with wire_server(breakable, clock) as running:
        yield running
