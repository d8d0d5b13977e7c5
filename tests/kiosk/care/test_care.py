"""The care of a kiosk: tests, reports, light and the word to its supervisor; and a visitor always comes first."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from kiosk.core import commands as c
from kiosk.core.care import Settings
from kiosk.core.facts import Known, VisitFacts
from kiosk.core.health.truth import SCREEN_FRESH_S
from kiosk.core.kept import Kept
from kiosk.core.snapshot import BranchFacts
from kiosk.core.state import INACTIVITY_S
from signaling.protocol.health import LIGHT_TEST_EVERY_S, HealthArea, HealthCode, HealthNumber, TestKind
from signaling.protocol.vocabulary import Language, LensSide, VisitState
from tests.support.care_parts import CareBench
from tests.support.logs import ExpectLog
from tests.support.visitor import VISIT

SOUND, CAMERA, CALL = HealthArea.SOUND, HealthArea.CAMERA, HealthArea.CALL
WAITING = VisitFacts(VISIT, VisitState.WAITING, Language.SV)


@pytest_asyncio.fixture
async def bench() -> AsyncIterator[CareBench]:
    bench = CareBench()
    yield bench
    await bench.stop()
    assert not any(test.device_open for test in bench.tests.values())


# --- tests and reports ------------------------------------------------------------------------------------


async def test_a_start_tests_everything_in_its_order_and_reports_it(bench: CareBench) -> None:
    bench.tests[SOUND].finds = {HealthCode.SOUND_TOO_QUIET}
    await bench.booted()
    report = bench.reports[-1]
    assert (report.test, report.findings, report.drawn) == (TestKind.BOOT, (HealthCode.SOUND_TOO_QUIET,), True)
    assert report.areas == frozenset(HealthArea) - {HealthArea.REACH}
    assert report.numbers[HealthNumber.SCREEN_DRAWN_MS] == 8.0
    order = [care.health.testing for care in bench.cares if care.health.testing is not None]
    assert list(dict.fromkeys(order)) == list(bench.tests)
    await bench.until(lambda: bench.shown.health.testing is None, "the screen says that the test is over")
    assert bench.shown.health.findings == (HealthCode.SOUND_TOO_QUIET,)


async def test_red_is_said_when_it_is_seen_twice(bench: CareBench) -> None:
    bench.tests[SOUND].finds = {HealthCode.MICROPHONE_DEAF}
    await bench.booted()
    assert bench.tests[SOUND].looks == [TestKind.BOOT] * 2
    assert bench.tests[CAMERA].looks == [TestKind.BOOT]
    assert bench.reports[-1].findings == (HealthCode.MICROPHONE_DEAF,)


async def test_a_test_that_breaks_takes_nothing_from_the_others(bench: CareBench, expected_log: ExpectLog) -> None:
    expected_log("test_broke", level="ERROR")
    bench.tests[CAMERA].broken = RuntimeError("as the test wishes")
    await bench.booted()
    assert bench.reports[-1].areas == frozenset(HealthArea) - {HealthArea.REACH, CAMERA}


async def test_a_light_test_comes_by_itself_and_looks_at_little(bench: CareBench) -> None:
    await bench.booted()
    bench.pass_time(LIGHT_TEST_EVERY_S)
    await bench.tested(TestKind.LIGHT)
    assert bench.tests[SOUND].looks == [TestKind.BOOT]
    assert bench.tests[HealthArea.NETWORK].looks == [TestKind.BOOT, TestKind.LIGHT]


async def test_a_long_visit_is_no_silence(bench: CareBench) -> None:
    await bench.booted()
    bench.hears(visit=WAITING)
    before = len(bench.reports)
    bench.pass_time(LIGHT_TEST_EVERY_S)
    await bench.until(lambda: len(bench.reports) > before, "a report")
    assert bench.reports[-1].areas == frozenset()


async def test_a_server_that_was_away_is_told_again(bench: CareBench) -> None:
    await bench.booted()
    bench.lose()
    await bench.turns()
    before = len(bench.reports)
    bench.hears()
    await bench.until(lambda: len(bench.reports) > before, "a report")


async def test_a_plug_that_is_pulled_is_tested_when_it_has_settled(bench: CareBench) -> None:
    await bench.booted()
    # What is there at first is no change, and what was seen has been thought about once it is looked at again.
    await bench.until(lambda: bench.plugs.looks >= 2, "a look at the plugs")
    bench.plugs.now = frozenset()
    looks = bench.plugs.looks
    await bench.until(lambda: bench.plugs.looks >= looks + 2, "the pulled plug seen")
    bench.pass_time(5)
    await bench.tested(TestKind.DEVICES)
    assert bench.tests[SOUND].looks == [TestKind.BOOT, TestKind.DEVICES]
    assert bench.tests[CALL].looks == [TestKind.BOOT]


# --- people first -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [c.Touched(), c.TapCall()], ids=lambda command: type(command).__name__)
async def test_a_test_is_given_up_the_moment_somebody_touches_and_made_later(
    bench: CareBench, command: c.Command
) -> None:
    sound = bench.tests[SOUND]
    sound.may_end.clear()
    await bench.start()
    bench.pass_time(5)
    await bench.until(lambda: sound.device_open, "the sound is being tested")
    bench.does(command)
    bench.does(c.Touched())  # more of them do not disturb the putting away
    await bench.until(lambda: not sound.device_open, "the devices are free")
    assert bench.reports == []
    sound.may_end.set()
    bench.hears()
    bench.pass_time(INACTIVITY_S + 1)
    bench.pass_time(INACTIVITY_S + 1)
    await bench.tested()


async def test_nothing_begins_while_a_visit_is_on_the_screen(bench: CareBench) -> None:
    await bench.start()
    bench.hears(visit=WAITING)
    bench.pass_time(3600)
    await bench.turns()
    assert all(test.looks == [] for test in bench.tests.values())


# --- the screen -------------------------------------------------------------------------------------------


async def test_the_supervisor_hears_of_life_only_while_the_screen_is_seen(bench: CareBench) -> None:
    bench.draws = False
    await bench.start()
    await bench.until(lambda: bench.machine.busy == [False], "it is known to be idle")
    assert (bench.machine.readies, bench.machine.beats) == (0, 0)
    bench.draws = True
    bench.see()
    await bench.until(lambda: bench.machine.beats > 3, "beats")
    assert bench.machine.readies == 1
    bench.passed_s += SCREEN_FRESH_S  # nobody looks meanwhile
    await bench.until(lambda: HealthCode.SCREEN_NOT_DRAWN in bench.shown.health.findings, "it is noticed")
    beats = bench.machine.beats
    bench.hears(kiosk_name="another turn")
    await bench.until(lambda: bench.shown.kiosk_name == "another turn", "the loop goes on")
    assert bench.machine.beats == beats


async def test_a_screen_that_is_black_is_told_at_once(bench: CareBench) -> None:
    await bench.booted()
    bench.draws = False
    bench.pass_time(1)
    await bench.until(lambda: not bench.reports[-1].drawn, "the report")
    assert bench.reports[-1].findings == (HealthCode.SCREEN_NOT_DRAWN,)


async def test_the_supervisor_is_told_when_somebody_is_there(bench: CareBench) -> None:
    await bench.start()
    await bench.turns()
    bench.hears(visit=WAITING)
    await bench.turns()
    bench.hears(visit=None)
    await bench.turns()
    bench.does(c.Dismiss())
    await bench.until(lambda: bench.machine.busy == [False, True, False], "each change")


async def test_a_closed_branch_is_dark_and_bright_for_whoever_touches(bench: CareBench) -> None:
    await bench.start()
    bench.hears(open_now=False, settings=Settings(brightness_percent=90, closed_brightness_percent=0))
    await bench.until(lambda: bench.machine.light[-1] == 0, "dark")
    assert (bench.shown.brightness_percent, bench.shown.opened) == (0, False)
    await bench.until(lambda: bench.shown.backlight, "the machine does it itself")
    bench.does(c.Touched())
    await bench.until(lambda: bench.machine.light[-1] == 90, "bright")
    bench.pass_time(61)
    await bench.until(lambda: bench.machine.light[-1] == 0, "dark again")


async def test_a_screen_that_the_machine_turned_off_is_no_fault(bench: CareBench) -> None:
    await bench.booted()
    bench.hears(open_now=False, settings=Settings(closed_brightness_percent=0))
    await bench.until(lambda: bench.shown.backlight, "off")
    bench.draws = False
    bench.pass_time(1)
    await bench.turns()
    assert bench.shown.health.findings == ()


async def test_a_machine_without_a_lamp_leaves_the_light_to_the_window(bench: CareBench) -> None:
    bench.machine.has_lamp = False
    await bench.start()
    bench.hears(open_now=False, settings=Settings(closed_brightness_percent=30))
    await bench.until(lambda: bench.machine.light[-1] == 30, "it was tried")
    await bench.turns()
    assert (bench.shown.brightness_percent, bench.shown.backlight) == (30, False)


async def test_an_idle_screen_is_not_drawn_anew_for_numbers_that_nobody_sees(bench: CareBench) -> None:
    await bench.booted()
    await bench.turns()
    before = len(bench.cares)
    bench.care.take(c.ScreenSeen(drawn=True, after_ms=99.0))
    await bench.turns()
    assert len(bench.cares) == before


# --- what is kept and what the server says ----------------------------------------------------------------


async def test_settings_lock_and_name_come_from_the_server(bench: CareBench) -> None:
    await bench.start()
    bench.hears(kiosk_name="Entrén", settings=Settings(lens_side=LensSide.LEFT), lock={Language.SV: "Stängd."})
    assert (bench.shown.kiosk_name, bench.shown.settings.lens_side) == ("Entrén", LensSide.LEFT)
    assert bench.shown.lock == {Language.SV: "Stängd."}


async def test_a_start_without_network_goes_by_what_was_kept(bench: CareBench) -> None:
    settings = Settings(closed_brightness_percent=5, week=())
    kept = Known(BranchFacts(), kiosk_name="Entrén", settings=settings, lock={Language.SV: "Stängd."})
    bench.visitor.state = replace(bench.visitor.state, known=kept)
    await bench.start(linked=False)
    bench.pass_time(0)
    await bench.turns()
    assert (bench.shown.kiosk_name, bench.shown.lock) == ("Entrén", {Language.SV: "Stängd."})
    assert (bench.shown.opened, bench.shown.brightness_percent) == (False, 5)


async def test_the_version_that_is_asked_for_is_written_down_and_a_failed_one_is_told(bench: CareBench) -> None:
    bench.place.failed = "2.0"
    await bench.start()
    bench.hears(settings=Settings(version="2.0"))
    await bench.until(lambda: HealthCode.UPDATE_FAILED in bench.shown.health.findings, "it is known")
    assert bench.place.wanted[-1] == "2.0"
    bench.hears(settings=Settings(version="2.1"))
    await bench.until(lambda: bench.shown.health.findings == (), "another version has not failed")
    assert bench.place.wanted[-1] == "2.1"


async def test_a_touch_is_written_down_and_seldom(bench: CareBench) -> None:
    await bench.start()
    bench.does(c.Touched())
    await bench.until(lambda: bench.kept, "it is kept")
    bench.pass_time(60)
    bench.does(c.Touched())
    await bench.turns()
    assert len({kept.touched_at_s for kept in bench.kept}) == 1
    assert bench.shown.health.touched


async def test_an_end_that_was_wanted_is_kept() -> None:
    bench = CareBench(Kept(boot="b1", ended=False, restarts=(1.0,)))
    await bench.start()
    await bench.stop()
    assert bench.kept[-1] == Kept(boot="b1", ended=True, restarts=(1.0,))


async def test_restarts_and_a_second_engine_are_findings(bench: CareBench) -> None:
    await bench.stop()
    wall_s = 1772618400.0  # the bench's morning
    other = CareBench(Kept(restarts=(wall_s - 3, wall_s - 2, wall_s - 1), touched_at_s=wall_s), second_engine=True)
    await other.start()
    await other.until(lambda: other.shown.health.findings, "they are known")
    assert other.shown.health.findings == (HealthCode.RESTARTED_OFTEN, HealthCode.SECOND_ENGINE)
    await other.stop()


async def test_quiet_hours_are_on_the_screen_s_mind(bench: CareBench) -> None:
    await bench.start()
    quiet = Settings(quiet_from_min=0, quiet_to_min=1440, quiet_volume_max_percent=35)
    bench.hears(settings=replace(quiet))
    assert bench.shown.volume_max_percent == 35
