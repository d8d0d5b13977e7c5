"""What the screen shows, as one frozen value.

The engine thread makes a new `ScreenState` after each change and hands it to the screen by one queued
signal; the screen never asks back. What was asked for and what is so are always two values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from kiosk.core.care import Care
from kiosk.core.media import DeviceState, PathState
from signaling.protocol.vocabulary import (
    CardId,
    EstimateReason,
    Language,
    Nobody,
    NotePhrase,
    OutOfServiceCause,
    PathFault,
    PathQuality,
    ServiceId,
    TextAuthor,
)

#: One text in each language in which somebody has written it.
Texts = Mapping[Language, str]

#: What the wire calls this end of a conversation.
KIOSK_SENDER: Final = "kiosk"


class Screen(StrEnum):
    """The one screen that is shown."""

    STARTING = "starting"
    IDLE = "idle"
    WAITING = "waiting"  # in the line, or it rings at a seat
    TICKET = "ticket"  # the number that was just taken
    CALLING = "calling"  # a ticket is called back; nobody has touched yet
    CONNECTING = "connecting"  # a librarian accepted; sound and picture are on their way
    TALKING = "talking"
    HELD = "held"
    GOODBYE = "goodbye"
    OUT_OF_SERVICE = "out_of_service"


class Notice(StrEnum):
    """Something a visitor should know now, shown as a sentence on the current screen."""

    NONE = "none"
    CONNECTION_LOST = "connection_lost"  # the server is away; the call itself may go on
    COMING_BACK = "coming_back"  # the call's path is being rebuilt
    NOBODY_CAN_ANSWER = "nobody_can_answer"  # the last seat went while this visitor waits
    BACK_IN_LINE = "back_in_line"  # the librarian was lost; first in line again
    TRY_AGAIN = "try_again"  # the tap could not be taken


@dataclass(frozen=True, slots=True)
class AnswerCard:
    """A question that people have, and its answer."""

    id: CardId
    titles: Texts = field(hash=False)
    bodies: Texts = field(hash=False)


@dataclass(frozen=True, slots=True)
class BranchFacts:
    """Where this kiosk stands and what it knows by itself. Empty until the first snapshot from the server.

    Attributes:
        urgent_number: The emergency number of the country.
        cards: Answer cards, in the branch's order.
    """

    library_name: str = ""
    branch_name: str = ""
    phone: str = ""
    urgent_number: str = "112"
    cards: tuple[AnswerCard, ...] = ()


@dataclass(frozen=True, slots=True)
class Availability:
    """Who can answer, of one service or of all.

    Attributes:
        languages: What those on duty speak; empty when nobody has said.
        open: The hours say that it is offered now.
        closed_texts: Why it is closed today ("Christmas Eve").
    """

    answerable_seats: int = 0  # on duty with everything proven, busy or not
    free_seats: int = 0  # those that would be rung now; 0 with answerable seats means: all are talking
    on_duty_names: tuple[str, ...] = ()  # first names of those who wish to be named
    next_open: datetime | None = None  # local time of the branch, when known
    languages: tuple[Language, ...] = ()
    open: bool = True
    closed_texts: Texts = field(default_factory=dict, hash=False)


class Standing(StrEnum):
    """What is true of one service for whoever reads the screen's language."""

    FREE = "free"  # somebody can answer at once
    BUSY = "busy"  # somebody on duty can, after those before
    OTHER_LANGUAGE = "other_language"  # somebody can, in another language
    NOBODY = "nobody"  # it is open, and nobody is there
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """One service that can be asked for here.

    Attributes:
        languages: In which it is offered at all.
    """

    id: ServiceId
    names: Texts = field(default_factory=dict, hash=False)
    languages: tuple[Language, ...] = tuple(Language)
    availability: Availability = field(default_factory=Availability)

    @property
    def spoken(self) -> tuple[Language, ...]:
        """The languages in which somebody can answer now."""
        now = self.availability.languages
        return tuple(x for x in self.languages if x in now) if now else self.languages

    def standing(self, language: Language) -> Standing:
        """What is true of it for somebody who reads this language. Green is `FREE`, and nothing else."""
        available = self.availability
        if not available.open:
            return Standing.CLOSED  # whoever may still be there: the server takes no tap outside of the hours
        if available.answerable_seats <= 0:
            return Standing.NOBODY
        if language not in self.spoken:
            return Standing.OTHER_LANGUAGE if self.spoken else Standing.NOBODY
        return Standing.FREE if available.free_seats > 0 else Standing.BUSY


@dataclass(frozen=True, slots=True)
class BranchClosed:
    """The branch is closed for a while, with its own text."""

    until: datetime | None
    texts: Texts = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class MissedTicket:
    """A ticket that was called back and to which nobody came."""

    number: int
    called_at: datetime


@dataclass(frozen=True, slots=True)
class Wait:
    """An honest span until a librarian is expected, in whole minutes; both 0 when that time has passed."""

    from_min: int
    by_min: int
    reason: EstimateReason | None = None


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What one who waits should know beside the place.

    Attributes:
        choices: The ways out are offered.
        nobody: Why nobody can answer now.
        spoken: With `Nobody.LANGUAGE`: what is spoken instead.
        wait: How long it will take, when somebody can tell.
        note: A line from a librarian, and from whom ("" when nobody is named).
        ticket_asked: A number was asked for and is on its way.
    """

    choices: bool = False
    nobody: Nobody | None = None
    spoken: tuple[Language, ...] = ()
    wait: Wait | None = None
    note: NotePhrase | None = None
    note_from: str = ""
    ticket_asked: bool = False


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """A number that is shown or called.

    Attributes:
        calling_left_s: While it is called back: how long the librarian still waits; None when nobody knows.
        answered: Somebody touched; the librarian is being told.
    """

    number: int
    calling_left_s: int | None = None
    answered: bool = False


@dataclass(frozen=True, slots=True)
class TextEntry:
    """One typed line, possibly still being typed.

    Attributes:
        sender: Which end typed it: `kiosk`, or a seat's id; each end numbers its own lines.
        name: First name of whoever typed it; empty for the visitor.
    """

    author: TextAuthor
    entry: int
    text: str
    done: bool
    sender: str = KIOSK_SENDER
    name: str = ""


@dataclass(frozen=True, slots=True)
class ColleagueFacts:
    """The colleague in the conversation, as far as the visitor sees and hears."""

    name: str = ""
    path: PathState = PathState.NEW
    coming_back: bool = False  # was there, and the path is being rebuilt
    camera: bool = True  # that side says that it sends a picture
    microphone: bool = True
    picture_received: bool = False


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What is true of the call, both ends."""

    librarian_name: str = ""
    path: PathState = PathState.NEW
    camera_wanted: bool = False
    camera_sending: bool = False
    muted: bool = False
    microphone_sending: bool = False
    volume_percent: int = 80
    camera: DeviceState = DeviceState.CLOSED
    microphone: DeviceState = DeviceState.CLOSED
    loudspeaker: DeviceState = DeviceState.CLOSED
    librarian_camera: bool = True  # the other side says that it sends a picture
    librarian_microphone: bool = True
    picture_received: bool = False  # at least one frame of this generation was decoded
    entries: tuple[TextEntry, ...] = ()
    draft: str = ""
    colleague: ColleagueFacts | None = None  # who was brought in
    quality: PathQuality | None = None  # of the path to the librarian; None until it is known
    fault: PathFault | None = None  # what is wrong with a path that calls itself connected
    librarian_paused: bool = False  # the librarian's camera is on, and the path too thin for more than a still
    picture_paused: bool = False  # the same of the visitor's own picture
    push_to_talk: bool = False  # the microphone is open only while a button is held
    speaking: bool = False  # that button is held


@dataclass(frozen=True, slots=True)
class ScreenState:
    """Everything the screen shows.

    Attributes:
        now_local: Local time of the branch, for the clock; changes once a second at most.
        services: What can be asked for here, the most wanted first.
        closed: The branch is closed for a while.
        locked_until: The kiosk rests until then.
        tickets: Numbers that wait to be called back here.
        missed: The number that was called last and to which nobody came, for a while.
        ticket: The number that is shown or called now.
        held_min: Whole minutes that the call has been on hold.
        countdown_s: Seconds until the screen goes back to idle by itself, or None when it will not.
        place: Place in line, 1 is next; 0 when unknown.
        answering: True from the moment a librarian is being rung.
        coming_back_s: The conversation is interrupted: seconds until it is given up, and the visit goes to the front
            of the line; None while it is not, or nobody knows.
        care: How the kiosk itself is, and how it is to run.
        resets: Rises each time the screen went back to idle by itself or by a goodbye: overlays close then.
    """

    screen: Screen = Screen.STARTING
    language: Language = Language.SV
    notice: Notice = Notice.NONE
    branch: BranchFacts = field(default_factory=BranchFacts)
    availability: Availability = field(default_factory=Availability)
    services: tuple[ServiceFacts, ...] = ()
    closed: BranchClosed | None = None
    locked_until: datetime | None = None
    tickets: tuple[int, ...] = ()
    missed: MissedTicket | None = None
    now_local: datetime | None = None
    countdown_s: int | None = None
    place: int = 0
    answering: bool = False
    line: LineFacts = field(default_factory=LineFacts)
    ticket: TicketFacts | None = None
    held_min: int = 0
    call: CallFacts = field(default_factory=CallFacts)
    feedback_given: int | None = None
    out_of_service_since: datetime | None = None
    out_of_service_cause: OutOfServiceCause | None = None
    coming_back_s: int | None = None
    care: Care = field(default_factory=Care)
    resets: int = 0
