"""What the visitor's path asks of the signaling client, as values, and what the media should be like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.core.snapshot import TextEntry
from signaling.protocol.health import HealthArea, HealthCode, HealthNumber, OrderFault, OrderState, TestKind
from signaling.protocol.vocabulary import Language, LensSide, ServiceId, VisitId


@dataclass(frozen=True, slots=True)
class SendOpen:
    """Tell the server of a tap; the same request id until it is answered."""

    request_id: str
    service_id: ServiceId
    language: Language


@dataclass(frozen=True, slots=True)
class SendCancel:
    """The visitor leaves the line."""

    visit_id: VisitId


@dataclass(frozen=True, slots=True)
class SendTicket:
    """The visitor wants to be called back on this kiosk; the answer is `TicketTaken` or `TicketRefused`."""

    visit_id: VisitId


@dataclass(frozen=True, slots=True)
class SendKeepWaiting:
    """The visitor saw the ways out and waits on."""

    visit_id: VisitId


@dataclass(frozen=True, slots=True)
class SendAnswer:
    """Somebody came to the ticket that is called back."""

    visit_id: VisitId


@dataclass(frozen=True, slots=True)
class SendFinish:
    """The visitor ends the visit."""

    visit_id: VisitId


@dataclass(frozen=True, slots=True)
class SendFeedback:
    """One of three faces."""

    visit_id: VisitId
    score: int


@dataclass(frozen=True, slots=True)
class SendLanguage:
    """The visitor reads another language now."""

    visit_id: VisitId
    language: Language


@dataclass(frozen=True, slots=True)
class SendText:
    """The visitor's line as it stands."""

    visit_id: VisitId
    entry: int
    text: str
    done: bool


@dataclass(frozen=True, slots=True)
class SendHistory:
    """All that was typed so far, for a console that came back."""

    visit_id: VisitId
    entries: tuple[TextEntry, ...]


@dataclass(frozen=True, slots=True)
class SendAgain:
    """This generation is dead here."""

    visit_id: VisitId
    generation: int


@dataclass(frozen=True, slots=True)
class SendConnected:
    """This generation's path is up here."""

    visit_id: VisitId
    generation: int


Effect = (
    SendOpen
    | SendCancel
    | SendTicket
    | SendKeepWaiting
    | SendAnswer
    | SendFinish
    | SendFeedback
    | SendLanguage
    | SendText
    | SendHistory
    | SendAgain
    | SendConnected
)


@dataclass(frozen=True, slots=True)
class SendHealth:
    """Tell the server what is true of the kiosk now. All of it, so one that is lost is no matter.

    Attributes:
        test: Why it looked last.
        areas: What it looked at this time.
        seconds, cpu_s: How long that took, and how much processor time.
    """

    test: TestKind
    areas: frozenset[HealthArea]
    findings: tuple[HealthCode, ...]
    numbers: Mapping[HealthNumber, float]
    seconds: float
    cpu_s: float
    drawn: bool
    touched: bool


@dataclass(frozen=True, slots=True)
class SendOrder:
    """Tell the server what became of an order."""

    order_id: str
    state: OrderState
    fault: OrderFault | None = None


@dataclass(frozen=True, slots=True)
class SendChosen:
    """Tell the server where the camera sits, as somebody chose it in the service menu; None: nothing was chosen."""

    lens_side: LensSide | None = None
    camera_height_cm: int | None = None


#: What the care of the kiosk tells the server.
CareEffect = SendHealth | SendOrder | SendChosen


@dataclass(frozen=True, slots=True)
class MediaPlan:
    """What media should be like now; the engine brings about whatever differs from it.

    Attributes:
        visit_id: The visit whose call should have a peer connection; None: no peer, all devices closed.
        generation: Number of the peer connection to the librarian.
        guest_generation: Number of the one to the colleague who was brought in; 0: there is none.
        camera: The camera should be open and attached.
        microphone: The microphone should be attached.
        sound: The sound of whoever is at the other ends should be played.
        volume_percent: Loudspeaker volume.
        preparing: Paths of `prepared_visit_id` that are to be made ready with no media on them and no device open.
        prepared_visit_id: The visit that rings; one that is accepted becomes `visit_id`, its path `generation`.
        older_generation: The path to the librarian before this one, which goes on until this one is up; 0: none does.
        older_guest_generation: The same of the colleague's.
        pictures: Paths on which the other end says that it sends a picture that moves.
        stills: Paths on which the other end has given its picture up for the sound.
    """

    visit_id: VisitId | None = None
    generation: int = 0
    camera: bool = False
    microphone: bool = False
    sound: bool = False
    volume_percent: int = 80
    guest_generation: int = 0
    preparing: tuple[int, ...] = ()
    prepared_visit_id: VisitId | None = None
    older_generation: int = 0
    older_guest_generation: int = 0
    pictures: tuple[int, ...] = ()
    stills: tuple[int, ...] = ()

    @property
    def generations(self) -> tuple[int, ...]:
        """The paths of the call that there should be, the librarian's first."""
        return tuple(number for number in (self.generation, self.guest_generation) if number)

    @property
    def older_generations(self) -> tuple[int, ...]:
        """The paths that go on until their successors are up."""
        return tuple(number for number in (self.older_generation, self.older_guest_generation) if number)

    @property
    def open_visit_id(self) -> VisitId | None:
        """The visit whose paths there are, talked on or made ready."""
        return self.visit_id if self.visit_id is not None else self.prepared_visit_id
