"""What happens to the visitor's path from outside the screen, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kiosk.core.care import Care
from kiosk.core.commands import Command
from kiosk.core.facts import MediaReport, ServerFacts
from kiosk.core.media import DeviceState, PathState
from kiosk.core.snapshot import TextEntry
from signaling.protocol.errors import ErrorCode
from signaling.protocol.vocabulary import OutOfServiceCause, PathFault, PathQuality, VisitId


@dataclass(frozen=True, slots=True)
class FactsCame:
    """A snapshot or a delta from the server: the link is up."""

    facts: ServerFacts


@dataclass(frozen=True, slots=True)
class LinkLost:
    """The server is away; the client tries again by itself."""


@dataclass(frozen=True, slots=True)
class LinkRefused:
    """The server does not let this kiosk in."""

    cause: OutOfServiceCause


@dataclass(frozen=True, slots=True)
class OpenRefused:
    """The server did not take the tap."""

    code: ErrorCode


@dataclass(frozen=True, slots=True)
class TicketTaken:
    """The server took the visit out of the line's screens: it is called back under this number."""

    visit_id: VisitId
    number: int


@dataclass(frozen=True, slots=True)
class TicketRefused:
    """The server gave no number."""

    visit_id: VisitId


@dataclass(frozen=True, slots=True)
class PathChanged:
    """The peer connection of one generation changed."""

    generation: int
    state: PathState


@dataclass(frozen=True, slots=True)
class PictureCame:
    """The first picture of one generation was decoded."""

    generation: int


@dataclass(frozen=True, slots=True)
class PathSeen:
    """What was seen on a path that calls itself connected; told when any of it changes.

    Attributes:
        fault: What is wrong; None: it carries.
        quality: None until it is known.
        picture_paused: The visitor's picture was given up for the sound.
    """

    generation: int
    fault: PathFault | None = None
    quality: PathQuality | None = None
    picture_paused: bool = False


@dataclass(frozen=True, slots=True)
class AddressLost:
    """This machine has lost an address: whatever went by it is dead, and there may be a new one."""


@dataclass(frozen=True, slots=True)
class DevicesChanged:
    """What is true of the kiosk's own devices, and whether the camera and microphone are attached."""

    camera: DeviceState = DeviceState.CLOSED
    microphone: DeviceState = DeviceState.CLOSED
    loudspeaker: DeviceState = DeviceState.CLOSED
    camera_sending: bool = False
    microphone_sending: bool = False


@dataclass(frozen=True, slots=True)
class LibrarianMedia:
    """What a librarian's end says that it sends; `sender` is the seat's id."""

    visit_id: VisitId
    report: MediaReport
    sender: str = ""


@dataclass(frozen=True, slots=True)
class LibrarianTyped:
    """A line of the librarian as it stands now."""

    visit_id: VisitId
    entry: TextEntry


@dataclass(frozen=True, slots=True)
class CareChanged:
    """What is known of the kiosk itself, or how it is to run, has changed."""

    care: Care


@dataclass(frozen=True, slots=True)
class Tick:
    """Time went on. `wall` is UTC, for the clock on the screen only."""

    wall: datetime


Event = (
    FactsCame
    | LinkLost
    | LinkRefused
    | OpenRefused
    | TicketTaken
    | TicketRefused
    | PathChanged
    | PictureCame
    | PathSeen
    | AddressLost
    | DevicesChanged
    | LibrarianMedia
    | LibrarianTyped
    | CareChanged
    | Tick
    | Command
)
