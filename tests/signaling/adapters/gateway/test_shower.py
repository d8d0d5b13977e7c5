"""Views are shown to those let in: what is their own at once, what many share when it is gathered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio

from signaling.adapters.gateway import shower as shower_module
from signaling.adapters.gateway.connections import Connection, Connections, Pace
from signaling.adapters.gateway.looking import Gathered
from signaling.adapters.gateway.shower import KIOSKS_EVERY_S, STAFF_EVERY_S, Shower
from signaling.adapters.store_memory import MemoryStore
from signaling.domain import commands as c
from signaling.domain.places import Branch, Kiosk, Library, Service
from signaling.protocol.vocabulary import KIOSK_NAMESPACE, STAFF_NAMESPACE, KioskId, Language, Party, SeatId
from signaling.service.changes import change_of
from signaling.service.kiosk_views import KioskLook
from signaling.service.places import Places
from signaling.service.ports import Changed, Relay
from tests.support.edges import BreakableStore, SetClock, places_of
from tests.support.lines import BRANCH, LIBRARY, LINE, SERVICE, Line
from tests.support.scenes import person

PATIENCE_S = 10.0


@dataclass
class Stage:
    """A shower with kiosks k1 and k2 in front of it, and all that was sent. Seconds pass when the test says so."""

    store: BreakableStore
    places: Places
    connections: Connections
    sent: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    something_sent: asyncio.Event = field(default_factory=asyncio.Event)
    now_s: float = 100.0
    line: Line = field(default_factory=Line)
    work: asyncio.Task[None] = field(init=False)

    def __post_init__(self) -> None:
        self.shower = Shower(
            store=self.store,
            places=self.places,
            clock=SetClock(),
            connections=self.connections,
            emit=self.emit,
            monotonic=lambda: self.now_s,
        )

    async def emit(self, connection: Connection, event: str, payload: dict[str, Any]) -> None:
        self.sent.append((connection.sid, event, payload))
        self.something_sent.set()

    def kiosk(self, kiosk_id: str, *, admitted: bool = True) -> Connection:
        kiosk = KioskId(kiosk_id)
        enter, lose = c.ConnectKiosk(kiosk, BRANCH), c.LoseKiosk(kiosk)
        return self._add(kiosk_id, KIOSK_NAMESPACE, Party.VISITOR, enter, lose, admitted=admitted)

    def seat(self, seat_id: str) -> Connection:
        seat = SeatId(seat_id)
        enter = c.ConnectSeat(seat, person(seat_id).id, "Anna", LIBRARY)
        connection = self._add(seat_id, STAFF_NAMESPACE, Party.STAFF, enter, c.LoseSeat(seat))
        connection.staff = person(seat_id)
        return connection

    def _add(
        self, name: str, namespace: str, party: Party, enter: c.Command, lose: c.Command, *, admitted: bool = True
    ) -> Connection:
        connection = Connection(
            name, namespace, party, name, LIBRARY, LINE, Pace(0.0), enter=enter, lose=lose, admitted=admitted
        )
        self.connections.add(connection)
        return connection

    async def do(self, command: c.Command) -> None:
        """One command of the line, announced."""
        before = self.line.state
        self.line.do(command)
        await self.shower.changed(change_of(LINE, before, self.line.state, self.line.setup))

    async def answerable(self, seat_id: str) -> None:
        seat = SeatId(seat_id)
        await self.do(c.ConnectSeat(seat, person(seat_id).id, f"Anna {seat_id}", LIBRARY))
        await self.do(c.SetDuty(seat, on_duty=True))
        await self.do(c.ProveSeat(seat, sound=True, microphone=True, camera=True))

    async def shown(self) -> list[tuple[str, str]]:
        """Who was sent what since the last time, once there is something and nothing is waiting to be shown."""
        await asyncio.wait_for(self.something_sent.wait(), PATIENCE_S)
        await self.quiet()
        taken, self.sent = self.sent, []
        self.something_sent.clear()
        return [(sid, event) for sid, event, _ in taken]

    async def quiet(self) -> None:
        """Until the shower has done what it can do now."""
        for _ in range(20):
            await asyncio.sleep(0)

    async def nothing_shown(self) -> None:
        await self.quiet()
        assert self.sent == []


@pytest_asyncio.fixture
async def stage() -> AsyncIterator[Stage]:
    store = BreakableStore(MemoryStore())
    await store.add_library(Library(LIBRARY, "Norr", Language.SV, "Europe/Stockholm"))
    await store.add_branch(Branch(BRANCH, LIBRARY, "Burträsk", "0914-1"))
    await store.add_service(Service(SERVICE, LIBRARY, {Language.SV: "Hjälp"}))
    for name in ("k1", "k2"):
        await store.add_kiosk(Kiosk(KioskId(name), BRANCH, name, bytes(32)), name.encode(), SetClock().now())
    places = places_of(store, SetClock())
    stage = Stage(store, places, Connections())
    stage.line.setup = await places.setup()
    stage.work = asyncio.create_task(stage.shower.run())
    yield stage
    stage.work.cancel()


async def both_shown(stage: Stage) -> None:
    for name in ("k1", "k2"):
        stage.shower.show_anew(stage.kiosk(name))
    assert await stage.shown() == [("k1", "kiosk.snapshot"), ("k2", "kiosk.snapshot")]


@pytest.mark.parametrize("turns", range(6))
async def test_a_server_that_ends_just_after_something_was_marked_ends(stage: Stage, turns: int) -> None:
    await both_shown(stage)
    await stage.answerable("s1")
    await stage.shown()
    for seat in ("s2", "s3"):
        await stage.answerable(seat)  # the kiosks are told of them together, a little later
    await stage.nothing_shown()
    stage.shower.show_anew(stage.seat("s1"))
    for _ in range(turns):
        await asyncio.sleep(0)
    stage.work.cancel()
    await asyncio.wait([stage.work], timeout=5)
    assert stage.work.cancelled()


# --- what is gathered -----------------------------------------------------------------------------------------


def test_the_first_is_due_at_once_and_the_next_after_the_pace() -> None:
    gathered = Gathered()
    assert not gathered.take(10.0)
    gathered.ask(10.0, 2.0)
    assert gathered.take(10.0)
    gathered.ask(10.5, 2.0)
    assert gathered.due_s == 12.0
    assert not gathered.take(11.9)
    gathered.ask(11.9, 0.0)
    assert gathered.take(11.9), "what cannot wait takes the rest along"
    assert not gathered.take(99.0)


async def test_a_light_that_changes_is_shown_to_every_kiosk_at_once(stage: Stage) -> None:
    await both_shown(stage)
    await stage.answerable("s1")
    assert await stage.shown() == [("k1", "delta"), ("k2", "delta")]
    await stage.do(c.LoseSeat(SeatId("s1")))
    assert await stage.shown() == [("k1", "delta"), ("k2", "delta")]


async def test_counts_and_names_are_shown_to_kiosks_at_their_pace(stage: Stage) -> None:
    await both_shown(stage)
    await stage.answerable("s1")
    await stage.shown()
    for seat in ("s2", "s3"):
        await stage.answerable(seat)
    await stage.nothing_shown()
    stage.now_s += KIOSKS_EVERY_S
    stage.shower.show_anew(stage.seat("s9"))  # something else wakes it; the clock of the test does not
    assert sorted(await stage.shown()) == [("k1", "delta"), ("k2", "delta"), ("s9", "staff.snapshot")]


async def test_a_kiosks_own_visit_is_shown_at_once_and_to_it_alone(stage: Stage) -> None:
    await both_shown(stage)
    await stage.answerable("s1")
    await stage.shown()
    await stage.do(c.ConnectKiosk(KioskId("k1"), BRANCH))
    await stage.do(c.OpenVisit("v1", KioskId("k1"), SERVICE, Language.SV, "tap"))  # type: ignore[arg-type]
    assert await stage.shown() == [("k1", "delta")]


async def test_a_ring_is_shown_at_once_and_the_line_of_others_at_their_pace(stage: Stage) -> None:
    rung, other = stage.seat("s1"), stage.seat("s2")
    await stage.answerable("s1")
    for connection in (rung, other):
        stage.shower.show_anew(connection)
    await stage.do(c.ConnectKiosk(KioskId("k1"), BRANCH))
    await stage.shown()
    await stage.do(c.OpenVisit("v1", KioskId("k1"), SERVICE, Language.SV, "tap"))  # type: ignore[arg-type]
    assert await stage.shown() == [("s1", "delta")]
    assert rung.view is not None
    assert rung.view["offer"] is not None
    assert rung.view["line"] == {}, "what is shared comes later"
    stage.now_s += STAFF_EVERY_S
    stage.shower.show(stage.seat("nobody"))
    assert set(await stage.shown()) >= {("s1", "delta"), ("s2", "delta")}
    assert other.view is not None
    assert set(other.view["line"]) == {"v1"}  # type: ignore[arg-type]


async def test_what_is_gathered_is_shown_when_it_is_due_without_anybody_asking(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shower_module, "KIOSKS_EVERY_S", 0.01)
    await both_shown(stage)
    await stage.answerable("s1")
    await stage.shown()
    await stage.answerable("s2")
    loop = asyncio.get_running_loop()
    began = loop.time()
    while not stage.sent:
        stage.now_s += 0.001
        await asyncio.sleep(0.001)
        assert loop.time() - began < PATIENCE_S
    assert await stage.shown() == [("k1", "delta"), ("k2", "delta")]


async def test_a_burst_of_commits_costs_one_look(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await both_shown(stage)
    looks: list[object] = []

    def counted(*arguments: Any) -> KioskLook:
        looks.append(arguments)
        return KioskLook(*arguments)

    monkeypatch.setattr("signaling.adapters.gateway.looking.KioskLook", counted)
    for number in range(10):
        await stage.answerable(f"s{number}")
    assert await stage.shown() == [("k1", "delta"), ("k2", "delta")]
    assert len(looks) == 1


async def test_whoever_is_marked_for_its_own_sake_does_not_wait_for_those_who_share(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shower_module, "AT_A_TIME", 1)
    await both_shown(stage)
    emit = stage.emit

    async def meanwhile(connection: Connection, event: str, payload: dict[str, Any]) -> None:
        await emit(connection, event, payload)
        if len(stage.sent) == 1:
            stage.shower.show_anew(stage.seat("s9"))

    monkeypatch.setattr(stage.shower, "_emit", meanwhile)
    await stage.answerable("s1")
    assert [sid for sid, _ in await stage.shown()] == ["k1", "s9", "k2"]


# --- what is known of the line --------------------------------------------------------------------------------


async def test_only_those_whose_view_may_have_changed_are_looked_at(stage: Stage) -> None:
    await both_shown(stage)
    await stage.shower.changed(Changed("soder", all_kiosks=True))  # type: ignore[arg-type]  # another line
    await stage.shower.changed(Changed(LINE, kiosks=frozenset({KioskId("k9")}), seats=frozenset({SeatId("s9")})))
    await stage.nothing_shown()


async def test_what_was_committed_is_shown_without_reading_it_again(stage: Stage) -> None:
    await both_shown(stage)
    stage.store.away = True
    await stage.answerable("s1")
    assert await stage.shown() == [("k1", "delta"), ("k2", "delta")]


async def test_a_change_by_somebody_else_is_read(stage: Stage) -> None:
    """Another node commits after us: what we committed is no longer the truth."""
    await both_shown(stage)
    await stage.answerable("s1")
    await stage.shown()
    await stage.shower.changed(Changed(LINE, all_kiosks=True, at_once=True))
    assert await stage.shown() == [("k1", "delta"), ("k2", "delta")], "in the store there is no seat"


async def test_what_nobody_announced_is_found_in_the_store(stage: Stage) -> None:
    await both_shown(stage)
    await stage.answerable("s1")
    await stage.shown()
    await stage.shower.look_for_unannounced()
    assert await stage.shown() == [("k1", "delta"), ("k2", "delta")], "in the store there is no seat"
    await stage.shower.look_for_unannounced()
    await stage.nothing_shown()


async def test_nothing_goes_to_whom_is_not_let_in_yet_or_has_left(stage: Stage) -> None:
    waiting, gone = stage.kiosk("k1", admitted=False), stage.kiosk("k2")
    stage.shower.show_anew(gone)
    stage.connections.remove("k2")
    await stage.shower.changed(Changed(LINE, all_kiosks=True))
    await stage.shower.relay(Relay("call.answer", {}, kiosk_id=KioskId("k1")))
    await stage.shower.relay(Relay("call.answer", {}, kiosk_id=KioskId("k2")))
    await stage.nothing_shown()
    waiting.admitted = True
    stage.shower.show_anew(waiting)
    assert await stage.shown() == [("k1", "kiosk.snapshot")]


@pytest.mark.expected_log("view_failed.*ZeroDivisionError", level="ERROR", logger="signaling.adapters.gateway.shower")
async def test_a_view_that_cannot_be_made_hides_no_other_and_is_tried_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = KioskLook.own

    def broken(look: KioskLook, kiosk_id: KioskId) -> Any:
        return own(look, kiosk_id) if kiosk_id != "k1" else 1 // 0

    monkeypatch.setattr(KioskLook, "own", broken)
    for name in ("k1", "k2"):
        stage.shower.show_anew(stage.kiosk(name))
    assert await stage.shown() == [("k2", "kiosk.snapshot")]
    monkeypatch.undo()
    await stage.shower.look_for_unannounced()
    assert await stage.shown() == [("k1", "kiosk.snapshot")]


@pytest.mark.expected_log("views_wait_for_store", logger="signaling.adapters.gateway.shower")
async def test_a_database_that_is_away_only_makes_views_late(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shower_module, "RETRY_S", 0.01)
    stage.store.away = True
    stage.shower.show_anew(stage.kiosk("k1"))
    await asyncio.wait_for(stage.store.asked.wait(), PATIENCE_S)
    await stage.nothing_shown()
    stage.store.away = False
    assert await stage.shown() == [("k1", "kiosk.snapshot")]


# --- places ---------------------------------------------------------------------------------------------------


async def test_a_kiosk_that_the_directory_does_not_know_yet_is_shown_as_soon_as_it_does(stage: Stage) -> None:
    stage.shower.show_anew(stage.kiosk("new"))
    stage.shower.show_anew(stage.kiosk("k1"))
    assert await stage.shown() == [("k1", "kiosk.snapshot")]
    await stage.store.add_kiosk(Kiosk(KioskId("new"), BRANCH, "new", bytes(32)), b"new", SetClock().now())
    await stage.places.setup(fresh=True)
    stage.shower.look_again()
    assert await stage.shown() == [("new", "kiosk.snapshot")]


async def test_places_that_changed_are_shown_to_everybody_when_told_to_look_again(stage: Stage) -> None:
    await both_shown(stage)
    stage.shower.show_anew(stage.seat("s1"))
    await stage.shown()
    await stage.store.put(Branch(BRANCH, LIBRARY, "Burträsk nya", "0914-2"))
    await stage.store.put(Service(SERVICE, LIBRARY, {Language.SV: "Bibliotekshjälp"}))
    await stage.places.setup(fresh=True)
    stage.shower.look_again()
    assert await stage.shown() == [("k1", "delta"), ("k2", "delta"), ("s1", "delta")]
