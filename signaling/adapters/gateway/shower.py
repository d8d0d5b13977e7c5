"""Keeps every connection's view true: one snapshot, then deltas.

After a commit the touched connections are marked; one task looks at the line once for all that is marked by
then, so that a burst of commits costs one reading. What it does not do: decide who may see what (`snapshots`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import structlog

from signaling.adapters.gateway.connections import Connection, Connections
from signaling.domain.model import LineState
from signaling.protocol.messages import Delta, KioskSnapshot, KioskView, StaffSnapshot, StaffView
from signaling.protocol.vocabulary import PROTOCOL_VERSION, LineId, Party
from signaling.service.places import Places
from signaling.service.ports import Changed, Clock, Relay, Store, StoreError
from signaling.service.snapshots import Scene, as_json, difference

#: The database was away while views were made; they are made again after this time.
RETRY_S = 1.0

Emit = Callable[[Connection, str, dict[str, Any]], Awaitable[None]]

_log = structlog.get_logger(__name__)


class Shower:
    """The `Announcer` of one node: shows commits to the connections that it holds."""

    def __init__(self, *, store: Store, places: Places, clock: Clock, connections: Connections, emit: Emit) -> None:
        self._store = store
        self._places = places
        self._clock = clock
        self._connections = connections
        self._emit = emit
        self._marked: dict[LineId, set[Connection]] = {}
        self._something_marked = asyncio.Event()
        self._committed: dict[LineId, LineState] = {}

    async def changed(self, change: Changed) -> None:
        """Mark the connections whose view may have changed."""
        if change.line is not None:
            self._committed[change.line_id] = change.line
        else:
            self._committed.pop(change.line_id, None)
        for connection in self._connections:
            if connection.line_id != change.line_id:
                continue
            if connection.party is Party.STAFF:
                touched = change.staff
            else:
                touched = change.all_kiosks or connection.kiosk_id in change.kiosks
            if touched:
                self._mark(connection)

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

    def look_again(self) -> None:
        """Look at every view once more: what nobody announced (a branch that was renamed) is shown late, not never."""
        self._committed.clear()
        for connection in self._connections:
            self._mark(connection)

    async def run(self) -> None:
        """For ever: show what is marked."""
        while True:
            await self._something_marked.wait()
            self._something_marked.clear()
            marked, self._marked = self._marked, {}
            for line_id, connections in marked.items():
                try:
                    await self._show(line_id, connections)
                except StoreError as error:
                    _log.warning("views_wait_for_store", error=type(error).__name__)
                    for connection in connections:
                        self._mark(connection)
                    await asyncio.sleep(RETRY_S)

    def _mark(self, connection: Connection) -> None:
        self._marked.setdefault(connection.line_id, set()).add(connection)
        self._something_marked.set()

    async def _show(self, line_id: LineId, connections: set[Connection]) -> None:
        line = self._committed.get(line_id) or await self._store.read_line(line_id)
        scene = Scene(line_id, await self._places.setup(), line)
        for connection in connections:
            if connection.admitted and self._connections.by_sid(connection.sid) is connection:
                try:
                    await self._show_one(scene, connection)
                except Exception as error:  # noqa: BLE001 - one view that cannot be made must not hide all others
                    _log.error("view_failed", party=connection.party.value, error=type(error).__name__)
                    connection.view = None

    async def _show_one(self, scene: Scene, connection: Connection) -> None:
        view = connection.look(scene)
        if view is None:
            return  # enrolled a moment ago, on another node: the next reading of the directory knows it
        new = as_json(view)
        old, connection.view = connection.view, new
        if old is None:
            message = _snapshot(view, connection.revision, self._clock.now())
            name = "kiosk.snapshot" if connection.party is Party.VISITOR else "staff.snapshot"
            await self._emit(connection, name, message.model_dump(mode="json"))
            return
        delta: Delta | None = difference(old, new, connection.revision + 1)
        if delta is not None:
            connection.revision = delta.revision
            await self._emit(connection, "delta", delta.model_dump(mode="json"))


def _snapshot(view: KioskView | StaffView, revision: int, now: datetime) -> KioskSnapshot | StaffSnapshot:
    if isinstance(view, KioskView):
        return KioskSnapshot(protocol=PROTOCOL_VERSION, revision=revision, server_time=now, view=view)
    return StaffSnapshot(protocol=PROTOCOL_VERSION, revision=revision, server_time=now, view=view)
