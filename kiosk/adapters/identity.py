"""The kiosk's identity: an Ed25519 key that it made itself, and the id that enrolment gave it.

The private key never leaves this machine. The file is readable by the kiosk's user alone.
"""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiohttp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from signaling.protocol.vocabulary import (
    CONNECT_SIGNATURE_CONTEXT,
    FINGERPRINT_SIGNATURE_CONTEXT,
    KioskId,
    VisitId,
)

ENROL_TIMEOUT_S: Final = 15.0


class IdentityError(Exception):
    """The identity cannot be read or made; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this kiosk is."""

    kiosk_id: KioskId
    key: Ed25519PrivateKey

    def sign_challenge(self, challenge: str) -> str:
        """Prove the key: the server's challenge, signed. Both base64."""
        return self._sign(CONNECT_SIGNATURE_CONTEXT, self.kiosk_id, challenge)

    def sign_fingerprint(self, visit_id: VisitId, generation: int, fingerprint: str) -> str:
        """Bind a DTLS certificate to this kiosk, for one generation of one visit. Base64."""
        return self._sign(FINGERPRINT_SIGNATURE_CONTEXT, visit_id, str(generation), fingerprint)

    def _sign(self, *parts: str) -> str:
        return base64.b64encode(self.key.sign("\n".join(parts).encode())).decode()


def load_identity(path: Path) -> Identity | None:
    """Read the identity; None when there is none yet.

    Raises:
        IdentityError: The file is there and cannot be used.
    """
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(stored["key"], validate=True))
        return Identity(KioskId(stored["kiosk_id"]), key)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IdentityError(
            f"{path} cannot be used ({type(error).__name__}); remove it and enrol this kiosk again."
        ) from error


def save_identity(path: Path, identity: Identity) -> None:
    """Write it whole or not at all, for this user's eyes only."""
    raw = identity.key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    text = json.dumps({"kiosk_id": identity.kiosk_id, "key": base64.b64encode(raw).decode()})
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".new")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    unfinished.replace(path)


async def enrol(server_url: str, code: str) -> Identity:
    """Make a key and bind it to this kiosk with a one-time code.

    Raises:
        IdentityError: The server did not take the code, or did not answer.
    """
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    body = {"code": code, "public_key": base64.b64encode(public).decode()}
    timeout = aiohttp.ClientTimeout(total=ENROL_TIMEOUT_S)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as http,
            http.post(f"{server_url.rstrip('/')}/api/kiosk/enrol", json=body) as response,
        ):
            answer = await response.json()
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise IdentityError(f"The server did not answer ({type(error).__name__}).") from error
    if "kiosk_id" not in answer:
        reason = answer.get("error", {}).get("code", "unknown")
        raise IdentityError(f"The server did not take the enrolment code ({reason}).")
    return Identity(KioskId(answer["kiosk_id"]), key)
