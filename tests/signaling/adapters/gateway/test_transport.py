"""What the Socket.IO library leaves open, closed: spoken to by a raw WebSocket that follows no rules.

Each test stands for one method that the server overrides; see the module's own text.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import ClientWebSocketResponse, WSMsgType

from signaling.adapters.gateway import attendance, socketio_gateway, transport
from signaling.adapters.gateway.transport import TRANSPORT_LIMIT_BYTES
from signaling.protocol.vocabulary import FLOOD_LIMIT, KIOSK_NAMESPACE, KioskId
from tests.support.wire import LINE, PATIENCE_S, ServedWire

NS = KIOSK_NAMESPACE


@dataclass
class Raw:
    """A bare WebSocket in the kiosks' namespace."""

    socket: ClientWebSocketResponse

    async def say(self, frame: str | bytes) -> None:
        if isinstance(frame, bytes):
            await self.socket.send_bytes(frame)
        else:
            await self.socket.send_str(frame)

    async def frame(self) -> str:
        """The next frame that is no ping and no message of the server's own."""
        while True:
            message = await asyncio.wait_for(self.socket.receive(), PATIENCE_S)
            if message.type is not WSMsgType.TEXT:
                raise ConnectionError(message.type)
            if message.data == "2":
                await self.socket.send_str("3")
            elif not message.data.startswith(f"42{NS}"):
                return str(message.data)

    async def ask(self, frame: str, ack_id: int = 77) -> Any:
        """Send an event that asks for an acknowledgement; the acknowledgement."""
        await self.say(frame)
        answer = await self.frame()
        assert answer.startswith(f"43{NS},{ack_id}"), answer
        return json.loads(answer.removeprefix(f"43{NS},{ack_id}"))[0]

    async def is_up(self) -> bool:
        """Whether an ordinary message is still answered."""
        return bool((await self.ask(f'42{NS},5["snapshot.request"]', ack_id=5))["ok"])

    async def ended(self) -> None:
        """Wait until the server has hung up."""
        while not self.socket.closed:
            with contextlib.suppress(ConnectionError):
                await self.frame()


@asynccontextmanager
async def stranger(wire: ServedWire) -> AsyncGenerator[Raw, None]:
    """A WebSocket that has not said who it is."""
    async with wire.http.ws_connect(f"{wire.url}/socket.io/?EIO=4&transport=websocket") as socket:
        raw = Raw(socket)
        assert (await raw.frame()).startswith("0{")
        yield raw


@pytest_asyncio.fixture
async def raw(wire: ServedWire) -> AsyncIterator[Raw]:
    """A kiosk that is let in and then follows no rules."""
    async with stranger(wire) as one:
        await one.say(f"40{NS}," + json.dumps(await wire.kiosk_hello()))
        assert (await one.frame()).startswith(f"40{NS},{{")
        yield one


# --- what cannot be read --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "x",
        "4",
        "4x",
        "9",
        "0{}",
        "2",
        "2probe",
        "5",
        "6",
        "bAAAA",
        '4["a list for the library"]',
        "4" + "[" * 50_000,
        "42",
        "42/kiosk,",
        "42/kiosk,{",
        '42/kiosk,["visit.cancel"',
        "42/kiosk,[]",
        "42/kiosk,7",
        "42/kiosk,null",
        '42/kiosk,{"0":"visit.cancel"}',
        "42/kiosk," + "[" * 50_000,
        "42/kiosk," + "9" * 200 + '["visit.cancel"]',
        '42["visit.cancel",{}]',
        '42/nowhere,["visit.cancel",{}]',
        '42/staff,["seat.duty",{"on_duty":true}]',
        "43/kiosk,1[]",
        "43/kiosk,0[]",
        "43/kiosk,0{}",
        "43/kiosk,[1]",
        "43/kiosk,1",
        "44/kiosk,{}",
        "45",
        '451-/kiosk,["visit.cancel",{"_placeholder":true,"num":0}]',
        '4599999999999-/kiosk,["x"]',
        '459999999-/kiosk,["visit.cancel",{"_placeholder":true,"num":7}]',
        '461-/kiosk,1[{"_placeholder":true,"num":0}]',
        "47/kiosk,",
        "49",
        b"",
        b"\x00\x01",
        b'42/kiosk,["visit.cancel",{}]',
    ],
)
async def test_what_cannot_be_read_changes_nothing_and_leaves_the_connection_up(
    wire: ServedWire, raw: Raw, frame: str | bytes
) -> None:
    before = await wire.store.read_line(LINE)
    await raw.say(frame)
    assert await raw.is_up()
    assert await wire.store.read_line(LINE) == before


@pytest.mark.parametrize("name", ["connect", "disconnect", "*", "", 7, None, {}, []])
async def test_nobody_plays_the_librarys_own_events(wire: ServedWire, raw: Raw, name: Any) -> None:
    before = await wire.store.read_line(LINE)
    forged: list[list[Any]] = [[], [{}], ["a", "b"], [None, {"HTTP_ORIGIN": "x"}, {}]]
    for arguments in forged:
        answer = await raw.ask(f"42{NS},77" + json.dumps([name, *arguments]))
        assert answer["error"]["code"] == "unknown_message"
    assert await raw.is_up()
    assert await wire.store.read_line(LINE) == before


async def test_attachments_are_refused_and_never_waited_for(raw: Raw) -> None:
    announced = f'459-{NS},77["visit.cancel",{{"visit_id":{{"_placeholder":true,"num":0}}}}]'
    answer = await raw.ask(announced)
    assert answer["error"]["code"] == "malformed"
    await raw.say(b"the first of nine")
    assert await raw.is_up()


async def test_an_acknowledgement_nobody_asked_for_does_not_break_the_question_whether_one_is_there(
    wire: ServedWire, raw: Raw, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attendance, "PRESENCE_ANSWER_S", 0.1)
    for frame in (f"43{NS},0[]", f"43{NS},0[0]", f"43{NS},99[]"):
        await raw.say(frame)
    newer = await wire.kiosk(instance="another")  # the raw one is asked, says nothing, and makes way
    assert newer.connected


@pytest.mark.parametrize("frame", ["x", "42/kiosk,{", "4" + "[" * 10, b"\x00", "43/kiosk,0[]", "40/nowhere,"])
async def test_a_flood_of_what_cannot_be_read_ends_the_connection(
    wire: ServedWire, raw: Raw, frame: str | bytes
) -> None:
    other = await wire.kiosk("k2")
    with contextlib.suppress(ConnectionError, aiohttp.ClientError):  # it may hang up before the last one
        for _ in range(FLOOD_LIMIT + 2):
            await raw.say(frame)
    await raw.ended()
    await other.ok("snapshot.request")


async def test_a_flood_of_attempts_to_connect_ends_the_connection(wire: ServedWire) -> None:
    async with stranger(wire) as one:
        for _ in range(FLOOD_LIMIT + 2):
            await one.say(f"40{NS},{{}}")
        await one.ended()


async def test_over_the_limit_of_the_transport_only_that_connection_ends(wire: ServedWire, raw: Raw) -> None:
    other = await wire.kiosk("k2")
    seat = await wire.seat_on_duty()
    await raw.say(f'42{NS},["visit.cancel","' + "x" * TRANSPORT_LIMIT_BYTES + '"]')
    await raw.ended()
    await other.ok("snapshot.request")
    await seat.ok("snapshot.request")
    line = await wire.store.read_line(LINE)
    assert not line.kiosks[KioskId("k1")].connected
    assert line.kiosks[KioskId("k2")].connected


async def test_just_under_the_limit_of_the_transport_is_refused_with_a_code(raw: Raw) -> None:
    almost = "x" * (TRANSPORT_LIMIT_BYTES - 100)
    answer = await raw.ask(f'42{NS},77["visit.cancel",{{"visit_id":"v","junk":"{almost}"}}]')
    assert answer["error"]["code"] == "too_large"
    assert await raw.is_up()


async def test_connecting_twice_over_one_socket_is_refused(raw: Raw, wire: ServedWire) -> None:
    await raw.say(f"40{NS}," + json.dumps(await wire.kiosk_hello("k2")))
    assert (await raw.frame()).startswith(f"44{NS},")
    assert await raw.is_up()


# --- opening --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "headers", "status", "code"),
    [
        ("EIO=4&transport=websocket", {"Origin": "https://evil.example"}, 403, "origin"),
        ("EIO=4&transport=websocket", {"Origin": "null"}, 403, "origin"),
        ("EIO=4&transport=polling", {}, 400, "malformed"),
        ("EIO=4", {}, 400, "malformed"),
        ("EIO=3&transport=websocket", {}, 400, "malformed"),
        ("EIO=4&transport=websocket", {}, 400, "malformed"),
        ("EIO=4&transport=websocket&sid=guessed", {}, 400, "malformed"),
    ],
)
async def test_what_is_no_websocket_of_our_own_pages_is_refused_before_it_opens(
    wire: ServedWire, query: str, headers: dict[str, str], status: int, code: str
) -> None:
    async with wire.http.get(f"{wire.url}/socket.io/?{query}", headers=headers) as answer:
        assert answer.status == status
        assert await answer.json() == {"error": {"code": code}}


async def test_nothing_can_be_posted_where_sockets_open(wire: ServedWire) -> None:
    async with wire.http.post(f"{wire.url}/socket.io/?EIO=4&transport=polling", data="40") as answer:
        assert answer.status == 405


# --- strangers and the dead -----------------------------------------------------------------------------------


async def test_a_socket_that_never_says_who_it_is_goes_away_and_a_kiosk_stays(
    wire: ServedWire, raw: Raw, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "STRANGER_S", 0.0)
    async with stranger(wire) as silent, stranger(wire) as refused:
        await refused.say(f"40{NS},{{}}")
        assert (await refused.frame()).startswith(f"44{NS},")
        await gateway_of(wire).recheck()
        await silent.ended()
        await refused.ended()
    assert await raw.is_up()


async def test_a_stranger_is_given_time_to_say_who_it_is(wire: ServedWire) -> None:
    async with stranger(wire) as one:
        await gateway_of(wire).recheck()
        await one.say(f"40{NS}," + json.dumps(await wire.kiosk_hello()))
        assert (await one.frame()).startswith(f"40{NS},{{")


def gateway_of(wire: ServedWire) -> socketio_gateway.Gateway:
    """The gateway, found where it listens for the end of the server."""
    for callback in wire.server.app.on_shutdown:
        owner = getattr(callback, "__self__", None)
        if isinstance(owner, socketio_gateway.Gateway):
            return owner
    raise LookupError


async def test_a_kiosk_that_dies_while_it_is_let_in_is_lost_and_not_there_for_ever(
    wire: ServedWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library forgets a socket that times out in the middle of being let in, and would then call it connected."""
    monkeypatch.setattr(transport, "PING_INTERVAL_S", 0.05)
    entering, go_on = asyncio.Event(), asyncio.Event()
    enter = attendance.Attendance.enter

    async def slow(self: attendance.Attendance, connection: Any) -> None:
        await enter(self, connection)
        entering.set()
        await go_on.wait()

    monkeypatch.setattr(attendance.Attendance, "enter", slow)
    lost = asyncio.Event()
    left = attendance.Attendance.left

    async def noting(self: attendance.Attendance, sid: str) -> None:
        await left(self, sid)
        lost.set()

    monkeypatch.setattr(attendance.Attendance, "left", noting)
    async with stranger(wire) as one:
        await one.say(f"40{NS}," + json.dumps(await wire.kiosk_hello()))
        await asyncio.wait_for(entering.wait(), PATIENCE_S)
        assert (await wire.store.read_line(LINE)).kiosks[KioskId("k1")].connected
        await close_as_if_timed_out(wire)
        go_on.set()
        await asyncio.wait_for(lost.wait(), PATIENCE_S)
    assert not (await wire.store.read_line(LINE)).kiosks[KioskId("k1")].connected


async def close_as_if_timed_out(wire: ServedWire) -> None:
    """What the library's own watch over pings does."""
    eio = gateway_of(wire)._wire.eio
    for socket in list(eio.sockets.values()):
        await socket.close(wait=False, abort=False, reason=eio.reason.PING_TIMEOUT)
