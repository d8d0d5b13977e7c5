"""One frozen model per message, and the table of who sends what and which reply it gets.

What it is for: the only place where the wire's shapes are written down. PROTOCOL.md, the JSON Schema, the
console's TypeScript types, the golden messages and the server's handlers all follow from `MESSAGES`.
What it does not do: decide anything.

Rules: receivers ignore keys that they do not know (a newer peer may send more); a key is only ever added with
a default, so that version N understands N-1; every string and list is bounded; times are UTC, ISO 8601.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from signaling.protocol.errors import ErrorCode
from signaling.protocol.vocabulary import (
    MAX_CANDIDATE_CHARS,
    MAX_ID_CHARS,
    MAX_NAME_CHARS,
    MAX_SDP_CHARS,
    MAX_TEXT_CHARS,
    MAX_TEXT_ENTRIES,
    DeviceCondition,
    Language,
    MediaEngine,
    Outcome,
    Party,
    Role,
    Topic,
    VisitState,
)

Id = Annotated[str, Field(min_length=1, max_length=MAX_ID_CHARS, pattern=r"^[A-Za-z0-9_\-]+$")]
Name = Annotated[str, Field(max_length=MAX_NAME_CHARS)]
Sdp = Annotated[str, Field(min_length=1, max_length=MAX_SDP_CHARS)]
Line = Annotated[str, Field(max_length=MAX_TEXT_CHARS)]
Generation = Annotated[int, Field(ge=1, le=1_000_000)]
Revision = Annotated[int, Field(ge=0)]
Base64 = Annotated[str, Field(max_length=200, pattern=r"^[A-Za-z0-9+/=]+$")]


class Message(BaseModel):
    """Base of everything on the wire."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=False)


# --- connecting -------------------------------------------------------------------------------------------


class KioskHello(Message):
    """The `auth` of a kiosk's connection: proof that it holds the key that was enrolled.

    `instance` is made anew at each start of the program, so that a kiosk that reconnects is told apart from a
    second kiosk with a copied key.
    """

    protocol: Annotated[int, Field(ge=0, le=10_000)]
    kiosk_id: Id
    instance: Id
    challenge: Base64
    signature: Base64
    software: Name = ""
    engine: MediaEngine = MediaEngine.LIBWEBRTC


class StaffHello(Message):
    """The `auth` of a console's connection; who it is comes from the session cookie.

    `csrf` must equal the token that `GET /api/session` gave: a foreign page cannot read it. `seat_id` is the
    seat of this browser tab before a reload, so that it comes back into the same seat and call.
    """

    protocol: Annotated[int, Field(ge=0, le=10_000)]
    csrf: Annotated[str, Field(max_length=200)]
    seat_id: Id | None = None


# --- replies ----------------------------------------------------------------------------------------------


class Refusal(Message):
    """What went wrong, as a code with values; never a sentence."""

    code: ErrorCode
    data: dict[str, str | int] = {}


class Ack(Message):
    """The acknowledgement of every message that a client sends: done (with `data`), or refused."""

    ok: bool
    data: JsonValue = None
    error: Refusal | None = None


class Nothing(Message):
    """An empty payload or reply."""


# --- views: what a role sees ------------------------------------------------------------------------------


class ServiceEntry(Message):
    """One service that can be asked for."""

    id: Id
    names: dict[Language, Name]


class AvailabilityView(Message):
    """Whether somebody can answer.

    Attributes:
        answerable: Seats that are on duty with everything proven, busy or not.
        free: Those of them that a visit would ring now.
        names: First names of those on duty who wish to be named.
        next_open: When somebody is expected next, if known.
    """

    answerable: Annotated[int, Field(ge=0)] = 0
    free: Annotated[int, Field(ge=0)] = 0
    names: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    next_open: datetime | None = None


class KioskVisit(Message):
    """The visit of this kiosk, as its visitor sees it.

    `seat_connected` is false while the librarian's console is away; what was typed meanwhile is told again after.
    """

    id: Id
    state: VisitState
    language: Language
    place: Annotated[int, Field(ge=0)]
    returned: bool = False
    generation: Annotated[int, Field(ge=0)]
    librarian_name: Name = ""
    seat_connected: bool = True
    opened_at: datetime
    held_since: datetime | None = None


class KioskView(Message):
    """Everything that one kiosk shows."""

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


class SeatView(Message):
    """This browser tab's own seat: what was asked, what has been proven, and what is so."""

    id: Id
    on_duty: bool = False
    sound: bool = False
    microphone: bool = False
    camera: bool = False
    answerable: bool = False
    named: bool = True
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


class LineEntry(Message):
    """One open visit in the line or in a call, with nothing about the person."""

    id: Id
    state: VisitState
    place: Annotated[int, Field(ge=0)]
    branch_name: Name
    kiosk_name: Name
    service_id: Id
    language: Language
    opened_at: datetime
    returned: bool = False
    seat_id: Id | None = None
    seat_name: Name = ""


class OfferView(Message):
    """A ring at this seat."""

    id: Id
    visit_id: Id
    branch_name: Name
    kiosk_name: Name
    service_id: Id
    language: Language
    opened_at: datetime
    returned: bool = False
    deadline: datetime


class StaffVisit(Message):
    """The visit that this seat is in."""

    id: Id
    state: VisitState
    branch_name: Name
    branch_phone: Name
    branch_notes: Annotated[str, Field(max_length=4000)]
    kiosk_name: Name
    kiosk_key: Base64
    kiosk_connected: bool
    service_id: Id
    language: Language
    opened_at: datetime
    talking_since: datetime | None = None
    held_since: datetime | None = None
    generation: Annotated[int, Field(ge=0)]


class CloseOutView(Message):
    """A finished visit that waits for topic and outcome, or to be skipped."""

    visit_id: Id
    branch_name: Name
    ended_at: datetime


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


class KioskSnapshot(Message):
    """The whole view, after connecting or on request. `server_time` lets clocks be compared."""

    protocol: int
    revision: Revision
    server_time: datetime
    view: KioskView


class StaffSnapshot(Message):
    """The whole view, after connecting or on request."""

    protocol: int
    revision: Revision
    server_time: datetime
    view: StaffView


class Delta(Message):
    """What changed since the revision before.

    `set` replaces whole top-level fields. `put` and `drop` change single entries of the keyed fields
    (`services`, `colleagues`, `line`). A receiver whose revision is not `revision - 1` asks for a snapshot.
    """

    revision: Revision
    set: dict[str, JsonValue] = {}
    put: dict[str, dict[str, JsonValue]] = {}
    drop: dict[str, list[str]] = {}


# --- the visit --------------------------------------------------------------------------------------------


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


class OfferRef(Message):
    """A command about one ring."""

    offer_id: Id


class OfferAccepted(Message):
    """Reply to `offer.accept`: this seat won."""

    visit_id: Id


# --- the seat ---------------------------------------------------------------------------------------------


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


# --- the call ---------------------------------------------------------------------------------------------


class CallOffer(Message):
    """The kiosk's SDP offer of one generation, with its DTLS fingerprint signed by the kiosk's key.

    The signature covers context, visit, generation and fingerprint, joined by line feeds (UTF-8, Ed25519).
    """

    visit_id: Id
    generation: Generation
    sdp: Sdp
    fingerprint: Annotated[str, Field(max_length=200)]
    signature: Base64


class CallAnswer(Message):
    """The console's SDP answer."""

    visit_id: Id
    generation: Generation
    sdp: Sdp


class CallCandidate(Message):
    """One trickled ICE candidate; empty means: no more."""

    visit_id: Id
    generation: Generation
    candidate: Annotated[str, Field(max_length=MAX_CANDIDATE_CHARS)]
    sdp_mid: Annotated[str, Field(max_length=32)] | None = None
    sdp_m_line_index: Annotated[int, Field(ge=0, le=16)] | None = None


class CallRef(Message):
    """A command about one generation of a call: `call.connected`, `call.again`."""

    visit_id: Id
    generation: Generation


class CallMedia(Message):
    """What one end sends, and what is true of its devices. Sent anew at each generation and change."""

    visit_id: Id
    camera_sending: bool
    microphone_sending: bool
    camera: DeviceCondition
    microphone: DeviceCondition
    loudspeaker: DeviceCondition


class CallIce(Message):
    """Ask for the ICE servers of one visit; the credentials live for a short time."""

    visit_id: Id


class IceServerEntry(Message):
    """As in `RTCIceServer`."""

    urls: tuple[Annotated[str, Field(max_length=300)], ...]
    username: Annotated[str, Field(max_length=200)] = ""
    credential: Annotated[str, Field(max_length=200)] = ""


class IceServers(Message):
    """Reply to `call.ice`. An empty list is a list: nobody asks anybody else's server."""

    servers: tuple[IceServerEntry, ...]
    relay_only: bool = False


# --- typed text -------------------------------------------------------------------------------------------


class TextDraft(Message):
    """Real-time text: the whole line `entry` of its author as it stands now (EN 301 549, 6.2).

    The author numbers its lines from 1. The same entry sent again replaces the older one; `done` ends it.
    `author` is set by the server when it passes the line on.
    """

    visit_id: Id
    entry: Annotated[int, Field(ge=1, le=1_000_000)]
    text: Line
    done: bool = False
    author: Party = Party.VISITOR


class TextHistory(Message):
    """The kiosk tells a console that came back what was typed so far; kept in the kiosk's memory alone."""

    visit_id: Id
    entries: Annotated[tuple[TextDraft, ...], Field(max_length=MAX_TEXT_ENTRIES)]


# --- the table --------------------------------------------------------------------------------------------


class Direction(StrEnum):
    """Who sends it to whom."""

    KIOSK_TO_SERVER = "kiosk_to_server"
    STAFF_TO_SERVER = "staff_to_server"
    SERVER_TO_KIOSK = "server_to_kiosk"
    SERVER_TO_STAFF = "server_to_staff"


@dataclass(frozen=True, slots=True)
class MessageSpec:
    """One row of the table of all messages.

    Attributes:
        name: Event name on the wire.
        payload: Model of the payload.
        directions: Who may send it to whom.
        reply: Model of `Ack.data`; None for messages of the server, which get no acknowledgement.
        why: One line for PROTOCOL.md.
    """

    name: str
    payload: type[Message]
    directions: frozenset[Direction]
    reply: type[Message] | None
    why: str


_K, _S = Direction.KIOSK_TO_SERVER, Direction.STAFF_TO_SERVER
_TO_K, _TO_S = Direction.SERVER_TO_KIOSK, Direction.SERVER_TO_STAFF


def _spec(name: str, payload: type[Message], reply: type[Message] | None, why: str, *ways: Direction) -> MessageSpec:
    return MessageSpec(name, payload, frozenset(ways), reply, why)


_ROWS: Final = (
    _spec("snapshot.request", Nothing, Nothing, "a delta was missed: send the whole view again", _K, _S),
    _spec("visit.open", VisitOpen, VisitOpened, "a visitor tapped", _K),
    _spec("visit.cancel", VisitRef, Nothing, "the visitor leaves the line", _K),
    _spec("visit.finish", VisitRef, Nothing, "either end says goodbye", _K, _S),
    _spec("visit.language", VisitLanguage, Nothing, "the visitor changed the language", _K),
    _spec("visit.feedback", VisitFeedback, Nothing, "one of three faces", _K),
    _spec("visit.hold", VisitRef, Nothing, "the librarian puts the visit on hold", _S),
    _spec("visit.resume", VisitRef, Nothing, "the librarian comes back from hold", _S),
    _spec("visit.leave", VisitRef, Nothing, "the librarian steps out; the visit goes to the front", _S),
    _spec("visit.close_out", VisitCloseOut, Nothing, "topic and outcome, or skipped", _S),
    _spec("offer.accept", OfferRef, OfferAccepted, "this seat takes the visit; exactly one wins", _S),
    _spec("offer.decline", OfferRef, Nothing, "not this seat, not now", _S),
    _spec("seat.duty", SeatDuty, Nothing, "go on duty or off", _S),
    _spec("seat.proof", SeatProof, Nothing, "what the device check has proven", _S),
    _spec("seat.named", SeatNamed, Nothing, "show my first name on idle screens, or not", _S),
    _spec("call.ice", CallIce, IceServers, "ask for ICE servers with fresh credentials", _K, _S),
    _spec("call.connected", CallRef, Nothing, "this generation's path carries media", _K, _S),
    _spec("call.again", CallRef, Nothing, "this generation is dead here: begin the next", _K, _S),
    _spec("call.offer", CallOffer, Nothing, "the kiosk's SDP with its signed fingerprint", _K, _TO_S),
    _spec("call.answer", CallAnswer, Nothing, "the console's SDP", _S, _TO_K),
    _spec("call.candidate", CallCandidate, Nothing, "one ICE candidate, either way", _K, _S, _TO_K, _TO_S),
    _spec("call.media", CallMedia, Nothing, "what this end sends, and its devices", _K, _S, _TO_K, _TO_S),
    _spec("text.draft", TextDraft, Nothing, "real-time text, either way", _K, _S, _TO_K, _TO_S),
    _spec("text.history", TextHistory, Nothing, "what was typed, for a console that came back", _K, _TO_S),
    _spec("kiosk.snapshot", KioskSnapshot, None, "everything the kiosk shows", _TO_K),
    _spec("staff.snapshot", StaffSnapshot, None, "everything the console shows", _TO_S),
    _spec("presence.ask", Nothing, None, "are you there? the client acknowledges at once", _TO_K, _TO_S),
    _spec("delta", Delta, None, "what changed since the last revision", _TO_K, _TO_S),
)

#: Every message by its name.
MESSAGES: Final[dict[str, MessageSpec]] = {row.name: row for row in _ROWS}

#: Fields of the views that are changed entry by entry.
KEYED_FIELDS: Final = frozenset({"services", "colleagues", "line"})
