"""The PIN of a kiosk's service menu, as the hash that travels to the kiosk: `scrypt$n$r$p$salt$hash`, base64.

The kiosk checks it by itself, also while the server is away. A PIN of six digits is guessed by whoever holds the hash
and enough time; so it is a costly one (OWASP's scrypt setting of the least memory, which a small kiosk has, too), and
it goes to that kiosk alone.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from base64 import b64encode
from collections.abc import Callable
from typing import Final

#: 16 MB and five rounds.
N: Final = 2**14
R: Final = 8
P: Final = 5
SALT_BYTES: Final = 16
HASH_BYTES: Final = 32


async def hash_pin(pin: str, salt_of: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """A new hash with its own salt; empty for an empty PIN, which opens nothing.

    Args:
        pin: Digits.
        salt_of: So many bytes that nobody can guess.
    """
    if not pin:
        return ""
    salt = salt_of(SALT_BYTES)
    made = await asyncio.to_thread(hashlib.scrypt, pin.encode(), salt=salt, n=N, r=R, p=P, dklen=HASH_BYTES)
    return f"scrypt${N}${R}${P}${b64encode(salt).decode()}${b64encode(made).decode()}"
