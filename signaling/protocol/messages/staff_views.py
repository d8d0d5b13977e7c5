"""Everything that one console shows."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from signaling.protocol.messages.base import Base64, Count, Id, Message, Name, Notes, PathNumber, Revision
from signaling.protocol.messages.shared_views import ServiceEntry
from signaling.protocol.vocabulary import (
    Language,
    NotePhrase,
    OffDutyCause,
    OfferKind,
    PauseReason,
    Role,
    VisitState,
)

Ticket = Annotated[int, Field(ge=1)]


class Pause(Message):
    """On duty and yet not rung."""

    reason: PauseReason
    until: datetime | None = None


class SeatView(Message):
    """This browser tab's own seat: what was asked, what has been proven, and what is so.

    Attributes:
        silent: It has not answered for more than `SEAT_PROOF_AGE_S`, so it counts no more until its next click.
        asked_until: "Are you still there?" waits for a click until then; after that it is off duty.
        off_duty_cause: Why it is off duty, when that was not its own click.
    """

    id: Id
    on_duty: bool = False
    sound: bool = False
    microphone: bool = False
    camera: bool = False
    silent: bool = False
    answerable: bool = False
    named: bool = True
    pause: Pause | None = None
    asked_until: datetime | None = None
    off_duty_cause: OffDutyCause | None = None
    languages: tuple[Language, ...] = tuple(Language)
    wrap_up_until: datetime | None = None


class Me(Message):
    """Who is signed in."""

    staff_id: Id
    name: Name
    roles: tuple[Role, ...]


class Colleague(Message):
    """Another seat on duty."""

    id: Id
    name: Name
    answerable: bool
    busy: bool
    paused: bool = False
    languages: tuple[Language, ...] = tuple(Language)


class LineEntry(Message):
    """One open visit in the line or in a call, with nothing about the person.

    Attributes:
        ticket: Its number, if it waits to be called back.
        nobody: Nobody on duty can answer it (service or language).
        note: The line that was last sent to it.
    """

    id: Id
    state: VisitState
    place: Count
    branch_name: Name
    kiosk_name: Name
    service_id: Id
    language: Language
    opened_at: datetime
    returned: bool = False
    seat_id: Id | None = None
    seat_name: Name = ""
    ticket: Ticket | None = None
    nobody: bool = False
    note: NotePhrase | None = None


class OfferView(Message):
    """A ring at this seat.

    Attributes:
        answers_for: Name of the library or branch that this seat answers for as backup or neighbour; else empty.
        branch_notes: What a librarian elsewhere should know of the branch.
        asked_by: With a ring to join: the colleague who asks.
        generation: Of the path to the kiosk that is made ready while it rings; 0: none is.
        kiosk_key: The key of the kiosk at its other end; empty with none.
    """

    id: Id
    visit_id: Id
    kind: OfferKind = OfferKind.VISIT
    branch_name: Name
    kiosk_name: Name
    service_id: Id
    language: Language
    opened_at: datetime
    returned: bool = False
    deadline: datetime
    answers_for: Name = ""
    branch_notes: Notes = ""
    ticket: Ticket | None = None
    asked_by: Name = ""
    generation: PathNumber = 0
    kiosk_key: Base64 | Literal[""] = ""


class OtherSeat(Message):
    """The other seat in the same conversation.

    Attributes:
        generation: Number of the path between the two seats.
        offers: This end makes the SDP offer on that path.
    """

    seat_id: Id
    name: Name
    generation: PathNumber
    offers: bool
    connected: bool = True


class StaffVisit(Message):
    """The visit that this seat is in.

    Attributes:
        generation: Number of the path between the kiosk and this seat.
        guest: This seat was brought in: it may talk, write, and leave, and does not hold or end the visit.
        other: The other seat in the conversation.
        asked: Name of the colleague who is being asked to join; empty when nobody is.
        calling_until: While a ticket is called back: when the call is given up.
        coming_back_until: The conversation is interrupted, and until then it can go on by itself; then the visit
            goes to the front of the line, or ends if the kiosk stays away.
    """

    id: Id
    state: VisitState
    branch_name: Name
    branch_phone: Name
    branch_notes: Notes
    kiosk_name: Name
    kiosk_key: Base64
    kiosk_connected: bool
    service_id: Id
    language: Language
    opened_at: datetime
    talking_since: datetime | None = None
    held_since: datetime | None = None
    generation: PathNumber
    answers_for: Name = ""
    ticket: Ticket | None = None
    calling_until: datetime | None = None
    guest: bool = False
    other: OtherSeat | None = None
    asked: Name = ""
    coming_back_until: datetime | None = None


class CloseOutView(Message):
    """A finished visit that waits for topic and outcome, or to be skipped.

    Attributes:
        locked_until: The kiosk rests because this visit was ended and flagged.
    """

    visit_id: Id
    branch_name: Name
    ended_at: datetime
    locked_until: datetime | None = None


class StaffView(Message):
    """Everything that one console shows."""

    me: Me
    seat: SeatView
    services: dict[Id, ServiceEntry]
    colleagues: dict[Id, Colleague]
    line: dict[Id, LineEntry]
    offer: OfferView | None = None
    visit: StaffVisit | None = None
    close_out: CloseOutView | None = None


class StaffSnapshot(Message):
    """The whole view, after connecting or on request."""

    protocol: int
    revision: Revision
    server_time: datetime
    view: StaffView
