"""What is said about a visit in the line, about rings, and about a seat."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from signaling.protocol.messages.base import Id, Message
from signaling.protocol.vocabulary import Language, NotePhrase, Outcome, PauseReason, Topic


class VisitOpen(Message):
    """A visitor tapped. `request_id` makes a repeated send harmless."""

    request_id: Id
    service_id: Id
    language: Language


class VisitOpened(Message):
    """Reply to `visit.open`: it is in the database."""

    visit_id: Id


class VisitRef(Message):
    """A command about one visit that needs nothing more."""

    visit_id: Id


class VisitFeedback(Message):
    """One of three faces: 3 as good as the desk, 2 nearly, 1 not."""

    visit_id: Id
    score: Literal[1, 2, 3]


class VisitLanguage(Message):
    """The visitor changed the language of the screen during the visit."""

    visit_id: Id
    language: Language


class VisitCloseOut(Message):
    """Topic and outcome; both None means skipped."""

    visit_id: Id
    topic: Topic | None = None
    outcome: Outcome | None = None


class TicketTaken(Message):
    """Reply to `visit.ticket`: the number, unique on this day in this branch."""

    ticket: Annotated[int, Field(ge=1)]


class VisitNote(Message):
    """A line to somebody who waits, without opening the call."""

    visit_id: Id
    phrase: NotePhrase


class VisitInvite(Message):
    """Ask a colleague into the conversation."""

    visit_id: Id
    seat_id: Id


class OfferRef(Message):
    """A command about one ring."""

    offer_id: Id


class OfferAccepted(Message):
    """Reply to `offer.accept`: this seat won."""

    visit_id: Id


class SeatDuty(Message):
    """The duty switch."""

    on_duty: bool


class SeatProof(Message):
    """What the seat has proven: sound by a click, microphone and camera by the check."""

    sound: bool
    microphone: bool
    camera: bool


class SeatNamed(Message):
    """Whether this seat's first name may stand on the idle screens."""

    named: bool


class SeatPause(Message):
    """Stay on duty and do not ring here, until resumed or for some minutes."""

    reason: PauseReason
    minutes: Annotated[int, Field(ge=1, le=480)] | None = None
