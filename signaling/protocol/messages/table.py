"""The table of all messages: who sends what to whom, and which reply it gets."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from signaling.protocol.messages.base import Message, Nothing
from signaling.protocol.messages.call import (
    CallAnswer,
    CallCandidate,
    CallIce,
    CallMedia,
    CallOffer,
    CallQuality,
    CallRef,
    IceServers,
    TextDraft,
    TextHistory,
)
from signaling.protocol.messages.delta import Delta
from signaling.protocol.messages.health import EchoAnswer, EchoOffer, HealthReport, KioskChosen, OrderTold
from signaling.protocol.messages.kiosk_views import KioskSnapshot
from signaling.protocol.messages.staff_views import StaffSnapshot
from signaling.protocol.messages.visit import (
    OfferAccepted,
    OfferRef,
    SeatDuty,
    SeatNamed,
    SeatPause,
    SeatProof,
    TicketTaken,
    VisitCloseOut,
    VisitFeedback,
    VisitInvite,
    VisitLanguage,
    VisitNote,
    VisitOpen,
    VisitOpened,
    VisitRef,
)


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
    _spec("visit.leave", VisitRef, Nothing, "step out; a colleague in it goes on, else it goes to the front", _S),
    _spec("visit.ticket", VisitRef, TicketTaken, "call me back on this kiosk; it keeps its place", _K),
    _spec("visit.keep_waiting", VisitRef, Nothing, "the visitor saw the choices and waits on", _K),
    _spec("visit.answer", VisitRef, Nothing, "somebody touched: the ticket that is called back is here", _K),
    _spec("visit.note", VisitNote, Nothing, "a line to somebody who waits", _S),
    _spec("visit.invite", VisitInvite, Nothing, "ask a colleague into the conversation", _S),
    _spec("visit.uninvite", VisitRef, Nothing, "the ring to the colleague stops, or the colleague leaves", _S),
    _spec("visit.flag", VisitRef, Nothing, "end it and let the kiosk rest for a while", _S),
    _spec("kiosk.unlock", VisitRef, Nothing, "the kiosk of a visit that was flagged rests no more", _S),
    _spec("visit.close_out", VisitCloseOut, Nothing, "topic and outcome, or skipped", _S),
    _spec("offer.accept", OfferRef, OfferAccepted, "this seat takes the visit; exactly one wins", _S),
    _spec("offer.decline", OfferRef, Nothing, "not this seat, not now", _S),
    _spec("seat.duty", SeatDuty, Nothing, "go on duty or off", _S),
    _spec("seat.proof", SeatProof, Nothing, "what the device check has proven", _S),
    _spec("seat.named", SeatNamed, Nothing, "show my first name on idle screens, or not", _S),
    _spec("seat.pause", SeatPause, Nothing, "on duty and not rung, with a reason", _S),
    _spec("seat.resume", Nothing, Nothing, "ring here again", _S),
    _spec("seat.sign", Nothing, Nothing, "a person touched the console; also the answer to the question", _S),
    _spec("call.ice", CallIce, IceServers, "ask for ICE servers with fresh credentials", _K, _S),
    _spec("call.connected", CallRef, Nothing, "this generation's path carries media", _K, _S),
    _spec("call.again", CallRef, Nothing, "this generation is dead here: begin the next", _K, _S),
    _spec("call.offer", CallOffer, Nothing, "the SDP of the end that offers", _K, _S, _TO_S),
    _spec("call.answer", CallAnswer, Nothing, "the SDP of the end that answers", _S, _TO_K, _TO_S),
    _spec("call.candidate", CallCandidate, Nothing, "one ICE candidate, either way", _K, _S, _TO_K, _TO_S),
    _spec("call.media", CallMedia, Nothing, "what this end sends, and its devices", _K, _S, _TO_K, _TO_S),
    _spec("call.quality", CallQuality, Nothing, "what one path of a call was like at this end", _K, _S),
    _spec("text.draft", TextDraft, Nothing, "real-time text, either way", _K, _S, _TO_K, _TO_S),
    _spec("text.history", TextHistory, Nothing, "what was typed, for a console that came back", _K, _TO_S),
    _spec("health.report", HealthReport, Nothing, "what is true of this kiosk: findings and numbers", _K),
    _spec("health.ice", Nothing, IceServers, "ICE servers with fresh credentials, to test the way to them", _K),
    _spec("health.call", EchoOffer, EchoAnswer, "a test call to the server's echo", _K),
    _spec("order.told", OrderTold, Nothing, "what became of something that the console asked of this kiosk", _K),
    _spec("kiosk.settings", KioskChosen, Nothing, "where the camera sits, as chosen in the service menu", _K),
    _spec("kiosk.snapshot", KioskSnapshot, None, "everything the kiosk shows", _TO_K),
    _spec("staff.snapshot", StaffSnapshot, None, "everything the console shows", _TO_S),
    _spec("presence.ask", Nothing, None, "are you there? acknowledged at once; seats every 5 s", _TO_K, _TO_S),
    _spec("delta", Delta, None, "what changed since the last revision", _TO_K, _TO_S),
)

#: Every message by its name.
MESSAGES: Final[dict[str, MessageSpec]] = {row.name: row for row in _ROWS}

#: Fields of the views that are changed entry by entry.
KEYED_FIELDS: Final = frozenset({"cards", "services", "colleagues", "line"})
