"""Sound that the browser holds back until a click: green waits for it, and one click mends it."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.support import sample_views as views
from tests.support.console_stage import ConsoleStage

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.needs_chromium]

#: A browser that is as strict as they come: no sound before a click, microphone in use or not. The click is listened
#: for, because whatever the test asks of the page counts as a gesture for Chromium itself.
STRICT = """
  let clicked = false;
  addEventListener("click", () => { clicked = true; }, { capture: true });
  const Real = window.AudioContext;
  window.AudioContext = class extends Real {
    get state() {
      return clicked ? super.state : "suspended";
    }
    resume() {
      return clicked ? super.resume() : new Promise(() => {});
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


async def test_a_visitor_whose_sound_is_held_back_is_heard_after_one_click(stage: ConsoleStage) -> None:
    await stage.page.add_init_script(
        """
          const play = HTMLMediaElement.prototype.play;
          HTMLMediaElement.prototype.play = function () {
            if (this.muted || window.mayPlay) return play.call(this);
            return Promise.reject(new DOMException("wants a click", "NotAllowedError"));
          };
        """
    )
    await stage.talk()
    await expect(stage.at("playback-blocked")).to_contain_text("holds the visitor's sound back")
    await stage.page.evaluate("window.mayPlay = true")
    await stage.at("unlock-playback").click()
    await stage.at("playback-blocked").wait_for(state="detached")
    assert await stage.at("visitor-video").evaluate("video => !video.paused")
