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
    KioskId,
    Language,
    OfferId,
    OfferState,
    Outcome,
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
        generation: Number of the current peer connection of the call; 0 before the first accept.
        declined_by: Seats that are not rung for this visit until a pause has passed.
        rings: How often it has rung; the next offer's id follows from it.
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
    settled: bool = False
    feedback: int | None = None
    topic: Topic | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """One ring of one visit to one or more seats, with a deadline."""

    id: OfferId
    visit_id: VisitId
    seat_ids: frozenset[SeatId]
    made_at: datetime
    deadline: datetime
    state: OfferState = OfferState.OPEN


@dataclass(frozen=True, slots=True)
class Seat:
    """One staff member's live console session, with what it has proven.

    Attributes:
        connected: A socket is open for it right now.
        lost_at: When the last socket went; None while connected.
        visit_id: The visit it is in.
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


@dataclass(frozen=True, slots=True)
class KioskPresence:
    """Whether a kiosk is there."""

    id: KioskId
    branch_id: BranchId
    connected: bool = True
    lost_at: datetime | None = None


class DeadlineKind(StrEnum):
    """What is to happen when a deadline passes."""

    OFFER = "offer"  # nobody took the ring
    CONNECT = "connect"  # accepted, but no media path came up
    SEAT_GRACE = "seat_grace"  # the seat's socket has not come back
    KIOSK_GRACE = "kiosk_grace"  # the kiosk's socket has not come back
    WRAP_UP = "wrap_up"  # the seat may be rung again
    DECLINE = "decline"  # seats that declined this visit may be rung for it again
    SETTLE = "settle"  # an ended visit waits no longer for feedback


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
    deadlines: Mapping[tuple[DeadlineKind, str], Deadline] = field(default_factory=dict)
