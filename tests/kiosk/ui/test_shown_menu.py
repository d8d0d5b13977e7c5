"""What the service menu says: the words of a PIN, of devices, of a test and of numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from kiosk.core.care import Care, DeviceChoice, Health, Menu, MenuStage
from kiosk.core.snapshot import ScreenState
from kiosk.ui.i18n.catalog import load_catalogs
from kiosk.ui.viewmodels.care import show_care
from kiosk.ui.viewmodels.menu import MenuShown, show_menu
from kiosk.ui.viewmodels.menu_words import AREAS, FACTS, MESSAGES, NUMBERS, number_row
from signaling.protocol.health import HealthArea, HealthCode, HealthNumber, TestKind
from signaling.protocol.health_texts import TEXTS
from signaling.protocol.vocabulary import Language
from tests.support.care_states import CARE, HEALTHY, OPEN, WRONG
from tests.support.sample_states import NOW

CATALOGS = load_catalogs()
SV, EN = CATALOGS[Language.SV], CATALOGS[Language.EN]


def shown(menu: Menu = OPEN, health: Health = HEALTHY, language: Language = Language.EN) -> MenuShown:
    state = ScreenState(language=language, now_local=NOW, care=replace(CARE, menu=menu, health=health))
    return show_menu(state, CATALOGS[language])


@pytest.mark.parametrize("stage", [stage for stage in MenuStage if stage is not MenuStage.OPEN])
def test_nothing_that_lies_behind_the_pin_is_told_before(stage: MenuStage) -> None:
    broken = replace(HEALTHY, findings=WRONG)
    menu = shown(replace(OPEN, stage=stage, message="menu_said_saved"), broken)
    secret = (
        *(menu.cameras, menu.microphones, menu.loudspeakers, menu.facts),
        *(menu.findings, menu.numbers, menu.kiosk_name, menu.message, menu.tested),
    )
    assert not any(secret)
    assert not menu.camera_open
    assert menu.level_percent == 0
    assert {area["state"] for area in menu.areas} == {"grey"}


def test_a_wrong_pin_says_how_many_tries_are_left() -> None:
    assert shown(Menu(MenuStage.PIN)).pin_sentence == "Enter the service PIN."
    assert not shown(Menu(MenuStage.PIN)).pin_wrong
    assert shown(Menu(MenuStage.PIN, tries_left=3)).pin_sentence == "Wrong PIN. Three tries left."
    assert shown(Menu(MenuStage.PIN, tries_left=1)).pin_sentence == "Wrong PIN. One try left, then the menu locks."
    assert shown(Menu(MenuStage.PIN, tries_left=1)).pin_wrong


@pytest.mark.parametrize(
    ("locked_s", "sentence"),
    [
        (1, "Try again in 1 second."),
        (90, "Try again in 90 seconds."),
        (91, "Try again in 2 minutes."),
        (300, "Try again in 5 minutes."),
    ],
)
def test_a_lock_out_says_how_long_it_lasts(locked_s: int, sentence: str) -> None:
    assert shown(Menu(MenuStage.LOCKED_OUT, locked_s=locked_s)).locked == sentence


def test_a_device_that_is_not_in_the_list_still_stands_there_and_says_so() -> None:
    menu = shown(replace(OPEN, cameras=DeviceChoice(("default", "C270"), "BRIO")))
    assert [(row["name"], row["word"], row["chosen"]) for row in menu.cameras] == [
        ("BRIO", "BRIO (not in the list)", True),
        ("default", "The system's own choice", False),
        ("C270", "C270", False),
    ]
    not_listed_yet = shown(replace(OPEN, cameras=DeviceChoice((), "BRIO")))
    assert [row["word"] for row in not_listed_yet.cameras] == ["BRIO"]


def test_a_camera_that_was_chosen_by_its_number_is_found_in_the_list() -> None:
    menu = shown(replace(OPEN, cameras=DeviceChoice(("/dev/video0", "/dev/video2"), "2")))
    assert [(row["word"], row["chosen"]) for row in menu.cameras] == [("/dev/video0", False), ("/dev/video2", True)]


def test_a_kiosk_that_was_never_tested_does_not_pretend() -> None:
    menu = shown(health=Health())
    assert (menu.light, menu.truth, menu.tested) == ("grey", "This screen has not been tested yet", "")


@pytest.mark.parametrize(
    ("findings", "light", "truth"),
    [
        ((), "green", "This screen can take calls"),
        ((HealthCode.CAMERA_COVERED,), "amber", "It takes calls, but something should be looked at"),
        ((HealthCode.CAMERA_COVERED, HealthCode.MICROPHONE_DEAF), "red", "This screen cannot take calls"),
    ],
)
def test_one_sentence_says_whether_it_can_take_a_call(findings: tuple[HealthCode, ...], light: str, truth: str) -> None:
    menu = shown(health=replace(HEALTHY, findings=findings))
    assert (menu.light, menu.truth) == (light, truth)


def test_every_finding_comes_with_its_sentence_and_remedy_in_the_readers_language() -> None:
    for language in Language:
        menu = shown(health=replace(HEALTHY, findings=tuple(HealthCode)), language=language)
        said = [(row["sentence"], row["remedy"]) for row in menu.findings]
        assert said == [(TEXTS[language][code].sentence, TEXTS[language][code].remedy) for code in HealthCode]


def test_each_area_says_how_it_is_and_the_one_that_is_tested_says_so() -> None:
    menu = shown(health=replace(HEALTHY, findings=WRONG, testing=HealthArea.MACHINE))
    states = {row["word"]: row["state"] for row in menu.areas}
    assert states == {
        "Sound": "red",
        "Camera": "amber",
        "Screen": "green",
        "Network": "amber",
        "Call": "green",
        "Machine": "now",
        "Program": "green",
    }
    assert menu.testing
    assert menu.tested == "Testing now: Machine"


def test_when_it_was_tested_is_said_in_the_branchs_time() -> None:
    assert shown(health=replace(HEALTHY, tested_at=NOW.astimezone(UTC))).tested == "Last tested: 20:14"
    yesterday = NOW.astimezone(UTC) - timedelta(days=1)
    assert "20 November" in shown(health=replace(HEALTHY, tested_at=yesterday)).tested


@pytest.mark.parametrize("language", Language)
def test_every_area_number_fact_and_message_has_words_in_every_language(language: Language) -> None:
    catalog = CATALOGS[language]
    assert AREAS.keys() == set(HealthArea)
    assert NUMBERS.keys() == set(HealthNumber)
    for key in (*AREAS.values(), *(key for key, _, _ in NUMBERS.values()), *FACTS, *MESSAGES):
        assert catalog.say(key)


def test_numbers_are_written_as_the_language_writes_them() -> None:
    assert number_row(HealthNumber.SWEEP_LEVEL_DB, -23.4, SV)["value"] == "−23 dB"
    assert number_row(HealthNumber.DISTORTION_PERCENT, 1.74, SV)["value"] == "1,7 %"
    assert number_row(HealthNumber.DISTORTION_PERCENT, 1.74, EN)["value"] == "1.7 %"
    assert number_row(HealthNumber.CLOCK_AHEAD_S, -0.04, EN)["value"] == "0.0 s"
    assert number_row(HealthNumber.UPTIME_S, 5400, EN)["value"] == "1.5 h"
    assert number_row(HealthNumber.RESTARTS, 2, EN)["value"] == "2"


def test_what_the_menu_does_not_know_is_left_out() -> None:
    menu = shown(replace(OPEN, facts=(("fact_version", "1.4.2"), ("fact_nobody_knows", "x")), message="not_a_message"))
    assert menu.facts == ({"word": "Version", "value": "1.4.2"},)
    assert menu.message == ""
    assert shown(replace(OPEN, message="menu_said_saved")).message == "Saved."


@pytest.mark.parametrize(
    ("up", "language", "value"),
    [(True, Language.EN, "Yes, since 20:14"), (False, Language.EN, "None since 20:14")],
)
def test_whether_the_server_is_there_is_said_and_since_when(up: bool, language: Language, value: str) -> None:
    facts = (("fact_version", "1.4.2"), ("fact_server", "https://desk.example"))
    menu = shown(replace(OPEN, facts=facts, link_up=up, link_since=NOW.astimezone(UTC)), language=language)
    assert [row["value"] for row in menu.facts] == ["https://desk.example", value, "1.4.2"]
    assert menu.facts[1]["word"] == "Contact with the library"


def test_a_height_that_nobody_measured_is_not_a_number() -> None:
    unmeasured = replace(CARE, menu=OPEN, settings=replace(CARE.settings, camera_height_cm=0))
    assert show_menu(ScreenState(care=unmeasured), EN).height == "Not measured"
    assert shown().height == "145 cm"


@pytest.mark.parametrize(
    ("brightness", "backlight", "shade", "asleep"),
    [(100, False, 0, False), (20, False, 80, False), (20, True, 0, False), (0, False, 100, True), (0, True, 100, True)],
)
def test_the_window_dims_only_what_the_machine_cannot(
    brightness: int, backlight: bool, shade: int, asleep: bool
) -> None:
    care = show_care(ScreenState(care=Care(brightness_percent=brightness, backlight=backlight)), EN)
    assert (care.shade_percent, care.asleep) == (shade, asleep)


def test_the_test_of_a_first_start_says_what_is_unknown() -> None:
    menu = shown(health=Health(testing=HealthArea.SOUND, test=None))
    assert {row["sentence"] for row in menu.areas} == {"Testing now", "Unknown"}
    assert shown(health=Health(test=TestKind.BOOT)).light == "green"
