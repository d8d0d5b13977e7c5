"""Three in a conversation, from a console's side: a path to the colleague beside the kiosk's, whoever offers it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import pytest_asyncio
from playwright.async_api import expect

from signaling.protocol.vocabulary import VisitState
from tests.support import sample_views as views
from tests.support.console_stage import ConsoleStage
from tests.support.other_seat import SEAT, Colleague, colleague_of

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.needs_chromium]

_PATIENCE_S = 30


@pytest_asyncio.fixture(loop_scope="module")
async def bo(stage: ConsoleStage) -> Colleague:
    """A colleague who may join."""
    return await colleague_of(stage)


async def beside(stage: ConsoleStage, phase: str) -> None:
    """Wait until the path to the colleague stands there."""
    await stage.page.locator(f"[data-testid=beside][data-phase={phase}]").wait_for()


async def seen(stage: ConsoleStage) -> None:
    """Wait until a frame of the colleague is shown."""
    async with asyncio.timeout(_PATIENCE_S):
        while not await stage.at("colleague-video").evaluate("video => video.videoWidth"):
            await stage.page.wait_for_timeout(20)


async def flows(received: Callable[[], Awaitable[dict[str, float]]], kind: str) -> None:
    """Wait until bytes of this kind arrive."""
    before = (await received())[kind]
    async with asyncio.timeout(_PATIENCE_S):
        while (await received())[kind] <= before:  # noqa: ASYNC110 - the figures are another page's
            await asyncio.sleep(0.05)


#: What a decoder makes of silence after sound is the last bit of its samples; a voice has millions of times as much.
LAST_BIT_ENERGY = 3e-9


async def rests(received: Callable[[], Awaitable[dict[str, float]]], kind: str) -> None:
    """Wait until it does not grow any more; loudness: by no more than silence has."""
    least = LAST_BIT_ENERGY if kind == "energy" else 0
    async with asyncio.timeout(_PATIENCE_S):
        while True:
            before = (await received())[kind]
            await asyncio.sleep(0.4)
            if (await received())[kind] - before <= least:
                return


@pytest.mark.parametrize("offers", [True, False], ids=["this-seat-offers", "the-colleague-offers"])
async def test_a_colleague_who_joins_is_seen_and_heard_and_the_kiosk_goes_on(
    stage: ConsoleStage, bo: Colleague, offers: bool
) -> None:
    await stage.talk()
    await bo.joins(2, offers=offers)
    await beside(stage, "connected")
    await stage.server.expect("call.connected", generation=2)
    await seen(stage)
    for received in (bo.received, stage.kiosk_received):
        for kind in ("audio", "video"):
            await flows(received, kind)
    await expect(stage.at("call")).to_have_attribute("data-generation", "1")
    await expect(stage.at("beside")).to_contain_text("Bo")
    assert not await stage.at("colleague-video").evaluate("video => video.muted")


async def is_smaller(bo: Colleague, stage: ConsoleStage) -> bool:
    """Whether the colleague gets a picture, and one that is at most half as wide as the kiosk's."""
    theirs, kiosks = (await bo.received())["width"], (await stage.kiosk_received())["width"]
    return 0 < theirs * 2 <= kiosks


async def test_the_colleague_is_sent_a_smaller_picture_than_the_kiosk(stage: ConsoleStage, bo: Colleague) -> None:
    await stage.talk()
    await bo.joins(2, offers=True)
    await beside(stage, "connected")
    async with asyncio.timeout(_PATIENCE_S):
        while not await is_smaller(bo, stage):  # noqa: ASYNC110 - the figures are two other pages'
            await asyncio.sleep(0.05)


async def test_muting_and_hiding_reach_both(stage: ConsoleStage, bo: Colleague) -> None:
    await stage.talk()
    await bo.joins(2, offers=True)
    await beside(stage, "connected")
    await stage.page.keyboard.press("c")
    await stage.server.expect("call.media", camera_sending=False, microphone_sending=True)
    await rests(bo.received, "video")
    await rests(stage.kiosk_received, "video")


async def test_on_hold_nothing_goes_out_on_either_path(stage: ConsoleStage, bo: Colleague) -> None:
    await stage.talk()
    await bo.joins(2, offers=True)
    await beside(stage, "connected")
    await stage.server.show_visit(state=VisitState.HELD, held_since=views.ago(0))
    for received in (bo.received, stage.kiosk_received):
        for kind in ("energy", "video"):
            await rests(received, kind)
        await flows(received, "packets")  # silence goes out all the same
    assert await stage.at("colleague-video").evaluate("video => video.muted")


async def test_a_path_to_the_colleague_that_dies_is_built_anew_and_the_kiosks_is_not_touched(
    stage: ConsoleStage, bo: Colleague
) -> None:
    await stage.talk()
    await bo.joins(2, offers=True)
    await beside(stage, "connected")
    await bo.cut()
    await stage.at("colleague-lost").wait_for()
    await beside(stage, "renewing")
    await stage.server.expect("call.again", generation=2)
    await bo.joins(3, offers=True)
    await beside(stage, "connected")
    await flows(bo.received, "video")
    await expect(stage.at("call")).to_have_attribute("data-generation", "1")
    await expect(stage.at("call")).to_have_attribute("data-phase", "connected")
    assert "call.again" not in stage.server.names()


async def test_the_kiosks_path_that_dies_is_built_anew_and_the_colleagues_is_not_touched(
    stage: ConsoleStage, bo: Colleague
) -> None:
    await stage.talk()
    await bo.joins(2, offers=False)
    await beside(stage, "connected")
    await stage.cut_path()
    await stage.phase("renewing")
    await stage.server.expect("call.again", generation=1)
    await stage.server.show_visit(generation=3)
    await stage.connect(3)
    await stage.phase("connected")
    await expect(stage.at("beside")).to_have_attribute("data-generation", "2")
    await expect(stage.at("beside")).to_have_attribute("data-phase", "connected")
    await flows(bo.received, "audio")


async def test_when_the_colleague_leaves_the_place_is_gone_and_the_kiosk_goes_on(
    stage: ConsoleStage, bo: Colleague
) -> None:
    await stage.talk()
    await bo.joins(2, offers=True)
    await beside(stage, "connected")
    await bo.leaves()
    await stage.at("beside").wait_for(state="detached")
    await rests(bo.received, "audio")
    await flows(stage.kiosk_received, "audio")


async def test_a_page_that_reloads_among_three_asks_for_both_paths_anew(stage: ConsoleStage, bo: Colleague) -> None:
    await stage.talk()
    await bo.joins(2, offers=True)
    await beside(stage, "connected")
    stage.server.received.clear()
    await stage.page.reload()
    await stage.server.expect("call.again", generation=1)
    await stage.server.expect("call.again", generation=2)
    assert "call.offer" not in stage.server.names()


async def test_what_the_colleague_says_of_the_devices_is_not_taken_for_the_kiosks(
    stage: ConsoleStage, bo: Colleague
) -> None:
    await stage.talk()
    await bo.joins(2, offers=True)
    await beside(stage, "connected")
    await bo.says(camera_sending=False, microphone_sending=False)
    await expect(stage.at("colleague-hidden")).to_have_text("Bo’s camera is off")
    await expect(stage.at("beside")).to_contain_text("Bo’s microphone is off")
    assert await stage.at("hidden-cover").count() == 0


async def test_one_who_was_brought_in_can_leave_and_neither_hold_nor_end(stage: ConsoleStage, bo: Colleague) -> None:
    await stage.talk()
    await bo.joins(2, offers=True, guest=True)
    await beside(stage, "connected")
    for absent in ("hold", "finish", "flag"):
        assert await stage.at(absent).count() == 0
    await stage.at("leave").click()
    await stage.server.expect("visit.leave", visit_id=views.VISIT)


async def test_one_whom_the_conversation_is_left_to_keeps_the_path_and_may_hold_and_end(
    stage: ConsoleStage, bo: Colleague
) -> None:
    await stage.talk()
    await bo.joins(2, offers=True, guest=True)
    await beside(stage, "connected")
    await stage.server.show_visit(guest=False, other=None)
    await stage.at("hold").wait_for()
    await stage.at("finish").wait_for()
    await expect(stage.at("call")).to_have_attribute("data-generation", "1")
    await flows(stage.kiosk_received, "video")
    assert "call.again" not in stage.server.names()


async def test_the_one_who_steps_out_is_told_who_goes_on(stage: ConsoleStage, bo: Colleague) -> None:
    await stage.talk()
    await bo.joins(2, offers=True)
    await stage.at("leave").click()
    await expect(stage.at("leave-dialog")).to_contain_text("Bo goes on with the visitor.")


async def test_lines_of_two_seats_are_told_apart(stage: ConsoleStage, bo: Colleague) -> None:
    await stage.talk()
    await bo.joins(2, offers=True)
    await stage.at("text-input").fill("Mine")
    await stage.at("text-send").click()
    line = {"visit_id": views.VISIT, "entry": 1, "text": "Bo's", "done": True, "author": "staff", "sender": SEAT}
    await stage.server.emit("text.draft", line)
    await expect(stage.at("text-colleague")).to_contain_text("Bo's")
    await expect(stage.at("text-staff")).to_contain_text("Mine")
