"""The open connections of this node: who each one is, what it was last shown, how fast it talks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from signaling.domain.commands import Command
from signaling.protocol.deltas import View
from signaling.protocol.vocabulary import (
    FLOOD_LIMIT,
    MESSAGES_BURST,
    MESSAGES_PER_S,
    KioskId,
    LibraryId,
    LineId,
    MediaEngine,
    Party,
    SeatId,
)
from signaling.service.ports import Staff

FLOOD_WINDOW_S = 10.0


class Pace:
    """A token bucket, and a count of what it refused lately.

    Time is an argument: seconds of any monotonic clock.
    """

    def __init__(self, now_s: float, per_s: float = MESSAGES_PER_S, burst: float = MESSAGES_BURST) -> None:
        self._per_s = per_s
        self._burst = burst
        self._tokens = float(burst)
        self._at_s = now_s
        self._refused = 0
        self._refused_since_s = now_s

    def allows(self, now_s: float) -> bool:
        """Take one token; False when there is none."""
        self._tokens = min(self._burst, self._tokens + (now_s - self._at_s) * self._per_s)
        self._at_s = now_s
        if self._tokens >= 1:
            self._tokens -= 1
            return True
        return False

    def floods(self, now_s: float) -> bool:
        """Count one refused message; True when there were too many within the window."""
        if now_s - self._refused_since_s > FLOOD_WINDOW_S:
            self._refused, self._refused_since_s = 0, now_s
        self._refused += 1
        return self._refused > FLOOD_LIMIT


@dataclass(slots=True, eq=False)
class Connection:
    """One socket of a kiosk or of a seat.

    Attributes:
        party: VISITOR for a kiosk, STAFF for a seat.
        party_id: The kiosk's or the seat's id.
        enter: What to tell the hub when it is let in.
        lose: What to tell the hub when it is lost.
        staff: Of a seat: who sits there, as the account says now.
        instance: Of a kiosk: which start of the program this is.
        software, engine: Of a kiosk: its version, and its media engine.
        session_hash: Of a seat: the browser's session.
        session_ends_at: Of a seat: when that session is over.
        admitted: It has been told that it is connected; until then nothing may be sent to it.
        gone: Set when its socket has ended.
        view: What it was last sent, as JSON; None until its first snapshot.
        answered_s: Of a seat: when it was last heard (monotonic clock).
        ask_at_s: Of a seat: when it is looked at again; None before it was looked at for the first time.
        is_asked: Of a seat: a question to it is open.
    """

    sid: str
    namespace: str
    party: Party
    party_id: str
    library_id: LibraryId
    line_id: LineId
    pace: Pace
    enter: Command
    lose: Command
    staff: Staff | None = None
    instance: str = ""
    software: str = ""
    engine: MediaEngine | None = None
    session_hash: bytes = b""
    session_ends_at: datetime | None = None
    admitted: bool = False
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    view: View | None = None
    revision: int = 0
    answered_s: float = 0.0
    ask_at_s: float | None = None
    is_asked: bool = False

    @property
    def kiosk_id(self) -> KioskId:
        """The kiosk's id; meaningful for kiosks only."""
        return KioskId(self.party_id)

    @property
    def seat_id(self) -> SeatId:
        """The seat's id; meaningful for seats only."""
        return SeatId(self.party_id)


class Connections:
    """All open connections, found by socket and by who they are."""

    def __init__(self) -> None:
        self._by_sid: dict[str, Connection] = {}
        self._by_party: dict[tuple[Party, str], Connection] = {}

    def __iter__(self) -> Iterator[Connection]:
        return iter(list(self._by_sid.values()))

    def __len__(self) -> int:
        return len(self._by_sid)

    def of_kind(self, party: Party) -> Iterator[Connection]:
        """All connections of kiosks, or all of seats."""
        return (connection for connection in list(self._by_sid.values()) if connection.party is party)

    def add(self, connection: Connection) -> None:
        """Enter one; it is the one for its kiosk or seat from now on."""
        self._by_sid[connection.sid] = connection
        self._by_party[connection.party, connection.party_id] = connection

    def remove(self, sid: str) -> Connection | None:
        """Take one out.

        Returns:
            It, if it was the one for its kiosk or seat: only then the kiosk or seat is lost.
        """
        connection = self._by_sid.pop(sid, None)
        if connection is None:
            return None
        connection.gone.set()
        key = (connection.party, connection.party_id)
        if self._by_party.get(key) is not connection:
            return None
        del self._by_party[key]
        return connection

    def by_sid(self, sid: str) -> Connection | None:
        """The connection of a socket."""
        return self._by_sid.get(sid)

    def of(self, party: Party, party_id: str) -> Connection | None:
        """The connection of a kiosk or seat."""
        return self._by_party.get((party, party_id))
