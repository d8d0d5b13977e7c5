"""A screen that is to be dim or dark, and the hand that wakes it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QColor

from kiosk.core import commands as c
from kiosk.core.care import Care
from kiosk.core.snapshot import ScreenState
from signaling.protocol.vocabulary import Language
from tests.kiosk.ui.conftest import OpenScreen
from tests.support.care_states import CARE, care_samples, visits_of
from tests.support.kiosk_screens import ScreenDriver
from tests.support.sample_states import samples

STATES: dict[str, ScreenState] = {
    sample.name: sample.state for sample in (*samples(Language.SV), *care_samples(Language.SV))
}
EMPTY = QPoint(30, 1500)  # paper, where nothing is touched


def with_light(state: ScreenState, percent: int, *, backlight: bool = False) -> ScreenState:
    return replace(state, care=replace(CARE, brightness_percent=percent, backlight=backlight))


def paper(driver: ScreenDriver) -> int:
    """How light the paper is, 0 to 255."""
    return driver.picture().pixelColor(EMPTY).lightness()


def timer(driver: ScreenDriver, name: str) -> QObject:
    found = driver.window.view.rootObject().findChild(QObject, name)
    assert found is not None
    return found


def test_a_full_screen_has_no_shade(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(with_light(STATES["idle"], 100))
    assert driver.picture().pixelColor(EMPTY).name() == "#faf7f2"


def test_what_the_machine_cannot_dim_the_window_does(open_screen: OpenScreen) -> None:
    driver = open_screen()
    for percent in (60, 20):
        driver.show(with_light(STATES["idle"], percent))
        assert paper(driver) == pytest.approx(246 * percent / 100, abs=3)
    driver.show(with_light(STATES["idle"], 20, backlight=True))
    assert driver.picture().pixelColor(EMPTY).name() == "#faf7f2"


def test_a_dim_screen_is_still_touched_and_becomes_bright_under_the_hand(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(with_light(STATES["idle"], 20))
    driver.touch("call")
    assert c.TapCall() in driver.commands
    assert driver.picture().pixelColor(EMPTY).name() == "#faf7f2"


@pytest.mark.parametrize("backlight", [False, True])
def test_a_dark_screen_is_black_and_offers_nothing(open_screen: OpenScreen, backlight: bool) -> None:
    driver = open_screen()
    driver.show(with_light(STATES["idle"], 0, backlight=backlight))
    picture = driver.picture()
    assert {picture.pixelColor(x, y).name() for x in range(20, 1060, 40) for y in range(20, 1900, 40)} == {"#000000"}
    assert driver.controls() == {}


def test_the_first_touch_wakes_and_does_nothing_else(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["idle"])
    x, y, width, height = driver.controls()["call"]
    driver.show(with_light(STATES["idle"], 0))
    driver.touch_at(QPoint(x + width // 2, y + height // 2))
    assert driver.commands == [c.Touched()]
    assert "call" in driver.controls()
    driver.touch("call")
    assert driver.commands[-1] == c.TapCall()


def test_after_two_minutes_without_a_hand_it_is_dark_again(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(with_light(STATES["idle"], 0))
    driver.touch_at(EMPTY)
    awake = timer(driver, "awake")
    assert awake.property("interval") == 120_000
    assert awake.property("running")
    awake.setProperty("interval", 30)
    driver.wait_for(lambda: driver.controls() == {})
    assert paper(driver) == 0


def test_a_visit_is_never_in_the_dark(open_screen: OpenScreen) -> None:
    driver = open_screen()
    for state in visits_of(Language.SV)[::3]:
        driver.show(with_light(state, 0))
        assert driver.controls(), state.screen
        assert not driver.window.view.rootObject().property("resting")
        assert driver.window.view.rootObject().property("shade") == 0


@pytest.mark.parametrize("name", ["pin", "menu_test", "identify"])
def test_whoever_looks_after_the_kiosk_sees_what_to_do(open_screen: OpenScreen, name: str) -> None:
    driver = open_screen()
    driver.show(replace(STATES[name], care=replace(STATES[name].care, brightness_percent=0)))
    assert driver.controls()
    assert driver.window.view.rootObject().property("shade") == 0


def test_a_kiosk_that_is_out_of_service_at_night_is_dark_too(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(replace(STATES["out_of_service"], care=Care(brightness_percent=0)))
    assert driver.picture().pixelColor(EMPTY) == QColor("black")
