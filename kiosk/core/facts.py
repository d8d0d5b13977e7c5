"""What the server says, in the kiosk's own words. The signaling client makes these from the wire."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from kiosk.core.care import Order, Settings
from kiosk.core.snapshot import Availability, BranchClosed, BranchFacts, ServiceFacts, Texts
from signaling.protocol.vocabulary import (
    DeviceCondition,
    EstimateReason,
    Language,
    Nobody,
    NotePhrase,
    ServiceId,
    VisitId,
    VisitState,
)


@dataclass(frozen=True, slots=True)
class EstimateFacts:
    """When a librarian is expected; later than was said before only with a reason."""

    from_time: datetime
    by_time: datetime
    reason: EstimateReason | None = None


@dataclass(frozen=True, slots=True)
class GuestFacts:
    """The colleague whom the librarian has brought into the conversation.

    Attributes:
        generation: Number of the path between the kiosk and the colleague; 0 while there is none.
    """

    seat_id: str
    name: str = ""
    generation: int = 0
    connected: bool = True


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """The visit of this kiosk, as the server has it.

    Attributes:
        choices: The ways out are to be shown.
        nobody: Why nobody can answer now.
        ticket: Its number, once it was chosen.
        calling_until: While a ticket is called back: when the librarian gives up.
        note: A line from a librarian.
        preparing: Generations that are to be made ready while it rings.
        coming_back_until: The conversation is interrupted and given up then.
    """

    id: VisitId
    state: VisitState
    language: Language
    place: int = 0
    returned: bool = False
    generation: int = 0
    librarian_name: str = ""
    seat_connected: bool = True  # the librarian's console is there; what it missed is told again when it comes back
    held_since: datetime | None = None
    service_id: ServiceId | None = None
    choices: bool = False
    nobody: Nobody | None = None
    estimate: EstimateFacts | None = None
    ticket: int | None = None
    calling_until: datetime | None = None
    note: NotePhrase | None = None
    guest: GuestFacts | None = None
    preparing: tuple[int, ...] = ()
    coming_back_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """Everything that the server tells this kiosk.

    Attributes:
        availability: Over all services.
        closed: The branch is closed for a while.
        locked_until: The kiosk rests until then.
        tickets: Numbers that wait to be called back here.
        server_ahead_s: How far the server's clock is ahead of this machine's.
        push_to_talk: The microphone is open only while a button is held.
        kiosk_id, kiosk_name: Who this kiosk is, and as the forms call it.
        settings: How it is to run.
        open_now: The branch is open, days with other hours included.
        orders: What the console asks of it, oldest first.
        lock: It is locked by somebody, with these texts.
    """

    branch: BranchFacts = field(default_factory=BranchFacts)
    time_zone: str = "UTC"
    default_language: Language = Language.SV
    services: tuple[ServiceFacts, ...] = ()
    availability: Availability = field(default_factory=Availability)
    closed: BranchClosed | None = None
    locked_until: datetime | None = None
    tickets: tuple[int, ...] = ()
    visit: VisitFacts | None = None
    server_ahead_s: float = 0.0
    push_to_talk: bool = False
    kiosk_id: str = ""
    kiosk_name: str = ""
    settings: Settings = field(default_factory=Settings)
    open_now: bool = True
    orders: tuple[Order, ...] = ()
    lock: Texts | None = None

    def service(self, service_id: ServiceId | None) -> ServiceFacts | None:
        """A service by its id; the first one for None. None when it is not offered here."""
        return next((x for x in self.services if service_id is None or x.id == service_id), None)


@dataclass(frozen=True, slots=True)
class Known:
    """What a kiosk keeps of its branch when the server is away: facts of a place and its screen, nothing of any person.

    Attributes:
        kiosk_id, kiosk_name, settings, lock: As the server said last.
    """

    branch: BranchFacts
    time_zone: str = "UTC"
    default_language: Language = Language.SV
    kiosk_id: str = ""
    kiosk_name: str = ""
    settings: Settings = field(default_factory=Settings)
    lock: Texts | None = None


def known_from(facts: ServerFacts) -> Known:
    """What is worth keeping of the server's facts."""
    return Known(
        facts.branch,
        facts.time_zone,
        facts.default_language,
        facts.kiosk_id,
        facts.kiosk_name,
        facts.settings,
        facts.lock,
    )


@dataclass(frozen=True, slots=True)
class MediaReport:
    """What one end says of what it sends and of its devices."""

    camera_sending: bool = False
    microphone_sending: bool = False
    camera: DeviceCondition = DeviceCondition.CLOSED
    microphone: DeviceCondition = DeviceCondition.CLOSED
    loudspeaker: DeviceCondition = DeviceCondition.CLOSED
    picture_paused: bool = False
