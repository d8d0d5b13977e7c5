"""The visitor's path through the kiosk: (state, event, now) -> (state, effects). Pure.

What it is for: every decision of the kiosk about screens, countdowns, what is sent and what is forgotten.
What it does not do: talk to the server, open devices, draw. What the server is owed, the media and the screen are
read off the state (`kiosk.core.state`, `kiosk.core.shown`); the call itself is in `kiosk.core.conversation`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from kiosk.core import commands as c
from kiosk.core import effects as fx
from kiosk.core import events as e
from kiosk.core.care import Care, unfit
from kiosk.core.conversation import all_lines, back_in_line, call_command, call_event, entered_call
from kiosk.core.facts import ServerFacts, VisitFacts
from kiosk.core.forgetting import forget, reset, say_goodbye, speak, try_again
from kiosk.core.line import (
    called_in_vain,
    in_line,
    open_refused,
    show_ticket,
    tap,
    ticket_refused,
    ticket_taken,
)
from kiosk.core.media import PathState
from kiosk.core.owed import owed
from kiosk.core.paths import address_lost, path_event, paths_as_time_goes, with_ends, with_prepared
from kiosk.core.snapshot import Notice
from kiosk.core.state import (
    AWAY_PATIENCE_S,
    IN_CALL,
    IN_LINE,
    INACTIVITY_S,
    OPEN_PATIENCE_S,
    TELL_AGAIN_S,
    THANKS_S,
    Devices,
    Session,
    VisitMemory,
)
from signaling.protocol.vocabulary import VisitState

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
    state, effects = _happen(state, event, new_id)
    return _tell_what_is_owed(state, effects)


def _happen(state: Session, event: e.Event, new_id: str) -> Step:
    match event:
        case e.Tick():
            return _tick(replace(state, wall=event.wall)), ()
        case e.FactsCame():
            return _facts_came(state, event.facts)
        case e.LinkLost():
            return _link_lost(state), ()
        case e.LinkRefused():
            return replace(_give_up(_link_lost(state)), refused=event.cause), ()
        case e.OpenRefused() | e.TicketTaken() | e.TicketRefused():
            return _line_event(state, event), ()
        case e.DevicesChanged():
            devices = Devices(
                event.camera,
                event.microphone,
                event.loudspeaker,
                event.camera_sending,
                event.microphone_sending,
            )
            return replace(state, devices=devices), ()
        case e.PathChanged() | e.PictureCame() | e.PathSeen():
            # The memory of a visit that is over is empty: nothing can reach it.
            return replace(state, visit=path_event(state.visit, event, state.now_s)), ()
        case e.AddressLost():
            return replace(state, visit=address_lost(state.visit)), ()
        case e.CareChanged():
            return _care_changed(state, event.care), ()
        case c.ScreenSeen():
            return state, ()  # nobody's hand
        case e.LibrarianMedia() | e.LibrarianTyped():
            visit = state.live
            return (state if visit is None else replace(state, visit=call_event(state.visit, visit, event))), ()
        case _:
            return _command(replace(state, touched_s=state.now_s), event, new_id)


def _tell_what_is_owed(state: Session, effects: tuple[fx.Effect, ...]) -> Step:
    """Say what is newly owed at once, and what stays owed again after a while."""
    now_owed = owed(state)
    unsaid = tuple(effect for effect in now_owed if effect not in state.told)
    if not unsaid and state.now_s - state.told_s >= TELL_AGAIN_S:
        # An open visit is known by its id, but one that has ended meanwhile would be opened anew.
        unsaid = tuple(effect for effect in now_owed if not isinstance(effect, fx.SendOpen))
    told_s = state.now_s if unsaid else state.told_s
    return replace(state, told=now_owed, told_s=told_s), (*unsaid, *effects)


# --- from the server --------------------------------------------------------------------------------------


def _facts_came(state: Session, facts: ServerFacts) -> Step:
    before, came_back = state.live, not state.link_up
    tickets = state.facts.tickets if state.facts is not None else ()
    if came_back:
        state = replace(state, link_up=True, link_since_s=state.now_s, link_since_wall=None, refused=None)
    state = replace(state, facts=facts)
    if not state.language_chosen:
        state = replace(state, language=facts.default_language)
    visit = facts.visit
    if visit is None or visit.state is VisitState.ENDED:
        state = replace(state, ending=None, ticketed=None)
        return (state if before is None else _ended_elsewhere(state, before, tickets)), ()
    ours = visit.ticket is None  # a ticket comes by itself; no tap of a moment ago has opened it
    if state.withdrawn is not None and visit.id != state.ending and ours:
        state = replace(state, withdrawn=None, ending=visit.id)
    if state.live is None:
        # Over here, or a ticket by now, which waits without a screen.
        return (state if before is None else _ended_elsewhere(state, before, tickets)), ()
    seat_back = before is not None and before.id == visit.id and not before.seat_connected and visit.seat_connected
    return _visit_came(state, visit, before, came_back=came_back or seat_back)


def _visit_came(state: Session, visit: VisitFacts, before: VisitFacts | None, *, came_back: bool) -> Step:
    memory = state.visit
    if memory.visit_id != visit.id:
        memory = VisitMemory(visit_id=visit.id)
        # From before this program started, its visitor still there; or a ticket that is called back.
        if state.opening is None or visit.state is VisitState.CALLING:
            state = speak(state, visit.language)
            memory = replace(memory, foreign_prepared=frozenset(visit.preparing))
            if visit.state in IN_CALL:
                memory = entered_call(memory, visit)
        state = replace(state, goodbye=None, feedback=None, ticket=None)
    state = replace(state, opening=None, ticketed=None)
    if visit.state in IN_LINE:
        memory = replace(back_in_line(memory), keeps_waiting=memory.keeps_waiting and visit.choices)
        return replace(state, visit=with_prepared(memory, visit)), ()
    state = replace(state, ticketing=None)
    if visit.state is VisitState.CALLING:
        return replace(state, visit=replace(memory, called_wall=memory.called_wall or state.wall)), ()
    if visit.state is VisitState.TALKING:
        memory = replace(memory, talked=True)
    if visit.state is VisitState.HELD:
        memory = replace(memory, speaking=False)
    paths_before = {memory.librarian.generation, memory.colleague.generation}
    memory = with_ends(memory, visit, state.now_s, same_librarian=_same_librarian(before, visit))
    new_path = not {memory.librarian.generation, memory.colleague.generation} <= paths_before | {0}
    # The other end may be a page that was just loaded, or has missed what was typed while we were away.
    lines = all_lines(memory, visit.id) if new_path or came_back else ()
    return replace(state, visit=memory), lines


def _same_librarian(before: VisitFacts | None, visit: VisitFacts) -> bool:
    """Whether the conversation goes on with whoever was there. The visitor's picture must never wait for a stranger."""
    if before is None or before.id != visit.id or before.state not in IN_CALL:
        return False
    return before.librarian_name == visit.librarian_name


def _ended_elsewhere(state: Session, visit: VisitFacts, tickets_before: tuple[int, ...]) -> Session:
    """The server shows no visit any more, and nobody here has ended it."""
    tickets = state.facts.tickets if state.facts is not None else ()
    if visit.state is VisitState.CALLING:
        return called_in_vain(state, visit, tickets)
    new = [number for number in tickets if number not in tickets_before]
    if visit.id == state.ticketing and new:  # the answer that bore the number was lost
        return show_ticket(state, max(new))
    if state.visit.talked and visit.state in IN_CALL:
        return say_goodbye(state, visit.id)
    # A place in the line that is gone must not pass in silence; said in the language that the visitor reads.
    return try_again(forget(state))


def _link_lost(state: Session) -> Session:
    if state.link_since_wall is not None:
        return state
    return replace(state, link_up=False, link_since_s=state.now_s, link_since_wall=state.wall)


def _line_event(state: Session, event: e.OpenRefused | e.TicketTaken | e.TicketRefused) -> Session:
    match event:
        case e.OpenRefused():
            return open_refused(state)
        case e.TicketTaken():
            return ticket_taken(state, event)
        case e.TicketRefused():
            return ticket_refused(state, event)
        case _:
            assert_never(event)


def _care_changed(state: Session, care: Care) -> Session:
    since = (state.broken_since_wall or state.wall) if unfit(care) is not None else None
    return replace(state, care=care, broken_since_wall=since)


# --- from the visitor -------------------------------------------------------------------------------------


def _command(state: Session, command: c.Command, new_id: str) -> Step:
    match command:
        case c.Touched() | c.OpenMenu() | c.CloseMenu() | c.EnterPin() | c.MenuDo() | c.AskTest() | c.ScreenSeen():
            return state, ()
        case c.TapCall():
            return tap(state, command, new_id), ()
        case c.ChooseLanguage(language=language):
            return speak(state, language), ()
        case c.LeaveLine() | c.KeepWaiting() | c.TakeTicket() | c.AnswerTicket():
            return in_line(state, command), ()
        case c.GiveFeedback(score=score):
            return _feedback(state, score)
        case c.Dismiss():
            return (reset(state) if state.live is None and state.opening is None else state), ()
    visit = state.live
    if visit is None or visit.state not in IN_CALL:
        return state, ()
    match command:
        case c.EndCall():
            talked = state.visit.talked
            state = replace(state, ending=visit.id)
            return (say_goodbye(state, visit.id) if talked else reset(state)), ()
        case c.SetVolume(percent=percent):
            return replace(state, volume_percent=max(0, min(100, percent))), ()
        case _:
            memory, effects = call_command(state.visit, visit.id, command)
            return replace(state, visit=memory), effects


def _feedback(state: Session, score: int) -> Step:
    if state.goodbye is None or state.feedback is not None:
        return state, ()
    until_s = max(state.goodbye_until_s, state.now_s + THANKS_S)
    return replace(state, feedback=score, goodbye_until_s=until_s), (fx.SendFeedback(state.goodbye, score),)


def _give_up(state: Session) -> Session:
    """Leave the visit that is going on or asked for; the server is told when it can be."""
    visit = state.live
    if visit is not None and state.facts is not None and visit.state is VisitState.CALLING:
        return replace(reset(state), facts=replace(state.facts, visit=None))  # its visitor gave nothing up
    if visit is not None:
        return replace(reset(state), ending=visit.id)
    if state.opening is not None:
        return replace(forget(state), withdrawn=state.opening)
    return state


# --- time -------------------------------------------------------------------------------------------------


def _tick(state: Session) -> Session:
    state = replace(state, visit=paths_as_time_goes(state.visit, state.now_s))
    if state.notice is not Notice.NONE and state.now_s >= state.notice_until_s:
        state = replace(state, notice=Notice.NONE)
    if state.goodbye is not None and state.now_s >= state.goodbye_until_s:
        return reset(state)
    if state.ticket is not None and state.now_s >= state.ticket_until_s:
        return reset(state)
    if state.missed is not None and state.now_s >= state.missed_until_s:
        state = replace(state, missed=None)
    if state.opening is not None and state.now_s - state.opening_since_s >= OPEN_PATIENCE_S:
        return try_again(_give_up(state))
    lost = state.away_s >= AWAY_PATIENCE_S and state.visit.librarian.path is not PathState.CONNECTED
    if state.live is not None and lost:
        return _give_up(state)
    if state.touched_s is not None and state.now_s - state.touched_s >= INACTIVITY_S:
        return reset(state) if state.has_something_to_reset else replace(state, touched_s=None)
    return state
