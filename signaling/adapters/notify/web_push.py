"""Web push (RFC 8030): a short encrypted message to one browser of one person.

The message is encrypted for the browser (RFC 8291), so that the push service in between reads nothing, and signed
with our key (RFC 8292), so that only this server can send to that browser.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import aiohttp
import structlog
from aiohttp.abc import AbstractResolver
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from py_vapid import Vapid02
from pywebpush import WebPusher

from signaling.adapters.notify import endpoints
from signaling.adapters.notify.keys import decoded, private_key, public_of
from signaling.service.ports import PushSubscription

#: Older than this, a request helps nobody any more: the push service throws it away.
TTL_S: Final = 15 * 60
#: A newer request takes the place of an older one that a browser has not fetched yet.
TOPIC: Final = "standby"
#: The secret that a browser shares with us (RFC 8291).
AUTH_BYTES: Final = 16
TOKEN_LIFE: Final = timedelta(hours=12)
#: The browser is gone for good, say push services by these.
_GONE: Final = frozenset({404, 410})

_log = structlog.stdlib.get_logger(__name__)


class PushOutcome(StrEnum):
    """What became of one message."""

    SENT = "sent"
    GONE = "gone"
    FAILED = "failed"


class WebPush:
    """Sends web push.

    Args:
        private: The VAPID private key of the settings.
        subject: Whom a push service can ask about us.
        timeout_s: For one message.
        allow_private: Push services inside the own network too.
        resolver: How names become addresses; the system's way when left out.

    Raises:
        NotAKey: The private key is none.
    """

    def __init__(
        self,
        private: str,
        subject: str,
        *,
        timeout_s: float,
        allow_private: bool = False,
        resolver: AbstractResolver | None = None,
    ) -> None:
        key = private_key(private)
        self.public_key: Final = public_of(key)
        self._vapid = Vapid02(key)
        self._subject = subject
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)
        self._allow_private = allow_private
        self._resolver = resolver

    def accepts(self, endpoint: str) -> bool:
        """Whether this server sends there."""
        return endpoints.accepts(endpoint, allow_private=self._allow_private)

    async def send(
        self,
        to: PushSubscription,
        message: Mapping[str, Any],
        now: datetime,
        *,
        ttl_s: int = TTL_S,
        topic: str = TOPIC,
    ) -> PushOutcome:
        """Send one message; never raises.

        Args:
            to: Which browser.
            message: What the console's `push.js` shows.
            now: Aware, UTC.
            ttl_s: So long the push service keeps it for a browser that sleeps.
            topic: It takes the place of an older one of this topic that was not fetched yet; empty: of none.
        """
        if not self.accepts(to.endpoint):
            return PushOutcome.GONE
        try:
            body = _encrypted(to, message)
        except ValueError as error:  # no key of a browser: nothing will ever reach it
            _log.warning("push_keys_unusable", error=type(error).__name__)
            return PushOutcome.GONE
        try:
            status = await self._post(to.endpoint, body, self._headers(to.endpoint, now, ttl_s, topic))
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            _log.warning("push_not_sent", error=type(error).__name__)
            return PushOutcome.FAILED
        if status in _GONE:
            return PushOutcome.GONE
        if not 200 <= status < 300:
            _log.warning("push_refused", status=status)
            return PushOutcome.FAILED
        return PushOutcome.SENT

    async def _post(self, endpoint: str, body: bytes, headers: Mapping[str, str]) -> int:
        # Only the status is read: what a stranger's server answers beyond it is of no use and could be endless.
        async with (
            aiohttp.ClientSession(connector=self._connector(), timeout=self._timeout) as session,
            session.post(endpoint, data=body, headers=headers, allow_redirects=False) as response,
        ):
            return response.status

    def _connector(self) -> aiohttp.TCPConnector:
        resolver = self._resolver or aiohttp.ThreadedResolver()
        return aiohttp.TCPConnector(resolver=resolver if self._allow_private else endpoints.PublicOnly(resolver))

    def _headers(self, endpoint: str, now: datetime, ttl_s: int, topic: str) -> dict[str, str]:
        claims = {
            "sub": self._subject,
            "aud": endpoints.origin(endpoint),
            "exp": int((now + TOKEN_LIFE).timestamp()),
        }
        signed: dict[str, str] = self._vapid.sign(claims)
        return {
            **signed,
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(ttl_s),
            "Urgency": "high",
            **({"Topic": topic} if topic else {}),
        }


def _encrypted(to: PushSubscription, message: Mapping[str, Any]) -> bytes:
    """Closed for this browser; raises ValueError when its keys are none."""
    EllipticCurvePublicKey.from_encoded_point(SECP256R1(), decoded(to.p256dh))
    if len(decoded(to.auth)) != AUTH_BYTES:
        raise ValueError("not a secret")
    keys = {"p256dh": to.p256dh, "auth": to.auth}
    pusher = WebPusher({"endpoint": to.endpoint, "keys": keys})
    body: bytes = pusher.encode(json.dumps(message, ensure_ascii=False).encode())["body"]
    return body
