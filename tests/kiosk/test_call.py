"""The plan brought about: paths, devices and what the librarian is told of them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest
import pytest_asyncio

from kiosk.call.call import Call
from kiosk.call.path import PathTiming
from kiosk.core.effects import MediaPlan
from kiosk.core.events import DevicesChanged, Event, PathChanged, PictureCame
from kiosk.core.facts import MediaReport
from kiosk.core.media import DeviceState, IceServer, PathState, PeerSettings
from signaling.protocol.vocabulary import DeviceCondition, VisitId
from tests.support.kiosk_parts import BLOCK, FRAME, Parts, candidates, media_error

VISIT = VisitId("v1")
PLAN = MediaPlan(VISIT, 1, microphone=True, sound=True, volume_percent=60)
SHOWN = replace(PLAN, camera=True)
HELD = MediaPlan(VISIT, 1, volume_percent=60)
NOTHING = MediaPlan()
#: So short that a test need not wait for it, so long that nothing else takes as long.
SHORT = PathTiming(connect_patience_s=0.05, disconnected_patience_s=0.05, reopen_pause_s=0.05)


class Bench:
    """A call and all that it is made with."""

    def __init__(self, timing: PathTiming | None = None, clock: Callable[[], float] | None = None) -> None:
        self.parts = Parts()
        self.now_s = 100.0
        self.heard: list[Event] = []
        self.call = Call(
            engine=self.parts.peer_engine,
            camera=self.parts.camera,
            sound=self.parts.sound,
            signaling=self.parts.signaling,
            happened=self.heard.append,
            show_remote=self.parts.show_remote,
            show_colleague=self.parts.show_colleague,
            show_own=self.parts.show_own,
            now_s=clock or (lambda: self.now_s),
            timing=timing or PathTiming(),
        )
        self.until = self.parts.journal.until

    @property
    def paths(self) -> list[tuple[int, PathState]]:
        """What the session heard of paths."""
        return [(e.generation, e.state) for e in self.heard if isinstance(e, PathChanged)]

    @property
    def devices(self) -> DevicesChanged:
        """What the session heard of the devices last."""
        return [e for e in self.heard if isinstance(e, DevicesChanged)][-1]

    async def offers(self, plan: MediaPlan = PLAN) -> None:
        """Follow a plan until its offer has left."""
        self.call.follow(plan)
        await self.until(lambda: self.parts.signaling.offers, "an offer")

    async def answered(self, plan: MediaPlan = PLAN) -> None:
        """Follow a plan until the console has answered and knows of the devices."""
        await self.offers(plan)
        self.call.answer_came(VISIT, plan.generation, "answer")
        await self.until(lambda: self.parts.signaling.reports, "a report of the devices")

    async def said(self, report: MediaReport) -> None:
        """Wait until the librarian was told this last."""
        await self.until(lambda: self.parts.signaling.reports[-1:] == [report], f"{report} was said")


@pytest_asyncio.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench()
    yield bench
    bench.parts.peer_engine.may_close.set()
    bench.parts.camera.may_open.set()
    await bench.call.close()
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert [thread.name for thread in threading.enumerate() if "switch" in thread.name] == []


@pytest.fixture
def parts(bench: Bench) -> Parts:
    return bench.parts


# --- paths ------------------------------------------------------------------------------------------------


async def test_without_a_visit_there_is_neither_peer_nor_device(bench: Bench, parts: Parts) -> None:
    bench.call.follow(MediaPlan(volume_percent=30))
    assert parts.peer_engine.peers == []
    assert parts.journal.entries == []
    assert parts.sound.volume == 30


async def test_a_plan_makes_a_peer_with_fresh_servers_and_sends_its_signed_offer(bench: Bench, parts: Parts) -> None:
    parts.signaling.settings = PeerSettings((IceServer(("turn:desk.example",), "u", "p"),), relay_only=True)
    await bench.offers()
    assert parts.signaling.offers == [(VISIT, 1, "offer 1", "sha-256 01")]
    assert parts.peer.settings is parts.signaling.settings


async def test_media_is_attached_before_the_offer_is_made(bench: Bench, parts: Parts) -> None:
    parts.peer_engine.may_offer.clear()
    bench.call.follow(SHOWN)
    await bench.until(lambda: "peer 1 offers" in parts.journal.entries, "the peer began")
    assert (parts.peer.audio, parts.peer.video) == (parts.sound, parts.camera)
    parts.peer_engine.may_offer.set()


async def test_a_plan_that_changes_no_generation_keeps_the_peer(bench: Bench, parts: Parts) -> None:
    await bench.offers()
    bench.call.follow(SHOWN)
    bench.call.follow(HELD)
    assert len(parts.peer_engine.peers) == 1
    assert not parts.peer.closed


async def test_each_generation_has_a_peer_of_its_own(bench: Bench, parts: Parts) -> None:
    await bench.offers()
    bench.now_s += 60
    bench.call.follow(replace(PLAN, generation=2))
    await bench.until(lambda: len(parts.signaling.offers) == 2, "a second offer")
    assert parts.signaling.offers[1] == (VISIT, 2, "offer 2", "sha-256 02")
    await bench.until(lambda: parts.peer_engine.peers[0].closed, "the first peer closed")
    assert not parts.peer.closed


async def test_the_next_peer_does_not_wait_for_the_end_of_the_last(bench: Bench, parts: Parts) -> None:
    await bench.offers()
    parts.peer_engine.may_close.clear()
    bench.now_s += 60
    bench.call.follow(replace(PLAN, generation=2))
    await bench.until(lambda: len(parts.signaling.offers) == 2, "a second offer")
    assert not parts.peer_engine.peers[0].closed


async def test_a_peer_whose_visit_ended_before_it_offered_is_closed_and_offers_nothing(
    bench: Bench, parts: Parts
) -> None:
    parts.peer_engine.may_offer.clear()
    bench.call.follow(PLAN)
    await bench.until(lambda: "peer 1 offers" in parts.journal.entries, "the peer began")
    bench.call.follow(NOTHING)
    parts.peer_engine.may_offer.set()
    await bench.until(lambda: parts.peer.closed, "the peer closed")
    assert parts.signaling.offers == []
    assert bench.paths == []


async def test_our_candidates_never_leave_before_the_offer(bench: Bench, parts: Parts) -> None:
    parts.signaling.may_send.clear()
    bench.call.follow(PLAN)
    await bench.until(lambda: parts.peer_engine.peers, "a peer")
    for candidate in candidates("ab"):
        parts.peer.listener.candidate_found(candidate)
    await asyncio.sleep(0)
    assert parts.signaling.candidates == []
    parts.signaling.may_send.set()
    await bench.until(lambda: len(parts.signaling.candidates) == 2, "the candidates left")
    parts.peer.listener.candidate_found(candidates("c")[0])
    await bench.until(lambda: len(parts.signaling.candidates) == 3, "the later one left")
    assert parts.journal.order("sent offer 1", "sent candidate a", "sent candidate b", "sent candidate c")


async def test_their_candidates_wait_for_their_answer_and_keep_their_order(bench: Bench, parts: Parts) -> None:
    one, two, three, four = candidates("abcd")
    bench.call.follow(PLAN)
    bench.call.candidate_came(VISIT, 1, one)  # before there is a peer
    await bench.until(lambda: parts.signaling.offers, "an offer")
    bench.call.candidate_came(VISIT, 1, two)  # before the answer
    parts.peer_engine.may_accept.clear()
    bench.call.answer_came(VISIT, 1, "answer")
    await asyncio.sleep(0)
    bench.call.candidate_came(VISIT, 1, three)  # while the answer is being taken
    parts.peer_engine.may_accept.set()
    await bench.until(lambda: len(parts.peer.candidates) == 3, "the kept ones")
    bench.call.candidate_came(VISIT, 1, four)
    await bench.until(lambda: len(parts.peer.candidates) == 4, "the later one")
    assert parts.peer.candidates == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("visit_id", "generation"), [(VISIT, 2), (VISIT, 0), (VisitId("v0"), 1)], ids=["newer", "older", "other-visit"]
)
async def test_what_is_not_for_this_path_is_ignored(
    bench: Bench, parts: Parts, visit_id: VisitId, generation: int
) -> None:
    await bench.offers()
    bench.call.answer_came(visit_id, generation, "stale")
    bench.call.candidate_came(visit_id, generation, candidates("x")[0])
    bench.call.answer_came(VISIT, 1, "answer")
    await bench.until(lambda: parts.peer.answer, "the answer")
    assert (parts.peer.answer, parts.peer.candidates) == ("answer", [])


async def test_only_the_first_answer_counts(bench: Bench, parts: Parts) -> None:
    await bench.answered()
    bench.call.answer_came(VISIT, 1, "another")
    await asyncio.sleep(0.01)
    assert parts.peer.answer == "answer"


async def test_an_answer_before_any_offer_is_ignored(bench: Bench, parts: Parts) -> None:
    bench.call.answer_came(VISIT, 1, "early")
    bench.call.follow(PLAN)
    bench.call.answer_came(VISIT, 1, "early")
    await bench.until(lambda: parts.signaling.offers, "an offer")
    assert parts.peer.answer == ""


async def test_the_session_hears_of_the_path_and_of_the_first_picture(bench: Bench, parts: Parts) -> None:
    await bench.answered()
    for state in (PathState.CONNECTING, PathState.CONNECTED):
        parts.peer.listener.path_changed(state)
    parts.peer.show(FRAME)
    parts.peer.show(FRAME)
    assert bench.paths == [(1, PathState.CONNECTING), (1, PathState.CONNECTED)]
    assert [e for e in bench.heard if isinstance(e, PictureCame)] == [PictureCame(1)]
    assert parts.remote_pictures == 2


async def test_nothing_is_heard_seen_or_played_of_a_path_that_is_over(bench: Bench, parts: Parts) -> None:
    await bench.answered()
    old = parts.peer
    bench.call.follow(NOTHING)
    old.listener.path_changed(PathState.FAILED)
    old.listener.candidate_found(candidates("z")[0])
    old.show(FRAME)
    old.play(BLOCK)
    await bench.until(lambda: old.closed, "the peer closed")
    old.listener.candidate_found(candidates("z")[0])
    await asyncio.sleep(0)
    assert (bench.paths, parts.signaling.candidates, parts.remote_pictures, parts.sound.played) == ([], [], 0, 0)


async def test_two_generations_are_never_heard_at_once(bench: Bench, parts: Parts) -> None:
    await bench.answered()
    old = parts.peer
    bench.now_s += 60
    bench.call.follow(replace(PLAN, generation=2))
    await bench.until(lambda: len(parts.signaling.offers) == 2, "the next offer")
    old.play(BLOCK)
    assert parts.sound.played == 0
    parts.peer.play(BLOCK)
    assert parts.sound.played == 1


# --- paths that fail --------------------------------------------------------------------------------------


@pytest.mark.expected_log("peer_failed")
@pytest.mark.parametrize("where", ["broken", "broken_offer"])
async def test_an_engine_that_makes_no_offer_is_a_dead_path(bench: Bench, parts: Parts, where: str) -> None:
    setattr(parts.peer_engine, where, media_error())
    bench.call.follow(PLAN)
    await bench.until(lambda: bench.paths == [(1, PathState.FAILED)], "the path failed")


@pytest.mark.expected_log("peer_failed")
async def test_an_answer_that_cannot_be_used_is_a_dead_path(bench: Bench, parts: Parts) -> None:
    parts.peer_engine.broken_answer = media_error()
    await bench.offers()
    bench.call.answer_came(VISIT, 1, "nonsense")
    await bench.until(lambda: bench.paths == [(1, PathState.FAILED)], "the path failed")
    assert parts.signaling.reports == []


@pytest.mark.expected_log("path_work_failed.*RuntimeError", level="ERROR")
async def test_whatever_else_goes_wrong_is_a_dead_path_too_and_is_logged_without_its_text(
    bench: Bench, parts: Parts, caplog: pytest.LogCaptureFixture
) -> None:
    parts.peer_engine.broken_offer = RuntimeError("v=0 o=- 192.0.2.1")
    bench.call.follow(PLAN)
    await bench.until(lambda: bench.paths == [(1, PathState.FAILED)], "the path failed")
    assert "192.0.2.1" not in caplog.text


async def test_an_offer_that_the_server_did_not_take_is_a_dead_path(bench: Bench, parts: Parts) -> None:
    parts.signaling.reachable = False
    bench.call.follow(PLAN)
    await bench.until(lambda: bench.paths == [(1, PathState.FAILED)], "the path failed")


@pytest.mark.expected_log("peer_failed")
async def test_a_broken_engine_is_tried_again_after_a_pause_each_time() -> None:
    bench = Bench(replace(SHORT, connect_patience_s=60), asyncio.get_running_loop().time)
    bench.parts.peer_engine.broken = media_error()
    tried = bench.parts.journal.entries
    for generation in (1, 2, 3):
        before_s = asyncio.get_running_loop().time()
        bench.call.follow(replace(PLAN, generation=generation))
        await bench.until(lambda: tried.count("no peer") == generation, "another try")  # noqa: B023 - read at once
        waited_s = asyncio.get_running_loop().time() - before_s
        assert (waited_s >= SHORT.reopen_pause_s) is (generation > 1)
    await bench.call.close()


async def test_a_path_that_has_lasted_is_followed_by_the_next_without_a_pause() -> None:
    bench = Bench(PathTiming(reopen_pause_s=60))
    await bench.offers()
    bench.now_s += 61
    bench.call.follow(replace(PLAN, generation=2))
    await bench.until(lambda: len(bench.parts.signaling.offers) == 2, "the next offer")
    await bench.call.close()


async def test_a_path_that_is_not_up_in_time_is_given_up() -> None:
    bench = Bench(SHORT)
    await bench.answered()
    bench.parts.peer.listener.path_changed(PathState.CONNECTING)
    await bench.until(lambda: (1, PathState.FAILED) in bench.paths, "the path was given up")
    await bench.call.close()


async def test_a_disconnected_path_is_given_up_after_some_patience() -> None:
    bench = Bench(replace(SHORT, connect_patience_s=60))
    await bench.answered()
    listener = bench.parts.peer.listener
    listener.path_changed(PathState.CONNECTED)
    listener.path_changed(PathState.DISCONNECTED)
    await bench.until(lambda: (1, PathState.FAILED) in bench.paths, "the path was given up")
    assert bench.paths == [(1, PathState.CONNECTED), (1, PathState.DISCONNECTED), (1, PathState.FAILED)]
    await bench.call.close()


async def test_a_path_that_comes_back_in_time_is_kept() -> None:
    bench = Bench(SHORT)
    await bench.answered()
    listener = bench.parts.peer.listener
    for state in (PathState.CONNECTED, PathState.DISCONNECTED, PathState.CONNECTED):
        listener.path_changed(state)
    await asyncio.sleep(3 * SHORT.connect_patience_s)  # nothing must come, so there is nothing to wait for
    assert bench.paths[-1] == (1, PathState.CONNECTED)
    await bench.call.close()


# --- devices ----------------------------------------------------------------------------------------------


async def test_sound_is_open_as_long_as_there_is_a_visit(bench: Bench, parts: Parts) -> None:
    await bench.offers()
    await bench.until(lambda: parts.sound.is_open, "sound is open")
    bench.call.follow(HELD)
    assert parts.sound.is_open
    bench.call.follow(NOTHING)
    await bench.until(lambda: not parts.sound.is_open, "sound is closed")


async def test_the_camera_is_open_only_while_the_visitor_wants_it(bench: Bench, parts: Parts) -> None:
    await bench.offers()
    assert "camera opens" not in parts.journal.entries
    bench.call.follow(SHOWN)
    await bench.until(lambda: parts.camera.is_open, "the camera is open")
    assert parts.peer.video is parts.camera


@pytest.mark.parametrize("after", [PLAN, HELD, NOTHING], ids=["hide", "hold", "end"])
async def test_hide_hold_and_end_stop_sending_first_and_then_close_the_camera(
    bench: Bench, parts: Parts, after: MediaPlan
) -> None:
    await bench.offers(SHOWN)
    await bench.until(lambda: parts.camera.is_open, "the camera is open")
    bench.call.follow(after)
    await bench.until(lambda: not parts.camera.is_open, "the camera is closed")
    stopped = "peer 1 closed" if after is NOTHING else "peer 1 video off"
    await bench.until(lambda: stopped in parts.journal.entries, "nothing is sent")
    if after is not NOTHING:
        assert parts.journal.order(stopped, "camera closed")


async def test_a_camera_that_is_slow_to_open_does_not_delay_hiding(bench: Bench, parts: Parts) -> None:
    parts.camera.may_open.clear()
    await bench.offers(SHOWN)
    await bench.until(lambda: "camera opens" in parts.journal.entries, "the camera began to open")
    bench.call.follow(PLAN)
    assert parts.peer.video is None
    parts.camera.may_open.set()
    await bench.until(lambda: "camera closed" in parts.journal.entries, "the camera is closed")
    assert parts.journal.order("camera opens", "camera open", "camera closed")
    assert not parts.camera.is_open


async def test_a_camera_that_is_slow_to_open_delays_neither_sound_nor_path(bench: Bench, parts: Parts) -> None:
    parts.camera.may_open.clear()
    await bench.offers(SHOWN)
    await bench.until(lambda: parts.sound.is_open, "sound is open")
    assert not parts.camera.is_open


@pytest.mark.expected_log("device_switch_failed.*camera.*OSError", level="ERROR")
async def test_a_camera_that_breaks_its_promise_not_to_raise_is_logged_and_the_call_goes_on(
    bench: Bench, parts: Parts
) -> None:
    parts.camera.broken = OSError("of the driver")
    await bench.answered(SHOWN)
    bench.call.follow(PLAN)
    await bench.until(lambda: "camera closed" in parts.journal.entries, "the camera is closed all the same")
    assert bench.paths == []


async def test_the_visitor_sees_themselves_only_while_the_camera_is_wanted(bench: Bench, parts: Parts) -> None:
    await bench.offers(SHOWN)
    parts.camera.takes_a_picture()
    assert parts.own_pictures == 1
    bench.call.follow(PLAN)
    parts.camera.takes_a_picture()
    assert parts.own_pictures == 1


async def test_the_librarian_is_heard_only_while_the_plan_says_so(bench: Bench, parts: Parts) -> None:
    await bench.answered()
    parts.peer.play(BLOCK)
    assert parts.sound.played == 1
    bench.call.follow(HELD)
    parts.peer.play(BLOCK)
    assert parts.sound.played == 1


async def test_mute_takes_the_microphone_off_and_puts_it_back(bench: Bench, parts: Parts) -> None:
    await bench.offers()
    bench.call.follow(replace(PLAN, microphone=False))
    assert parts.peer.audio is None
    bench.call.follow(PLAN)
    assert parts.peer.audio is parts.sound


# --- what is told of the devices --------------------------------------------------------------------------


def report(
    camera: str = "closed",
    microphone: str = "ok",
    loudspeaker: str = "ok",
    *,
    picture: bool = False,
    voice: bool = True,
) -> MediaReport:
    conditions = (DeviceCondition(camera), DeviceCondition(microphone), DeviceCondition(loudspeaker))
    return MediaReport(picture, voice, *conditions)


async def test_the_librarian_is_told_of_the_devices_once_the_console_has_answered(bench: Bench, parts: Parts) -> None:
    await bench.offers()
    await bench.until(lambda: parts.sound.is_open, "sound is open")
    bench.call.look()
    assert parts.signaling.reports == []
    bench.call.answer_came(VISIT, 1, "answer")
    await bench.said(report())


async def test_only_what_changed_is_told(bench: Bench, parts: Parts) -> None:
    await bench.answered()
    await bench.until(lambda: parts.sound.is_open, "sound is open")
    bench.call.look()
    await bench.said(report())
    told = len(parts.signaling.reports)
    bench.call.look()
    await asyncio.sleep(0.01)
    assert len(parts.signaling.reports) == told


@pytest.mark.parametrize(
    ("camera", "microphone", "loudspeaker"),
    [
        (DeviceState.MISSING, DeviceState.OK, DeviceState.OK),
        (DeviceState.FAILED, DeviceState.MISSING, DeviceState.MISSING),
        (DeviceState.OK, DeviceState.FAILED, DeviceState.FAILED),
    ],
)
async def test_missing_devices_end_nothing_and_both_sides_are_told(
    bench: Bench, parts: Parts, camera: DeviceState, microphone: DeviceState, loudspeaker: DeviceState
) -> None:
    parts.camera.works = camera
    parts.sound.microphone_works = microphone
    parts.sound.loudspeaker_works = loudspeaker
    await bench.answered(SHOWN)
    await bench.until(lambda: parts.sound.is_open and parts.camera.is_open, "devices are open")
    bench.call.look()
    picture, voice = camera is DeviceState.OK, microphone is DeviceState.OK
    await bench.said(report(camera.value, microphone.value, loudspeaker.value, picture=picture, voice=voice))
    assert bench.devices == DevicesChanged(camera, microphone, loudspeaker, picture, voice)
    assert not parts.peer.closed
    assert bench.paths == []


async def test_a_camera_that_is_unplugged_in_the_call_is_told_and_comes_back(bench: Bench, parts: Parts) -> None:
    await bench.answered(SHOWN)
    await bench.until(lambda: parts.sound.is_open and parts.camera.is_open, "devices are open")
    bench.call.look()
    await bench.said(report("ok", picture=True))
    parts.camera.works = DeviceState.MISSING
    bench.call.look()
    await bench.said(report("missing"))
    parts.camera.works = DeviceState.OK
    bench.call.look()
    await bench.said(report("ok", picture=True))


async def test_a_muted_microphone_is_whole_and_sends_nothing(bench: Bench, parts: Parts) -> None:
    await bench.answered(replace(PLAN, microphone=False))
    await bench.until(lambda: parts.sound.is_open, "sound is open")
    bench.call.look()
    await bench.said(report(voice=False))


async def test_what_the_server_did_not_take_is_told_again(bench: Bench, parts: Parts) -> None:
    await bench.answered()
    await bench.until(lambda: parts.sound.is_open, "sound is open")
    parts.signaling.reachable = False
    bench.call.follow(replace(PLAN, microphone=False))
    await asyncio.sleep(0.01)
    parts.signaling.reachable = True
    bench.call.look()
    await bench.said(report(voice=False))


async def test_while_one_report_is_on_its_way_the_newest_waits_and_comes_last(bench: Bench, parts: Parts) -> None:
    await bench.answered()
    await bench.until(lambda: parts.sound.is_open, "sound is open")
    bench.call.look()
    await bench.said(report())
    parts.signaling.reports.clear()
    parts.signaling.may_send.clear()
    bench.call.follow(replace(PLAN, microphone=False))
    await asyncio.sleep(0)
    bench.call.follow(PLAN)
    bench.call.follow(HELD)
    await asyncio.sleep(0)
    bench.call.follow(PLAN)
    parts.signaling.may_send.set()
    await bench.said(report())
    await asyncio.sleep(0.01)
    assert parts.signaling.reports == [report(voice=False), report()]


async def test_each_generation_is_told_anew(bench: Bench, parts: Parts) -> None:
    await bench.answered()
    await bench.until(lambda: parts.sound.is_open, "sound is open")
    bench.call.look()
    await bench.said(report())
    parts.signaling.reports.clear()
    bench.now_s += 60
    bench.call.follow(replace(PLAN, generation=2))
    await bench.until(lambda: len(parts.signaling.offers) == 2, "the next offer")
    assert parts.signaling.reports == []
    bench.call.answer_came(VISIT, 2, "answer")
    await bench.said(report())


# --- the end ----------------------------------------------------------------------------------------------


async def test_the_end_closes_everything_and_forgets_the_visit(bench: Bench, parts: Parts) -> None:
    await bench.answered(SHOWN)
    await bench.until(lambda: parts.sound.is_open and parts.camera.is_open, "devices are open")
    bench.call.follow(NOTHING)
    await bench.until(
        lambda: parts.peer.closed and not parts.sound.is_open and not parts.camera.is_open, "all is closed"
    )
    assert bench.devices == DevicesChanged()
    assert (bench.call._paths, bench.call._said, bench.call._plan) == ({}, None, NOTHING)


async def test_closing_in_the_middle_of_a_call_waits_until_peer_and_devices_are_released() -> None:
    bench = Bench()
    await bench.answered(SHOWN)
    await bench.until(lambda: bench.parts.sound.is_open and bench.parts.camera.is_open, "devices are open")
    bench.parts.signaling.may_send.clear()
    bench.call.follow(replace(SHOWN, microphone=False))
    await asyncio.sleep(0)  # a report of it hangs
    async with asyncio.timeout(5):
        await bench.call.close()
    assert bench.parts.peer.closed
    assert not bench.parts.camera.is_open
    assert not bench.parts.sound.is_open


async def test_closing_while_the_camera_is_still_opening_leaves_it_closed() -> None:
    bench = Bench()
    bench.parts.camera.may_open.clear()
    await bench.offers(SHOWN)
    await bench.until(lambda: "camera opens" in bench.parts.journal.entries, "the camera began to open")
    closing = asyncio.create_task(bench.call.close())
    await asyncio.sleep(0.01)
    assert not closing.done()
    bench.parts.camera.may_open.set()
    await closing
    assert bench.parts.journal.order("camera open", "camera closed")
    assert not bench.parts.camera.is_open


async def test_closing_a_call_that_never_was_is_fine() -> None:
    await Bench().call.close()
