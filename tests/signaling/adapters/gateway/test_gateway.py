"""The gateway with several people at once: races, signing out, being revoked, being lost, the end of the server."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pytest
from aiohttp import WSMsgType

from signaling.adapters.auth.tokens import csrf_of
from signaling.adapters.gateway import attendance, socketio_gateway
from signaling.adapters.store_memory import MemoryStore
from signaling.adapters.store_sql import open_store
from signaling.domain.places import Service
from signaling.protocol.vocabulary import KioskId, Language, SeatId, ServiceId, StaffId
from signaling.service.ports import Store
from tests.support.edges import BreakableStore, SetClock
from tests.support.wire import (
    LIBRARY,
    LINE,
    ORIGIN,
    PATIENCE_S,
    End,
    KioskEnd,
    SeatEnd,
    ServedWire,
    TurnedAway,
    wire_server,
)


@pytest.fixture
def quick_rechecks(monkeypatch: pytest.MonkeyPatch) -> None:
    """What changes unannounced is noticed within a moment instead of within seconds."""
    monkeypatch.setattr(socketio_gateway, "RECHECK_S", 0.02)


async def sign_out(wire: ServedWire, login: str = "anna") -> int:
    token = wire.tokens[login]
    headers = {"Cookie": f"librarian-session={token}", "X-CSRF-Token": csrf_of(token), "Origin": ORIGIN}
    async with wire.http.delete(f"{wire.url}/api/session", headers=headers) as answer:
        return answer.status


def librarian_of(kiosk: KioskEnd) -> Any:
    return kiosk.visit["librarian_name"]


def stands_alone(seat: SeatEnd) -> bool:
    return not seat.view["line"]


def has_service(end: End, service_id: str) -> bool:
    services = end.view["services"]
    return isinstance(services, dict) and service_id in services


# --- two seats at once ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("store_url", ["memory", "sqlite"], indirect=True)
async def test_of_seats_that_accept_at_once_exactly_one_wins_and_the_others_are_told_who(store_url: str) -> None:
    store: Store = await open_store(store_url) if store_url else MemoryStore()  # the server closes it
    async with wire_server(store) as wire:
        seats = [await wire.seat_on_duty(login) for login in ("anna", "bo", "cia")]
        kiosk = await wire.kiosk()
        await kiosk.until(lambda: kiosk.answerable == 3)
        for attempt in range(5):
            visit_id = await kiosk.tap(f"tap-{attempt}")
            for seat in seats:
                await seat.rings()
            offer = {"offer_id": seats[0].offer["id"]}
            answers = await asyncio.gather(*(seat.send("offer.accept", offer) for seat in seats))
            winners = [seat for seat, answer in zip(seats, answers, strict=True) if answer["ok"]]
            assert len(winners) == 1
            name = winners[0].view["me"]["name"]  # type: ignore[index,call-overload]
            refusals = [answer["error"] for answer in answers if not answer["ok"]]
            assert refusals == [{"code": "taken", "data": {"winner": name}}] * 2
            assert await kiosk.until(partial(librarian_of, kiosk)) == name
            await winners[0].ok("visit.finish", {"visit_id": visit_id})
            for seat in seats:
                await seat.until(partial(stands_alone, seat))


# --- signing out ----------------------------------------------------------------------------------------------


async def test_signing_out_removes_the_seat_at_once_without_grace(wire: ServedWire) -> None:
    kiosk, seat, visit_id = await wire.talk()
    other = await wire.seat_on_duty("bo")
    assert await sign_out(wire) == 200
    await seat.ended()
    await kiosk.until(lambda: kiosk.visit["returned"])
    assert (await other.rings())["visit_id"] == visit_id
    line = await wire.store.read_line(LINE)
    assert set(line.seats) == {SeatId(other.id)}
    await kiosk.until(lambda: kiosk.answerable == 1)


async def test_signing_out_closes_every_tab_of_that_browser_and_no_other_browser(wire: ServedWire) -> None:
    tabs = [await wire.seat("anna"), await wire.seat("anna")]
    other = await wire.seat("bo")
    assert await sign_out(wire) == 200
    for tab in tabs:
        await tab.ended()
    await other.ok("snapshot.request")


# --- rights that end meanwhile --------------------------------------------------------------------------------


@pytest.mark.usefixtures("quick_rechecks")
async def test_a_revoked_kiosk_is_closed_within_the_recheck(wire: ServedWire, clock: SetClock) -> None:
    kiosk, other = await wire.kiosk("k1"), await wire.kiosk("k2")
    await wire.store.revoke_kiosk(KioskId("k1"), clock.now())
    await kiosk.ended()
    await other.ok("snapshot.request")


@pytest.mark.usefixtures("quick_rechecks")
async def test_a_disabled_account_loses_its_seats_within_the_recheck(wire: ServedWire, clock: SetClock) -> None:
    seat, other = await wire.seat("anna"), await wire.seat("bo")
    await wire.store.disable_staff(StaffId("id-anna"), clock.now())
    await seat.ended()
    await other.ok("snapshot.request")


@pytest.mark.usefixtures("quick_rechecks")
async def test_a_service_that_the_command_line_adds_is_shown_without_a_reload(wire: ServedWire) -> None:
    kiosk, seat = await wire.kiosk(), await wire.seat()
    service = Service(ServiceId("permits"), LIBRARY, {Language.SV: "Bygglov"})
    await wire.store.add_service(service)
    for end in (kiosk, seat):
        await end.until(partial(has_service, end, "permits"))
        assert len(end.heard(end.told[1][0])) == 1, "by a delta, not by a second snapshot"


@pytest.mark.expected_log("recheck_waits_for_store", logger="signaling.adapters.gateway.socketio_gateway")
@pytest.mark.expected_log("views_wait_for_store", optional=True)
@pytest.mark.expected_log("deadlines_wait_for_store", optional=True)
@pytest.mark.usefixtures("quick_rechecks")
async def test_the_recheck_survives_a_database_that_is_away(
    wire: ServedWire, breakable: BreakableStore, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.Event()

    async def away() -> None:
        asked.set()
        breakable.check()

    kiosk = await wire.kiosk()
    breakable.away = True
    monkeypatch.setattr(breakable, "directory", away, raising=False)
    await asyncio.wait_for(asked.wait(), PATIENCE_S)
    monkeypatch.undo()
    monkeypatch.setattr(socketio_gateway, "RECHECK_S", 0.02)
    breakable.away = False
    await wire.store.revoke_kiosk(KioskId("k1"), clock.now())
    await kiosk.ended()


# --- being lost -----------------------------------------------------------------------------------------------


@pytest.mark.expected_log("loss_not_stored", logger="signaling.adapters.gateway.attendance")
async def test_a_loss_that_the_database_could_not_take_is_told_until_it_has(
    wire: ServedWire, breakable: BreakableStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attendance, "TELL_AGAIN_S", 0.02)
    seat = await wire.seat_on_duty()
    kiosk = await wire.kiosk()
    await kiosk.until(lambda: kiosk.answerable == 1)
    failed = asyncio.Event()
    breakable.save_fails = True
    breakable.failed = failed
    await seat.drop()
    await asyncio.wait_for(failed.wait(), PATIENCE_S)
    assert kiosk.answerable == 1
    breakable.save_fails = False
    await kiosk.until(lambda: kiosk.answerable == 0)


@pytest.mark.expected_log("loss_not_stored", logger="signaling.adapters.gateway.attendance")
async def test_a_loss_told_late_does_not_hit_the_one_who_has_come_back(
    wire: ServedWire, breakable: BreakableStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = asyncio.Event()
    sleep = asyncio.sleep

    async def held(seconds: float) -> None:
        await (again.wait() if seconds == attendance.TELL_AGAIN_S else sleep(seconds))

    seat = await wire.seat_on_duty()
    seat_id = seat.id
    monkeypatch.setattr(asyncio, "sleep", held)
    breakable.failed = failed = asyncio.Event()
    breakable.save_fails = True
    await seat.drop()
    await asyncio.wait_for(failed.wait(), PATIENCE_S)
    breakable.save_fails = False
    back = await wire.seat(seat_id=seat_id)
    assert back.id == seat_id
    again.set()
    await back.ok("seat.named", {"named": False})
    line = await wire.store.read_line(LINE)
    assert line.seats[SeatId(seat_id)].connected


async def test_who_could_not_be_let_in_is_not_believed_to_be_there(
    wire: ServedWire, breakable: BreakableStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commit went through, but its answer was lost on the way back."""
    monkeypatch.setattr(attendance, "TELL_AGAIN_S", 0.02)
    auth = await wire.kiosk_hello()
    breakable.commits_then_fails = True
    with pytest.raises(TurnedAway, match="unavailable"):
        await wire.kiosk_with(auth)
    breakable.commits_then_fails = False

    async def believed_there() -> bool:
        return (await wire.store.read_line(LINE)).kiosks[KioskId("k1")].connected

    async with asyncio.timeout(PATIENCE_S):
        while await believed_there():
            breakable.committed.clear()
            await breakable.committed.wait()


# --- the end of the server ------------------------------------------------------------------------------------


async def test_when_the_server_ends_nobody_is_lost_and_rings_go_on(clock: SetClock) -> None:
    store = MemoryStore()
    async with wire_server(store, clock) as wire:
        seat = await wire.seat_on_duty()
        kiosk = await wire.kiosk()
        await kiosk.until(lambda: kiosk.answerable)
        await kiosk.tap()
        await seat.rings()
        before = await store.read_line(LINE)
        await wire.server.close()
        for end in (kiosk, seat):
            await end.ended()
    assert await store.read_line(LINE) == before


async def test_the_end_does_not_wait_for_a_client_that_says_nothing(wire: ServedWire) -> None:
    async with wire.http.ws_connect(
        f"{wire.url}/socket.io/?EIO=4&transport=websocket", autoclose=False, autoping=False
    ) as silent:
        assert (await silent.receive()).type is WSMsgType.TEXT
        async with asyncio.timeout(PATIENCE_S / 2):
            await wire.server.close()


async def test_a_seat_that_the_server_forgot_is_a_new_one(wire: ServedWire) -> None:
    seat: SeatEnd = await wire.seat_on_duty()
    old = seat.id
    await sign_out(wire)
    await seat.ended()
    await wire.add_staff("bo", "Bo")
    assert (await wire.seat("bo", seat_id=old)).id != old
