"""Which of several servers aiortc is given."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import pytest
from aioice import stun

from kiosk.adapters.peer.aiortc_relay import servers_that_answer, transport_of
from kiosk.core.media import IceServer
from signaling.protocol.vocabulary import RelayTransport


class Server(asyncio.DatagramProtocol):
    """Answers every request after a while, from a given number of requests on."""

    def __init__(self, after_s: float, from_number: int) -> None:
        self.after_s, self.from_number, self.asked = after_s, from_number, 0
        self.methods: list[stun.Method] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.asked += 1
        request = stun.parse_message(data)
        self.methods.append(request.message_method)
        if self.asked < self.from_number:
            return
        answer = stun.Message(request.message_method, stun.Class.ERROR, transaction_id=request.transaction_id)
        answer.attributes["ERROR-CODE"] = (401, "Unauthorized")
        asyncio.get_running_loop().call_later(self.after_s, self._send, bytes(answer), addr)

    def _send(self, data: bytes, address: tuple[str, int]) -> None:
        if not self.transport.is_closing():
            self.transport.sendto(data, address)


@asynccontextmanager
async def udp_relay(after_s: float = 0.0, from_number: int = 1) -> AsyncIterator[tuple[str, Server]]:
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(
        lambda: Server(after_s, from_number), local_addr=("127.0.0.1", 0)
    )
    yield f"turn:127.0.0.1:{transport.get_extra_info('sockname')[1]}", server
    transport.close()


@asynccontextmanager
async def tcp_relay() -> AsyncIterator[str]:
    async def hear(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    listening = await asyncio.start_server(hear, "127.0.0.1", 0)
    yield f"turn:127.0.0.1:{listening.sockets[0].getsockname()[1]}?transport=tcp"
    listening.close()


def server(*urls: str) -> IceServer:
    return IceServer(urls, "name", "word")


async def test_without_servers_nothing_is_asked() -> None:
    found = await servers_that_answer([])
    assert (found.servers, found.relay, found.silent) == ((), None, ())


async def test_the_first_in_order_that_answers_in_time_is_taken_although_another_is_quicker() -> None:
    async with udp_relay(after_s=0.05) as (first, _), udp_relay() as (second, _), tcp_relay() as third:
        found = await servers_that_answer([server(first, second), server(third)])
    assert found.servers == (server(first),)
    assert found.relay is RelayTransport.UDP


async def test_one_that_is_dead_or_slow_costs_a_fifth_of_a_second() -> None:
    async with udp_relay(from_number=99) as (dead, _), tcp_relay() as other:
        begun_s = time.monotonic()
        found = await servers_that_answer([server(dead, "turn:127.0.0.1:1?transport=tcp", other)])
        took_s = time.monotonic() - begun_s
    assert found.servers == (server(other),)
    assert found.relay is RelayTransport.TCP
    assert took_s < 2


async def test_a_lost_request_is_sent_again_and_no_credential_is_in_it() -> None:
    async with udp_relay(from_number=2) as (url, heard):
        found = await servers_that_answer([server(url)])
    assert found.servers == (server(url),)
    assert set(heard.methods) == {stun.Method.ALLOCATE}


async def test_when_none_answers_all_relays_are_named_and_none_is_used() -> None:
    async with udp_relay(from_number=99) as (dead, _):
        urls = (dead, "turn:127.0.0.1:1?transport=tcp", "turns:127.0.0.1:1", "turn:[::1]:3478?transport=tcp")
        found = await servers_that_answer([server(*urls)])
    assert found.servers == ()
    assert found.silent == urls


async def test_an_address_server_is_asked_in_its_own_way_and_used_beside_the_relay() -> None:
    async with udp_relay() as (relay, _), udp_relay() as (url, heard):
        stun_url = url.replace("turn:", "stun:")
        found = await servers_that_answer([server(stun_url), server(relay)])
    assert found.servers == (server(stun_url), server(relay))
    assert set(heard.methods) == {stun.Method.BINDING}


@pytest.mark.parametrize(
    ("url", "transport"),
    [
        ("turn:relay.test", RelayTransport.UDP),
        ("turn:relay.test:3478?transport=udp", RelayTransport.UDP),
        ("turn:relay.test:80?transport=tcp", RelayTransport.TCP),
        ("turns:relay.test", RelayTransport.TLS),
        ("turns:relay.test:443?transport=tcp", RelayTransport.TLS),
    ],
)
def test_the_address_tells_the_transport(url: str, transport: RelayTransport) -> None:
    assert transport_of(url) is transport
