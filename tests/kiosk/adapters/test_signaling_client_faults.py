"""The kiosk's client and answers that the real server would never give: none of them stops a kiosk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from kiosk.adapters import link
from kiosk.core import effects as fx
from kiosk.core import events as e
from kiosk.core.media import PeerSettings
from signaling.protocol.errors import ErrorCode
from signaling.protocol.vocabulary import Language, OutOfServiceCause, ServiceId, VisitId
from tests.support.fake_kiosk_server import CHALLENGE, NEVER, VIEW, FakeKioskServer, fake_kiosk_server
from tests.support.kiosk_client import Running, running_client
from tests.support.lines import START

OPEN = fx.SendOpen("tap-1", ServiceId("library-help"), Language.SV)
VISIT = VisitId("v1")


@pytest_asyncio.fixture
async def server() -> AsyncIterator[FakeKioskServer]:
    async with fake_kiosk_server() as fake:
        yield fake


@pytest_asyncio.fixture
async def kiosk(server: FakeKioskServer) -> AsyncIterator[Running]:
    async with running_client(server.url) as running:
        await running.heard.event(e.FactsCame)
        yield running


def delta(revision: int, **set_: Any) -> dict[str, Any]:
    return {"revision": revision, "set": set_}


# --- connecting -------------------------------------------------------------------------------------------


async def test_the_hello_says_who_it_is_with_what_and_since_which_start(server: FakeKioskServer) -> None:
    for _ in range(2):
        async with running_client(server.url) as running:
            await running.heard.event(e.FactsCame)
    first, second = server.hellos
    assert (first["kiosk_id"], first["software"], first["engine"]) == ("k1", "1.2.3", "aiortc")
    assert first["challenge"] == CHALLENGE
    assert first["instance"] != second["instance"]


async def test_one_start_of_the_program_is_one_instance_however_often_it_connects(
    server: FakeKioskServer, kiosk: Running
) -> None:
    await server.hangs_up()
    await kiosk.heard.event(e.FactsCame, 2)
    assert server.hellos[0]["instance"] == server.hellos[1]["instance"]


ANSWERS = {
    "a portal's page": lambda: web.Response(text="<h1>Welcome to our WiFi</h1>", content_type="text/html"),
    "no JSON": lambda: web.Response(text="{", content_type="application/json"),
    "another shape": lambda: web.json_response(["challenge"]),
    "no challenge": lambda: web.json_response({}),
    "a challenge that is none": lambda: web.json_response({"challenge": "not base64!"}),
    "a refusal": lambda: web.json_response({"error": {"code": "too_fast"}}, status=429),
    "a fault": lambda: web.Response(status=500),
}


@pytest.mark.parametrize("answer", ANSWERS)
async def test_whatever_answers_instead_of_the_server_counts_as_a_server_that_is_away(
    server: FakeKioskServer, answer: str
) -> None:
    proper = server.challenge

    async def improper(_request: web.Request) -> web.StreamResponse:
        return ANSWERS[answer]()

    server.challenge = improper
    async with running_client(server.url) as kiosk:
        await kiosk.heard.event(e.LinkLost)
        server.challenge = proper
        await kiosk.heard.event(e.FactsCame)


async def test_a_server_that_accepts_and_then_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link, "CONNECT_TIMEOUT_S", 0.1)
    monkeypatch.setattr(link, "retry_delay_s", lambda attempt, *_, **__: 0.0 if attempt == 1 else 60.0)

    async def challenge(_request: web.Request) -> web.Response:
        return web.json_response({"challenge": CHALLENGE})

    async def mute(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.receive()
        return socket

    app = web.Application()
    app.router.add_post("/api/kiosk/challenge", challenge)
    app.router.add_get("/socket.io/", mute)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    async with running_client(str(server.make_url("/"))) as kiosk:
        await kiosk.heard.event(e.LinkLost, 2)
        assert kiosk.client._link._sio is None  # nothing of the attempt can speak later
    await server.close()


@pytest.mark.parametrize("word", ["nonsense", '0{"sid":"x"}', '4{"a":1}', ""])
async def test_a_server_that_speaks_something_else_counts_as_one_that_is_away(word: str) -> None:
    async def challenge(_request: web.Request) -> web.Response:
        return web.json_response({"challenge": CHALLENGE})

    async def babble(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str(word)
        await socket.close()
        return socket

    app = web.Application()
    app.router.add_post("/api/kiosk/challenge", challenge)
    app.router.add_get("/socket.io/", babble)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    async with running_client(str(server.make_url("/"))) as kiosk:
        await kiosk.heard.event(e.LinkLost, 2)
    await server.close()


OPENED = '0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":20000}'


@pytest.mark.parametrize("answer", ["", '40/kiosk,{"sid":"y"}'], ids=["before", "just as"])
async def test_a_server_that_dies_while_it_lets_a_kiosk_in_is_not_waited_for(answer: str) -> None:
    async def challenge(_request: web.Request) -> web.Response:
        return web.json_response({"challenge": CHALLENGE})

    async def die(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str(OPENED)
        await socket.receive()
        if answer:
            await socket.send_str(answer)
        assert request.transport is not None
        request.transport.close()
        return socket

    app = web.Application()
    app.router.add_post("/api/kiosk/challenge", challenge)
    app.router.add_get("/socket.io/", die)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    async with running_client(str(server.make_url("/"))) as kiosk, asyncio.timeout(link.HTTP_TIMEOUT_S - 1):
        await kiosk.heard.event(e.LinkLost, 2)
    await server.close()


@pytest.mark.expected_log("link_refused.*forbidden")
async def test_a_refusal_by_the_gateway_has_its_cause(server: FakeKioskServer, monkeypatch: pytest.MonkeyPatch) -> None:
    import socketio

    async def refuse(_sid: str, _environ: Any, _auth: Any) -> None:
        raise socketio.exceptions.ConnectionRefusedError("forbidden", {})

    server._sio.on("connect", handler=refuse, namespace="/kiosk")
    async with running_client(server.url) as kiosk:
        assert await kiosk.heard.event(e.LinkRefused) == e.LinkRefused(OutOfServiceCause.REFUSED)


@pytest.mark.expected_log("link_refused.*word_of_a_newer_server")
async def test_a_refusal_in_a_newer_servers_word_is_tried_again(server: FakeKioskServer) -> None:
    import socketio

    async def refuse(_sid: str, _environ: Any, _auth: Any) -> None:
        raise socketio.exceptions.ConnectionRefusedError("word_of_a_newer_server", {})

    server._sio.on("connect", handler=refuse, namespace="/kiosk")
    async with running_client(server.url) as kiosk:
        await kiosk.heard.event(e.LinkLost)
        assert kiosk.heard.all_of(e.LinkRefused) == []


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, float]]:
    """For which try in a row it was asked how long to wait, and with what chance; nothing is waited for."""
    tries: list[tuple[int, float]] = []

    def delay_s(attempt: int, chance: float, *, in_visit: bool) -> float:
        tries.append((attempt, chance))
        return 0.0

    monkeypatch.setattr(link, "retry_delay_s", delay_s)
    return tries


async def test_the_tries_are_spread_by_chance_and_grow_further_apart(asked: list[tuple[int, float]]) -> None:
    async with running_client(f"http://127.0.0.1:{unused_port()}", chance=lambda: 0.25) as kiosk:
        await kiosk.heard.event(e.LinkLost, 4)
    assert asked[:3] == [(1, 0.25), (2, 0.25), (3, 0.25)]


async def test_after_a_connection_the_tries_begin_anew(server: FakeKioskServer, asked: list[tuple[int, float]]) -> None:
    async with running_client(server.url) as kiosk:
        for times in (1, 2, 3):
            await kiosk.heard.event(e.FactsCame, times)
            await server.hangs_up()
        await kiosk.heard.event(e.FactsCame, 4)
    assert [attempt for attempt, _ in asked] == [1, 1, 1]


async def test_a_server_that_lets_everybody_in_and_dies_of_it_is_spared_more_and_more(
    server: FakeKioskServer, asked: list[tuple[int, float]]
) -> None:
    server.snapshot_at_once = False
    async with running_client(server.url) as kiosk:
        for times in (1, 2, 3):
            await server.until_connected(times)
            await server.hangs_up()
            await kiosk.heard.event(e.LinkLost, times)
        await server.until_connected(4)
    assert [attempt for attempt, _ in asked] == [1, 2, 3]


async def test_a_server_that_stays_away_is_logged_once_and_not_for_days(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    monkeypatch.setattr(link, "retry_delay_s", lambda *_, **__: 0.0)
    async with running_client(f"http://127.0.0.1:{unused_port()}") as kiosk:
        await kiosk.heard.event(e.LinkLost, 5)
    assert caplog.text.count("link_not_made") == 1


async def test_each_loss_of_a_link_is_logged_and_so_is_each_new_reason(
    server: FakeKioskServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    async with running_client(server.url) as kiosk:
        for times in (1, 2):
            await kiosk.heard.event(e.FactsCame, times)
            await server.hangs_up()
            await kiosk.heard.event(e.LinkLost, times)
        await kiosk.heard.event(e.FactsCame, 3)
    assert (caplog.text.count("link_up"), caplog.text.count("link_lost")) == (3, 2)


# --- views ------------------------------------------------------------------------------------------------


async def test_a_clock_that_is_wrong_is_known_by_how_much(server: FakeKioskServer) -> None:
    slow = START - timedelta(seconds=90)
    async with running_client(server.url, now=lambda: slow) as running:
        came = await running.heard.event(e.FactsCame)
        assert came.facts.server_ahead_s == 90.0
        await server.tells("delta", delta(2, phone="0914-2"))
        came = await running.heard.event(e.FactsCame, 2)
        assert (came.facts.branch.phone, came.facts.server_ahead_s) == ("0914-2", 90.0)


async def test_a_delta_changes_the_view(server: FakeKioskServer, kiosk: Running) -> None:
    await server.tells("delta", delta(2, branch_name="Ersmark"))
    await kiosk.heard.event(e.FactsCame, 2)
    assert kiosk.heard.facts is not None
    assert kiosk.heard.facts.branch.branch_name == "Ersmark"


async def test_missed_deltas_are_made_good_by_one_request_for_the_whole_view(
    server: FakeKioskServer, kiosk: Running
) -> None:
    for revision in (4, 5, 6):
        await server.tells("delta", delta(revision, branch_name="Ersmark"))
    await kiosk.heard.event(e.FactsCame, 2)
    await server.tells("delta", delta(51, branch_name="Ersmark"))
    await kiosk.heard.event(e.FactsCame, 3)
    assert [name for name, _ in server.received] == ["snapshot.request"]


async def test_a_request_for_the_whole_view_that_was_refused_is_made_again_at_the_next_delta(
    server: FakeKioskServer, kiosk: Running
) -> None:
    server.snapshot_on_request = False
    server.answers["snapshot.request"] = {"ok": False, "error": {"code": "too_fast"}}
    await server.tells("delta", delta(9))
    await server.until_received("snapshot.request")
    server.snapshot_on_request = True
    assert await server.asks("presence.ask") == {"ok": True}  # the refusal has arrived before it
    await server.tells("delta", delta(10))
    await server.until_received("snapshot.request", times=2)
    await kiosk.heard.event(e.FactsCame, 2)


@pytest.mark.expected_log("message_not_understood.*Delta")
async def test_a_delta_that_breaks_the_view_is_not_taken_and_the_whole_view_is_asked_for(
    server: FakeKioskServer, kiosk: Running
) -> None:
    await server.tells("delta", delta(2, availability="plenty"))
    await kiosk.heard.event(e.FactsCame, 2)
    assert kiosk.heard.facts is not None
    assert kiosk.heard.facts.availability.answerable_seats == 1


@pytest.mark.parametrize(
    ("name", "payload", "model"),
    [
        ("delta", {"revision": "x"}, "Delta"),
        ("kiosk.snapshot", {"view": None}, "KioskSnapshot"),
        ("call.answer", {"visit_id": "v1"}, "CallAnswer"),
        ("call.candidate", None, "CallCandidate"),
        ("call.media", [1, 2], "CallMedia"),
        ("text.draft", {"visit_id": "v1", "entry": 0, "text": "x" * 5000}, "TextDraft"),
    ],
)
async def test_a_message_that_is_none_is_logged_by_its_kind_and_changes_nothing(
    server: FakeKioskServer, kiosk: Running, expected_log: Any, name: str, payload: Any, model: str
) -> None:
    expected_log(f"message_not_understood.*{model}")
    await server.tells(name, payload)
    await server.tells("delta", delta(2, branch_name="Ersmark"))
    await kiosk.heard.event(e.FactsCame, 2)
    assert (kiosk.heard.answers, kiosk.heard.candidates) == ([], [])
    assert {type(event) for event in kiosk.heard.events} == {e.FactsCame}


async def test_a_message_of_a_newer_server_is_ignored(server: FakeKioskServer, kiosk: Running) -> None:
    await server.tells("word.of.a.newer.server", {"x": 1})
    assert await server.asks("presence.ask") == {"ok": True}


async def test_a_new_connection_begins_with_a_view_of_its_own(server: FakeKioskServer, kiosk: Running) -> None:
    await server.tells("delta", delta(2, branch_name="Ersmark"))
    await kiosk.heard.event(e.FactsCame, 2)
    await server.hangs_up()
    await kiosk.heard.event(e.FactsCame, 3)
    assert kiosk.heard.facts is not None
    assert kiosk.heard.facts.branch.branch_name == VIEW.branch_name


async def test_a_delta_on_a_new_connection_is_not_laid_on_the_view_of_the_old_one(
    server: FakeKioskServer, kiosk: Running
) -> None:
    server.snapshot_at_once = False
    await server.hangs_up()
    await server.until_connected(2)
    await server.tells("delta", delta(2, branch_name="Ersmark"))  # the number that the old one would have had next
    await server.until_received("snapshot.request")
    await kiosk.heard.event(e.FactsCame, 2)
    assert kiosk.heard.facts is not None
    assert kiosk.heard.facts.branch.branch_name == VIEW.branch_name


# --- acknowledgements -------------------------------------------------------------------------------------


async def test_a_message_in_the_air_when_the_link_is_lost_is_given_up_at_once(
    server: FakeKioskServer, kiosk: Running
) -> None:
    server.answers["visit.open"] = NEVER
    sending = asyncio.create_task(kiosk.client.send(OPEN))
    await server.until_received("visit.open")
    assert not sending.done()
    kiosk.pulls_the_cable()
    await asyncio.wait_for(sending, timeout=1)  # far sooner than an acknowledgement may take
    assert kiosk.heard.all_of(e.OpenRefused) == []


async def test_an_acknowledgement_that_never_comes_is_not_waited_for_for_ever(
    server: FakeKioskServer, kiosk: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "ACK_TIMEOUT_S", 0.05)
    server.answers["call.ice"] = NEVER
    assert await kiosk.client.peer_settings(VISIT) == PeerSettings()
    assert kiosk.client._link._waiting == set()


@pytest.mark.parametrize("answer", [None, "yes", {"ok": "perhaps"}, {}, []])
async def test_an_acknowledgement_that_is_none_counts_as_not_taken(
    server: FakeKioskServer, kiosk: Running, answer: Any
) -> None:
    server.answers["call.offer"] = answer
    assert not await kiosk.client.send_offer(VISIT, 1, "v=0", "sha-256 AB")


async def test_a_refusal_without_a_reason_counts_as_one(server: FakeKioskServer, kiosk: Running) -> None:
    server.answers["visit.open"] = {"ok": False}
    await kiosk.client.send(OPEN)
    assert kiosk.heard.all_of(e.OpenRefused) == [e.OpenRefused(ErrorCode.INTERNAL)]


async def test_a_number_comes_with_its_acknowledgement(server: FakeKioskServer, kiosk: Running) -> None:
    server.answers["visit.ticket"] = {"ok": True, "data": {"ticket": 7}}
    await kiosk.client.send(fx.SendTicket(VISIT))
    assert await kiosk.heard.event(e.TicketTaken) == e.TicketTaken(VISIT, 7)
    assert await server.until_received("visit.ticket") == {"visit_id": "v1"}


async def test_a_number_that_is_refused_is_said(server: FakeKioskServer, kiosk: Running) -> None:
    server.answers["visit.ticket"] = {"ok": False, "error": {"code": "wrong_state"}}
    await kiosk.client.send(fx.SendTicket(VISIT))
    assert await kiosk.heard.event(e.TicketRefused) == e.TicketRefused(VISIT)


@pytest.mark.expected_log("message_not_understood.*TicketTaken")
async def test_a_number_that_is_none_counts_as_refused(server: FakeKioskServer, kiosk: Running) -> None:
    server.answers["visit.ticket"] = {"ok": True, "data": {"ticket": "seven"}}
    await kiosk.client.send(fx.SendTicket(VISIT))
    await kiosk.heard.event(e.TicketRefused)


async def test_a_number_that_nobody_acknowledges_is_neither_taken_nor_refused(
    server: FakeKioskServer, kiosk: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "ACK_TIMEOUT_S", 0.05)
    server.answers["visit.ticket"] = NEVER
    await kiosk.client.send(fx.SendTicket(VISIT))
    assert not [event for event in kiosk.heard.events if isinstance(event, e.TicketTaken | e.TicketRefused)]


async def test_what_one_who_waits_chose_and_a_touch_are_sent(server: FakeKioskServer, kiosk: Running) -> None:
    await kiosk.client.send(fx.SendKeepWaiting(VISIT))
    await kiosk.client.send(fx.SendAnswer(VISIT))
    assert await server.until_received("visit.keep_waiting") == {"visit_id": "v1"}
    assert await server.until_received("visit.answer") == {"visit_id": "v1"}


@pytest.mark.expected_log("message_not_understood.*IceServers")
async def test_ice_servers_that_are_none_count_as_none_at_all(server: FakeKioskServer, kiosk: Running) -> None:
    server.answers["call.ice"] = {"ok": True, "data": {"servers": "stun:stun.example"}}
    assert await kiosk.client.peer_settings(VISIT) == PeerSettings()


async def test_hanging_up_on_a_server_that_does_not_answer_does_not_take_long(
    server: FakeKioskServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "HANG_UP_TIMEOUT_S", 0.05)
    async with running_client(server.url) as kiosk:
        await kiosk.heard.event(e.FactsCame)
        sio = kiosk.client._link._sio
        assert sio is not None

        async def never(*_arguments: Any) -> None:
            await asyncio.Event().wait()

        proper = sio.disconnect
        monkeypatch.setattr(sio, "disconnect", never)
        await asyncio.wait_for(kiosk.client.close(), timeout=2)
        await proper()
