"""Sound that the browser holds back until a click: green waits for it, and one click mends it."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.support import sample_views as views
from tests.support.console_stage import ConsoleStage

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.needs_chromium]

#: A browser that is as strict as they come: no sound before a click, microphone in use or not.
STRICT = """
  const Real = window.AudioContext;
  window.AudioContext = class extends Real {
    constructor() {
      super();
      if (!navigator.userActivation.hasBeenActive) super.suspend();
    }
    resume() {
      return navigator.userActivation.hasBeenActive ? super.resume() : new Promise(() => {});
    }
  };
"""


async def test_after_a_reload_one_click_brings_the_sound_back(stage: ConsoleStage) -> None:
    await stage.page.add_init_script(STRICT)
    await stage.go_on_duty()
    await stage.page.reload()
    await expect(stage.at("missing-sound")).to_contain_text("you would not hear the ring")
    await stage.server.expect("seat.proof", sound=False)
    await expect(stage.at("duty")).to_have_attribute("data-duty", "broken")
    await stage.at("mend-sound").click()
    await stage.server.expect("seat.proof", sound=True, microphone=True, camera=True)
    await expect(stage.at("duty")).to_have_attribute("data-duty", "green")


async def test_a_ring_without_sound_still_takes_the_page(stage: ConsoleStage) -> None:
    await stage.page.add_init_script(STRICT)
    stage.server.sign_in()
    await stage.open()
    await stage.at("duty").wait_for()
    await stage.server.show(seat=views.green_seat(), offer=views.offer())
    await stage.at("accept").wait_for()


async def test_sound_that_falls_silent_is_said_at_once(stage: ConsoleStage) -> None:
    await stage.page.add_init_script(
        "const Real = AudioContext; AudioContext = class extends Real {"
        " constructor() { super(); window.context = this; } };"
    )
    await stage.go_on_duty()
    await stage.page.evaluate("window.context.suspend()")
    await stage.server.expect("seat.proof", sound=False)
    await stage.at("mend-sound").click()
    await stage.server.expect("seat.proof", sound=True)
