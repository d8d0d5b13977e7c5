"""A TURN server of our own for tests: Debian's coturn, on this machine, for as long as a test lasts.

What it is for: proof that a call goes through a relay, with the short-lived credential that our server gives out, and
that our server finds out what is wrong with a relay. What it does not do: stand for the production settings
(`deploy/OPERATIONS.md`).
"""

from __future__ import annotations

import asyncio
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import psutil
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from kiosk.core.media import IceServer
from signaling.adapters.turn import CoturnCredentials

SECRET = "only for this test"
LIFE_S = 600


@dataclass(frozen=True, slots=True)
class Coturn:
    """One that listens.

    Attributes:
        host: Its address as it stands in a URL; an IPv6 one in brackets.
        tls_port: 0 without TLS.
        certificate: Its own, signed by itself; None without TLS.
    """

    host: str
    port: int
    tls_port: int = 0
    certificate: Path | None = None

    def url(self, transport: str) -> str:
        """How to reach it by `udp`, `tcp` or `tls`."""
        if transport == "tls":
            return f"turns:{self.host}:{self.tls_port}"
        return f"turn:{self.host}:{self.port}?transport={transport}"

    def credentials(self, *transports: str, secret: str = SECRET) -> CoturnCredentials:
        """What our server would hand out."""
        return CoturnCredentials([self.url(transport) for transport in transports], secret, LIFE_S)


@asynccontextmanager
async def coturn(folder: Path, transport: str = "udp") -> AsyncIterator[IceServer]:
    """Run one; gives how to reach it, with a credential.

    Args:
        folder: Its files go here.
        transport: How clients reach it, `udp` or `tcp`.
    """
    async with relay(folder) as server:
        (grant,) = server.credentials(transport).grant("visit", datetime.now(UTC))
        yield IceServer(tuple(grant.urls), grant.username, grant.credential)


@asynccontextmanager
async def relay(
    folder: Path,
    *,
    address: str = "",
    tls: bool = False,
    loopback_peers: bool = True,
    options: Sequence[str] = (),
) -> AsyncIterator[Coturn]:
    """Run one.

    Args:
        folder: Its files go here.
        address: Where it listens; an address of this machine that WebRTC libraries gather when left out.
        tls: It listens for TLS too.
        loopback_peers: It relays to this very machine too.
        options: More of its command line.
    """
    address = address or own_address()
    port = _free_port(address)
    host = f"[{address}]" if ":" in address else address
    server = Coturn(host, port)
    more = ["--no-tls"]
    if tls:
        certificate, key = self_signed(folder, address)
        server = Coturn(host, port, _free_port(address), certificate)
        more = [f"--tls-listening-port={server.tls_port}", f"--cert={certificate}", f"--pkey={key}"]
    if loopback_peers:
        more.append("--allow-loopback-peers")
    with (folder / "turnserver.log").open("wb") as log:
        process = subprocess.Popen(
            [
                "turnserver", "-n", "--no-cli", "--no-dtls", "--log-file=stdout", "--simple-log",
                f"--listening-ip={address}", f"--relay-ip={'127.0.0.1' if ':' in address else address}",
                f"--listening-port={port}", "--use-auth-secret", f"--static-auth-secret={SECRET}",
                "--realm=test.invalid", f"--pidfile={folder / 'turnserver.pid'}", f"--userdb={folder / 'turndb'}",
                "--fingerprint", *more, *options,
            ],
            stdout=log, stderr=log,
        )  # fmt: skip
    try:
        for listening in (port, server.tls_port):
            if listening:
                await _answers(process, address, listening, folder)
        yield server
    finally:
        process.terminate()
        process.wait(5)


def self_signed(folder: Path, address: str) -> tuple[Path, Path]:
    """A certificate for this address that nobody else vouches for, and its key: two files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test.invalid")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "relay.crt", folder / "relay.key"
    files[0].write_bytes(certificate.public_bytes(Encoding.PEM))
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files


def has_ipv6() -> bool:
    """Whether this machine has an IPv6 loopback address."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


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


def own_address() -> str:
    """An address of this machine that both sides gather; the loopback one is left out by WebRTC libraries."""
    for addresses in psutil.net_if_addrs().values():
        for entry in addresses:
            if entry.family is socket.AF_INET and not entry.address.startswith("127."):
                return entry.address
    return "127.0.0.1"


def _free_port(address: str) -> int:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])
