"""Many calls in one page, one after the other."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Browser

from signaling.protocol.vocabulary import VisitState
from tests.netlab.lean import console_end
from tests.support import sample_views as views
from tests.support.console_stage import ConsoleStage

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.needs_chromium,
    pytest.mark.thorough,
    pytest.mark.timeout(240),
]

#: More than Chromium lets a page have at a time; it counts those that are closed until it has tidied up.
_CALLS = 600

CALLS = """async calls => {
  const told = { state() {}, candidate() {}, track() {} };
  const settings = { ice: [], relayOnly: false, startKbps: 900, maxKbps: 2500, audioKbps: 48 };
  for (let call = 0; call < calls; call++) {
    consoleEnd.create(settings, told).close();
    await new Promise((done) => setTimeout(done, 2));
  }
  return calls;
}"""


async def test_a_page_that_is_not_reloaded_can_still_be_called_after_hundreds_of_calls(
    browser: Browser, tmp_path: Path
) -> None:
    page = await browser.new_page()
    await page.add_script_tag(path=console_end(tmp_path))
    assert await page.evaluate(CALLS, _CALLS) == _CALLS
    await page.close()


async def _is_called(stage: ConsoleStage, generation: int) -> None:
    """A ring, a call with picture both ways, and its end."""
    await stage.server.show(offer=views.offer(id=f"offer-{generation}"))
    await stage.at("accept").click()
    await stage.server.expect("offer.accept", offer_id=f"offer-{generation}")
    visit = views.visit(kiosk_key=await stage.kiosk_key(), generation=generation)
    await stage.server.show(offer=None, visit=visit)
    await stage.phase("summoned")
    await stage.connect(generation)
    await stage.server.show_visit(state=VisitState.TALKING, talking_since=views.ago(0))
    await stage.picture()
    await stage.server.show(visit=None)
    await stage.at("call").wait_for(state="detached")


async def _elements(stage: ConsoleStage) -> int:
    """How many elements and texts there are in memory, on the screen or not."""
    session = await stage.page.context.new_cdp_session(stage.page)
    await session.send("HeapProfiler.collectGarbage")
    counters = await session.send("Memory.getDOMCounters")
    await session.detach()
    return int(counters["nodes"])


async def test_after_a_call_nothing_of_its_screen_stays_in_memory(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await _is_called(stage, 1)
    before = await _elements(stage)
    for generation in (2, 3, 4):
        await _is_called(stage, generation)
    async with asyncio.timeout(20):  # the last one is let go of a moment later
        while await _elements(stage) > before + 100:
            await stage.page.wait_for_timeout(100)
