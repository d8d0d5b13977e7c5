"""The echo's messages on the wire: what is refused with which code, and that nothing else waits for a call."""

from __future__ import annotations

import asyncio

import pytest

from signaling.adapters.gateway import handlers
from signaling.adapters.gateway.connections import Connection
from signaling.protocol import messages as m
from signaling.protocol.vocabulary import MAX_MESSAGE_BYTES, MAX_SDP_CHARS
from tests.support.wire import ServedWire


async def test_a_kiosk_gets_servers_for_a_test_without_a_visit(wire: ServedWire) -> None:
    kiosk = await wire.kiosk()
    granted = await kiosk.ok("health.ice")
    assert granted["servers"] == []
    assert granted["relay_only"] is False


async def test_a_console_may_not_call_the_echo(wire: ServedWire) -> None:
    seat = await wire.seat()
    assert await seat.refused("health.call", {"sdp": "v=0"}) == "unknown_message"


@pytest.mark.parametrize(
    ("sdp", "code"),
    [("", "malformed"), ("v" * (MAX_SDP_CHARS + 1), "malformed"), ("v" * MAX_MESSAGE_BYTES, "too_large")],
    ids=["nothing", "longer than an offer", "longer than a message"],
)
async def test_an_offer_of_the_wrong_size_is_refused_before_anything_is_started(
    wire: ServedWire, sdp: str, code: str
) -> None:
    kiosk = await wire.kiosk()
    assert await kiosk.refused("health.call", {"sdp": sdp}) == code


async def test_garbage_is_refused_and_the_next_try_comes_too_soon(wire: ServedWire) -> None:
    kiosk = await wire.kiosk()
    assert await kiosk.refused("health.call", {"sdp": "garbage"}) == "malformed"
    answer = await kiosk.send("health.call", {"sdp": "garbage"})
    assert answer["error"]["code"] == "too_fast"
    assert 0 < answer["error"]["data"]["retry_after_s"] <= 10


async def test_a_tap_does_not_wait_for_a_test_call(wire: ServedWire, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def slow(_desk: handlers.Desk, _who: Connection, _message: m.EchoOffer) -> m.EchoAnswer:
        begun.set()
        await may_end.wait()
        return m.EchoAnswer(sdp="at last")

    monkeypatch.setitem(handlers.HANDLERS, "health.call", slow)
    await wire.seat_on_duty()
    kiosk = await wire.kiosk()
    await kiosk.can_be_answered()
    calling = asyncio.create_task(kiosk.ok("health.call", {"sdp": "v=0"}))
    await begun.wait()
    assert await kiosk.tap()
    assert not calling.done()
    may_end.set()
    assert await calling == {"sdp": "at last"}


async def test_a_kiosk_that_goes_during_a_test_call_breaks_nothing(
    wire: ServedWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow(_desk: handlers.Desk, _who: Connection, _message: m.EchoOffer) -> m.EchoAnswer:
        begun.set()
        await may_end.wait()
        ended.set()
        return m.EchoAnswer(sdp="too late")

    monkeypatch.setitem(handlers.HANDLERS, "health.call", slow)
    kiosk = await wire.kiosk()
    await kiosk.sio.emit("health.call", {"sdp": "v=0"}, namespace=kiosk.namespace)
    await begun.wait()
    await kiosk.drop()
    may_end.set()
    await ended.wait()
    assert await (await wire.kiosk("k2")).ok("health.ice")
