"""A TURN server of our own for tests: Debian's coturn, on this machine, for as long as a test lasts.

What it is for: proof that a call goes through a relay, with the short-lived credential that our server gives out.
What it does not do: stand for the production settings (`deploy/server`).
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import socket
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil

from kiosk.core.media import IceServer

_SECRET = "only for this test"


@asynccontextmanager
async def coturn(folder: Path, transport: str = "udp") -> AsyncIterator[IceServer]:
    """Run one; gives how to reach it.

    Args:
        folder: Its files go here.
        transport: How clients reach it, `udp` or `tcp`.
    """
    address = _own_address()
    port = _free_port(address)
    with (folder / "turnserver.log").open("wb") as log:
        process = subprocess.Popen(
            [
                "turnserver", "-n", "--no-cli", "--no-tls", "--no-dtls", "--log-file=stdout", "--simple-log",
                f"--listening-ip={address}", f"--relay-ip={address}", f"--listening-port={port}",
                "--use-auth-secret", f"--static-auth-secret={_SECRET}", "--realm=test.invalid",
                f"--pidfile={folder / 'turnserver.pid'}", f"--userdb={folder / 'turndb'}",
                "--allow-loopback-peers", "--fingerprint",
            ],
            stdout=log, stderr=log,
        )  # fmt: skip
    try:
        await _answers(process, address, port, folder)
        name = f"{int(time.time()) + 600}:visit"
        digest = hmac.new(_SECRET.encode(), name.encode(), hashlib.sha1).digest()
        url = f"turn:{address}:{port}?transport={transport}"
        yield IceServer((url,), name, base64.b64encode(digest).decode())
    finally:
        process.terminate()
        process.wait(5)


async def _answers(process: subprocess.Popen[bytes], address: str, port: int, folder: Path) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            _, writer = await asyncio.open_connection(address, port)
        except OSError:
            assert process.poll() is None, (folder / "turnserver.log").read_text()
            assert time.monotonic() < deadline, "coturn does not listen"
            await asyncio.sleep(0.05)
        else:
            writer.close()
            await writer.wait_closed()
            return


def _own_address() -> str:
    """An address of this machine that both sides gather; the loopback one is left out by WebRTC libraries."""
    for addresses in psutil.net_if_addrs().values():
        for entry in addresses:
            if entry.family is socket.AF_INET and not entry.address.startswith("127."):
                return entry.address
    return "127.0.0.1"


def _free_port(address: str) -> int:
    with socket.socket() as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])
