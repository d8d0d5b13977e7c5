"""The line under the visitor's fingers.

It lives here and not in the engine, because two quick keys must not wait for each other's echo. Each key sends the
whole line as it then stands (real-time text: the other side sees each letter), Enter finishes it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk.core.commands import Command, CommitText, TypeText
from signaling.protocol.vocabulary import MAX_TEXT_CHARS


class TypingLine(QObject):
    """What is being typed, and the keys' effects on it."""

    lineChanged = Signal()

    def __init__(self, submit: Callable[[Command], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._submit = submit
        self._line = ""

    def _get_line(self) -> str:
        return self._line

    def _get_full(self) -> bool:
        return len(self._line) >= MAX_TEXT_CHARS

    line = Property(str, _get_line, notify=lineChanged)
    full = Property(bool, _get_full, notify=lineChanged)

    @Slot(str)
    def type(self, letters: str) -> None:
        """Add what a key stands for; a full line takes nothing more."""
        if len(self._line) + len(letters) <= MAX_TEXT_CHARS:
            self._change(self._line + letters)

    @Slot()
    def delete(self) -> None:
        """Take the last letter away."""
        if self._line:
            self._change(self._line[:-1])

    @Slot()
    def commit(self) -> None:
        """Finish the line; an empty one is nothing to send."""
        if not self._line.strip():
            return
        self._submit(CommitText())
        self._line = ""
        self.lineChanged.emit()

    def forget(self) -> None:
        """The visit is over: the line is wiped, and nobody is told."""
        if self._line:
            self._line = ""
            self.lineChanged.emit()

    def _change(self, line: str) -> None:
        self._line = line
        self.lineChanged.emit()
        self._submit(TypeText(line))


def line_of(typing: TypingLine) -> str:
    """The line as text, for Python readers of the Qt property."""
    return cast(str, typing.property("line"))
