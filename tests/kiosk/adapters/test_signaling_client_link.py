"""A link to the server that is dead without a word: how the client finds out, and how it comes back at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web

from kiosk.adapters import link
from kiosk.core import events as e
from kiosk.core.facts import MediaReport
from kiosk.core.path_quality import PathRecord
from signaling.protocol.vocabulary import IceTrouble, PathFault, PathQuality, RelayTransport, VisitId
from tests.support.fake_kiosk_server import CHALLENGE, NEVER, FakeKioskServer, fake_kiosk_server
from tests.support.kiosk_client import Running, running_client

VISIT = VisitId("v1")
REPORT = MediaReport(camera_sending=True, picture_paused=True)


@pytest_asyncio.fixture
async def server() -> AsyncIterator[FakeKioskServer]:
    async with fake_kiosk_server() as fake:
        yield fake


@pytest_asyncio.fixture
async def kiosk(server: FakeKioskServer) -> AsyncIterator[Running]:
    async with running_client(server.url) as running:
        await running.heard.event(e.FactsCame)
        yield running


@pytest_asyncio.fixture
async def patient(server: FakeKioskServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Running]:
    """A client that would wait for an hour before another try, but in a visit."""
    monkeypatch.setattr(link, "retry_delay_s", lambda *_, in_visit: 0.01 if in_visit else 3600.0)
    async with running_client(server.url) as running:
        await running.heard.event(e.FactsCame)
        yield running


async def test_a_probe_that_is_answered_leaves_the_link_as_it_is(server: FakeKioskServer, kiosk: Running) -> None:
    await kiosk.client.probe(VISIT, REPORT)
    told = await server.until_received("call.media")
    assert (told["visit_id"], told["camera_sending"], told["picture_paused"]) == ("v1", True, True)
    assert len(server.hellos) == 1
    assert kiosk.heard.all_of(e.LinkLost) == []


async def test_a_refused_probe_is_an_answer_too(server: FakeKioskServer, kiosk: Running) -> None:
    server.answers["call.media"] = {"ok": False, "error": {"code": "wrong_state"}}
    await kiosk.client.probe(VISIT, REPORT)
    assert kiosk.heard.all_of(e.LinkLost) == []


async def test_a_probe_that_nobody_answers_makes_the_link_anew_at_once(
    server: FakeKioskServer, patient: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "PROBE_TIMEOUT_S", 0.05)
    server.answers["call.media"] = NEVER
    await patient.client.probe(VISIT, REPORT)
    await patient.heard.event(e.LinkLost)
    await patient.heard.event(e.FactsCame, 2)
    assert len(server.hellos) == 2
    assert server.hellos[0]["instance"] == server.hellos[1]["instance"]


async def test_whoever_waits_for_an_answer_of_a_link_that_is_given_up_waits_no_more(
    server: FakeKioskServer, patient: Running
) -> None:
    server.answers["call.media"] = NEVER
    saying = asyncio.create_task(patient.client.send_media(VISIT, REPORT))
    await server.until_received("call.media")
    patient.client.renew()
    async with asyncio.timeout(link.ACK_TIMEOUT_S - 1):
        assert not await saying


async def test_renewing_gives_up_a_try_that_hangs(server: FakeKioskServer, patient: Running) -> None:
    reached = asyncio.Event()

    async def hangs_once(_request: web.Request) -> web.StreamResponse:
        if not reached.is_set():
            reached.set()
            await asyncio.Event().wait()
        return web.json_response({"challenge": CHALLENGE})

    server.challenge = hangs_once
    patient.client.renew()
    await reached.wait()
    patient.client.renew()
    patient.client.renew()
    await patient.heard.event(e.FactsCame, 2)


async def test_hurrying_cuts_the_pause_before_the_next_try_short(server: FakeKioskServer, patient: Running) -> None:
    await server.hangs_up()
    await patient.heard.event(e.LinkLost)
    patient.client.hurry()
    await patient.heard.event(e.FactsCame, 2)


async def test_in_a_visit_the_next_try_is_not_an_idle_kiosks(server: FakeKioskServer, patient: Running) -> None:
    patient.client.in_visit(on=True)
    await server.hangs_up()
    await patient.heard.event(e.FactsCame, 2)
    patient.client.in_visit(on=False)
    await server.hangs_up()
    await patient.heard.event(e.LinkLost, 2)
    patient.client.in_visit(on=False)
    assert len(server.hellos) == 2
    patient.client.in_visit(on=True)  # a tap, just as the server went away
    await patient.heard.event(e.FactsCame, 3)


async def test_hurrying_leaves_a_link_that_is_up_alone(server: FakeKioskServer, kiosk: Running) -> None:
    kiosk.client.hurry()
    await kiosk.client.probe(VISIT, REPORT)
    assert (len(server.hellos), kiosk.heard.all_of(e.LinkLost)) == (1, [])


async def test_a_last_word_of_a_link_that_was_given_up_is_not_heard(server: FakeKioskServer, kiosk: Running) -> None:
    old = kiosk.client._link._sio
    assert old is not None
    kiosk.client.renew()
    await kiosk.heard.event(e.FactsCame, 2)
    before = len(kiosk.heard.events)
    for handler in old.handlers["/kiosk"].values():
        if handler.__name__ == "handler":
            await handler({})
    assert len(kiosk.heard.events) == before


async def test_the_end_waits_for_a_link_that_is_being_hung_up(server: FakeKioskServer) -> None:
    async with running_client(server.url) as running:
        await running.heard.event(e.FactsCame)
        running.client.renew()
    assert running.client._link._hanging_up == set()


async def test_what_a_path_was_like_is_told_in_round_figures(server: FakeKioskServer, kiosk: Running) -> None:
    record = PathRecord(
        seconds=20.04,
        connect_ms=312.6,
        round_trip_ms=41.4,
        loss_in_percent=1.23456,
        loss_out_percent=0.5,
        freezes=2,
        frozen_s=1.234,
        width_sent=1280,
        height_sent=720,
        video_codec="VP8",
        audio_codec="opus",
        relayed=True,
        relay=RelayTransport.TCP,
        worst=PathQuality.POOR,
        faults=(PathFault.NO_PICTURE,),
        troubles=(IceTrouble.RELAY_REFUSED,),
    )
    await kiosk.client.send_quality(VISIT, 4, record)
    told = await server.until_received("call.quality")
    assert (told["visit_id"], told["generation"], told["engine"]) == ("v1", 4, "aiortc")
    assert (told["seconds"], told["connect_ms"], told["round_trip_ms"]) == (20.0, 313, 41)
    assert (told["loss_in_percent"], told["loss_out_percent"], told["frozen_s"]) == (1.23, 0.5, 1.23)
    assert (told["worst"], told["faults"], told["troubles"]) == ("poor", ["no_picture"], ["relay_refused"])
    assert (told["relayed"], told["relay"], told["width_sent"]) == (True, "tcp", 1280)


async def test_what_nobody_knows_of_a_path_is_told_as_such(server: FakeKioskServer, kiosk: Running) -> None:
    await kiosk.client.send_quality(VISIT, 4, PathRecord(seconds=0.0))
    told = await server.until_received("call.quality")
    assert (told["connect_ms"], told["round_trip_ms"], told["loss_out_percent"]) == (None, None, None)
