"""The typed lines of both sides as a list that changes in place, so that only the line being typed is drawn again."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QByteArray, QModelIndex, QPersistentModelIndex, Qt

from kiosk.core.snapshot import TextEntry
from signaling.protocol.vocabulary import TextAuthor

_AnyIndex = QModelIndex | QPersistentModelIndex


class Role(IntEnum):
    """What QML reads of a line."""

    MINE = Qt.ItemDataRole.UserRole + 1
    TEXT = Qt.ItemDataRole.UserRole + 2
    DONE = Qt.ItemDataRole.UserRole + 3
    NAME = Qt.ItemDataRole.UserRole + 4


_NAMES = {Role.MINE: b"mine", Role.TEXT: b"line", Role.DONE: b"done", Role.NAME: b"author"}


def visible_entries(entries: tuple[TextEntry, ...]) -> tuple[TextEntry, ...]:
    """What stands in the conversation: no empty line, and not the own line that is still above the keys."""
    return tuple(e for e in entries if e.text and (e.done or e.author is TextAuthor.STAFF))


class EntriesModel(QAbstractListModel):
    """Typed lines, oldest first."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[TextEntry, ...] = ()

    def rowCount(self, parent: _AnyIndex = QModelIndex()) -> int:  # noqa: B008
        """How many lines there are (Qt's name)."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """One value of one line (Qt's name)."""
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        values = {
            Role.MINE: entry.author is TextAuthor.VISITOR,
            Role.TEXT: entry.text,
            Role.DONE: entry.done,
            Role.NAME: entry.name,
        }
        return values.get(Role(role)) if role in _NAMES else None

    def roleNames(self) -> dict[int, QByteArray]:
        """The names that QML uses (Qt's name)."""
        return {int(role): QByteArray(name) for role, name in _NAMES.items()}

    def show(self, entries: tuple[TextEntry, ...]) -> None:
        """Take the newest lines: change, append or, when the lines are others, start over."""
        new = visible_entries(entries)
        old = self._entries
        if new == old:
            return
        if [_identity(e) for e in new[: len(old)]] != [_identity(e) for e in old]:
            self.beginResetModel()
            self._entries = new
            self.endResetModel()
            return
        self._entries = new[: len(old)]
        for row, (was, now) in enumerate(zip(old, self._entries, strict=True)):
            if was != now:
                self.dataChanged.emit(self.index(row), self.index(row))
        if len(new) > len(old):
            self.beginInsertRows(QModelIndex(), len(old), len(new) - 1)
            self._entries = new
            self.endInsertRows()


def _identity(entry: TextEntry) -> tuple[TextAuthor, str, int]:
    return entry.author, entry.sender, entry.entry
