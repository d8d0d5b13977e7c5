"""A finger on the answer cards: from where they open, how they are read, and when they close."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QObject

from kiosk.core import commands as c
from kiosk.core.snapshot import BranchFacts, ScreenState
from signaling.protocol.vocabulary import Language
from tests.kiosk.ui.conftest import OpenScreen
from tests.support.kiosk_screens import LANDSCAPE, ScreenDriver
from tests.support.sample_places import CARDS
from tests.support.sample_states import samples

STATES: dict[str, ScreenState] = {sample.name: sample.state for sample in samples(Language.SV)}
PRINTER = CARDS[1]


def cards_of(driver: ScreenDriver) -> set[str]:
    return {name for name in driver.controls() if name.startswith("card_")}


def alone_of(driver: ScreenDriver) -> QObject:
    """What starts the screen over when nobody has touched it for a while."""
    root = driver.window.view.rootObject()
    timer = root.findChild(QObject, "alone")
    assert timer is not None
    return timer


def body(driver: ScreenDriver) -> str:
    return max(driver.words(), key=len)


@pytest.mark.parametrize(
    "screen",
    [
        "idle",
        "idle_nobody",
        "idle_closed",
        "idle_branch_closed",
        "idle_language",
        "idle_services_3",
        "waiting",
        "waiting_choices",
        "waiting_nobody",
        "out_of_service",
    ],
)
def test_one_touch_opens_the_cards_and_one_closes_them(open_screen: OpenScreen, screen: str) -> None:
    driver = open_screen()
    driver.show(STATES[screen])
    before = driver.controls()
    driver.touch("cards")
    assert len(cards_of(driver)) == 6
    assert "urgent" in driver.controls()
    driver.touch("cards_close")
    assert driver.controls() == before
    assert [command for command in driver.commands if command != c.Touched()] == []


@pytest.mark.parametrize("screen", ["idle_locked", "ticket", "calling", "held", "goodbye", "starting"])
def test_where_there_is_something_else_to_do_there_are_no_cards(open_screen: OpenScreen, screen: str) -> None:
    driver = open_screen()
    driver.show(STATES[screen])
    assert "cards" not in driver.controls()


def test_a_branch_without_cards_offers_none(open_screen: OpenScreen) -> None:
    driver = open_screen()
    for screen in ("idle", "idle_nobody", "waiting", "waiting_choices", "out_of_service"):
        driver.show(replace(STATES[screen], branch=BranchFacts("Norr", "Burträsk", "0914-1")))
        assert "cards" not in driver.controls(), screen


def test_a_card_is_read_in_large_letters_and_the_list_is_one_touch_away(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["idle"])
    driver.touch("cards")
    driver.touch("card_printer")
    assert body(driver) == PRINTER.bodies[Language.SV]
    assert cards_of(driver) == set()
    driver.touch("cards_list")
    assert "card_printer" in cards_of(driver)


def test_the_language_switches_while_one_reads(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["idle"])
    driver.touch("cards")
    driver.touch("card_printer")
    driver.show(replace(STATES["idle"], language=Language.EN))
    assert body(driver) == PRINTER.bodies[Language.EN]


def test_a_second_page_has_the_rest_of_the_cards(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["idle"])
    driver.touch("cards")
    first = cards_of(driver)
    assert "cards_up" not in driver.controls()  # nothing comes before
    driver.touch("cards_down")
    assert cards_of(driver) == {"card_lost"}
    assert "cards_down" not in driver.controls()
    driver.touch("card_lost")
    driver.touch("cards_list")
    driver.touch("cards_up")
    assert cards_of(driver) == first


def test_a_long_answer_is_turned_by_a_touch_and_ends_at_its_end(open_screen: OpenScreen) -> None:
    driver = open_screen(LANDSCAPE)
    driver.show(STATES["idle"])
    driver.touch("cards")
    driver.touch("card_wifi")
    assert "cards_up" not in driver.controls()
    turns = 0
    while "cards_down" in driver.controls():
        driver.touch("cards_down")
        turns += 1
        assert turns < 10
    assert turns > 0
    for _ in range(turns):
        driver.touch("cards_up")
    assert "cards_up" not in driver.controls()


def test_a_short_answer_has_nothing_to_turn(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["idle"])
    driver.touch("cards")
    driver.touch("card_return")
    assert driver.controls().keys().isdisjoint({"cards_up", "cards_down"})


def test_who_reads_in_the_line_keeps_the_place_and_is_one_touch_from_it(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["waiting_choices"])
    driver.touch("cards")
    driver.touch("card_printer")
    driver.show(replace(STATES["waiting_choices"], place=2))
    assert "Du är nummer 2 i kön och har kvar din plats medan du läser." in driver.words()
    driver.touch("cards_close")
    assert "keep_waiting" in driver.controls()


@pytest.mark.parametrize("screen", ["connecting", "calling", "talking"])
def test_who_reads_is_told_at_once_that_a_librarian_comes(open_screen: OpenScreen, screen: str) -> None:
    driver = open_screen()
    driver.show(STATES["waiting"])
    driver.touch("cards")
    driver.touch("card_printer")
    driver.show(STATES[screen])
    assert "cards_list" not in driver.controls()
    assert PRINTER.bodies[Language.SV] not in driver.words()


def test_a_server_that_goes_and_comes_does_not_take_the_answer_away(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["idle"])
    driver.touch("cards")
    driver.touch("card_printer")
    for screen in ("out_of_service", "idle"):
        driver.show(STATES[screen])
        assert "cards_list" in driver.controls()


def test_urgent_help_lies_above_the_cards(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["idle"])
    driver.touch("cards")
    driver.touch("urgent")
    assert set(driver.controls()) == {"urgent_close"}
    driver.touch("urgent_close")
    assert len(cards_of(driver)) == 6


def test_cards_that_nobody_reads_any_more_are_put_away(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["idle"])
    alone = alone_of(driver)
    driver.touch("cards")
    assert alone.property("interval") == 30_000
    driver.touch("card_printer")
    assert alone.property("interval") == 120_000  # a long answer takes its time
    alone.setProperty("interval", 1)
    driver.wait_for(lambda: "call" in driver.controls())


def test_cards_are_not_put_away_from_somebody_who_waits(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["waiting"])
    driver.touch("cards")
    alone_of(driver).setProperty("interval", 1)
    driver.rest()
    assert "cards_close" in driver.controls()
