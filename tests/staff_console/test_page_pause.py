"""Pausing, coming back, and the question whether somebody is there, in a real Chromium."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from signaling.protocol.messages import Pause
from signaling.protocol.vocabulary import OffDutyCause, PauseReason
from tests.support import sample_views as views
from tests.support.console_stage import ConsoleStage
from tests.support.console_states import NOT_ASKED_YET

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.needs_chromium]


# --- pausing --------------------------------------------------------------------------------------------------------


async def test_two_clicks_pause_for_a_quarter_of_an_hour(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.at("pause").click()
    await stage.at("pause-desk").click()
    await stage.server.expect("seat.pause", reason="desk", minutes=15)


async def test_a_pause_may_have_no_end(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.page.keyboard.press("p")
    await stage.at("pause-open").click()
    await stage.at("pause-meeting").click()
    await stage.server.expect("seat.pause", reason="meeting", minutes=None)


async def test_escape_closes_the_choice_of_pauses(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.at("pause").click()
    await expect(stage.at("pause-break")).to_be_focused()
    await stage.page.keyboard.press("Escape")
    await stage.at("pause-menu").wait_for(state="detached")


async def test_a_pause_says_why_and_until_when_and_one_click_ends_it(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    pause = Pause(reason=PauseReason.MEETING, until=views.ago(-12 * 60))
    await stage.server.show_seat(answerable=False, pause=pause)
    await expect(stage.at("duty")).to_have_attribute("data-duty", "paused")
    await expect(stage.at("pause-lead")).to_contain_text("in a meeting")
    await expect(stage.at("pause-until")).to_contain_text("in 12 min")
    await expect(stage.page).to_have_title("Paused · Librarian on Demand")
    await stage.page.keyboard.press("g")
    await stage.server.expect("seat.resume")
    await stage.server.show_seat(answerable=True, pause=None)
    await expect(stage.at("duty")).to_have_attribute("data-duty", "green")


async def test_a_ring_that_nobody_took_is_explained_kindly_and_one_click_mends_it(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.server.show_seat(answerable=False, pause=Pause(reason=PauseReason.UNANSWERED))
    await expect(stage.at("pause-lead")).to_contain_text(
        "A visitor rang and nobody took it, so visitors no longer see you as available."
    )
    await stage.at("end-pause").click()
    await stage.server.expect("seat.resume")


async def test_what_is_broken_is_mended_before_a_pause_ends(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.server.show_seat(answerable=False, pause=Pause(reason=PauseReason.BREAK))
    await stage.page.evaluate(
        """() => {
          const [track] = document.querySelector("[data-testid=self-video]").srcObject.getTracks();
          track.stop();
          track.dispatchEvent(new Event("ended"));
        }"""
    )
    await stage.server.expect("seat.proof", camera=False)
    await stage.at("missing-camera").wait_for()
    await stage.at("end-pause").click()
    await stage.server.expect("seat.proof", camera=True)
    await stage.server.expect("seat.resume")


# --- somebody is there ----------------------------------------------------------------------------------------------


async def test_a_hand_is_said_once_and_not_at_each_move(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.page.mouse.move(300, 300)
    await stage.server.expect("seat.sign")
    for place in range(5):
        await stage.page.mouse.move(300 + 20 * place, 310)
    await stage.page.keyboard.press("Tab")
    await stage.at("named").click()
    await stage.server.expect("seat.named")
    assert "seat.sign" not in stage.server.names()


async def test_what_a_script_does_is_no_hand(stage: ConsoleStage) -> None:
    await stage.sign_in()
    await stage.server.show(seat=views.green_seat())
    await expect(stage.at("duty")).not_to_have_attribute("data-duty", "off")
    await stage.page.evaluate(
        "for (const name of ['pointerdown', 'keydown', 'pointermove', 'wheel']) dispatchEvent(new Event(name))"
    )
    await stage.page.mouse.move(200, 200)
    await stage.server.expect("seat.sign")
    assert "seat.sign" not in stage.server.names()


@pytest.mark.parametrize("key", ["Enter", "x", "ArrowDown"])
async def test_any_key_answers_the_question(stage: ConsoleStage, key: str) -> None:
    await stage.go_on_duty()
    await stage.server.show_seat(asked_until=views.ago(-171))
    await expect(stage.at("asked-left")).to_contain_text("2:5")
    await expect(stage.page).to_have_title("🔔 Are you still there?")
    stage.server.received.clear()
    await stage.page.keyboard.press(key)
    await stage.server.expect("seat.sign")
    await stage.server.show_seat(asked_until=None)
    await stage.at("asked").wait_for(state="detached")
    await expect(stage.page).to_have_title("On duty · Librarian on Demand")


async def test_one_click_answers_the_question(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.server.show_seat(asked_until=views.ago(-171))
    stage.server.received.clear()
    await stage.at("still-here").click()
    await stage.server.expect("seat.sign")
    assert "seat.sign" not in stage.server.names(), "one click is one sign"


async def test_who_was_taken_off_duty_is_told_why(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.server.show_seat(on_duty=False, answerable=False, off_duty_cause=OffDutyCause.NO_SIGN)
    await expect(stage.at("off-duty-cause")).to_contain_text("went unanswered")
    await stage.at("self-video").wait_for(state="detached")  # its light goes out, too
    await stage.at("go-on-duty").click()
    await stage.server.expect("seat.duty", on_duty=True)


async def test_a_seat_that_fell_silent_is_mended_by_one_click(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.server.show_seat(silent=True, answerable=False)
    await expect(stage.at("duty")).to_have_attribute("data-duty", "broken")
    stage.server.received.clear()
    await stage.at("mend-silent").click()
    await stage.server.expect("seat.sign")
    await stage.server.show_seat(silent=False, answerable=True)
    await expect(stage.at("duty")).to_have_attribute("data-duty", "green")


# --- notices --------------------------------------------------------------------------------------------------------


async def test_notices_are_asked_for_by_a_button_and_only_once(stage: ConsoleStage) -> None:
    await stage.page.add_init_script(NOT_ASKED_YET)
    await stage.go_on_duty()
    assert await stage.page.evaluate("window.mayNotify") == "default", "going on duty asks for nothing more"
    await stage.at("allow-notices").click()
    await stage.at("notice-hint").wait_for(state="detached")
    assert await stage.page.evaluate("window.mayNotify") == "granted"
    await stage.at("settings-open").click()
    await expect(stage.at("notices")).to_have_attribute("data-notices", "granted")
