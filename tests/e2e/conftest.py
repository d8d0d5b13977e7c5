"""One stage for the tests of a file: the real server, kiosk, screen, sound card and Chromium."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.stage.play import Stage, stage


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def on(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """The stage, with the librarian on duty; `engine` of the test's module chooses the media engine."""
    engine = getattr(request.module, "ENGINE", "libwebrtc")
    settings = {"LIBRARIAN_TIMEOUTS__WRAP_UP_S": "1"}
    async with stage(engine=engine, settings=settings, devices=getattr(request.module, "DEVICES", None)) as everything:
        await everything.console.go_on_duty()
        yield everything


@pytest.fixture(autouse=True)
def nobody_complains(request: pytest.FixtureRequest) -> object:
    """After each test: no error or warning in the page, no warning or error in either program's log."""
    yield
    everything: Stage | None = request.node.funcargs.get("on")
    if everything is None:
        return
    complaints, everything.console.complaints = everything.console.complaints, []
    allowed = getattr(request.node.get_closest_marker("complaints"), "args", ())
    for text in (*complaints, *everything.new_log_lines()):
        if not any(pattern in text for pattern in allowed):
            pytest.fail(f"a stray complaint: {text}")
