"""Views are shown to those let in, once for many commits, and one that cannot be made hides no other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio

from signaling.adapters.gateway import shower as shower_module
from signaling.adapters.gateway.connections import Connection, Connections, Pace
from signaling.adapters.gateway.shower import Shower
from signaling.adapters.store_memory import MemoryStore
from signaling.domain import commands as c
from signaling.domain.places import Branch, Kiosk, Library
from signaling.protocol.messages import KioskView
from signaling.protocol.vocabulary import KIOSK_NAMESPACE, BranchId, KioskId, Language, LibraryId, LineId, Party
from signaling.service.places import Places
from signaling.service.ports import Changed, Relay
from signaling.service.snapshots import Scene, kiosk_view
from tests.support.edges import BreakableStore, SetClock, places_of
from tests.support.lines import Line

LIBRARY, LINE, BRANCH = LibraryId("norr"), LineId("norr"), BranchId("b")
PATIENCE_S = 10.0


@dataclass
class Stage:
    """A shower with kiosks k1 and k2 in front of it, and all that was sent."""

    shower: Shower
    store: BreakableStore
    places: Places
    connections: Connections
    sent: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    something_sent: asyncio.Event = field(default_factory=asyncio.Event)
    looks: int = 0

    async def emit(self, connection: Connection, event: str, payload: dict[str, Any]) -> None:
        self.sent.append((connection.sid, event, payload))
        self.something_sent.set()

    def connect(self, kiosk_id: str, *, admitted: bool = True) -> Connection:
        kiosk = KioskId(kiosk_id)

        def look(scene: Scene) -> KioskView | None:
            self.looks += 1
            return kiosk_view(scene, kiosk) if kiosk in scene.directory.kiosks else None

        connection = Connection(
            kiosk_id,
            KIOSK_NAMESPACE,
            Party.VISITOR,
            kiosk,
            LIBRARY,
            LINE,
            Pace(0.0),
            enter=c.ConnectKiosk(kiosk, BRANCH),
            lose=c.LoseKiosk(kiosk),
            look=look,
            admitted=admitted,
        )
        self.connections.add(connection)
        return connection

    async def shown(self) -> list[tuple[str, str]]:
        """Who was sent what since the last time, once there is something."""
        await asyncio.wait_for(self.something_sent.wait(), PATIENCE_S)
        self.something_sent.clear()
        taken, self.sent = self.sent, []
        return [(sid, event) for sid, event, _ in taken]


@pytest_asyncio.fixture
async def stage() -> AsyncIterator[Stage]:
    store, connections = BreakableStore(MemoryStore()), Connections()
    await store.add_library(Library(LIBRARY, "Norr", Language.SV, "Europe/Stockholm"))
    await store.add_branch(Branch(BRANCH, LIBRARY, "Burträsk", "0914-1"))
    for name in ("k1", "k2"):
        await store.add_kiosk(Kiosk(KioskId(name), BRANCH, name, bytes(32)), name.encode(), SetClock().now())
    clock = SetClock()
    places = places_of(store, clock)
    made: list[Stage] = []

    async def emit(connection: Connection, event: str, payload: dict[str, Any]) -> None:
        await made[0].emit(connection, event, payload)

    shower = Shower(store=store, places=places, clock=clock, connections=connections, emit=emit)
    made.append(Stage(shower, store, places, connections))
    work = asyncio.create_task(shower.run())
    yield made[0]
    work.cancel()


async def test_a_burst_of_commits_costs_one_look(stage: Stage) -> None:
    stage.shower.show_anew(stage.connect("k1"))
    assert await stage.shown() == [("k1", "kiosk.snapshot")]
    stage.looks = 0
    await stage.store.add_kiosk(Kiosk(KioskId("k3"), BRANCH, "k3", bytes(32)), b"k3", SetClock().now())
    for _ in range(10):
        await stage.shower.changed(Changed(LINE, all_kiosks=True))
    stage.shower.show_anew(stage.connect("k2"))
    await stage.shown()
    assert stage.looks == 2, "one for each of the two"


async def test_only_those_whose_view_may_have_changed_are_looked_at(stage: Stage) -> None:
    first, second = stage.connect("k1"), stage.connect("k2")
    for connection in (first, second):
        stage.shower.show_anew(connection)
    await stage.shown()
    first.look = second.look = lambda _scene: pytest.fail("nobody has to look")
    await stage.shower.changed(Changed(LineId("soder"), all_kiosks=True))
    await stage.shower.changed(Changed(LINE, kiosks=frozenset({KioskId("k9")})))
    stage.shower.show_anew(stage.connect("k2"))
    assert await stage.shown() == [("k2", "kiosk.snapshot")]


async def test_what_was_committed_is_shown_without_reading_it_again(stage: Stage) -> None:
    stage.shower.show_anew(stage.connect("k1"))
    await stage.shown()
    line = Line()
    line.seat()
    stage.store.away = True
    await stage.shower.changed(Changed(LINE, all_kiosks=True, line=line.state))
    assert await stage.shown() == [("k1", "delta")]


async def test_a_change_by_somebody_else_is_read(stage: Stage) -> None:
    """Another node commits after us: what we committed is no longer the truth."""
    stage.shower.show_anew(stage.connect("k1"))
    await stage.shown()
    line = Line()
    line.seat()
    await stage.shower.changed(Changed(LINE, all_kiosks=True, line=line.state))
    assert await stage.shown() == [("k1", "delta")]
    await stage.shower.changed(Changed(LINE, all_kiosks=True))
    assert await stage.shown() == [("k1", "delta")], "in the store there is no seat"


async def test_looking_again_reads_what_is_stored(stage: Stage) -> None:
    stage.shower.show_anew(stage.connect("k1"))
    await stage.shown()
    line = Line()
    line.seat()
    await stage.shower.changed(Changed(LINE, all_kiosks=True, line=line.state))
    assert await stage.shown() == [("k1", "delta")]
    stage.shower.look_again()
    assert await stage.shown() == [("k1", "delta")], "in the store there is no seat"


async def test_nothing_goes_to_whom_is_not_let_in_yet_or_has_left(stage: Stage) -> None:
    waiting, gone = stage.connect("k1", admitted=False), stage.connect("k2")
    stage.shower.show_anew(gone)
    stage.connections.remove("k2")
    await stage.shower.changed(Changed(LINE, all_kiosks=True))
    await stage.shower.relay(Relay("call.answer", {}, kiosk_id=KioskId("k1")))
    await stage.shower.relay(Relay("call.answer", {}, kiosk_id=KioskId("k2")))
    waiting.admitted = True
    stage.shower.show_anew(waiting)
    assert await stage.shown() == [("k1", "kiosk.snapshot")]


@pytest.mark.expected_log("view_failed.*ZeroDivisionError", level="ERROR", logger="signaling.adapters.gateway.shower")
async def test_a_view_that_cannot_be_made_hides_no_other_and_is_tried_again(stage: Stage) -> None:
    broken, sound = stage.connect("k1"), stage.connect("k2")
    look = broken.look
    broken.look = lambda _scene: 1 // 0  # type: ignore[assignment,return-value]
    stage.shower.show_anew(broken)
    stage.shower.show_anew(sound)
    assert await stage.shown() == [("k2", "kiosk.snapshot")]
    broken.look = look
    stage.shower.look_again()
    assert await stage.shown() == [("k1", "kiosk.snapshot")]


@pytest.mark.expected_log("views_wait_for_store", logger="signaling.adapters.gateway.shower")
async def test_a_database_that_is_away_only_makes_views_late(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shower_module, "RETRY_S", 0.01)
    stage.store.away = True
    stage.shower.show_anew(stage.connect("k1"))
    await asyncio.wait_for(stage.store.asked.wait(), PATIENCE_S)
    await asyncio.sleep(0)
    assert stage.sent == []
    stage.store.away = False
    assert await stage.shown() == [("k1", "kiosk.snapshot")]


async def test_a_kiosk_that_the_directory_does_not_know_yet_is_shown_as_soon_as_it_does(stage: Stage) -> None:
    stage.shower.show_anew(stage.connect("new"))
    stage.shower.show_anew(stage.connect("k1"))
    assert await stage.shown() == [("k1", "kiosk.snapshot")]
    await stage.store.add_kiosk(Kiosk(KioskId("new"), BRANCH, "new", bytes(32)), b"new", SetClock().now())
    await stage.places.setup(fresh=True)
    stage.shower.look_again()
    assert await stage.shown() == [("new", "kiosk.snapshot")]
