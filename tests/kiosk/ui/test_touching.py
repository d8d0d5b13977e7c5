"""A finger on the glass becomes the right command."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint

from kiosk.core import commands as c
from kiosk.core.media import DeviceState
from kiosk.core.snapshot import Screen, ScreenState, TextEntry
from signaling.protocol.vocabulary import Language, ServiceId, TextAuthor
from tests.kiosk.ui.conftest import OpenScreen
from tests.support.kiosk_screens import LANDSCAPE, ScreenDriver
from tests.support.sample_states import IN_CALL, samples

LIBRARY_HELP = ServiceId("library-help")
STATES: dict[str, ScreenState] = {sample.name: sample.state for sample in samples(Language.SV)}


def asked(driver: ScreenDriver) -> list[c.Command]:
    """Everything that was asked for, without the signs of life."""
    return [command for command in driver.commands if command != c.Touched()]


@pytest.mark.parametrize(
    ("screen", "name", "command"),
    [
        ("idle", "call", c.TapCall()),
        ("idle", "language_nb", c.ChooseLanguage(Language.NB)),
        ("idle_language", "go_on_nb", c.TapCall(LIBRARY_HELP, Language.NB)),
        ("idle_services_4", "call", c.TapCall(LIBRARY_HELP)),
        ("idle_services_4", "call_building-permits", c.TapCall(ServiceId("building-permits"))),
        ("idle_services_4", "call_digital-help", c.TapCall(ServiceId("digital-help"), Language.NB)),
        ("idle_missed", "call", c.TapCall()),
        ("waiting", "leave_line", c.LeaveLine()),
        ("waiting_choices", "keep_waiting", c.KeepWaiting()),
        ("waiting_choices", "ticket", c.TakeTicket()),
        ("waiting_choices", "leave_line", c.LeaveLine()),
        ("waiting_nobody", "ticket", c.TakeTicket()),
        ("ticket", "dismiss", c.Dismiss()),
        ("calling", "answer", c.AnswerTicket()),
        ("calling", "language_en", c.ChooseLanguage(Language.EN)),
        ("waiting", "language_en", c.ChooseLanguage(Language.EN)),
        ("talking", "show_me", c.ShowCamera(wanted=True)),
        ("talking_shown", "hide_me", c.ShowCamera(wanted=False)),
        ("talking", "mute", c.Mute(muted=True)),
        ("talking", "volume_louder", c.SetVolume(90)),
        ("talking", "volume_softer", c.SetVolume(70)),
        ("goodbye", "face_3", c.GiveFeedback(3)),
        ("goodbye", "face_2", c.GiveFeedback(2)),
        ("goodbye", "face_1", c.GiveFeedback(1)),
        ("goodbye", "dismiss", c.Dismiss()),
        ("out_of_service", "language_en", c.ChooseLanguage(Language.EN)),
    ],
)
def test_a_touch_becomes_its_command(open_screen: OpenScreen, screen: str, name: str, command: c.Command) -> None:
    driver = open_screen()
    driver.show(STATES[screen])
    driver.touch(name)
    assert asked(driver) == [command]
    assert c.Touched() in driver.commands


def test_a_mouse_does_the_same(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["idle"])
    driver.click("call")
    assert asked(driver) == [c.TapCall()]


def test_return_on_the_focused_control_does_the_same(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["idle"])
    driver.press_key_on("call")
    assert asked(driver) == [c.TapCall()]


def test_a_touch_beside_everything_is_a_sign_of_life(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["idle"])
    driver.touch_at(QPoint(500, 400))
    assert driver.commands == [c.Touched()]


def test_a_finger_may_tremble_within_a_control(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["idle"])
    x, y, width, height = driver.controls()["call"]
    driver.touch_at(QPoint(x + 60, y + 60), QPoint(x + width - 60, y + height - 60))
    assert asked(driver) == [c.TapCall()]


def test_a_finger_that_slides_off_has_changed_its_mind(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["idle"])
    x, y, _, _ = driver.controls()["call"]
    driver.touch_at(QPoint(x + 60, y + 60), QPoint(x + 60, y - 200))
    assert asked(driver) == []


def test_ending_takes_two_touches_in_two_places(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["talking"])
    end = driver.controls()["end"]
    driver.touch("end")
    assert asked(driver) == []
    driver.wait_for(lambda: {"end_yes", "end_no"} <= driver.controls().keys())
    driver.touch("end_no")
    assert driver.controls()["end"] == end
    driver.touch("end")
    driver.wait_for(lambda: "end_yes" in driver.controls())
    driver.touch("end_yes")
    assert asked(driver) == [c.EndCall()]


def test_two_quick_taps_on_end_do_not_end(open_screen: OpenScreen) -> None:
    for size in (None, LANDSCAPE):
        driver = open_screen(size) if size else open_screen()
        driver.show(STATES["talking"])
        x, y, width, height = driver.controls()["end"]
        middle = QPoint(x + width // 2, y + height // 2)
        driver.touch_at(middle)
        driver.touch_at(middle)
        # The second tap falls on "keep talking", or on an answer that does not count yet.
        assert asked(driver) == []


@pytest.mark.parametrize("screen", ["connecting", "held"])
def test_a_visit_can_be_ended_before_and_between_talking(open_screen: OpenScreen, screen: str) -> None:
    driver = open_screen()
    driver.show(STATES[screen])
    driver.touch("end")
    driver.wait_for(lambda: "end_yes" in driver.controls())
    driver.touch("end_yes")
    assert asked(driver) == [c.EndCall()]


def test_each_key_sends_the_whole_line_and_send_finishes_it(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["talking"])
    driver.touch("write")
    driver.type("åk")
    driver.touch("key_delete")
    driver.type("l.")
    driver.touch("key_send")
    lines = ["Å", "Åk", "Å", "Ål", "Ål."]
    assert asked(driver) == [*(c.TypeText(line) for line in lines), c.CommitText()]


def test_every_nordic_letter_can_be_typed_in_every_language(open_screen: OpenScreen) -> None:
    driver = open_screen()
    for language in Language:
        driver.show(replace(STATES["talking"], language=language))
        driver.touch("write")
        reachable = {name.removeprefix("key_") for name in driver.controls() if name.startswith("key_")}
        driver.touch("key_signs")
        reachable |= {name.removeprefix("key_") for name in driver.controls() if name.startswith("key_")}
        assert set("abcdefghijklmnopqrstuvwxyzåäöæø0123456789@?") - reachable - {"?"} == set(), language
        assert "question" in reachable
        driver.touch("key_signs")
        driver.touch("write_close")


def test_the_first_letter_is_a_capital_and_shift_makes_one_more(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["talking"])
    driver.touch("write")
    driver.type("ab")
    driver.touch("key_shift")
    driver.type("cd")
    assert asked(driver)[-1] == c.TypeText("AbCd")


def test_the_librarians_letters_appear_as_they_come(open_screen: OpenScreen) -> None:
    driver = open_screen()
    for text in ("He", "Hej"):
        entry = TextEntry(TextAuthor.STAFF, 1, text, done=False)
        driver.show(replace(STATES["talking"], call=replace(IN_CALL, entries=(entry,))))
        assert f"{text} …" in driver.words()


def test_the_language_switches_live(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["idle"])
    assert "Prata med en bibliotekarie" in driver.words()
    driver.show(replace(STATES["idle"], language=Language.EN))
    assert "Talk with a librarian" in driver.words()
    assert "Two librarians can answer now" in driver.words()
    assert "Prata med en bibliotekarie" not in driver.words()


def test_when_nobody_can_answer_there_is_no_button_and_a_number_instead(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["idle_nobody"])
    assert "call" not in driver.controls()
    assert "0251-55 01 20" in driver.words()


def test_what_cannot_be_done_is_not_offered(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["talking_troubles"])
    assert driver.controls().keys().isdisjoint({"show_me", "hide_me", "mute", "unmute"})
    only_camera = replace(IN_CALL, camera=DeviceState.MISSING)
    driver.show(replace(STATES["talking"], call=only_camera))
    assert "show_me" not in driver.controls()
    assert "mute" in driver.controls()


def test_at_most_three_large_controls_while_talking(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["talking"])
    large = [name for name, (_, _, _, height) in driver.controls().items() if height > 150]
    assert sorted(large) == ["end", "mute", "show_me"]


def test_one_face_can_be_chosen_once(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["goodbye_given"])
    assert driver.controls().keys().isdisjoint({"face_1", "face_2", "face_3"})
    assert "Tack, det hjälper oss." in driver.words()


def test_what_one_visitor_lowered_is_raised_again_after_the_goodbye(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["idle"])
    driver.touch("lower_controls")
    assert driver.window.view.rootObject().property("lowered") is True
    for name in ("waiting", "talking", "goodbye"):
        driver.show(STATES[name])
        assert driver.window.view.rootObject().property("lowered") is True, name
    driver.show(STATES["idle"])
    assert driver.window.view.rootObject().property("lowered") is False


def test_urgent_help_stays_open_through_a_visit(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["waiting"])
    driver.touch("urgent")
    driver.show(STATES["talking"])
    assert set(driver.controls()) == {"urgent_close"}
    assert {"112", "0251-55 01 20"} <= set(driver.words())


def test_the_keys_go_away_with_the_call(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["talking"])
    driver.touch("write")
    assert "key_a" in driver.controls()
    driver.show(STATES["held"])
    assert "key_a" not in driver.controls()
    driver.show(replace(STATES["talking"], screen=Screen.TALKING))
    assert "key_a" not in driver.controls()


def test_while_the_number_is_on_its_way_it_is_not_asked_for_again(open_screen: OpenScreen) -> None:
    driver = open_screen()
    choosing = STATES["waiting_choices"]
    driver.show(replace(choosing, line=replace(choosing.line, ticket_asked=True)))
    assert "ticket" not in driver.controls()
    assert "Ditt nummer är på väg" in driver.words()


def test_one_touch_answers_a_called_number_and_a_second_does_nothing(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["calling_answered"])
    assert "answer" not in driver.controls()
    assert "Anna får veta att du är här." in driver.words()


def test_a_called_number_is_the_one_thing_to_do(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["calling"])
    left = driver.controls().keys() - {"language_sv", "language_nb", "language_en", "lower_controls", "urgent"}
    assert left == {"answer"}
    assert min(driver.controls()["answer"][2:]) >= 320


@pytest.mark.parametrize("screen", ["idle_nobody", "idle_closed", "idle_branch_closed", "idle_locked", "idle_holiday"])
def test_where_nobody_answers_there_is_no_button_that_pretends(open_screen: OpenScreen, screen: str) -> None:
    driver = open_screen()
    driver.show(STATES[screen])
    assert "call" not in driver.controls()
    assert {"urgent", "language_en"} <= driver.controls().keys()
    assert "0251-55 01 20" in driver.words()


def test_a_service_that_nobody_answers_is_there_to_be_read(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["idle_services_3"])
    assert {name for name in driver.controls() if name.startswith("call")} == {"call"}
    assert {"Digital hjälp", "Ingen kan svara just nu", "Öppnar i morgon kl. 08.00"} <= set(driver.words())


def test_the_first_of_several_services_is_the_largest(open_screen: OpenScreen) -> None:
    for size in (None, LANDSCAPE):
        driver = open_screen(size) if size else open_screen()
        driver.show(STATES["idle_services_4"])
        areas = {name: box[2] * box[3] for name, box in driver.controls().items() if name.startswith("call")}
        assert max(areas, key=lambda name: areas[name]) == "call"


def test_urgent_help_has_the_countrys_number(open_screen: OpenScreen) -> None:
    driver = open_screen()
    idle = STATES["idle"]
    driver.show(replace(idle, branch=replace(idle.branch, urgent_number="113")))
    driver.touch("urgent")
    assert "113" in driver.words()
    assert "112" not in driver.words()
