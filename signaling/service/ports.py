"""What the use cases need from the world. Each port has one contract test for the fake and the real thing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from signaling.domain.model import Deadline, LineState, Visit
from signaling.protocol.vocabulary import (
    BranchId,
    KioskId,
    Language,
    LibraryId,
    Role,
    SeatId,
    ServiceId,
    StaffId,
    VisitId,
)

#: So many challenges of one kiosk can wait for an answer; more would let anybody fill the database.
MAX_OPEN_CHALLENGES: Final = 16


@dataclass(frozen=True, slots=True)
class Library:
    """The organisation that runs the service."""

    id: LibraryId
    name: str
    default_language: Language
    time_zone: str  # IANA name


@dataclass(frozen=True, slots=True)
class Branch:
    """A place with kiosks."""

    id: BranchId
    library_id: LibraryId
    name: str
    phone: str
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """What can be asked for, with its name in each language."""

    id: ServiceId
    library_id: LibraryId
    names: Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class Kiosk:
    """One enrolled touchscreen device.

    Attributes:
        public_key: 32 raw bytes of its Ed25519 key; None until it has enrolled.
    """

    id: KioskId
    branch_id: BranchId
    name: str
    public_key: bytes | None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Staff:
    """A person with an account."""

    id: StaffId
    library_id: LibraryId
    login: str
    name: str
    roles: frozenset[Role]
    password_hash: str
    must_change_password: bool
    disabled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StaffSession:
    """One signed-in browser. Only hashes of the cookie and CSRF tokens are stored."""

    token_hash: bytes
    staff_id: StaffId
    csrf_hash: bytes
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Directory:
    """The slowly changing facts about places and services that views are made of."""

    libraries: Mapping[LibraryId, Library]
    branches: Mapping[BranchId, Branch]
    services: Mapping[ServiceId, Service]
    kiosks: Mapping[KioskId, Kiosk]


class EnrolOutcome(StrEnum):
    """What became of an enrolment code."""

    ENROLLED = "enrolled"
    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"


class LineTransaction(Protocol):
    """One command's view of the line of one library, alone until it ends."""

    async def load(self) -> LineState:
        """Read what the rules need."""

    async def save(self, before: LineState, after: LineState) -> None:
        """Write the difference: inserted, changed and removed visits, offers, seats, kiosks, deadlines.

        A visit that left `after` or is settled stays in the store (without request id) until retention
        removes it; offers, seats, kiosk presences and deadlines that left `after` are deleted.
        """


class Store(Protocol):
    """The truth. All methods may raise StoreError when the database is away."""

    def line(self, library_id: LibraryId) -> AbstractAsyncContextManager[LineTransaction]:
        """Open a write transaction that is alone on this library's line; commits on a clean exit."""

    async def read_line(self, library_id: LibraryId) -> LineState:
        """Read without writing, consistent."""

    async def next_deadline(self) -> tuple[LibraryId, Deadline] | None:
        """The earliest deadline of all libraries, due or not."""

    async def find_visit(self, visit_id: VisitId) -> Visit | None:
        """Any visit, ended ones too."""

    async def directory(self) -> Directory:
        """Libraries, branches, services and kiosks (revoked ones too)."""

    # places -------------------------------------------------------------------------------------------
    async def add_library(self, library: Library) -> None:
        """Insert; raises Exists."""

    async def add_branch(self, branch: Branch) -> None:
        """Insert; raises Exists."""

    async def add_service(self, service: Service) -> None:
        """Insert; raises Exists."""

    # kiosks -------------------------------------------------------------------------------------------
    async def find_kiosk(self, kiosk_id: KioskId) -> Kiosk | None:
        """By id, revoked or not."""

    async def add_kiosk(self, kiosk: Kiosk, code_hash: bytes, code_expires_at: datetime) -> None:
        """Insert a kiosk without key together with its one-time enrolment code."""

    async def enrol_kiosk(
        self, code_hash: bytes, public_key: bytes, now: datetime
    ) -> tuple[EnrolOutcome, Kiosk | None]:
        """Use up a code: bind the key. Exactly one of two racers wins."""

    async def revoke_kiosk(self, kiosk_id: KioskId, now: datetime) -> bool:
        """True when it existed and was not revoked already. Its open enrolment code works no more."""

    async def add_challenge(self, kiosk_id: KioskId, challenge: bytes, expires_at: datetime) -> None:
        """Remember a challenge for one use; a kiosk has at most `MAX_OPEN_CHALLENGES`, the oldest go."""

    async def take_challenge(self, kiosk_id: KioskId, challenge: bytes, now: datetime) -> bool:
        """Use it up: True once, and only before it expires. Also forgets expired ones."""

    # staff --------------------------------------------------------------------------------------------
    async def add_staff(self, staff: Staff) -> None:
        """Insert; raises Exists when the login is taken."""

    async def find_staff_by_login(self, login: str) -> Staff | None:
        """By login, lower case."""

    async def find_staff(self, staff_id: StaffId) -> Staff | None:
        """By id."""

    async def all_staff(self) -> Sequence[Staff]:
        """Every account of every library, disabled ones too, by login."""

    async def set_password(self, staff_id: StaffId, password_hash: str, *, must_change: bool = False) -> None:
        """Replace it; `must_change` marks a one-time password."""

    async def disable_staff(self, staff_id: StaffId, now: datetime) -> bool:
        """Nobody signs in with it any more, its sessions end. True when it existed and was not disabled."""

    async def add_session(self, session: StaffSession) -> None:
        """Remember a signed-in browser."""

    async def find_session(self, token_hash: bytes, now: datetime) -> tuple[StaffSession, Staff] | None:
        """A session that has not expired, of a staff member that is not disabled."""

    async def remove_session(self, token_hash: bytes) -> None:
        """Sign out."""

    async def remove_sessions_of(self, staff_id: StaffId) -> int:
        """Revoke all; returns how many there were."""

    # housekeeping -------------------------------------------------------------------------------------
    async def forget_expired(self, now: datetime) -> Mapping[str, int]:
        """Apply the retention rules of the data registry; returns rows removed per table."""

    async def ping(self) -> None:
        """Raises StoreError when the database does not answer."""

    async def close(self) -> None:
        """Release connections."""


class StoreError(Exception):
    """The database is away or refused."""


class Exists(StoreError):
    """The id or login is taken."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Whose view may have changed by one commit, and what must be passed on.

    Attributes:
        library_id: Whose line.
        kiosks: Kiosks whose own visit changed.
        all_kiosks: The availability changed for every kiosk of the library.
        staff: Every console of the library looks at the line again.
        line: The line as it was committed, so that nobody has to read it again; None when it is not known.
    """

    library_id: LibraryId
    kiosks: frozenset[KioskId] = frozenset()
    all_kiosks: bool = False
    staff: bool = True
    line: LineState | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Relay:
    """One message to pass on to the other end of a visit, as it is, never stored.

    Exactly one of `kiosk_id` and `seat_id` is set.
    """

    event: str
    payload: Mapping[str, object]
    kiosk_id: KioskId | None = None
    seat_id: SeatId | None = None


class Announcer(Protocol):
    """Carries what was committed to whoever is connected, on any node."""

    async def changed(self, change: Changed) -> None:
        """Views are to be made anew."""

    async def relay(self, relay: Relay) -> None:
        """Pass one message on."""


class Clock(Protocol):
    """Time, as an argument."""

    def now(self) -> datetime:
        """Aware, UTC."""


class Ids(Protocol):
    """Identity, as an argument."""

    def new(self) -> str:
        """22 or more URL-safe characters that nobody can guess."""


@dataclass(frozen=True, slots=True)
class IceServerGrant:
    """ICE servers with credentials that live for a short time."""

    urls: Sequence[str]
    username: str = ""
    credential: str = ""


class Turn(Protocol):
    """Hands out TURN credentials."""

    def grant(self, opaque_id: str, now: datetime) -> Sequence[IceServerGrant]:
        """Servers for one visit; empty when none is configured."""


class Passwords(Protocol):
    """Hashes and checks passwords (argon2id)."""

    async def hash(self, password: str) -> str:
        """A new hash with its own salt."""

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """True when it fits. With None it takes as long and is False, so that logins cannot be guessed."""


class Metrics(Protocol):
    """Counts without names."""

    def count(self, name: str, labels: Mapping[str, str] | None = None) -> None:
        """Add one."""

    def observe(self, name: str, seconds: float) -> None:
        """One duration."""

    def gauge(self, name: str, value: float, labels: Collection[tuple[str, str]] = ()) -> None:
        """Set a level."""
