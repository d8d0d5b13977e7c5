"""Paths that are ready before the answer, that are watched, and that go on until the next is up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from kiosk.call.lookout import ESTIMATE_SETTLES_S
from kiosk.call.path import PathTiming
from kiosk.core.effects import MediaPlan
from kiosk.core.events import PathSeen
from kiosk.core.media import FULL_PICTURE, DeviceState, PathState, PeerStats, PictureLimits
from kiosk.core.path_quality import JUDGED_FROM_S
from kiosk.core.picture_ladder import RUNGS
from signaling.protocol.vocabulary import QUALITY_TOLD_EVERY_S, IceTrouble, PathFault, PathQuality
from tests.kiosk.test_call import NOTHING, PLAN, SHORT, SHOWN, VISIT, Bench
from tests.support.kiosk_parts import BLOCK, FRAME, FakePeer, Parts, media_error

RINGING = MediaPlan(preparing=(1, 2), prepared_visit_id=VISIT)
#: The next path of the same conversation, the one before still there.
NEXT = replace(PLAN, generation=2, older_generation=1)
#: Looks so often that a test need not wait; what time it is the test says.
QUICK = PathTiming(look_every_s=0.001)


class Survivor(Bench):
    """A bench whose paths are looked at all the time; the clock stands until a test moves it."""

    async def looks(self, seconds: float, step_s: float = 0.25, **counters: float) -> None:
        """Let time go by, with everything that is named rising by so much a second on every path."""
        for _ in range(round(seconds / step_s)):
            self.now_s += step_s
            for peer in self.parts.peer_engine.peers:
                risen = {
                    name: type(getattr(peer.counters, name))(getattr(peer.counters, name) + rate * step_s)
                    for name, rate in counters.items()
                }
                peer.counters = replace(peer.counters, **risen)
            await self.looked()

    async def looked(self) -> None:
        """Wait until each path that is up and talked on was looked at with what is so now."""
        # The second look from here on begins after now.
        looked_at = [path.peer for path in self.call._paths.values() if path.up and path.chosen]
        due = [(peer, peer.looks + 2) for peer in self.parts.peer_engine.peers if peer in looked_at]
        await self.until(lambda: all(peer.looks >= looks for peer, looks in due), "each path was looked at")

    async def talks(self, plan: MediaPlan = PLAN) -> FakePeer:
        """A path is up, and talked on."""
        await self.answered(plan)
        peer = self.parts.peer
        peer.listener.path_changed(PathState.CONNECTED)
        return peer

    async def next_path(self, plan: MediaPlan = NEXT) -> FakePeer:
        """The next path was offered."""
        before = len(self.parts.signaling.offers)
        self.now_s += 60
        self.call.follow(plan)
        await self.until(lambda: len(self.parts.signaling.offers) > before, "the next offer")
        return self.parts.peer

    @property
    def seen(self) -> list[PathSeen]:
        """What the session heard of what was seen."""
        return [event for event in self.heard if isinstance(event, PathSeen)]


@pytest_asyncio.fixture
async def bench() -> AsyncIterator[Survivor]:
    bench = Survivor(QUICK)
    yield bench
    bench.parts.peer_engine.may_close.set()
    bench.parts.camera.may_open.set()
    await bench.call.close()
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.fixture
def parts(bench: Survivor) -> Parts:
    return bench.parts


SOUND = {"audio_packets_received": 50, "audio_packets_sent": 50, "packets_received": 50, "packets_sent": 50}


# --- ready before the answer ------------------------------------------------------------------------------


async def test_while_it_rings_each_path_is_offered_and_nothing_is_attached_or_opened(
    bench: Survivor, parts: Parts
) -> None:
    bench.call.follow(RINGING)
    await bench.until(lambda: len(parts.signaling.offers) == 2, "two offers")
    bench.call.answer_came(VISIT, 2, "answer")
    await bench.until(lambda: parts.peer_engine.peers[1].answer, "an answer")
    parts.peer_engine.peers[1].listener.path_changed(PathState.CONNECTED)
    assert [offer[:2] for offer in parts.signaling.offers] == [(VISIT, 1), (VISIT, 2)]
    assert all((peer.audio_calls, peer.video) == (0, None) for peer in parts.peer_engine.peers)
    assert (parts.sound.is_open, parts.camera.is_open, parts.signaling.reports) == (False, False, [])
    assert bench.paths == [(2, PathState.CONNECTED)]


async def test_the_answer_attaches_the_media_to_the_path_that_is_there_and_closes_the_others(
    bench: Survivor, parts: Parts
) -> None:
    bench.call.follow(RINGING)
    await bench.until(lambda: len(parts.signaling.offers) == 2, "two offers")
    one, two = parts.peer_engine.peers
    parts.sound.may_open.clear()  # a slow device
    bench.call.follow(replace(PLAN, generation=2))
    assert two.audio is parts.sound
    assert not parts.sound.is_open
    await bench.until(lambda: one.closed, "the other path closed")
    assert len(parts.peer_engine.peers) == 2
    assert not two.closed
    parts.sound.may_open.set()
    await bench.until(lambda: parts.sound.is_open, "sound is open")


async def test_nobody_is_impatient_with_a_path_before_it_is_chosen() -> None:
    bench = Survivor(SHORT)
    bench.call.follow(RINGING)
    await bench.until(lambda: len(bench.parts.signaling.offers) == 2, "two offers")
    await asyncio.sleep(3 * SHORT.connect_patience_s)  # nothing must come, so there is nothing to wait for
    assert bench.paths == []
    bench.call.follow(PLAN)
    await bench.until(lambda: bench.paths == [(1, PathState.FAILED)], "the path was given up")
    await bench.call.close()


async def test_a_path_that_was_up_when_it_was_chosen_is_not_given_up() -> None:
    bench = Survivor(SHORT)
    bench.call.follow(RINGING)
    await bench.until(lambda: len(bench.parts.signaling.offers) == 2, "two offers")
    bench.parts.peer_engine.peers[0].listener.path_changed(PathState.CONNECTED)
    bench.call.follow(PLAN)
    bench.call.follow(PLAN)
    await asyncio.sleep(3 * SHORT.connect_patience_s)  # nothing must come, so there is nothing to wait for
    assert bench.paths == [(1, PathState.CONNECTED)]
    await bench.call.close()


async def test_a_ring_that_stops_closes_what_was_made_ready_and_tells_no_record(bench: Survivor, parts: Parts) -> None:
    bench.call.follow(RINGING)
    await bench.until(lambda: len(parts.signaling.offers) == 2, "two offers")
    bench.call.follow(NOTHING)
    await bench.until(lambda: all(peer.closed for peer in parts.peer_engine.peers), "both closed")
    assert parts.signaling.qualities == []


@pytest.mark.expected_log("peer_failed")
async def test_a_broken_engine_does_not_spin_while_it_rings() -> None:
    bench = Survivor(replace(SHORT, reopen_pause_s=3600.0))
    bench.parts.peer_engine.broken = media_error()
    bench.call.follow(replace(RINGING, preparing=(1,)))
    await bench.until(lambda: bench.paths == [(1, PathState.FAILED)], "it failed")
    bench.parts.peer_engine.broken = None
    bench.call.follow(replace(RINGING, preparing=(2,)))
    await asyncio.sleep(0.02)
    assert bench.parts.peer_engine.peers == []  # it pauses
    await bench.call.close()


async def test_what_goes_on_on_a_path_that_nobody_chose_is_not_looked_at(bench: Survivor, parts: Parts) -> None:
    bench.call.follow(RINGING)
    await bench.until(lambda: len(parts.signaling.offers) == 2, "two offers")
    parts.peer.listener.path_changed(PathState.CONNECTED)
    await asyncio.sleep(0.01)
    assert [peer.looks for peer in parts.peer_engine.peers] == [0, 0]


# --- watched ----------------------------------------------------------------------------------------------


async def test_a_path_on_which_sound_goes_both_ways_has_no_fault(bench: Survivor) -> None:
    await bench.talks()
    await bench.looks(10, **SOUND)
    assert [seen.fault for seen in bench.seen if seen.fault is not None] == []


async def test_a_path_on_which_nothing_arrives_is_a_fault_in_two_seconds_and_the_server_is_probed(
    bench: Survivor, parts: Parts
) -> None:
    await bench.talks()
    await bench.looks(4, **SOUND)
    before_s = bench.now_s
    await bench.looks(1.75, audio_packets_sent=50)
    assert [seen.fault for seen in bench.seen if seen.fault is not None] == []
    await bench.looks(0.25, audio_packets_sent=50)
    assert bench.now_s - before_s == 2.0
    assert [seen.fault for seen in bench.seen if seen.fault is not None] == [PathFault.NOTHING_ARRIVES]
    await bench.until(lambda: parts.journal.entries.count("probed") == 1, "the server was probed")
    await bench.looks(2, audio_packets_sent=50)
    assert parts.journal.entries.count("probed") == 1
    await bench.looks(0.25, **SOUND)
    assert not bench.seen[-1].fault


async def test_a_picture_is_missed_only_where_one_is_expected(bench: Survivor) -> None:
    await bench.talks()
    await bench.looks(4, **SOUND)
    assert bench.seen[-1].fault is None
    bench.call.follow(replace(PLAN, pictures=(1,)))
    await bench.looks(3.5, **SOUND)
    assert bench.seen[-1].fault is PathFault.NO_PICTURE


async def test_a_path_that_is_not_up_is_not_looked_at(bench: Survivor, parts: Parts) -> None:
    await bench.answered()
    bench.now_s += 30
    await asyncio.sleep(0.02)
    assert (parts.peer.looks, bench.seen) == (0, [])


async def test_what_a_path_is_like_is_told_when_it_is_known_and_when_it_changes(bench: Survivor) -> None:
    await bench.talks()
    await bench.looks(JUDGED_FROM_S, **SOUND)
    assert bench.seen == []
    await bench.looks(5, **SOUND)
    assert bench.seen == [PathSeen(1, None, PathQuality.GOOD)]
    await bench.looks(5, **SOUND, packets_lost=50)
    assert bench.seen[-1].quality is PathQuality.POOR


async def test_a_still_of_the_other_end_is_sound_only(bench: Survivor) -> None:
    await bench.talks(replace(PLAN, stills=(1,)))
    await bench.looks(3, **SOUND)
    assert bench.seen[-1].quality is PathQuality.SOUND_ONLY


# --- sound first ------------------------------------------------------------------------------------------


async def thin(bench: Survivor, kbps: float, seconds: float = ESTIMATE_SETTLES_S + 5) -> None:
    for peer in bench.parts.peer_engine.peers:
        peer.counters = replace(peer.counters, estimate_kbps=kbps)
    await bench.looks(seconds, **SOUND)


async def test_on_a_thin_path_the_picture_gives_way_and_the_other_end_is_told(bench: Survivor, parts: Parts) -> None:
    peer = await bench.talks(SHOWN)
    await bench.until(lambda: parts.camera.is_open, "the camera is open")
    bench.call.look()
    await thin(bench, 60)
    assert peer.limits == RUNGS[-1].limits
    await bench.until(lambda: parts.signaling.reports[-1].picture_paused, "the librarian was told")
    bench.call.follow(PLAN)
    await bench.looks(0.5, **SOUND)
    assert [seen.picture_paused for seen in bench.seen[-2:]] == [True, False]
    await bench.until(lambda: not parts.signaling.reports[-1].picture_paused, "the librarian was told")


async def test_the_first_word_of_an_engine_on_what_a_path_carries_is_not_believed(bench: Survivor) -> None:
    peer = await bench.talks(SHOWN)
    await thin(bench, 60, ESTIMATE_SETTLES_S)
    await thin(bench, 2000, 2)
    assert peer.limits == FULL_PICTURE


async def test_a_colleagues_path_has_a_ladder_of_its_own_below_the_colleagues_width(
    bench: Survivor, parts: Parts
) -> None:
    await bench.talks(SHOWN)
    colleague = await bench.next_path(replace(SHOWN, guest_generation=2))
    colleague.listener.path_changed(PathState.CONNECTED)
    colleague.counters = PeerStats(estimate_kbps=300.0)
    await bench.looks(ESTIMATE_SETTLES_S + 3, **SOUND)
    assert colleague.limits == PictureLimits(width_max=640)
    assert parts.peer_engine.peers[0].limits == FULL_PICTURE
    assert not parts.signaling.reports[-1].picture_paused


# --- the next path beside the one before ------------------------------------------------------------------


async def test_the_path_before_stays_open_and_sends_until_the_plan_lets_it_go(bench: Survivor, parts: Parts) -> None:
    old = await bench.talks(SHOWN)
    new = await bench.next_path(replace(NEXT, camera=True))
    assert (old.closed, old.audio, old.video) == (False, parts.sound, parts.camera)
    assert (new.audio, new.video) == (parts.sound, parts.camera)
    new.listener.path_changed(PathState.CONNECTED)
    bench.call.follow(replace(NEXT, camera=True, older_generation=0))
    await bench.until(lambda: old.closed, "the older path closed")
    assert not new.closed


async def test_hide_mute_and_hold_count_on_every_open_path_at_once(bench: Survivor, parts: Parts) -> None:
    old = await bench.talks(SHOWN)
    new = await bench.next_path(replace(NEXT, camera=True))
    bench.call.follow(NEXT)
    assert [peer.video for peer in (old, new)] == [None, None]
    bench.call.follow(replace(NEXT, microphone=False))
    assert [peer.audio for peer in (old, new)] == [None, None]
    bench.call.follow(MediaPlan(VISIT, 2, older_generation=1, sound=False))
    old.play(BLOCK)
    new.play(BLOCK)
    assert parts.sound.heard == []


async def test_sound_is_heard_once_of_the_older_path_until_the_next_is_up(bench: Survivor, parts: Parts) -> None:
    old = await bench.talks()
    new = await bench.next_path()
    old.play(BLOCK)
    new.play(BLOCK)  # an engine plays silence before it is connected
    assert parts.sound.heard == [1]
    new.listener.path_changed(PathState.CONNECTED)
    old.play(BLOCK)
    new.play(BLOCK)
    assert parts.sound.heard == [1, 2]


async def test_pictures_of_the_older_path_are_shown_until_the_first_of_the_next(bench: Survivor, parts: Parts) -> None:
    old = await bench.talks()
    old.show(FRAME)
    new = await bench.next_path()
    old.show(FRAME)
    assert parts.remote_pictures == 2
    new.show(FRAME)
    old.show(FRAME)
    assert parts.remote_pictures == 3


async def test_the_colleagues_next_path_comes_beside_the_older_one_too(bench: Survivor, parts: Parts) -> None:
    await bench.talks()
    old = await bench.next_path(replace(PLAN, guest_generation=2))
    old.listener.path_changed(PathState.CONNECTED)
    new = await bench.next_path(replace(PLAN, guest_generation=3, older_guest_generation=2))
    old.show(FRAME)
    assert (parts.colleague_pictures, parts.remote_pictures) == (1, 0)
    old.play(BLOCK)
    new.play(BLOCK)
    assert parts.sound.heard == [2]


async def test_an_older_path_that_heals_says_so(bench: Survivor) -> None:
    await bench.talks()
    await bench.looks(2.5, audio_packets_sent=50)
    assert bench.seen[-1] == PathSeen(1, PathFault.NOTHING_ARRIVES, PathQuality.POOR)
    await bench.next_path()
    await bench.looks(0.5, **SOUND)
    assert (bench.seen[-1].generation, bench.seen[-1].fault) == (1, None)


# --- what is told of a path -------------------------------------------------------------------------------


async def test_what_a_path_was_like_is_told_now_and_then_and_at_its_end(bench: Survivor, parts: Parts) -> None:
    await bench.offers()
    parts.peer.listener.trouble_found(IceTrouble.RELAY_REFUSED)
    bench.now_s += 0.5
    parts.peer.listener.path_changed(PathState.CONNECTED)
    await bench.looks(QUALITY_TOLD_EVERY_S, step_s=1, **SOUND, packets_lost=5)
    await bench.until(lambda: parts.signaling.qualities, "a record was told")
    generation, record = parts.signaling.qualities[0]
    assert (generation, record.seconds, record.connect_ms) == (1, QUALITY_TOLD_EVERY_S, 500)
    assert record.loss_in_percent == pytest.approx(100 * 5 / 55)
    assert record.troubles == (IceTrouble.RELAY_REFUSED,)
    await bench.looks(3, step_s=1, audio_packets_sent=50)
    bench.call.follow(NOTHING)
    await bench.until(lambda: len(parts.signaling.qualities) == 2, "the last word was told")
    _, last = parts.signaling.qualities[1]
    assert (last.seconds, last.faults) == (QUALITY_TOLD_EVERY_S + 3, (PathFault.NOTHING_ARRIVES,))


async def test_a_path_that_was_never_up_is_told_too(bench: Survivor, parts: Parts) -> None:
    await bench.offers()
    bench.call.follow(NOTHING)
    await bench.until(lambda: parts.signaling.qualities, "the last word was told")
    _, record = parts.signaling.qualities[0]
    assert (record.seconds, record.connect_ms, record.loss_out_percent) == (0.0, None, None)


async def test_a_server_that_takes_no_last_word_does_not_hold_the_end_up(bench: Survivor, parts: Parts) -> None:
    await bench.talks()
    parts.signaling.may_tell.clear()
    async with asyncio.timeout(5):
        await bench.call.close()
    assert parts.peer.closed
    assert parts.sound.loudspeaker is DeviceState.CLOSED
