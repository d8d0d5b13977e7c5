"""The pace of one connection, and which connection is the one for its kiosk or seat."""

from __future__ import annotations

from signaling.adapters.gateway.connections import FLOOD_WINDOW_S, Connection, Connections, Pace
from signaling.domain import commands as c
from signaling.protocol.vocabulary import FLOOD_LIMIT, KIOSK_NAMESPACE, BranchId, KioskId, LibraryId, LineId, Party


def connection(sid: str, kiosk_id: str = "k1") -> Connection:
    kiosk = KioskId(kiosk_id)
    return Connection(
        sid,
        KIOSK_NAMESPACE,
        Party.VISITOR,
        kiosk,
        LibraryId("norr"),
        LineId("norr"),
        Pace(0.0),
        enter=c.ConnectKiosk(kiosk, BranchId("b")),
        lose=c.LoseKiosk(kiosk),
    )


def test_a_burst_passes_and_then_as_many_as_flow_in() -> None:
    pace = Pace(0.0, per_s=10, burst=5)
    assert [pace.allows(0.0) for _ in range(6)] == [True] * 5 + [False]
    assert not pace.allows(0.09)
    assert pace.allows(0.2)


def test_a_long_silence_saves_no_more_than_one_burst() -> None:
    pace = Pace(0.0, per_s=10, burst=5)
    assert [pace.allows(1000.0) for _ in range(6)] == [True] * 5 + [False]


def test_refused_messages_are_a_flood_only_when_they_come_close_together() -> None:
    pace = Pace(0.0)
    assert not any(pace.floods(0.0) for _ in range(FLOOD_LIMIT))
    assert pace.floods(FLOOD_WINDOW_S)
    slow = Pace(0.0)
    assert not any(slow.floods(n * (FLOOD_WINDOW_S / FLOOD_LIMIT) * 1.1) for n in range(5 * FLOOD_LIMIT))


def test_an_older_connection_that_ends_late_is_no_loss() -> None:
    connections = Connections()
    old, new = connection("old"), connection("new")
    connections.add(old)
    connections.add(new)
    assert connections.of(Party.VISITOR, "k1") is new
    assert connections.remove("old") is None
    assert old.gone.is_set()
    assert connections.of(Party.VISITOR, "k1") is new
    assert connections.remove("new") is new
    assert connections.of(Party.VISITOR, "k1") is None
    assert connections.remove("new") is None
    assert len(connections) == 0


def test_connections_may_come_and_go_while_they_are_looked_through() -> None:
    connections = Connections()
    connections.add(connection("a", "k1"))
    connections.add(connection("b", "k2"))
    for one in connections:
        connections.remove(one.sid)
    assert list(connections) == []
