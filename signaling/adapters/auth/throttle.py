"""So many tries in a while, per key, in memory.

Keys are hashed with a secret of this process before they are kept: no address and no login stands in memory,
and none is logged.
"""

from __future__ import annotations

import hashlib
import math
import secrets
import time

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from signaling.protocol.errors import ErrorCode, WireError


class Throttle:
    """Allows `attempts` per key within `window_s`.

    Fixed windows, because their counters go away when the window ends; a moving window keeps an entry for
    each key that was ever seen.
    """

    def __init__(self, *, attempts: int, window_s: int) -> None:
        self._item = RateLimitItemPerSecond(attempts, window_s)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._secret = secrets.token_bytes(32)

    def hit(self, *key: str) -> None:
        """Count one try.

        Raises:
            WireError: `too_fast` with `retry_after_s`.
        """
        hidden = self._hide(key)
        if not self._limiter.hit(self._item, hidden):
            reset_at = self._limiter.get_window_stats(self._item, hidden).reset_time
            wait_s = max(1, math.ceil(reset_at - time.time()))
            raise WireError(ErrorCode.TOO_FAST, {"retry_after_s": wait_s})

    def clear(self, *key: str) -> None:
        """Forget the tries of one key: it was the right person."""
        self._limiter.clear(self._item, self._hide(key))

    def _hide(self, key: tuple[str, ...]) -> str:
        return hashlib.blake2b("\n".join(key).encode(), key=self._secret, digest_size=16).hexdigest()
