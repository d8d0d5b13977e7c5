"""Who is there: lets connections in for their kiosk or seat, and tells the hub when one is lost.

One kiosk or seat has one connection. A newer connection of the same program takes over from the older one without
a moment in which the kiosk or seat would be lost, so that its rings go on. A loss that the database could not take
is told again until it has: otherwise a kiosk would show a green light for a seat where nobody sits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final, Protocol
from weakref import WeakValueDictionary

import structlog

from signaling.adapters.gateway.connections import Connection, Connections
from signaling.adapters.gateway.transport import WireServer
from signaling.protocol.vocabulary import Party
from signaling.service.hub import Hub
from signaling.service.ports import StoreError

#: How long an older connection of the same kiosk or seat has to say that it is alive.
PRESENCE_ANSWER_S: Final = 2.0
#: A loss that could not be stored is told again after this time.
TELL_AGAIN_S: Final = 1.0

_log = structlog.get_logger(__name__)


class KioskWatch(Protocol):
    """Wants to know when kiosks come and go. Both may raise StoreError: it is noted, and changes nothing here."""

    async def came(self, who: Connection) -> None:
        """It was let in; another start of its program when `instance` is another."""

    async def went(self, who: Connection) -> None:
        """Its last socket has ended."""


class Attendance:
    """Keeps the rows of kiosks and seats in step with the sockets.

    Args:
        watches: Told of kiosks that come and go, in this order.
    """

    def __init__(
        self, *, hub: Hub, connections: Connections, wire: WireServer, watches: Sequence[KioskWatch] = ()
    ) -> None:
        self._hub = hub
        self._watches = tuple(watches)
        self._connections = connections
        self._wire = wire
        self._turns: WeakValueDictionary[tuple[Party, str], asyncio.Lock] = WeakValueDictionary()
        self._untold: list[Connection] = []
        self._something_untold = asyncio.Event()
        self._server_ends = False

    def turn(self, party: Party, party_id: str) -> asyncio.Lock:
        """Hold it from looking at who is there until `enter`: two that come at once must see each other."""
        lock = self._turns.get((party, party_id))
        if lock is None:
            lock = self._turns[party, party_id] = asyncio.Lock()
        return lock

    async def is_alive(self, connection: Connection) -> bool:
        """Ask a connection whether somebody is there; False when it ends or says nothing in time."""
        answered = asyncio.Event()
        await self._wire.ask_presence(connection, lambda *_answer: answered.set())
        waits = [asyncio.create_task(event.wait()) for event in (answered, connection.gone)]
        await asyncio.wait(waits, timeout=PRESENCE_ANSWER_S, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        return answered.is_set() and not connection.gone.is_set()

    async def enter(self, connection: Connection) -> None:
        """Let it in; an older connection of the same kiosk or seat is closed.

        Raises:
            WireError: The rules do not allow it.
            StoreError: The database is away.
        """
        older = self._connections.of(connection.party, connection.party_id)
        self._connections.add(connection)
        try:
            await self._hub.run(connection.line_id, connection.enter)
        except BaseException:
            self._connections.remove(connection.sid)
            if older is not None and not older.gone.is_set():
                self._connections.add(older)
            else:
                self._tell_later(connection)  # nobody knows what the database took
            raise
        if older is not None:
            await self._wire.disconnect(older.sid, namespace=older.namespace)
        await self._told_watches(connection, came=True)

    async def left(self, sid: str) -> None:
        """A socket has ended. When the server itself ends nobody is lost: all come back to the next one."""
        connection = self._connections.remove(sid)
        if connection is not None and not self._server_ends:
            await self._tell(connection)
            await self._told_watches(connection, came=False)

    def server_ends(self) -> None:
        """From now on sockets end because we do."""
        self._server_ends = True

    async def run(self) -> None:
        """For ever: tell what could not be told."""
        while True:
            await self._something_untold.wait()
            await asyncio.sleep(TELL_AGAIN_S)
            self._something_untold.clear()
            untold, self._untold = self._untold, []
            for connection in untold:
                if self._connections.of(connection.party, connection.party_id) is None:
                    await self._tell(connection)

    async def _tell(self, connection: Connection) -> None:
        try:
            await self._hub.run(connection.line_id, connection.lose)
        except StoreError as error:
            _log.warning("loss_not_stored", party=connection.party.value, error=type(error).__name__)
            self._tell_later(connection)

    async def _told_watches(self, connection: Connection, *, came: bool) -> None:
        if connection.party is not Party.VISITOR:
            return
        for watch in self._watches:
            try:
                await (watch.came(connection) if came else watch.went(connection))
            except StoreError as error:
                _log.warning("attendance_not_noted", came=came, error=type(error).__name__)

    def _tell_later(self, connection: Connection) -> None:
        self._untold.append(connection)
        self._something_untold.set()
