"""The conversation changes in place: only what differs is told to the screen."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtGui import QGuiApplication

from kiosk.core.snapshot import TextEntry
from kiosk.ui.viewmodels.entries import EntriesModel, Role, visible_entries
from signaling.protocol.vocabulary import TextAuthor

MINE, THEIRS = TextAuthor.VISITOR, TextAuthor.STAFF
FIRST = TextEntry(MINE, 1, "Hej", done=True)
ANSWER = TextEntry(THEIRS, 1, "He", done=False)


def lines(model: EntriesModel) -> list[str]:
    return [model.data(model.index(row), Role.TEXT) for row in range(model.rowCount())]


class Told:
    """Counts what a model tells."""

    def __init__(self, model: EntriesModel) -> None:
        self.changed: list[int] = []
        self.added: list[int] = []
        self.resets = 0
        model.dataChanged.connect(lambda top, _bottom, _roles: self.changed.append(top.row()))
        model.rowsInserted.connect(lambda _parent, first, _last: self.added.append(first))
        model.modelReset.connect(self._reset)

    def _reset(self) -> None:
        self.resets += 1


def test_a_growing_line_changes_only_its_own_row(app: QGuiApplication) -> None:
    model = EntriesModel()
    model.show((FIRST, ANSWER))
    told = Told(model)
    model.show((FIRST, TextEntry(THEIRS, 1, "Hej hej", done=True)))
    assert (told.changed, told.added, told.resets) == ([1], [], 0)
    assert lines(model) == ["Hej", "Hej hej"]


def test_a_new_line_is_added(app: QGuiApplication) -> None:
    model = EntriesModel()
    model.show((FIRST,))
    told = Told(model)
    model.show((FIRST, ANSWER))
    assert (told.changed, told.added, told.resets) == ([], [1], 0)
    assert model.data(model.index(1), Role.MINE) is False
    assert model.data(model.index(1), Role.DONE) is False


def test_the_same_lines_tell_nothing(app: QGuiApplication) -> None:
    model = EntriesModel()
    model.show((FIRST,))
    told = Told(model)
    model.show((FIRST,))
    assert (told.changed, told.added, told.resets) == ([], [], 0)


def test_another_visits_lines_start_over(app: QGuiApplication) -> None:
    model = EntriesModel()
    model.show((FIRST, ANSWER))
    told = Told(model)
    model.show(())
    assert told.resets == 1
    assert lines(model) == []


def test_ones_own_unfinished_line_stands_above_the_keys_and_not_here() -> None:
    draft = TextEntry(MINE, 2, "Tack", done=False)
    empty = TextEntry(THEIRS, 2, "", done=False)
    assert visible_entries((FIRST, draft, empty, ANSWER)) == (FIRST, ANSWER)


def test_what_is_not_there_is_nothing(app: QGuiApplication) -> None:
    model = EntriesModel()
    model.show((FIRST,))
    assert model.data(model.index(7), Role.TEXT) is None
    assert model.data(model.index(0), 0) is None
    assert model.rowCount(model.index(0)) == 0


def test_lines_of_two_seats_with_the_same_number_are_two_rows_with_their_names(app: QGuiApplication) -> None:
    model = EntriesModel()
    annas = TextEntry(THEIRS, 1, "Ja", done=True, sender="seat-anna", name="Anna")
    pers = TextEntry(THEIRS, 1, "Nej", done=False, sender="seat-per", name="Per")
    model.show((annas, pers))
    told = Told(model)
    model.show((annas, replace(pers, text="Nej då", done=True)))
    assert (told.changed, told.added, told.resets) == ([1], [], 0)
    assert [model.data(model.index(row), Role.NAME) for row in range(2)] == ["Anna", "Per"]
    model.show((pers, annas))
    assert told.resets == 1
