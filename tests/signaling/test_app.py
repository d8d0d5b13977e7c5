"""The server put together: what it serves, what runs beside it, and that no line of its log knows anybody."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import shutil
from collections.abc import Iterator, Mapping, MutableMapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from signaling import app as app_module
from signaling.adapters.gateway import handlers
from signaling.adapters.logs import configure_logging
from signaling.adapters.store_memory import MemoryStore
from signaling.adapters.store_sql import open_store
from signaling.app import make_app
from signaling.config import LogFormat, LogLevel, Settings
from signaling.protocol.vocabulary import VisitState
from signaling.service.hub import Hub
from signaling.service.ports import StoreError
from tests.support.edges import SetClock
from tests.support.stores import sqlite_template
from tests.support.wire import LINE, ORIGIN, PATIENCE_S, TurnedAway, Wire, add_library, wire_server

__all__ = ["sqlite_template"]


# --- what it serves -------------------------------------------------------------------------------------------


async def test_one_address_serves_console_routes_sockets_and_health() -> None:
    async with wire_server(MemoryStore()) as wire:
        async with wire.http.get(f"{wire.url}/healthz") as health:
            assert (health.status, await health.json()) == (200, {"ok": True, "database": "ok"})
        async with wire.http.get(f"{wire.url}/") as page:
            assert "Content-Security-Policy" in page.headers
        kiosk, seat, _ = await wire.talk()
        async with wire.http.get(f"{wire.url}/metrics") as metrics:
            text = await metrics.text()
        assert "librarian_visits_accepted_total 1.0" in text
        assert kiosk.connected
        assert seat.connected


async def test_a_start_gives_everyone_who_was_there_a_grace() -> None:
    store = MemoryStore()
    async with wire_server(store) as wire:
        await wire.talk()
    async with wire_server(store):
        line = await store.read_line(LINE)
    assert [seat.connected for seat in line.seats.values()] == [False]
    assert [kiosk.connected for kiosk in line.kiosks.values()] == [False]
    assert [visit.state for visit in line.visits.values()] == [VisitState.TALKING]


# --- what runs beside it --------------------------------------------------------------------------------------


class WatchedStore(MemoryStore):
    """Says when its housekeeping was done, and can fail the first time."""

    def __init__(self, *, fails_once: bool = False) -> None:
        super().__init__()
        self.fails = fails_once
        self.forgot = asyncio.Event()

    async def forget_expired(self, now: datetime) -> Mapping[str, int]:
        if self.fails:
            self.fails = False
            raise StoreError("the database is away")
        removed = await super().forget_expired(now)
        if any(removed.values()):
            self.forgot.set()
        return removed


async def test_old_data_is_forgotten_when_a_server_starts() -> None:
    store, clock = WatchedStore(), SetClock()
    async with wire_server(store, clock) as wire:
        await wire.add_staff("anna", "Anna")
    clock.later(24 * 3600)
    async with wire_server(store, clock) as wire:
        await asyncio.wait_for(store.forgot.wait(), PATIENCE_S)
        wire.tokens["anna"] = "token-of-anna"
        with pytest.raises(TurnedAway, match="not_authenticated"):
            await wire.seat()


@pytest.mark.expected_log("retention_waits_for_store", logger="signaling.app")
async def test_housekeeping_survives_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_module, "RETENTION_EVERY_S", 0)
    store, clock = WatchedStore(fails_once=True), SetClock()
    async with wire_server(store, clock) as wire:
        await wire.add_staff("anna", "Anna")
        clock.later(24 * 3600)
        await asyncio.wait_for(store.forgot.wait(), PATIENCE_S)


@pytest.mark.expected_log("background_work_broke.*deadlines.*ZeroDivisionError", level="ERROR", logger="signaling.app")
def test_a_part_that_breaks_stops_the_server_so_that_it_is_started_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that looks alive while its deadlines do not pass is worse than one that is down for a second."""

    async def broken(_hub: Hub) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Hub, "run_deadlines", broken)

    async def serve() -> None:
        store = MemoryStore()
        await add_library(store)
        async with TestClient[web.Request, web.Application](TestServer(make_app(Settings(), store))):
            await asyncio.sleep(PATIENCE_S)
            pytest.fail("it went on")

    with pytest.raises(web.GracefulExit):
        asyncio.run(serve())


# --- what it logs ---------------------------------------------------------------------------------------------

SDP = "v=0\r\no=- 4611 2 IN IP4 192.0.2.77\r\ns=-\r\na=fingerprint:sha-256 AA:BB:CC\r\n"
CANDIDATE = "candidate:1 1 UDP 2122 192.0.2.77 51234 typ host"
TYPED = "jag heter Berit och bor på Storgatan 5"
PASSWORD = "Hemligt-lösenord-77"
FINGERPRINT = "sha-256 AA:BB:CC:DD"
SIGNATURE = "c2lnbmF0dXJlc2lnbmF0dXJl"
#: What no line may hold, in whatever key it stands: people, where they are, what they say, what lets them in.
UNSPEAKABLE = (
    *("Berit", "Storgatan", "Anna", "anna", "Bo", "Burträsk", "0914"),
    *("192.0.2.77", "127.0.0.1", "localhost:8080", "evil.example"),
    *("v=0", "fingerprint:", "candidate:1", FINGERPRINT, SIGNATURE),
    *(PASSWORD, "token-of", "librarian-session"),
)


async def eventful_visit(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A whole visit, and everything that can go wrong around it; the secrets that came up on the way."""
    kiosk, seat, visit_id = await wire.talk()
    visit, call = {"visit_id": visit_id}, {"visit_id": visit_id, "generation": 1}
    offer = {**call, "sdp": SDP, "fingerprint": FINGERPRINT, "signature": SIGNATURE}
    await kiosk.ok("call.offer", offer)
    await seat.ok("call.answer", {**call, "sdp": SDP})
    for end in (kiosk, seat):
        await end.ok("call.candidate", {**call, "candidate": CANDIDATE})
        await end.ok("text.draft", {**visit, "entry": 1, "text": TYPED})
        assert await end.refused("text.draft", {**visit, "entry": 0, "text": TYPED}) == "malformed"
        assert await end.refused("call.again", {**visit, "generation": 9, "sdp": SDP}) == "stale_generation"
        assert await end.refused(TYPED, {"text": TYPED}) == "unknown_message"

    async def broken(*_arguments: object) -> None:
        raise ValueError(TYPED, SDP)

    with monkeypatch.context() as patch:
        patch.setitem(handlers.HANDLERS, "call.ice", broken)
        assert await seat.refused("call.ice", visit) == "internal"
    await seat.ok("visit.finish", visit)
    await kiosk.ok("visit.feedback", {**visit, "score": 3})
    await seat.ok("visit.close_out", visit)
    challenge = await wire.kiosk_hello(signature=SIGNATURE)
    for attempt in (
        wire.kiosk_with(challenge),
        wire.kiosk_with({"protocol": 1, "kiosk_id": TYPED}),
        wire.seat("bo", origin="https://evil.example"),
        wire.seat("bo", csrf=PASSWORD),
    ):
        with pytest.raises(TurnedAway):
            await attempt
    sign_in = {"login": "anna", "password": PASSWORD}
    async with wire.http.post(f"{wire.url}/api/session", json=sign_in, headers={"Origin": ORIGIN}) as answer:
        assert answer.status in {401, 403}
    await seat.drop()
    await kiosk.close()
    return [str(challenge["challenge"]), *wire.tokens.values()]


@pytest.fixture
def events() -> Iterator[list[MutableMapping[str, Any]]]:
    """Every event of our own, before the net that masks what must not be kept."""
    with structlog.testing.capture_logs() as captured:
        yield captured


async def test_no_event_of_a_whole_visit_knows_anybody(
    events: list[MutableMapping[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with wire_server(MemoryStore()) as wire:
        secrets = await eventful_visit(wire, monkeypatch)
    names = {event["event"] for event in events}
    assert {"handler_failed", "connection_refused", "kiosk_refused"} <= names, "it was listened to"
    text = json.dumps([dict(event) for event in events], ensure_ascii=False)
    assert [word for word in (*UNSPEAKABLE, *secrets) if word in text] == []


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """The log as the server writes it, at its most talkative, with the lines of all libraries."""
    root = logging.getLogger()
    handlers_before, level_before = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in logging.root.manager.loggerDict}
    stream = io.StringIO()
    configure_logging(LogLevel.DEBUG, LogFormat.JSON, stream)
    yield stream
    root.handlers[:] = handlers_before
    root.setLevel(level_before)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(capture=False)


@pytest.mark.expected_log("handler_failed", level="ERROR")
@pytest.mark.expected_log("kiosk_refused", optional=True)
async def test_no_line_of_a_whole_visit_on_sqlite_knows_anybody(
    written: io.StringIO, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_template: Path
) -> None:
    file = tmp_path / "librarian.sqlite3"
    shutil.copy(sqlite_template, file)
    async with wire_server(await open_store(f"sqlite:///{file}")) as wire:
        secrets = await eventful_visit(wire, monkeypatch)
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert {"handler_failed", "connection_refused"} <= {line["event"] for line in lines}
    ours = [line for line in lines if not line["logger"].startswith(("asyncio", "aiohttp.client"))]
    text = json.dumps(ours, ensure_ascii=False)
    assert [word for word in (*UNSPEAKABLE, *secrets) if word in text and word != "127.0.0.1"] == []
