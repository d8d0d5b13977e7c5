"""What shuts somebody out of a page in the browser: axe-core's findings, what is too wide, what is too small to hit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page

_AXE: Final = Path(__file__).parents[2] / "staff_console" / "web" / "node_modules" / "axe-core" / "axe.min.js"
#: WCAG 2.2 AA and axe's own advice.
_RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: From a telephone to a wall.
WIDTHS: Final = (360, 768, 1280, 3840)
#: A finger needs 44 px; half a pixel may go to rounding.
_LEAST_PX: Final = 43.5
#: Of every window: nothing here asks how high it is.
_HEIGHT: Final = 740
_CONTROLS: Final = "button, select, input"


async def violations(page: Page) -> list[str]:
    """What axe-core finds, one line each."""
    # Evaluated, not loaded: the page's own policy lets no foreign script in.
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(_AXE.read_text("utf-8"))
    found: list[dict[str, Any]] = await page.evaluate(
        "runOnly => axe.run(document, { runOnly }).then(result => result.violations)", _RULES
    )
    return [f"{one['id']}: {one['help']} at {json.dumps([node['target'] for node in one['nodes']])}" for one in found]


async def misfits(page: Page, width: int, controls: str) -> list[str]:
    """What is too wide for a window of this width, or too small to hit in it, one line each."""
    await page.set_viewport_size({"width": width, "height": _HEIGHT})
    overflow: int = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    small: list[str] = await page.evaluate(
        """([controls, least]) => [...document.querySelectorAll(controls)]
             .filter(one => !["checkbox", "radio"].includes(one.type))
             .map(one => [one.dataset.testid, one.getBoundingClientRect()])
             .filter(([, box]) => box.width > 0 && Math.min(box.width, box.height) < least)
             .map(([name]) => name)""",
        [controls, _LEAST_PX],
    )
    wide = [f"{overflow} px too wide at {width} px"] if overflow > 0 else []
    return [*wide, *(f"{name} is too small to hit at {width} px" for name in small)]


async def assert_open_to_all(page: Page, controls: str = _CONTROLS) -> None:
    """By light and by dark, small and large. `controls`: a selector of what must be large enough to hit."""
    assert await violations(page) == [], "by light"
    for width in WIDTHS:
        assert await misfits(page, width, controls) == []
    await page.set_viewport_size({"width": WIDTHS[0], "height": _HEIGHT})
    await page.emulate_media(color_scheme="dark")
    assert await violations(page) == [], "by dark, on a small screen"
