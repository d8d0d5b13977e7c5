"""E-mail by SMTP: one plain message to one person, with a time-out, and no address in any log line."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

import aiosmtplib
import structlog

from signaling.protocol.vocabulary import Language

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class MailServer:
    """The server that takes our messages.

    Attributes:
        use_tls: The connection begins with TLS (port 465).
        start_tls: It must become TLS before anything is said (port 587).
        user: Empty for a server that asks for no name.
        timeout_s: For each step.
    """

    host: str
    port: int
    sender: str
    use_tls: bool = False
    start_tls: bool = True
    user: str = ""
    password: str = ""
    timeout_s: float = 15


class MailSender:
    """Sends e-mail.

    Args:
        server: Where to.
        tls: Whom to trust; the system's authorities when left out.
    """

    def __init__(self, server: MailServer, tls: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._tls = tls

    async def send(self, to: str, subject: str, text: str, language: Language, now: datetime) -> bool:
        """Send one message; never raises. False when the server was away or refused it."""
        server = self._server
        try:
            message = self._message(to, subject, text, language, now)
            await aiosmtplib.send(
                message,
                sender=server.sender,
                recipients=[to],
                hostname=server.host,
                port=server.port,
                username=server.user or None,
                password=server.password or None,
                use_tls=server.use_tls,
                start_tls=server.start_tls and not server.use_tls,
                tls_context=self._tls,
                timeout=server.timeout_s,
            )
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            # The texts of these errors may carry the address; the kind and the server's number do not.
            _log.warning("mail_not_sent", error=type(error).__name__, code=_code(error))
            return False
        return True

    def _message(self, to: str, subject: str, text: str, language: Language, now: datetime) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._server.sender
        message["To"] = to
        message["Subject"] = subject
        message["Date"] = format_datetime(now)
        message["Message-ID"] = make_msgid(domain=self._server.sender.rpartition("@")[2])
        # Out-of-office programs do not answer it (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        message["Content-Language"] = language.value
        return message


def _code(error: Exception) -> int:
    """What the server answered, or 0."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return error.recipients[0].code if error.recipients else 0
    return error.code if isinstance(error, aiosmtplib.SMTPResponseException) else 0
