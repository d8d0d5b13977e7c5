"""Signing in, going on duty, the ring, the line and the close-out, in a real Chromium."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from playwright.async_api import expect

from tests.support import sample_views as views
from tests.support.console_stage import ConsoleStage
from tests.support.fake_console_server import LOGIN, PASSWORD, Refused

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.needs_chromium]

#: Notes what the page plays, and the notices that it shows.
LISTENER = """
  window.played = [];
  const start = AudioBufferSourceNode.prototype.start;
  const stop = AudioBufferSourceNode.prototype.stop;
  AudioBufferSourceNode.prototype.start = function (...rest) {
    window.played.push({ loop: this.loop, running: this.context.state === "running", stopped: false });
    this.at = window.played.length - 1;
    return start.apply(this, rest);
  };
  AudioBufferSourceNode.prototype.stop = function (...rest) {
    if (rest.length === 0) window.played[this.at].stopped = true;
    return stop.apply(this, rest);
  };
  window.notices = [];
  window.Notification = class {
    static permission = "granted";
    constructor(title, more) {
      this.title = title;
      window.notices.push({ title, ...more, open: true });
      this.at = window.notices.length - 1;
    }
    close() {
      window.notices[this.at].open = false;
    }
  };
"""
HIDDEN = "Object.defineProperty(document, 'hidden', { get: () => true, configurable: true })"


async def rings(stage: ConsoleStage) -> list[dict[str, Any]]:
    """The looping sounds of the page so far."""
    played: list[dict[str, Any]] = await stage.page.evaluate("window.played.filter(one => one.loop)")
    return played


async def ringing_icon(stage: ConsoleStage) -> bool:
    """Whether the tab's sign is the one of a ring."""
    icon: str = await stage.page.evaluate("document.querySelector('link[rel=icon]').href")
    return "ringing" in icon


# --- signing in -----------------------------------------------------------------------------------------------------


async def test_signing_in_needs_no_mouse(stage: ConsoleStage) -> None:
    await stage.open()
    await stage.at("login").wait_for()
    await stage.page.keyboard.type(LOGIN)
    await stage.page.keyboard.press("Tab")
    await stage.page.keyboard.type(PASSWORD)
    await stage.page.keyboard.press("Enter")
    await stage.at("duty").wait_for()
    assert stage.server.hello is not None
    assert stage.server.hello.seat_id is None


async def test_a_wrong_password_is_said_and_changes_nothing(stage: ConsoleStage) -> None:
    await stage.open()
    await stage.at("login").fill(LOGIN)
    await stage.at("password").fill("guess")
    await stage.at("sign-in").click()
    await expect(stage.at("fault")).to_contain_text("do not belong together")
    await expect(stage.at("login")).to_have_value(LOGIN)
    assert stage.server.staff is None


async def test_too_many_tries_say_how_long_to_wait(stage: ConsoleStage) -> None:
    await stage.open()
    await stage.at("login").fill(LOGIN)
    await stage.at("password").fill("too often")
    await stage.at("sign-in").click()
    await expect(stage.at("fault")).to_contain_text("Wait 30 s")


async def test_a_one_time_password_is_changed_before_anything_else(stage: ConsoleStage) -> None:
    stage.server.must_change_password = True
    await stage.open()
    await stage.at("login").fill(LOGIN)
    await stage.at("password").fill(PASSWORD)
    await stage.at("sign-in").click()
    await stage.at("password-current").fill("something else")
    await stage.at("password-new").fill(PASSWORD)
    await stage.at("password-save").click()
    await expect(stage.at("fault")).to_contain_text("is another one")
    await stage.at("password-current").fill(PASSWORD)
    await stage.at("password-save").click()
    await expect(stage.at("fault")).to_contain_text("at least 12 characters")
    await stage.at("password-new").fill("four words in a row")
    await stage.at("password-save").click()
    await stage.at("duty").wait_for()


async def test_signing_out_leaves_nothing_on_the_screen(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.at("settings-open").click()
    await stage.at("sign-out").click()
    await stage.at("page-signin").wait_for()
    assert await stage.page.get_by_text("Anna").count() == 0
    assert await stage.page.evaluate("sessionStorage.length") == 0


async def test_the_words_change_with_the_language_and_stay_changed(stage: ConsoleStage) -> None:
    await stage.open()
    await stage.at("language-nb").click()
    await expect(stage.at("sign-in")).to_have_text("Logg inn")
    assert await stage.page.evaluate("document.documentElement.lang") == "nb"
    await stage.page.reload()
    await expect(stage.at("sign-in")).to_have_text("Logg inn")


# --- duty -----------------------------------------------------------------------------------------------------------


async def test_going_on_duty_plays_the_ring_once_and_proves_everything(stage: ConsoleStage) -> None:
    await stage.page.add_init_script(LISTENER)
    await stage.sign_in()
    await stage.page.keyboard.press("g")
    await stage.server.expect("seat.proof", sound=True, microphone=True, camera=True)
    await stage.server.expect("seat.duty", on_duty=True)
    assert await stage.page.evaluate("window.played.map(one => one.loop)") == [False]
    await stage.at("self-video").wait_for()


async def test_green_is_the_servers_word_and_not_the_switch(stage: ConsoleStage) -> None:
    await stage.sign_in()
    await stage.at("go-on-duty").click()
    await stage.server.expect("seat.duty", on_duty=True)
    await stage.server.show_seat(on_duty=True)
    await expect(stage.at("duty")).to_have_attribute("data-duty", "pending")
    await stage.server.show_seat(answerable=True)
    await expect(stage.at("duty")).to_have_attribute("data-duty", "green")
    await expect(stage.at("duty")).to_contain_text("visitors see green")


async def test_a_camera_that_is_pulled_out_is_said_at_once_and_one_click_mends_it(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    # As the browser does it: the track ends without being stopped.
    await stage.page.evaluate(
        """() => {
          const [track] = document.querySelector("[data-testid=self-video]").srcObject.getTracks();
          track.stop();
          track.dispatchEvent(new Event("ended"));
        }"""
    )
    await stage.server.expect("seat.proof", camera=False, microphone=True)
    await expect(stage.at("duty")).to_have_attribute("data-duty", "broken")
    await stage.at("mend-camera").click()
    await stage.server.expect("seat.proof", camera=True)
    await expect(stage.at("duty")).to_have_attribute("data-duty", "green")


async def test_a_camera_that_is_not_allowed_says_where_to_allow_it(stage: ConsoleStage) -> None:
    await stage.sign_in()
    await stage.page.evaluate("window.brokenDevices = { video: 'NotAllowedError' }")
    await stage.at("check-devices").click()
    await expect(stage.at("condition-camera")).to_have_attribute("data-condition", "blocked")
    await expect(stage.at("condition-microphone")).to_have_attribute("data-condition", "ok")
    await stage.server.expect("seat.proof", camera=False, microphone=True)


async def test_going_off_duty_turns_the_cameras_light_off(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.page.evaluate(
        "() => { window.own = document.querySelector('[data-testid=self-video]').srcObject.getTracks(); }"
    )
    await stage.at("go-off-duty").click()
    await stage.server.expect("seat.duty", on_duty=False)
    await stage.server.show_seat(on_duty=False, answerable=False)
    await expect(stage.at("duty")).to_have_attribute("data-duty", "off")
    assert await stage.page.evaluate("window.own.map(track => track.readyState)") == ["ended"]


async def test_the_level_moves_with_the_voice(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await expect(stage.at("level")).not_to_have_attribute("aria-valuenow", "0")


async def test_the_first_name_is_shown_only_if_one_wants(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.at("named").click()
    await stage.server.expect("seat.named", named=False)
    await expect(stage.at("named")).to_be_checked()  # the switch shows what is so
    await stage.server.show_seat(named=False)
    await expect(stage.at("named")).not_to_be_checked()


# --- the line -------------------------------------------------------------------------------------------------------


async def test_the_line_says_who_waits_where_and_how_long_in_number_and_word(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.server.show(line=views.line_of_three())
    first = stage.at("line-entry").first
    await expect(first).to_contain_text("Husie")
    await expect(first).to_contain_text("Library help")
    await expect(first).to_contain_text("Svenska")
    await expect(first).to_contain_text("6:1")
    await expect(first).to_contain_text("much too long")
    await expect(first).to_contain_text("comes first")
    await expect(stage.at("line-entry")).to_have_count(3)
    await expect(stage.at("line-call")).to_have_count(1)


async def test_a_view_that_missed_a_change_is_asked_for_anew(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.server.emit("delta", {"revision": 4000, "set": {}, "put": {}, "drop": {}})
    await stage.server.expect("snapshot.request")
    await stage.server.snapshot()
    await stage.server.show(line=views.line_of_three())
    await expect(stage.at("line-entry")).to_have_count(3)


# --- the ring -------------------------------------------------------------------------------------------------------


async def test_a_ring_loops_in_the_sound_itself_until_it_is_taken(stage: ConsoleStage) -> None:
    await stage.page.add_init_script(LISTENER)
    await stage.ring()
    assert await rings(stage) == [{"loop": True, "running": True, "stopped": False}]
    gate = asyncio.Event()
    stage.server.answers["offer.accept"] = lambda _: gate.set()
    await stage.page.keyboard.press("a")
    await gate.wait()
    assert [one["stopped"] for one in await rings(stage)] == [True], "it is quiet before the server has answered"


async def test_a_ring_that_is_withdrawn_stops(stage: ConsoleStage) -> None:
    await stage.page.add_init_script(LISTENER)
    await stage.ring()
    await stage.server.show(offer=None)
    await stage.at("ring").wait_for(state="detached")
    assert [one["stopped"] for one in await rings(stage)] == [True]
    await expect(stage.page).to_have_title("On duty · Librarian on Demand")


async def test_a_ring_in_a_tab_out_of_sight_shows_in_its_title_and_as_a_notice(stage: ConsoleStage) -> None:
    await stage.page.add_init_script(LISTENER)
    await stage.go_on_duty()
    await stage.page.evaluate(HIDDEN)
    await stage.server.show(offer=views.offer())
    await expect(stage.page).to_have_title("🔔 A visitor at Kirseberg")
    assert await ringing_icon(stage), "the sign in the tab changes too"
    [notice] = await stage.page.evaluate("window.notices")
    assert notice["title"] == "🔔 A visitor at Kirseberg"
    assert notice["body"] == "A visitor is calling · Kirseberg entrance"
    assert notice["requireInteraction"] is True
    assert notice["open"] is True
    await stage.server.show(offer=None)
    await stage.at("ring").wait_for(state="detached")
    assert [one["open"] for one in await stage.page.evaluate("window.notices")] == [False]
    await expect(stage.page).to_have_title("On duty · Librarian on Demand")
    assert not await ringing_icon(stage)


async def test_a_second_ring_rings_too(stage: ConsoleStage) -> None:
    await stage.page.add_init_script(LISTENER)
    await stage.ring()
    await stage.server.show(offer=views.offer(id="offer-2", branch_name="Husie"))
    await expect(stage.at("ring")).to_contain_text("Husie")
    assert [one["stopped"] for one in await rings(stage)] == [True, False]


async def test_a_ring_takes_the_page_and_says_who_where_service_and_language(stage: ConsoleStage) -> None:
    await stage.ring(language="nb", service_id="digital")
    ring = stage.at("ring")
    await expect(ring).to_contain_text("Kirseberg")
    await expect(stage.at("ring-service")).to_have_text("Digital help")
    await expect(stage.at("ring-language")).to_have_text("Norsk bokmål")
    await expect(stage.at("accept")).to_be_focused()
    # The rest is out of reach: the browser itself keeps a modal dialog's focus.
    for _ in range(6):
        await stage.page.keyboard.press("Tab")
        assert await stage.page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('[data-testid=ring]')"
        )
    await stage.page.keyboard.press("Escape")
    await expect(ring).to_be_visible()
    assert "offer.decline" not in stage.server.names()


async def test_one_key_declines(stage: ConsoleStage) -> None:
    await stage.ring()
    await stage.page.keyboard.press("d")
    await stage.server.expect("offer.decline", offer_id=views.OFFER)


async def test_who_came_second_is_told_who_won(stage: ConsoleStage) -> None:
    await stage.ring()

    def taken(_message: Any) -> None:
        raise Refused("taken", winner="Sara")

    stage.server.answers["offer.accept"] = taken
    await stage.at("accept").click()
    await stage.server.expect("offer.accept")
    await stage.server.show(offer=None)
    await expect(stage.at("fault")).to_contain_text("Sara was first and takes the visit.")
    await stage.at("fault-close").click()
    await stage.at("fault").wait_for(state="detached")


# --- keys -----------------------------------------------------------------------------------------------------------


async def test_keys_rest_when_they_are_switched_off(stage: ConsoleStage) -> None:
    await stage.sign_in()
    await stage.at("settings-open").click()
    await stage.at("shortcuts-switch").uncheck()
    await stage.at("settings-close").click()
    assert await stage.page.locator("kbd").count() == 0
    await stage.page.keyboard.press("g")
    await stage.at("check-devices").click()
    await stage.server.expect("seat.proof", camera=True)
    assert "seat.duty" not in stage.server.names()


async def test_keys_with_a_modifier_belong_to_the_browser(stage: ConsoleStage) -> None:
    await stage.ring()
    for keys in ("Control+a", "Alt+a", "Shift+A"):
        await stage.page.keyboard.press(keys)
    await stage.page.keyboard.press("d")
    await stage.server.expect("offer.decline")
    assert "offer.accept" not in stage.server.names()


# --- the connection -------------------------------------------------------------------------------------------------


async def test_a_lost_connection_is_said_calmly_and_the_same_seat_comes_back(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    stage.server.refuse_with = "unavailable"
    stage.server.drop()
    await stage.at("link-away").wait_for()
    await expect(stage.at("duty")).to_have_attribute("data-duty", "unknown")
    stage.server.refuse_with = None
    await stage.at("link-away").wait_for(state="detached")
    await expect(stage.at("duty")).to_have_attribute("data-duty", "green")
    assert stage.server.hello is not None
    assert stage.server.hello.seat_id == views.SEAT
    stage.faults.clear()  # the browser's own words about the cut


async def test_a_session_that_ended_elsewhere_leads_to_the_sign_in(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    stage.server.staff = None
    stage.server.refuse_with = "not_authenticated"
    stage.server.drop()
    await stage.at("page-signin").wait_for()
    stage.faults.clear()


async def test_an_older_page_says_that_there_is_a_newer_one(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    stage.server.refuse_with = "version"
    stage.server.drop()
    await stage.at("link-outdated").wait_for()
    stage.server.refuse_with = None
    await stage.at("reload").click()
    await stage.at("duty").wait_for()
    stage.faults.clear()


# --- round off ------------------------------------------------------------------------------------------------------


async def test_two_taps_round_off_a_visit(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.server.show(close_out=views.close_out())
    await stage.at("close-out").wait_for()
    await stage.page.keyboard.press("3")
    await stage.at("outcome-solved").wait_for()
    await stage.page.keyboard.press("1")
    await stage.server.expect("visit.close_out", visit_id=views.VISIT, topic="digital_help", outcome="solved")
    await stage.server.show(close_out=None)
    await stage.at("close-out").wait_for(state="detached")


async def test_a_topic_can_be_taken_back(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.server.show(close_out=views.close_out())
    await stage.at("topic-other").click()
    await stage.at("close-out-back").click()
    await stage.at("topic-loan_or_card").click()
    await stage.at("outcome-not_solved").click()
    await stage.server.expect("visit.close_out", topic="loan_or_card", outcome="not_solved")


async def test_rounding_off_can_be_skipped(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.server.show(close_out=views.close_out())
    await stage.at("close-out").wait_for()
    await stage.page.keyboard.press("s")
    await stage.server.expect("visit.close_out", visit_id=views.VISIT, topic=None, outcome=None)


async def test_a_ring_may_come_while_one_rounds_off(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.server.show(close_out=views.close_out())
    await stage.server.show(offer=views.offer())
    await stage.at("ring").wait_for()
    await stage.page.keyboard.press("s")
    await stage.page.keyboard.press("a")
    await stage.server.expect("offer.accept")
    assert "visit.close_out" not in stage.server.names(), "what lies under the ring has no keys"
