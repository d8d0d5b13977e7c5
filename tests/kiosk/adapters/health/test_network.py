"""The network as a kiosk finds it: a real server, a real relay, shut ports, a wrong clock."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from kiosk.adapters.health import network as network_module
from kiosk.adapters.health.network import NetworkPatience, NetworkTest
from kiosk.core import events as e
from kiosk.core.care import Looked
from kiosk.core.media import IceServer, PeerSettings
from signaling.adapters.store_memory import MemoryStore
from signaling.adapters.system import SystemClock
from signaling.protocol.health import HealthArea, HealthCode, HealthNumber, TestKind
from signaling.protocol.vocabulary import RelayFinding
from tests.kiosk.adapters.health.test_relay_try import closed_port
from tests.support.coturn import SECRET, Coturn, relay, self_signed
from tests.support.echo_lines import ToldLine
from tests.support.kiosk_client import Running, running_client
from tests.support.wire import ServedWire, wire_server

C = HealthCode
#: Ports that are shut cost as much as the patience; a machine that is busy with other tests must not look shut.
PATIENT = NetworkPatience(server_s=10.0, relay_s=10.0)
SHORT = NetworkPatience(server_s=10.0, relay_s=2.0)
NOBODY = "http://127.0.0.1:{}"

#: The server tries the same relays, and says what it finds.
pytestmark = pytest.mark.expected_log("relay_not_usable", optional=True)


@asynccontextmanager
async def linked(*urls: str, secret: str = SECRET) -> AsyncIterator[tuple[ServedWire, Running]]:
    """A real server with these relays, and a kiosk that is connected."""
    turn = {"urls": list(urls), "secret": secret}
    async with wire_server(MemoryStore(), SystemClock(), turn=turn) as wire:
        await wire.add_kiosk()
        async with running_client(wire.url, wire.keys["k1"]) as kiosk:
            await kiosk.heard.event(e.FactsCame)
            yield wire, kiosk


async def looked(*urls: str, secret: str = SECRET, patience: NetworkPatience = PATIENT) -> Looked:
    """What a kiosk finds whose server has these relays."""
    async with linked(*urls, secret=secret) as (wire, kiosk):
        return await NetworkTest(wire.url, kiosk.client, patience=patience).look(TestKind.NIGHTLY)


async def test_a_good_network_is_found_good_on_every_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with relay(tmp_path, tls=True) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        seen = await looked(server.url("udp"), server.url("tcp"), server.url("tls"))
    assert seen.areas == {HealthArea.NETWORK}
    assert seen.findings == frozenset()
    assert 0 < seen.numbers[HealthNumber.SERVER_ROUND_TRIP_MS] < 10_000
    assert abs(seen.numbers[HealthNumber.CLOCK_AHEAD_S]) < 10


async def test_a_server_without_relays_is_found_good() -> None:
    assert (await looked()).findings == frozenset()


@pytest.mark.parametrize(
    ("shut", "code"), [("udp", C.RELAY_UDP_BLOCKED), ("tcp", C.RELAY_TCP_BLOCKED), ("tls", C.RELAY_TLS_BLOCKED)]
)
async def test_a_way_whose_port_is_shut_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shut: str, code: HealthCode
) -> None:
    async with relay(tmp_path, tls=True) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        wall = Coturn(server.host, closed_port(), closed_port())
        urls = [(wall if way == shut else server).url(way) for way in ("udp", "tcp", "tls")]
        assert (await looked(*urls, patience=SHORT)).findings == {code}


async def test_a_certificate_that_nobody_trusts_shuts_tls(tmp_path: Path) -> None:
    async with relay(tmp_path, tls=True) as server:
        assert (await looked(server.url("udp"), server.url("tls"))).findings == {C.RELAY_TLS_BLOCKED}


async def test_with_every_port_shut_the_relay_is_unreached() -> None:
    wall = Coturn("127.0.0.1", closed_port())
    assert (await looked(wall.url("udp"), wall.url("tcp"), patience=SHORT)).findings == {C.RELAY_UNREACHED}


async def test_a_server_of_another_secret_than_its_relay_s_is_refused(tmp_path: Path) -> None:
    async with relay(tmp_path) as server:
        seen = await looked(server.url("udp"), server.url("tcp"), secret="another")
    assert seen.findings == {C.RELAY_REFUSED}


async def test_a_server_that_is_gone_is_unreached_and_nothing_is_said_of_relays(tmp_path: Path) -> None:
    async with relay(tmp_path) as server, linked(server.url("udp")) as (wire, kiosk):
        await wire.server.close()
        await kiosk.heard.event(e.LinkLost)
        patience = NetworkPatience(server_s=0.5, relay_s=0.5)
        seen = await NetworkTest(wire.url, kiosk.client, patience=patience).look(TestKind.ASKED)
    assert seen.findings == {C.SERVER_UNREACHED}
    assert seen.numbers == {}


async def test_a_link_that_comes_a_moment_later_is_waited_for() -> None:
    async with linked() as (wire, _):
        line = ToldLine(away=2)
        seen = await NetworkTest(wire.url, line, patience=PATIENT).look(TestKind.BOOT)
    assert seen.findings == frozenset()
    assert line.asked == 3


@pytest.mark.parametrize(("wrong_by_s", "is_wrong"), [(-3600, True), (45, True), (-45, True), (12, False)])
async def test_a_clock_is_compared_with_the_server_s(wrong_by_s: int, is_wrong: bool) -> None:
    async with linked() as (wire, kiosk):
        now = lambda: datetime.now(UTC) + timedelta(seconds=wrong_by_s)  # noqa: E731 - one use
        seen = await NetworkTest(wire.url, kiosk.client, patience=PATIENT, now=now).look(TestKind.ASKED)
    assert seen.findings == ({C.CLOCK_WRONG} if is_wrong else frozenset())
    assert abs(seen.numbers[HealthNumber.CLOCK_AHEAD_S] - wrong_by_s) < 8


# --- somebody else answers --------------------------------------------------------------------------------


@asynccontextmanager
async def answering(
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]], **serving: Any
) -> AsyncIterator[str]:
    """Something that answers every HTTP request; where."""
    app = web.Application()
    app.router.add_get("/{any:.*}", handler)
    server = TestServer(app, host="127.0.0.1", scheme="https" if serving else "http")
    await server.start_server(**serving)
    try:
        yield str(server.make_url("/")).rstrip("/")
    finally:
        await server.close()


async def clock_of(url: str, ahead_s: float = 0.0) -> Looked:
    """What is found of a clock when the link itself is not made."""
    now = lambda: datetime.now(UTC) + timedelta(seconds=ahead_s)  # noqa: E731 - one use
    patience = NetworkPatience(server_s=3.0, relay_s=1.0)
    return await NetworkTest(url, ToldLine(settings=None), patience=patience, now=now).look(TestKind.ASKED)


async def test_a_wrong_clock_is_found_although_the_certificate_looks_bad_by_it(tmp_path: Path) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text="well")

    certificate, key = self_signed(tmp_path, "127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    async with answering(answer, ssl=context) as url:
        assert (await clock_of(url, ahead_s=90 * 86_400)).findings == {C.SERVER_UNREACHED, C.CLOCK_WRONG}
        assert (await clock_of(url)).findings == {C.SERVER_UNREACHED}


async def test_a_portal_that_sends_one_elsewhere_tells_no_time() -> None:
    async def answer(_request: web.Request) -> web.Response:
        raise web.HTTPFound("/welcome", headers={"Date": "Mon, 01 Jan 2001 00:00:00 GMT"})

    async with answering(answer) as url:
        assert (await clock_of(url)).numbers == {}


@pytest.mark.parametrize("date", ["yesterday", "Mon, 32 Jan 2001 00:00:00 GMT"])
async def test_a_time_that_cannot_be_read_is_none(date: str) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(headers={"Date": date})

    async with answering(answer) as url:
        assert (await clock_of(url)).numbers == {}


# --- a light look -----------------------------------------------------------------------------------------


class Tries:
    """Counts tries of relays, and finds what it is told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self.finding = RelayFinding.REACHED
        monkeypatch.setattr(network_module, "try_relay", self._look)

    async def _look(self, *_about: object) -> RelayFinding:
        await asyncio.sleep(0)
        self.count += 1
        return self.finding


def network_of(*urls: str) -> tuple[NetworkTest, ToldLine]:
    line = ToldLine(PeerSettings((IceServer(urls, "1:k", "c"),)))
    return NetworkTest(NOBODY.format(closed_port()), line, patience=PATIENT), line


async def test_a_light_look_takes_a_good_relay_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = Tries(monkeypatch)
    network, _ = network_of("turn:relay.example", "stun:relay.example")
    await network.look(TestKind.BOOT)
    assert tries.count == 1
    assert (await network.look(TestKind.LIGHT)).findings == frozenset()
    assert tries.count == 1
    await network.look(TestKind.NIGHTLY)
    assert tries.count == 2


async def test_a_light_look_tries_again_what_was_wrong_so_that_it_is_known_when_it_is_mended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tries = Tries(monkeypatch)
    tries.finding = RelayFinding.UNREACHABLE
    network, _ = network_of("turn:relay.example")
    assert (await network.look(TestKind.LIGHT)).findings == {C.RELAY_UNREACHED}
    tries.finding = RelayFinding.REACHED
    assert (await network.look(TestKind.LIGHT)).findings == frozenset()
    assert tries.count == 2


async def test_a_light_look_tries_a_relay_that_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = Tries(monkeypatch)
    network, line = network_of("turn:relay.example")
    await network.look(TestKind.BOOT)
    line.settings = PeerSettings((IceServer(("turn:other.example",), "1:k", "c"),))
    await network.look(TestKind.LIGHT)
    assert tries.count == 2


async def test_an_address_that_cannot_be_one_is_not_reached() -> None:
    network, _ = network_of("turn:[nonsense]")
    assert (await network.look(TestKind.ASKED)).findings == {C.RELAY_UNREACHED}
