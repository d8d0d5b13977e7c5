"""A real SMTP server (aiosmtpd) on a free port, with TLS and a password if a test wants them."""

from __future__ import annotations

import asyncio
import logging
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
USER, PASSWORD = "library", "a mail password"
REFUSED = "gone@example.org"


@dataclass
class Received:
    """What arrived, and how."""

    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    used_tls: list[bool] = field(default_factory=list)
    signed_in: list[bool] = field(default_factory=list)
    heard: threading.Event = field(default_factory=threading.Event)

    # aiosmtpd finds its hooks by these names.
    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if address == REFUSED:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.messages.append(message_from_bytes(envelope.content, policy=default))
        self.recipients += envelope.rcpt_tos
        self.used_tls.append(session.ssl is not None)
        self.signed_in.append(bool(session.authenticated))
        self.heard.set()
        return "250 OK"


@contextmanager
def smtp_server(
    *, tls: ssl.SSLContext | None = None, implicit: bool = False, auth: bool = False
) -> Iterator[tuple[Received, int]]:
    """Run it; gives what it receives, and its port."""
    received = Received()

    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and given == LoginPassword(USER.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=False)

    options: dict[str, Any] = {"hostname": HOST, "port": 0, "authenticator": check, "auth_required": auth}
    if tls is not None:
        options |= {"ssl_context": tls} if implicit else {"tls_context": tls, "require_starttls": True}
    options["auth_require_tls"] = tls is not None and not implicit
    controller = FreePort(received, **options)
    own_log = logging.getLogger("mail.log")
    level = own_log.level
    # It warns of a name of its own that will go in its next version, and of clients that hang up on it.
    own_log.setLevel(logging.CRITICAL)
    controller.start()
    try:
        yield received, controller.port
    finally:
        controller.stop()
        own_log.setLevel(level)


class FreePort(Controller):
    """Lets the system choose the port, and knocks on the right one after the start."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # the library's


@dataclass(frozen=True)
class Trust:
    """One certificate for this machine, for both ends."""

    server: ssl.SSLContext
    client: ssl.SSLContext


def trust(folder: Path) -> Trust:
    """A certificate that nobody else knows."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail of a test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file, key_file = folder / "certificate.pem", folder / "key.pem"
    file.write_bytes(certificate.public_bytes(Encoding.PEM))
    key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file, key_file)
    return Trust(server, ssl.create_default_context(cafile=file))
