"""The try of a relay against real ones: good, of another secret, full, closed, of another certificate, no relay."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from signaling.adapters.relay_check import RelayProbe
from signaling.adapters.turn import CoturnCredentials
from signaling.protocol.relay_address import relay_address
from signaling.protocol.vocabulary import RelayFinding
from tests.support.coturn import Coturn, has_ipv6, relay, self_signed


class RealClock:
    """The machine's, wrong by so much."""

    def __init__(self, wrong_by: timedelta = timedelta()) -> None:
        self._wrong_by = wrong_by

    def now(self) -> datetime:
        return datetime.now(UTC) + self._wrong_by


async def found(
    url: str, turn: CoturnCredentials, *, clock: RealClock | None = None, patience_s: float = 10.0
) -> RelayFinding:
    return await RelayProbe(turn, clock or RealClock(), patience_s=patience_s).look(relay_address(url))


async def found_at(server: Coturn, transport: str) -> RelayFinding:
    return await found(server.url(transport), server.credentials(transport))


@asynccontextmanager
async def listener(says: bytes) -> AsyncIterator[int]:
    """Takes every TCP connection, and says what no relay says; its port."""

    talks: list[asyncio.Event] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.append(over := asyncio.Event())
        try:
            writer.write(says)
            await reader.read()
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
        finally:
            over.set()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
    async with asyncio.timeout(10):
        for over in talks:
            await over.wait()


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_a_good_relay_is_reached_and_keeps_nothing_of_it(tmp_path: Path, transport: str) -> None:
    async with relay(tmp_path, options=["--user-quota=1"]) as server:
        assert await found_at(server, transport) is RelayFinding.REACHED
        # With a quota of one, the next try succeeds only when the first address was given back. An address that is
        # left to itself stays lent for ten minutes; coturn takes a moment for one that was given back.
        async with asyncio.timeout(30):
            while True:
                if await found_at(server, transport) is RelayFinding.REACHED:
                    break
                await asyncio.sleep(0.2)


async def test_a_good_relay_is_reached_by_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with relay(tmp_path, tls=True) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        assert await found_at(server, "tls") is RelayFinding.REACHED


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_a_good_relay_is_reached_by_ipv6(tmp_path: Path, transport: str) -> None:
    async with relay(tmp_path, address="::1") as server:
        assert server.url(transport).startswith("turn:[::1]:")
        assert await found_at(server, transport) is RelayFinding.REACHED


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_a_relay_of_another_secret_refuses(tmp_path: Path, transport: str) -> None:
    async with relay(tmp_path) as server:
        wrong = server.credentials(transport, secret="another")
        assert await found(server.url(transport), wrong) is RelayFinding.REFUSED


async def test_a_clock_that_is_far_behind_makes_the_relay_refuse(tmp_path: Path) -> None:
    async with relay(tmp_path) as server:
        late = RealClock(-timedelta(hours=1))
        finding = await found(server.url("udp"), server.credentials("udp"), clock=late)
        assert finding is RelayFinding.REFUSED


async def test_a_relay_without_an_address_left_is_full(tmp_path: Path) -> None:
    async with relay(tmp_path, options=["--total-quota=1"]) as server:
        from aioice.turn import TurnClientTcpProtocol

        (grant,) = server.credentials("tcp").grant("somebody-else", datetime.now(UTC))
        where = (server.host, server.port)
        transport, other = await asyncio.get_running_loop().create_connection(
            lambda: TurnClientTcpProtocol(where, grant.username, grant.credential, 600, 500), *where
        )
        await other.connect()
        try:
            assert await found_at(server, "udp") is RelayFinding.FULL
        finally:
            await other.delete()
            transport.close()


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
async def test_where_nobody_listens_the_relay_is_unreachable(transport: str) -> None:
    async with listener(b"") as port:
        pass
    gone = Coturn("127.0.0.1", port, port)
    finding = await found(gone.url(transport), gone.credentials(transport), patience_s=1.0)
    assert finding is RelayFinding.UNREACHABLE


@pytest.mark.parametrize("host", ["relay.invalid", "relay..invalid"])
async def test_a_name_without_an_address_is_an_unknown_host(host: str) -> None:
    nowhere = Coturn(host, 3478)
    assert await found(nowhere.url("udp"), nowhere.credentials("udp")) is RelayFinding.UNKNOWN_HOST


async def test_a_certificate_that_nobody_vouches_for_is_not_trusted(tmp_path: Path) -> None:
    async with relay(tmp_path, tls=True) as server:
        assert await found_at(server, "tls") is RelayFinding.CERTIFICATE


async def test_a_certificate_for_another_address_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with relay(tmp_path, tls=True) as server:
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        other, _ = self_signed(elsewhere, "192.0.2.1")
        monkeypatch.setenv("SSL_CERT_FILE", str(other))
        assert await found_at(server, "tls") is RelayFinding.CERTIFICATE


async def test_a_port_without_tls_gives_a_wrong_answer_to_tls(tmp_path: Path) -> None:
    async with listener(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        plain = Coturn("127.0.0.1", port, port)
        assert await found_at(plain, "tls") is RelayFinding.WRONG_ANSWER


@pytest.mark.parametrize(
    "says", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x00" * 64], ids=["silence", "http", "zeros"]
)
async def test_something_else_that_listens_gives_a_wrong_answer(says: bytes) -> None:
    async with listener(says) as port:
        server = Coturn("127.0.0.1", port)
        finding = await found(server.url("tcp"), server.credentials("tcp"), patience_s=1.0)
        assert finding is RelayFinding.WRONG_ANSWER
