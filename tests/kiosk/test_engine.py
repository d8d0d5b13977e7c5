"""The engine on its own thread: commands down, screens up, and an end that leaves nothing behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from kiosk.core import commands as c
from kiosk.core import effects as fx
from kiosk.core import events as e
from kiosk.core.facts import ServerFacts, VisitFacts
from kiosk.core.media import DeviceState, PathState
from kiosk.core.snapshot import Notice, Screen, ScreenState, TextEntry
from kiosk.engine import Engine, Surroundings
from signaling.protocol.vocabulary import Language, Party, VisitState
from tests.support.kiosk_parts import FRAME, Parts, candidates
from tests.support.visitor import FACTS, NOON, VISIT


class Bench:
    """An engine, all that it is made with, and what came up from it."""

    def __init__(self, **surroundings: Any) -> None:
        self.parts = Parts()
        self.until = self.parts.journal.wait_for
        self.screens: list[ScreenState] = []
        self.broke = 0
        self.now_s = 100.0
        self.publish_fails: Exception | None = None
        defaults = {"now_s": lambda: self.now_s, "now": lambda: NOON, "tick_s": 0.01, "device_check_s": 0.01}
        defaults |= {"address_check_s": 0.01, "tidy_after_s": 0.01}
        self.engine = Engine(
            signaling=self.parts.signaling,
            peer_engine=self.parts.peer_engine,
            camera=self.parts.camera,
            sound=self.parts.sound,
            publish=self.publish,
            show_remote=self.parts.show_remote,
            show_colleague=self.parts.show_colleague,
            show_own=self.parts.show_own,
            broke=self.break_,
            network=self.parts.network,
            tidy=lambda: self.parts.journal.write("tidied"),
            surroundings=Surroundings(**{**defaults, **surroundings}),
        )

    def publish(self, state: ScreenState) -> None:
        if self.publish_fails is not None:
            raise self.publish_fails
        self.screens.append(state)
        self.parts.journal.write(f"screen {state.screen.value}")

    def break_(self) -> None:
        self.broke += 1
        self.parts.journal.write("broke")

    @property
    def screen(self) -> ScreenState:
        """What is shown."""
        return self.screens[-1]

    def start(self) -> None:
        self.engine.start()
        self.until(lambda: self.parts.signaling.listener, "signaling runs")

    def hears(self, visit: VisitFacts | None = None, **changes: Any) -> None:
        """Let the server's facts come, on the loop as they do."""
        facts: ServerFacts = replace(FACTS, visit=visit, **changes)
        self.on_loop(lambda: self.engine.happened(e.FactsCame(facts)))

    def on_loop(self, work: Any) -> None:
        assert self.parts.signaling.loop is not None
        self.parts.signaling.loop.call_soon_threadsafe(work)

    def shows(self, screen: Screen) -> None:
        self.until(lambda: self.screens and self.screen.screen is screen, f"the screen {screen.value}")

    def talks(self) -> None:
        """Go through the line into a call."""
        self.start()
        self.hears()
        self.shows(Screen.IDLE)
        self.engine.submit(c.TapCall())
        self.until(lambda: self.parts.signaling.sent, "the tap was sent")
        self.hears(VisitFacts(VISIT, VisitState.CONNECTING, Language.SV, generation=1, librarian_name="Anna"))
        self.until(lambda: self.parts.signaling.offers, "an offer was sent")
        peer = self.parts.peer
        self.on_loop(lambda: self.engine.answer_came(VISIT, 1, "answer"))
        self.on_loop(lambda: self.engine.candidate_came(VISIT, 1, candidates("a")[0]))
        self.until(lambda: peer.candidates, "the answer and a candidate came")
        self.on_loop(lambda: peer.listener.path_changed(PathState.CONNECTED))
        self.until(lambda: fx.SendConnected(VISIT, 1) in self.parts.signaling.sent, "the server was told of the path")
        self.hears(VisitFacts(VISIT, VisitState.TALKING, Language.SV, generation=1, librarian_name="Anna"))
        self.shows(Screen.TALKING)


@pytest.fixture
def bench() -> Iterator[Bench]:
    threads = threading.active_count()
    bench = Bench()
    yield bench
    bench.parts.camera.may_open.set()
    bench.engine.stop()
    assert threading.active_count() == threads


@pytest.fixture
def parts(bench: Bench) -> Parts:
    return bench.parts


# --- a visit ----------------------------------------------------------------------------------------------


def test_the_first_screen_comes_by_itself(bench: Bench) -> None:
    bench.start()
    bench.shows(Screen.STARTING)


def test_a_whole_visit_from_the_tap_to_idle(bench: Bench, parts: Parts) -> None:
    bench.talks()
    assert bench.screen.call.librarian_name == "Anna"
    parts.peer.show(FRAME)
    bench.until(lambda: bench.screen.call.picture_received, "the picture is known")
    bench.engine.submit(c.ShowCamera(wanted=True))
    bench.until(lambda: bench.screen.call.camera_sending, "the visitor's picture is sent")
    parts.camera.takes_a_picture()
    assert (parts.remote_pictures, parts.own_pictures) == (1, 1)
    bench.engine.submit(c.EndCall())
    bench.shows(Screen.GOODBYE)
    bench.until(lambda: parts.peer.closed and not parts.camera.is_open and not parts.sound.is_open, "all is closed")
    bench.hears()
    bench.engine.submit(c.GiveFeedback(3))
    bench.until(lambda: bench.screen.feedback_given == 3, "the face is shown")
    bench.now_s += 20
    bench.shows(Screen.IDLE)
    kinds = [type(effect) for effect in parts.signaling.sent]
    assert kinds == [fx.SendOpen, fx.SendConnected, fx.SendFinish, fx.SendFeedback]


def test_each_tap_has_an_id_that_nobody_can_guess(bench: Bench, parts: Parts) -> None:
    bench.start()
    bench.hears()
    bench.engine.submit(c.TapCall())
    bench.until(lambda: parts.signaling.sent, "the tap was sent")
    (sent,) = parts.signaling.sent
    assert isinstance(sent, fx.SendOpen)
    assert len(sent.request_id) >= 16


def test_a_device_that_is_unplugged_in_a_call_is_seen_by_itself_and_the_call_goes_on(
    bench: Bench, parts: Parts
) -> None:
    bench.talks()
    bench.engine.submit(c.ShowCamera(wanted=True))
    bench.until(lambda: bench.screen.call.camera_sending, "the visitor's picture is sent")
    parts.camera.works = DeviceState.MISSING
    parts.sound.loudspeaker_works = DeviceState.FAILED
    bench.until(
        lambda: (bench.screen.call.camera, bench.screen.call.loudspeaker) == (DeviceState.MISSING, DeviceState.FAILED),
        "the screen says so",
    )
    assert bench.screen.screen is Screen.TALKING
    assert not bench.screen.call.camera_sending
    bench.until(lambda: parts.signaling.reports[-1].camera == "missing", "the librarian was told")


def test_a_dead_path_is_rebuilt_under_the_same_screen(bench: Bench, parts: Parts) -> None:
    bench.talks()
    first = parts.peer
    bench.on_loop(lambda: first.listener.path_changed(PathState.FAILED))
    bench.until(lambda: fx.SendAgain(VISIT, 1) in parts.signaling.sent, "the next generation was asked for")
    bench.now_s += 60
    bench.hears(VisitFacts(VISIT, VisitState.CONNECTING, Language.SV, generation=2, librarian_name="Anna"))
    bench.until(lambda: len(parts.signaling.offers) == 2, "the next offer")
    assert (bench.screen.screen, bench.screen.notice) == (Screen.TALKING, Notice.COMING_BACK)
    assert not first.closed  # it may come back before the next one is up
    second = parts.peer
    bench.on_loop(lambda: second.listener.path_changed(PathState.CONNECTED))
    bench.until(lambda: first.closed, "the dead peer is closed")


def test_an_address_that_is_gone_renews_the_link_and_asks_for_the_next_path(bench: Bench, parts: Parts) -> None:
    bench.talks()
    parts.network.known = frozenset({"192.0.2.7"})
    bench.until(lambda: "renewed" in parts.journal.entries, "the link was renewed")
    bench.until(lambda: fx.SendAgain(VISIT, 1) in parts.signaling.sent, "the next generation was asked for")


def test_another_address_beside_the_old_one_only_hurries_a_link_that_is_lost(bench: Bench, parts: Parts) -> None:
    bench.talks()
    parts.network.known |= {"192.0.2.7"}
    bench.until(lambda: "hurried" in parts.journal.entries, "the link was told")
    assert "renewed" not in parts.journal.entries
    assert fx.SendAgain(VISIT, 1) not in parts.signaling.sent


def test_the_link_is_told_when_somebody_needs_it_and_when_nobody_does(bench: Bench, parts: Parts) -> None:
    bench.talks()
    assert parts.signaling.is_in_visit
    bench.on_loop(lambda: bench.engine.happened(e.LinkLost()))
    bench.until(lambda: bench.screen.notice is Notice.CONNECTION_LOST, "it is lost")
    assert parts.signaling.is_in_visit
    bench.hears()
    bench.until(lambda: not parts.signaling.is_in_visit, "the visit is over")


def test_what_was_made_ready_while_it_rang_is_talked_on_at_once(bench: Bench, parts: Parts) -> None:
    bench.start()
    bench.hears()
    bench.shows(Screen.IDLE)
    bench.engine.submit(c.TapCall())
    bench.until(lambda: parts.signaling.sent, "the tap was sent")
    bench.hears(VisitFacts(VISIT, VisitState.OFFERED, Language.SV, preparing=(3,)))
    bench.until(lambda: parts.signaling.offers, "an offer was sent")
    peer = parts.peer
    bench.on_loop(lambda: peer.listener.path_changed(PathState.CONNECTED))
    bench.hears(VisitFacts(VISIT, VisitState.CONNECTING, Language.SV, generation=3, librarian_name="Anna"))
    bench.until(lambda: fx.SendConnected(VISIT, 3) in parts.signaling.sent, "the server was told of the path")
    assert peer.audio is parts.sound
    assert len(parts.peer_engine.peers) == 1


def test_after_a_visit_things_are_put_in_order_and_not_during_one(bench: Bench, parts: Parts) -> None:
    bench.talks()
    assert "tidied" not in parts.journal.entries
    bench.engine.submit(c.EndCall())
    bench.until(lambda: "tidied" in parts.journal.entries, "tidied")
    assert parts.journal.order("peer 1 closed", "tidied")


def test_commands_are_taken_in_the_order_of_the_fingers(bench: Bench, parts: Parts) -> None:
    bench.talks()
    parts.signaling.sent.clear()
    line = "Har ni boken om fjäll?"
    for length in range(1, len(line) + 1):
        bench.engine.submit(c.TypeText(line[:length]))
    bench.engine.submit(c.CommitText())
    bench.until(lambda: len(parts.signaling.sent) == len(line) + 1, "all was sent")
    texts = [effect.text for effect in parts.signaling.sent if isinstance(effect, fx.SendText)]
    assert texts == [line[:length] for length in range(1, len(line) + 1)] + [line]


def test_only_a_screen_that_differs_is_published(bench: Bench, parts: Parts) -> None:
    bench.start()
    bench.hears()
    bench.shows(Screen.IDLE)
    for _ in range(3):
        bench.hears()
    bench.engine.submit(c.ChooseLanguage(Language.EN))
    bench.until(lambda: bench.screen.language is Language.EN, "the language changed")
    assert len(bench.screens) == len(set(bench.screens)) == 3


def test_time_is_what_the_surroundings_say(bench: Bench) -> None:
    bench.start()
    bench.hears()
    bench.shows(Screen.IDLE)
    bench.on_loop(lambda: bench.engine.happened(e.LinkLost()))
    bench.until(lambda: not bench.engine._session.link_up, "the link is lost")
    assert bench.screen.screen is Screen.IDLE
    bench.now_s += 3600
    bench.shows(Screen.OUT_OF_SERVICE)


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "../../etc/passwd", ""])
def test_a_time_zone_that_nobody_knows_does_not_stop_the_kiosk(bench: Bench, zone: str) -> None:
    bench.start()
    bench.hears(time_zone=zone)
    bench.shows(Screen.IDLE)
    assert bench.screen.now_local == datetime(2026, 11, 21, 11, 0, tzinfo=NOON.tzinfo)


# --- the end ----------------------------------------------------------------------------------------------


def test_stop_in_the_middle_of_a_call_releases_everything_and_hangs_up_last(bench: Bench, parts: Parts) -> None:
    bench.talks()
    bench.engine.submit(c.ShowCamera(wanted=True))
    bench.until(lambda: parts.camera.is_open, "the camera is open")
    bench.engine.stop()
    assert (parts.peer.closed, parts.camera.is_open, parts.sound.is_open) == (True, False, False)
    assert parts.journal.entries[-1] == "signaling closed"
    assert bench.broke == 0


def test_stop_before_start_and_stop_twice_are_fine(bench: Bench) -> None:
    bench.engine.stop()
    bench.start()
    bench.engine.stop()
    bench.engine.stop()
    assert bench.broke == 0


def test_a_command_before_the_start_and_after_the_end_is_nothing(bench: Bench, parts: Parts) -> None:
    bench.engine.submit(c.TapCall())
    bench.start()
    bench.engine.stop()
    bench.engine.submit(c.TapCall())
    assert parts.signaling.sent == []


@pytest.mark.expected_log("engine_did_not_stop", level="ERROR")
def test_an_end_that_takes_too_long_is_logged_and_not_waited_for() -> None:
    bench = Bench(stop_timeout_s=0.05)
    bench.parts.camera.may_open.clear()
    bench.talks()
    bench.engine.submit(c.ShowCamera(wanted=True))
    bench.until(lambda: "camera opens" in bench.parts.journal.entries, "the camera began to open")
    bench.engine.stop()
    bench.parts.camera.may_open.set()
    bench.until(lambda: bench.parts.signaling.closed, "it ended after all")
    bench.engine.stop()


# --- a part that breaks -----------------------------------------------------------------------------------


@pytest.mark.expected_log("engine_broke.*signaling.*RuntimeError.*kiosk_parts.py", level="ERROR")
def test_a_part_that_breaks_ends_the_engine_and_says_so_once(bench: Bench, parts: Parts) -> None:
    bench.talks()
    parts.signaling.ends(RuntimeError("out of order"))
    bench.until(lambda: bench.broke, "the engine said that it broke")
    assert (bench.broke, parts.peer.closed, parts.sound.is_open, parts.signaling.closed) == (1, True, False, True)


@pytest.mark.expected_log("engine_broke.*signaling.*ended", level="ERROR")
def test_a_part_that_just_ends_is_broken_too(bench: Bench, parts: Parts) -> None:
    bench.start()
    parts.signaling.ends()
    bench.until(lambda: bench.broke, "the engine said that it broke")


@pytest.mark.expected_log("engine_broke.*events.*ZeroDivisionError", level="ERROR")
def test_a_rule_or_a_screen_that_raises_stops_the_engine_instead_of_leaving_a_still_picture(bench: Bench) -> None:
    bench.start()
    bench.shows(Screen.STARTING)
    bench.publish_fails = ZeroDivisionError()
    bench.hears()
    bench.until(lambda: bench.broke, "the engine said that it broke")


@pytest.mark.expected_log("engine_broke.*effects.*KeyError", level="ERROR")
def test_what_was_typed_is_not_in_the_log_of_a_fault(
    bench: Bench, parts: Parts, caplog: pytest.LogCaptureFixture
) -> None:
    bench.talks()
    parts.signaling.broken_send = KeyError("Mitt kortnummer är 12")
    bench.engine.submit(c.TypeText("Mitt kortnummer är 12"))
    bench.until(lambda: bench.broke, "the engine said that it broke")
    assert "kortnummer" not in caplog.text


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_end_that_breaks_says_so_too(bench: Bench, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    async def breaks() -> None:
        raise OSError

    bench.start()
    monkeypatch.setattr(parts.signaling, "close", breaks)
    bench.engine.stop()
    assert bench.broke == 1


def test_what_the_librarian_typed_is_shown(bench: Bench) -> None:
    bench.talks()
    entry = TextEntry(Party.STAFF, 1, "Hej!", done=True)
    bench.on_loop(lambda: bench.engine.happened(e.LibrarianTyped(VISIT, entry)))
    shown = replace(entry, name=bench.screen.call.librarian_name)
    bench.until(lambda: bench.screen.call.entries == (shown,), "the line is shown, with who typed it")


def test_the_defaults_are_the_machines_own_clock_and_chance() -> None:
    around = Surroundings()
    assert around.now().tzinfo is not None
    assert around.now_s() <= around.now_s()
    assert around.new_id() != around.new_id()
