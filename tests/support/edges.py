"""What the use cases need from the world, made for tests: a clock to set, a store to break, ears."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from signaling.domain.model import LineState
from signaling.domain.policy import Policy
from signaling.protocol.vocabulary import Language, LineId
from signaling.service.places import Places
from signaling.service.ports import (
    Changed,
    Clock,
    IceServerGrant,
    LineTransaction,
    Relay,
    StandbyRequest,
    Store,
    StoreError,
)
from tests.support.lines import START


@dataclass
class SetClock:
    """Time stands still until the test moves it."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def later(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class RecordingAnnouncer:
    """Keeps what was announced."""

    changes: list[Changed] = field(default_factory=list)
    relays: list[Relay] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def changed(self, change: Changed) -> None:
        self.changes.append(change)
        self.heard.set()

    async def relay(self, relay: Relay) -> None:
        self.relays.append(relay)

    def take(self) -> list[Changed]:
        taken, self.changes = self.changes, []
        self.heard.clear()
        return taken


@dataclass
class RecordingMetrics:
    """Keeps what was counted."""

    counted: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    observed: list[tuple[str, float]] = field(default_factory=list)

    def count(self, name: str, labels: Mapping[str, str] | None = None) -> None:
        self.counted.append((name, dict(labels or {})))

    def observe(self, name: str, seconds: float) -> None:
        self.observed.append((name, seconds))

    def gauge(self, name: str, value: float, labels: Collection[tuple[str, str]] = ()) -> None:
        """No test looks at levels."""


class OneTurn:
    """Grants one server whose user name says for whom and when."""

    def grant(self, opaque_id: str, now: datetime) -> list[IceServerGrant]:
        return [IceServerGrant(["turn:relay.test"], f"{now:%H%M}:{opaque_id}", "credential")]


@dataclass
class SetHolidays:
    """Public holidays as the test says; by default there are none."""

    days: dict[tuple[str, int], Mapping[date, Mapping[Language, str]]] = field(default_factory=dict)

    def of(self, country: str, year: int) -> Mapping[date, Mapping[Language, str]]:
        return self.days.get((country, year), {})

    def countries(self) -> list[str]:
        return sorted({country for country, _year in self.days})


def places_of(store: Store, clock: Clock, policy: Policy | None = None) -> Places:
    """The places of a store, without holidays."""
    return Places(store=store, clock=clock, policy=policy or Policy(), holidays=SetHolidays())


@dataclass
class RecordingNotifier:
    """Keeps whom it was to reach; some of their browsers are gone, or it fails altogether."""

    requests: list[StandbyRequest] = field(default_factory=list)
    gone: frozenset[str] = frozenset()
    fails: bool = False
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask_standby(self, request: StandbyRequest) -> frozenset[str]:
        self.requests.append(request)
        self.asked.set()
        if self.fails:
            raise OSError(f"no way to {request.email}")
        return self.gone & {subscription.endpoint for subscription in request.push}


class BreakableStore:
    """A store in front of the real one: it can be away, fail to save, or hold a commit back.

    Attributes:
        away: Every call of the line raises StoreError.
        save_fails: Saving raises StoreError; reading works.
        commits_then_fails: The commit succeeds, but whoever waits for it is told otherwise.
        failed: Set at each save that fails.
        asked: Set at each call while away.
        committed: Set at each commit.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.away = False
        self.save_fails = False
        self.commits_then_fails = False
        self.failed = asyncio.Event()
        self.asked = asyncio.Event()
        self.committed = asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    @asynccontextmanager
    async def line(self, line_id: LineId) -> AsyncGenerator[LineTransaction, None]:
        self.check()
        async with self._store.line(line_id) as transaction:
            yield _BreakableTransaction(transaction, self)
        self.committed.set()
        if self.commits_then_fails:
            raise StoreError("the connection was lost")

    async def read_line(self, line_id: LineId) -> LineState:
        self.check()
        return await self._store.read_line(line_id)

    async def next_deadline(self) -> Any:
        self.check()
        return await self._store.next_deadline()

    async def find_visit(self, visit_id: Any) -> Any:
        self.check()
        return await self._store.find_visit(visit_id)

    def check(self) -> None:
        """Raise when away."""
        if self.away:
            self.asked.set()
            raise StoreError("the database is away")


class _BreakableTransaction:
    def __init__(self, transaction: LineTransaction, store: BreakableStore) -> None:
        self._transaction = transaction
        self._store = store

    async def load(self) -> LineState:
        return await self._transaction.load()

    async def save(self, before: LineState, after: LineState) -> None:
        await self._transaction.save(before, after)
        if self._store.save_fails:
            self._store.failed.set()
            raise StoreError("the disk is full")
