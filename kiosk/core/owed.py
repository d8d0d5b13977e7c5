"""What the server should know by now and, by its own facts, does not. Pure.

Nothing that matters is a message that was sent once: it is owed until the server's facts show it, and told again.
"""

from __future__ import annotations

from kiosk.core import effects as fx
from kiosk.core.facts import VisitFacts
from kiosk.core.media import PathState
from kiosk.core.state import IN_LINE, EndMemory, Session, VisitMemory
from signaling.protocol.vocabulary import VisitState


def owed(state: Session) -> tuple[fx.Effect, ...]:
    """What to tell the server. Nothing while it is away."""
    facts = state.facts
    if facts is None or not state.link_up:
        return ()
    visit = facts.visit
    if visit is None or visit.state is VisitState.ENDED:
        service = facts.service(state.opening_service)
        if state.opening is None or service is None:
            return ()
        return (fx.SendOpen(state.opening, service.id, state.language),)
    if visit.id == state.ending:
        return (fx.SendCancel(visit.id) if visit.state in IN_LINE else fx.SendFinish(visit.id),)
    if state.live is None:
        return ()
    language = () if visit.language == state.language else (fx.SendLanguage(visit.id, state.language),)
    if visit.state in IN_LINE:
        return (*language, *_of_the_line(state, visit))
    if visit.state is VisitState.CALLING:
        return (*language, *((fx.SendAnswer(visit.id),) if state.visit.answered else ()))
    return (*language, *_of_the_call(state.visit, visit))


def _of_the_line(state: Session, visit: VisitFacts) -> tuple[fx.Effect, ...]:
    if visit.id == state.ticketing:
        return (fx.SendTicket(visit.id),)
    waits = (fx.SendKeepWaiting(visit.id),) if state.visit.keeps_waiting else ()
    return (*waits, *_of_what_is_made_ready(state.visit, visit))


def _of_what_is_made_ready(memory: VisitMemory, visit: VisitFacts) -> tuple[fx.Effect, ...]:
    """Prepared paths that nobody will ever talk on: another may be ready before somebody answers."""
    dead = [number for number, path in memory.prepared if path is PathState.FAILED or number in memory.foreign_prepared]
    return tuple(fx.SendAgain(visit.id, number) for number in dead)


def _of_the_call(memory: VisitMemory, visit: VisitFacts) -> tuple[fx.Effect, ...]:
    unsaid: list[fx.Effect] = []
    librarian, colleague = memory.librarian, memory.colleague
    if _needs_another(librarian, there=visit.seat_connected):
        unsaid.append(fx.SendAgain(visit.id, visit.generation))
    elif librarian.path is PathState.CONNECTED and visit.state is VisitState.CONNECTING:
        unsaid.append(fx.SendConnected(visit.id, visit.generation))
    if _needs_another(colleague, there=visit.guest is not None and visit.guest.connected):
        unsaid.append(fx.SendAgain(visit.id, colleague.generation))
    return tuple(unsaid)


def _needs_another(end: EndMemory, *, there: bool) -> bool:
    """Whether the next path is wanted. With a fault, only once somebody is there to build it with."""
    return end.path is PathState.FAILED or end.foreign or (end.again and there)
