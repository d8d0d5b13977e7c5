"""Orders on the wire: from a form to the kiosk, and from the kiosk's word to the page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from signaling.adapters.auth.tokens import csrf_of
from signaling.adapters.gateway import orders
from signaling.adapters.gateway.connections import Connection, Pace
from signaling.adapters.gateway.orders import OrderDesk
from signaling.adapters.store_memory import MemoryStore
from signaling.domain import commands as c
from signaling.domain.places import KioskOrder
from signaling.protocol.errors import WireError
from signaling.protocol.health import ORDER_EXPIRES_S, OrderFault, OrderKind, OrderState
from signaling.protocol.messages import OrderTold
from signaling.protocol.vocabulary import KIOSK_NAMESPACE, KioskId, LibraryId, LineId, Party, Role
from signaling.service.ports import StoreError
from tests.support.edges import BreakableStore, RecordingMetrics, SetClock, places_of
from tests.support.logs import ExpectLog
from tests.support.store_cases import BRANCH, KIOSK, LIBRARY, NOW, order, with_kiosk
from tests.support.wire import ORIGIN, KioskEnd, ServedWire

#: Below the gateway's own recheck (5 s): what arrives sooner was announced.
SOON_S = 4.0
K1 = KioskId("k1")


async def do(wire: ServedWire, what: str, body: Any = None) -> Any:
    """As a branch admin with the health page open would."""
    if "admin" not in wire.tokens:
        await wire.add_staff("admin", "Adm", frozenset({Role.BRANCH_ADMIN}))
    token = wire.tokens["admin"]
    headers = {"Cookie": f"librarian-session={token}", "X-CSRF-Token": csrf_of(token), "Origin": ORIGIN}
    async with wire.http.post(f"{wire.url}/api/admin/kiosks/k1/{what}", json=body, headers=headers) as answer:
        assert answer.status in {200, 201}, await answer.text()
        return await answer.json()


async def asked(wire: ServedWire, kiosk: KioskEnd, kind: str) -> str:
    """Ask something of the kiosk and wait until it knows; the order's id."""
    order_id = str((await do(wire, "orders", {"kind": kind}))["id"])
    known = {"id": order_id, "kind": kind, "taken": False}
    await kiosk.until(lambda: kiosk.view["orders"] == [known], patience_s=SOON_S)
    return order_id


async def latest(wire: ServedWire) -> KioskOrder:
    return (await wire.store.orders_of(K1, limit=1))[0]


# --- on the whole server --------------------------------------------------------------------------------------


async def test_an_order_reaches_its_kiosk_at_once_and_goes_when_it_is_done(wire: ServedWire) -> None:
    kiosk = await wire.kiosk()
    order_id = await asked(wire, kiosk, "identify")
    await kiosk.ok("order.told", {"order_id": order_id, "state": "taken"})
    await kiosk.until(lambda: [one["taken"] for one in kiosk.view["orders"]] == [True], patience_s=SOON_S)  # type: ignore[union-attr,call-overload,index]
    await kiosk.ok("order.told", {"order_id": order_id, "state": "done"})
    await kiosk.until(lambda: kiosk.view["orders"] == [], patience_s=SOON_S)
    assert (await latest(wire)).state is OrderState.DONE
    assert await kiosk.refused("order.told", {"order_id": order_id, "state": "done"}) == "not_found"


async def test_a_restart_is_done_when_the_kiosk_comes_back_as_another_start(wire: ServedWire) -> None:
    kiosk = await wire.kiosk(instance="i1")
    order_id = await asked(wire, kiosk, "restart_program")
    await kiosk.ok("order.told", {"order_id": order_id, "state": "taken"})
    await kiosk.drop()
    again = await wire.kiosk(instance="i2")
    await again.until(lambda: again.view["orders"] == [], patience_s=SOON_S)
    done = await latest(wire)
    assert (done.state, done.fault, done.instance) == (OrderState.DONE, None, "i2")


async def test_a_restart_is_not_done_when_only_the_connection_comes_back(wire: ServedWire) -> None:
    kiosk = await wire.kiosk(instance="i1")
    order_id = await asked(wire, kiosk, "restart_machine")
    await kiosk.ok("order.told", {"order_id": order_id, "state": "taken"})
    await kiosk.drop()
    again = await wire.kiosk(instance="i1")
    assert [one["taken"] for one in again.view["orders"]] == [True]  # type: ignore[union-attr,call-overload,index]
    assert (await latest(wire)).state is OrderState.TAKEN


async def test_a_locked_kiosk_says_so_and_opens_no_visit_until_it_is_unlocked(wire: ServedWire) -> None:
    await wire.seat_on_duty()
    kiosk = await wire.kiosk()
    await kiosk.can_be_answered()
    await do(wire, "lock", {"texts": {"sv": "Skärmen byts."}})
    await kiosk.until(lambda: kiosk.view["lock"] == {"texts": {"sv": "Skärmen byts."}}, patience_s=SOON_S)
    opening = {"request_id": "r", "service_id": "library-help", "language": "sv"}
    assert await kiosk.refused("visit.open", opening) == "locked"
    await do(wire, "unlock")
    await kiosk.until(lambda: kiosk.view["lock"] is None, patience_s=SOON_S)
    await kiosk.ok("visit.open", opening)


async def test_a_lock_does_not_touch_a_conversation_that_goes_on_and_holds_from_its_end(wire: ServedWire) -> None:
    kiosk, seat, visit_id = await wire.talk()
    await do(wire, "lock", {})
    await kiosk.until(lambda: kiosk.view["lock"] is not None, patience_s=SOON_S)
    await kiosk.ok("text.draft", {"visit_id": visit_id, "entry": 1, "text": "hej"})
    await seat.until(lambda: seat.heard("text.draft"))
    assert seat.visit["state"] == "talking"
    await kiosk.ok("visit.finish", {"visit_id": visit_id})
    await kiosk.until(lambda: kiosk.visit is None)
    again = {"request_id": "r", "service_id": "library-help", "language": "sv"}
    assert await kiosk.refused("visit.open", again) == "locked"


async def test_a_pin_reaches_its_kiosk_as_a_hash(wire: ServedWire) -> None:
    kiosk = await wire.kiosk()
    await do(wire, "pin", {"pin": "482913"})
    await kiosk.until(lambda: kiosk.view["settings"]["pin_hash"].startswith("scrypt$"), patience_s=SOON_S)  # type: ignore[union-attr,call-overload,index]
    assert "482913" not in repr(kiosk.told)


async def test_a_kiosk_is_let_in_also_while_its_orders_cannot_be_looked_at(
    wire: ServedWire, breakable: BreakableStore, monkeypatch: pytest.MonkeyPatch, expected_log: ExpectLog
) -> None:
    async def away(*_: Any, **__: Any) -> None:
        raise StoreError("away")

    monkeypatch.setattr(breakable, "orders_of", away, raising=False)
    expected_log("attendance_not_noted")
    kiosk = await wire.kiosk()
    assert kiosk.view["orders"] == []


# --- the desk alone -------------------------------------------------------------------------------------------


@dataclass
class Room:
    """A desk on a store with one kiosk.

    Attributes:
        announced: Whose views were made to look again.
    """

    store: MemoryStore = field(default_factory=MemoryStore)
    clock: SetClock = field(default_factory=lambda: SetClock(NOW))
    metrics: RecordingMetrics = field(default_factory=RecordingMetrics)
    announced: list[LibraryId] = field(default_factory=list)

    async def announce(self, library_id: LibraryId) -> None:
        self.announced.append(library_id)

    def desk(self) -> OrderDesk:
        return OrderDesk(
            store=self.store,
            clock=self.clock,
            places=places_of(self.store, self.clock),
            metrics=self.metrics,
            announce=self.announce,
        )

    async def order(self) -> KioskOrder:
        return (await self.store.orders_of(KIOSK, limit=1))[0]


def kiosk_connection(instance: str = "i1", kiosk_id: KioskId = KIOSK) -> Connection:
    return Connection(
        "sid",
        KIOSK_NAMESPACE,
        Party.VISITOR,
        kiosk_id,
        LIBRARY,
        LineId(LIBRARY),
        Pace(0.0),
        enter=c.ConnectKiosk(kiosk_id, BRANCH),
        lose=c.LoseKiosk(kiosk_id),
        instance=instance,
    )


@pytest_asyncio.fixture
async def room() -> AsyncIterator[Room]:
    made = Room()
    await with_kiosk(made.store)
    yield made


async def test_what_a_kiosk_tells_is_kept_announced_and_counted(room: Room) -> None:
    await room.store.add_order(order())
    await room.desk().told(kiosk_connection(), OrderTold(order_id="o1", state=OrderState.TAKEN))
    assert await room.order() == order(state=OrderState.TAKEN, told_at=NOW, instance="i1")
    assert room.announced == [LIBRARY]
    assert room.metrics.counted == [("kiosk_orders", {"kind": "test", "state": "taken"})]


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (OrderTold(order_id="o1", state=OrderState.FAILED, fault=OrderFault.IN_A_VISIT), OrderFault.IN_A_VISIT),
        (OrderTold(order_id="o1", state=OrderState.FAILED), OrderFault.BROKEN),
        (OrderTold(order_id="o1", state=OrderState.DONE, fault=OrderFault.IN_A_VISIT), None),
    ],
)
async def test_a_fault_belongs_to_what_failed(room: Room, told: OrderTold, kept: OrderFault | None) -> None:
    await room.store.add_order(order())
    await room.desk().told(kiosk_connection(), told)
    found = await room.order()
    assert (found.state, found.fault) == (told.state, kept)


@pytest.mark.parametrize("state", [OrderState.ASKED, OrderState.EXPIRED])
async def test_what_only_the_server_says_is_malformed_from_a_kiosk(room: Room, state: OrderState) -> None:
    await room.store.add_order(order())
    with pytest.raises(WireError, match="malformed"):
        await room.desk().told(kiosk_connection(), OrderTold(order_id="o1", state=state))
    assert await room.order() == order()
    assert room.announced == []


async def test_nobody_tells_of_another_kiosk_s_order(room: Room) -> None:
    await room.store.add_order(order())
    told = OrderTold(order_id="o1", state=OrderState.DONE)
    with pytest.raises(WireError, match="not_found"):
        await room.desk().told(kiosk_connection(kiosk_id=KioskId("k2")), told)
    assert await room.order() == order()


@pytest.mark.parametrize("kind", OrderKind)
async def test_what_a_program_had_taken_when_it_was_started_anew(room: Room, kind: OrderKind) -> None:
    await room.store.add_order(order(kind=kind, state=OrderState.TAKEN, told_at=NOW, instance="i1"))
    await room.desk().came(kiosk_connection("i1"))
    assert (await room.order()).state is OrderState.TAKEN
    await room.desk().came(kiosk_connection("i2"))
    found = await room.order()
    if kind in {OrderKind.RESTART_PROGRAM, OrderKind.RESTART_MACHINE}:
        assert (found.state, found.fault) == (OrderState.DONE, None)
    else:
        assert (found.state, found.fault) == (OrderState.FAILED, OrderFault.BROKEN)
    assert room.announced == [LIBRARY]


async def test_what_was_only_asked_waits_for_the_next_start(room: Room) -> None:
    await room.store.add_order(order())
    await room.desk().came(kiosk_connection("i2"))
    await room.desk().went(kiosk_connection("i2"))
    assert await room.order() == order()
    assert room.announced == []


async def test_what_nobody_took_is_given_up(room: Room) -> None:
    await room.store.add_order(order())
    room.clock.at = NOW + timedelta(seconds=ORDER_EXPIRES_S - 1)
    await room.desk().sweep()
    assert (await room.order()).state is OrderState.ASKED
    assert room.announced == []
    room.clock.later(1)
    await room.desk().sweep()
    assert (await room.order()).state is OrderState.EXPIRED
    assert LIBRARY in room.announced


async def test_the_sweep_goes_on_when_the_database_was_away(
    room: Room, monkeypatch: pytest.MonkeyPatch, expected_log: ExpectLog
) -> None:
    expected_log("orders_wait_for_store")
    monkeypatch.setattr(orders, "SWEEP_EVERY_S", 0.0)
    swept = asyncio.Event()
    tries = 0

    async def expire(_now: Any) -> int:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise StoreError("away")
        swept.set()
        return 0

    monkeypatch.setattr(room.store, "expire_orders", expire)
    sweeping = asyncio.create_task(room.desk().run())
    async with asyncio.timeout(15):
        await swept.wait()
    sweeping.cancel()
    await asyncio.gather(sweeping, return_exceptions=True)
