"""What the server says, in the kiosk's own words. The signaling client makes these from the wire."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from kiosk.core.snapshot import Availability, BranchFacts
from signaling.protocol.vocabulary import DeviceCondition, Language, ServiceId, VisitId, VisitState


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
    """The visit of this kiosk, as the server has it."""

    id: VisitId
    state: VisitState
    language: Language
    place: int = 0
    returned: bool = False
    generation: int = 0
    librarian_name: str = ""
    seat_connected: bool = True  # the librarian's console is there; what it missed is told again when it comes back
    held_since: datetime | None = None
    guest: GuestFacts | None = None


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """Everything that the server tells this kiosk."""

    branch: BranchFacts = field(default_factory=BranchFacts)
    time_zone: str = "UTC"
    default_language: Language = Language.SV
    service_id: ServiceId | None = None
    availability: Availability = field(default_factory=Availability)
    visit: VisitFacts | None = None


@dataclass(frozen=True, slots=True)
class MediaReport:
    """What one end says of what it sends and of its devices."""

    camera_sending: bool = False
    microphone_sending: bool = False
    camera: DeviceCondition = DeviceCondition.CLOSED
    microphone: DeviceCondition = DeviceCondition.CLOSED
    loudspeaker: DeviceCondition = DeviceCondition.CLOSED
