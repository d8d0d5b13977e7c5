"""One frozen model per message, and the table of who sends what and which reply it gets.

What it is for: the only place where the wire's shapes are written down. PROTOCOL.md, the JSON Schema, the
console's TypeScript types, the golden messages and the server's handlers all follow from `MESSAGES`.
What it does not do: decide anything.

Rules: receivers ignore keys that they do not know (a newer peer may send more); a key is only ever added with
a default, so that version N understands N-1; every string and list is bounded; times are UTC, ISO 8601.
"""

from signaling.protocol.messages.base import Ack, Id, Message, Name, Nothing, Refusal
from signaling.protocol.messages.call import (
    CallAnswer,
    CallCandidate,
    CallIce,
    CallMedia,
    CallOffer,
    CallQuality,
    CallRef,
    IceServerEntry,
    IceServers,
    TextDraft,
    TextHistory,
)
from signaling.protocol.messages.connecting import KioskHello, StaffHello
from signaling.protocol.messages.delta import Delta
from signaling.protocol.messages.kiosk_views import (
    BranchClosed,
    CardView,
    Estimate,
    GuestView,
    KioskSnapshot,
    KioskView,
    KioskVisit,
)
from signaling.protocol.messages.shared_views import AvailabilityView, ServiceEntry
from signaling.protocol.messages.staff_views import (
    CloseOutView,
    Colleague,
    LineEntry,
    Me,
    OfferView,
    OtherSeat,
    Pause,
    SeatView,
    StaffSnapshot,
    StaffView,
    StaffVisit,
)
from signaling.protocol.messages.table import KEYED_FIELDS, MESSAGES, Direction, MessageSpec
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

__all__ = [
    "KEYED_FIELDS",
    "MESSAGES",
    "Ack",
    "AvailabilityView",
    "BranchClosed",
    "CallAnswer",
    "CallCandidate",
    "CallIce",
    "CallMedia",
    "CallOffer",
    "CallQuality",
    "CallRef",
    "CardView",
    "CloseOutView",
    "Colleague",
    "Delta",
    "Direction",
    "Estimate",
    "GuestView",
    "IceServerEntry",
    "IceServers",
    "Id",
    "KioskHello",
    "KioskSnapshot",
    "KioskView",
    "KioskVisit",
    "LineEntry",
    "Me",
    "Message",
    "MessageSpec",
    "Name",
    "Nothing",
    "OfferAccepted",
    "OfferRef",
    "OfferView",
    "OtherSeat",
    "Pause",
    "Refusal",
    "SeatDuty",
    "SeatNamed",
    "SeatPause",
    "SeatProof",
    "SeatView",
    "ServiceEntry",
    "StaffHello",
    "StaffSnapshot",
    "StaffView",
    "StaffVisit",
    "TextDraft",
    "TextHistory",
    "TicketTaken",
    "VisitCloseOut",
    "VisitFeedback",
    "VisitInvite",
    "VisitLanguage",
    "VisitNote",
    "VisitOpen",
    "VisitOpened",
    "VisitRef",
]
