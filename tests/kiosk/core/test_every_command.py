"""Every command of the visitor in every situation, with the link up and lost: one complete table.

A cell says which screen follows and what is newly sent. `-` says that nothing changes at all.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.core import commands as c
from kiosk.core import events as e
from kiosk.core.state import VisitMemory
from signaling.protocol.vocabulary import Language
from tests.support.visitor import SITUATIONS, Visitor, kinds

COMMANDS: dict[str, c.Command] = {
    "tap": c.TapCall(),
    "language": c.ChooseLanguage(Language.EN),
    "leave": c.LeaveLine(),
    "wait": c.KeepWaiting(),
    "ticket": c.TakeTicket(),
    "answer": c.AnswerTicket(),
    "show": c.ShowCamera(wanted=True),
    "mute": c.Mute(muted=True),
    "volume": c.SetVolume(30),
    "type": c.TypeText("Hej"),
    "enter": c.CommitText(),
    "end": c.EndCall(),
    "face": c.GiveFeedback(3),
    "touch": c.Touched(),
    "dismiss": c.Dismiss(),
}

#: Columns in the order of COMMANDS. A screen's name, then what is sent.
TABLE = {
    #       tap         language          leave       wait          ticket         answer         show .. dismiss
    "idle": "waiting+open idle - - - - - - - - - - - - idle",
    "opening": "- waiting+open idle - - - - - - - - - - - -",
    "waiting": "- waiting+language idle+cancel - waiting+ticket - - - - - - - - - -",
    "offered": "- waiting+language idle+cancel - waiting+ticket - - - - - - - - - -",
    "choosing": "- waiting+language idle+cancel waiting+keepwaiting waiting+ticket - - - - - - - - - -",
    "ticket_asked": "- waiting+language idle+cancel waiting+keepwaiting - - - - - - - - - - -",
    "ticket": "- ticket - - - - - - - - - - - - idle",
    "calling": "- calling+language - - - calling+answer - - - - - - - - -",
    "answered": "- calling+language - - - - - - - - - - - - -",
    "connecting": "- connecting+language idle+finish - - - connecting connecting connecting connecting+text - "
    "idle+finish - - -",
    "talking": "- talking+language - - - - talking talking talking talking+text - goodbye+finish - - -",
    "held": "- held+language - - - - held held held held+text - goodbye+finish - - -",
    "coming_back": "- talking+language idle+finish - - - talking talking talking talking+text - goodbye+finish - - -",
    "goodbye": "- goodbye - - - - - - - - - - goodbye+feedback - idle",
    "out_of_service": "- out_of_service - - - - - - - - - - - - out_of_service",
}

#: What a situation itself owes the server until its facts show it.
OWED = {"opening": "open", "ticket_asked": "ticket", "answered": "answer"}

CELLS = [
    pytest.param(situation, command, cell, id=f"{situation}-{command}")
    for situation, row in TABLE.items()
    for command, cell in zip(COMMANDS, row.split(), strict=True)
]


def quiet(visitor: Visitor) -> object:
    """The state, but for when a hand was last there and when what was told."""
    return replace(visitor.state, touched_s=None, now_s=0.0, told_s=0.0)


def test_the_table_has_every_situation() -> None:
    assert set(TABLE) == set(SITUATIONS)


@pytest.mark.parametrize(("situation", "command", "cell"), CELLS)
def test_the_link_is_up(situation: str, command: str, cell: str) -> None:
    visitor = SITUATIONS[situation]()
    before = quiet(visitor)
    sent = visitor.does(COMMANDS[command])
    if cell == "-":
        assert quiet(visitor) == before
        assert sent == ()
    else:
        screen, _, effect = cell.partition("+")
        assert quiet(visitor) != before
        assert (visitor.sees().screen, kinds(sent)) == (screen, [effect] if effect else [])


@pytest.mark.parametrize(("situation", "command", "cell"), CELLS)
def test_the_link_was_lost_a_moment_ago(situation: str, command: str, cell: str) -> None:
    visitor = SITUATIONS[situation]()
    visitor.does(e.LinkLost())
    before = quiet(visitor)
    sent = visitor.does(COMMANDS[command])
    if cell == "-":
        assert quiet(visitor) == before
        assert sent == ()
        return
    screen, _, effect = cell.partition("+")
    assert visitor.sees().screen == screen
    # What the server is owed waits for it; the rest is tried, and follows from the next snapshot if it must.
    assert kinds(sent) == [x for x in [effect] if x in {"text", "feedback"}]


@pytest.mark.parametrize(("situation", "command", "cell"), CELLS)
def test_what_was_asked_for_while_the_link_was_lost_is_sent_when_it_is_back(
    situation: str, command: str, cell: str
) -> None:
    visitor = SITUATIONS[situation]()
    facts = visitor.state.facts
    assert facts is not None
    visitor.does(e.LinkLost(), COMMANDS[command])
    back = kinds(visitor.does(e.FactsCame(facts)))
    effect = cell.partition("+")[2]
    if effect and effect != "feedback":
        assert effect in back
    else:
        withdrawn = situation == "opening" and command == "leave"
        assert back == ([OWED[situation]] if situation in OWED and not withdrawn else [])


@pytest.mark.parametrize(("situation", "command", "cell"), CELLS)
def test_on_screens_of_nobody_nothing_of_a_visit_is_remembered(situation: str, command: str, cell: str) -> None:
    visitor = SITUATIONS[situation]()
    visitor.does(COMMANDS[command])
    if visitor.sees().screen in {"idle", "goodbye", "out_of_service"}:
        assert visitor.state.visit == VisitMemory()
        assert visitor.state.volume_percent == 80
        assert visitor.plan.visit_id is None
