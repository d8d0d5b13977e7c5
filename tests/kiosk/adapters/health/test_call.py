"""A whole test call, on both media engines: with the real server and its echo, over a real relay, and with bad ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from kiosk.adapters.health.call import CallPatience, CallTest
from kiosk.adapters.peer import ENGINES, load_engine
from kiosk.core import events as e
from kiosk.core.health.call import NOT_CALLED, EchoFault, EchoReply
from kiosk.core.media import IceServer, PeerEngine, PeerSettings
from signaling.adapters.echo.peer import EchoPeer
from signaling.adapters.echo.spoken import EchoRequest
from signaling.adapters.store_memory import MemoryStore
from signaling.adapters.system import SystemClock
from signaling.protocol.health import HealthArea, HealthCode, HealthNumber, TestKind
from tests.support.coturn import SECRET, relay
from tests.support.echo import an_offer, echo_programs, until_gone
from tests.support.echo_lines import ToldLine
from tests.support.kiosk_client import Running, running_client
from tests.support.peers import LibraryAnswerer, until
from tests.support.wire import ServedWire, wire_server

C = HealthCode
#: A machine that is busy with other tests must not look like a bad path.
PATIENT = CallPatience(gather_s=5.0, whole_s=60.0, media_s=20.0)
#: For calls that are to fail.
SHORT = CallPatience(gather_s=5.0, whole_s=20.0, media_s=1.5)

pytestmark = pytest.mark.expected_log("relay_not_usable", optional=True)


@pytest.fixture(params=list(ENGINES))
def engine(request: pytest.FixtureRequest) -> PeerEngine:
    return load_engine(request.param)


@asynccontextmanager
async def linked(**turn: Any) -> AsyncIterator[tuple[ServedWire, Running]]:
    """A real server, and a kiosk that is connected."""
    async with wire_server(MemoryStore(), SystemClock(), turn=turn) as wire:
        await wire.add_kiosk()
        async with running_client(wire.url, wire.keys["k1"]) as kiosk:
            await kiosk.heard.event(e.FactsCame)
            yield wire, kiosk


def call_of(engine: PeerEngine, answer: Callable[[str], Awaitable[EchoReply]], **patience: float) -> CallTest:
    """A test call that this end answers."""
    waits = CallPatience(**{"gather_s": 5.0, "whole_s": 20.0, "media_s": 1.5, **patience})
    return CallTest(engine, ToldLine(answer=answer), patience=waits)


# --- with the real echo -----------------------------------------------------------------------------------


async def test_a_good_call_is_found_good_and_leaves_nothing_behind(engine: PeerEngine) -> None:
    async with linked() as (_, kiosk):
        looking = asyncio.create_task(CallTest(engine, kiosk.client, patience=PATIENT).look(TestKind.NIGHTLY))
        await until(lambda: echo_programs() or looking.done(), "the echo", 30)
        programs = [program.pid for program in echo_programs()]
        looked = await looking
        assert programs
        await until_gone(*programs)
    assert looked.areas == {HealthArea.CALL}
    assert looked.findings == frozenset()
    assert looked.numbers[HealthNumber.CALL_FRAMES] >= 10
    assert looked.numbers[HealthNumber.CALL_SOUND_PERCENT] >= 50
    assert looked.numbers[HealthNumber.CALL_CONNECT_MS] > 0


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_a_call_over_the_relay_alone_is_found_good(engine: PeerEngine, transport: str, tmp_path: Path) -> None:
    async with (
        relay(tmp_path) as server,
        linked(urls=[server.url(transport)], secret=SECRET, relay_only=True) as (_, kiosk),
    ):
        looked = await CallTest(engine, kiosk.client, patience=PATIENT).look(TestKind.BOOT)
    assert looked.areas == {HealthArea.CALL}
    assert looked.findings == frozenset()


async def test_a_call_over_a_relay_that_refuses_fails(engine: PeerEngine, tmp_path: Path) -> None:
    async with (
        relay(tmp_path) as server,
        linked(urls=[server.url("udp")], secret="another", relay_only=True) as (_, kiosk),
    ):
        looked = await CallTest(engine, kiosk.client, patience=SHORT).look(TestKind.ASKED)
    assert looked.findings == {C.CALL_FAILED}


@pytest.mark.parametrize("name", ["aiortc"])
async def test_a_server_that_ends_in_the_middle_leaves_no_program(name: str) -> None:
    async with linked() as (wire, kiosk):
        patience = CallPatience(gather_s=5.0, whole_s=30.0, media_s=1.0)
        looking = asyncio.create_task(CallTest(load_engine(name), kiosk.client, patience=patience).look(TestKind.ASKED))
        await until(lambda: echo_programs() or looking.done(), "the echo", 30)
        programs = [program.pid for program in echo_programs()]
        await wire.server.close()
        assert programs
        await until_gone(*programs)
        await looking


# --- with no echo -----------------------------------------------------------------------------------------


async def test_a_light_look_calls_nobody(engine: PeerEngine) -> None:
    line = ToldLine()
    assert await CallTest(engine, line).look(TestKind.LIGHT) == NOT_CALLED
    assert line.asked == 0


async def test_without_the_server_nothing_is_known_of_calls(engine: PeerEngine) -> None:
    assert await CallTest(engine, ToldLine(settings=None)).look(TestKind.ASKED) == NOT_CALLED


async def test_a_server_that_goes_before_it_answers_says_nothing_of_calls(engine: PeerEngine) -> None:
    async def away(_sdp: str) -> EchoReply:
        await asyncio.sleep(0)
        return EchoReply(fault=EchoFault.AWAY)

    assert await call_of(engine, away).look(TestKind.ASKED) == NOT_CALLED


async def test_an_echo_that_is_broken_is_a_call_that_failed(engine: PeerEngine) -> None:
    async def broken(_sdp: str) -> EchoReply:
        await asyncio.sleep(0)
        return EchoReply(fault=EchoFault.BROKEN)

    assert (await call_of(engine, broken).look(TestKind.ASKED)).findings == {C.CALL_FAILED}


async def test_a_turn_at_the_echo_is_waited_for(engine: PeerEngine) -> None:
    replies = [EchoReply(fault=EchoFault.BUSY, retry_after_s=0.3)] * 2

    async def busy(_sdp: str) -> EchoReply:
        await asyncio.sleep(0)
        return replies.pop() if replies else EchoReply("no answer at all")

    # Less time than the wait: it is not counted.
    assert (await call_of(engine, busy, whole_s=0.5).look(TestKind.ASKED)).findings == {C.CALL_FAILED}
    assert replies == []


async def test_an_echo_that_stays_busy_says_nothing_of_calls(engine: PeerEngine) -> None:
    async def busy(_sdp: str) -> EchoReply:
        await asyncio.sleep(0)
        return EchoReply(fault=EchoFault.BUSY, retry_after_s=0.2)

    assert await call_of(engine, busy, turn_s=0.5).look(TestKind.ASKED) == NOT_CALLED


async def test_an_answer_that_cannot_be_read_is_a_call_that_failed(engine: PeerEngine) -> None:
    assert (await CallTest(engine, ToldLine()).look(TestKind.ASKED)).findings == {C.CALL_FAILED}


async def test_an_answer_that_leads_nowhere_is_a_call_that_failed_in_its_time(engine: PeerEngine) -> None:
    async def nowhere(sdp: str) -> EchoReply:
        echo = EchoPeer(EchoRequest(sdp))
        answer = await echo.answer()
        await echo.close()
        return EchoReply(answer)

    begun_s = asyncio.get_running_loop().time()
    assert (await call_of(engine, nowhere, whole_s=3.0).look(TestKind.ASKED)).findings == {C.CALL_FAILED}
    assert asyncio.get_running_loop().time() - begun_s < 10


async def test_a_server_that_cannot_be_one_is_a_call_that_failed(engine: PeerEngine) -> None:
    line = ToldLine(PeerSettings((IceServer(("http://relay.example",)),)))
    assert (await CallTest(engine, line).look(TestKind.ASKED)).findings == {C.CALL_FAILED}


# --- an echo that gives back less -------------------------------------------------------------------------


@asynccontextmanager
async def half_echo(*kinds: str) -> AsyncIterator[Callable[[str], Awaitable[EchoReply]]]:
    """The server's own echo, in this process, that sends nothing of these kinds back."""
    echoes: list[EchoPeer] = []

    async def answer(sdp: str) -> EchoReply:
        echo = EchoPeer(EchoRequest(sdp))
        echoes.append(echo)
        said = await echo.answer()
        for transceiver in echo._connection.getTransceivers():
            if transceiver.kind in kinds:
                transceiver.sender.replaceTrack(None)
        return EchoReply(said)

    yield answer
    for echo in echoes:
        await echo.close()


@pytest.mark.parametrize(
    ("missing", "code"), [("video", C.CALL_NO_PICTURE), ("audio", C.CALL_NO_SOUND)], ids=["no picture", "no sound"]
)
async def test_what_does_not_come_back_is_named(engine: PeerEngine, missing: str, code: HealthCode) -> None:
    async with half_echo(missing) as answer:
        looked = await call_of(engine, answer, media_s=5.0).look(TestKind.ASKED)
    assert looked.findings == {code}


async def test_picture_and_tone_of_somebody_else_do_not_count(engine: PeerEngine) -> None:
    answerer = LibraryAnswerer("aiortc")

    async def other(sdp: str) -> EchoReply:
        return EchoReply(await answerer.answer(sdp))

    try:
        looked = await call_of(engine, other, media_s=2.0).look(TestKind.ASKED)
    finally:
        await answerer.close()
    assert looked.findings == {C.CALL_NO_PICTURE, C.CALL_NO_SOUND}
    assert looked.numbers[HealthNumber.CALL_FRAMES] == 0


async def test_a_call_that_is_given_up_frees_everything_first(engine: PeerEngine) -> None:
    answered = asyncio.Event()

    async def slow(_sdp: str) -> EchoReply:
        answered.set()
        await asyncio.Event().wait()
        raise AssertionError

    before = asyncio.all_tasks()
    looking = asyncio.create_task(call_of(engine, slow).look(TestKind.ASKED))
    await answered.wait()
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)
    assert looking.cancelled()
    left = [task.get_name() for task in asyncio.all_tasks() - before]
    assert [name for name in left if name.startswith(("aiortc", "libwebrtc", "test-call"))] == []


async def test_the_offer_holds_all_addresses(engine: PeerEngine) -> None:
    offers: list[str] = []

    async def keep(sdp: str) -> EchoReply:
        await asyncio.sleep(0)
        offers.append(sdp)
        return EchoReply(fault=EchoFault.AWAY)

    await call_of(engine, keep).look(TestKind.ASKED)
    assert offers[0].count("a=candidate:") >= (await an_offer()).count(" typ host") / 2 > 0
