"""The service menu: its PIN, its devices, and what is done at a touch."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from kiosk.care.heard import NOTE_BLOCKS, level_percent, sample_blocks
from kiosk.core import commands as c
from kiosk.core.care import LOCK_OUT_S, PIN_TRIES, DeviceKind, MenuAction, MenuStage, Settings
from kiosk.core.care_ports import Ending, LogSaved
from kiosk.core.effects import SendChosen
from kiosk.core.facts import VisitFacts
from kiosk.core.kept import Choices
from kiosk.core.media import BLOCK_SAMPLES
from kiosk.core.menu import Tries
from signaling.protocol.health import HealthArea, OrderFault, TestKind
from signaling.protocol.vocabulary import Language, LensSide, VisitState
from tests.support.care_parts import MORNING, PIN, CareBench
from tests.support.visitor import VISIT

WITH_PIN = Settings(pin_hash="a hash", camera_height_cm=120)


@pytest_asyncio.fixture
async def bench() -> AsyncIterator[CareBench]:
    bench = CareBench(device_names=((DeviceKind.CAMERA, "0"),))
    yield bench
    await bench.stop()
    assert not bench.devices.sound.is_open
    assert not bench.devices.camera.is_open


async def opened(bench: CareBench) -> None:
    await bench.booted()
    bench.hears(settings=WITH_PIN)
    bench.does(c.OpenMenu())
    bench.does(c.EnterPin(PIN))
    await bench.until(lambda: bench.shown.menu.stage is MenuStage.OPEN, "the menu is open")
    await bench.until(lambda: bench.shown.menu.loudspeakers.names and bench.shown.menu.facts, "it is filled")


async def said(bench: CareBench, key: str) -> None:
    await bench.until(lambda: bench.shown.menu.message == key, key)


async def tries(bench: CareBench, left: int) -> None:
    await bench.until(lambda: bench.shown.menu.tries_left == left, f"{left} tries")


def camera_is_open(bench: CareBench) -> bool:
    return bench.devices.camera.is_open


# --- the way in -------------------------------------------------------------------------------------------


async def test_without_a_pin_there_is_no_way_in(bench: CareBench) -> None:
    await bench.booted()
    bench.does(c.OpenMenu())
    assert bench.shown.menu.stage is MenuStage.NO_PIN
    bench.does(c.EnterPin(PIN))
    await bench.turns()
    assert bench.shown.menu.stage is MenuStage.NO_PIN


async def test_too_many_wrong_pins_lock_it_for_the_right_one_too(bench: CareBench) -> None:
    await bench.booted()
    bench.hears(settings=WITH_PIN)
    bench.does(c.OpenMenu())
    for number in range(PIN_TRIES):
        await tries(bench, PIN_TRIES - number)
        bench.does(c.EnterPin("000000"))
    await bench.until(lambda: bench.shown.menu.stage is MenuStage.LOCKED_OUT, "it is locked")
    bench.does(c.EnterPin(PIN))
    await bench.turns()
    assert bench.shown.menu.stage is MenuStage.LOCKED_OUT


async def test_every_wrong_pin_is_on_the_disk_before_it_is_told(bench: CareBench) -> None:
    await bench.booted()
    bench.hears(settings=WITH_PIN)
    bench.does(c.OpenMenu())
    for number in range(1, PIN_TRIES):
        bench.does(c.EnterPin("000000"))
        await tries(bench, PIN_TRIES - number)
        assert bench.kept[-1].tries.wrong == number


async def test_a_lock_out_outlives_the_program_and_the_power(bench: CareBench) -> None:
    await bench.booted()
    bench.hears(settings=WITH_PIN)
    bench.does(c.OpenMenu())
    for number in range(PIN_TRIES):
        await tries(bench, PIN_TRIES - number)
        bench.does(c.EnterPin("000000"))
    await bench.until(lambda: bench.shown.menu.stage is MenuStage.LOCKED_OUT, "it is locked")
    again = CareBench(kept=bench.kept[-1])
    again.passed_s = bench.passed_s
    try:
        await again.booted()
        again.hears(settings=WITH_PIN)
        again.does(c.OpenMenu())
        assert again.shown.menu.stage is MenuStage.LOCKED_OUT
        again.does(c.EnterPin(PIN))
        await again.turns()
        assert again.shown.menu.stage is MenuStage.LOCKED_OUT
        again.does(c.CloseMenu())
        again.pass_time(LOCK_OUT_S)
        again.does(c.OpenMenu())
        await again.until(lambda: again.shown.menu.stage is MenuStage.PIN, "it is asked for again")
        await again.until(lambda: again.kept and again.kept[-1].tries == Tries(0, 1, None), "that it is over is kept")
    finally:
        await again.stop()


async def test_the_right_pin_takes_the_tries_off_the_disk(bench: CareBench) -> None:
    await bench.booted()
    bench.hears(settings=WITH_PIN)
    bench.does(c.OpenMenu())
    bench.does(c.EnterPin("000000"))
    await tries(bench, PIN_TRIES - 1)
    bench.does(c.EnterPin(PIN))
    await bench.until(lambda: bench.shown.menu.stage is MenuStage.OPEN, "it opens")
    assert bench.kept[-1].tries == Tries()


async def test_in_a_visit_the_corner_does_nothing(bench: CareBench) -> None:
    await bench.booted()
    bench.hears(settings=WITH_PIN, visit=VisitFacts(VISIT, VisitState.WAITING, Language.SV))
    bench.does(c.OpenMenu())
    assert bench.shown.menu.stage is MenuStage.CLOSED


async def test_a_visit_that_comes_closes_the_menu_and_gets_the_devices(bench: CareBench) -> None:
    await opened(bench)
    bench.does(c.MenuDo(MenuAction.SHOW_CAMERA, "on"))
    assert camera_is_open(bench)
    bench.hears(visit=VisitFacts(VISIT, VisitState.CALLING, Language.SV, ticket=7))
    assert bench.shown.menu.stage is MenuStage.CLOSED
    assert not camera_is_open(bench)
    await bench.until(lambda: not bench.devices.sound.is_open, "the sound is free")


async def test_what_is_done_from_outside_of_the_menu_is_not_done(bench: CareBench) -> None:
    await bench.booted()
    bench.does(c.MenuDo(MenuAction.LEAVE))
    bench.does(c.AskTest())
    bench.pass_time(40)
    await bench.turns()
    assert bench.endings == []
    assert bench.tests[HealthArea.SOUND].looks == [TestKind.BOOT]


# --- devices ----------------------------------------------------------------------------------------------


async def test_the_menu_shows_what_there_is_and_what_is_used(bench: CareBench) -> None:
    await opened(bench)
    menu = bench.shown.menu
    assert (menu.cameras.names, menu.cameras.chosen) == (("camera one", "camera two"), "0")
    assert menu.microphones.chosen == "default"
    assert menu.facts == (("fact_version", "1.0"),)


async def test_the_menu_says_since_when_the_server_is_there_or_away(bench: CareBench) -> None:
    await opened(bench)
    assert (bench.shown.menu.link_up, bench.shown.menu.link_since) == (True, MORNING)
    bench.pass_time(30)
    bench.lose()
    lost_at = MORNING + timedelta(seconds=bench.passed_s)
    assert (bench.shown.menu.link_up, bench.shown.menu.link_since) == (False, lost_at)
    bench.pass_time(5)
    assert bench.shown.menu.link_since == lost_at
    bench.does(c.CloseMenu())
    assert bench.shown.menu.link_since is None


async def test_a_device_that_is_chosen_is_kept_and_opened_by_a_new_start(bench: CareBench) -> None:
    await opened(bench)
    bench.does(c.MenuDo(MenuAction.CAMERA, "camera two"))
    bench.does(c.MenuDo(MenuAction.MICROPHONE, "one that is not there"))
    await said(bench, "menu_said_saved")
    assert bench.shown.menu.cameras.chosen == "camera two"
    assert bench.endings == []
    bench.does(c.CloseMenu())
    assert bench.endings == [Ending.RESTART]
    await bench.until(lambda: bench.kept and bench.kept[-1].choices.devices, "it is kept")
    assert bench.kept[-1].choices.devices == {DeviceKind.CAMERA: "camera two"}


async def test_where_the_camera_sits_is_shown_at_once(bench: CareBench) -> None:
    await opened(bench)
    bench.does(c.MenuDo(MenuAction.LENS_SIDE, "left"))
    bench.does(c.MenuDo(MenuAction.CAMERA_HEIGHT, "151"))
    bench.does(c.MenuDo(MenuAction.LENS_SIDE, "behind"))
    bench.does(c.MenuDo(MenuAction.CAMERA_HEIGHT, "9000"))
    assert (bench.shown.settings.lens_side, bench.shown.settings.camera_height_cm) == (LensSide.LEFT, 151)
    bench.hears(settings=Settings(pin_hash="a hash", camera_height_cm=140))
    assert bench.shown.settings.camera_height_cm == 140  # the forms know better by now
    bench.does(c.CloseMenu())
    assert bench.endings == []


def chosen(bench: CareBench) -> list[SendChosen]:
    return [effect for effect in bench.sent if isinstance(effect, SendChosen)]


async def test_where_the_camera_sits_is_told_to_the_server_until_it_says_so_itself(bench: CareBench) -> None:
    await opened(bench)
    bench.does(c.MenuDo(MenuAction.LENS_SIDE, "left"))
    await bench.turns()
    assert chosen(bench) == [SendChosen(LensSide.LEFT)], "once"
    bench.lose()
    bench.does(c.MenuDo(MenuAction.CAMERA_HEIGHT, "151"))
    await bench.turns()
    assert len(chosen(bench)) == 1, "nobody would hear it"
    bench.hears()
    assert chosen(bench)[1:] == [SendChosen(LensSide.LEFT, 151)]
    taken = replace(WITH_PIN, lens_side=LensSide.LEFT, camera_height_cm=151)
    bench.hears(settings=taken)
    await bench.until(lambda: bench.kept[-1].choices == Choices(), "nothing is left to tell")
    bench.hears(settings=WITH_PIN)  # somebody has written the old word into the form again
    assert (bench.shown.settings.lens_side, bench.shown.settings.camera_height_cm) == (LensSide.TOP, 120)
    assert len(chosen(bench)) == 2


async def test_the_camera_s_picture_is_shown_and_taken_away(bench: CareBench) -> None:
    await opened(bench)
    bench.does(c.MenuDo(MenuAction.SHOW_CAMERA, "on"))
    bench.devices.camera.takes_a_picture()
    assert (bench.devices.own_pictures, bench.shown.menu.camera_open) == (1, True)
    bench.does(c.MenuDo(MenuAction.SHOW_CAMERA, ""))
    assert not bench.devices.camera.is_open
    await bench.until(lambda: bench.devices.sound.is_open, "the sound is there")


async def test_a_sample_is_played_until_it_is_stopped(bench: CareBench) -> None:
    await opened(bench)
    bench.does(c.MenuDo(MenuAction.TRY_SOUND, "on"))
    await bench.until(lambda: bench.devices.sound.played > 3, "sound")
    bench.does(c.MenuDo(MenuAction.TRY_SOUND, ""))
    await bench.turns()
    played = bench.devices.sound.played
    await bench.turns()
    assert bench.devices.sound.played == played


async def test_a_test_from_the_menu_gets_the_devices_and_gives_them_back(bench: CareBench) -> None:
    await opened(bench)
    sound = bench.tests[HealthArea.SOUND]
    sound.may_end.clear()
    bench.does(c.AskTest())
    await bench.until(lambda: sound.device_open, "the test is at it")
    await bench.until(lambda: not bench.devices.sound.is_open, "it has the devices")
    bench.does(c.Touched())  # in the menu a touch gives up nothing
    sound.may_end.set()
    await bench.tested(TestKind.ASKED)
    await bench.until(lambda: bench.devices.sound.is_open, "the level is back")
    assert bench.shown.health.test is TestKind.ASKED


# --- what is done -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("saved", "key"),
    [
        (LogSaved.STICK, "menu_said_log_saved"),
        (LogSaved.MACHINE, "menu_said_log_kept"),
        (LogSaved.NOWHERE, "menu_said_log_failed"),
    ],
)
async def test_where_the_log_was_written_is_said(bench: CareBench, saved: LogSaved, key: str) -> None:
    bench.place.saved = saved
    await opened(bench)
    bench.does(c.MenuDo(MenuAction.EXPORT_LOG))
    await said(bench, key)
    assert bench.place.exports == 1


async def test_a_machine_that_may_not_be_restarted_says_so(bench: CareBench) -> None:
    bench.machine.fault = OrderFault.NOT_ALLOWED
    await opened(bench)
    bench.does(c.MenuDo(MenuAction.RESTART_MACHINE))
    await said(bench, "menu_said_not_allowed")
    bench.machine.fault = None
    bench.does(c.MenuDo(MenuAction.RESTART_MACHINE))
    await said(bench, "menu_said_restarting")


@pytest.mark.parametrize(
    ("action", "ending"), [(MenuAction.RESTART_PROGRAM, Ending.RESTART), (MenuAction.LEAVE, Ending.LEAVE)]
)
async def test_the_program_ends_as_was_asked(bench: CareBench, action: MenuAction, ending: Ending) -> None:
    await opened(bench)
    bench.does(c.MenuDo(action))
    assert bench.endings == [ending]


# --- what is heard ----------------------------------------------------------------------------------------


def block(amplitude: int) -> bytes:
    return b"".join(x.to_bytes(2, "little", signed=True) for x in (amplitude, -amplitude) * (BLOCK_SAMPLES // 2))


@pytest.mark.parametrize(
    ("sound", "percent"), [(b"", 0), (bytes(960), 0), (block(32767), 100), (block(1036), 50), (block(20), 0)]
)
def test_the_level_is_a_share_of_what_a_voice_can_be(sound: bytes, percent: int) -> None:
    assert level_percent(sound) == percent


def test_the_sample_is_soft_swells_and_rests() -> None:
    blocks = sample_blocks()
    levels = [level_percent(next(blocks)) for _ in range(3 * NOTE_BLOCKS)]
    assert max(levels) < 70
    assert levels[0] < levels[NOTE_BLOCKS // 2] > levels[NOTE_BLOCKS - 1]
    assert set(levels[2 * NOTE_BLOCKS :]) == {0}
