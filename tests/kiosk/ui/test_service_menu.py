"""The service menu by touch: its hidden corner, its PIN, what it asks for, and that nothing of it leaks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAccessible, QColor, QImage

from kiosk.core import commands as c
from kiosk.core.care import DeviceChoice, Identify, Menu, MenuAction, MenuStage
from kiosk.core.snapshot import ScreenState
from signaling.protocol.vocabulary import Language, LensSide
from tests.kiosk.ui.conftest import OpenScreen
from tests.support.care_states import CARE, OPEN, care_samples, visits_of
from tests.support.drawn_people import frame_of
from tests.support.kiosk_screens import LANDSCAPE, ScreenDriver
from tests.support.sample_states import samples

STATES: dict[str, ScreenState] = {
    sample.name: sample.state for sample in (*samples(Language.SV), *care_samples(Language.SV))
}
CORNER = QPoint(40, 40)
PAD = {*(f"pin_{digit}" for digit in range(10)), "pin_delete", "menu_close"}


def asked(driver: ScreenDriver) -> list[c.Command]:
    """What went down, without the hand that was seen."""
    return [command for command in driver.commands if not isinstance(command, c.Touched)]


def enter(driver: ScreenDriver, digits: str) -> None:
    for digit in digits:
        driver.touch(f"pin_{digit}")


@pytest.mark.parametrize("name", ["starting", "idle", "idle_nobody", "out_of_service", "locked", "broken"])
def test_five_touches_of_the_corner_knock_at_the_menu(open_screen: OpenScreen, name: str) -> None:
    driver = open_screen()
    driver.show(STATES[name])
    for _ in range(4):
        driver.touch_at(CORNER)
    assert asked(driver) == []
    driver.touch_at(CORNER)
    assert asked(driver) == [c.OpenMenu()]


@pytest.mark.parametrize("place", [QPoint(540, 40), QPoint(1040, 40), QPoint(40, 400), QPoint(200, 200)])
def test_touches_elsewhere_knock_at_nothing(open_screen: OpenScreen, place: QPoint) -> None:
    driver = open_screen()
    driver.show(STATES["idle"])
    for _ in range(6):
        driver.touch_at(place)
    assert asked(driver) == []


def test_there_is_no_corner_during_a_visit(open_screen: OpenScreen) -> None:
    driver = open_screen()
    for state in visits_of(Language.SV)[::4]:
        driver.show(state)
        for _ in range(6):
            driver.touch_at(CORNER)
    assert c.OpenMenu() not in driver.commands


def test_before_the_pin_there_is_nothing_but_the_question(open_screen: OpenScreen) -> None:
    for size in (None, LANDSCAPE):
        driver = open_screen(size) if size else open_screen()
        driver.show(STATES["pin"])
        assert set(driver.controls()) == PAD
        shown = " ".join(driver.words())
        for secret in ("Jabra", "bibliotekarie.dalarna", "Prova allt", "Älvdalen, entrén"):
            assert secret not in shown
        driver.close()


@pytest.mark.parametrize("name", ["pin_locked", "pin_none"])
def test_without_a_way_in_one_can_only_go_back(open_screen: OpenScreen, name: str) -> None:
    driver = open_screen()
    driver.show(STATES[name])
    assert set(driver.controls()) == {"menu_close"}
    driver.touch("menu_close")
    assert asked(driver) == [c.CloseMenu()]


def test_a_menu_without_a_pin_says_so(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["pin_none"])
    assert "Ingen servicekod är vald" in driver.words()


def test_the_digits_go_down_together_and_are_wiped(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["pin"])
    enter(driver, "1234")
    driver.touch("pin_delete")
    enter(driver, "567")
    assert asked(driver) == []
    driver.touch("pin_enter")
    assert asked(driver) == [c.EnterPin("123567")]
    door = driver.bridge.model.property("door")
    assert door.property("digits") == 0
    assert "pin_enter" not in driver.controls()
    assert "1234" not in repr(driver.commands)


def test_fewer_digits_than_a_pin_has_are_no_try_and_more_are_not_taken(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["pin"])
    enter(driver, "12345")
    assert "pin_enter" not in driver.controls()
    enter(driver, "6789012345")
    driver.touch("pin_enter")
    assert asked(driver) == [c.EnterPin("123456789012")]


@pytest.mark.parametrize("stage", [MenuStage.CLOSED, MenuStage.LOCKED_OUT, MenuStage.OPEN])
def test_digits_that_were_left_behind_are_forgotten(open_screen: OpenScreen, stage: MenuStage) -> None:
    driver = open_screen()
    driver.show(STATES["pin"])
    enter(driver, "123456")
    driver.show(replace(STATES["pin"], care=replace(CARE, menu=Menu(stage))))
    driver.show(STATES["pin"])
    assert "pin_enter" not in driver.controls()


def test_the_digits_are_never_shown_and_a_screen_reader_hears_how_many(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["pin"])
    enter(driver, "777")
    assert driver.words().count("7") == 1
    dots = QAccessible.queryAccessibleInterface(driver.find("pin_dots"))
    assert dots.text(QAccessible.Text.Name) == "3 siffror"


def test_a_wrong_pin_says_how_many_tries_are_left(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["pin"])
    driver.show(STATES["pin_wrong"])
    assert "Fel kod. Ett försök kvar, sedan låses menyn." in driver.words()


def test_a_device_is_chosen_by_its_name(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["menu_sound"])
    driver.touch("tab_sound")
    driver.touch("microphone_1")  # it is the chosen one
    driver.touch("microphone_2")
    driver.touch("loudspeaker_1")
    assert asked(driver) == [
        c.MenuDo(MenuAction.MICROPHONE, "Logitech BRIO Analog Stereo"),
        c.MenuDo(MenuAction.LOUDSPEAKER, "Jabra Speak 510 USB"),
    ]


def test_more_devices_than_fit_are_turned_over(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["menu_sound"])
    driver.touch("tab_sound")
    driver.touch("more_microphone")
    assert {"microphone_3", "microphone_4"} <= driver.controls().keys()
    assert "microphone_0" not in driver.controls()
    driver.touch("more_microphone")
    assert "microphone_0" in driver.controls()


def test_a_list_that_became_shorter_starts_over(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["menu_sound"])
    driver.touch("tab_sound")
    driver.touch("more_microphone")
    fewer = replace(OPEN, microphones=DeviceChoice(("default",), "default"))
    driver.show(replace(STATES["menu_sound"], care=replace(CARE, menu=fewer)))
    assert "microphone_0" in driver.controls()


def test_the_sample_plays_until_it_is_stopped_or_the_page_is_left(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["menu_sound"])
    driver.touch("tab_sound")
    driver.touch("try_sound")
    driver.touch("try_sound")
    driver.touch("try_sound")
    driver.touch("tab_test")
    on, off = c.MenuDo(MenuAction.TRY_SOUND, "on"), c.MenuDo(MenuAction.TRY_SOUND, "")
    assert asked(driver) == [on, off, on, off]


def test_the_camera_is_on_only_while_its_page_is_shown(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["menu_camera"])
    driver.touch("tab_camera")
    driver.touch("tab_facts")
    assert asked(driver) == [c.MenuDo(MenuAction.SHOW_CAMERA, "on"), c.MenuDo(MenuAction.SHOW_CAMERA, "")]


def test_the_cameras_picture_is_shown_with_the_line_for_eyes_and_wiped_afterwards(open_screen: OpenScreen) -> None:
    red = QImage(1280, 720, QImage.Format.Format_RGB32)
    red.fill(QColor("#c03030"))
    driver = open_screen()
    driver.show(STATES["menu_camera"])
    driver.touch("tab_camera")
    assert "Kamerans bild kommer strax." in driver.words()
    driver.bridge.own_frame(frame_of(red))
    driver.wait_for(lambda: driver.picture().pixelColor(540, 600).red() > 150)
    assert "Ögonen ska vara vid linjen" in driver.words()
    assert driver.find("eye_line").isVisible()
    driver.show(STATES["menu_test"])  # still on the page of the camera, whose picture is open
    driver.show(replace(STATES["menu_test"], care=replace(CARE, menu=replace(OPEN, camera_open=False))))
    assert not driver.bridge.own_feed.property("hasPicture")
    assert "Kameran är avstängd." in driver.words()


def test_where_the_camera_sits_and_how_high_is_told(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["menu_camera"])
    driver.touch("tab_camera")
    driver.commands.clear()
    for name in ("lens_left", "lens_top", "lens_right", "height_lower", "height_higher"):
        driver.touch(name)
    assert asked(driver) == [
        c.MenuDo(MenuAction.LENS_SIDE, "left"),
        c.MenuDo(MenuAction.LENS_SIDE, "right"),
        c.MenuDo(MenuAction.CAMERA_HEIGHT, "140"),
        c.MenuDo(MenuAction.CAMERA_HEIGHT, "150"),
    ]


def test_a_test_is_asked_for_once_and_while_it_runs_there_is_no_button(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["menu_test_wrong"])
    driver.touch("test")
    assert asked(driver) == [c.MenuDo(MenuAction.TEST, "")]
    driver.show(STATES["menu_test_runs"])
    assert "test" not in driver.controls()
    assert "Provar nu: Kamera" in driver.words()


def test_a_long_list_is_turned_without_dragging(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["menu_test"])
    assert "list_up" not in driver.controls()
    for _ in range(6):
        if "list_down" in driver.controls():
            driver.touch("list_down")
    assert "list_down" not in driver.controls()
    assert "list_up" in driver.controls()


@pytest.mark.parametrize("action", ["restart_program", "restart_machine", "leave"])
def test_what_takes_the_screen_away_is_asked_about_first(open_screen: OpenScreen, action: str) -> None:
    driver = open_screen()
    driver.show(STATES["menu_program"])
    driver.touch("tab_program")
    driver.touch(action)
    driver.touch("sure_no")
    assert asked(driver) == []
    driver.touch(action)
    driver.touch("sure_yes")
    assert asked(driver) == [c.MenuDo(MenuAction(action), "")]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("menu_said_log_saved", "Loggen är sparad."),
        ("menu_said_log_kept", "Inget minne är isatt. Loggen ligger i programmets mapp: kiosk-log.jsonl."),
        ("menu_said_log_failed", "Loggen gick inte att spara. Är disken full?"),
    ],
)
def test_the_log_is_saved_at_a_touch_and_the_outcome_is_said(open_screen: OpenScreen, message: str, said: str) -> None:
    driver = open_screen()
    driver.show(STATES["menu_test"])
    driver.touch("tab_program")
    driver.touch("export_log")
    assert asked(driver) == [c.MenuDo(MenuAction.EXPORT_LOG, "")]
    driver.show(replace(STATES["idle"], care=replace(CARE, menu=replace(OPEN, message=message))))
    assert said in driver.words()


def test_a_visit_that_begins_takes_the_screen_from_the_menu(open_screen: OpenScreen) -> None:
    driver = open_screen()
    for name in ("menu_test", "pin", "identify"):
        driver.show(STATES[name])
        driver.show(replace(STATES["calling"], care=STATES[name].care))
        assert "answer" in driver.controls()
        assert not {"tab_test", "pin_1", "identify_close"} & driver.controls().keys()


def test_under_the_menu_nothing_of_the_visitors_screen_can_be_touched(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["idle"])
    driver.touch("urgent")
    driver.show(STATES["menu_test"])
    assert not {"call", "urgent", "urgent_close", "cards", "language_sv"} & driver.controls().keys()


def test_the_large_name_covers_the_screen_and_a_touch_anywhere_puts_it_away(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["identify"])
    assert set(driver.controls()) == {"identify_close"}
    assert {"Älvdalen, entrén", "7K3F", "Försvinner om 42 sekunder."} <= set(driver.words())
    driver.touch_at(QPoint(500, 300))
    assert "call" in driver.controls()
    driver.show(replace(STATES["identify"], care=replace(CARE, identify=Identify("Älvdalen, entrén", "7K3F", 41))))
    assert "call" in driver.controls()
    driver.show(STATES["idle"])
    driver.show(STATES["identify"])
    driver.touch("identify_close")
    assert "call" in driver.controls()


def test_the_code_is_read_out_sign_by_sign(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["identify"])
    code = QAccessible.queryAccessibleInterface(driver.find("identify_code"))
    assert code.text(QAccessible.Text.Name) == "7 K 3 F"


def test_reload_draws_the_screen_anew_and_closes_what_lay_over_it(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["idle"])
    before = driver.item("call")
    gone: list[bool] = []
    before.destroyed.connect(lambda: gone.append(True))
    driver.touch("urgent")
    driver.show(replace(STATES["idle"], care=replace(STATES["idle"].care, reloads=1)))
    assert gone == [True]
    assert "call" in driver.controls()


def test_the_lens_side_that_was_pushed_moves_the_person(open_screen: OpenScreen) -> None:
    driver = open_screen(LANDSCAPE)
    root = driver.window.view.rootObject()
    for side, right in (("right", True), ("left", False), ("top", False)):
        settings = replace(CARE.settings, lens_side=LensSide(side))
        driver.show(replace(STATES["idle"], care=replace(CARE, settings=settings)))
        assert root.property("lensRight") is right, side
