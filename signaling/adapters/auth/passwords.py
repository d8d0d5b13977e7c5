"""Password hashes by argon2id, computed beside the loop: one takes tens of milliseconds and 64 MiB."""

from __future__ import annotations

import asyncio
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: Counted in characters: long enough against guessing, with no rule about digits or signs (NIST SP 800-63B).
MIN_PASSWORD_CHARS: Final = 12
#: A bound on the work that a stranger can make us do.
MAX_PASSWORD_CHARS: Final = 200

#: So many at once: more would only take memory from the calls.
_AT_ONCE: Final = 2


class Argon2Passwords:
    """Hashes and checks passwords.

    Args:
        hasher: The parameters; the library's default follows RFC 9106 (low memory). Tests take a cheap one.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        """A new hash with its own salt."""
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """True when it fits. With None it takes as long and is False, so that logins cannot be guessed."""
        if password_hash is None:
            if self._nobody is None:
                self._nobody = await self.hash("nobody")
            await self._fits(self._nobody, password)
            return False
        return await self._fits(password_hash, password)

    async def _fits(self, password_hash: str, password: str) -> bool:
        async with self._turn:
            return await asyncio.to_thread(self._check, password_hash, password)

    def _check(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False
