"""A path that is ready before the answer, that carries until the next one does, and that never dies silently."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import expect

from signaling.protocol.vocabulary import VisitState
from tests.support import sample_views as views
from tests.support.console_stage import ConsoleStage

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.needs_chromium, pytest.mark.timeout(240)]

_PATIENCE_S = 60

#: Keeps the connections that the page makes.
KEEPER = """
  window.connections = [];
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(configuration) {
      super(configuration);
      window.connections.push(this);
    }
  };
"""
#: Tracks that go out on each of the page's open connections.
OUTGOING = """() => connections.filter((one) => one.signalingState !== "closed")
  .map((one) => one.getSenders().filter((sender) => sender.track !== null).length)"""
CLOSED = "() => connections.map((one) => one.signalingState === 'closed')"


async def until(stage: ConsoleStage, script: str, wanted: object) -> None:
    """Wait until the page says so."""
    async with asyncio.timeout(_PATIENCE_S):
        while await stage.page.evaluate(script) != wanted:
            await stage.page.wait_for_timeout(50)


async def rises(stage: ConsoleStage, kind: str, generation: int) -> None:
    """Wait until more of this has reached the kiosk; loudness: more than a decoder makes of silence."""
    least = 1e-5 if kind == "energy" else 0
    before = (await stage.kiosk_received(generation))[kind]
    async with asyncio.timeout(_PATIENCE_S):
        while (await stage.kiosk_received(generation))[kind] <= before + least:
            await stage.page.wait_for_timeout(50)


async def rings_ready(stage: ConsoleStage) -> None:
    """It rings, and the path of generation 4 is there."""
    await stage.page.add_init_script(KEEPER)
    await stage.ring(generation=4, kiosk_key=await stage.kiosk_key())
    await stage.make_ready(4)


async def accept(stage: ConsoleStage) -> None:
    """The librarian answers, and the server says yes."""
    await stage.at("accept").click()
    await stage.server.expect("offer.accept", offer_id=views.OFFER)


# --- ready before the answer ----------------------------------------------------------------------------------------


async def test_while_it_rings_a_path_is_made_with_nothing_on_it(stage: ConsoleStage) -> None:
    await rings_ready(stage)
    assert await stage.page.evaluate(OUTGOING) == [0]
    received = await stage.kiosk_received(4)
    assert (received["packets"], received["video"]) == (0, 0)
    assert not {"call.connected", "call.media"} & set(stage.server.names())
    assert await stage.at("call").count() == 0
    await stage.server.show(offer=None)
    await until(stage, CLOSED, [True])
    assert "call.quality" not in stage.server.names()  # it was nobody's call


async def test_accept_attaches_to_the_path_that_is_there_before_the_view_has_spoken(stage: ConsoleStage) -> None:
    await rings_ready(stage)
    await accept(stage)
    await until(stage, OUTGOING, [2])
    await stage.server.expect("call.connected", generation=4)
    await stage.kiosk_attaches(4)
    await rises(stage, "frames", 4)
    await rises(stage, "energy", 4)
    await stage.server.show(offer=None, visit=views.visit(kiosk_key=await stage.kiosk_key(), generation=4))
    await stage.phase("connected")
    await stage.picture()
    await stage.server.expect("call.media", camera_sending=True, microphone_sending=True)
    assert await stage.page.evaluate("connections.length") == 1
    assert "call.again" not in stage.server.names()


async def test_a_path_made_ready_by_another_kiosk_gets_no_answer_and_says_so_on_accept(stage: ConsoleStage) -> None:
    await stage.page.add_init_script(KEEPER)
    await stage.ring(generation=4, kiosk_key=await stage.kiosk_key())
    await stage.offer(4, ready=True, signature="AAAA" * 21 + "AA==")
    await stage.server.expect("call.ice")
    await accept(stage)
    await stage.server.show(offer=None, visit=views.visit(kiosk_key=await stage.kiosk_key(), generation=4))
    await expect(stage.at("unverified")).to_be_visible()
    assert await stage.page.evaluate("connections.length") == 0
    assert "call.answer" not in stage.server.names()


# --- make before break ----------------------------------------------------------------------------------------------


async def test_a_path_that_falls_silent_is_a_fault_and_carries_until_the_next_one_delivers(
    stage: ConsoleStage,
) -> None:
    await stage.page.add_init_script(KEEPER)
    await stage.talk()
    await rises(stage, "frames", 1)
    await stage.kiosk_falls_silent(1)
    await stage.server.expect("call.again", generation=1)
    # What goes out still does: the fault is on the way here.
    await rises(stage, "frames", 1)
    await stage.server.show_visit(generation=2, state=VisitState.CONNECTING)
    await stage.offer(2, keep=True)
    answer = await stage.server.expect("call.answer", generation=2)
    await rises(stage, "energy", 1)
    await stage.kiosk_takes(2, answer["sdp"])
    await stage.server.expect("call.connected", generation=2)
    await rises(stage, "frames", 2)
    await until(stage, CLOSED, [True, False])
    told = await stage.server.expect("call.quality", generation=1)
    assert told["faults"] == ["nothing_arrives"]
    assert told["seconds"] > 0
    assert (told["audio_codec"], told["engine"]) == ("opus", None)


async def test_only_one_path_is_played_and_it_changes_when_the_new_one_delivers(stage: ConsoleStage) -> None:
    await stage.page.add_init_script(KEEPER)
    await stage.talk()
    playing = """() => {
      const tracks = document.querySelector("[data-testid=visitor-video]").srcObject.getTracks();
      const of = connections.map((one) => one.getReceivers().filter(({ track }) => tracks.includes(track)).length);
      return [tracks.length, ...of];
    }"""
    assert await stage.page.evaluate(playing) == [2, 2]
    await stage.server.show_visit(generation=2, state=VisitState.CONNECTING)
    await stage.offer(2, keep=True, ready=True)
    answer = await stage.server.expect("call.answer", generation=2)
    await stage.kiosk_takes(2, answer["sdp"])
    await stage.server.expect("call.connected", generation=2)
    # There, and nothing on it yet: the old one is heard and seen.
    assert await stage.page.evaluate(playing) == [2, 2, 0]
    await stage.kiosk_attaches(2)
    await until(stage, playing, [2, 0, 2])
    await until(stage, CLOSED, [True, False])


# --- what is said of it ---------------------------------------------------------------------------------------------


async def test_a_page_that_finds_no_address_at_all_says_so_in_the_record(stage: ConsoleStage) -> None:
    turn = {"urls": ["turn:127.0.0.1:9?transport=tcp"], "username": "1:v", "credential": "c"}
    plain = stage.server.answers["call.ice"]
    stage.server.answers["call.ice"] = lambda asked: {**plain(asked), "servers": [turn], "relay_only": True}
    await stage.accept()
    await stage.offer(1)
    await stage.server.expect("call.answer")
    await stage.server.expect("call.candidate", candidate="", generation=1)
    await stage.server.show(visit=None)
    record = await stage.server.expect("call.quality", generation=1)
    # Of a relay whose port is closed Chromium tells no more than that nothing was found.
    assert "no_candidates" in record["troubles"]
    assert (record["connect_ms"], record["seconds"]) == (None, 0)
