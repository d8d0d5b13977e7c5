"""Nobody leaves the program by touch, gesture, keyboard or the window's own close."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest

from kiosk.core import commands as c
from kiosk.core.snapshot import ScreenState
from signaling.protocol.vocabulary import Language
from tests.kiosk.ui.conftest import OpenScreen
from tests.support.care_states import care_samples
from tests.support.kiosk_screens import LANDSCAPE, ScreenDriver, finger_device
from tests.support.sample_states import samples

STATES: dict[str, ScreenState] = {
    sample.name: sample.state for sample in (*samples(Language.SV), *care_samples(Language.SV))
}
K, M = Qt.Key, Qt.KeyboardModifier
FUNCTION_KEYS = [Qt.Key(K.Key_F1.value + number) for number in range(35)]
OTHER_KEYS = [K.Key_Escape, K.Key_Menu, K.Key_Print, K.Key_SysReq, K.Key_Super_L, K.Key_Super_R, K.Key_Help]
#: Keys of multimedia keyboards; Qt's test driver knows no letters for them, so the window is told directly.
SPECIAL_KEYS = [
    *(K.Key_Back, K.Key_HomePage, K.Key_PowerOff, K.Key_Sleep, K.Key_Standby, K.Key_LogOff, K.Key_Close),
    *(K.Key_Search, K.Key_WWW, K.Key_Favorites, K.Key_Reload, K.Key_Exit),
]
LETTERS = [K.Key_A, K.Key_C, K.Key_D, K.Key_L, K.Key_N, K.Key_P, K.Key_Q, K.Key_R, K.Key_T, K.Key_V, K.Key_W]
#: Every screen that stands there for hours, and those behind which the menu lies.
SCREENS = ["idle", "out_of_service", "locked", "talking", "pin", "pin_locked", "pin_none"]
WAYS_OUT = c.OpenMenu | c.EnterPin | c.MenuDo | c.AskTest


@pytest.fixture
def still_there(open_screen: OpenScreen) -> Iterator[ScreenDriver]:
    driver = open_screen()
    yield driver
    view = driver.window.view
    assert view.isVisible()
    assert view.status().name == "Ready"
    assert [command for command in driver.commands if isinstance(command, WAYS_OUT)] == []


def press_all_keys(driver: ScreenDriver) -> None:
    view = driver.window.view
    for key in (*FUNCTION_KEYS, *OTHER_KEYS):
        QTest.keyClick(view, key)
    for modifier in (M.AltModifier, M.ControlModifier, M.MetaModifier, M.ControlModifier | M.AltModifier):
        for key in (*FUNCTION_KEYS[:12], *OTHER_KEYS, *LETTERS, K.Key_Tab, K.Key_Delete, K.Key_Backspace):
            QTest.keyClick(view, key, modifier)
    for key in SPECIAL_KEYS:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(view, QKeyEvent(kind, key, M.NoModifier))
    driver.settle()


@pytest.mark.parametrize("name", SCREENS)
def test_no_key_leads_out_or_into_the_menu(still_there: ScreenDriver, name: str) -> None:
    still_there.show(STATES[name])
    before = set(still_there.controls())
    press_all_keys(still_there)
    assert set(still_there.controls()) == before


def test_the_window_does_not_close_when_somebody_asks_it_to(still_there: ScreenDriver) -> None:
    still_there.show(STATES["idle"])
    view = still_there.window.view
    assert view.close() is False  # what a window manager's Alt+F4 comes to
    still_there.settle()
    assert view.isExposed()
    assert "call" in still_there.controls()


def test_asking_the_application_to_quit_closes_nothing(still_there: ScreenDriver) -> None:
    still_there.show(STATES["idle"])
    QGuiApplication.quit()
    still_there.settle()
    assert "call" in still_there.controls()


def test_the_program_itself_closes_the_window(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.window.close()
    assert not driver.window.view.isVisible()


@pytest.mark.parametrize("button", [Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.BackButton])
def test_no_button_of_a_mouse_opens_anything(still_there: ScreenDriver, button: Qt.MouseButton) -> None:
    still_there.show(STATES["idle"])
    before = set(still_there.controls())
    for place in (QPoint(540, 1200), QPoint(540, 300), QPoint(1070, 1910)):
        for _ in range(2):
            QTest.mouseClick(still_there.window.view, button, Qt.KeyboardModifier.NoModifier, place)
    still_there.settle()
    assert set(still_there.controls()) == before
    assert len(QGuiApplication.topLevelWindows()) == 1


def edge_swipes(size: QSize) -> list[tuple[QPoint, QPoint]]:
    right, bottom = size.width() - 1, size.height() - 1
    middle = QPoint(right // 2, bottom // 2)
    return [
        (QPoint(right // 2, 0), middle),
        (QPoint(right // 2, bottom), middle),
        (QPoint(0, bottom // 2), middle),
        (QPoint(right, bottom // 2), middle),
        (QPoint(0, 0), QPoint(right, bottom)),
        (QPoint(right, bottom), QPoint(0, 0)),
    ]


@pytest.mark.parametrize("name", SCREENS)
def test_no_swipe_leads_anywhere(still_there: ScreenDriver, name: str) -> None:
    still_there.show(STATES[name])
    before = still_there.controls()
    view = still_there.window.view
    for start, end in edge_swipes(view.size()):
        touch = QTest.touchEvent(view, finger_device())
        touch.press(0, start).commit()
        for step in range(1, 6):
            QTest.touchEvent(view, finger_device()).move(0, start + (end - start) * step / 5).commit()
        QTest.touchEvent(view, finger_device()).release(0, end).commit()
    still_there.settle()
    assert still_there.controls() == before


def test_five_fingers_at_once_and_a_long_press_open_nothing(still_there: ScreenDriver) -> None:
    still_there.show(STATES["idle"])
    before = still_there.controls()
    view = still_there.window.view
    hand = QTest.touchEvent(view, finger_device())
    for finger in range(5):
        hand.press(finger, QPoint(20 + 12 * finger, 60))
    hand.commit()
    still_there.rest(1200)  # longer than the longest press that Qt knows
    spread = QTest.touchEvent(view, finger_device())
    for finger in range(5):
        spread.move(finger, QPoint(20 + 200 * finger, 60 + 100 * finger))
    spread.commit()
    lifted = QTest.touchEvent(view, finger_device())
    for finger in range(5):
        lifted.release(finger, QPoint(20 + 200 * finger, 60 + 100 * finger))
    lifted.commit()
    still_there.settle()
    assert still_there.controls() == before


def test_a_keyboard_finds_no_way_to_the_hidden_corner(still_there: ScreenDriver) -> None:
    still_there.show(STATES["idle"])
    view = still_there.window.view
    focused: set[str] = set()
    for _ in range(30):
        QTest.keyClick(view, K.Key_Tab)
        focused.add(view.activeFocusItem().objectName())
    still_there.settle()
    assert "call" in focused  # who does not touch may still ask for a librarian
    assert focused - {""} <= still_there.controls().keys()


def test_a_keyboard_gets_no_further_than_the_question_for_the_pin(still_there: ScreenDriver) -> None:
    still_there.show(STATES["pin"])
    view = still_there.window.view
    for digit in "123456789012":
        QTest.keyClick(view, Qt.Key(K.Key_0.value + int(digit)))
    QTest.keyClick(view, K.Key_Return)
    still_there.settle()


def test_in_landscape_the_window_stays_too(open_screen: OpenScreen) -> None:
    driver = open_screen(LANDSCAPE)
    driver.show(replace(STATES["idle"], language=Language.EN))
    assert driver.window.view.close() is False
    press_all_keys(driver)
    assert driver.window.view.isVisible()
