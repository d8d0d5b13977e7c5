"""A screen that shows what was drawn is told from one that does not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage, QPainter, QRegion
from PySide6.QtQuick import QQuickItem

from kiosk.core.care import Care
from kiosk.core.commands import Command, ScreenSeen
from kiosk.core.snapshot import ScreenState
from kiosk.ui import screen_proof
from kiosk.ui.screen_proof import CELLS, ScreenProof, box, is_one_colour, pattern_in
from signaling.protocol.vocabulary import Language
from tests.kiosk.ui.conftest import OpenScreen
from tests.support.care_states import care_samples
from tests.support.kiosk_screens import LANDSCAPE, PORTRAIT, ScreenDriver
from tests.support.sample_states import samples

STATES: dict[str, ScreenState] = {
    sample.name: sample.state for sample in (*samples(Language.SV), *care_samples(Language.SV))
}
MakeProof = Callable[..., "Watched"]


class Watched:
    """A window that is looked at when a test asks for it, and what was told."""

    def __init__(self, driver: ScreenDriver, *, every_ms: int = 600_000) -> None:
        self.driver = driver
        self.told: list[ScreenSeen] = []
        self.proof = ScreenProof(driver.window.view, self._take, every_ms=every_ms, patience_ms=400)

    def _take(self, command: Command) -> None:
        assert isinstance(command, ScreenSeen)
        self.told.append(command)

    def look(self) -> ScreenSeen:
        """Look once, and wait for the word."""
        before = len(self.told)
        self.proof.look()
        self.driver.wait_for(lambda: len(self.told) > before)
        assert len(self.told) == before + 1
        return self.told[-1]

    @property
    def mark(self) -> QQuickItem:
        """The square in the corner."""
        return self.driver.find("proof")


@pytest.fixture
def watch(open_screen: OpenScreen) -> Iterator[MakeProof]:
    made: list[Watched] = []

    def make(state: ScreenState = STATES["idle"], **how: object) -> Watched:
        dark = bool(how.pop("dark", False))
        driver = open_screen(how.pop("size", PORTRAIT), dark=dark)
        driver.show(state)
        made.append(Watched(driver, **how))  # type: ignore[arg-type]  # names of Watched's own arguments
        return made[-1]

    yield make
    for watched in made:
        watched.proof.stop()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE])
@pytest.mark.parametrize("name", ["idle", "talking_shown", "urgent", "menu_test", "dim"])
def test_what_is_drawn_is_found(watch: MakeProof, name: str, size: object, dark: bool) -> None:
    watched = watch(STATES[name], size=size, dark=dark)
    seen = watched.look()
    assert seen.drawn
    assert 0 < seen.after_ms < 400


def test_the_pattern_is_another_one_each_time(watch: MakeProof) -> None:
    watched = watch()
    patterns = set()
    for _ in range(5):
        assert watched.look().drawn
        patterns.add(watched.mark.property("pattern"))
    assert len(patterns) == 5


def test_even_chance_does_not_repeat_the_pattern(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["idle"])
    told: list[Command] = []
    proof = ScreenProof(driver.window.view, told.append, new_pattern=lambda: 0xBEEF)
    mark = driver.find("proof")
    patterns = []
    for number in range(3):
        proof.look()
        driver.wait_for(lambda expected=number + 1: len(told) == expected)  # type: ignore[misc]  # a default binds it
        patterns.append(mark.property("pattern"))
    assert patterns == [0xBEEF, 0xBEEE, 0xBEEF]


def test_a_hidden_window_is_found(watch: MakeProof) -> None:
    watched = watch()
    watched.driver.window.view.hide()
    assert not watched.look().drawn
    watched.driver.window.view.show()
    watched.driver.settle()
    assert watched.look().drawn


def test_a_screen_that_stays_black_beside_its_mark_is_found(watch: MakeProof) -> None:
    watched = watch()
    root = watched.driver.window.view.rootObject()
    for child in root.childItems():
        if child is not watched.mark:
            child.setVisible(False)
    root.setProperty("color", QColor("black"))
    assert not watched.look().drawn


def test_a_mark_that_is_not_drawn_is_found(watch: MakeProof) -> None:
    watched = watch()
    watched.mark.setOpacity(0)
    assert not watched.look().drawn


def test_a_mark_that_is_missing_is_found(watch: MakeProof) -> None:
    watched = watch()
    watched.mark.setObjectName("lost")
    assert not watched.look().drawn


def test_something_that_covers_the_mark_is_found(watch: MakeProof) -> None:
    watched = watch()
    watched.mark.setZ(-1)  # below the paper
    assert not watched.look().drawn


def test_what_the_machine_shows_counts_where_it_can_be_seen(watch: MakeProof, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = watch()
    black = QImage(16, 16, QImage.Format.Format_RGB32)
    black.fill(QColor("black"))
    monkeypatch.setattr(ScreenProof, "_on_the_glass", lambda _proof, _mark: black)
    assert not watched.look().drawn
    monkeypatch.setattr(ScreenProof, "_on_the_glass", lambda _proof, _mark: None)
    assert watched.look().drawn


def test_a_machine_that_shows_it_a_moment_later_is_well(watch: MakeProof, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = watch()
    real = ScreenProof._on_the_glass
    black = QImage(16, 16, QImage.Format.Format_RGB32)
    black.fill(QColor("black"))
    looks: list[bool] = []

    def late(proof: ScreenProof, mark: QQuickItem) -> QImage | None:
        looks.append(True)
        return black if len(looks) == 1 else real(proof, mark)

    monkeypatch.setattr(ScreenProof, "_on_the_glass", late)
    assert watched.look().drawn
    assert len(looks) == 2


def test_a_screen_that_rests_in_the_dark_is_well_and_really_dark(watch: MakeProof) -> None:
    asleep = STATES["idle"]
    watched = watch(ScreenState(care=Care(brightness_percent=0), screen=asleep.screen))
    assert watched.look().drawn
    picture = watched.driver.picture()
    mark = box(watched.mark)
    assert picture.pixelColor(500, 500) == QColor("black")
    brightest = max(
        QColor(picture.pixel(x, y)).lightness()
        for x in range(mark.left(), mark.right() + 1)
        for y in range(mark.top(), mark.bottom() + 1)
    )
    assert brightest <= 14


def test_looks_come_by_themselves_until_it_is_stopped(watch: MakeProof) -> None:
    watched = watch(every_ms=30)
    watched.proof.start()
    watched.driver.wait_for(lambda: len(watched.told) >= 3)
    watched.proof.stop()
    count = len(watched.told)
    watched.driver.rest()
    assert len(watched.told) == count
    assert all(seen.drawn for seen in watched.told)


def test_two_that_ask_at_once_get_one_look(watch: MakeProof) -> None:
    watched = watch()
    watched.proof.look()
    watched.proof.look()
    watched.driver.rest(300)
    assert len(watched.told) == 1


def test_another_thread_may_ask(watch: MakeProof) -> None:
    watched = watch()
    thread = threading.Thread(target=watched.proof.look_soon)
    thread.start()
    thread.join()
    watched.driver.wait_for(lambda: len(watched.told) == 1)


def test_stopped_in_the_middle_of_a_look_it_says_nothing(watch: MakeProof) -> None:
    watched = watch()
    watched.proof.look()
    watched.proof.stop()
    watched.driver.rest(600)
    assert watched.told == []
    watched.proof.stop()


def test_a_look_draws_no_more_than_the_mark(watch: MakeProof) -> None:
    watched = watch()
    before = watched.driver.picture()
    assert watched.look().drawn
    after = watched.driver.picture()
    mark = box(watched.mark)
    painter = QPainter(before)
    painter.setClipRegion(QRegion(mark))
    painter.drawImage(QPoint(0, 0), after)
    painter.end()
    assert before == after


def test_the_mark_lies_in_a_corner_where_nothing_is_touched_or_read(watch: MakeProof) -> None:
    watched = watch()
    mark = box(watched.mark)
    assert (mark.width(), mark.height()) == (16, 16)
    assert mark == QRect(1080 - 16, 1920 - 16, 16, 16)


@pytest.mark.parametrize("light", [True, False])
def test_the_eye_hardly_tells_the_colours_apart_and_the_program_does(open_screen: OpenScreen, light: bool) -> None:
    driver = open_screen(dark=not light)
    mark = driver.find("proof")
    on, off = QColor(mark.property("on")), QColor(mark.property("off"))
    assert screen_proof.TOLERANCE < screen_proof.distance(on, off) <= 15


def test_each_cell_is_read(open_screen: OpenScreen) -> None:
    driver = open_screen()
    mark = driver.find("proof")
    colours = (QColor(mark.property("off")), QColor(mark.property("on")))
    for cell in range(CELLS * CELLS):
        mark.setProperty("pattern", 1 << cell)
        picture = QImage(CELLS, CELLS, QImage.Format.Format_RGB32)
        picture.fill(colours[0])
        assert not pattern_in(picture, mark)
        picture.setPixelColor(cell % CELLS, cell // CELLS, colours[1])
        assert pattern_in(picture, mark)
        other = (cell + 1) % (CELLS * CELLS)
        picture.setPixelColor(other % CELLS, other // CELLS, colours[1])
        assert not pattern_in(picture, mark)


def test_one_colour_is_no_screen() -> None:
    plain = QImage(400, 300, QImage.Format.Format_RGB32)
    plain.fill(QColor("#102030"))
    assert is_one_colour(plain)
    painter = QPainter(plain)
    painter.fillRect(0, 0, 400, 40, QColor("white"))
    painter.end()
    assert not is_one_colour(plain)
