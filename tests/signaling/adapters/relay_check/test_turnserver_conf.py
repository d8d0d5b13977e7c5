"""The coturn settings that we hand out: they work, and they keep the relay out of private networks."""

from __future__ import annotations

import asyncio
import re
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from aioice.stun import TransactionFailed
from aioice.turn import TurnClientTcpProtocol

from tests.support.coturn import Coturn, relay

#: What only the machine that it is meant for has: its names, ports, secret, certificate and system log.
_OF_THE_MACHINE = ("static-auth-secret", "realm", "listening-port", "tls-", "cert", "pkey", "no-dtls", "syslog")
FORBIDDEN = 403

PRIVATE = [
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.254",
    "100.64.0.1",
    "100.127.255.254",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.254",
    "192.168.0.1",
    "192.168.255.254",
    "198.18.0.1",
    "198.19.255.254",
    "240.0.0.1",
    "224.0.0.251",
]
PUBLIC = ["9.255.255.255", "11.0.0.1", "100.128.0.1", "172.32.0.1", "192.169.0.1", "198.51.100.9", "203.0.113.9"]


@asynccontextmanager
async def allocation(server: Coturn) -> AsyncIterator[TurnClientTcpProtocol]:
    """An address that the relay has lent."""
    (grant,) = server.credentials("tcp").grant("visit", datetime.now(UTC))
    where = (server.host, server.port)
    transport, client = await asyncio.get_running_loop().create_connection(
        lambda: TurnClientTcpProtocol(where, grant.username, grant.credential, 600, 500), *where
    )
    try:
        await client.connect()
        yield client
        await client.delete()
    finally:
        transport.close()


async def refusals(server: Coturn, peers: list[str]) -> dict[str, int | None]:
    """To which of these peers it does not relay, with the code that it gives."""
    found: dict[str, int | None] = {}
    async with allocation(server) as client:
        for number, peer in enumerate(peers):
            try:
                await client.channel_bind(0x4000 + number, (peer, 40_000))
            except TransactionFailed as failed:
                found[peer] = failed.response.error_code
    return found


def options_of(file: Path) -> list[str]:
    """Its lines as options of the command line, without what is of the machine that it is meant for."""
    lines = [line.strip() for line in file.read_text("utf-8").splitlines()]
    options = [line for line in lines if line and not line.startswith("#")]
    return [f"--{option}" for option in options if not option.startswith(_OF_THE_MACHINE)]


async def test_our_settings_relay_to_public_addresses_and_to_no_private_one(tmp_path: Path, project_root: Path) -> None:
    options = options_of(project_root / "deploy/server/turnserver.conf")
    assert "--no-multicast-peers" in options
    async with relay(tmp_path, options=options, loopback_peers=False) as server:
        assert await refusals(server, PUBLIC) == {}
        assert await refusals(server, PRIVATE) == dict.fromkeys(PRIVATE, FORBIDDEN)
    # IPv6 ranges are read as ranges too; a relay without an IPv6 address has no peers there to refuse.
    log = (tmp_path / "turnserver.log").read_text()
    for denied in ("::1", "fc00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe80::-febf:ffff:ffff:ffff:ffff:ffff"):
        assert f"Black listing: {denied}" in log
    assert "Wrong address" not in log


async def test_without_them_it_does_relay_into_private_networks(tmp_path: Path) -> None:
    async with relay(tmp_path, loopback_peers=False) as server:
        assert "10.0.0.1" not in await refusals(server, ["10.0.0.1"])


def test_every_line_is_an_option_that_coturn_knows(project_root: Path) -> None:
    file = project_root / "deploy/server/turnserver.conf"
    helped = subprocess.run(["turnserver", "--help"], capture_output=True, text=True, check=False)
    known = set(re.findall(r"--([a-z0-9_-]+)", helped.stdout + helped.stderr))
    named = {
        line.partition("=")[0]
        for line in file.read_text("utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    }
    assert named - known == set()
