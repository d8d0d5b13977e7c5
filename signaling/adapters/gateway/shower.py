"""Keeps every connection's view true: one snapshot, then deltas.

After a commit the connections that it touches are marked, and one task shows them. What is somebody's own (a visit, a
ring, a seat) is shown at once. What many share is gathered: a count of seats on a thousand idle screens, the line on
hundreds of consoles. The first change after a quiet while is shown at once, those that follow wait for their moment.
What it does not do: decide who may see what (`kiosk_views`, `staff_views`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import Any, Final

import structlog

from signaling.adapters.gateway.connections import Connection, Connections
from signaling.adapters.gateway.looking import LineShow
from signaling.protocol.deltas import View
from signaling.protocol.messages import KioskSnapshot, KioskView, StaffSnapshot, StaffView
from signaling.protocol.vocabulary import PROTOCOL_VERSION, LineId, Party
from signaling.service.places import Places
from signaling.service.ports import Changed, Clock, Relay, Store, StoreError
from signaling.service.snapshots import difference

#: The database was away while views were made; they are made again after this time.
RETRY_S = 1.0
#: Counts and names are shown to idle kiosks at most this often; whether somebody can answer is shown at once.
KIOSKS_EVERY_S: Final = 2.0
#: The line and the colleagues are shown to consoles at most this often; with hundreds of consoles more seldom, since
#: each of them takes some tenths of a millisecond, and rings are to find the server free.
STAFF_EVERY_S: Final = 0.25
PER_CONSOLE_S: Final = 0.003
#: So many connections are shown before others get their turn: a ring must not wait for a thousand idle screens.
AT_A_TIME: Final = 25

Emit = Callable[[Connection, str, dict[str, Any]], Awaitable[None]]

_log = structlog.get_logger(__name__)


class Shower:
    """The `Announcer` of one node: shows commits to the connections that it holds.

    Args:
        store: Read when nobody has told what was committed.
        places: What views are made of, beside the line.
        clock: Time, for what is shown of it.
        connections: Who is there.
        emit: Sends one message.
        monotonic: Seconds of a clock that is never set; for gathering.
    """

    def __init__(
        self,
        *,
        store: Store,
        places: Places,
        clock: Clock,
        connections: Connections,
        emit: Emit,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._places = places
        self._clock = clock
        self._connections = connections
        self._emit = emit
        self._monotonic = monotonic
        self._lines: dict[LineId, LineShow] = {}
        self._first: dict[Connection, None] = {}
        self._then: dict[Connection, None] = {}
        self._something_marked = asyncio.Event()

    async def changed(self, change: Changed) -> None:
        """Mark the connections whose view may have changed."""
        show = self._show_of(change.line_id)
        show.told(change.line)
        for kiosk_id in change.kiosks:
            self._mark(self._connections.of(Party.VISITOR, kiosk_id))
        for seat_id in change.seats:
            self._mark(self._connections.of(Party.STAFF, seat_id))
        now_s = self._monotonic()
        if change.all_kiosks:
            show.kiosks.ask(now_s, 0.0 if change.at_once else KIOSKS_EVERY_S)
        if change.staff:
            consoles = sum(1 for _ in self._connections.of_kind(Party.STAFF))
            show.staff.ask(now_s, max(STAFF_EVERY_S, consoles * PER_CONSOLE_S))
        self._something_marked.set()

    async def relay(self, relay: Relay) -> None:
        """Pass one message on; whoever is not connected right now misses it and asks anew when back."""
        if relay.seat_id is not None:
            connection = self._connections.of(Party.STAFF, relay.seat_id)
        else:
            connection = self._connections.of(Party.VISITOR, relay.kiosk_id or "")
        if connection is not None and connection.admitted:
            await self._emit(connection, relay.event, dict(relay.payload))

    def show_anew(self, connection: Connection) -> None:
        """Let the connection get a whole snapshot next."""
        connection.view = None
        self._mark(connection)

    def show(self, connection: Connection) -> None:
        """Look at one view again: what it is made of changed elsewhere."""
        self._mark(connection)

    def look_again(self) -> None:
        """Look at every view once more: places changed, which no line announces."""
        for line_id in {connection.line_id for connection in self._connections}:
            self._everything(self._show_of(line_id))

    async def look_for_unannounced(self) -> None:
        """Read what is stored; views are looked at again where it is not what was announced last.

        Raises:
            StoreError: The database is away.
        """
        for line_id in {connection.line_id for connection in self._connections}:
            show = self._show_of(line_id)
            version, stored = show.version, await self._store.read_line(line_id)
            if show.version == version and stored != show.committed:
                show.told(stored)
                self._everything(show)
        for connection in self._connections:
            if connection.view is None:
                self._mark(connection)  # it could not be made before

    async def run(self) -> None:
        """For ever: show what is marked."""
        while True:
            with suppress(TimeoutError):  # then what was gathered is due
                async with asyncio.timeout(self._wait_s()):
                    await self._something_marked.wait()
            self._something_marked.clear()
            while self._mark_what_is_due() or self._first or self._then:
                await self._show_some()
                # Others get their turn: whoever is marked meanwhile for its own sake goes before those who share.
                await asyncio.sleep(0)

    # --- marking ------------------------------------------------------------------------------------------

    def _show_of(self, line_id: LineId) -> LineShow:
        show = self._lines.get(line_id)
        if show is None:
            show = self._lines[line_id] = LineShow(line_id)
        return show

    def _everything(self, show: LineShow) -> None:
        for gathered in (show.kiosks, show.staff):
            gathered.ask(self._monotonic(), 0.0)
        self._something_marked.set()

    def _mark(self, connection: Connection | None) -> None:
        if connection is not None:
            self._first[connection] = None
            self._something_marked.set()

    def _wait_s(self) -> float | None:
        due = [s for show in self._lines.values() for s in (show.kiosks.due_s, show.staff.due_s) if s is not None]
        return max(0.0, min(due) - self._monotonic()) if due else None

    def _mark_what_is_due(self) -> bool:
        now_s = self._monotonic()
        due = [
            (line_id, party)
            for line_id, show in self._lines.items()
            for party, gathered in ((Party.VISITOR, show.kiosks), (Party.STAFF, show.staff))
            if gathered.take(now_s)
        ]
        for line_id, party in due:
            self._lines[line_id].gather(party)
            for connection in self._connections.of_kind(party):
                if connection.line_id == line_id:
                    self._then[connection] = None
        return bool(due)

    # --- showing ------------------------------------------------------------------------------------------

    async def _show_some(self) -> None:
        waiting = self._first or self._then
        some = list(islice(waiting, AT_A_TIME))
        for connection in some:
            waiting.pop(connection, None)
        try:
            for connection in some:
                if connection.admitted and self._connections.by_sid(connection.sid) is connection:
                    await self._show(connection)
        except StoreError as error:
            _log.warning("views_wait_for_store", error=type(error).__name__)
            await asyncio.sleep(RETRY_S)
            for connection in some:
                self._mark(connection)

    async def _show(self, connection: Connection) -> None:
        show = self._show_of(connection.line_id)
        version, line = show.version, show.committed
        if line is None:
            line = await self._store.read_line(connection.line_id)
            if show.version == version:
                show.committed = line
        show.look(line, await self._places.setup())
        try:
            await self._show_one(show, connection)
        except Exception as error:  # noqa: BLE001 - one view that cannot be made must not hide all others
            _log.error("view_failed", party=connection.party.value, error=type(error).__name__)
            connection.view = None

    async def _show_one(self, show: LineShow, connection: Connection) -> None:
        new = show.view(connection)
        if new is None:
            return  # enrolled a moment ago, on another node: the next reading of the directory knows it
        old, connection.view = connection.view, new
        if old is None:
            message = _snapshot(connection, new, self._clock.now())
            name = "kiosk.snapshot" if connection.party is Party.VISITOR else "staff.snapshot"
            await self._emit(connection, name, message.model_dump(mode="json"))
            return
        delta = difference(old, new, connection.revision + 1)
        if delta is not None:
            connection.revision = delta.revision
            # As `model_dump` would give it, without walking through what is JSON already.
            payload = {"revision": delta.revision, "set": delta.set, "put": delta.put, "drop": delta.drop}
            await self._emit(connection, "delta", payload)


def _snapshot(connection: Connection, view: View, now: datetime) -> KioskSnapshot | StaffSnapshot:
    if connection.party is Party.VISITOR:
        return KioskSnapshot(
            protocol=PROTOCOL_VERSION,
            revision=connection.revision,
            server_time=now,
            view=KioskView.model_validate(view),
        )
    return StaffSnapshot(
        protocol=PROTOCOL_VERSION, revision=connection.revision, server_time=now, view=StaffView.model_validate(view)
    )
