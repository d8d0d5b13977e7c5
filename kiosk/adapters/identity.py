"""The kiosk's identity: an Ed25519 key that it made itself, and the id that enrolment gave it.

The private key never leaves this machine. The file is readable by the kiosk's user alone.
"""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

import aiohttp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from signaling.protocol.errors import ErrorCode
from signaling.protocol.vocabulary import (
    CONNECT_SIGNATURE_CONTEXT,
    FINGERPRINT_SIGNATURE_CONTEXT,
    KioskId,
    VisitId,
)

#: Its name in the kiosk's state folder.
IDENTITY_FILE: Final = "identity.json"
ENROL_TIMEOUT_S: Final = 15.0

_REFUSED: Final = {
    ErrorCode.CODE_USED.value: "This enrolment code has been used already; ask for a new one.",
    ErrorCode.NOT_FOUND.value: "The server does not know this enrolment code, or it is too old; ask for a new one.",
    ErrorCode.TOO_FAST.value: "Too many tries; wait five minutes and try again.",
    ErrorCode.MALFORMED.value: "That does not look like an enrolment code; it has three groups of letters and digits.",
}


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
        return Identity(_kiosk_id(stored["kiosk_id"]), key)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IdentityError(
            f"{path} cannot be used ({type(error).__name__}); remove it and enrol this kiosk again."
        ) from error


def check_place(path: Path) -> None:
    """Make sure that an identity can be written here, before a one-time code is used up for it.

    Raises:
        OSError: It cannot.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _unfinished(path).touch(mode=0o600)
    _unfinished(path).unlink()


def save_identity(path: Path, identity: Identity) -> None:
    """Write it whole or not at all, for this user's eyes only; it is on the disk when this returns.

    Raises:
        OSError: It cannot be written; an older identity is as it was.
    """
    raw = identity.key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    text = json.dumps({"kiosk_id": identity.kiosk_id, "key": base64.b64encode(raw).decode()})
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = _unfinished(path)
    unfinished.unlink(missing_ok=True)  # one left by a power cut may be readable by others
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())  # kiosks are switched off at the plug, and a code works only once
    unfinished.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


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
            if response.status != 200:
                _refuse(answer)
            return Identity(_kiosk_id(answer["kiosk_id"]), key)
    except (aiohttp.ContentTypeError, ValueError, KeyError, TypeError) as error:
        raise IdentityError(f"What answers at {server_url} is not the server of this service.") from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise IdentityError(
            f"The server at {server_url} did not answer ({type(error).__name__}); check the address and the network."
        ) from error


def _refuse(answer: dict[str, Any]) -> NoReturn:
    code = str(answer["error"]["code"])
    raise IdentityError(_REFUSED.get(code, f"The server did not take the enrolment code ({code})."))


def _kiosk_id(value: object) -> KioskId:
    if not isinstance(value, str) or not value:
        raise TypeError("a kiosk's id is a text")
    return KioskId(value)


def _unfinished(path: Path) -> Path:
    return path.with_suffix(".new")
