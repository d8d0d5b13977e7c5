"""What can be asked of the line, as values. Who may ask is settled before a command is made."""

from __future__ import annotations

from dataclasses import dataclass

from signaling.domain.model import DeadlineKind
from signaling.protocol.vocabulary import (
    BranchId,
    KioskId,
    Language,
    LibraryId,
    LineId,
    NotePhrase,
    OfferId,
    Outcome,
    Party,
    PauseReason,
    SeatId,
    ServiceId,
    StaffId,
    Topic,
    VisitId,
)


@dataclass(frozen=True, slots=True)
class ConnectKiosk:
    """A kiosk's socket is open."""

    kiosk_id: KioskId
    branch_id: BranchId


@dataclass(frozen=True, slots=True)
class LoseKiosk:
    """A kiosk's socket is gone; its visit waits for a grace."""

    kiosk_id: KioskId


@dataclass(frozen=True, slots=True)
class ConnectSeat:
    """A console's socket is open. What it had proven before counts no more: it proves it again."""

    seat_id: SeatId
    staff_id: StaffId
    name: str
    library_id: LibraryId
    languages: frozenset[Language] = frozenset(Language)


@dataclass(frozen=True, slots=True)
class UpdateStaff:
    """What an account says of a staff member has changed; live seats follow."""

    staff_id: StaffId
    name: str
    languages: frozenset[Language]


@dataclass(frozen=True, slots=True)
class SilenceSeat:
    """It has not acknowledged for too long."""

    seat_id: SeatId


@dataclass(frozen=True, slots=True)
class SignSeat:
    """A person touched the console."""

    seat_id: SeatId


@dataclass(frozen=True, slots=True)
class PauseSeat:
    """On duty and not rung, until resumed or for so long."""

    seat_id: SeatId
    reason: PauseReason
    for_s: float | None = None


@dataclass(frozen=True, slots=True)
class ResumeSeat:
    """Ring there again."""

    seat_id: SeatId


@dataclass(frozen=True, slots=True)
class LoseSeat:
    """A console's socket is gone; its visit waits for a grace."""

    seat_id: SeatId


@dataclass(frozen=True, slots=True)
class RemoveSeat:
    """The staff member signed out: no grace."""

    seat_id: SeatId


@dataclass(frozen=True, slots=True)
class LoseEveryone:
    """The server starts: no socket is open, whatever the rows say."""


@dataclass(frozen=True, slots=True)
class SetDuty:
    """The duty switch."""

    seat_id: SeatId
    on_duty: bool


@dataclass(frozen=True, slots=True)
class ProveSeat:
    """What the device check has proven."""

    seat_id: SeatId
    sound: bool
    microphone: bool
    camera: bool


@dataclass(frozen=True, slots=True)
class NameSeat:
    """Whether the first name may stand on idle screens."""

    seat_id: SeatId
    named: bool


@dataclass(frozen=True, slots=True)
class OpenVisit:
    """A visitor tapped."""

    visit_id: VisitId
    kiosk_id: KioskId
    service_id: ServiceId
    language: Language
    request_id: str


@dataclass(frozen=True, slots=True)
class CancelVisit:
    """The visitor leaves the line."""

    visit_id: VisitId
    kiosk_id: KioskId


@dataclass(frozen=True, slots=True)
class TakeTicket:
    """The visitor chose to be called back on this kiosk."""

    visit_id: VisitId
    kiosk_id: KioskId


@dataclass(frozen=True, slots=True)
class KeepWaiting:
    """The visitor saw the choices and waits on."""

    visit_id: VisitId
    kiosk_id: KioskId


@dataclass(frozen=True, slots=True)
class AnswerTicket:
    """Somebody touched the kiosk while its ticket was called back."""

    visit_id: VisitId
    kiosk_id: KioskId


@dataclass(frozen=True, slots=True)
class NoteVisit:
    """A line from a seat to somebody who waits."""

    visit_id: VisitId
    seat_id: SeatId
    phrase: NotePhrase


@dataclass(frozen=True, slots=True)
class InviteSeat:
    """The seat of a conversation asks a colleague into it."""

    visit_id: VisitId
    seat_id: SeatId
    guest_seat_id: SeatId


@dataclass(frozen=True, slots=True)
class UninviteSeat:
    """The ring to the colleague stops, or the colleague is thanked and leaves."""

    visit_id: VisitId
    seat_id: SeatId


@dataclass(frozen=True, slots=True)
class FlagVisit:
    """The librarian ends the visit; its kiosk rests for a while."""

    visit_id: VisitId
    seat_id: SeatId


@dataclass(frozen=True, slots=True)
class UnlockKiosk:
    """The seat that flagged a visit lets its kiosk go on."""

    visit_id: VisitId
    seat_id: SeatId


@dataclass(frozen=True, slots=True)
class LookAtSetup:
    """Hours, services or branches may have changed: standings are made anew, and everything that follows.

    Attributes:
        line_id: Which line this is; the rules see its rows and not its name.
    """

    line_id: LineId


@dataclass(frozen=True, slots=True)
class FinishVisit:
    """One end says goodbye. Exactly one of `kiosk_id` and `seat_id` says which."""

    visit_id: VisitId
    kiosk_id: KioskId | None = None
    seat_id: SeatId | None = None


@dataclass(frozen=True, slots=True)
class ChangeLanguage:
    """The visitor reads another language now."""

    visit_id: VisitId
    kiosk_id: KioskId
    language: Language


@dataclass(frozen=True, slots=True)
class GiveFeedback:
    """One of three faces."""

    visit_id: VisitId
    kiosk_id: KioskId
    score: int


@dataclass(frozen=True, slots=True)
class AcceptOffer:
    """A seat takes the visit that rings there."""

    offer_id: OfferId
    seat_id: SeatId


@dataclass(frozen=True, slots=True)
class DeclineOffer:
    """Not this seat, not now."""

    offer_id: OfferId
    seat_id: SeatId


@dataclass(frozen=True, slots=True)
class HoldVisit:
    """The librarian puts the visit on hold."""

    visit_id: VisitId
    seat_id: SeatId


@dataclass(frozen=True, slots=True)
class ResumeVisit:
    """The librarian comes back."""

    visit_id: VisitId
    seat_id: SeatId


@dataclass(frozen=True, slots=True)
class LeaveVisit:
    """A librarian steps out. A colleague in the conversation goes on with it; else it goes to the front."""

    visit_id: VisitId
    seat_id: SeatId


@dataclass(frozen=True, slots=True)
class CloseOut:
    """Topic and outcome; both None means skipped."""

    visit_id: VisitId
    seat_id: SeatId
    topic: Topic | None
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class PathConnected:
    """One end says that this generation's path carries media."""

    visit_id: VisitId
    generation: int
    party: Party
    party_id: str


@dataclass(frozen=True, slots=True)
class PathDead:
    """One end says that this generation is dead there."""

    visit_id: VisitId
    generation: int
    party: Party
    party_id: str


@dataclass(frozen=True, slots=True)
class DeadlinePassed:
    """A deadline's time has come. Harmless when the row is gone by then."""

    kind: DeadlineKind
    subject_id: str


@dataclass(frozen=True, slots=True)
class PostponeDeadline:
    """A deadline could not be let pass: look at it again later, so that it does not stop those behind it."""

    kind: DeadlineKind
    subject_id: str
    by_s: float


Command = (
    ConnectKiosk
    | LoseKiosk
    | LoseEveryone
    | ConnectSeat
    | LoseSeat
    | RemoveSeat
    | UpdateStaff
    | SilenceSeat
    | SignSeat
    | PauseSeat
    | ResumeSeat
    | LookAtSetup
    | SetDuty
    | ProveSeat
    | NameSeat
    | OpenVisit
    | CancelVisit
    | TakeTicket
    | KeepWaiting
    | AnswerTicket
    | NoteVisit
    | InviteSeat
    | UninviteSeat
    | FlagVisit
    | UnlockKiosk
    | FinishVisit
    | ChangeLanguage
    | GiveFeedback
    | AcceptOffer
    | DeclineOffer
    | HoldVisit
    | ResumeVisit
    | LeaveVisit
    | CloseOut
    | PathConnected
    | PathDead
    | DeadlinePassed
    | PostponeDeadline
)
