"""Keeps what is known of each kiosk in step with its socket and with what it tells, and a history for the plots.

What it is for: one row per kiosk that any node can judge (`signaling.domain.health`). What it does not do: judge, tell
anybody (`alerting`), or take packets (`adapters.gateway.health`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from weakref import WeakValueDictionary

from signaling.domain.health import (
    LIGHT_POINTS_EVERY,
    PART_TESTS,
    KioskHealth,
    LastPoints,
    Told,
    came,
    is_kept,
    judge,
    told,
    went,
)
from signaling.protocol.health import in_order
from signaling.protocol.vocabulary import KioskId, LibraryId, MediaEngine
from signaling.service.health_ports import HealthPoint, HealthStore
from signaling.service.ports import Clock

#: The ends of so many histories are remembered; of the others they are read again.
REMEMBERED: Final = 4096


@dataclass(frozen=True, slots=True)
class Program:
    """What runs on a kiosk that is connected.

    Attributes:
        instance: Another one after each start.
    """

    software: str
    engine: MediaEngine
    instance: str


class HealthKeeper:
    """Writes the rows.

    Args:
        store: Keeps them.
        clock: Time.
        present: The kiosks that are connected to this node, and what runs there.
    """

    def __init__(self, *, store: HealthStore, clock: Clock, present: Callable[[], Mapping[KioskId, Program]]) -> None:
        self._store = store
        self._clock = clock
        self._present = present
        self._turns: WeakValueDictionary[KioskId, asyncio.Lock] = WeakValueDictionary()
        self._ends: dict[KioskId, LastPoints] = {}

    async def moved(self, kiosk_id: KioskId) -> None:
        """It came, or it went: what counts is whether it is there now.

        Raises:
            StoreError: The database is away; the next `look` makes up for it.
        """
        async with self._turn(kiosk_id):
            await self._in_step(kiosk_id, await self._store.find_health(kiosk_id))

    async def report(self, kiosk_id: KioskId, library_id: LibraryId, report: Told) -> None:
        """A connected kiosk tells how it is.

        Raises:
            StoreError: The database is away.
        """
        async with self._turn(kiosk_id):
            health = await self._in_step(kiosk_id, await self._store.find_health(kiosk_id))
            if health is None:  # it has gone since
                return
            now = self._clock.now()
            after = told(health, report, now)
            await self._store.put_health(after)
            codes = in_order(after.findings)
            last = await self._end_of(kiosk_id)
            if not is_kept(last, report.test, codes, now):
                return
            await self._store.add_health_point(
                HealthPoint(
                    kiosk_id,
                    library_id,
                    now,
                    report.test,
                    judge(after, now).light,
                    codes,
                    dict(report.numbers),
                )
            )
            whole_at = now if report.test not in PART_TESTS else last.whole_at if last is not None else None
            self._remember(kiosk_id, LastPoints(now, codes, whole_at))

    async def look(self) -> Mapping[KioskId, KioskHealth]:
        """All rows, with those put right whose kiosk came or went without its being written.

        So it was when the server was killed, or while the database was away.

        Raises:
            StoreError: The database is away.
        """
        rows = {health.kiosk_id: health for health in await self._store.all_health()}
        present = self._present()
        wrong = {kiosk_id for kiosk_id, health in rows.items() if health.connected != (kiosk_id in present)}
        for kiosk_id in sorted(wrong | (present.keys() - rows.keys())):
            async with self._turn(kiosk_id):
                health = await self._in_step(kiosk_id, await self._store.find_health(kiosk_id))
                if health is not None:
                    rows[kiosk_id] = health
        return rows

    def _turn(self, kiosk_id: KioskId) -> asyncio.Lock:
        """A row is read, changed and written: two changes at once would each miss the other's."""
        lock = self._turns.get(kiosk_id)
        if lock is None:
            lock = self._turns[kiosk_id] = asyncio.Lock()
        return lock

    async def _in_step(self, kiosk_id: KioskId, health: KioskHealth | None) -> KioskHealth | None:
        """The row as the sockets say, written if that is news."""
        program = self._present().get(kiosk_id)
        now = self._clock.now()
        if program is None:
            after = went(health, now) if health is not None else None
        elif health is not None and health.connected and health.instance == program.instance:
            after = health
        else:
            after = came(
                health,
                kiosk_id,
                software=program.software,
                engine=program.engine,
                instance=program.instance,
                now=now,
            )
        if after is not None and after != health:
            await self._store.put_health(after)
        return after

    async def _end_of(self, kiosk_id: KioskId) -> LastPoints | None:
        """What the history ends with, as far as the next point depends on it."""
        if kiosk_id in self._ends:
            return self._ends[kiosk_id]
        points = await self._store.health_points(kiosk_id, since=self._clock.now() - LIGHT_POINTS_EVERY)
        return _end_of(points)

    def _remember(self, kiosk_id: KioskId, end: LastPoints) -> None:
        self._ends.pop(kiosk_id, None)
        self._ends[kiosk_id] = end
        if len(self._ends) > REMEMBERED:
            del self._ends[next(iter(self._ends))]


def _end_of(points: Sequence[HealthPoint]) -> LastPoints | None:
    if not points:
        return None
    whole = [point.at for point in points if point.test not in PART_TESTS]
    return LastPoints(points[-1].at, points[-1].findings, whole[-1] if whole else None)
