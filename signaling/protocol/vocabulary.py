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
TeamId = NewType("TeamId", str)
CardId = NewType("CardId", str)
#: Libraries that answer for each other share one line; it bears the id of the library that leads it.
LineId = NewType("LineId", str)

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
MAX_CARDS: Final = 24
MAX_CARD_CHARS: Final = 2000
MAX_NOTES_CHARS: Final = 4000
#: More than this many seats are "many": idle screens need not change for each of them.
MAX_SEATS_SHOWN: Final = 9

#: A seat is asked this often whether it is there, and counts no more when its last answer is older than that.
SEAT_ASK_S: Final = 5
SEAT_PROOF_AGE_S: Final = 15

#: So many things can be asked of one kiosk at a time.
MAX_ORDERS: Final = 8

#: So many rings of one visit are made ready before the answer; each costs both ends a connection without media.
MAX_PREPARED: Final = 3
#: How often an end tells what its path was like, beside at its end: a crash loses no more than this.
QUALITY_TOLD_EVERY_S: Final = 20

# Bounds of what a branch may set for its pictures and sound, and what is so where nobody has set anything.
MIN_VIDEO_KBPS: Final = 100
MAX_VIDEO_KBPS: Final = 8000
DEFAULT_VIDEO_KBPS: Final = 2500
DEFAULT_VIDEO_START_KBPS: Final = 900
MIN_AUDIO_KBPS: Final = 16
MAX_AUDIO_KBPS: Final = 128
DEFAULT_AUDIO_KBPS: Final = 48

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
    CALLING = "calling"  # a ticket is called back: accepted by a seat, not yet touched at the kiosk
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
    TICKET_EXPIRED = "ticket_expired"
    FLAGGED = "flagged"


class OfferState(StrEnum):
    """The life of one ring."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class OfferKind(StrEnum):
    """What a ring asks for."""

    VISIT = "visit"  # take this visit
    JOIN = "join"  # a colleague asks you into a conversation that goes on


class OfferPolicy(StrEnum):
    """How a service chooses the seats that ring."""

    RING_ALL = "ring_all"
    LONGEST_IDLE = "longest_idle"  # one seat after the other, each with its own deadline


class PauseReason(StrEnum):
    """Why a seat is on duty and yet not rung."""

    BREAK = "break"
    DESK = "desk"  # a person stands at the desk
    MEETING = "meeting"
    OTHER_WORK = "other_work"
    UNANSWERED = "unanswered"  # set by the server: a ring was not taken


class OffDutyCause(StrEnum):
    """Why a seat that was on duty is not any more, when it was not its own click."""

    NO_SIGN = "no_sign"  # nobody answered the question whether somebody is there


class Nobody(StrEnum):
    """Why nobody can answer a visit that waits."""

    NOBODY_ON_DUTY = "nobody_on_duty"
    LANGUAGE = "language"  # those on duty speak other languages


class EstimateReason(StrEnum):
    """Why an estimate is longer than the one shown before."""

    FEWER_SEATS = "fewer_seats"
    RETURNED_AHEAD = "returned_ahead"  # a visit that fell from a seat came back to the front
    TAKES_LONGER = "takes_longer"


class NotePhrase(StrEnum):
    """A line to somebody who waits; the kiosk says it in the visitor's language."""

    SOON_WITH_YOU = "soon_with_you"
    FEW_MINUTES = "few_minutes"
    COLLEAGUE_COMES = "colleague_comes"


class Role(StrEnum):
    """What a staff member may do."""

    LIBRARIAN = "librarian"
    SPECIALIST = "specialist"
    BRANCH_ADMIN = "branch_admin"
    SERVICE_OWNER = "service_owner"
    SYSTEM_ADMIN = "system_admin"


class Action(StrEnum):
    """Everything that somebody who is signed in can do. The value is also what the action log says."""

    # For oneself.
    OWN_SETTINGS = "own_settings"  # password, languages, standby, push of one's own account
    ANSWER = "answer"  # have a seat: duty, rings, calls

    # Branches.
    VIEW_PLACES = "view_places"  # all that the forms show, but accounts
    EDIT_BRANCH = "edit_branch"  # name, phone number, hours, notes
    CLOSE_BRANCH = "close_branch"  # for a while, with a text, and open it again
    EDIT_BRANCH_EXCEPTION = "edit_branch_exception"  # put or remove
    EDIT_BRANCH_CARD = "edit_branch_card"  # put or remove a card of one branch

    # Kiosks.
    ADD_KIOSK = "add_kiosk"
    RENAME_KIOSK = "rename_kiosk"
    EDIT_KIOSK = "edit_kiosk"  # how it is used: push-to-talk, screen, volume, camera, version
    NEW_KIOSK_CODE = "new_kiosk_code"
    REVOKE_KIOSK = "revoke_kiosk"
    SET_KIOSK_PIN = "set_kiosk_pin"
    VIEW_HEALTH = "view_health"
    IDENTIFY_KIOSK = "identify_kiosk"
    TEST_KIOSK = "test_kiosk"
    RELOAD_KIOSK = "reload_kiosk"
    RESTART_KIOSK_PROGRAM = "restart_kiosk_program"
    RESTART_KIOSK_MACHINE = "restart_kiosk_machine"
    LOCK_KIOSK = "lock_kiosk"  # with a text, and unlock it again

    # The library and its services.
    EDIT_LIBRARY = "edit_library"
    ADD_BRANCH = "add_branch"
    REMOVE_BRANCH = "remove_branch"
    ADD_SERVICE = "add_service"
    EDIT_SERVICE = "edit_service"  # names, languages, hours, how it rings
    REMOVE_SERVICE = "remove_service"
    EDIT_SERVICE_EXCEPTION = "edit_service_exception"  # put or remove
    EDIT_TEAM = "edit_team"  # put
    REMOVE_TEAM = "remove_team"
    EDIT_LIBRARY_CARD = "edit_library_card"  # put or remove a card that every branch shows

    # Accounts.
    VIEW_STAFF = "view_staff"
    ADD_STAFF = "add_staff"
    EDIT_STAFF = "edit_staff"  # name, languages, e-mail, standby
    DISABLE_STAFF = "disable_staff"
    ENABLE_STAFF = "enable_staff"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - the name of an action
    SET_ROLES = "set_roles"
    VIEW_ACTIONS = "view_actions"  # the action log

    # The installation.
    ADD_LIBRARY = "add_library"
    LINK_LIBRARIES = "link_libraries"  # which libraries answer for each other


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
    BROKEN = "broken"  # its own test says that it could not carry a conversation
    LOCKED = "locked"  # by somebody, with a text


class LensSide(StrEnum):
    """Where the camera of a kiosk sits; the librarian's eyes come near it."""

    TOP = "top"
    LEFT = "left"
    RIGHT = "right"


class MediaEngine(StrEnum):
    """The kiosk's two media engines."""

    LIBWEBRTC = "libwebrtc"
    AIORTC = "aiortc"


class PathQuality(StrEnum):
    """How a path is, in words for people. Ordered from best to worst."""

    GOOD = "good"
    FAIR = "fair"  # somebody who listens for it may notice
    POOR = "poor"  # everybody notices
    SOUND_ONLY = "sound_only"  # the picture was given up for the sound


class PathFault(StrEnum):
    """What is wrong with a path that calls itself connected."""

    NOTHING_ARRIVES = "nothing_arrives"  # no sound, not even silence, for `FAULT_AFTER_S`
    NO_PICTURE = "no_picture"  # the other end says that it sends one, and none is decoded
    NOTHING_LEAVES = "nothing_leaves"  # this end sends no sound, not even silence


class IceTrouble(StrEnum):
    """Why a path may not be found, as the end that looks for it can tell."""

    NO_CANDIDATES = "no_candidates"  # gathering found no address at all
    RELAY_REFUSED = "relay_refused"  # the relay does not know the credential: another secret, or a wrong clock
    RELAY_UNREACHABLE = "relay_unreachable"  # the relay does not answer


class RelayTransport(StrEnum):
    """How an end reaches the relay."""

    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


class RelayFinding(StrEnum):
    """What became of the server's own try of the relay, one address at a time."""

    REACHED = "reached"  # it took our credential and lent an address
    REFUSED = "refused"  # it does not know our credential: another secret, or a wrong clock
    FULL = "full"  # it knows us, and lends nothing more
    UNREACHABLE = "unreachable"  # nobody answers there
    UNKNOWN_HOST = "unknown_host"  # its name has no address
    CERTIFICATE = "certificate"  # it answers with a certificate that nobody can trust
    WRONG_ANSWER = "wrong_answer"  # something answers, and not as a relay does
