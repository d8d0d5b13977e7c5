"""The visitor's path through the kiosk: (state, event, now) -> (state, effects). Pure.

What it is for: every decision of the kiosk about screens, countdowns, what is sent and what is forgotten.
What it does not do: talk to the server, open devices, draw. The screen is `shown(state)`, the media is
`media_plan(state)`: both are read off the state, so that a restart of anything brings them back.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from kiosk.core import commands as c
from kiosk.core import effects as fx
from kiosk.core import events as e
from kiosk.core.facts import MediaReport, ServerFacts, VisitFacts
from kiosk.core.media import DeviceState, PathState
from kiosk.core.snapshot import Notice, TextEntry
from signaling.protocol.vocabulary import (
    MAX_TEXT_CHARS,
    MAX_TEXT_ENTRIES,
    Language,
    OutOfServiceCause,
    Party,
    VisitId,
    VisitState,
)

GOODBYE_S: Final = 10.0
INACTIVITY_S: Final = 30.0
COUNTDOWN_SHOWN_S: Final = 10
SERVER_AWAY_AFTER_S: Final = 3.0
STARTING_S: Final = 10.0
TRY_AGAIN_SHOWN_S: Final = 6.0

_LIVE: Final = frozenset({VisitState.CONNECTING, VisitState.TALKING, VisitState.HELD})


@dataclass(frozen=True, slots=True)
class Devices:
    """What is true of the kiosk's own devices, and what is attached to the call."""

    camera: DeviceState = DeviceState.CLOSED
    microphone: DeviceState = DeviceState.CLOSED
    loudspeaker: DeviceState = DeviceState.CLOSED
    camera_sending: bool = False
    microphone_sending: bool = False


@dataclass(frozen=True, slots=True)
class VisitMemory:
    """Everything that is remembered of one visit; replaced by a new one when it ends: nothing is left."""

    visit_id: VisitId | None = None
    talked: bool = False
    camera_wanted: bool = False
    muted: bool = False
    path: PathState = PathState.NEW
    path_generation: int = 0
    picture_generation: int = 0
    librarian: MediaReport = field(default_factory=lambda: MediaReport(camera_sending=True, microphone_sending=True))
    entries: tuple[TextEntry, ...] = ()
    draft: str = ""
    entry: int = 1


@dataclass(frozen=True, slots=True)
class Session:
    """The kiosk's whole state.

    Attributes:
        link_up: The server's facts are current.
        link_since_s: Since when the link is as it is (monotonic seconds).
        refused: Why the server does not let us in.
        opening: Request id of a tap that was sent and not yet seen in the facts.
        ending: A visit that the visitor has ended here, until the server says so too.
        goodbye: The visit that is being said goodbye to.
    """

    started_s: float
    wall: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    link_up: bool = False
    link_since_s: float = 0.0
    link_since_wall: datetime | None = None
    refused: OutOfServiceCause | None = None
    facts: ServerFacts | None = None
    language: Language = Language.SV
    language_chosen: bool = False
    touched_s: float | None = None
    opening: str | None = None
    ending: VisitId | None = None
    goodbye: VisitId | None = None
    goodbye_until_s: float = 0.0
    feedback: int | None = None
    notice: Notice = Notice.NONE
    notice_until_s: float = 0.0
    volume_percent: int = 80
    devices: Devices = field(default_factory=Devices)
    visit: VisitMemory = field(default_factory=VisitMemory)
    resets: int = 0
    now_s: float = 0.0

    @property
    def live(self) -> VisitFacts | None:
        """The visit that is going on, unless the visitor has just ended it here."""
        visit = self.facts.visit if self.facts is not None else None
        return None if visit is None or visit.id == self.ending else visit

    @property
    def idle(self) -> bool:
        """Nobody's visit is going on or being said goodbye to."""
        return self.live is None and self.opening is None and self.goodbye is None


Step = tuple[Session, tuple[fx.Effect, ...]]


def decide(state: Session, event: e.Event, now_s: float, new_id: str = "") -> Step:
    """Let one thing happen.

    Args:
        state: As it is.
        event: A command of the visitor, or what came from outside.
        now_s: Monotonic seconds.
        new_id: An id that nobody can guess, for `TapCall`.

    Returns:
        The next state and what is to be sent. An event that does not fit changes nothing.
    """
    state = replace(state, now_s=now_s)
    match event:
        case e.Tick():
            return _tick(replace(state, wall=event.wall)), ()
        case e.FactsCame():
            return _facts_came(state, event.facts)
        case e.LinkLost():
            return _link_lost(state), ()
        case e.LinkRefused():
            return replace(_link_lost(state), refused=event.cause), ()
        case e.OpenRefused():
            return _open_refused(state), ()
        case e.DevicesChanged():
            devices = Devices(
                event.camera,
                event.microphone,
                event.loudspeaker,
                event.camera_sending,
                event.microphone_sending,
            )
            return replace(state, devices=devices), ()
        case e.PathChanged() | e.PictureCame() | e.LibrarianMedia() | e.LibrarianTyped():
            return _call_event(state, event)
        case _:
            return _command(replace(state, touched_s=now_s), event, new_id)


def media_plan(state: Session) -> fx.MediaPlan:
    """What media should be like now."""
    visit = state.live
    if visit is None or visit.state not in _LIVE or visit.generation == 0:
        return fx.MediaPlan(volume_percent=state.volume_percent)
    held = visit.state is VisitState.HELD
    return fx.MediaPlan(
        visit_id=visit.id,
        generation=visit.generation,
        camera=state.visit.camera_wanted and not held,
        microphone=not state.visit.muted and not held,
        sound=not held,
        volume_percent=state.volume_percent,
    )


# --- from the server --------------------------------------------------------------------------------------


def _facts_came(state: Session, facts: ServerFacts) -> Step:
    before = state.live
    effects: list[fx.Effect] = []
    if not state.link_up:
        state = replace(state, link_up=True, link_since_s=state.now_s, link_since_wall=None, refused=None)
        if state.ending is not None and facts.visit is not None and facts.visit.id == state.ending:
            effects.append(fx.SendFinish(state.ending))  # the goodbye was lost with the link
        if state.opening is not None and facts.visit is None and facts.service_id is not None:
            effects.append(fx.SendOpen(state.opening, facts.service_id, state.language))  # so was the tap
    if not state.language_chosen:
        state = replace(state, language=facts.default_language)
    visit = facts.visit
    state = replace(state, facts=facts)
    if visit is None:
        state = replace(state, ending=None)
        if before is not None:
            state = _visit_over(state)
        return state, tuple(effects)
    state = replace(state, opening=None)
    memory = state.visit
    if memory.visit_id != visit.id:
        memory = VisitMemory(visit_id=visit.id)
    if visit.state is VisitState.TALKING:
        memory = replace(memory, talked=True)
    if visit.generation != memory.path_generation:
        memory = replace(memory, path=PathState.NEW, path_generation=visit.generation)
        if memory.entries and visit.state in _LIVE:
            effects.append(fx.SendHistory(visit.id, memory.entries))
    return replace(state, visit=memory), tuple(effects)


def _visit_over(state: Session) -> Session:
    """The server has no visit for us any more."""
    if state.visit.talked and state.visit.visit_id is not None:
        return _say_goodbye(state, state.visit.visit_id)
    return _reset(state)


def _say_goodbye(state: Session, visit_id: VisitId) -> Session:
    return replace(
        state,
        goodbye=visit_id,
        goodbye_until_s=state.now_s + GOODBYE_S,
        feedback=None,
        visit=VisitMemory(),
        notice=Notice.NONE,
    )


def _reset(state: Session) -> Session:
    """Back to idle in the branch's own language; nothing of the visit is left."""
    default = state.facts.default_language if state.facts is not None else state.language
    return replace(
        state,
        language=default,
        language_chosen=False,
        touched_s=None,
        opening=None,
        goodbye=None,
        feedback=None,
        notice=Notice.NONE,
        visit=VisitMemory(),
        volume_percent=80,
        resets=state.resets + 1,
    )


def _link_lost(state: Session) -> Session:
    if state.link_since_wall is not None:
        return state
    return replace(state, link_up=False, link_since_s=state.now_s, link_since_wall=state.wall)


def _open_refused(state: Session) -> Session:
    return replace(state, opening=None, notice=Notice.TRY_AGAIN, notice_until_s=state.now_s + TRY_AGAIN_SHOWN_S)


# --- the call ---------------------------------------------------------------------------------------------


def _call_event(state: Session, event: e.PathChanged | e.PictureCame | e.LibrarianMedia | e.LibrarianTyped) -> Step:
    visit = state.live
    memory = state.visit
    if visit is None:
        return state, ()
    match event:
        case e.PathChanged(generation=generation, state=path):
            if generation != visit.generation:
                return state, ()
            state = replace(state, visit=replace(memory, path=path, path_generation=generation))
            if path is PathState.CONNECTED:
                return state, (fx.SendConnected(visit.id, generation),)
            if path is PathState.FAILED:
                return state, (fx.SendAgain(visit.id, generation),)
            return state, ()
        case e.PictureCame(generation=generation):
            return replace(state, visit=replace(memory, picture_generation=generation)), ()
        case e.LibrarianMedia(visit_id=visit_id, report=report):
            if visit_id != visit.id:
                return state, ()
            return replace(state, visit=replace(memory, librarian=report)), ()
        case e.LibrarianTyped(visit_id=visit_id, entry=entry):
            if visit_id != visit.id:
                return state, ()
            return replace(state, visit=replace(memory, entries=_with_entry(memory.entries, entry))), ()


def _with_entry(entries: tuple[TextEntry, ...], entry: TextEntry) -> tuple[TextEntry, ...]:
    """The same author's same entry replaces the older one in its place; an emptied draft goes away."""
    others = tuple(x for x in entries if (x.author, x.entry) != (entry.author, entry.entry))
    if not entry.text and not entry.done:
        return others
    if len(others) < len(entries):
        return tuple(entry if (x.author, x.entry) == (entry.author, entry.entry) else x for x in entries)
    return (*others, entry)[-MAX_TEXT_ENTRIES:]


# --- from the visitor -------------------------------------------------------------------------------------


def _command(state: Session, command: c.Command, new_id: str) -> Step:
    visit = state.live
    match command:
        case c.Touched():
            return state, ()
        case c.TapCall():
            return _tap(state, new_id)
        case c.ChooseLanguage(language=language):
            state = replace(state, language=language, language_chosen=True)
            return state, () if visit is None else (fx.SendLanguage(visit.id, language),)
        case c.LeaveLine():
            return _leave_line(state)
        case c.SetVolume(percent=percent):
            return replace(state, volume_percent=max(0, min(100, percent))), ()
        case c.GiveFeedback(score=score):
            return _feedback(state, score)
        case c.Dismiss():
            return (_reset(state) if visit is None and state.opening is None else state), ()
    if visit is None or visit.state not in _LIVE:
        return state, ()
    return _in_call(state, visit, command)


def _in_call(
    state: Session, visit: VisitFacts, command: c.ShowCamera | c.Mute | c.TypeText | c.CommitText | c.EndCall
) -> Step:
    memory = state.visit
    match command:
        case c.ShowCamera(wanted=wanted):
            return replace(state, visit=replace(memory, camera_wanted=wanted)), ()
        case c.Mute(muted=muted):
            return replace(state, visit=replace(memory, muted=muted)), ()
        case c.TypeText(text=text):
            text = text[:MAX_TEXT_CHARS]
            state = replace(state, visit=replace(memory, draft=text))
            return state, (fx.SendText(visit.id, memory.entry, text, done=False),)
        case c.CommitText():
            text = memory.draft.strip()
            if not text:
                return state, ()
            line = TextEntry(Party.VISITOR, memory.entry, text, done=True)
            memory = replace(memory, entries=_with_entry(memory.entries, line), draft="", entry=memory.entry + 1)
            return replace(state, visit=memory), (fx.SendText(visit.id, line.entry, text, done=True),)
        case c.EndCall():
            talked = state.visit.talked
            state = replace(state, ending=visit.id)
            state = _say_goodbye(state, visit.id) if talked else _reset(state)
            return state, (fx.SendFinish(visit.id),)


def _tap(state: Session, new_id: str) -> Step:
    facts = state.facts
    if not state.link_up or facts is None or facts.service_id is None or not facts.availability.answerable_seats:
        return state, ()  # the button was not there, or went a moment ago
    if state.live is not None or state.opening is not None:
        return state, ()
    state = replace(state, opening=new_id, goodbye=None, feedback=None, notice=Notice.NONE)
    return state, (fx.SendOpen(new_id, facts.service_id, state.language),)


def _leave_line(state: Session) -> Step:
    visit = state.live
    if visit is None:
        return (_reset(state) if state.opening is not None else state), ()
    if visit.state in {VisitState.TALKING, VisitState.HELD}:
        return state, ()
    return replace(_reset(state), ending=visit.id), (fx.SendCancel(visit.id),)


def _feedback(state: Session, score: int) -> Step:
    if state.goodbye is None or state.feedback is not None:
        return state, ()
    return replace(state, feedback=score), (fx.SendFeedback(state.goodbye, score),)


# --- time -------------------------------------------------------------------------------------------------


def _tick(state: Session) -> Session:
    if state.notice is Notice.TRY_AGAIN and state.now_s >= state.notice_until_s:
        state = replace(state, notice=Notice.NONE)
    if state.goodbye is not None and state.now_s >= state.goodbye_until_s:
        return _reset(state)
    if state.idle and state.touched_s is not None and state.now_s - state.touched_s >= INACTIVITY_S:
        return _reset(state)
    return state
