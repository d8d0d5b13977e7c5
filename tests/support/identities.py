"""A kiosk's key and hello, and a person's account, for tests of who may come in."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from signaling.adapters.auth import Argon2Passwords
from signaling.adapters.auth.tokens import code_hash
from signaling.domain.places import Branch, Kiosk, Library, Service
from signaling.protocol.messages import KioskHello
from signaling.protocol.vocabulary import (
    CONNECT_SIGNATURE_CONTEXT,
    PROTOCOL_VERSION,
    BranchId,
    KioskId,
    Language,
    LibraryId,
    Role,
    ServiceId,
    StaffId,
)
from signaling.service.ports import Staff, Store

LIBRARY = LibraryId("norr")
BRANCH = BranchId("burtrask")
KIOSK = KioskId("k1")
STAFF = StaffId("p1")
CODE = "7KQ2-M0XD-9TRB"
PASSWORD = "a long enough password"


def cheap_passwords() -> Argon2Passwords:
    """The real thing with parameters that cost nothing."""
    return Argon2Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


async def add_places(store: Store) -> None:
    """One library with one branch and one service."""
    await store.add_library(Library(LIBRARY, "Norr", Language.SV, "Europe/Stockholm"))
    await store.add_branch(Branch(BRANCH, LIBRARY, "Burträsk", "0914-1"))
    await store.add_service(Service(ServiceId("library-help"), LIBRARY, {Language.SV: "Bibliotekshjälp"}))


async def add_kiosk(store: Store, now: datetime, kiosk_id: KioskId = KIOSK, code: str = CODE) -> None:
    """A kiosk that waits for its enrolment, for a day."""
    await store.add_kiosk(Kiosk(kiosk_id, BRANCH, "Entrance", None), code_hash(code), now + timedelta(days=1))


async def add_staff(store: Store, *, login: str = "anna", must_change: bool = False) -> Staff:
    """An account with `PASSWORD`."""
    hashed = await cheap_passwords().hash(PASSWORD)
    person = Staff(STAFF, LIBRARY, login, "Anna", frozenset({Role.LIBRARIAN}), hashed, must_change)
    await store.add_staff(person)
    return person


def public_key(key: Ed25519PrivateKey) -> str:
    """As it stands in the enrolment."""
    return b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def hello(
    key: Ed25519PrivateKey, challenge: str, *, kiosk_id: str = KIOSK, protocol: int = PROTOCOL_VERSION
) -> KioskHello:
    """A kiosk's hello, signed as the protocol says, put together here from its text and not by the server's code."""
    signed = "\n".join([CONNECT_SIGNATURE_CONTEXT, kiosk_id, challenge]).encode()
    return KioskHello(
        protocol=protocol,
        kiosk_id=kiosk_id,
        challenge=challenge,
        signature=b64encode(key.sign(signed)).decode(),
        instance="i1",
    )
