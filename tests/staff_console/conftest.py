"""The console's page in a real Chromium, one browser for the tests of a file, one page for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.support.chromium import SLOW_CAMERA, launch_chromium
from tests.support.console_stage import ConsoleStage, console_stage

#: What a page shows may take this long while the rest of the tests use the same two cores.
_PATIENCE_MS = 20_000


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(request: pytest.FixtureRequest) -> AsyncIterator[Browser]:
    """Chromium; a module with `UNLOCKED_SOUND = False` gets one that holds sound back until a click."""
    expect.set_options(timeout=_PATIENCE_MS)
    unlocked = getattr(request.module, "UNLOCKED_SOUND", True)
    async with launch_chromium(unlocked_sound=unlocked, flags=[SLOW_CAMERA]) as chromium:
        yield chromium


@pytest_asyncio.fixture(loop_scope="module")
async def stage(browser: Browser) -> AsyncIterator[ConsoleStage]:
    """A page before which nobody has signed in yet. It must not complain, and must ask nobody but its server."""
    async with console_stage(browser) as fresh:
        asked: list[str] = []
        fresh.page.on("request", lambda request: asked.append(request.url))
        yield fresh
        assert fresh.faults == []
        assert [url for url in asked if not url.startswith(fresh.server.url)] == []
