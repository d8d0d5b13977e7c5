"""A second path beside the first: each has a life of its own, and one visitor goes out on both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from kiosk.call.call import COLLEAGUE_WIDTH
from kiosk.core.effects import MediaPlan
from kiosk.core.media import DeviceState, PathState
from signaling.protocol.vocabulary import VisitId
from tests.kiosk.test_call import SHORT, VISIT, Bench
from tests.support.kiosk_parts import BLOCK, FRAME, FakePeer, Parts, candidates

ALONE = MediaPlan(VISIT, 1, microphone=True, sound=True)
THREE = replace(ALONE, guest_generation=2)


class Three(Bench):
    """A conversation of three: generation 1 is the librarian's, 2 the colleague's."""

    async def joined(self, plan: MediaPlan = THREE) -> None:
        """Both have answered."""
        await self.answered(ALONE)
        self.call.follow(plan)
        await self.until(lambda: len(self.parts.signaling.offers) == 2, "an offer to the colleague")
        self.call.answer_came(VISIT, 2, "the colleague's")
        await self.until(lambda: self.colleague.answer, "the colleague's answer")

    @property
    def librarian(self) -> FakePeer:
        return self.parts.peer_engine.peers[0]

    @property
    def colleague(self) -> FakePeer:
        return self.parts.peer_engine.peers[1]


@pytest_asyncio.fixture
async def bench() -> AsyncIterator[Three]:
    bench = Three()
    yield bench
    bench.parts.camera.may_open.set()
    await bench.call.close()


@pytest.fixture
def parts(bench: Three) -> Parts:
    return bench.parts


async def test_a_colleague_gets_a_path_of_their_own_and_the_librarians_is_not_touched(
    bench: Three, parts: Parts
) -> None:
    await bench.joined()
    assert [offer[1] for offer in parts.signaling.offers] == [1, 2]
    assert not bench.librarian.closed
    assert (bench.librarian.answer, bench.colleague.answer) == ("answer", "the colleague's")


async def test_both_are_offered_at_once_where_the_colleague_was_there_first(bench: Three, parts: Parts) -> None:
    bench.call.follow(THREE)
    await bench.until(lambda: len(parts.signaling.offers) == 2, "two offers")
    assert {offer[1] for offer in parts.signaling.offers} == {1, 2}


async def test_the_same_camera_and_microphone_go_out_on_both_and_the_colleagues_picture_is_smaller(
    bench: Three, parts: Parts
) -> None:
    await bench.joined()
    assert (bench.librarian.video, bench.colleague.video) == (None, None)
    bench.call.follow(replace(THREE, camera=True))
    for peer in (bench.librarian, bench.colleague):
        assert (peer.audio, peer.video) == (parts.sound, parts.camera)
    assert (bench.librarian.limits.width_max, bench.colleague.limits.width_max) == (None, COLLEAGUE_WIDTH)


async def test_on_hold_nothing_leaves_on_either_path(bench: Three) -> None:
    await bench.joined(replace(THREE, camera=True))
    bench.call.follow(MediaPlan(VISIT, 1, guest_generation=2))
    for peer in (bench.librarian, bench.colleague):
        assert (peer.audio, peer.video) == (None, None)


async def test_both_are_heard_each_as_a_source_of_their_own_and_neither_while_held(bench: Three, parts: Parts) -> None:
    await bench.joined()
    bench.librarian.play(BLOCK)
    bench.colleague.play(BLOCK)
    assert parts.sound.heard == [1, 2]
    bench.call.follow(MediaPlan(VISIT, 1, guest_generation=2))
    bench.colleague.play(BLOCK)
    assert parts.sound.heard == [1, 2]


async def test_each_picture_goes_to_its_own_place(bench: Three, parts: Parts) -> None:
    await bench.joined()
    bench.librarian.show(FRAME)
    bench.colleague.show(FRAME)
    bench.colleague.show(FRAME)
    assert (parts.remote_pictures, parts.colleague_pictures) == (1, 2)


async def test_answers_and_candidates_find_the_path_of_their_generation(bench: Three) -> None:
    await bench.joined()
    bench.call.candidate_came(VISIT, 2, candidates("x")[0])
    bench.call.candidate_came(VISIT, 1, candidates("y")[0])
    bench.call.candidate_came(VisitId("v0"), 1, candidates("z")[0])
    await bench.until(lambda: bench.colleague.candidates and bench.librarian.candidates, "the candidates")
    assert (bench.librarian.candidates, bench.colleague.candidates) == (["y"], ["x"])


async def test_the_colleague_leaving_closes_that_path_alone(bench: Three, parts: Parts) -> None:
    await bench.joined()
    bench.call.follow(ALONE)
    await bench.until(lambda: bench.colleague.closed, "the colleague's path closed")
    assert not bench.librarian.closed
    bench.colleague.play(BLOCK)
    bench.colleague.show(FRAME)
    assert (parts.sound.heard, parts.colleague_pictures, parts.remote_pictures) == ([], 0, 0)


async def test_left_to_the_colleague_the_visitor_keeps_that_path_and_meets_the_colleague_at_full_size(
    bench: Three, parts: Parts
) -> None:
    await bench.joined(replace(THREE, camera=True))
    bench.call.follow(replace(ALONE, generation=2, camera=True))
    await bench.until(lambda: bench.librarian.closed, "the librarian's path closed")
    assert len(parts.peer_engine.peers) == 2
    assert not bench.colleague.closed
    bench.colleague.show(FRAME)
    assert (parts.remote_pictures, parts.colleague_pictures) == (1, 0)
    assert (bench.colleague.video, bench.colleague.limits.width_max) == (parts.camera, None)


async def test_a_path_that_died_is_rebuilt_and_the_other_goes_on(bench: Three, parts: Parts) -> None:
    await bench.joined()
    bench.colleague.listener.path_changed(PathState.FAILED)
    assert bench.paths[-1:] == [(2, PathState.FAILED)]
    bench.now_s += 60
    bench.call.follow(replace(THREE, guest_generation=3))
    await bench.until(lambda: len(parts.signaling.offers) == 3, "a new offer to the colleague")
    assert parts.signaling.offers[2][1] == 3
    await bench.until(lambda: bench.colleague.closed, "the dead one closed")
    assert not bench.librarian.closed


async def test_the_librarians_path_that_died_takes_nothing_from_the_colleagues(bench: Three, parts: Parts) -> None:
    await bench.joined()
    bench.now_s += 60
    bench.call.follow(replace(THREE, generation=3))
    await bench.until(lambda: bench.librarian.closed and len(parts.signaling.offers) == 3, "the librarian's next path")
    assert not bench.colleague.closed
    bench.colleague.show(FRAME)
    assert parts.colleague_pictures == 1


async def test_only_a_forerunner_of_the_same_end_makes_a_new_path_wait(bench: Three, parts: Parts) -> None:
    bench = Three(replace(SHORT, connect_patience_s=10.0, reopen_pause_s=3600.0))
    await bench.joined()
    bench.call.follow(replace(THREE, guest_generation=3))  # the colleague's path died young: a pause
    bench.call.follow(replace(THREE, guest_generation=0))
    bench.call.follow(replace(THREE, guest_generation=4))  # another colleague: nobody's forerunner
    await bench.until(lambda: len(bench.parts.signaling.offers) == 3, "an offer to the other colleague")
    assert bench.parts.signaling.offers[-1][1] == 4
    await bench.call.close()


async def test_a_colleague_who_has_answered_is_told_of_the_devices_too(bench: Three, parts: Parts) -> None:
    await bench.answered(ALONE)
    before = len(parts.signaling.reports)
    bench.call.follow(THREE)
    await bench.until(lambda: len(parts.signaling.offers) == 2, "an offer to the colleague")
    bench.call.answer_came(VISIT, 2, "the colleague's")
    await bench.until(lambda: len(parts.signaling.reports) > before, "the devices said anew")


async def test_the_end_closes_both_paths_and_the_devices(bench: Three, parts: Parts) -> None:
    await bench.joined(replace(THREE, camera=True))
    await bench.until(lambda: parts.camera.is_open, "the camera")
    bench.call.follow(MediaPlan())
    await bench.until(
        lambda: bench.librarian.closed and bench.colleague.closed and not parts.camera.is_open, "everything closed"
    )
    await bench.until(lambda: bench.devices.camera is DeviceState.CLOSED, "the session heard of it")
    await asyncio.sleep(0)
