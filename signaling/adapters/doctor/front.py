"""What people meet at the public address: the name, the certificate, the proxy, pages and WebSockets."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp

from signaling.adapters.doctor.findings import Code, Finding
from signaling.config.settings import ServerSettings
from signaling.service.ports import Clock

PATIENCE_S: Final = 10.0
#: Certificates that renew themselves do so 30 days before their end: then something has gone wrong for two weeks.
SOON_DAYS: Final = 14
_DAY_S: Final = 86_400
#: OpenSSL's codes (x509_vfy.h).
_NOT_YET, _RAN_OUT, _OTHER_NAME = 9, 10, frozenset({62, 64})
#: The first message that the server sends: the transport is open.
_OPEN: Final = "0"


async def look_at_front(settings: ServerSettings, clock: Clock) -> Sequence[Finding]:
    """The certificate; and what comes through, if there is anything to come through."""
    url = settings.url
    if not settings.public_url:
        return [Finding(Code.CERTIFICATE_NONE, {"url": url})]
    found: list[Finding] = []
    trusted = await asyncio.to_thread(ssl.create_default_context)  # reads all that this machine trusts
    if settings.is_secure:
        certificate = await _certificate(url, clock, trusted)
        found.append(certificate)
        if certificate.code not in {Code.CERTIFICATE_OK, Code.CERTIFICATE_ENDS_SOON}:
            return found
        if not settings.trusted_proxy_count:
            found.append(Finding(Code.PROXY_NOT_COUNTED, {"url": url}))
    else:
        found.append(Finding(Code.CERTIFICATE_NONE, {"url": url}))
    return [*found, await _proxy(url, trusted)]


async def _certificate(url: str, clock: Clock, trusted: ssl.SSLContext) -> Finding:
    parts = urlsplit(url)
    said: dict[str, Any] = {"host": parts.hostname, "port": parts.port or 443}
    try:
        async with asyncio.timeout(PATIENCE_S):
            _, writer = await asyncio.open_connection(parts.hostname, said["port"], ssl=trusted)
        shown = writer.get_extra_info("peercert")
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    except socket.gaierror:
        return Finding(Code.ADDRESS_UNKNOWN_HOST, said)
    except ssl.SSLCertVerificationError as error:
        return Finding(_meaning(error.verify_code), said)
    except ssl.SSLError:
        return Finding(Code.ADDRESS_NO_TLS, said)
    except OSError:  # a time-out is one too
        return Finding(Code.ADDRESS_UNREACHED, said)
    days = int((ssl.cert_time_to_seconds(shown["notAfter"]) - clock.now().timestamp()) // _DAY_S)
    code = Code.CERTIFICATE_OK if days >= SOON_DAYS else Code.CERTIFICATE_ENDS_SOON
    return Finding(code, said | {"days": days})


def _meaning(verify_code: int) -> Code:
    if verify_code == _RAN_OUT:
        return Code.CERTIFICATE_RAN_OUT
    if verify_code == _NOT_YET:
        return Code.CERTIFICATE_NOT_YET
    return Code.CERTIFICATE_OTHER_NAME if verify_code in _OTHER_NAME else Code.CERTIFICATE_UNTRUSTED


async def _proxy(url: str, trusted: ssl.SSLContext) -> Finding:
    timeout = aiohttp.ClientTimeout(total=PATIENCE_S)
    try:
        async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(ssl=trusted)) as session:
            async with session.get(f"{url}/healthz", allow_redirects=False) as response:
                is_ours = await _is_ours(response)
                if not is_ours:
                    away = response.status in {502, 503, 504}
                    code = Code.PROXY_SERVER_AWAY if away else Code.PROXY_WRONG_ANSWER
                    return Finding(code, {"url": url, "status": response.status})
            return await _websocket(session, url)
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        return Finding(Code.PROXY_WRONG_ANSWER, {"url": url, "status": type(error).__name__})


async def _is_ours(response: aiohttp.ClientResponse) -> bool:
    # 503 too: the server is there, and its database is not, which is another finding.
    if response.status not in {200, 503} or response.content_type != "application/json":
        return False
    with contextlib.suppress(ValueError, aiohttp.ClientError):
        said = await response.json()
        return isinstance(said, dict) and {"ok", "database"} <= said.keys()
    return False


async def _websocket(session: aiohttp.ClientSession, url: str) -> Finding:
    address = f"{url}/socket.io/?EIO=4&transport=websocket"
    try:
        async with session.ws_connect(address, origin=url, max_msg_size=4096) as connection:
            said = await connection.receive_str(timeout=PATIENCE_S)
    except aiohttp.WSServerHandshakeError as error:
        return Finding(Code.PROXY_NO_WEBSOCKET, {"url": url, "status": error.status})
    except (aiohttp.ClientError, OSError, TypeError, TimeoutError) as error:
        return Finding(Code.PROXY_NO_WEBSOCKET, {"url": url, "status": type(error).__name__})
    if not said.startswith(_OPEN):
        return Finding(Code.PROXY_NO_WEBSOCKET, {"url": url, "status": "another answer"})
    return Finding(Code.PROXY_OK, {"url": url})
