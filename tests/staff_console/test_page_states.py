"""In every state of the console nobody is shut out: axe-core, small screens, large screens, both faces."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.async_api import Browser

from tests.support.console_stage import WEB, ConsoleStage, console_stage
from tests.support.console_states import STATES

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.needs_chromium]

AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
#: WCAG 2.2 AA and axe's own advice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (360, 768, 1280, 3840)
SIDES = ("left", "middle", "right")


async def violations(stage: ConsoleStage, rules: list[str] = RULES) -> list[str]:
    """What axe-core finds, one line each."""
    found: list[dict[str, Any]] = await stage.page.evaluate(
        "runOnly => axe.run(document, { runOnly }).then(result => result.violations)", rules
    )
    return [f"{one['id']}: {one['help']} at {json.dumps([node['target'] for node in one['nodes']])}" for one in found]


@pytest.mark.parametrize("name", STATES)
async def test_a_state_shuts_nobody_out(browser: Browser, name: str) -> None:
    async with console_stage(browser, language="sv") as stage:
        # Evaluated, not loaded: the page's own policy lets no foreign script in.
        await STATES[name](stage)
        await stage.page.evaluate(AXE.read_text("utf-8"))
        assert await violations(stage) == [], "by light"
        await stage.page.emulate_media(color_scheme="dark")
        assert await violations(stage, ["color-contrast"]) == [], "by dark"
        for width in WIDTHS:
            await stage.page.set_viewport_size({"width": width, "height": 740})  # nothing here asks how high it is
            overflow = await stage.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert overflow <= 0, f"{overflow} px too wide at {width} px"
            small = await stage.page.evaluate(
                """[...document.querySelectorAll('button, select, input:not([type=checkbox])')]
                     .map(one => [one.dataset.testid, one.getBoundingClientRect()])
                     .filter(([, box]) => box.width > 0 && Math.min(box.width, box.height) < 43.5)
                     .map(([name]) => name)"""
            )
            assert small == [], f"too small to hit at {width} px"
        await stage.page.set_viewport_size({"width": 360, "height": 740})
        assert await violations(stage) == [], "on a small screen"
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
