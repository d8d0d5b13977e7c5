"""Kiosk identity: a one-time code binds a key, and at each connect the kiosk proves that it holds the key.

Without the key nobody learns anything: an unknown kiosk, a wrong key and a bad signature get the same answer,
and challenges are handed out for kiosks that do not exist.
"""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from signaling.adapters.auth.throttle import Throttle
from signaling.adapters.auth.tokens import code_hash
from signaling.domain.places import Kiosk
from signaling.protocol.errors import ErrorCode, WireError
from signaling.protocol.messages import KioskHello
from signaling.protocol.vocabulary import (
    CONNECT_SIGNATURE_CONTEXT,
    OLDEST_PROTOCOL_VERSION,
    PROTOCOL_VERSION,
    KioskId,
)
from signaling.service.ports import EnrolOutcome, Store

CHALLENGE_BYTES: Final = 32
PUBLIC_KEY_BYTES: Final = 32

_log = structlog.stdlib.get_logger(__name__)


class KioskAuth:
    """Enrolment, challenges and proof.

    Args:
        store: Knows kiosks, codes and open challenges.
        challenge_ttl_s: How long a challenge can be answered.
        enrol_throttle: Tries of codes, per address.
        challenge_throttle: Challenges, per address; a branch's kiosks may share one.
        random_bytes: The source of challenges.
    """

    def __init__(
        self,
        store: Store,
        *,
        challenge_ttl_s: int,
        enrol_throttle: Throttle,
        challenge_throttle: Throttle,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._store = store
        self._challenge_ttl = timedelta(seconds=challenge_ttl_s)
        self._enrol_throttle = enrol_throttle
        self._challenge_throttle = challenge_throttle
        self._random_bytes = random_bytes
        # Checked in place of a kiosk that does not exist, so that its answer takes as long.
        self._nobody = Ed25519PrivateKey.generate().public_key()

    async def enrol(self, code: str, public_key_base64: str, address: str, now: datetime) -> Kiosk:
        """Use up a one-time code and bind the kiosk's key to it.

        Args:
            code: As typed by a person.
            public_key_base64: The raw 32 bytes of an Ed25519 key.
            address: Where from; only for the throttle.
            now: Aware, UTC.

        Raises:
            WireError: `too_fast`, `malformed`, `code_used`, or `not_found` (unknown or expired code).
        """
        self._enrol_throttle.hit(address)
        public_key = _decoded(public_key_base64)
        if len(public_key) != PUBLIC_KEY_BYTES:
            raise WireError(ErrorCode.MALFORMED)
        outcome, kiosk = await self._store.enrol_kiosk(code_hash(code), public_key, now)
        if kiosk is None:
            _log.warning("enrolment_refused", outcome=outcome.value)
            used = outcome is EnrolOutcome.USED
            raise WireError(ErrorCode.CODE_USED if used else ErrorCode.NOT_FOUND)
        _log.info("kiosk_enrolled", kiosk_id=kiosk.id)
        return kiosk

    async def challenge(self, kiosk_id: KioskId, address: str, now: datetime) -> tuple[bytes, datetime]:
        """Something new to sign, and until when; the same for a kiosk that does not exist.

        Raises:
            WireError: `too_fast`.
        """
        self._challenge_throttle.hit(address)
        challenge = self._random_bytes(CHALLENGE_BYTES)
        expires_at = now + self._challenge_ttl
        if await self._store.find_kiosk(kiosk_id) is not None:
            await self._store.add_challenge(kiosk_id, challenge, expires_at)
        return challenge, expires_at

    async def verify(self, hello: KioskHello, now: datetime) -> Kiosk:
        """Who is connecting. The challenge is used up by it.

        Raises:
            WireError: `version`; `not_authenticated` for a wrong signature or an unknown kiosk; and only to
                one that holds the key, `replayed` (challenge used, expired or not ours) or `revoked`.
        """
        try:
            return await self._verify(hello, now)
        except WireError as refusal:
            _log.warning("kiosk_refused", code=refusal.code.value, kiosk_id=hello.kiosk_id)
            raise

    async def _verify(self, hello: KioskHello, now: datetime) -> Kiosk:
        if not OLDEST_PROTOCOL_VERSION <= hello.protocol <= PROTOCOL_VERSION:
            raise WireError(ErrorCode.VERSION, {"oldest": OLDEST_PROTOCOL_VERSION, "newest": PROTOCOL_VERSION})
        kiosk_id = KioskId(hello.kiosk_id)
        challenge = _decoded(hello.challenge)
        signature = _decoded(hello.signature)
        signed = f"{CONNECT_SIGNATURE_CONTEXT}\n{hello.kiosk_id}\n{hello.challenge}".encode()
        kiosk = await self._store.find_kiosk(kiosk_id)
        key_bytes = kiosk.public_key if kiosk is not None else None
        key = Ed25519PublicKey.from_public_bytes(key_bytes) if key_bytes is not None else self._nobody
        try:
            key.verify(signature, signed)
        except InvalidSignature:
            raise WireError(ErrorCode.NOT_AUTHENTICATED) from None
        if kiosk is None or key is self._nobody:
            raise WireError(ErrorCode.NOT_AUTHENTICATED)
        if not await self._store.take_challenge(kiosk_id, challenge, now):
            raise WireError(ErrorCode.REPLAYED)
        if kiosk.revoked_at is not None:
            raise WireError(ErrorCode.REVOKED)
        return kiosk


def encoded(value: bytes) -> str:
    """Base64 as it stands on the wire."""
    return b64encode(value).decode("ascii")


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (Base64Error, ValueError):
        raise WireError(ErrorCode.MALFORMED) from None
