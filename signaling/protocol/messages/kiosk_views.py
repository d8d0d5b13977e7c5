"""Everything that one kiosk shows."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from signaling.protocol.health import OrderKind
from signaling.protocol.messages.base import (
    Count,
    Generation,
    Id,
    LongTexts,
    Message,
    Name,
    PathNumber,
    Revision,
    Texts,
)
from signaling.protocol.messages.shared_views import AvailabilityView, ServiceEntry
from signaling.protocol.vocabulary import (
    MAX_ORDERS,
    MAX_PREPARED,
    EstimateReason,
    Language,
    LensSide,
    Nobody,
    NotePhrase,
    VisitState,
)


class Estimate(Message):
    """When a librarian is expected, as an honest span. A later one than was shown before gives its reason."""

    from_time: datetime
    by_time: datetime
    reason: EstimateReason | None = None


class GuestView(Message):
    """The colleague who was brought into the conversation.

    Attributes:
        generation: Number of the path between this end and the colleague; 0 while there is none.
    """

    seat_id: Id
    name: Name
    generation: PathNumber = 0
    connected: bool = True


class KioskVisit(Message):
    """The visit of this kiosk that is on its screen. A ticket is on it only while it is called back.

    Attributes:
        place: In the line, 1 is next; 0 when it does not stand in it.
        seat_connected: False while the librarian's console is away; what was typed meanwhile is told again after.
        choices: Show the ways out (keep waiting, ticket, phone, cards); it stays in the line meanwhile.
        nobody: Why nobody can answer now; None while somebody can.
        ticket: Its number, once it was chosen.
        calling_until: While a ticket is called back: when the librarian gives up.
        note: A line from a librarian to somebody who waits.
        preparing: Generations that are to be made ready while it rings, nothing being sent: one for each of the
            first seats that ring. The one whose seat accepts becomes `generation`.
        coming_back_until: The conversation is interrupted, and until then it can go on by itself; then the visit
            goes to the front of the line.
    """

    id: Id
    state: VisitState
    service_id: Id
    language: Language
    place: Count
    returned: bool = False
    generation: PathNumber
    librarian_name: Name = ""
    seat_connected: bool = True
    opened_at: datetime
    held_since: datetime | None = None
    choices: bool = False
    nobody: Nobody | None = None
    estimate: Estimate | None = None
    ticket: Annotated[int, Field(ge=1)] | None = None
    calling_until: datetime | None = None
    note: NotePhrase | None = None
    guest: GuestView | None = None
    preparing: Annotated[tuple[Generation, ...], Field(max_length=MAX_PREPARED)] = ()
    coming_back_until: datetime | None = None


class CardView(Message):
    """One answer card of the branch: a question that people have, and its answer."""

    id: Id
    position: Count
    titles: Texts
    bodies: LongTexts


class BranchClosed(Message):
    """The branch is closed for a while, with its own text."""

    until: datetime | None
    texts: Texts


Percentage = Annotated[int, Field(ge=0, le=100)]
#: Of the local day, 0 to 1440; two of them are a span, and one that ends before it begins goes past midnight.
Minute = Annotated[int, Field(ge=0, le=1440)]


class OpeningSpan(Message):
    """Open from one minute of the local day until before another."""

    opens_min: Minute
    closes_min: Minute


class KioskSettings(Message):
    """How one kiosk is to run: kept centrally, and by the kiosk for when the server is away.

    Attributes:
        lens_side: Where the camera sits.
        camera_height_cm: Above the floor; 0 when nobody has measured it.
        brightness_percent: Of the screen while the branch is open.
        closed_brightness_percent: While it is closed; 0 turns the screen off.
        volume_max_percent: The loudspeaker goes no further.
        quiet_from_min, quiet_to_min: From when until when `quiet_volume_max_percent` holds instead; equal: never.
        test_at_min: When the whole test is made each night.
        week: The branch's opening hours, Monday to Sunday; None means that it is always open.
        open_now: What the server says of this moment, days with other hours and temporary closes included.
        pin_hash: Opens the service menu (`scrypt$n$r$p$salt$hash`, base64); empty: there is no way in.
        version: The version of the program that is asked for; empty: as it is.
    """

    lens_side: LensSide = LensSide.TOP
    camera_height_cm: Annotated[int, Field(ge=0, le=300)] = 0
    brightness_percent: Percentage = 100
    closed_brightness_percent: Percentage = 20
    volume_max_percent: Percentage = 100
    quiet_from_min: Minute = 0
    quiet_to_min: Minute = 0
    quiet_volume_max_percent: Percentage = 60
    test_at_min: Minute = 180
    week: Annotated[tuple[tuple[OpeningSpan, ...], ...], Field(max_length=7)] | None = None
    open_now: bool = True
    pin_hash: Annotated[str, Field(max_length=300)] = ""
    version: Name = ""


class KioskOrder(Message):
    """Something that the kiosk is asked to do, until it has told what became of it."""

    id: Id
    kind: OrderKind
    taken: bool = False


class KioskLock(Message):
    """Somebody has locked the kiosk, with a text, until somebody unlocks it."""

    texts: Texts


class KioskView(Message):
    """Everything that one kiosk shows.

    Attributes:
        availability: Over all services.
        cards: Answer cards, by id.
        closed: The branch's temporary close.
        locked_until: The kiosk rests after a visit that had to be ended; urgent help stays.
        tickets: Numbers that wait to be called back here, in the order of the line.
        urgent_number: The emergency number of the country.
        push_to_talk: The microphone is open only while a button is held.
        settings: How it is to run.
        orders: What it is asked to do, oldest first.
        lock: It is locked, and says this.
    """

    kiosk_id: Id
    kiosk_name: Name
    library_name: Name
    branch_name: Name
    phone: Name
    time_zone: Name
    default_language: Language
    services: dict[Id, ServiceEntry]
    availability: AvailabilityView
    visit: KioskVisit | None = None
    cards: dict[Id, CardView] = {}
    closed: BranchClosed | None = None
    locked_until: datetime | None = None
    tickets: tuple[Annotated[int, Field(ge=1)], ...] = ()
    urgent_number: Name = "112"
    push_to_talk: bool = False
    settings: KioskSettings = KioskSettings()
    orders: Annotated[tuple[KioskOrder, ...], Field(max_length=MAX_ORDERS)] = ()
    lock: KioskLock | None = None


class KioskSnapshot(Message):
    """The whole view, after connecting or on request. `server_time` lets clocks be compared."""

    protocol: int
    revision: Revision
    server_time: datetime
    view: KioskView
