"""Whose path is which, what is true of each, and when the next one is asked for. Pure.

What it is for: the paths to the librarian and to a colleague, the ones made ready before the answer, and the one
before the present, which goes on until that is up. What it does not do: open any; `media_plan` says which there are.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kiosk.core import events as e
from kiosk.core.facts import VisitFacts
from kiosk.core.media import PathState
from kiosk.core.path_watch import asks_again
from kiosk.core.state import EndMemory, OlderPath, VisitMemory
from signaling.protocol.vocabulary import PathFault

PathEvent = e.PathChanged | e.PictureCame | e.PathSeen

#: The path before the present one goes on for so long, and as long as people can talk on it: the server may have gone
#: just when the next one was begun.
OLDER_KEPT_S: Final = 15.0
#: Its last picture stays for so long at most until the first one of the present path.
PICTURE_BRIDGED_S: Final = 2.0


def with_prepared(memory: VisitMemory, visit: VisitFacts) -> VisitMemory:
    """Take in which paths are made ready now; what was known of the others is forgotten."""
    known = dict(memory.prepared)
    prepared = tuple((number, known.get(number, PathState.NEW)) for number in visit.preparing)
    return replace(memory, prepared=prepared, foreign_prepared=memory.foreign_prepared & set(visit.preparing))


def with_ends(memory: VisitMemory, visit: VisitFacts, now_s: float, *, same_librarian: bool) -> VisitMemory:
    """Take in who is at the other ends: whose path goes on, whose is to be built, and who has gone.

    Args:
        memory: Until now.
        visit: As the server has it.
        now_s: Monotonic.
        same_librarian: It is whoever it was before, so that the path until now may go on until the next is up.
    """
    librarian, colleague = memory.librarian, memory.colleague
    if colleague.generation and colleague.generation == visit.generation:
        # The librarian has left the conversation to the colleague: the same path, now the main one.
        librarian = replace(colleague, seat_id="", reached=librarian.reached or colleague.reached)
        colleague = EndMemory()
    elif librarian.generation != visit.generation:
        before = librarian if same_librarian else EndMemory(reached=librarian.reached)
        librarian = _chosen(memory, _next_path(before, visit.generation, now_s))
    guest = visit.guest
    if guest is None or not guest.generation:
        colleague = EndMemory()
    elif colleague.seat_id != guest.seat_id:
        colleague = EndMemory(guest.seat_id, guest.generation)
    else:
        colleague = _next_path(colleague, guest.generation, now_s)
    return replace(memory, librarian=librarian, colleague=colleague, prepared=(), foreign_prepared=frozenset())


def _chosen(memory: VisitMemory, end: EndMemory) -> EndMemory:
    """One of the paths that were made ready may be the one: what is true of it is known already."""
    path = dict(memory.prepared).get(end.generation, PathState.NEW)
    up = path is PathState.CONNECTED
    foreign = end.generation in memory.foreign_prepared
    return replace(end, path=path, up=up, reached=end.reached or up, foreign=foreign)


def _next_path(end: EndMemory, generation: int, now_s: float) -> EndMemory:
    if generation == end.generation:
        return end
    # One that never came up is not worth keeping; whatever went on beside it still does.
    older = OlderPath(end.generation, now_s, end.path, end.fault, end.picture) if end.up else end.older
    return EndMemory(
        seat_id=end.seat_id,
        generation=generation,
        reached=end.reached,
        no_picture_s=end.no_picture_s,
        report=end.report,
        heard=end.heard,
        older=older,
    )


def path_event(memory: VisitMemory, event: PathEvent, now_s: float) -> VisitMemory:
    """Take in what is told of one path; what belongs to a path that is over is late."""
    generation = event.generation
    if generation in dict(memory.prepared):
        if not isinstance(event, e.PathChanged):
            return memory
        changed = {**dict(memory.prepared), generation: event.state}
        return replace(memory, prepared=tuple(changed.items()))
    return replace(
        memory,
        librarian=_end_event(memory.librarian, event, now_s),
        colleague=_end_event(memory.colleague, event, now_s),
    )


def _end_event(end: EndMemory, event: PathEvent, now_s: float) -> EndMemory:
    older = end.older
    if older is not None and event.generation == older.generation:
        return replace(end, older=_older_event(older, event))
    if not event.generation or event.generation != end.generation:
        return end  # late, or of no path at all
    match event:
        case e.PathChanged(state=PathState.CONNECTED):
            older = replace(older, replaced_s=now_s) if older is not None and older.replaced_s is None else older
            return replace(end, path=PathState.CONNECTED, up=True, reached=True, older=older)
        case e.PathChanged(state=path):
            return replace(end, path=path)
        case e.PictureCame():
            return replace(end, picture=True, older=_unless_replaced(older))
        case _:
            healed = end.fault is not None and event.fault is None
            end = replace(
                end,
                fault=event.fault,
                quality=event.quality,
                picture_paused=event.picture_paused,
                again=end.again and not healed,
            )
            return _ask(end, now_s)


def _older_event(older: OlderPath, event: PathEvent) -> OlderPath:
    match event:
        case e.PathChanged(state=path):
            return replace(older, path=path)
        case e.PictureCame():
            return replace(older, picture=True)
        case _:
            return replace(older, fault=event.fault)


def _unless_replaced(older: OlderPath | None) -> OlderPath | None:
    return older if older is not None and older.replaced_s is None else None


def _ask(end: EndMemory, now_s: float) -> EndMemory:
    """With a fault the next path is asked for, unless that was of no use a moment ago."""
    if end.fault is None or end.again or not asks_again(end.fault, now_s, end.no_picture_s):
        return end
    no_picture_s = now_s if end.fault is PathFault.NO_PICTURE else end.no_picture_s
    return replace(end, again=True, no_picture_s=no_picture_s)


def address_lost(memory: VisitMemory) -> VisitMemory:
    """Every path that was up may have gone by that address."""
    return replace(memory, librarian=_begin_anew(memory.librarian), colleague=_begin_anew(memory.colleague))


def _begin_anew(end: EndMemory) -> EndMemory:
    return replace(end, again=True) if end.up else end


def paths_as_time_goes(memory: VisitMemory, now_s: float) -> VisitMemory:
    """What ends by time alone."""
    librarian, colleague = _as_time_goes(memory.librarian, now_s), _as_time_goes(memory.colleague, now_s)
    if (librarian, colleague) == (memory.librarian, memory.colleague):
        return memory
    return replace(memory, librarian=librarian, colleague=colleague)


def _as_time_goes(end: EndMemory, now_s: float) -> EndMemory:
    older = end.older
    if older is not None:
        bridged = older.replaced_s is not None and now_s - older.replaced_s >= PICTURE_BRIDGED_S
        if bridged or (now_s - older.since_s >= OLDER_KEPT_S and not older.carries):
            end = replace(end, older=None)
    return _ask(end, now_s)
