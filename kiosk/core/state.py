"""The kiosk's whole state as one value, and what is read off it: what media should be like, what the server is owed.

What it is for: nothing that matters is a message that was sent once. The screen (`kiosk.core.shown`), the media and
what the server should be told all follow from this value, so that a lost message or a restart of anything is made
good by looking again. What it does not do: change; that is `kiosk.core.session`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from kiosk.core import effects as fx
from kiosk.core.care import Care
from kiosk.core.facts import Known, MediaReport, ServerFacts, VisitFacts
from kiosk.core.media import DeviceState, PathState
from kiosk.core.snapshot import MissedTicket, Notice, TextEntry
from signaling.protocol.vocabulary import (
    Language,
    OutOfServiceCause,
    PathFault,
    PathQuality,
    ServiceId,
    VisitId,
    VisitState,
)

GOODBYE_S: Final = 10.0
#: A number that was just taken is shown for so long; then the screen is the next visitor's.
TICKET_S: Final = 10.0
#: That nobody came to a ticket is said for so long.
MISSED_S: Final = 120.0
#: Thanks for a face stay at least this long.
THANKS_S: Final = 3.0
INACTIVITY_S: Final = 30.0
COUNTDOWN_SHOWN_S: Final = 10
SERVER_AWAY_AFTER_S: Final = 3.0
STARTING_S: Final = 10.0
TRY_AGAIN_SHOWN_S: Final = 12.0
#: A tap that the server has not answered after this time is taken back.
OPEN_PATIENCE_S: Final = 10.0
#: A visit that neither the server nor a path carries any more is given up after this time.
AWAY_PATIENCE_S: Final = 120.0
#: How often the server is told again what its facts do not show.
TELL_AGAIN_S: Final = 3.0
DEFAULT_VOLUME_PERCENT: Final = 80
#: Until the server has said what the branch speaks.
DEFAULT_LANGUAGE: Final = Language.SV

#: States in which the visitor stands in the line.
IN_LINE: Final = frozenset({VisitState.WAITING, VisitState.OFFERED})
#: States in which a librarian is at the other end.
IN_CALL: Final = frozenset({VisitState.CONNECTING, VisitState.TALKING, VisitState.HELD})
#: Faults with which nobody can talk.
DEAD: Final = frozenset({PathFault.NOTHING_ARRIVES, PathFault.NOTHING_LEAVES})


@dataclass(frozen=True, slots=True)
class Devices:
    """What is true of the kiosk's own devices, and what is attached to the call."""

    camera: DeviceState = DeviceState.CLOSED
    microphone: DeviceState = DeviceState.CLOSED
    loudspeaker: DeviceState = DeviceState.CLOSED
    camera_sending: bool = False
    microphone_sending: bool = False


def _nothing_heard_yet() -> MediaReport:
    return MediaReport(camera_sending=True, microphone_sending=True)


@dataclass(frozen=True, slots=True)
class OlderPath:
    """The path before the present one: it goes on until that is up, so that nobody is cut off meanwhile.

    Attributes:
        since_s: When its successor began.
        picture: A picture of it was decoded.
        replaced_s: When its successor came up; its last picture stays until there is a new one.
    """

    generation: int
    since_s: float
    path: PathState = PathState.CONNECTED
    fault: PathFault | None = None
    picture: bool = False
    replaced_s: float | None = None

    @property
    def carries(self) -> bool:
        """People can talk on it."""
        return self.replaced_s is None and self.path is PathState.CONNECTED and self.fault not in DEAD


@dataclass(frozen=True, slots=True)
class EndMemory:
    """What is remembered of one other end, librarian or colleague, and of the path to it.

    Attributes:
        seat_id: Whose; only the colleague's is known.
        generation: Number of the path; 0 while there is none.
        path: What is true of it.
        up: It was connected once.
        reached: A path to this end was connected once: what follows a loss is a coming back.
        picture: A picture of it was decoded.
        foreign: An earlier start of this program opened it; nobody can continue it.
        fault: What is wrong with it although it calls itself connected.
        quality: What it is like.
        picture_paused: The visitor's picture was given up on it for the sound.
        again: The next one is asked for, because of a fault or because this machine's address is gone.
        no_picture_s: When the next one was last asked for because no picture came, whichever it was then.
        report: What that end says that it sends.
        heard: It has said so.
        older: The path before it, while that may still carry.
    """

    seat_id: str = ""
    generation: int = 0
    path: PathState = PathState.NEW
    up: bool = False
    reached: bool = False
    picture: bool = False
    foreign: bool = False
    fault: PathFault | None = None
    quality: PathQuality | None = None
    picture_paused: bool = False
    again: bool = False
    no_picture_s: float | None = None
    report: MediaReport = field(default_factory=_nothing_heard_yet)
    heard: bool = False
    older: OlderPath | None = None

    @property
    def coming_back(self) -> bool:
        """It was reached, and nothing carries now."""
        if not self.reached or (self.older is not None and self.older.carries):
            return False
        return self.path is not PathState.CONNECTED or self.fault in DEAD

    @property
    def picture_received(self) -> bool:
        """What is seen of this end is from now: of this path, or still of the one before."""
        older = self.older
        return self.picture or (older is not None and older.picture and (older.carries or older.replaced_s is not None))


@dataclass(frozen=True, slots=True)
class VisitMemory:
    """Everything that is remembered of one visit; replaced by a new one when it ends: nothing is left.

    Attributes:
        visit_id: Whose memory this is.
        talked: The visitor and a librarian have met in this visit.
        camera_wanted: The visitor has turned the camera on, for the present librarian.
        speaking: With push-to-talk: the button is held.
        librarian: The present librarian, and the path there.
        colleague: Who was brought in; nothing is left of a colleague who goes.
        prepared: What is true of the paths that are made ready while it rings, by their numbers.
        foreign_prepared: Those that an earlier start of this program has offered.
        draft: The line that is being typed, and its number among the visitor's lines in `entry`.
        keeps_waiting: The visitor saw the ways out and waits on; the server is told until it shows none.
        answered: Somebody touched while the ticket was called back.
        called_wall: Since when the ticket is called back, UTC.
    """

    visit_id: VisitId | None = None
    talked: bool = False
    camera_wanted: bool = False
    muted: bool = False
    speaking: bool = False
    librarian: EndMemory = field(default_factory=EndMemory)
    colleague: EndMemory = field(default_factory=EndMemory)
    prepared: tuple[tuple[int, PathState], ...] = ()
    foreign_prepared: frozenset[int] = frozenset()
    entries: tuple[TextEntry, ...] = ()
    draft: str = ""
    entry: int = 1
    keeps_waiting: bool = False
    answered: bool = False
    called_wall: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """The kiosk's whole state. Times ending in `_s` are seconds of one monotonic clock.

    Attributes:
        wall: UTC, for the screen only.
        link_up: The server's facts are current.
        link_since_s: Since when the link is as it is.
        link_since_wall: Since when the server is away; None while it is not.
        refused: Why the server does not let us in.
        language_chosen: The visitor chose another language than the branch's own.
        touched_s: When a hand was last there; None once the screen has started over.
        opening: Request id of a tap that is not yet seen in the facts, since when, and for which service.
        withdrawn: Request id of a tap that was taken back before the server answered: its visit is left when it comes.
        ending: A visit that is over here, until the server says so too.
        goodbye: The visit that is being said goodbye to.
        ticketing: The visit for which a number was asked for.
        ticketed: A visit that is a ticket by now, until the server's facts say so too.
        ticket: The number that is shown, until `ticket_until_s`.
        missed: The ticket to which nobody came, until `missed_until_s`; its time is UTC.
        known: What was kept of the branch from an earlier start.
        care: What is known of the kiosk itself.
        broken_since_wall: Since when it can take no call for a reason of its own, UTC; None while it can.
        told: What the server was last told because it was owed it, and when.
    """

    started_s: float
    wall: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    link_up: bool = False
    link_since_s: float = 0.0
    link_since_wall: datetime | None = None
    refused: OutOfServiceCause | None = None
    facts: ServerFacts | None = None
    language: Language = DEFAULT_LANGUAGE
    language_chosen: bool = False
    touched_s: float | None = None
    opening: str | None = None
    opening_since_s: float = 0.0
    opening_service: ServiceId | None = None
    withdrawn: str | None = None
    ending: VisitId | None = None
    goodbye: VisitId | None = None
    goodbye_until_s: float = 0.0
    feedback: int | None = None
    ticketing: VisitId | None = None
    ticketed: VisitId | None = None
    ticket: int | None = None
    ticket_until_s: float = 0.0
    missed: MissedTicket | None = None
    missed_until_s: float = 0.0
    known: Known | None = None
    notice: Notice = Notice.NONE
    notice_until_s: float = 0.0
    volume_percent: int = DEFAULT_VOLUME_PERCENT
    devices: Devices = field(default_factory=Devices)
    visit: VisitMemory = field(default_factory=VisitMemory)
    care: Care = field(default_factory=Care)
    broken_since_wall: datetime | None = None
    told: tuple[fx.Effect, ...] = ()
    told_s: float = 0.0
    resets: int = 0
    now_s: float = 0.0

    @property
    def live(self) -> VisitFacts | None:
        """The visit that is going on, unless it is already over here."""
        visit = self.facts.visit if self.facts is not None else None
        if visit is None or visit.id == self.ending or visit.state is VisitState.ENDED:
            return None
        ticket = visit.ticket is not None or visit.id == self.ticketed
        return None if ticket and visit.state in IN_LINE else visit  # a ticket waits without a screen

    @property
    def idle(self) -> bool:
        """Nobody's visit is going on, being asked for, or being said goodbye to."""
        return self.live is None and self.opening is None and self.goodbye is None and self.ticket is None

    @property
    def in_visit(self) -> bool:
        """A visit is on the screen, or was just asked for."""
        return self.live is not None or self.opening is not None

    @property
    def default_language(self) -> Language:
        """The branch's own language, as far as it is known."""
        if self.facts is not None:
            return self.facts.default_language
        return self.known.default_language if self.known is not None else DEFAULT_LANGUAGE

    @property
    def push_to_talk(self) -> bool:
        """The microphone is open only while a button is held."""
        return self.facts is not None and self.facts.push_to_talk

    @property
    def server_now(self) -> datetime:
        """What the server's clock says, UTC."""
        ahead_s = self.facts.server_ahead_s if self.facts is not None else 0.0
        return self.wall + timedelta(seconds=ahead_s)

    @property
    def has_something_to_reset(self) -> bool:
        """The screen is not as the next visitor should find it."""
        return self.idle and self.touched_s is not None and self.language_chosen

    @property
    def away_s(self) -> float:
        """How long the server has been away."""
        return 0.0 if self.link_up else self.now_s - self.link_since_s


def chimes(state: Session) -> bool:
    """Whether somebody should be called to the kiosk by a sound: until a hand is there, and no longer."""
    visit = state.live
    return visit is not None and visit.state is VisitState.CALLING and not state.visit.answered


def media_plan(state: Session) -> fx.MediaPlan:
    """What media should be like now."""
    visit, memory = state.live, state.visit
    # The visitor's whole range lies below what the branch allows at this hour: each step of it does something.
    volume_percent = round(state.volume_percent * state.care.volume_max_percent / 100)
    if visit is not None and visit.state is VisitState.OFFERED:
        preparing = tuple(number for number in visit.preparing if number not in memory.foreign_prepared)
        return fx.MediaPlan(
            volume_percent=volume_percent,
            preparing=preparing,
            prepared_visit_id=visit.id if preparing else None,
        )
    if visit is None or visit.state not in IN_CALL or memory.librarian.foreign:
        return fx.MediaPlan(volume_percent=volume_percent)
    held = visit.state is VisitState.HELD
    librarian = memory.librarian
    colleague = EndMemory() if memory.colleague.foreign else memory.colleague
    ends = (librarian, colleague)
    return fx.MediaPlan(
        visit_id=visit.id,
        generation=visit.generation,
        camera=memory.camera_wanted and not held,
        microphone=not memory.muted and not held and (memory.speaking or not state.push_to_talk),
        sound=not held,
        volume_percent=volume_percent,
        guest_generation=colleague.generation,
        older_generation=_older(librarian),
        older_guest_generation=_older(colleague),
        pictures=() if held else tuple(g for end in ends for g in _paths(end) if _shows(end, moving=True)),
        stills=() if held else tuple(g for end in ends for g in _paths(end) if _shows(end, moving=False)),
    )


def _older(end: EndMemory) -> int:
    older = end.older
    return older.generation if older is not None and older.replaced_s is None else 0


def _paths(end: EndMemory) -> tuple[int, ...]:
    return tuple(number for number in (end.generation, _older(end)) if number)


def _shows(end: EndMemory, *, moving: bool) -> bool:
    return end.heard and end.report.camera_sending and end.report.picture_paused is not moving
