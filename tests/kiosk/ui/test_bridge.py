"""Threads meet in one place: nothing waits, the newest wins, and after the visit nothing is left."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication

from kiosk.adapters.picture_scaler import PictureScaler
from kiosk.core.commands import Command, TapCall
from kiosk.core.media import YuvFrame
from kiosk.core.snapshot import Screen, ScreenState
from kiosk.ui.bridge import Bridge
from kiosk.ui.pictures import PictureFeed
from signaling.protocol.vocabulary import Language
from tests.support.sample_states import samples

STATES = {sample.name: sample.state for sample in samples(Language.SV)}
GREY = YuvFrame(16, 16, bytes(16 * 24), 0.0)


def on_another_thread(work: Callable[[], None]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def deliver() -> None:
    QCoreApplication.processEvents()


def has_picture(feed: PictureFeed) -> bool:
    return bool(feed.property("hasPicture"))


def test_a_state_from_another_thread_is_shown_on_the_screens_thread(app: QGuiApplication) -> None:
    bridge = Bridge(lambda _: None, PictureScaler())
    shown_on: list[threading.Thread] = []
    bridge.shown.connect(lambda: shown_on.append(threading.current_thread()))
    on_another_thread(lambda: bridge.publish(STATES["idle"]))
    assert shown_on == []
    deliver()
    assert shown_on == [threading.main_thread()]
    assert bridge.model.state == STATES["idle"]


def test_of_many_states_only_the_newest_is_shown(app: QGuiApplication) -> None:
    bridge = Bridge(lambda _: None, PictureScaler())
    shown: list[Screen] = []
    bridge.shown.connect(lambda: shown.append(bridge.model.state.screen))
    for name in ("idle", "waiting", "talking"):
        on_another_thread(partial(bridge.publish, STATES[name]))
    deliver()
    assert shown == [Screen.TALKING]


def test_a_command_goes_down_at_once(app: QGuiApplication) -> None:
    sent: list[Command] = []
    bridge = Bridge(sent.append, PictureScaler())
    act = bridge.model.property("act")
    act.tapCall()
    assert sent == [TapCall()]


def test_the_newest_picture_wins(app: QGuiApplication) -> None:
    bridge = Bridge(lambda _: None, PictureScaler())
    newer = replace(GREY, captured_s=1.0)
    arrivals: list[bool] = []
    bridge.remote_feed.arrived.connect(lambda: arrivals.append(True))
    for frame in (GREY, newer):
        on_another_thread(partial(bridge.remote_frame, frame))
    deliver()
    assert arrivals == [True]
    assert bridge.remote_feed.newest() is newer
    assert bridge.remote_feed.newest() is None


def test_when_the_visit_is_over_both_pictures_are_forgotten(app: QGuiApplication) -> None:
    bridge = Bridge(lambda _: None, PictureScaler())
    bridge.publish(STATES["talking_shown"])
    bridge.remote_frame(GREY)
    bridge.own_frame(GREY)
    deliver()
    assert has_picture(bridge.remote_feed)
    assert has_picture(bridge.own_feed)
    bridge.publish(STATES["goodbye"])
    deliver()
    assert not has_picture(bridge.remote_feed)
    assert not has_picture(bridge.own_feed)
    assert bridge.remote_feed.newest() is None


def test_when_the_colleague_leaves_that_picture_alone_is_forgotten(app: QGuiApplication) -> None:
    bridge = Bridge(lambda _: None, PictureScaler())
    bridge.publish(STATES["three"])
    bridge.remote_frame(GREY)
    bridge.colleague_frame(GREY)
    deliver()
    assert has_picture(bridge.colleague_feed)
    bridge.publish(STATES["talking"])
    deliver()
    assert not has_picture(bridge.colleague_feed)
    assert has_picture(bridge.remote_feed)


def test_ones_own_picture_is_drawn_half_as_often_as_the_camera_takes_it(app: QGuiApplication) -> None:
    bridge = Bridge(lambda _: None, PictureScaler())
    bridge.publish(STATES["talking_shown"])
    shown = []
    for number in range(6):
        bridge.own_frame(replace(GREY, captured_s=100 + number / 30))
        deliver()
        newest = bridge.own_feed.newest()
        shown.append(newest is not None)
        bridge.own_feed.forget()
    assert shown == [True, False] * 3


def test_when_the_camera_is_hidden_ones_own_picture_is_forgotten(app: QGuiApplication) -> None:
    bridge = Bridge(lambda _: None, PictureScaler())
    bridge.publish(STATES["talking_shown"])
    bridge.own_frame(GREY)
    deliver()
    bridge.publish(STATES["talking"])
    deliver()
    assert not has_picture(bridge.own_feed)


def test_a_picture_that_comes_too_late_is_not_shown(app: QGuiApplication) -> None:
    bridge = Bridge(lambda _: None, PictureScaler())
    bridge.publish(STATES["talking"])
    deliver()
    bridge.remote_frame(GREY)
    bridge.remote_feed.forget()
    deliver()
    assert not has_picture(bridge.remote_feed)


def test_after_closing_nothing_is_taken_any_more(app: QGuiApplication) -> None:
    bridge = Bridge(lambda _: None, PictureScaler())
    bridge.close()
    on_another_thread(lambda: bridge.publish(STATES["idle"]))
    on_another_thread(lambda: bridge.remote_frame(GREY))
    deliver()
    assert bridge.model.state == ScreenState()
    assert not has_picture(bridge.remote_feed)


def test_the_typed_line_is_wiped_when_the_visit_is_over(app: QGuiApplication) -> None:
    bridge = Bridge(lambda _: None, PictureScaler())
    bridge.publish(STATES["talking"])
    deliver()
    typing = bridge.model.property("typing")
    typing.type("hemligt")
    bridge.publish(STATES["goodbye"])
    deliver()
    assert typing.property("line") == ""
