"""A kiosk whose devices are missing: what is left goes on, and both screens say so."""

from __future__ import annotations

import pytest

from tests.support.stage.play import Stage
from tests.support.stage.processes import until

DEVICES = {"camera": "/dev/no-such-camera", "microphone": "no such microphone", "loudspeaker": "no such loudspeaker"}
pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.needs_chromium]


@pytest.mark.complaints("device_")
async def test_a_visit_without_any_device_goes_on_by_picture_of_the_librarian_and_text(on: Stage) -> None:
    await on.kiosk.touch("call")
    await on.console.accept()
    await on.kiosk.shows("talking")
    await until(lambda: len(on.kiosk.pictures()) > 10, "pictures of the librarian arrived", within_s=10)
    for warning in ("call-kiosk-no-microphone", "call-kiosk-no-loudspeaker"):
        await on.console.at(warning).wait_for()
    await on.kiosk.touch("write")
    await on.kiosk.touch("key_h")
    await on.console.at("text-visitor-open").get_by_text("h").wait_for()
    await on.console.at("finish").click()
    await on.kiosk.shows("goodbye")
