"""While the conversation comes back: nothing moves but the figure, and one can end at any moment."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF

from kiosk.core import commands as c
from kiosk.core.snapshot import ScreenState
from kiosk.ui.probe import Box
from signaling.protocol.vocabulary import Language
from tests.kiosk.ui.conftest import OpenScreen
from tests.support.drawn_people import frame_of, librarian
from tests.support.kiosk_screens import LANDSCAPE, PORTRAIT, ScreenDriver
from tests.support.sample_states import samples

STATES: dict[str, ScreenState] = {sample.name: sample.state for sample in samples(Language.SV)}


def layout(driver: ScreenDriver) -> tuple[dict[str, Box], float, float]:
    figure = driver.find("back_seconds")
    right = figure.mapToScene(QPointF(figure.width(), 0))
    return driver.controls(), right.x(), right.y()


@pytest.mark.parametrize("name", ["talking_coming_back", "held_coming_back", "three_coming_back"])
@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE])
def test_only_the_figure_changes_while_it_counts(open_screen: OpenScreen, size: object, name: str) -> None:
    driver = open_screen(size)
    driver.show(STATES[name])
    before = layout(driver)
    for seconds in (11, 10, 9):
        driver.show(replace(STATES[name], coming_back_s=seconds))
        assert str(seconds) in driver.words()
        assert layout(driver) == before


@pytest.mark.parametrize("name", ["talking_coming_back", "held_coming_back"])
def test_it_can_be_ended_at_any_moment(open_screen: OpenScreen, name: str) -> None:
    driver = open_screen()
    driver.show(STATES[name])
    driver.touch("end")
    driver.wait_for(lambda: "end_yes" in driver.controls())
    driver.touch("end_yes")
    assert [one for one in driver.commands if one != c.Touched()] == [c.EndCall()]


def test_the_last_picture_stays_dimmed_until_it_is_back(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["talking"])
    driver.bridge.remote_frame(frame_of(librarian()))
    driver.settle()
    with pytest.raises(LookupError):
        driver.find("dimmed")
    driver.show(STATES["talking_coming_back"])
    assert driver.find("dimmed").isVisible()
    driver.show(STATES["talking_sound_only"])
    assert driver.find("dimmed").isVisible()
    driver.show(STATES["talking"])
    with pytest.raises(LookupError):
        driver.find("dimmed")
