"""What happens within a call, as changes of the visit's memory. Pure.

What it is for: the typed lines and what each end sends. What it does not do: know of paths (`kiosk.core.paths`), or
decide where the visit stands; the server says that, and `kiosk.core.session` takes it in.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, assert_never

from kiosk.core import commands as c
from kiosk.core import effects as fx
from kiosk.core import events as e
from kiosk.core.facts import VisitFacts
from kiosk.core.snapshot import TextEntry
from kiosk.core.state import EndMemory, VisitMemory
from signaling.protocol.vocabulary import MAX_TEXT_CHARS, MAX_TEXT_ENTRIES, Party, VisitId, VisitState

CallEvent = e.LibrarianMedia | e.LibrarianTyped
CallCommand = c.ShowCamera | c.Mute | c.Speak | c.TypeText | c.CommitText

#: More lines than anybody types on one generation: what follows a restart must not overwrite an earlier line.
_LINES_PER_GENERATION: Final = 1_000
_NUMBERED_GENERATIONS: Final = 900


def entered_call(memory: VisitMemory, visit: VisitFacts) -> VisitMemory:
    """Come into a call that an earlier start of this program was in: its path went with it, the visitor did not."""
    met = visit.state in {VisitState.TALKING, VisitState.HELD}
    guest = visit.guest
    return replace(
        memory,
        talked=met,
        librarian=EndMemory(generation=visit.generation, reached=met, foreign=True),
        colleague=EndMemory()
        if guest is None or not guest.generation
        else EndMemory(guest.seat_id, guest.generation, reached=True, foreign=True),
        entry=min(visit.generation, _NUMBERED_GENERATIONS) * _LINES_PER_GENERATION + 1,
    )


def back_in_line(memory: VisitMemory) -> VisitMemory:
    """Nobody is at the other end: whoever comes next has not been shown the visitor's picture."""
    return replace(memory, camera_wanted=False, speaking=False, librarian=EndMemory(), colleague=EndMemory())


def call_event(memory: VisitMemory, visit: VisitFacts, event: CallEvent) -> VisitMemory:
    """Take in what the librarian's or the colleague's end says; what belongs to another visit is late."""
    if event.visit_id != visit.id:
        return memory
    match event:
        case e.LibrarianMedia(report=report, sender=sender):
            if sender and sender == memory.colleague.seat_id:
                return replace(memory, colleague=replace(memory.colleague, report=report, heard=True))
            return replace(memory, librarian=replace(memory.librarian, report=report, heard=True))
        case e.LibrarianTyped(entry=entry):
            return replace(memory, entries=_with_entry(memory.entries, replace(entry, name=_name_of(entry, visit))))
        case _:
            assert_never(event)


def _name_of(entry: TextEntry, visit: VisitFacts) -> str:
    """Who typed a line: kept with the line, because it stays when its author has left."""
    guest = visit.guest
    return guest.name if guest is not None and entry.sender == guest.seat_id else visit.librarian_name


def call_command(
    memory: VisitMemory, visit_id: VisitId, command: CallCommand
) -> tuple[VisitMemory, tuple[fx.Effect, ...]]:
    """Do what the visitor asks for in a call."""
    match command:
        case c.ShowCamera(wanted=wanted):
            return replace(memory, camera_wanted=wanted), ()
        case c.Mute(muted=muted):
            return replace(memory, muted=muted), ()
        case c.Speak(held=held):
            return replace(memory, speaking=held), ()
        case c.TypeText(text=text):
            memory = replace(memory, draft=text[:MAX_TEXT_CHARS])
            return memory, (_draft(memory, visit_id),)
        case c.CommitText():
            text = memory.draft.strip()
            if not text:
                return memory, ()
            line = TextEntry(Party.VISITOR, memory.entry, text, done=True)
            memory = replace(memory, entries=_with_entry(memory.entries, line), draft="", entry=memory.entry + 1)
            return memory, (fx.SendText(visit_id, line.entry, text, done=True),)
        case _:
            assert_never(command)


def all_lines(memory: VisitMemory, visit_id: VisitId) -> tuple[fx.Effect, ...]:
    """Everything that was typed so far, for an end that may not have seen it."""
    history = (fx.SendHistory(visit_id, memory.entries),) if memory.entries else ()
    return (*history, _draft(memory, visit_id)) if memory.draft else history


def _draft(memory: VisitMemory, visit_id: VisitId) -> fx.SendText:
    return fx.SendText(visit_id, memory.entry, memory.draft, done=False)


def _with_entry(entries: tuple[TextEntry, ...], entry: TextEntry) -> tuple[TextEntry, ...]:
    """The same author's same entry replaces the older one in its place; an emptied draft goes away."""
    others = tuple(x for x in entries if not _same_line(x, entry))
    if not entry.text and not entry.done:
        return others
    if len(others) < len(entries):
        return tuple(entry if _same_line(x, entry) else x for x in entries)
    return (*others, entry)[-MAX_TEXT_ENTRIES:]


def _same_line(one: TextEntry, other: TextEntry) -> bool:
    return (one.author, one.sender, one.entry) == (other.author, other.sender, other.entry)
