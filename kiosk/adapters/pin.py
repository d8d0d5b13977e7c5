"""Whether a PIN is the one that opens the service menu. Slow on purpose: whoever holds the hash should not guess it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Final

import structlog

#: More than the 16 MB that a hash of ours needs (`n` 2^14, `r` 8), and less than a kiosk has.
MEMORY_MAX_BYTES: Final = 64 * 1024 * 1024
_PARTS: Final = 6

_log = structlog.get_logger(__name__)


def check_pin(pin: str, pin_hash: str) -> bool:
    """Compare, in a time that tells nothing of how much of it was right.

    Args:
        pin: What was entered.
        pin_hash: `scrypt$n$r$p$salt$hash` (RFC 7914), salt and hash in base64; anything else opens nothing.
    """
    parts = pin_hash.split("$")
    if len(parts) != _PARTS or parts[0] != "scrypt":
        return False
    try:
        n, r, p = (int(part) for part in parts[1:4])
        salt, wanted = (base64.b64decode(part, validate=True) for part in parts[4:])
        found = hashlib.scrypt(
            pin.encode(), salt=salt, n=n, r=r, p=p, maxmem=MEMORY_MAX_BYTES, dklen=max(1, len(wanted))
        )
    except (ValueError, binascii.Error, OverflowError, MemoryError) as error:
        _log.warning("pin_hash_not_understood", error=type(error).__name__)
        return False
    return bool(wanted) and hmac.compare_digest(found, wanted)
