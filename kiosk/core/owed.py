"""What the server should know by now and, by its own facts, does not. Pure.

Nothing that matters is a message that was sent once: it is owed until the server's facts show it, and told again.
"""

from __future__ import annotations

from kiosk.core import effects as fx
from kiosk.core.facts import VisitFacts
from kiosk.core.media import PathState
from kiosk.core.state import IN_LINE, Session, VisitMemory
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
    return (fx.SendKeepWaiting(visit.id),) if state.visit.keeps_waiting else ()


def _of_the_call(memory: VisitMemory, visit: VisitFacts) -> tuple[fx.Effect, ...]:
    unsaid: list[fx.Effect] = []
    if memory.path is PathState.FAILED or visit.generation == memory.foreign_generation:
        unsaid.append(fx.SendAgain(visit.id, visit.generation))
    elif memory.path is PathState.CONNECTED and visit.state is VisitState.CONNECTING:
        unsaid.append(fx.SendConnected(visit.id, visit.generation))
    colleague = memory.colleague
    if colleague.path is PathState.FAILED or colleague.foreign:
        unsaid.append(fx.SendAgain(visit.id, colleague.generation))
    return tuple(unsaid)
