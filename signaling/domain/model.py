"""The things the rules speak about, as frozen values. One row of the store each.

`LineState` is what one command needs to decide: the open visits of a library with their offers, the live
seats and the kiosks that take part. It is loaded, decided upon, and written back as a difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from signaling.protocol.vocabulary import (
    BranchId,
    EndReason,
    EstimateReason,
    KioskId,
    Language,
    LibraryId,
    NotePhrase,
    OffDutyCause,
    OfferId,
    OfferKind,
    OfferState,
    Outcome,
    PauseReason,
    SeatId,
    ServiceId,
    StaffId,
    Topic,
    VisitId,
    VisitState,
)


@dataclass(frozen=True, slots=True)
class Visit:
    """One visitor's errand at one kiosk, from tap to goodbye. It has no name.

    Attributes:
        request_id: The kiosk's own id of the tap, so that a repeated send opens nothing twice.
        opened_at: When the visitor tapped; the order of the line follows from it.
        returned: True once the visit fell from a seat: it then stands before all that have not.
        seat_id: The seat in the call, from accept until the visit ends or falls back into the line.
        generation: Number of the current peer connection between kiosk and seat; 0 before the first accept,
            and while a ticket is called back.
        declined_by: Seats that are not rung for this visit until a pause has passed.
        rings: How often it has rung; the next offer's id follows from it.
        generations: How many peer connections there have been on all paths of the call; the next one's number
            follows from it, so that a generation alone says which path is meant.
        guest_seat_id: The colleague who was brought in.
        guest_generation: Number of the path between kiosk and guest; 0 without a guest.
        staff_generation: Number of the path between seat and guest; 0 without a guest.
        tier: Up to which tier of its service it rings by now (index; grows with the wait).
        preferred_seat_id: The seat of the last visit from this kiosk, while it rings there alone.
        choices: The waiting screen shows the ways out.
        ticket: Its number, from when the visitor chose to be called back until somebody came to the kiosk.
        calling_until: While `CALLING`: when the ticket expires.
        expected_from, expected_by: The estimate that the visitor sees.
        estimate_reason: Why it is later than the one before.
        note: The last line from a librarian while it waited.
        settled: Ended, and nobody will say anything more about it (feedback, close-out). The rules see only
            visits that are not settled: the store loads `settled = false`.
    """

    id: VisitId
    kiosk_id: KioskId
    branch_id: BranchId
    service_id: ServiceId
    language: Language
    request_id: str
    opened_at: datetime
    state: VisitState = VisitState.WAITING
    returned: bool = False
    seat_id: SeatId | None = None
    generation: int = 0
    accepted_at: datetime | None = None
    talking_since: datetime | None = None
    held_since: datetime | None = None
    ended_at: datetime | None = None
    end_reason: EndReason | None = None
    declined_by: frozenset[SeatId] = frozenset()
    rings: int = 0
    generations: int = 0
    guest_seat_id: SeatId | None = None
    guest_generation: int = 0
    staff_generation: int = 0
    tier: int = 0
    preferred_seat_id: SeatId | None = None
    choices: bool = False
    ticket: int | None = None
    calling_until: datetime | None = None
    expected_from: datetime | None = None
    expected_by: datetime | None = None
    estimate_reason: EstimateReason | None = None
    note: NotePhrase | None = None
    settled: bool = False
    feedback: int | None = None
    topic: Topic | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """One ring of one visit to one or more seats, with a deadline.

    A visit may have several: seats that come free while it rings get a ring, and a deadline, of their own.

    Attributes:
        asked_by: With `JOIN`: the seat that asks.
        prepared: The path to the kiosk that is made ready for each of the first seats that ring, by its generation;
            the winner's becomes the visit's. Empty with a ticket, whose kiosk may be anybody's now, and with `JOIN`.
    """

    id: OfferId
    visit_id: VisitId
    seat_ids: frozenset[SeatId]
    made_at: datetime
    deadline: datetime
    state: OfferState = OfferState.OPEN
    kind: OfferKind = OfferKind.VISIT
    asked_by: SeatId | None = None
    prepared: Mapping[SeatId, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seat:
    """One staff member's live console session, with what it has proven.

    Attributes:
        library_id: Whose staff member sits there.
        languages: What the staff member speaks.
        connected: A socket is open for it right now.
        lost_at: When the last socket went; None while connected.
        silent: It did not acknowledge for too long; its next sign of a person mends that.
        pause: On duty and not rung, for this reason.
        pause_until: When the pause ends by itself; None means by a click.
        asked_until: It is asked whether somebody is there, and goes off duty then.
        off_duty_cause: Why it is off duty, when that was not its own click.
        visit_id: The visit it is in, as its seat or as the guest.
        close_out_visit_id: The finished visit that still waits for topic and outcome.
        wrap_up_until: Not rung before this time, so that a visit can be rounded off.
        idle_since: Since when it could have been rung; longest idle comes first.
        named: Its first name may stand on the idle screens.
    """

    id: SeatId
    staff_id: StaffId
    name: str
    connected: bool = True
    lost_at: datetime | None = None
    on_duty: bool = False
    sound: bool = False
    microphone: bool = False
    camera: bool = False
    visit_id: VisitId | None = None
    close_out_visit_id: VisitId | None = None
    wrap_up_until: datetime | None = None
    idle_since: datetime | None = None
    named: bool = True
    library_id: LibraryId = LibraryId("")
    languages: frozenset[Language] = frozenset(Language)
    silent: bool = False
    pause: PauseReason | None = None
    pause_until: datetime | None = None
    asked_until: datetime | None = None
    off_duty_cause: OffDutyCause | None = None


@dataclass(frozen=True, slots=True)
class KioskPresence:
    """Whether a kiosk is there, and what its last visit left behind.

    Attributes:
        locked_until: It rests after a visit that was ended and flagged.
        last_seat_id: The seat of its last conversation, which a second tap reaches first.
        last_ended_at: When that conversation ended.
    """

    id: KioskId
    branch_id: BranchId
    connected: bool = True
    lost_at: datetime | None = None
    locked_until: datetime | None = None
    last_seat_id: SeatId | None = None
    last_ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a service or a branch stands: what changes by the clock is a row, so that no view changes by itself.

    Attributes:
        subject_id: The service or branch.
        open: Its hours say that it is offered (or open) now.
        next_open: When it opens again, while it is closed.
        closed_texts: What is said meanwhile, if somebody has written it.
        handling_s: How long the latest visits of a service kept their seats, newest last.
        long_waits: When visits of a service had waited too long, the latest ones.
        standby_asked_at: When the standby people of a service were last asked.
        ticket_day: The local day of `last_ticket`, ISO 8601.
        last_ticket: The number given last in a branch on that day.
    """

    subject_id: str
    open: bool = True
    next_open: datetime | None = None
    closed_texts: Mapping[Language, str] = field(default_factory=dict)
    handling_s: tuple[float, ...] = ()
    long_waits: tuple[datetime, ...] = ()
    standby_asked_at: datetime | None = None
    ticket_day: str = ""
    last_ticket: int = 0


class DeadlineKind(StrEnum):
    """What is to happen when a deadline passes."""

    OFFER = "offer"  # nobody took the ring
    CONNECT = "connect"  # accepted, but no media path came up
    SEAT_GRACE = "seat_grace"  # the seat's socket has not come back
    KIOSK_GRACE = "kiosk_grace"  # the kiosk's socket has not come back
    WRAP_UP = "wrap_up"  # the seat may be rung again
    DECLINE = "decline"  # seats that declined this visit may be rung for it again
    SETTLE = "settle"  # an ended visit waits no longer for feedback
    TIER = "tier"  # the next tier of the service is rung too
    PREFER = "prefer"  # the seat of the last visit rings no longer alone
    CHOICE = "choice"  # an unanswered visit gets its choices
    ESTIMATE = "estimate"  # the estimate has passed
    LONG_WAIT = "long_wait"  # the visit has waited too long
    CALLBACK = "callback"  # nobody came to the ticket that is called back
    TICKET = "ticket"  # nobody called the ticket back
    PAUSE = "pause"  # the seat's pause is over
    SIGN = "sign"  # no sign of a person at the seat for long
    ASKED = "asked"  # nobody answered the question
    HOURS = "hours"  # a service or branch opens or closes, or another day begins
    NOBODY = "nobody"  # nobody has been on duty for a service for a while
    LOCK = "lock"  # the kiosk has rested


@dataclass(frozen=True, slots=True)
class Deadline:
    """A row that says: at this time look at this subject again. At most one per kind and subject."""

    kind: DeadlineKind
    subject_id: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class LineState:
    """What the rules see: all visits that are not settled, open offers, live seats, kiosks that are there.

    All mappings are treated as immutable.
    """

    visits: Mapping[VisitId, Visit] = field(default_factory=dict)
    offers: Mapping[OfferId, Offer] = field(default_factory=dict)
    seats: Mapping[SeatId, Seat] = field(default_factory=dict)
    kiosks: Mapping[KioskId, KioskPresence] = field(default_factory=dict)
    standings: Mapping[str, Standing] = field(default_factory=dict)
    deadlines: Mapping[tuple[DeadlineKind, str], Deadline] = field(default_factory=dict)
