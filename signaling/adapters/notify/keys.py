"""The server's VAPID key pair (RFC 8292): one for the whole installation, made once by the command line."""

from __future__ import annotations

from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PRIVATE_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class PushKeys:
    """A key pair, base64url without padding: 32 raw bytes, and the uncompressed point."""

    private: str
    public: str


class NotAKey(ValueError):
    """The setting is no VAPID private key."""


def new_keys() -> PushKeys:
    """A new pair. Browsers that subscribed with another one have to subscribe again."""
    key = generate(SECP256R1())
    number = key.private_numbers().private_value
    return PushKeys(_encoded(number.to_bytes(PRIVATE_BYTES, "big")), public_of(key))


def private_key(text: str) -> EllipticCurvePrivateKey:
    """The key behind the setting.

    Raises:
        NotAKey: It is none.
    """
    try:
        raw = decoded(text.strip())
        if len(raw) != PRIVATE_BYTES:
            raise ValueError
        return derive_private_key(int.from_bytes(raw, "big"), SECP256R1())
    except ValueError:
        raise NotAKey("push.private_key is no key; make one with: python -m signaling push keys") from None


def public_of(key: EllipticCurvePrivateKey) -> str:
    """What a browser is given."""
    return _encoded(key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def settings_text(keys: PushKeys) -> str:
    """The lines for the settings file."""
    return (
        "[push]\n"
        f'private_key = "{keys.private}"\n'
        'subject = "mailto:somebody@example.org"  # whom a push service can ask about us\n'
    )


def decoded(text: str) -> bytes:
    """Of base64url with or without padding; raises ValueError."""
    return b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _encoded(value: bytes) -> str:
    return urlsafe_b64encode(value).decode("ascii").rstrip("=")
