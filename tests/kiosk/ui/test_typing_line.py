"""Each key sends the whole line; Enter finishes it; nothing is left after the visit."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from kiosk.core.commands import Command, CommitText, TypeText
from kiosk.ui.viewmodels.typing_line import TypingLine, line_of
from signaling.protocol.vocabulary import MAX_TEXT_CHARS


def typed(*letters: str) -> tuple[TypingLine, list[Command]]:
    sent: list[Command] = []
    line = TypingLine(sent.append)
    for letter in letters:
        line.type(letter)
    return line, sent


def test_each_letter_sends_the_line_as_it_then_stands(app: QGuiApplication) -> None:
    line, sent = typed("h", "e", "j")
    assert sent == [TypeText("h"), TypeText("he"), TypeText("hej")]
    assert line_of(line) == "hej"


def test_deleting_sends_the_shorter_line_and_an_empty_line_sends_nothing(app: QGuiApplication) -> None:
    line, sent = typed("a")
    line.delete()
    line.delete()
    assert sent == [TypeText("a"), TypeText("")]


def test_enter_finishes_the_line(app: QGuiApplication) -> None:
    line, sent = typed("a")
    line.commit()
    assert sent[-1] == CommitText()
    assert line_of(line) == ""


def test_an_empty_line_cannot_be_finished(app: QGuiApplication) -> None:
    line, sent = typed(" ")
    line.commit()
    assert sent == [TypeText(" ")]


def test_a_full_line_takes_nothing_more(app: QGuiApplication) -> None:
    line, sent = typed("x" * MAX_TEXT_CHARS, "y")
    assert len(line_of(line)) == MAX_TEXT_CHARS
    assert line.property("full") is True
    assert len(sent) == 1


def test_after_the_visit_the_line_is_wiped_and_nobody_is_told(app: QGuiApplication) -> None:
    line, sent = typed("a")
    line.forget()
    assert line_of(line) == ""
    assert sent == [TypeText("a")]
