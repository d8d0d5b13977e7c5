"""Can people be told? The mail server is signed in to, and nothing is sent; the key of web push signs once."""

from __future__ import annotations

import contextlib
import socket
import ssl
from typing import Any, Final

import aiosmtplib

from signaling.adapters.doctor.findings import Code, Finding
from signaling.adapters.notify.keys import NotAKey
from signaling.adapters.notify.ways import web_push
from signaling.config.settings import MailSettings, MailTls, PushSettings

PATIENCE_S: Final = 10.0
#: What of the public key is shown: enough to tell two apart.
_SHOWN_CHARS: Final = 16


async def look_at_mail(settings: MailSettings) -> Finding:
    """Sign in and say who we are; then take that back."""
    if not settings.host:
        return Finding(Code.MAIL_OFF)
    said: dict[str, Any] = {
        "host": settings.host,
        "port": settings.port,
        "sender": settings.sender,
        "tls": settings.tls.value,
    }
    client = aiosmtplib.SMTP(
        hostname=settings.host,
        port=settings.port,
        use_tls=settings.tls is MailTls.TLS,
        start_tls=False,  # done below, so that each step has its own finding
        timeout=min(PATIENCE_S, settings.timeout_s),
    )
    try:
        return await _signed_in(client, settings, said)
    except aiosmtplib.SMTPAuthenticationError as error:
        return Finding(Code.MAIL_LOGIN_REFUSED, said | {"status": error.code})
    except aiosmtplib.SMTPSenderRefused as error:
        return Finding(Code.MAIL_SENDER_REFUSED, said | {"status": error.code})
    except (aiosmtplib.SMTPException, OSError) as error:
        return Finding(_meaning(error), said)
    finally:
        with contextlib.suppress(aiosmtplib.SMTPException, OSError):
            client.close()


async def _signed_in(client: aiosmtplib.SMTP, settings: MailSettings, said: dict[str, Any]) -> Finding:
    await client.connect()
    await client.ehlo()
    if settings.tls is MailTls.STARTTLS:
        if not client.supports_extension("starttls"):
            return Finding(Code.MAIL_NO_TLS, said)
        await client.starttls()
    if settings.user:
        try:
            await client.login(settings.user, settings.password.get_secret_value())
        except aiosmtplib.SMTPAuthenticationError:
            raise
        except aiosmtplib.SMTPException:  # it offers no way to sign in that we know, or none at all
            return Finding(Code.MAIL_LOGIN_REFUSED, said | {"status": "it offers no sign-in"})
    try:
        await client.mail(settings.sender)
    except aiosmtplib.SMTPResponseException as error:
        return Finding(Code.MAIL_SENDER_REFUSED, said | {"status": error.code})
    with contextlib.suppress(aiosmtplib.SMTPException, OSError):
        await client.rset()
        await client.quit()
    return Finding(Code.MAIL_OK, said)


def _meaning(error: Exception) -> Code:
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    for kind, code in (
        (socket.gaierror, Code.MAIL_UNKNOWN_HOST),
        (ssl.SSLCertVerificationError, Code.MAIL_CERTIFICATE),
        (ssl.SSLError, Code.MAIL_NO_TLS),
        (aiosmtplib.SMTPResponseException, Code.MAIL_WRONG_ANSWER),
        (aiosmtplib.SMTPConnectResponseError, Code.MAIL_WRONG_ANSWER),
        (OSError, Code.MAIL_UNREACHED),
        (aiosmtplib.SMTPConnectError, Code.MAIL_UNREACHED),
        (aiosmtplib.SMTPTimeoutError, Code.MAIL_UNREACHED),
    ):
        if any(isinstance(one, kind) for one in causes):
            return code
    return Code.MAIL_WRONG_ANSWER


def look_at_push(settings: PushSettings) -> Finding:
    """Whether the key is one."""
    try:
        push = web_push(settings)
    except NotAKey:
        return Finding(Code.PUSH_KEY_BROKEN)
    if push is None:
        return Finding(Code.PUSH_OFF)
    return Finding(Code.PUSH_OK, {"public_key": push.public_key[:_SHOWN_CHARS]})
