"""A call from the console's side, against a kiosk in another page: trust, media, reload, hold, text."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import expect

from signaling.protocol.vocabulary import VisitState
from tests.support import sample_views as views
from tests.support.console_stage import ConsoleStage

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.needs_chromium]

#: Counts the connections that the page makes.
COUNTER = """
  window.connections = 0;
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(configuration) {
      super(configuration);
      window.connections += 1;
      window.configuration = configuration;
      window.connection = this;
    }
  };
"""

#: How much smaller than the camera's the page wants its pictures, one after the other.
SCALES = """
  window.scales = [];
  const set = RTCRtpSender.prototype.setParameters;
  RTCRtpSender.prototype.setParameters = function (parameters) {
    const scale = parameters.encodings[0]?.scaleResolutionDownBy;
    if (scale !== undefined && scale !== window.scales.at(-1)) window.scales.push(scale);
    return set.call(this, parameters);
  };
"""

#: What a decoder makes of silence after sound: the last bit of its samples, (2 / 32,768)² for 0.6 s and some more.
#: A voice has millions of times as much.
LAST_BIT_ENERGY = 3e-9


async def grows(stage: ConsoleStage, kind: str) -> bool:
    """Whether more of this still reaches the kiosk; no is said after 0.6 s, yes as soon as it is so."""
    before = (await stage.kiosk_received())[kind]
    for _ in range(6):
        await stage.page.wait_for_timeout(100)
        if (await stage.kiosk_received())[kind] > before:
            return True
    return False


async def falls_silent(stage: ConsoleStage) -> None:
    """Wait until the visitor hears nothing at all of this page, while packets of sound go on."""
    async with asyncio.timeout(30):
        while True:
            before = await stage.kiosk_received()
            await stage.page.wait_for_timeout(600)
            now = await stage.kiosk_received()
            if now["energy"] - before["energy"] <= LAST_BIT_ENERGY and now["packets"] > before["packets"]:
                return


async def is_heard(stage: ConsoleStage) -> None:
    """Wait until the visitor hears this page."""
    before = (await stage.kiosk_received())["energy"]
    async with asyncio.timeout(30):
        while (await stage.kiosk_received())["energy"] <= before + 1000 * LAST_BIT_ENERGY:
            await stage.page.wait_for_timeout(50)


# --- trust ----------------------------------------------------------------------------------------------------------


async def test_picture_and_sound_flow_both_ways_from_a_verified_kiosk(stage: ConsoleStage) -> None:
    await stage.talk()
    await expect(stage.at("verified")).to_have_text("Verified kiosk")
    assert await grows(stage, "video")
    assert await grows(stage, "audio")
    await expect(stage.at("sent")).to_have_attribute("data-sent", "both")


async def test_an_offer_that_the_kiosk_did_not_sign_gets_no_connection(stage: ConsoleStage) -> None:
    await stage.page.add_init_script(COUNTER)
    await stage.accept()
    await stage.offer(1, signature="AAAA" * 21 + "AA==")
    await expect(stage.at("unverified")).to_contain_text("This is not our kiosk")
    assert await stage.page.evaluate("window.connections") == 0
    assert "call.answer" not in stage.server.names()
    assert await stage.at("verified").count() == 0
    await stage.at("try-again").click()
    await stage.server.expect("call.again", generation=1)


async def test_a_certificate_that_was_swapped_on_the_way_gets_no_connection(stage: ConsoleStage) -> None:
    await stage.page.add_init_script(COUNTER)
    await stage.accept()
    swapped = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=fingerprint:sha-256 " + ":".join(["AA"] * 32)
    await stage.offer(1, sdp=swapped + "\r\n")
    await expect(stage.at("unverified")).to_have_attribute("data-why", "fingerprint")
    assert await stage.page.evaluate("window.connections") == 0


async def test_nobody_is_asked_for_a_path_but_the_servers_that_we_were_given(stage: ConsoleStage) -> None:
    await stage.page.add_init_script(COUNTER)
    turn = {"urls": ["turn:127.0.0.1:9?transport=tcp"], "username": "1:v", "credential": "c"}
    stage.server.answers["call.ice"] = lambda _: {"servers": [turn], "relay_only": True}
    await stage.accept()
    await stage.offer(1)
    await stage.server.expect("call.answer")
    configuration = await stage.page.evaluate("window.configuration")
    assert configuration["iceServers"] == [turn]
    assert configuration["iceTransportPolicy"] == "relay"
    assert configuration["bundlePolicy"] == "max-bundle"


# --- media ----------------------------------------------------------------------------------------------------------


async def test_what_is_sent_is_told_at_the_start_and_at_each_change(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.server.expect("call.media", camera_sending=True, microphone_sending=True, camera="ok", microphone="ok")
    await is_heard(stage)
    await stage.page.keyboard.press("m")
    await stage.server.expect("call.media", camera_sending=True, microphone_sending=False)
    await falls_silent(stage)
    await expect(stage.at("sent")).to_have_attribute("data-sent", "picture")
    await stage.page.keyboard.press("c")
    await stage.server.expect("call.media", camera_sending=False, microphone_sending=False)
    await expect(stage.at("sent")).to_have_attribute("data-sent", "none")
    await stage.at("self-off").wait_for()
    await stage.page.wait_for_timeout(300)  # what was on its way arrives
    assert not await grows(stage, "video")
    await stage.page.keyboard.press("c")
    await stage.server.expect("call.media", camera_sending=True)
    assert await grows(stage, "video")


async def test_the_browser_is_told_to_leave_size_and_rate_of_the_picture_as_they_are(stage: ConsoleStage) -> None:
    await stage.page.add_init_script(COUNTER)
    await stage.talk()
    tuned = """() => {
      const [sender] = connection.getSenders().filter((one) => one.track?.kind === "video");
      const { degradationPreference, encodings } = sender.getParameters();
      return [degradationPreference, encodings[0].maxBitrate];
    }"""
    assert await stage.page.evaluate(tuned) == ["maintain-framerate-and-resolution", 2_500_000]


async def test_the_first_pictures_are_half_as_wide_and_soon_there_and_whole_ones_follow(stage: ConsoleStage) -> None:
    await stage.page.add_init_script(SCALES)
    await stage.talk()
    assert await grows(stage, "video")
    async with asyncio.timeout(10):
        while await stage.page.evaluate("window.scales") != [2, 1]:
            await stage.page.wait_for_timeout(50)


async def test_on_hold_nothing_but_silence_is_sent_and_nothing_is_heard(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.page.keyboard.press("h")
    await stage.server.expect("visit.hold", visit_id=views.VISIT)
    await stage.server.show_visit(state=VisitState.HELD, held_since=views.ago(0))
    await stage.server.expect("call.media", camera_sending=False, microphone_sending=False)
    await expect(stage.at("held-cover")).to_contain_text("On hold")
    assert await stage.at("visitor-video").evaluate("video => video.muted")
    await falls_silent(stage)
    assert not await grows(stage, "video")
    await stage.page.keyboard.press("h")
    await stage.server.expect("visit.resume")
    await stage.server.show_visit(state=VisitState.TALKING, held_since=None)
    await stage.server.expect("call.media", camera_sending=True, microphone_sending=True)
    assert await grows(stage, "video")
    assert not await stage.at("visitor-video").evaluate("video => video.muted")


async def test_a_camera_that_fails_in_a_call_does_not_end_it(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.page.evaluate(
        """() => {
          window.brokenDevices = { video: "NotFoundError" };
          const [track] = document.querySelector("[data-testid=self-video]").srcObject.getTracks();
          track.stop();
          track.dispatchEvent(new Event("ended"));
        }"""
    )
    await stage.server.expect("call.media", camera_sending=False, camera="missing", microphone_sending=True)
    await expect(stage.at("call-own-no-camera")).to_be_visible()
    await expect(stage.at("sent")).to_have_attribute("data-sent", "sound")
    assert await grows(stage, "audio")
    await stage.phase("connected")


async def test_another_microphone_is_chosen_while_talking(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.at("devices-toggle").click()
    choices = await stage.at("choose-microphone").locator("option").all_text_contents()
    assert len(choices) > 1, "Chromium's fake devices are several"
    await stage.at("choose-microphone").select_option(label=choices[-1])
    await expect(stage.at("condition-microphone")).to_have_attribute("data-condition", "ok")
    assert await grows(stage, "audio")
    await stage.page.keyboard.press("Escape")
    await stage.at("devices-menu").wait_for(state="detached")


async def test_a_visitor_who_is_not_seen_is_said_not_to_be_seen(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.kiosk_says(camera_sending=False, camera="closed")
    await expect(stage.at("hidden-cover")).to_contain_text("The visitor's camera is off")
    await stage.kiosk_says(camera_sending=True)
    await stage.at("hidden-cover").wait_for(state="detached")


async def test_a_kiosk_that_comes_back_is_told_again_what_is_sent(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.server.expect("call.media", camera_sending=True)
    await stage.server.show_visit(kiosk_connected=False)
    await expect(stage.at("call-kiosk-away")).to_be_visible()
    await stage.at("text-input").fill("Are you there?")
    await stage.server.expect("text.draft", text="Are you there?")
    await stage.server.show_visit(kiosk_connected=True)
    await stage.server.expect("call.media", camera_sending=True)
    await stage.server.expect("text.draft", text="Are you there?")


# --- the path -------------------------------------------------------------------------------------------------------


async def test_a_page_that_was_reloaded_asks_for_a_path_and_is_back_in_the_call(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.page.reload()
    await stage.server.expect("call.again", visit_id=views.VISIT, generation=1)
    assert stage.server.hello is not None
    assert stage.server.hello.seat_id == views.SEAT
    await stage.server.show_visit(generation=2, state=VisitState.CONNECTING)
    await stage.connect(2)
    await stage.server.show_visit(state=VisitState.TALKING)
    said = {"visit_id": views.VISIT, "entry": 1, "done": True}
    unfinished = {"visit_id": views.VISIT, "entry": 1, "text": "I am loo", "author": "staff", "sender": views.SEAT}
    await stage.server.emit(
        "text.history",
        {"visit_id": views.VISIT, "entries": [{**said, "text": "Hello", "author": "visitor"}, unfinished]},
    )
    await stage.picture()
    await expect(stage.at("text-visitor")).to_contain_text("Hello")
    await expect(stage.at("text-input")).to_have_value("I am loo")
    assert await grows(stage, "video")


async def test_a_path_that_dies_is_built_anew_and_the_old_one_is_not_listened_to(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.cut_path()
    await stage.phase("renewing")
    await stage.server.expect("call.again", generation=1)
    await stage.server.show_visit(generation=2, state=VisitState.CONNECTING)
    await stage.phase("summoned")
    late = {"visit_id": views.VISIT, "generation": 1, "candidate": "candidate:1 1 udp 1 127.0.0.1 9 typ host"}
    await stage.server.emit("call.candidate", {**late, "sdp_mid": "0", "sdp_m_line_index": 0})
    await stage.connect(2)
    await stage.server.show_visit(state=VisitState.TALKING)
    assert await grows(stage, "video")


async def test_the_call_goes_on_while_the_server_is_away(stage: ConsoleStage) -> None:
    await stage.talk()
    stage.server.refuse_with = "unavailable"
    stage.server.drop()
    await expect(stage.at("link-away")).to_contain_text("the conversation goes on")
    assert await grows(stage, "video")
    await stage.at("text-input").fill("Still here")
    stage.server.refuse_with = None
    await stage.at("link-away").wait_for(state="detached")
    await stage.server.expect("text.draft", text="Still here")
    await stage.phase("connected")
    assert "call.again" not in stage.server.names()
    stage.faults.clear()  # the browser's own words about the cut


# --- leaving and finishing ------------------------------------------------------------------------------------------


async def test_stepping_out_asks_first(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.page.keyboard.press("Shift+L")
    await expect(stage.at("leave-cancel")).to_be_focused()
    await stage.page.keyboard.press("Enter")
    await stage.at("leave-dialog").wait_for(state="detached")
    assert "visit.leave" not in stage.server.names()
    await stage.at("leave").click()
    await stage.at("leave-confirm").click()
    await stage.server.expect("visit.leave", visit_id=views.VISIT)


async def test_finishing_leads_to_the_close_out_and_wipes_the_conversation(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.visitor_types(1, "something private", done=True)
    await stage.at("text-visitor").wait_for()
    await stage.page.keyboard.press("Shift+F")
    await stage.server.expect("visit.finish", visit_id=views.VISIT)
    await stage.server.show(visit=None, close_out=views.close_out())
    await stage.at("close-out").wait_for()
    await stage.server.show(visit=views.visit(id="visit-2"), close_out=None)
    await stage.at("text").wait_for()
    assert await stage.page.get_by_text("something private").count() == 0


# --- typed text -----------------------------------------------------------------------------------------------------


async def test_what_is_typed_goes_out_letter_by_letter_and_keys_rest_meanwhile(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.page.keyboard.press("t")
    await expect(stage.at("text-input")).to_be_focused()
    for letter in "mch":
        await stage.page.keyboard.press(letter)
        await stage.page.wait_for_timeout(120)
    await stage.server.expect("text.draft", entry=1, text="m", done=False)
    await stage.server.expect("text.draft", entry=1, text="mc", done=False)
    await stage.server.expect("text.draft", entry=1, text="mch", done=False)
    await stage.page.keyboard.press("Enter")
    await stage.server.expect("text.draft", entry=1, text="mch", done=True)
    assert "visit.hold" not in stage.server.names()
    await expect(stage.at("text-staff")).to_contain_text("mch")
    await stage.page.keyboard.press("Escape")
    await stage.page.keyboard.press("h")
    await stage.server.expect("visit.hold")


async def test_what_the_visitor_types_shows_as_it_is_typed_and_is_spoken_when_it_is_done(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.visitor_types(1, "Jag s", done=False)
    await expect(stage.at("text-visitor-open")).to_contain_text("Jag s")
    await expect(stage.at("text-visitor-open")).to_have_attribute("aria-live", "off")
    await stage.visitor_types(1, "Jag söker", done=False)
    await expect(stage.at("text-visitor-open")).to_contain_text("Jag söker")
    await stage.visitor_types(1, "Jag söker en bok", done=True)
    await expect(stage.at("text-visitor")).to_contain_text("Jag söker en bok")
    assert await stage.at("text-visitor").evaluate("line => line.closest('[role=log]') !== null")


async def test_markup_that_somebody_types_is_text(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.visitor_types(1, "<img src=x onerror=alert(1)>", done=True)
    await expect(stage.at("text-visitor")).to_contain_text("<img src=x onerror=alert(1)>")
