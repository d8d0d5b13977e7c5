"""Walks the screens of a kiosk that somebody looks after, in every language and shape, and measures what is there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtQuick import QQuickItem

from kiosk.core.care import DeviceChoice, Health, Identify, Menu, MenuStage
from kiosk.core.snapshot import ScreenState
from kiosk.ui.probe import touchable_items
from kiosk.ui.viewmodels.menu_words import FACTS, MESSAGES
from signaling.protocol.health import HealthCode, HealthNumber, TestKind
from signaling.protocol.vocabulary import Language
from tests.kiosk.ui.conftest import OpenScreen
from tests.support.care_states import CARE, OPEN, care_samples
from tests.support.kiosk_screens import LANDSCAPE, PORTRAIT, ScreenDriver
from tests.support.sample_states import samples
from tests.support.screen_rules import check, contains, place, reach
from tests.support.thorough import times

SHAPES = {"portrait": PORTRAIT, "landscape": LANDSCAPE}
#: `./dev test` is content with each language once and each shape.
EVERY_WAY = [(language, shape) for shape in SHAPES for language in Language][:: times(1, quick=2)]
TABS = ("test", "camera", "sound", "facts", "program")


@pytest.mark.parametrize(("language", "shape"), EVERY_WAY)
def test_every_screen_of_care_can_be_read_and_touched(open_screen: OpenScreen, language: Language, shape: str) -> None:
    driver = open_screen(SHAPES[shape])
    for sample in care_samples(language):
        driver.show(ScreenState())
        driver.show(sample.state)
        for name in sample.gestures:
            driver.touch(name)
        check(driver, f"{sample.name} {language} {shape}")


def part(driver: ScreenDriver, name: str) -> QQuickItem:
    """What is shown under this name, touchable or not."""
    found = driver.window.view.rootObject().findChild(QQuickItem, name)
    assert found is not None, name
    return found


@pytest.mark.parametrize(("language", "shape"), EVERY_WAY)
def test_nothing_that_the_menu_says_covers_its_page(open_screen: OpenScreen, language: Language, shape: str) -> None:
    driver = open_screen(SHAPES[shape])
    idle = next(sample.state for sample in samples(language) if sample.name == "idle")
    for message in MESSAGES:
        driver.show(replace(idle, care=replace(CARE, menu=replace(OPEN, message=message))))
        said, page = (place(part(driver, name)) for name in ("menu_message", "menu_page"))
        assert said.height() > 0
        assert not said.intersects(page), (message, said, page)


@pytest.mark.parametrize("shape", SHAPES)
def test_even_the_longest_names_and_all_findings_at_once_fit(open_screen: OpenScreen, shape: str) -> None:
    long = "Wolfeschlegelsteinhausenbergerdorff-Abrahamsson " * 2
    many = DeviceChoice(tuple(f"{number}: {long}" for number in range(9)), f"8: {long}")
    menu = replace(
        OPEN,
        cameras=many,
        microphones=many,
        loudspeakers=many,
        level_percent=100,
        facts=tuple((key, long) for key in FACTS),
        message="menu_said_log_kept",
    )
    health = Health(findings=tuple(HealthCode), numbers=dict.fromkeys(HealthNumber, -123_456.7), test=TestKind.ASKED)
    care = replace(CARE, kiosk_name=long[:80], health=health, menu=menu)
    idle = samples(Language.NB)[1].state
    driver = open_screen(SHAPES[shape])
    driver.show(replace(idle, care=care))
    for tab in TABS:
        driver.touch(f"tab_{tab}")
        check(driver, f"{tab} {shape}")
    driver.show(replace(idle, care=replace(CARE, identify=Identify(long[:80], "WMWM", 120))))
    check(driver, f"identify {shape}")
    driver.show(replace(idle, care=replace(CARE, menu=Menu(MenuStage.LOCKED_OUT, locked_s=8 * 3600))))
    check(driver, f"locked out {shape}")


@pytest.mark.parametrize("size", [QSize(2160, 3840), QSize(720, 1280), QSize(1366, 768), QSize(1200, 1920)])
def test_other_sizes_of_screen_hold_everything_too(open_screen: OpenScreen, size: QSize) -> None:
    driver = open_screen(size)
    scale = min(size.width(), size.height()) / 1080
    for sample in care_samples(Language.SV):
        driver.show(ScreenState())
        driver.show(sample.state)
        for name in sample.gestures:
            driver.touch(name)
        window = QRectF(0, 0, size.width(), size.height())
        for item in touchable_items(driver.window.view):
            box = place(item)
            assert contains(window, box), f"{sample.name}: {item.objectName()} leaves the window"
            assert min(box.width(), box.height()) >= 95 * scale, f"{sample.name}: {item.objectName()}"


def test_what_a_visitor_may_meet_is_touched_in_the_lower_half(open_screen: OpenScreen) -> None:
    driver = open_screen(PORTRAIT)
    for sample in care_samples(Language.SV):
        driver.show(ScreenState())
        driver.show(sample.state)
        if not sample.name.startswith("menu_"):
            assert reach(driver) >= 0.5, sample.name
