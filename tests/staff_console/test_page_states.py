"""In every state of the console nobody is shut out: axe-core, small screens, large screens, both faces."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser

from tests.support.console_stage import console_stage
from tests.support.console_states import STATES
from tests.support.open_to_all import assert_open_to_all
from tests.support.thorough import times

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.needs_chromium]

SIDES = ("left", "middle", "right")


@pytest.mark.parametrize("name", list(STATES)[:: times(1, quick=2)])
async def test_a_state_shuts_nobody_out(browser: Browser, name: str) -> None:
    async with console_stage(browser, language="sv") as stage:
        await STATES[name](stage)
        await assert_open_to_all(stage.page)
        assert stage.faults == []


@pytest.mark.parametrize("name", ["on_duty_line", "talking", "close_out_topic"])
async def test_the_line_the_middle_and_the_help_stand_side_by_side_on_a_laptop(browser: Browser, name: str) -> None:
    async with console_stage(browser, size=(1280, 720)) as stage:
        await STATES[name](stage)
        left, middle, right = [await stage.page.locator(f".column-{side}").bounding_box() for side in SIDES]
        assert left
        assert middle
        assert right
        assert left["x"] + left["width"] <= middle["x"]
        assert middle["x"] + middle["width"] <= right["x"]
        assert left["y"] == middle["y"] == right["y"]
        assert middle["width"] > 1.5 * max(left["width"], right["width"]), "the middle is the largest"
        scrolls = await stage.page.evaluate("document.documentElement.scrollHeight > innerHeight")
        assert not scrolls, "nothing important lies below the edge"


async def test_the_visitor_is_large_and_one_is_small_oneself(browser: Browser) -> None:
    async with console_stage(browser, size=(1280, 720)) as stage:
        await stage.talk()
        visitor = await stage.at("visitor-video").bounding_box()
        own = await stage.at("self-video").bounding_box()
        assert visitor
        assert own
        assert visitor["width"] > 0.45 * 1280
        assert own["width"] < 0.3 * visitor["width"]
        finish = await stage.at("finish").bounding_box()
        leave = await stage.at("leave").bounding_box()
        assert finish
        assert leave
        assert abs(finish["y"] - leave["y"]) > 200, "stepping out is kept apart from finishing"
