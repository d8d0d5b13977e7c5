"""Secrets that are shown once and kept as hashes: cookies, CSRF tokens, codes, one-time passwords."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from typing import Final

#: Crockford's base32: no I, L, O, U, so that nobody mistypes what was read aloud.
_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS: Final = 3
_GROUP_CHARS: Final = 4
_MISREAD: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})

_CSRF_CONTEXT: Final = b"librarian-on-demand/csrf/v1"


def new_code() -> str:
    """Twelve signs of 32 (60 bits) in groups of four, e.g. `7KQ2-M0XD-9TRB`."""
    return "-".join("".join(secrets.choice(_CROCKFORD) for _ in range(_GROUP_CHARS)) for _ in range(_GROUPS))


def one_time_password() -> str:
    """Two codes (120 bits): holds until the person chooses another."""
    return f"{new_code()}-{new_code()}"


def code_hash(code: str) -> bytes:
    """What is stored of an enrolment code; spaces, hyphens, case and the usual misreadings do not matter."""
    return token_hash(code.upper().translate(_MISREAD))


def token_hash(token: str) -> bytes:
    """SHA-256: enough for tokens that nobody can guess, and quick."""
    return hashlib.sha256(token.encode()).digest()


def csrf_of(token: str) -> str:
    """The CSRF token that belongs to a cookie.

    It follows from the cookie, so that a reloaded page gets the same one, and tells nothing about the cookie.
    """
    digest = hmac.new(token.encode(), _CSRF_CONTEXT, hashlib.sha256).digest()
    return urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def same(first: str, second: str) -> bool:
    """Compare secrets in a time that tells nothing."""
    return hmac.compare_digest(first.encode(), second.encode())
