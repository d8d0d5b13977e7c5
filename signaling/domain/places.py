"""What a library keeps about itself: places, services, teams, hours, cards. Slowly changing, frozen values.

Kept by web forms and the command line; the rules read it as `Setup` and never change it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from signaling.domain.policy import Policy
from signaling.protocol.health import OrderFault, OrderKind, OrderState
from signaling.protocol.vocabulary import (
    DEFAULT_AUDIO_KBPS,
    DEFAULT_VIDEO_KBPS,
    BranchId,
    CardId,
    KioskId,
    Language,
    LensSide,
    LibraryId,
    LineId,
    OfferPolicy,
    ServiceId,
    StaffId,
    TeamId,
)

#: The emergency number of the European Union, Norway and Iceland too.
EMERGENCY: Final = "112"
ALL_LANGUAGES: Final = frozenset(Language)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Open from one minute of the local day until before another: 08.00 to 22.00 is (480, 1320).

    Attributes:
        opens_min: 0 to 1439.
        closes_min: More than `opens_min`, at most 1440 (midnight).
    """

    opens_min: int
    closes_min: int


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekly hours.

    Attributes:
        week: The spans of Monday to Sunday; seven entries, each in order and without overlap.
        closed_on_holidays: Public holidays of the library's country are closed days.
    """

    week: tuple[tuple[Span, ...], ...]
    closed_on_holidays: bool = True


@dataclass(frozen=True, slots=True)
class DayException:
    """One day on which a service or branch has other hours; no spans means closed.

    Attributes:
        subject_id: The service or branch.
        texts: Shown while it is closed on that day.
    """

    subject_id: str
    day: date
    spans: tuple[Span, ...] = ()
    texts: Mapping[Language, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Library:
    """The organisation that runs the service.

    Attributes:
        line_id: Libraries with the same line can answer for each other; by default each has its own.
        country: ISO 3166-1 alpha-2 ("SE"), for public holidays; empty for none.
        alert_quiet_from_min, alert_quiet_to_min: When alerts about kiosks wait, in minutes of the local day; equal:
            never.
    """

    id: LibraryId
    name: str
    default_language: Language
    time_zone: str  # IANA name
    line_id: LineId | None = None
    country: str = ""
    urgent_number: str = EMERGENCY
    alert_quiet_from_min: int = 0
    alert_quiet_to_min: int = 0

    @property
    def line(self) -> LineId:
        """The line in which its visits stand."""
        return self.line_id or LineId(self.id)


@dataclass(frozen=True, slots=True)
class Branch:
    """A place with kiosks.

    Attributes:
        hours: When the branch is open; None means always, also without staff.
        closed: A temporary close, from now on.
        closed_until: Its end; None means until somebody opens it again.
        closed_texts: Shown meanwhile.
        relay_only: Its kiosks' media go through the relay alone, so that neither end sees the other's address.
        video_max_kbps, audio_max_kbps: What picture and sound may take at most, each way.
    """

    id: BranchId
    library_id: LibraryId
    name: str
    phone: str
    notes: str = ""
    hours: Hours | None = None
    closed: bool = False
    closed_until: datetime | None = None
    closed_texts: Mapping[Language, str] = field(default_factory=dict)
    relay_only: bool = False
    video_max_kbps: int = DEFAULT_VIDEO_KBPS
    audio_max_kbps: int = DEFAULT_AUDIO_KBPS


@dataclass(frozen=True, slots=True)
class Tier:
    """One step of the timed roll-up: this team is rung from so many seconds after the tap on."""

    team_id: TeamId
    after_s: float


@dataclass(frozen=True, slots=True)
class Service:
    """What can be asked for.

    Attributes:
        names: In each language.
        languages: In which it is offered at all.
        priority: Higher stands before lower in the line.
        ring_timeout_s: One ring; None takes the policy's.
        choice_after_s: An unanswered tap gets its choices after this time.
        tiers: Who answers, in order; empty means every seat of the library, at once.
        hours: When it is offered; None means always.
    """

    id: ServiceId
    library_id: LibraryId
    names: Mapping[Language, str]
    languages: frozenset[Language] = ALL_LANGUAGES
    priority: int = 0
    offer_policy: OfferPolicy = OfferPolicy.RING_ALL
    ring_timeout_s: float | None = None
    choice_after_s: float = 60
    tiers: tuple[Tier, ...] = ()
    hours: Hours | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """Staff members who answer together; they may be of another library in the same line."""

    id: TeamId
    library_id: LibraryId
    name: str
    members: frozenset[StaffId] = frozenset()


@dataclass(frozen=True, slots=True)
class Card:
    """One answer card: a question that people have, and its answer, in each language.

    Attributes:
        branch_id: Where it is shown; None means in every branch of the library.
    """

    id: CardId
    library_id: LibraryId
    branch_id: BranchId | None
    position: int
    titles: Mapping[Language, str]
    bodies: Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class Kiosk:
    """One enrolled touchscreen device.

    Attributes:
        public_key: 32 raw bytes of its Ed25519 key; None until it has enrolled.
        push_to_talk: Its microphone is open only while a button is held: for rooms that are loud or share a speaker.
        lens_side, camera_height_cm: Where the camera sits; 0 cm when nobody has measured it.
        brightness_percent, closed_brightness_percent: Of the screen, while the branch is open and while it is closed.
        volume_max_percent: The loudspeaker goes no further.
        quiet_from_min, quiet_to_min, quiet_volume_max_percent: When it goes less far, in minutes of the local day;
            equal minutes: never.
        test_at_min: When the whole self-test is made each night.
        version: The version of the program that it is asked to run; empty: as it is.
        pin_hash: Opens its service menu; empty: there is no way in.
        locked, lock_texts: Somebody has locked it, and what it says meanwhile.
    """

    id: KioskId
    branch_id: BranchId
    name: str
    public_key: bytes | None
    revoked_at: datetime | None = None
    push_to_talk: bool = False
    lens_side: LensSide = LensSide.TOP
    camera_height_cm: int = 0
    brightness_percent: int = 100
    closed_brightness_percent: int = 20
    volume_max_percent: int = 100
    quiet_from_min: int = 0
    quiet_to_min: int = 0
    quiet_volume_max_percent: int = 60
    test_at_min: int = 180
    version: str = ""
    pin_hash: str = field(default="", repr=False)
    locked: bool = False
    lock_texts: Mapping[Language, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KioskOrder:
    """Something that somebody at the console asked of a kiosk.

    Attributes:
        asked_by, asked_by_name: The staff member.
        told_at: When its state changed last.
        instance: Which start of the kiosk's program took it: after a restart it is another.
        expires_at: A kiosk that has not taken it by then is asked no more.
    """

    id: str
    kiosk_id: KioskId
    library_id: LibraryId
    kind: OrderKind
    asked_by: StaffId
    asked_by_name: str
    asked_at: datetime
    expires_at: datetime
    state: OrderState = OrderState.ASKED
    fault: OrderFault | None = None
    told_at: datetime | None = None
    instance: str = ""


@dataclass(frozen=True, slots=True)
class Directory:
    """Everything that is kept about places and services, as the store has it. Treated as immutable.

    Attributes:
        orders: What kiosks are asked to do and have not settled, oldest first.
    """

    libraries: Mapping[LibraryId, Library] = field(default_factory=dict)
    branches: Mapping[BranchId, Branch] = field(default_factory=dict)
    services: Mapping[ServiceId, Service] = field(default_factory=dict)
    kiosks: Mapping[KioskId, Kiosk] = field(default_factory=dict)
    teams: Mapping[TeamId, Team] = field(default_factory=dict)
    cards: Mapping[CardId, Card] = field(default_factory=dict)
    exceptions: tuple[DayException, ...] = ()
    orders: tuple[KioskOrder, ...] = ()


#: Public holidays by country and day, with their names; the edge fills it from a calendar.
Holidays = Mapping[str, Mapping[date, Mapping[Language, str]]]


@dataclass(frozen=True, slots=True)
class Setup:
    """What the rules go by, beside the line itself. Treated as immutable.

    Attributes:
        holidays: This year's and next year's, of the countries of the libraries.
    """

    directory: Directory = field(default_factory=Directory)
    policy: Policy = field(default_factory=Policy)
    holidays: Holidays = field(default_factory=dict)
