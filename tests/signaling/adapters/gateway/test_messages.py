"""What a client may say: right side, right shape, right moment, right pace; the rest changes nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from signaling.adapters.gateway import handlers
from signaling.domain.model import LineState
from signaling.protocol.messages import MESSAGES, Direction
from signaling.protocol.vocabulary import FLOOD_LIMIT, MAX_MESSAGE_BYTES, MESSAGES_BURST
from tests.support.edges import BreakableStore
from tests.support.logs import ExpectLog
from tests.support.wire import LINE, End, Wire

CLIENT_WAYS = {Direction.KIOSK_TO_SERVER, Direction.STAFF_TO_SERVER}


async def stored(wire: Wire) -> LineState:
    return await wire.store.read_line(LINE)


async def unharmed(wire: Wire, *ends: End) -> None:
    """Everybody is still connected and still answered."""
    for end in ends:
        assert end.connected
        await end.ok("snapshot.request")


async def test_each_message_is_taken_only_from_the_side_that_the_table_allows(wire: Wire) -> None:
    kiosk, seat, _ = await wire.talk()
    before = await stored(wire)
    for name, spec in MESSAGES.items():
        for end, way in ((kiosk, Direction.KIOSK_TO_SERVER), (seat, Direction.STAFF_TO_SERVER)):
            if way not in spec.directions:
                assert await end.refused(name, {}) == "unknown_message", name
            elif any(field.is_required() for field in spec.payload.model_fields.values()):
                # Of the right side, but empty: known and malformed.
                assert await end.refused(name, {}) == "malformed", name
    assert await stored(wire) == before
    await unharmed(wire, kiosk, seat)


@pytest.mark.parametrize("name", ["", "*", "connect", "disconnect", "no.such.message", "kiosk.snapshot", "delta"])
async def test_what_no_client_says_is_unknown_and_plays_nobody(wire: Wire, name: str) -> None:
    kiosk = await wire.kiosk()
    seat = await wire.seat_on_duty()
    for end in (kiosk, seat):
        for payload in ({}, "text", {"HTTP_ORIGIN": "x"}, None):
            assert await end.refused(name, payload) == "unknown_message"
    line = await stored(wire)
    assert all(kiosk.connected for kiosk in line.kiosks.values())
    assert all(seated.connected for seated in line.seats.values())
    await unharmed(wire, kiosk, seat)


@pytest.mark.parametrize(
    "payload",
    [
        "text",
        17,
        [1, 2],
        {"visit_id": 17},
        {"visit_id": "v" * 65},
        {"visit_id": "../v"},
        {"visit_id": {"$ne": ""}},
        {"visit_id": "v", "generation": -1},
        {"visit_id": "v", "generation": 10**12},
        {"visit_id": "v", "generation": "NaN"},
        {"visit_id": "v", "generation": 1.5},
    ],
)
async def test_a_malformed_message_gets_its_code_and_changes_nothing(wire: Wire, payload: Any) -> None:
    kiosk, seat, _ = await wire.talk()
    before = await stored(wire)
    for end in (kiosk, seat):
        assert await end.refused("call.connected", payload) == "malformed"
    assert await stored(wire) == before
    await unharmed(wire, kiosk, seat)


async def test_bytes_and_a_second_argument_are_malformed(wire: Wire) -> None:
    kiosk, seat, visit_id = await wire.talk()
    assert await kiosk.refused("visit.finish", ({"visit_id": visit_id}, {})) == "malformed"
    assert await kiosk.refused("visit.finish", {"visit_id": visit_id, "file": b"\x00" * 10}) == "malformed"
    assert await kiosk.refused("visit.finish", b"\x00") == "malformed"
    await unharmed(wire, kiosk, seat)
    assert seat.visit["state"] == "talking"


async def test_an_oversized_message_gets_its_code_and_changes_nothing(wire: Wire) -> None:
    kiosk, seat, visit_id = await wire.talk()
    too_much = {"visit_id": visit_id, "junk": "x" * MAX_MESSAGE_BYTES}
    assert await kiosk.refused("visit.finish", too_much) == "too_large"
    long_line = {"visit_id": visit_id, "entry": 1, "text": "x" * 1001}
    assert await kiosk.refused("text.draft", long_line) == "malformed"
    assert seat.heard("text.draft") == []
    await unharmed(wire, kiosk, seat)
    assert seat.visit["state"] == "talking"


async def test_messages_out_of_order_get_their_code_and_change_nothing(wire: Wire) -> None:
    seat = await wire.seat_on_duty()
    idle = await wire.seat_on_duty("bo")
    kiosk = await wire.kiosk()
    await kiosk.until(lambda: kiosk.answerable == 2)
    nothing = {"visit_id": "none"}
    for end in (kiosk, seat):
        assert await end.refused("visit.finish", nothing) == "not_found"
        assert await end.refused("call.ice", nothing) == "not_found"
        assert await end.refused("call.again", {**nothing, "generation": 1}) == "not_found"
    visit_id = await kiosk.tap()
    visit = {"visit_id": visit_id}
    before = await stored(wire)
    assert await kiosk.refused("visit.feedback", {**visit, "score": 3}) == "wrong_state"
    assert await kiosk.refused("call.connected", {**visit, "generation": 3}) == "wrong_state", "two are made ready"
    assert await kiosk.refused("call.offer", call_offer(visit_id, generation=3)) == "wrong_state"
    assert await kiosk.refused("visit.open", tap_again()) == "wrong_state"
    assert await seat.refused("visit.hold", visit) == "not_found"
    assert await seat.refused("visit.close_out", visit) == "not_found"
    assert await stored(wire) == before
    await seat.accept()
    before = await stored(wire)
    assert await seat.refused("visit.hold", visit) == "wrong_state"
    assert await kiosk.refused("visit.feedback", {**visit, "score": 1}) == "wrong_state"
    assert await kiosk.refused("call.offer", call_offer(visit_id, generation=3)) == "stale_generation"
    assert await idle.refused("visit.finish", visit) == "not_found"
    assert await idle.refused("text.draft", {**visit, "entry": 1, "text": "psst"}) == "not_found"
    assert await stored(wire) == before
    assert kiosk.heard("text.draft") == []
    await unharmed(wire, kiosk, seat, idle)


def call_offer(visit_id: str, generation: int = 1) -> dict[str, Any]:
    return {
        "visit_id": visit_id,
        "generation": generation,
        "sdp": "v=0",
        "fingerprint": "sha-256 AA",
        "signature": "AAAA",
    }


def tap_again() -> dict[str, Any]:
    return {"request_id": "another", "service_id": "library-help", "language": "sv"}


async def test_too_fast_is_said_and_passes(wire: Wire) -> None:
    kiosk = await wire.kiosk()
    other = await wire.kiosk("k2")
    answers = await asyncio.gather(*(kiosk.send("snapshot.request") for _ in range(MESSAGES_BURST + 180)))
    codes = {answer["error"]["code"] for answer in answers if not answer["ok"]}
    assert codes == {"too_fast"}
    assert sum(answer["ok"] for answer in answers) >= MESSAGES_BURST
    await unharmed(wire, other)
    assert kiosk.connected


@pytest.mark.parametrize("kind", ["unknown", "malformed", "too fast"])
async def test_a_flood_closes_its_own_connection_and_no_other(wire: Wire, kind: str) -> None:
    seat = await wire.seat_on_duty()
    kiosk, other = await wire.kiosk(), await wire.kiosk("k2")
    await kiosk.until(lambda: kiosk.answerable)
    message = {"unknown": ("nonsense", {}), "malformed": ("visit.cancel", 7), "too fast": ("snapshot.request", {})}
    name, payload = message[kind]
    for _ in range(5 * (FLOOD_LIMIT + MESSAGES_BURST)):  # more than flows in meanwhile on a slow machine
        if not kiosk.connected:
            break
        await kiosk.sio.emit(name, payload, namespace=kiosk.namespace)
    await kiosk.ended()
    await seat.until(lambda: True)
    line = await stored(wire)
    assert sorted(k for k, presence in line.kiosks.items() if presence.connected) == ["k2"]
    await unharmed(wire, other, seat)


async def test_fewer_refusals_than_a_flood_leave_the_connection_up(wire: Wire) -> None:
    kiosk = await wire.kiosk()
    for _ in range(MESSAGES_BURST - 1):
        assert await kiosk.refused("nonsense", {}) == "unknown_message"
    await unharmed(wire, kiosk)


@pytest.mark.expected_log("store_away", logger="signaling.adapters.gateway.socketio_gateway")
async def test_a_database_that_is_away_is_said_and_passes(wire: Wire, breakable: BreakableStore) -> None:
    seat = await wire.seat_on_duty()
    kiosk = await wire.kiosk()
    await kiosk.until(lambda: kiosk.answerable)
    breakable.save_fails = True
    assert await kiosk.refused("visit.open", tap_again()) == "unavailable"
    breakable.save_fails = False
    assert seat.offer is None
    await kiosk.ok("visit.open", tap_again())
    await seat.rings()


async def test_a_fault_of_ours_is_internal_and_names_nobody(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, expected_log: ExpectLog
) -> None:
    expected_log("handler_failed.*visit.cancel.*ZeroDivisionError.*test_messages.py", level="ERROR")
    kiosk = await wire.kiosk()

    async def broken(*_arguments: object) -> None:
        raise ZeroDivisionError("Anna Andersson, 070-123 45 67")

    monkeypatch.setitem(handlers.HANDLERS, "visit.cancel", broken)
    assert await kiosk.refused("visit.cancel", {"visit_id": "v"}) == "internal"
    await unharmed(wire, kiosk)
