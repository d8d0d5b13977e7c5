"""Asks every connected seat whether it is there, and says so when one has been silent for too long.

A socket can be open for minutes after a laptop went to sleep or a page froze; only an answer is proof. One task asks
for all seats, spread over the interval. What it does not do: end connections (the transport's ping does).
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Awaitable, Callable
from typing import Any, Final

import structlog

from signaling.adapters.gateway.connections import Connection, Connections
from signaling.domain import commands as c
from signaling.domain.errors import Refused
from signaling.protocol.vocabulary import SEAT_ASK_S, SEAT_PROOF_AGE_S, Party
from signaling.service.hub import Hub
from signaling.service.ports import StoreError

#: How often it is looked at whose turn it is: the finer, the more evenly questions are spread.
TICK_S: Final = 0.25
#: While a question is open it is looked at this often whether its answer is overdue.
OVERDUE_LOOK_S: Final = 1.0

#: Sends the question; the callback is called with the answer, if it ever comes.
Ask = Callable[[Connection, Callable[..., Any]], Awaitable[None]]

_log = structlog.get_logger(__name__)


class RollCall:
    """Keeps in memory when each seat last answered.

    At most one question is open for each seat: the Socket.IO library keeps the callback of every question until it
    is answered or the connection ends, so that a seat which never answers must not be asked for ever.
    """

    def __init__(
        self, *, connections: Connections, hub: Hub, ask: Ask, monotonic: Callable[[], float], tick_s: float = TICK_S
    ) -> None:
        self._connections = connections
        self._hub = hub
        self._ask = ask
        self._monotonic = monotonic
        self._tick_s = tick_s

    async def run(self) -> None:
        """For ever: ask whose turn it is."""
        while True:
            await asyncio.sleep(self._tick_s)
            await self.look()

    async def look(self) -> None:
        """Ask every seat whose turn it is; silence those whose answer is overdue."""
        now_s = self._monotonic()
        for connection in self._connections.of_kind(Party.STAFF):
            if not connection.admitted:
                continue
            if connection.ask_at_s is None:
                connection.answered_s = now_s
                connection.ask_at_s = now_s + _share(connection.party_id) * SEAT_ASK_S
            elif now_s >= connection.ask_at_s:
                await self._call(connection, now_s)

    async def _call(self, connection: Connection, now_s: float) -> None:
        if not connection.is_asked:
            connection.is_asked = True
            connection.ask_at_s = now_s + SEAT_ASK_S
            await self._ask(connection, lambda *_answer: self._answered(connection))
        else:
            connection.ask_at_s = now_s + OVERDUE_LOOK_S
        if now_s - connection.answered_s > SEAT_PROOF_AGE_S and self._counts(connection):
            await self._silence(connection)

    def _answered(self, connection: Connection) -> None:
        connection.is_asked = False
        connection.answered_s = self._monotonic()

    def _counts(self, connection: Connection) -> bool:
        """Whether somebody is counted on who may not be there: asked of the rules once, not at every look."""
        line = self._hub.last_known(connection.line_id)
        seat = line.seats.get(connection.seat_id) if line is not None else None
        return seat is not None and seat.on_duty and not seat.silent

    async def _silence(self, connection: Connection) -> None:
        try:
            await self._hub.run(connection.line_id, c.SilenceSeat(connection.seat_id))
            _log.info("seat_silent")
        except Refused:
            _log.info("silent_seat_is_gone")  # it was removed a moment ago
        except StoreError as error:
            _log.warning("silence_waits_for_store", error=type(error).__name__)  # the next look tries again


def _share(party_id: str) -> float:
    """Where in the interval a seat has its turn, 0 to 1: after a restart all come back at once."""
    return zlib.crc32(party_id.encode()) / 2**32
