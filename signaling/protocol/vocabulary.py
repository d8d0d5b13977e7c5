"""The words everyone shares: ids, enums, limits with units.

Imports nothing of ours. Rules (`signaling.domain`, `kiosk.core`) speak these words and never the messages.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NewType

KioskId = NewType("KioskId", str)
BranchId = NewType("BranchId", str)
LibraryId = NewType("LibraryId", str)
ServiceId = NewType("ServiceId", str)
StaffId = NewType("StaffId", str)
SeatId = NewType("SeatId", str)
VisitId = NewType("VisitId", str)
OfferId = NewType("OfferId", str)

#: The newest version of the wire that this code speaks, and the oldest that it still understands.
PROTOCOL_VERSION: Final = 1
OLDEST_PROTOCOL_VERSION: Final = max(1, PROTOCOL_VERSION - 1)

KIOSK_NAMESPACE: Final = "/kiosk"
STAFF_NAMESPACE: Final = "/staff"

#: What a kiosk signs; a prefix for each purpose keeps one signature from being used as another.
CONNECT_SIGNATURE_CONTEXT: Final = "librarian-on-demand/kiosk-connect/v1"
FINGERPRINT_SIGNATURE_CONTEXT: Final = "librarian-on-demand/dtls-fingerprint/v1"

# Limits. A message that is over one is refused with `too_large` or `malformed` and changes nothing.
MAX_MESSAGE_BYTES: Final = 64 * 1024
MAX_SDP_CHARS: Final = 32 * 1024
MAX_CANDIDATE_CHARS: Final = 1024
MAX_TEXT_CHARS: Final = 1000
MAX_NAME_CHARS: Final = 80
MAX_ID_CHARS: Final = 64
MAX_TEXT_ENTRIES: Final = 200

# Rates, per connection: a token bucket of `burst` filled at `per_s`.
MESSAGES_PER_S: Final = 30
MESSAGES_BURST: Final = 120
FLOOD_LIMIT: Final = 200  # refused messages within 10 s after which the connection is closed


class Language(StrEnum):
    """Languages of the screens (BCP 47)."""

    SV = "sv"
    NB = "nb"
    EN = "en"


class VisitState(StrEnum):
    """The life of a visit and its call; see `signaling.domain.visit` for the table."""

    WAITING = "waiting"
    OFFERED = "offered"
    CONNECTING = "connecting"
    TALKING = "talking"
    HELD = "held"
    ENDED = "ended"


class EndReason(StrEnum):
    """Why a visit ended."""

    FINISHED_BY_VISITOR = "finished_by_visitor"
    FINISHED_BY_STAFF = "finished_by_staff"
    LEFT_LINE = "left_line"
    KIOSK_LOST = "kiosk_lost"


class OfferState(StrEnum):
    """The life of one ring."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Role(StrEnum):
    """What a staff member may do."""

    LIBRARIAN = "librarian"
    SPECIALIST = "specialist"
    BRANCH_ADMIN = "branch_admin"
    SERVICE_OWNER = "service_owner"
    SYSTEM_ADMIN = "system_admin"


class Party(StrEnum):
    """The two ends of a call."""

    VISITOR = "visitor"
    STAFF = "staff"


#: Who typed a line.
TextAuthor = Party


class DeviceCondition(StrEnum):
    """What one end says of one of its devices."""

    OK = "ok"
    MISSING = "missing"
    FAILED = "failed"
    CLOSED = "closed"


class Topic(StrEnum):
    """What the visit was about, chosen at close-out."""

    FIND_MATERIAL = "find_material"
    LOAN_OR_CARD = "loan_or_card"
    DIGITAL_HELP = "digital_help"
    ROOM_OR_MACHINE = "room_or_machine"
    OTHER = "other"


class Outcome(StrEnum):
    """How the visit went, chosen at close-out."""

    SOLVED = "solved"
    REFERRED = "referred"
    NOT_SOLVED = "not_solved"


class OutOfServiceCause(StrEnum):
    """Why a kiosk cannot take a call."""

    SERVER_AWAY = "server_away"
    REFUSED = "refused"  # the server does not know this key, or it was revoked
    VERSION = "version"  # too old or too new for the server
    ALREADY_CONNECTED = "already_connected"  # another kiosk uses the same key


class MediaEngine(StrEnum):
    """The kiosk's two media engines."""

    LIBWEBRTC = "libwebrtc"
    AIORTC = "aiortc"
