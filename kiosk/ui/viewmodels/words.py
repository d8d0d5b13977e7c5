"""The texts without blanks, for QML: one property for each.

Not one property that holds a map: QML copies such a map with all its texts each time that it reads one of them, and
keeps the copies until garbage is collected, which a program that makes little of it seldom does (75 kB a visit,
measured).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from PySide6.QtCore import Property, QObject, Signal

_SIGNAL: Final = "wordsChanged"


class WordsModel(QObject):
    """A Qt object whose properties are the texts of one language, by id. Make its class with `words_model`."""

    def __init__(self, texts: Mapping[str, str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.texts = texts

    def show(self, texts: Mapping[str, str]) -> None:
        """Take the texts of another language."""
        self.texts = texts
        getattr(self, _SIGNAL).emit()


def words_model(names: Iterable[str]) -> type[WordsModel]:
    """Make the Qt class for texts with these ids."""
    changed = Signal()
    members: dict[str, Any] = {name: Property(str, _reader(name), notify=changed) for name in names}
    members[_SIGNAL] = changed
    metaclass: Any = type(WordsModel)  # Shiboken's own: it reads the properties
    made: type[WordsModel] = metaclass("Words", (WordsModel,), members)
    return made


def _reader(name: str) -> Any:
    def read(model: WordsModel) -> str:
        return model.texts[name]

    return read
