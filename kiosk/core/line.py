"""The visitor's way into the line, within it, and out of it with a number. Pure.

What it is for: taps, choices and tickets, as changes of the session. What it does not do: say whether a visit stands in
the line; the server says that, and `kiosk.core.session` takes it in.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from kiosk.core import commands as c
from kiosk.core import events as e
from kiosk.core.care import unfit
from kiosk.core.facts import ServerFacts, VisitFacts
from kiosk.core.forgetting import forget, reset, speak, try_again
from kiosk.core.snapshot import MissedTicket, Notice, Standing
from kiosk.core.state import IN_LINE, MISSED_S, SERVER_AWAY_AFTER_S, TICKET_S, Session
from signaling.protocol.vocabulary import Language, ServiceId, VisitState


def tap(state: Session, command: c.TapCall, new_id: str) -> Session:
    """Ask for somebody, if somebody can answer."""
    facts = state.facts
    if not state.idle:
        return state  # no button there; a second finger came late
    if facts is None or state.refused is not None or state.away_s >= SERVER_AWAY_AFTER_S or unfit(state.care):
        return state  # the screen says that it is out of service
    language = command.language or state.language
    if not _may_open(facts, command.service_id, language):
        return try_again(state)  # the button went a moment ago; the idle screen says why
    if command.language is not None:
        state = speak(state, command.language)
    return replace(
        state,
        opening=state.withdrawn or new_id,
        opening_since_s=state.now_s,
        opening_service=command.service_id,
        withdrawn=None,
        notice=Notice.NONE,
    )


def _may_open(facts: ServerFacts, service_id: ServiceId | None, language: Language) -> bool:
    """Whether somebody can answer, so that nobody is let into a line in which nobody would come."""
    service = facts.service(service_id)
    if service is None or facts.closed is not None or facts.locked_until is not None:
        return False
    return service.standing(language) in {Standing.FREE, Standing.BUSY}


def in_line(state: Session, command: c.LeaveLine | c.KeepWaiting | c.TakeTicket | c.AnswerTicket) -> Session:
    """What one who waits, or whose number is called, can do."""
    match command:
        case c.LeaveLine():
            return _leave(state)
        case c.KeepWaiting():
            return _keep_waiting(state)
        case c.TakeTicket():
            return _take_ticket(state)
        case c.AnswerTicket():
            return _answer(state)
        case _:
            assert_never(command)


def open_refused(state: Session) -> Session:
    """The server did not take the tap."""
    # The same tap may have been told twice; should the server take the second one, nobody stands there any more.
    if state.opening is None:
        return state
    return try_again(replace(state, opening=None, withdrawn=state.opening))


def _leave(state: Session) -> Session:
    visit = state.live
    if visit is None:
        return state if state.opening is None else replace(reset(state), withdrawn=state.opening)
    if visit.state in {VisitState.CALLING, VisitState.TALKING, VisitState.HELD}:
        return state  # the librarian came just as the finger went down; or it is somebody else's number
    return replace(reset(state), ending=visit.id)


def _take_ticket(state: Session) -> Session:
    visit = state.live
    if visit is None or visit.state not in IN_LINE:
        return state  # the librarian came just as the finger went down
    return replace(state, ticketing=visit.id, notice=Notice.NONE)


def ticket_taken(state: Session, event: e.TicketTaken) -> Session:
    """The number is there: it is shown, and the visit has no screen until it is called back."""
    visit = state.live
    if event.visit_id != state.ticketing or visit is None or visit.id != event.visit_id:
        return state  # shown already, or the librarian came first
    return replace(show_ticket(state, event.number), ticketed=event.visit_id)


def ticket_refused(state: Session, event: e.TicketRefused) -> Session:
    """There is no number; the visit waits on."""
    if event.visit_id != state.ticketing:
        return state
    return try_again(replace(state, ticketing=None))


def called_in_vain(state: Session, visit: VisitFacts, tickets: tuple[int, ...]) -> Session:
    """A ticket is called back no more: it stands in the line again, or nobody came."""
    memory = state.visit
    state = reset(state)
    if memory.answered:
        return try_again(state)
    if visit.ticket is None or visit.ticket in tickets:
        return state  # the librarian had to go; it is called again
    missed = MissedTicket(visit.ticket, memory.called_wall or state.wall)
    return replace(state, missed=missed, missed_until_s=state.now_s + MISSED_S)


def show_ticket(state: Session, number: int) -> Session:
    """Show a number for a while; the rest of the visit is forgotten here."""
    return replace(forget(state), ticket=number, ticket_until_s=state.now_s + TICKET_S)


def _keep_waiting(state: Session) -> Session:
    visit = state.live
    if visit is None or visit.state not in IN_LINE or not visit.choices:
        return state
    return replace(state, ticketing=None, visit=replace(state.visit, keeps_waiting=True))


def _answer(state: Session) -> Session:
    visit = state.live
    if visit is None or visit.state is not VisitState.CALLING:
        return state
    return replace(state, visit=replace(state.visit, answered=True))
