"""TURN credentials that live for a short time, as coturn's `use-auth-secret` checks them.

The scheme is that of draft-uberti-behave-turn-rest-00: the user name is `expiry:opaque id`, the password is
the base64 of HMAC-SHA1 over the user name with the shared secret. SHA-1 is the scheme's, not a choice of
ours; as a keyed hash it is not touched by SHA-1's collisions.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from signaling.service.ports import IceServerGrant


@dataclass(frozen=True, slots=True)
class CoturnCredentials:
    """Hands out credentials for our own TURN servers.

    Attributes:
        urls: `turn:` and `turns:` addresses; empty when there is no server.
        secret: Shared with coturn (`static-auth-secret`).
        ttl_s: How long a credential is good; longer than a long visit, so that no refresh meets its end.
    """

    urls: Sequence[str]
    secret: str
    ttl_s: int

    def grant(self, opaque_id: str, now: datetime) -> Sequence[IceServerGrant]:
        """Servers for one visit; empty when none is configured."""
        if not self.urls:
            return ()
        username = f"{int(now.timestamp()) + self.ttl_s}:{opaque_id}"
        digest = hmac.new(self.secret.encode(), username.encode(), hashlib.sha1).digest()
        return (IceServerGrant(tuple(self.urls), username, base64.b64encode(digest).decode("ascii")),)
