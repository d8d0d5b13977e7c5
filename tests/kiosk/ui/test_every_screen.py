"""Walks every screen in every language and shape, and measures what is there (`tests.support.screen_rules`)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QRectF, QSize

from kiosk.core.media import DeviceState
from kiosk.core.snapshot import (
    AnswerCard,
    Availability,
    BranchClosed,
    BranchFacts,
    CallFacts,
    LineFacts,
    Notice,
    Screen,
    ScreenState,
    TextEntry,
    TicketFacts,
    Wait,
)
from kiosk.ui.probe import touchable_items
from signaling.protocol.vocabulary import (
    CardId,
    EstimateReason,
    Language,
    LensSide,
    NotePhrase,
    PathFault,
    PathQuality,
    TextAuthor,
)
from tests.kiosk.ui.conftest import OpenScreen
from tests.support.kiosk_screens import LANDSCAPE, PORTRAIT
from tests.support.sample_states import NOW, samples
from tests.support.screen_rules import check, contains, place, reach
from tests.support.thorough import times

SHAPES = {"portrait": PORTRAIT, "landscape": LANDSCAPE}
#: `./dev test` is content with each language once and each shape.
EVERY_WAY = [(language, shape) for shape in SHAPES for language in Language][:: times(1, quick=2)]


@pytest.mark.parametrize(("language", "shape"), EVERY_WAY)
def test_every_screen_can_be_read_and_touched(open_screen: OpenScreen, language: Language, shape: str) -> None:
    driver = open_screen(SHAPES[shape])
    for sample in samples(language):
        driver.show(ScreenState())  # what the last sample's gestures opened is closed again
        driver.show(sample.state)
        for name in sample.gestures:
            if name in driver.controls():
                driver.touch(name)
        driver.type(sample.typed)
        check(driver, f"{sample.name} {language} {shape}")
        if "urgent_close" in driver.controls():
            driver.touch("urgent_close")


LONGEST_NAME = "Wolfeschlegelsteinhausenbergerdorff-Abrahamsson " * 2
EXTREMES = {
    "names": ScreenState(
        screen=Screen.IDLE,
        branch=BranchFacts(LONGEST_NAME[:80], LONGEST_NAME[:80], "+46 (0)251-55 01 20 ankn. 4711"),
        availability=Availability(12, 12, ("Anna-Katarina", "Maximilian", "Alexandrine", "Bo")),
        now_local=NOW,
        countdown_s=10,
    ),
    "troubles": ScreenState(
        screen=Screen.TALKING,
        notice=Notice.CONNECTION_LOST,
        now_local=NOW,
        call=CallFacts(
            librarian_name="Anna-Katarina",
            camera=DeviceState.MISSING,
            microphone=DeviceState.MISSING,
            loudspeaker=DeviceState.MISSING,
            librarian_camera=False,
            librarian_microphone=False,
            entries=(TextEntry(TextAuthor.STAFF, 1, "x" * 1000, done=True),),
        ),
    ),
    "nameless": ScreenState(screen=Screen.OUT_OF_SERVICE),
}


@pytest.mark.parametrize(("language", "shape"), EVERY_WAY)
def test_even_the_longest_and_the_emptiest_facts_fit(open_screen: OpenScreen, language: Language, shape: str) -> None:
    driver = open_screen(SHAPES[shape])
    for name, state in EXTREMES.items():
        for screen in (state.screen, Screen.WAITING, Screen.CONNECTING, Screen.HELD, Screen.GOODBYE):
            driver.show(replace(state, screen=screen, language=language))
            check(driver, f"{name} {screen} {language} {shape}")
        driver.touch("urgent")
        check(driver, f"{name} urgent {language} {shape}")
        driver.touch("urgent_close")


def crowded() -> dict[str, ScreenState]:
    """Samples whose texts are as long as the wire lets them be, and where everything happens at once."""
    known = {sample.name: sample.state for sample in samples(Language.SV)}
    name, text = LONGEST_NAME[:80], (LONGEST_NAME + "och så vidare ") * 10
    eve = {Language.SV: text[:200]}
    four = tuple(replace(x, names={Language.SV: name}) for x in known["idle_services_4"].services)
    closed = tuple(
        replace(x, availability=replace(x.availability, closed_texts=eve)) for x in known["idle_holiday"].services
    )
    later = Wait(80, 140, EstimateReason.RETURNED_AHEAD)
    note = LineFacts(note=NotePhrase.FEW_MINUTES, note_from=name, wait=later)
    numbers: dict[str, Any] = {"tickets": tuple(range(101, 121)), "missed": known["idle_missed"].missed}
    lost: dict[str, Any] = {"place": 123, "notice": Notice.CONNECTION_LOST}
    calls = replace(known["calling"].call, librarian_name=name)
    return {
        "closed": replace(known["idle_branch_closed"], closed=BranchClosed(NOW, {Language.SV: text[:1000]})),
        "holiday": replace(known["idle_holiday"], services=closed),
        "two services": replace(known["idle_services_2"], services=four[:2]),
        "three services": replace(known["idle_services_3"], services=four[:3]),
        "four services": replace(known["idle_services_4"], services=four),
        "numbers": replace(known["idle"], **numbers),
        "numbers and nobody": replace(known["idle_nobody"], **numbers),
        "language": replace(known["idle_language"], **numbers, notice=Notice.TRY_AGAIN),
        "ticket": replace(known["ticket"], ticket=TicketFacts(1234)),
        "calling": replace(known["calling"], call=calls, ticket=TicketFacts(1234, 50), notice=Notice.CONNECTION_LOST),
        "note": replace(known["waiting"], **lost, line=note),
        "choices": replace(known["waiting"], **lost, line=replace(note, note_from="Anna-Katarina", choices=True)),
        "held": replace(known["held"], call=calls, notice=Notice.CONNECTION_LOST),
        "held, coming back": replace(known["held_coming_back"], call=calls, coming_back_s=118),
        "coming back": replace(known["three_coming_back"], coming_back_s=118),
        "fault": replace(
            known["talking_fault"],
            notice=Notice.CONNECTION_LOST,
            call=replace(
                known["talking_fault"].call,
                librarian_name="Anna-Katarina",
                fault=PathFault.NOTHING_ARRIVES,
                loudspeaker=DeviceState.MISSING,
                librarian_microphone=False,
            ),
        ),
        "button": replace(
            known["talking_button"],
            notice=Notice.CONNECTION_LOST,
            call=replace(known["talking_button"].call, quality=PathQuality.POOR),
        ),
    }


@pytest.mark.parametrize("shape", SHAPES)
def test_even_the_fullest_screens_hold_everything(open_screen: OpenScreen, shape: str) -> None:
    driver = open_screen(SHAPES[shape])
    for name, state in crowded().items():
        driver.show(state)
        check(driver, f"{name} {shape}")
    text = {Language.SV: (LONGEST_NAME + "och så vidare ") * 10}
    cards = tuple(AnswerCard(CardId(f"c{number}"), text, text) for number in range(8))
    idle = samples(Language.SV)[1].state
    driver.show(replace(idle, branch=replace(idle.branch, cards=cards)))
    for touched in ("cards", "card_c0"):
        driver.touch(touched)
        check(driver, f"{touched} {shape}")


@pytest.mark.thorough
@pytest.mark.parametrize("shape", SHAPES)
def test_screens_of_a_branch_without_answer_cards_hold_everything_too(open_screen: OpenScreen, shape: str) -> None:
    driver = open_screen(SHAPES[shape])
    for sample in samples(Language.SV):
        if sample.gestures and sample.gestures != ("lower_controls",):
            continue
        driver.show(ScreenState())
        driver.show(replace(sample.state, branch=replace(sample.state.branch, cards=())))
        for name in sample.gestures:
            if name in driver.controls():
                driver.touch(name)
        check(driver, f"{sample.name} without cards {shape}")


@pytest.mark.parametrize("size", [QSize(2160, 3840), QSize(720, 1280), QSize(1366, 768), QSize(1200, 1920)])
def test_other_sizes_of_screen_hold_everything_too(open_screen: OpenScreen, size: QSize) -> None:
    driver = open_screen(size)
    scale = min(size.width(), size.height()) / 1080
    for sample in samples(Language.NB):
        driver.show(sample.state)
        window = QRectF(0, 0, size.width(), size.height())
        for item in touchable_items(driver.window.view):
            box = place(item)
            assert contains(window, box), f"{sample.name}: {item.objectName()} leaves the window"
            assert min(box.width(), box.height()) >= 95 * scale, f"{sample.name}: {item.objectName()}"


def test_in_portrait_everything_is_touched_in_the_lower_half(open_screen: OpenScreen) -> None:
    driver = open_screen(PORTRAIT)
    for sample in samples(Language.SV):
        driver.show(sample.state)
        assert reach(driver) >= 0.5, sample.name


@pytest.mark.thorough
def test_lowered_everything_is_touched_in_the_lowest_third(open_screen: OpenScreen) -> None:
    driver = open_screen(PORTRAIT)
    driver.show(samples(Language.SV)[1].state)
    driver.touch("lower_controls")
    for sample in samples(Language.SV):
        driver.show(sample.state)
        assert reach(driver) >= 0.66, sample.name
        check(driver, f"{sample.name} lowered")
        if "write" in driver.controls():
            driver.touch("write")
            assert reach(driver) >= 0.66, f"{sample.name} typing"
            check(driver, f"{sample.name} typing, lowered")
            driver.touch("write_close")


def test_in_landscape_everything_is_touched_along_the_lower_edge(open_screen: OpenScreen) -> None:
    driver = open_screen(LANDSCAPE)
    for sample in samples(Language.SV):
        driver.show(sample.state)
        assert reach(driver) >= 0.6, sample.name


@pytest.mark.parametrize("lens", [LensSide.LEFT, LensSide.RIGHT])
def test_in_landscape_the_person_is_at_the_lens(open_screen: OpenScreen, lens: LensSide) -> None:
    driver = open_screen(LANDSCAPE, lens=lens)
    for name in ("talking_shown", "idle"):
        driver.show(next(s.state for s in samples(Language.EN) if s.name == name))
        check(driver, f"{name} lens {lens}")
    pane = driver.find("pane" if "end" in driver.controls() else "scene")
    middle = place(pane).center().x()
    assert (middle > LANDSCAPE.width() / 2) == (lens is LensSide.RIGHT)


def test_the_one_button_is_large_enough_in_every_shape(open_screen: OpenScreen) -> None:
    idle = samples(Language.SV)[1].state
    for size in SHAPES.values():
        driver = open_screen(size)
        driver.show(idle)
        _, _, width, height = driver.controls()["call"]
        assert min(width, height) >= 320
        if "lower_controls" in driver.controls():
            driver.touch("lower_controls")
            assert min(driver.controls()["call"][2:]) >= 320
        driver.close()


@pytest.mark.thorough
def test_urgent_help_is_reachable_from_every_screen(open_screen: OpenScreen) -> None:
    driver = open_screen(PORTRAIT)
    for sample in samples(Language.EN):
        driver.show(sample.state)
        driver.touch("urgent")
        assert set(driver.controls()) == {"urgent_close"}, sample.name
        driver.touch("urgent_close")
        assert "urgent" in driver.controls(), sample.name
        if "write" in driver.controls():
            driver.touch("write")
            assert "urgent" in driver.controls()
            driver.touch("write_close")
