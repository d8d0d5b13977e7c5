"""What a test of the way to a librarian asks of the server, over the kiosk's link."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from kiosk.adapters import wire
from kiosk.core import events as e
from kiosk.core.health.call import EchoFault, EchoReply
from kiosk.core.media import IceServer
from signaling.protocol.vocabulary import MAX_SDP_CHARS
from tests.support.fake_kiosk_server import FakeKioskServer, fake_kiosk_server
from tests.support.kiosk_client import Running, running_client

SERVERS = {"servers": [{"urls": ["turn:r.example"], "username": "1:k", "credential": "c"}], "relay_only": True}


@pytest_asyncio.fixture
async def server() -> AsyncIterator[FakeKioskServer]:
    async with fake_kiosk_server() as running:
        yield running


@pytest_asyncio.fixture
async def kiosk(server: FakeKioskServer) -> AsyncIterator[Running]:
    async with running_client(server.url) as running:
        await running.heard.event(e.FactsCame)
        yield running


def refusal(code: str, **data: Any) -> dict[str, Any]:
    return {"ok": False, "error": {"code": code, "data": data}}


async def test_the_servers_of_a_test_are_asked_for_without_a_visit(server: FakeKioskServer, kiosk: Running) -> None:
    server.answers["health.ice"] = {"ok": True, "data": SERVERS}
    settings = await kiosk.client.test_settings()
    assert settings is not None
    assert settings.ice_servers == (IceServer(("turn:r.example",), "1:k", "c"),)
    assert settings.relay_only
    assert await server.until_received("health.ice") == {}


async def test_a_refusal_gives_no_servers(server: FakeKioskServer, kiosk: Running) -> None:
    server.answers["health.ice"] = refusal("unavailable")
    assert await kiosk.client.test_settings() is None


@pytest.mark.expected_log("message_not_understood")
async def test_servers_that_cannot_be_read_are_none(server: FakeKioskServer, kiosk: Running) -> None:
    server.answers["health.ice"] = {"ok": True, "data": {"servers": "many"}}
    assert await kiosk.client.test_settings() is None


async def test_the_echo_s_answer_comes_back(server: FakeKioskServer, kiosk: Running) -> None:
    server.answers["health.call"] = {"ok": True, "data": {"sdp": "an answer"}}
    assert await kiosk.client.echo("an offer") == EchoReply("an answer")
    assert await server.until_received("health.call") == {"sdp": "an offer"}


@pytest.mark.parametrize(
    ("answer", "reply"),
    [
        (refusal("unavailable", retry_after_s=2), EchoReply(fault=EchoFault.BUSY, retry_after_s=2.0)),
        (refusal("too_fast", retry_after_s=9), EchoReply(fault=EchoFault.BUSY, retry_after_s=9.0)),
        (refusal("too_fast"), EchoReply(fault=EchoFault.BUSY, retry_after_s=1.0)),
        (refusal("too_fast", retry_after_s="soon"), EchoReply(fault=EchoFault.BUSY, retry_after_s=1.0)),
        (refusal("unknown_message"), EchoReply(fault=EchoFault.AWAY, retry_after_s=1.0)),
        (refusal("internal"), EchoReply(fault=EchoFault.BROKEN, retry_after_s=1.0)),
        ({"ok": False}, EchoReply(fault=EchoFault.BROKEN, retry_after_s=1.0)),
        ({"ok": True, "data": {}}, EchoReply(fault=EchoFault.BROKEN)),
    ],
    ids=["busy", "again too soon", "too soon", "an odd wait", "an older server", "broken", "no reason", "no answer"],
)
async def test_what_the_server_says_instead_is_told_apart(
    server: FakeKioskServer, kiosk: Running, answer: dict[str, Any], reply: EchoReply
) -> None:
    server.answers["health.call"] = answer
    assert await kiosk.client.echo("an offer") == reply


async def test_an_offer_that_is_too_long_is_not_even_sent(server: FakeKioskServer, kiosk: Running) -> None:
    assert (await kiosk.client.echo("v" * (MAX_SDP_CHARS + 1))).fault is EchoFault.BROKEN
    assert [name for name, _ in server.received if name == "health.call"] == []


async def test_while_the_server_is_away_neither_is_had(server: FakeKioskServer, kiosk: Running) -> None:
    await server.hangs_up()
    server.snapshot_at_once = False
    await kiosk.heard.event(e.LinkLost)
    client = kiosk.client
    if client._link._sio is None or not client._link._sio.connected:
        assert await client.test_settings() is None
        assert (await client.echo("an offer")).fault is EchoFault.AWAY
    assert wire.echo_reply_from(None) == EchoReply(fault=EchoFault.AWAY)
