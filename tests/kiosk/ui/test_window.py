"""The window itself: what is drawn, how often, and what it says to whoever probes it."""

from __future__ import annotations

import gc
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFontDatabase, QFontInfo, QGuiApplication, QImage
from PySide6.QtQml import QQmlComponent
from PySide6.QtQuick import QSGRendererInterface

from kiosk.adapters.picture_scaler import PictureScaler
from kiosk.core.snapshot import Screen, ScreenState
from kiosk.ui.bridge import Bridge
from kiosk.ui.icons import IconProvider
from kiosk.ui.pictures import Picture
from kiosk.ui.probe import Probe, touch_map
from kiosk.ui.window import open_window
from signaling.protocol.vocabulary import Language
from tests.kiosk.ui.conftest import OpenScreen
from tests.support.drawn_people import frame_of
from tests.support.kiosk_screens import PORTRAIT
from tests.support.logs import ExpectLog
from tests.support.sample_states import NOW, samples

STATES: dict[str, ScreenState] = {sample.name: sample.state for sample in samples(Language.SV)}
QML = Path(open_window.__code__.co_filename).parent / "qml"


def plain(colour: str) -> QImage:
    image = QImage(1280, 720, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


def close_to(found: QColor, wanted: QColor) -> bool:
    differences = (found.red() - wanted.red(), found.green() - wanted.green(), found.blue() - wanted.blue())
    return max(map(abs, differences)) <= 12


def test_the_screen_is_drawn_in_software_with_the_programs_own_type_face(
    app: QGuiApplication, open_screen: OpenScreen
) -> None:
    driver = open_screen()
    api = driver.window.view.rendererInterface().graphicsApi()
    assert api is QSGRendererInterface.GraphicsApi.Software
    assert "Atkinson Hyperlegible" in QFontDatabase.families()
    assert QFontInfo(app.font()).family() == "Atkinson Hyperlegible"


def test_a_new_second_draws_nothing_and_a_new_minute_does(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["idle"])
    driver.rest()
    drawn: list[bool] = []
    driver.window.view.frameSwapped.connect(lambda: drawn.append(True))
    for seconds in range(1, 6):
        driver.show(replace(STATES["idle"], now_local=NOW + timedelta(seconds=seconds)))
        driver.rest()
    assert drawn == []
    driver.show(replace(STATES["idle"], now_local=NOW + timedelta(seconds=60)))
    driver.wait_for(lambda: bool(drawn))
    assert "20.15" in driver.words()


def test_the_librarians_picture_fills_the_place_at_the_lens(open_screen: OpenScreen) -> None:
    driver = open_screen()
    driver.show(STATES["talking"])
    driver.bridge.remote_frame(frame_of(plain("#a03070")))
    driver.wait_for(lambda: close_to(driver.picture().pixelColor(540, 300), QColor("#a03070")))
    picture = driver.picture()
    for x, y in ((2, 2), (1077, 2), (2, 560), (1077, 560)):
        assert close_to(picture.pixelColor(x, y), QColor("#a03070"))


def test_no_picture_is_drawn_before_somebody_is_met_nor_while_held(open_screen: OpenScreen) -> None:
    driver = open_screen()
    for name in ("waiting", "connecting", "held"):
        driver.show(STATES[name])
        driver.bridge.remote_frame(frame_of(plain("#ff00ff")))
        assert not close_to(driver.picture().pixelColor(540, 300), QColor("#ff00ff")), name


def test_screens_that_come_and_go_leave_nothing_behind_and_the_next_has_its_picture(open_screen: OpenScreen) -> None:
    driver = open_screen()

    def pictures() -> int:
        gc.collect()
        return sum(isinstance(one, Picture) for one in gc.get_objects())

    before = pictures()
    for name in ("talking", "held", "talking", "idle", "talking", "idle"):
        driver.show(STATES[name])
        driver.settle()
    assert pictures() == before
    driver.show(STATES["talking"])
    driver.bridge.remote_frame(frame_of(plain("#a03070")))
    driver.wait_for(lambda: close_to(driver.picture().pixelColor(540, 300), QColor("#a03070")))


def test_ones_own_picture_is_a_mirror_and_only_there_while_it_is_sent(open_screen: OpenScreen) -> None:
    halves = plain("#c82828")
    for x in range(640, 1280):
        for y in range(720):
            halves.setPixel(x, y, QColor("#2838c8").rgb())
    driver = open_screen()
    driver.show(STATES["talking_shown"])
    driver.bridge.remote_frame(frame_of(plain("#808080")))
    driver.bridge.own_frame(frame_of(halves))
    left, right = (800, 590), (1000, 590)
    driver.wait_for(lambda: close_to(driver.picture().pixelColor(*left), QColor("#2838c8")))
    assert close_to(driver.picture().pixelColor(*right), QColor("#c82828"))
    driver.show(STATES["talking"])
    assert close_to(driver.picture().pixelColor(*left), QColor("#808080"))


def test_light_and_dark_are_different_paper(open_screen: OpenScreen) -> None:
    for dark, paper in ((False, "#faf7f2"), (True, "#14181d")):
        driver = open_screen(dark=dark)
        driver.show(STATES["idle"])
        assert driver.picture().pixelColor(8, 1910).name() == paper
        driver.window.set_dark(not dark)
        assert driver.picture().pixelColor(8, 1910).name() != paper
        driver.close()


def test_screens_that_cannot_be_loaded_say_why(
    app: QGuiApplication, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, expected_log: ExpectLog
) -> None:
    (tmp_path / "Main.qml").write_text("import QtQuick\nItem { nonsense: 1 }\n", "utf-8")
    (tmp_path / "icons").mkdir()
    monkeypatch.setattr("kiosk.ui.window._QML", tmp_path)
    expected_log("nonsense")
    with pytest.raises(RuntimeError, match="nonsense"):
        open_window(app, Bridge(lambda _: None, PictureScaler()), size=QSize(100, 100))


def test_the_probe_writes_a_line_when_something_else_can_be_touched(open_screen: OpenScreen, tmp_path: Path) -> None:
    driver = open_screen()
    driver.show(STATES["idle"])
    probe = Probe(driver.window.view, driver.bridge, tmp_path / "probe.jsonl")
    driver.show(STATES["waiting"])
    driver.show(replace(STATES["waiting"], place=2))
    driver.show(STATES["talking"])
    end = driver.controls()["end"]
    probe.close()
    driver.show(STATES["goodbye"])
    lines = [json.loads(line) for line in (tmp_path / "probe.jsonl").read_text("utf-8").splitlines()]
    screens = [line["screen"] for line in lines]
    assert [s for s in screens if s != Screen.IDLE] == [Screen.WAITING, Screen.TALKING]
    assert tuple(lines[-1]["controls"]["end"]) == end
    assert "leave_line" in lines[screens.index("waiting")]["controls"]


def test_the_screens_of_a_visit_are_read_before_the_first_tap(open_screen: OpenScreen) -> None:
    driver = open_screen(PORTRAIT)
    driver.show(STATES["idle"])

    def read() -> list[QQmlComponent.Status]:
        return [component.status() for component in driver.window.view.rootObject().property("ahead").toVariant()]

    driver.wait_for(lambda: read() == 4 * [QQmlComponent.Status.Ready], rounds=1500)


def test_the_probe_looks_soon_after_a_hand_however_long_nothing_has_changed(
    open_screen: OpenScreen, tmp_path: Path
) -> None:
    driver = open_screen(PORTRAIT)
    driver.show(STATES["idle"])
    probe = Probe(driver.window.view, driver.bridge, tmp_path / "probe.jsonl")
    for _ in range(8):
        probe.look()
    assert probe.every_ms > 100
    driver.touch("urgent")
    assert probe.every_ms == 100
    driver.wait_for(lambda: "urgent_close" in (tmp_path / "probe.jsonl").read_text("utf-8"))
    probe.close()


def test_hidden_and_covered_controls_are_not_on_the_map(open_screen: OpenScreen) -> None:
    driver = open_screen(PORTRAIT)
    driver.show(STATES["idle"])
    before = touch_map(driver.window.view)
    languages = {"language_sv", "language_nb", "language_en"}
    assert before.keys() - languages == {"call", "urgent", "cards", "lower_controls"}
    driver.touch("urgent")
    assert touch_map(driver.window.view).keys() == {"urgent_close"}


def test_every_icon_that_a_screen_names_is_there_and_takes_its_colour(app: QGuiApplication) -> None:
    icons = IconProvider(QML / "icons")
    for file in sorted((QML / "icons").glob("*.svg")):
        image = icons.requestImage(f"{file.stem}/a4262c", QSize(), QSize(96, 96))
        solid = [
            image.pixelColor(x, y).name() for x in range(96) for y in range(96) if image.pixelColor(x, y).alpha() == 255
        ]
        assert "#a4262c" in solid, file.stem
