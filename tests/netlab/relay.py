"""Real coturn at the lab's relay, in the family of addresses that is asked for."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import hmac
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path

from kiosk.core.media import IceServer
from tests.netlab.addresses import NOBODY, WORLD
from tests.netlab.lab import Lab
from tests.support.stage.processes import Program, StageError

SECRET = "only for this lab"
PORT = 3478
_LISTENS_S = 15.0


def relay_url(transport: str = "udp", *, nobody: bool = False, v6: bool = False) -> str:
    """The relay's address as a server hands it out; or one where nobody is."""
    address = NOBODY if nobody else WORLD["relay"]
    host = f"[{address.v6}]" if v6 else address.v4
    return f"turn:{host}:{PORT}?transport={transport}"


def stun_url(*, v6: bool = False) -> str:
    """The same machine, asked only for one's own address."""
    host = f"[{WORLD['relay'].v6}]" if v6 else WORLD["relay"].v4
    return f"stun:{host}:{PORT}"


def ice_server(*urls: str) -> IceServer:
    """These addresses with a credential that is good for an hour."""
    name = f"{int(time.time()) + 3600}:visit"
    digest = hmac.new(SECRET.encode(), name.encode(), hashlib.sha1).digest()
    return IceServer(urls, name, base64.b64encode(digest).decode())


@contextlib.asynccontextmanager
async def coturn(lab: Lab, folder: Path) -> AsyncIterator[Program]:
    """Run it; its log lies in the folder."""
    world = WORLD["relay"]
    program = Program(
        "coturn",
        [
            *lab.command("relay"),
            "turnserver", "-n", "--no-cli", "--no-tls", "--no-dtls", "--log-file=stdout", "--simple-log",
            f"--listening-ip={world.v4}", f"--listening-ip={world.v6}",
            f"--relay-ip={world.v4}", f"--relay-ip={world.v6}", f"--listening-port={PORT}",
            "--use-auth-secret", f"--static-auth-secret={SECRET}", "--realm=test.invalid",
            f"--pidfile={folder / 'turnserver.pid'}", f"--userdb={folder / 'turndb'}", "--fingerprint",
        ],
        folder / "turnserver.log",
    )  # fmt: skip
    try:
        deadline = time.monotonic() + _LISTENS_S
        while not await asyncio.to_thread(_listens, lab):
            if not program.running or time.monotonic() > deadline:
                raise StageError(f"coturn does not listen:\n{program.last_words()}")
            await asyncio.sleep(0.05)
        yield program
    finally:
        await program.stop()


def _listens(lab: Lab) -> bool:
    with lab.socket("relay", socket.AF_INET, socket.SOCK_STREAM) as probe:
        return probe.connect_ex((WORLD["relay"].v4, PORT)) == 0
