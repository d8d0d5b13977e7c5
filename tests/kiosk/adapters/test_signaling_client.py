"""The kiosk's client with the real server, in this process, over a real socket."""

from __future__ import annotations

import asyncio
import json
from base64 import b64decode
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer, unused_port
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kiosk.adapters import link
from kiosk.core import effects as fx
from kiosk.core import events as e
from kiosk.core.facts import MediaReport
from kiosk.core.media import IceCandidate, IceServer, PeerSettings
from kiosk.core.snapshot import BranchFacts, TextEntry
from signaling.adapters.gateway import socketio_gateway
from signaling.adapters.store_memory import MemoryStore
from signaling.app import make_app
from signaling.config import Settings
from signaling.domain.places import Kiosk
from signaling.protocol.errors import ErrorCode
from signaling.protocol.vocabulary import (
    FINGERPRINT_SIGNATURE_CONTEXT,
    MAX_TEXT_CHARS,
    DeviceCondition,
    KioskId,
    Language,
    LineId,
    Nobody,
    OutOfServiceCause,
    Party,
    ServiceId,
    VisitId,
    VisitState,
)
from tests.support.edges import SetClock
from tests.support.kiosk_client import Running, running_client
from tests.support.wire import BRANCH, LIBRARY, SERVICE, SeatEnd, ServedWire, add_library, wire_server

OPEN = fx.SendOpen("tap-1", ServiceId(SERVICE), Language.SV)
#: The server tries the relay of these tests, which is nowhere, and says so when it has found that out.
pytestmark = pytest.mark.expected_log("relay_not_usable", optional=True)


@pytest_asyncio.fixture
async def wire() -> AsyncIterator[ServedWire]:
    """A running server with one enrolled kiosk."""
    async with wire_server(MemoryStore(), turn={"urls": ["turn:relay.example"], "secret": "hush"}) as running:
        await running.add_kiosk()
        yield running


@pytest_asyncio.fixture
async def kiosk(wire: ServedWire) -> AsyncIterator[Running]:
    """That kiosk, connected."""
    async with running_client(wire.url, wire.keys["k1"]) as running:
        await running.heard.event(e.FactsCame)
        yield running


async def in_state(kiosk: Running, state: VisitState) -> VisitId:
    await kiosk.heard.until(lambda: kiosk.heard.visit and kiosk.heard.visit.state is state, f"the visit is {state}")
    assert kiosk.heard.visit is not None
    return kiosk.heard.visit.id


async def tapped(wire: ServedWire, kiosk: Running) -> tuple[SeatEnd, VisitId]:
    """A librarian on duty, and a tap that rings there."""
    seat = await wire.seat_on_duty()
    await kiosk.heard.until(
        lambda: kiosk.heard.facts and kiosk.heard.facts.availability.answerable_seats, "somebody can answer"
    )
    await kiosk.client.send(OPEN)
    return seat, await in_state(kiosk, VisitState.OFFERED)


async def accepted(wire: ServedWire, kiosk: Running) -> tuple[SeatEnd, VisitId]:
    """A librarian who has accepted the tap."""
    seat, visit_id = await tapped(wire, kiosk)
    await seat.accept()
    await in_state(kiosk, VisitState.CONNECTING)
    return seat, visit_id


# --- what the server says ---------------------------------------------------------------------------------


async def test_the_first_facts_say_where_the_kiosk_stands(kiosk: Running) -> None:
    facts = kiosk.heard.facts
    assert facts is not None
    assert facts.branch == BranchFacts("Norr", "Burträsk", "0914-1")
    assert (facts.time_zone, facts.default_language) == ("Europe/Stockholm", Language.SV)
    assert [service.id for service in facts.services] == [SERVICE]
    assert (facts.availability.answerable_seats, facts.visit) == (0, None)


async def test_green_comes_with_a_librarian_and_goes_with_them(wire: ServedWire, kiosk: Running) -> None:
    seat = await wire.seat_on_duty()
    await kiosk.heard.until(
        lambda: kiosk.heard.facts and kiosk.heard.facts.availability.answerable_seats == 1, "somebody can answer"
    )
    assert kiosk.heard.facts is not None
    assert kiosk.heard.facts.availability.on_duty_names == ("Anna",)
    await seat.ok("seat.duty", {"on_duty": False})
    await kiosk.heard.until(
        lambda: kiosk.heard.facts and kiosk.heard.facts.availability.answerable_seats == 0, "nobody can answer"
    )


async def test_a_delta_that_was_missed_is_made_good_by_a_snapshot(wire: ServedWire, kiosk: Running) -> None:
    kiosk.client._revision -= 1  # as if the last delta had not come
    await wire.seat_on_duty()
    await kiosk.heard.until(
        lambda: kiosk.heard.facts and kiosk.heard.facts.availability.answerable_seats == 1, "somebody can answer"
    )


# --- a visit ----------------------------------------------------------------------------------------------


async def test_a_tap_rings_and_the_line_is_shown(wire: ServedWire, kiosk: Running) -> None:
    seat, visit_id = await tapped(wire, kiosk)
    offer = await seat.rings()
    assert offer["visit_id"] == visit_id
    assert kiosk.heard.visit is not None
    assert (kiosk.heard.visit.place, kiosk.heard.visit.language) == (1, Language.SV)


async def test_the_same_tap_sent_twice_is_one_visit(wire: ServedWire, kiosk: Running) -> None:
    _, visit_id = await tapped(wire, kiosk)
    await kiosk.client.send(OPEN)
    assert kiosk.heard.visit is not None
    assert kiosk.heard.visit.id == visit_id
    assert kiosk.heard.all_of(e.OpenRefused) == []


async def test_a_tap_that_raced_with_the_last_seat_gets_the_ways_out_at_once(kiosk: Running) -> None:
    await kiosk.client.send(OPEN)
    await kiosk.heard.until(lambda: kiosk.heard.visit and kiosk.heard.visit.choices, "the ways out")
    assert kiosk.heard.visit is not None
    assert (kiosk.heard.visit.state, kiosk.heard.visit.nobody) == (VisitState.WAITING, Nobody.NOBODY_ON_DUTY)


async def test_a_number_waits_without_a_screen_until_it_is_called_and_answered(
    wire: ServedWire, kiosk: Running
) -> None:
    await kiosk.client.send(OPEN)
    await kiosk.heard.until(lambda: kiosk.heard.visit and kiosk.heard.visit.choices, "the ways out")
    facts = kiosk.heard.facts
    assert facts is not None
    assert facts.visit is not None
    visit_id = facts.visit.id
    await kiosk.client.send(fx.SendKeepWaiting(visit_id))
    await kiosk.heard.until(lambda: kiosk.heard.visit and not kiosk.heard.visit.choices, "the ways out go")
    for times in (1, 2):  # a repeated send is the same number
        await kiosk.client.send(fx.SendTicket(visit_id))
        assert await kiosk.heard.event(e.TicketTaken, times) == e.TicketTaken(visit_id, 1)
    await kiosk.heard.until(lambda: kiosk.heard.facts and kiosk.heard.facts.tickets == (1,), "the number waits")
    facts = kiosk.heard.facts
    assert facts is not None
    assert facts.visit is None
    seat = await wire.seat_on_duty()
    await seat.accept()
    await in_state(kiosk, VisitState.CALLING)
    called = kiosk.heard.visit
    assert called is not None
    assert (called.ticket, called.calling_until is not None) == (1, True)
    for _ in range(2):
        await kiosk.client.send(fx.SendAnswer(visit_id))
    await in_state(kiosk, VisitState.CONNECTING)
    met = kiosk.heard.visit
    assert met is not None
    assert (met.ticket, met.librarian_name) == (None, "Anna")


async def test_a_tap_on_a_service_that_is_not_offered_is_refused(kiosk: Running) -> None:
    await kiosk.client.send(fx.SendOpen("tap-9", ServiceId("nowhere"), Language.SV))
    assert kiosk.heard.all_of(e.OpenRefused) == [e.OpenRefused(ErrorCode.NOT_FOUND)]


async def test_a_refusal_of_anything_else_is_not_taken_for_one_of_the_tap(kiosk: Running) -> None:
    await kiosk.client.send(fx.SendFinish(VisitId("nobodys")))
    assert kiosk.heard.all_of(e.OpenRefused) == []


async def test_leaving_the_line_ends_the_visit(wire: ServedWire, kiosk: Running) -> None:
    _, visit_id = await tapped(wire, kiosk)
    await kiosk.client.send(fx.SendCancel(visit_id))
    await kiosk.heard.until(lambda: kiosk.heard.visit is None, "the visit is over")


async def test_the_language_goes_to_the_librarian_and_comes_back_in_the_facts(wire: ServedWire, kiosk: Running) -> None:
    seat, visit_id = await accepted(wire, kiosk)
    await kiosk.client.send(fx.SendLanguage(visit_id, Language.EN))
    await seat.until(lambda: seat.visit["language"] == "en")
    await kiosk.heard.until(lambda: kiosk.heard.visit and kiosk.heard.visit.language is Language.EN, "it is English")


async def test_a_call_gets_its_own_relay_with_credentials_of_its_own(wire: ServedWire, kiosk: Running) -> None:
    _, visit_id = await accepted(wire, kiosk)
    settings = await kiosk.client.peer_settings(visit_id)
    (server,) = settings.ice_servers
    assert isinstance(server, IceServer)
    assert server.urls == ("turn:relay.example",)
    assert server.username
    assert server.credential
    assert settings.relay_only is False


async def test_without_the_servers_word_there_is_no_ice_server_at_all(kiosk: Running) -> None:
    assert await kiosk.client.peer_settings(VisitId("nobodys")) == PeerSettings()


async def test_offer_answer_candidates_and_the_word_that_the_path_is_up(wire: ServedWire, kiosk: Running) -> None:
    seat, visit_id = await accepted(wire, kiosk)
    assert await kiosk.client.send_offer(visit_id, 1, "v=0 kiosk", "sha-256 AB:CD")
    await kiosk.client.send_candidate(visit_id, 1, IceCandidate("candidate:1", "0", 0))
    await seat.until(lambda: seat.heard("call.candidate"))
    (offer,) = seat.heard("call.offer")
    assert (offer["sdp"], offer["generation"], offer["fingerprint"]) == ("v=0 kiosk", 1, "sha-256 AB:CD")
    signed = "\n".join([FINGERPRINT_SIGNATURE_CONTEXT, visit_id, "1", "sha-256 AB:CD"]).encode()
    wire.keys["k1"].public_key().verify(b64decode(offer["signature"]), signed)
    (candidate,) = seat.heard("call.candidate")
    assert (candidate["candidate"], candidate["sdp_mid"], candidate["sdp_m_line_index"]) == ("candidate:1", "0", 0)

    call = {"visit_id": visit_id, "generation": 1}
    await seat.ok("call.answer", {**call, "sdp": "v=0 console"})
    await seat.ok("call.candidate", {**call, "candidate": "candidate:2", "sdp_mid": "1", "sdp_m_line_index": 1})
    await kiosk.heard.until(lambda: kiosk.heard.candidates, "a candidate")
    assert kiosk.heard.answers == [(visit_id, 1, "v=0 console")]
    assert kiosk.heard.candidates == [(visit_id, 1, IceCandidate("candidate:2", "1", 1))]

    await kiosk.client.send(fx.SendConnected(visit_id, 1))
    await in_state(kiosk, VisitState.TALKING)
    await seat.ok("visit.hold", {"visit_id": visit_id})
    await in_state(kiosk, VisitState.HELD)
    assert kiosk.heard.visit is not None
    assert kiosk.heard.visit.held_since is not None
    assert kiosk.heard.visit.librarian_name == "Anna"


async def test_an_offer_of_a_generation_that_is_over_is_not_taken(wire: ServedWire, kiosk: Running) -> None:
    _, visit_id = await accepted(wire, kiosk)
    await kiosk.client.send(fx.SendAgain(visit_id, 1))
    await kiosk.heard.until(lambda: kiosk.heard.visit and kiosk.heard.visit.generation == 2, "the next generation")
    assert not await kiosk.client.send_offer(visit_id, 1, "v=0", "sha-256 AB")
    assert await kiosk.client.send_offer(visit_id, 2, "v=0", "sha-256 AB")


async def test_what_each_end_sends_is_told_to_the_other(wire: ServedWire, kiosk: Running) -> None:
    seat, visit_id = await accepted(wire, kiosk)
    ours = MediaReport(camera_sending=True, microphone_sending=False, microphone=DeviceCondition.MISSING)
    assert await kiosk.client.send_media(visit_id, ours)
    await seat.until(lambda: seat.heard("call.media"))
    (media,) = seat.heard("call.media")
    assert (media["camera_sending"], media["microphone_sending"], media["microphone"]) == (True, False, "missing")
    theirs = {"camera_sending": False, "microphone_sending": True}
    conditions = {"camera": "failed", "microphone": "ok", "loudspeaker": "ok"}
    await seat.ok("call.media", {"visit_id": visit_id, **theirs, **conditions})
    told = await kiosk.heard.event(e.LibrarianMedia)
    ok = DeviceCondition.OK
    assert told == e.LibrarianMedia(visit_id, MediaReport(False, True, DeviceCondition.FAILED, ok, ok), seat.id)


async def test_typed_text_goes_letter_by_letter_both_ways(wire: ServedWire, kiosk: Running) -> None:
    seat, visit_id = await accepted(wire, kiosk)
    for text in ("H", "He", "Hej"):
        await kiosk.client.send(fx.SendText(visit_id, 1, text, done=text == "Hej"))
    await seat.until(lambda: len(seat.heard("text.draft")) == 3)
    assert [(m["author"], m["text"], m["done"]) for m in seat.heard("text.draft")] == [
        ("visitor", "H", False),
        ("visitor", "He", False),
        ("visitor", "Hej", True),
    ]
    await seat.ok("text.draft", {"visit_id": visit_id, "entry": 4, "text": "Hej!", "done": True, "author": "visitor"})
    typed = await kiosk.heard.event(e.LibrarianTyped)
    assert typed == e.LibrarianTyped(visit_id, TextEntry(Party.STAFF, 4, "Hej!", done=True, sender=seat.id))


async def test_a_history_goes_whole_to_a_console_that_came_back(wire: ServedWire, kiosk: Running) -> None:
    seat, visit_id = await accepted(wire, kiosk)
    lines = (TextEntry(Party.VISITOR, 1, "Hej", done=True), TextEntry(Party.STAFF, 1, "Hej!", done=True))
    await kiosk.client.send(fx.SendHistory(visit_id, lines))
    await seat.until(lambda: seat.heard("text.history"))
    (history,) = seat.heard("text.history")
    assert [(line["author"], line["text"]) for line in history["entries"]] == [("visitor", "Hej"), ("staff", "Hej!")]


async def test_a_history_that_is_too_long_for_the_wire_keeps_its_newest_lines(wire: ServedWire, kiosk: Running) -> None:
    seat, visit_id = await accepted(wire, kiosk)
    lines = tuple(TextEntry(Party.VISITOR, n, "å" * MAX_TEXT_CHARS, done=True) for n in range(1, 201))
    await kiosk.client.send(fx.SendHistory(visit_id, lines))
    await seat.until(lambda: seat.heard("text.history"))
    (history,) = seat.heard("text.history")
    numbers = [line["entry"] for line in history["entries"]]
    assert numbers[-1] == 200
    assert numbers == list(range(numbers[0], 201))
    assert len(numbers) >= 5


async def test_the_visitors_goodbye_and_face_arrive(wire: ServedWire, kiosk: Running) -> None:
    seat, visit_id = await accepted(wire, kiosk)
    await kiosk.client.send(fx.SendConnected(visit_id, 1))
    await kiosk.client.send(fx.SendFinish(visit_id))
    await seat.until(lambda: seat.visit is None)
    await kiosk.heard.until(lambda: kiosk.heard.visit is None, "the visit is over")
    await kiosk.client.send(fx.SendFeedback(visit_id, 3))
    found = await wire.store.find_visit(visit_id)
    assert found is not None
    assert found.feedback == 3


# --- coming back ------------------------------------------------------------------------------------------


async def test_a_pulled_cable_is_noticed_and_the_visit_is_still_there_afterwards(
    wire: ServedWire, kiosk: Running
) -> None:
    _, visit_id = await accepted(wire, kiosk)
    kiosk.pulls_the_cable()
    await kiosk.heard.event(e.LinkLost)
    before = len(kiosk.heard.all_of(e.FactsCame))
    await kiosk.heard.event(e.FactsCame, before + 1)
    assert kiosk.heard.visit is not None
    assert (kiosk.heard.visit.id, kiosk.heard.visit.state) == (visit_id, VisitState.CONNECTING)


async def enrolled(key: Ed25519PrivateKey) -> MemoryStore:
    """A store that knows the kiosk `k1` by this key."""
    store = MemoryStore()
    await add_library(store)
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    await store.add_kiosk(Kiosk(KioskId("k1"), BRANCH, "Entrance", raw), b"code", SetClock().now())
    return store


async def test_a_server_that_is_away_at_the_start_and_restarts_later_is_found_by_itself() -> None:
    port, key = unused_port(), Ed25519PrivateKey.generate()
    store = await enrolled(key)
    async with running_client(f"http://127.0.0.1:{port}", key) as kiosk:
        await kiosk.heard.event(e.LinkLost)
        for start in (1, 2):
            server = TestServer(make_app(Settings(), store, clock=SetClock()), host="127.0.0.1", port=port)
            await server.start_server()
            await kiosk.heard.event(e.FactsCame, start)
            lost = len(kiosk.heard.all_of(e.LinkLost))
            await server.close()
            await kiosk.heard.event(e.LinkLost, lost + 1)


async def test_what_is_sent_while_the_server_is_away_is_dropped_at_once() -> None:
    async with running_client(f"http://127.0.0.1:{unused_port()}") as kiosk:
        await kiosk.heard.event(e.LinkLost)
        await kiosk.client.send(OPEN)
        assert not await kiosk.client.send_offer(VisitId("v"), 1, "v=0", "sha-256 AB")
        assert not await kiosk.client.send_media(VisitId("v"), MediaReport())
        assert await kiosk.client.peer_settings(VisitId("v")) == PeerSettings()
        assert kiosk.heard.all_of(e.OpenRefused) == []


# --- who is not let in ------------------------------------------------------------------------------------


@pytest.mark.expected_log("link_refused.*revoked")
@pytest.mark.expected_log("kiosk_refused.*revoked")
async def test_a_revoked_kiosk_is_closed_and_told_why_it_does_not_get_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socketio_gateway, "RECHECK_S", 0.02)
    async with wire_server(MemoryStore()) as wire:
        await wire.add_kiosk()
        async with running_client(wire.url, wire.keys["k1"]) as kiosk:
            await kiosk.heard.event(e.FactsCame)
            await wire.store.revoke_kiosk(KioskId("k1"), wire.clock.now())
            await kiosk.heard.event(e.LinkLost)
            assert await kiosk.heard.event(e.LinkRefused) == e.LinkRefused(OutOfServiceCause.REFUSED)


@pytest.mark.expected_log("link_refused.*not_authenticated")
@pytest.mark.expected_log("kiosk_refused.*not_authenticated")
@pytest.mark.parametrize("kiosk_id", ["k1", "nobody"])
async def test_a_wrong_key_and_an_unknown_kiosk_are_refused_alike(wire: ServedWire, kiosk_id: str) -> None:
    async with running_client(wire.url, kiosk_id=kiosk_id) as stranger:
        assert await stranger.heard.event(e.LinkRefused) == e.LinkRefused(OutOfServiceCause.REFUSED)
        assert stranger.heard.all_of(e.FactsCame) == []


@pytest.mark.expected_log("link_refused.*replayed")
@pytest.mark.expected_log("kiosk_refused.*replayed")
async def test_a_replayed_challenge_is_refused_and_a_fresh_one_lets_the_kiosk_in_again(
    wire: ServedWire, kiosk: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = await kiosk.client._link._challenge()

    async def same_again() -> str:
        return used

    with monkeypatch.context() as patch:
        patch.setattr(kiosk.client._link, "_challenge", same_again)
        facts = len(kiosk.heard.all_of(e.FactsCame))
        kiosk.pulls_the_cable()
        await kiosk.heard.event(e.FactsCame, facts + 1)  # fresh once
        kiosk.pulls_the_cable()
        await kiosk.heard.event(e.LinkLost, 3)  # lost twice, and refused in between
        assert kiosk.heard.all_of(e.LinkRefused) == []  # another try helps, so it is no reason to give up
    await kiosk.heard.event(e.FactsCame, facts + 2)


@pytest.mark.expected_log("link_refused.*already_connected")
async def test_a_second_kiosk_with_the_same_key_is_told_and_the_first_goes_on(wire: ServedWire, kiosk: Running) -> None:
    async with running_client(wire.url, wire.keys["k1"]) as second:
        assert await second.heard.event(e.LinkRefused) == e.LinkRefused(OutOfServiceCause.ALREADY_CONNECTED)
        await wire.seat_on_duty()
        await kiosk.heard.until(
            lambda: kiosk.heard.facts and kiosk.heard.facts.availability.answerable_seats == 1, "the first goes on"
        )
        assert kiosk.heard.all_of(e.LinkLost) == []
        assert second.heard.all_of(e.FactsCame) == []


@pytest.mark.expected_log("link_refused.*version")
@pytest.mark.expected_log("kiosk_refused.*version", optional=True)
async def test_a_kiosk_of_a_version_that_the_server_does_not_speak_is_told(
    wire: ServedWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "PROTOCOL_VERSION", 999)
    async with running_client(wire.url, wire.keys["k1"]) as kiosk:
        assert await kiosk.heard.event(e.LinkRefused) == e.LinkRefused(OutOfServiceCause.VERSION)


# --- the end ----------------------------------------------------------------------------------------------


async def test_the_end_hangs_up_so_that_the_server_knows_at_once_and_leaves_nothing_running(wire: ServedWire) -> None:
    async def is_connected() -> bool:
        return (await wire.store.read_line(LineId(LIBRARY))).kiosks[KioskId("k1")].connected

    async with running_client(wire.url, wire.keys["k1"]) as kiosk:
        await kiosk.heard.event(e.FactsCame)
        assert await is_connected()
    left = [task for task in asyncio.all_tasks() if "Client" in repr(task.get_coro())]
    assert left == []
    async with asyncio.timeout(5):
        while await is_connected():  # noqa: ASYNC110 - the store has no bell to ring
            await asyncio.sleep(0.01)


async def test_neither_keys_nor_texts_are_logged(
    wire: ServedWire, kiosk: Running, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    seat, visit_id = await accepted(wire, kiosk)
    await kiosk.client.send(fx.SendText(visit_id, 1, "Mitt kortnummer", done=True))
    await kiosk.client.send(fx.SendText(VisitId("nobodys"), 1, "Mitt kortnummer", done=True))
    await kiosk.client.send_offer(visit_id, 1, "v=0 hemlig", "sha-256 AB")
    await seat.until(lambda: seat.heard("call.offer"))
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("kiosk")]
    assert any("message_refused" in line for line in ours)
    assert not any("kortnummer" in line or "hemlig" in line or "signature" in line for line in ours), json.dumps(ours)
