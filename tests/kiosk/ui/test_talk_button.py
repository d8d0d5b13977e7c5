"""The button that opens the microphone: held, tapped, or pressed on a keyboard; and never left open out of sight."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from kiosk.core import commands as c
from kiosk.core.snapshot import ScreenState
from signaling.protocol.vocabulary import Language
from tests.kiosk.ui.conftest import OpenScreen
from tests.support.kiosk_screens import LANDSCAPE, PORTRAIT, ScreenDriver, finger_device
from tests.support.sample_states import samples

STATES: dict[str, ScreenState] = {sample.name: sample.state for sample in samples(Language.EN)}
QUIET = STATES["talking_button"]
OPEN = STATES["talking_button_open"]
#: Longer than a tap, with room for a busy machine.
HOLD_MS = 700


def asked(driver: ScreenDriver) -> list[c.Command]:
    return [command for command in driver.commands if command != c.Touched()]


def middle(driver: ScreenDriver) -> QPoint:
    x, y, width, height = driver.controls()["talk"]
    return QPoint(x + width // 2, y + height // 2)


def press(driver: ScreenDriver, place: QPoint) -> None:
    QTest.touchEvent(driver.window.view, finger_device()).press(0, place).commit()
    driver.settle()


def lift(driver: ScreenDriver, place: QPoint) -> None:
    QTest.touchEvent(driver.window.view, finger_device()).release(0, place).commit()
    driver.settle()


def test_it_stands_in_the_place_of_muting_only_where_it_is_wanted(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(QUIET)
    assert {"talk", "show_me", "end"} <= driver.controls().keys()
    assert "mute" not in driver.controls()
    driver.show(STATES["talking"])
    assert "talk" not in driver.controls()
    assert "mute" in driver.controls()


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE])
def test_it_is_the_largest_of_the_controls(open_screen: OpenScreen, size: object) -> None:
    driver = open_screen(size)
    driver.show(QUIET)
    sizes = {name: box[2] * box[3] for name, box in driver.controls().items()}
    assert max(sizes, key=lambda name: sizes[name]) == "talk"


def test_held_the_microphone_is_open_and_let_go_it_is_closed(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(QUIET)
    place = middle(driver)
    press(driver, place)
    assert asked(driver) == [c.Speak(True)]
    driver.show(OPEN)
    assert {"You are heard", "Let go when you are done"} <= set(driver.words())
    driver.rest(HOLD_MS)
    lift(driver, place)
    assert asked(driver) == [c.Speak(True), c.Speak(False)]


def test_a_finger_that_slides_off_goes_on_holding(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(QUIET)
    place = middle(driver)
    press(driver, place)
    driver.show(OPEN)
    away = QPoint(place.x(), place.y() - 400)
    QTest.touchEvent(driver.window.view, finger_device()).move(0, away).commit()
    driver.rest(HOLD_MS)
    assert asked(driver) == [c.Speak(True)]
    lift(driver, away)
    assert asked(driver) == [c.Speak(True), c.Speak(False)]


def test_one_tap_begins_and_another_stops(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(QUIET)
    driver.touch("talk")
    assert asked(driver) == [c.Speak(True)]
    driver.show(OPEN)
    assert {"You are heard", "Tap when you are done"} <= set(driver.words())
    driver.touch("talk")
    assert asked(driver) == [c.Speak(True), c.Speak(False)]


def test_a_key_does_the_same(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(QUIET)
    driver.window.view.requestActivate()
    driver.settle()
    driver.item("talk").forceActiveFocus()
    QTest.keyPress(driver.window.view, Qt.Key.Key_Space)
    driver.settle()
    assert asked(driver) == [c.Speak(True)]
    driver.show(OPEN)
    driver.rest(HOLD_MS)
    QTest.keyRelease(driver.window.view, Qt.Key.Key_Space)
    driver.settle()
    assert asked(driver) == [c.Speak(True), c.Speak(False)]


def test_it_says_to_a_screen_reader_what_it_is_and_whether_it_is_open(open_screen: OpenScreen) -> None:
    driver = open_screen()
    for state, name, checked in ((QUIET, "Hold to talk", False), (OPEN, "You are heard", True)):
        driver.show(state)
        button = QAccessible.queryAccessibleInterface(driver.item("talk"))
        assert button.text(QAccessible.Text.Name) == name
        assert bool(button.state().checked) is checked


@pytest.mark.parametrize("by", ["end", "urgent"])
def test_out_of_sight_it_closes(open_screen: OpenScreen, by: str) -> None:
    driver = open_screen()
    driver.show(OPEN)
    driver.touch(by)
    assert asked(driver) == [c.Speak(False)]


def test_who_was_muted_is_heard_while_it_is_held(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(replace(QUIET, call=replace(QUIET.call, muted=True)))
    press(driver, middle(driver))
    assert asked(driver) == [c.Mute(False), c.Speak(True)]
    lift(driver, middle(driver))


def test_until_the_microphone_sends_nobody_is_said_to_be_heard(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(replace(OPEN, call=replace(OPEN.call, microphone_sending=False)))
    assert "You are heard" not in driver.words()
    assert "The microphone is starting" in driver.words()
