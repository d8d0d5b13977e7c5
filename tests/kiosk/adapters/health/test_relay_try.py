"""One try of a relay, against real ones: good, of another secret, full, shut, of another certificate, no relay."""

from __future__ import annotations

import asyncio
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.adapters.health.relay_try import try_relay
from signaling.protocol.relay_address import relay_address
from signaling.protocol.vocabulary import RelayFinding
from tests.support.coturn import SECRET, Coturn, relay

PATIENCE_S = 10.0
HTTP = b"HTTP/1.1 400 Bad Request\r\n\r\n"


async def found(
    server: Coturn, transport: str, *, secret: str = SECRET, patience_s: float = PATIENCE_S
) -> RelayFinding:
    (grant,) = server.credentials(transport, secret=secret).grant("kiosk", datetime.now(UTC))
    address = relay_address(server.url(transport))
    return await try_relay(address, grant.username, grant.credential, patience_s)


def closed_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_a_good_relay_is_reached_and_gets_its_address_back(tmp_path: Path, transport: str) -> None:
    async with relay(tmp_path, options=["--user-quota=1"]) as server:
        # With a quota of one, the next try succeeds only when the first address was given back.
        assert await found(server, transport) is RelayFinding.REACHED
        async with asyncio.timeout(30):
            while True:
                if await found(server, transport) is RelayFinding.REACHED:
                    break
                await asyncio.sleep(0.2)


async def test_a_relay_is_reached_by_tls_if_its_certificate_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with relay(tmp_path, tls=True) as server:
        assert await found(server, "tls") is RelayFinding.CERTIFICATE
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        assert await found(server, "tls") is RelayFinding.REACHED


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_a_relay_of_another_secret_refuses(tmp_path: Path, transport: str) -> None:
    async with relay(tmp_path) as server:
        assert await found(server, transport, secret="another") is RelayFinding.REFUSED


async def test_a_relay_that_lends_nothing_more_is_full(tmp_path: Path) -> None:
    from aioice.turn import TurnClientTcpProtocol

    async with relay(tmp_path, options=["--total-quota=1"]) as server:
        (grant,) = server.credentials("tcp").grant("somebody-else", datetime.now(UTC))
        where = (server.host, server.port)
        transport, other = await asyncio.get_running_loop().create_connection(
            lambda: TurnClientTcpProtocol(where, grant.username, grant.credential, 600, 500), *where
        )
        await other.connect()
        try:
            assert await found(server, "udp") is RelayFinding.FULL
        finally:
            await other.delete()
            transport.close()


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
async def test_where_nobody_listens_nothing_is_reached(transport: str) -> None:
    port = closed_port()
    assert await found(Coturn("127.0.0.1", port, port), transport, patience_s=0.7) is RelayFinding.UNREACHABLE


@pytest.mark.parametrize("host", ["relay.invalid", "relay..invalid"])
async def test_a_name_without_an_address_is_an_unknown_host(host: str) -> None:
    assert await found(Coturn(host, 3478), "udp") is RelayFinding.UNKNOWN_HOST


@pytest.mark.parametrize(
    ("transport", "says"),
    [("tcp", b""), ("tcp", HTTP), ("tls", HTTP)],  # whoever is silent to TLS is not told from a wall
    ids=["silence", "http", "http to tls"],
)
async def test_something_else_that_listens_gives_a_wrong_answer(transport: str, says: bytes) -> None:
    ends: list[asyncio.Task[None]] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        ends.append(task)
        writer.write(says)
        await reader.read()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        finding = await found(Coturn("127.0.0.1", port, port), transport, patience_s=1.0)
    await asyncio.gather(*ends)
    assert finding is RelayFinding.WRONG_ANSWER
