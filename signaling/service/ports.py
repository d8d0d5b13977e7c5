"""What the use cases need from the world. Each port has one contract test for the fake and the real thing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Protocol

from signaling.domain.effects import StandbyCause
from signaling.domain.model import Deadline, LineState, Visit
from signaling.domain.places import (
    ALL_LANGUAGES,
    Branch,
    Card,
    DayException,
    Directory,
    Kiosk,
    Library,
    Service,
    Team,
)
from signaling.protocol.vocabulary import (
    BranchId,
    IceTrouble,
    KioskId,
    Language,
    LibraryId,
    LineId,
    MediaEngine,
    Party,
    PathFault,
    PathQuality,
    RelayFinding,
    RelayTransport,
    Role,
    SeatId,
    StaffId,
    VisitId,
)
from signaling.service.health_ports import HealthStore

#: What the web forms keep.
Place = Library | Branch | Service | Team | Card | DayException

#: So many challenges of one kiosk can wait for an answer; more would let anybody fill the database.
MAX_OPEN_CHALLENGES: Final = 16


@dataclass(frozen=True, slots=True)
class Staff:
    """A person with an account.

    Attributes:
        languages: What the person speaks with visitors.
        email: Where standby requests go; may be empty.
        standby: The person wants to be asked when nobody else is there.
        alerts: The person wants to be told when a kiosk needs somebody.
    """

    id: StaffId
    library_id: LibraryId
    login: str
    name: str
    roles: frozenset[Role]
    password_hash: str
    must_change_password: bool
    disabled_at: datetime | None = None
    languages: frozenset[Language] = ALL_LANGUAGES
    email: str = ""
    standby: bool = False
    alerts: bool = False


@dataclass(frozen=True, slots=True)
class StaffSession:
    """One signed-in browser. Only hashes of the cookie and CSRF tokens are stored."""

    token_hash: bytes
    staff_id: StaffId
    csrf_hash: bytes
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PushSubscription:
    """One browser that takes web push for a staff member (RFC 8030; keys as the browser gave them, base64url)."""

    endpoint: str
    staff_id: StaffId
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class ActionEntry:
    """One line of the action log: who changed what, when.

    Attributes:
        actor_id: The staff member, or the kiosk in whose service menu it was done; empty when it was the command line.
        action: Which action, as in `signaling.domain.permissions`.
        subject_id: What it was done to.
        details: The fields that changed, new values as text; no passwords, codes or keys.
    """

    id: str
    library_id: LibraryId
    at: datetime
    actor_id: StaffId
    actor_name: str
    action: str
    subject_id: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QualityRecord:
    """What one path of one call was like at one end: figures and codes, of no person and without any address.

    The last one of a path and end counts; `signaling.protocol.messages.call.CallQuality` says what each figure means.

    Attributes:
        party: At which end it was seen.
        at: When it was told last.
    """

    visit_id: VisitId
    generation: int
    party: Party
    kiosk_id: KioskId
    branch_id: BranchId
    library_id: LibraryId
    at: datetime
    seconds: float
    connect_ms: float | None = None
    round_trip_ms: float | None = None
    loss_in_percent: float = 0.0
    loss_out_percent: float | None = None
    freezes: int = 0
    frozen_s: float = 0.0
    concealed_percent: float = 0.0
    width_sent: int = 0
    height_sent: int = 0
    video_codec: str = ""
    audio_codec: str = ""
    engine: MediaEngine | None = None
    relayed: bool = False
    relay: RelayTransport | None = None
    worst: PathQuality = PathQuality.GOOD
    faults: tuple[PathFault, ...] = ()
    troubles: tuple[IceTrouble, ...] = ()


class EnrolOutcome(StrEnum):
    """What became of an enrolment code."""

    ENROLLED = "enrolled"
    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"


class LineTransaction(Protocol):
    """One command's view of one line, alone until it ends."""

    async def load(self) -> LineState:
        """Read what the rules need."""

    async def save(self, before: LineState, after: LineState) -> None:
        """Write the difference: inserted, changed and removed visits, offers, seats, kiosks, standings, deadlines.

        A visit that left `after` or is settled stays in the store (without request id) until retention
        removes it; offers, seats, kiosk presences and deadlines that left `after` are deleted.
        """


class Store(HealthStore, Protocol):
    """The truth. All methods may raise StoreError when the database is away."""

    def line(self, line_id: LineId) -> AbstractAsyncContextManager[LineTransaction]:
        """Open a write transaction that is alone on this line; commits on a clean exit."""

    async def read_line(self, line_id: LineId) -> LineState:
        """Read without writing, consistent."""

    async def next_deadline(self) -> tuple[LineId, Deadline] | None:
        """The earliest deadline of all lines, due or not."""

    async def find_visit(self, visit_id: VisitId) -> Visit | None:
        """Any visit, ended ones too."""

    async def directory(self) -> Directory:
        """Everything kept about places and services (revoked kiosks too)."""

    # places -------------------------------------------------------------------------------------------
    async def add_library(self, library: Library) -> None:
        """Insert; raises Exists."""

    async def add_branch(self, branch: Branch) -> None:
        """Insert; raises Exists."""

    async def add_service(self, service: Service) -> None:
        """Insert; raises Exists."""

    async def put(self, place: Place) -> None:
        """Insert or replace one library, branch, service, team, card or day exception, found by its id.

        A day exception is found by its subject and day. Libraries, branches and services must exist already.
        Raises InUse when a library would change its line while visits of its branches go on.
        """

    async def remove(self, place: Place) -> bool:
        """Delete one team, card or day exception, or a branch or service that nothing points at any more.

        True when it was there. Raises InUse when a branch still has kiosks that are not revoked, when visits of a
        branch or service go on, and when a service still rings a team. Revoked kiosks, cards and day exceptions of
        a branch or service go with it.
        """

    async def change_kiosk(self, kiosk: Kiosk) -> bool:
        """What may change of a kiosk that is there: all but its branch, its key and whether it is revoked.

        True when it existed.
        """

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

    async def renew_code(self, kiosk_id: KioskId, code_hash: bytes, code_expires_at: datetime) -> bool:
        """A new one-time enrolment code for a kiosk; its codes that are not used yet work no more.

        What holds the kiosk's key goes on until the new code is used. False when there is no such kiosk, or it
        was revoked; then nothing changes.
        """

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
        """Nobody signs in with it any more, its sessions and push subscriptions end.

        True when it existed and was not disabled.
        """

    async def update_staff(self, staff: Staff) -> None:
        """Replace name, roles, languages, e-mail, standby and alerts of an account; nothing else."""

    async def enable_staff(self, staff_id: StaffId) -> bool:
        """Undo `disable_staff`. True when it existed and was disabled."""

    async def add_push(self, subscription: PushSubscription) -> None:
        """Remember a browser; one that is known already belongs to the new staff member from now on."""

    async def push_of(self, staff_id: StaffId) -> Sequence[PushSubscription]:
        """The browsers of a staff member."""

    async def remove_push(self, endpoint: str) -> None:
        """The browser takes no push any more."""

    async def add_action(self, entry: ActionEntry) -> None:
        """Write one line of the action log."""

    async def actions(self, library_id: LibraryId, *, before: datetime, limit: int) -> Sequence[ActionEntry]:
        """The latest lines before a time, newest first."""

    async def put_quality(self, record: QualityRecord) -> None:
        """Keep it; what was told earlier of the same visit, generation and end gives way."""

    async def qualities(
        self, library_id: LibraryId, *, kiosk_id: KioskId | None = None, before: datetime, limit: int
    ) -> Sequence[QualityRecord]:
        """The latest before a time, newest first; of one kiosk or of all."""

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


class InUse(StoreError):
    """It cannot go while something points at it."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Whose view may have changed by one commit.

    Attributes:
        line_id: Which line.
        kiosks: Kiosks whose own part changed: visit, tickets, rest.
        seats: Seats whose own part changed: seat, ring, visit, close-out.
        all_kiosks: What all kiosks of the line show alike changed; it may be gathered for a while.
        at_once: It changed whether somebody can answer, or in which languages: nothing is gathered.
        staff: What all consoles of the line show alike may have changed; it may be gathered for a while.
        line: The line as it was committed, so that nobody has to read it again; None when it is not known.
    """

    line_id: LineId
    kiosks: frozenset[KioskId] = frozenset()
    seats: frozenset[SeatId] = frozenset()
    all_kiosks: bool = False
    at_once: bool = False
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


@dataclass(frozen=True, slots=True)
class StandbyRequest:
    """One request to one standby person. Written in the person's language by the notifier.

    Attributes:
        url: Where the console is.
    """

    email: str
    push: Sequence[PushSubscription]
    language: Language
    service_names: Mapping[Language, str]
    cause: StandbyCause
    url: str


class Notifier(Protocol):
    """Reaches people who have no console open."""

    async def ask_standby(self, request: StandbyRequest) -> Collection[str]:
        """Send by every way there is; never raises. Returns push endpoints that are gone for good."""


class HolidayCalendar(Protocol):
    """Public holidays."""

    def of(self, country: str, year: int) -> Mapping[date, Mapping[Language, str]]:
        """The days of one year with their names; empty for a country that is not known."""

    def countries(self) -> Sequence[str]:
        """ISO 3166-1 alpha-2 codes that are known."""


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


@dataclass(frozen=True, slots=True)
class RelayStatus:
    """How one address of the relay was found by the server itself.

    Attributes:
        url: As in the settings.
        finding: None until it was tried.
        since: Since when it has been so.
        checked_at: When it was tried last.
    """

    url: str
    transport: RelayTransport
    finding: RelayFinding | None = None
    since: datetime | None = None
    checked_at: datetime | None = None


class Relays(Protocol):
    """Knows whether calls can go through the relay."""

    def statuses(self) -> Sequence[RelayStatus]:
        """One for each address of the settings, in their order; empty when there is no relay."""


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
