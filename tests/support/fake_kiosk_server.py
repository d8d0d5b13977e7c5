"""A server for the kiosk's client alone, which can say what the real one never would.

What it is for: lost, late, broken and hostile answers. What it does not do: decide anything about visits. That the
client and the real server understand each other is tested with the real one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import socketio
from aiohttp import web
from aiohttp.test_utils import TestServer

from signaling.protocol.messages import KioskSnapshot, KioskView
from signaling.protocol.vocabulary import KIOSK_NAMESPACE, PROTOCOL_VERSION
from tests.support.lines import START

VIEW = KioskView.model_validate(
    {
        "kiosk_id": "k1",
        "kiosk_name": "Entrance",
        "library_name": "Norr",
        "branch_name": "Burträsk",
        "phone": "0914-1",
        "time_zone": "Europe/Stockholm",
        "default_language": "sv",
        "services": {"library-help": {"id": "library-help", "names": {"sv": "Bibliotekshjälp"}}},
        "availability": {"answerable": 1, "free": 1},
    }
)
CHALLENGE = "YWJjZA=="
NEVER: Any = object()

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class FakeKioskServer:
    """What a client sees of a server.

    Attributes:
        url: Where it is.
        challenge: Answers the request for a challenge.
        answers: What a message is acknowledged with, instead of "done"; `NEVER` says nothing at all.
        received: Every message, in order.
        snapshot_at_once: Whether a connection begins with a snapshot.
        snapshot_on_request: Whether a request for a snapshot is followed by one.
    """

    def __init__(self) -> None:
        self.url = ""
        self.challenge: Answer = self._challenge
        self.answers: dict[str, Any] = {}
        self.received: list[tuple[str, Any]] = []
        self.hellos: list[dict[str, Any]] = []
        self.snapshot_at_once = True
        self.snapshot_on_request = True
        self.sid: str | None = None
        self._news = asyncio.Event()
        self._sio = socketio.AsyncServer(async_mode="aiohttp", transports=["websocket"], cors_allowed_origins="*")
        self._sio.on("connect", handler=self._connect, namespace=KIOSK_NAMESPACE)
        self._sio.on("*", handler=self._receive, namespace=KIOSK_NAMESPACE)

    def app(self) -> web.Application:
        """The application to serve."""
        app = web.Application()
        app.router.add_post("/api/kiosk/challenge", self._answer_challenge)
        self._sio.attach(app)
        return app

    async def tells(self, name: str, payload: Any) -> None:
        """Send one message to the kiosk."""
        await self._sio.emit(name, payload, to=self.sid, namespace=KIOSK_NAMESPACE)

    async def asks(self, name: str) -> Any:
        """Send one message and wait for its acknowledgement."""
        return await self._sio.call(name, {}, to=self.sid, namespace=KIOSK_NAMESPACE, timeout=5)

    async def shows(self, revision: int = 1, view: KioskView = VIEW) -> None:
        """Send a snapshot."""
        snapshot = KioskSnapshot(protocol=PROTOCOL_VERSION, revision=revision, server_time=START, view=view)
        await self.tells("kiosk.snapshot", snapshot.model_dump(mode="json"))

    async def hangs_up(self) -> None:
        """End the connection."""
        await self._sio.disconnect(self.sid, namespace=KIOSK_NAMESPACE)

    async def until_received(self, name: str, times: int = 1) -> Any:
        """Wait for a message; its payload."""
        async with asyncio.timeout(5):
            while len(found := [payload for heard, payload in self.received if heard == name]) < times:
                self._news.clear()
                await self._news.wait()
        return found[-1]

    async def until_connected(self, times: int = 1) -> None:
        """Wait for the n-th connection."""
        async with asyncio.timeout(5):
            while len(self.hellos) < times:
                self._news.clear()
                await self._news.wait()

    async def _answer_challenge(self, request: web.Request) -> web.StreamResponse:
        return await self.challenge(request)

    async def _challenge(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response({"challenge": CHALLENGE})

    async def _connect(self, sid: str, _environ: Any, auth: Any) -> None:
        self.sid = sid
        self.hellos.append(auth)
        self._news.set()
        if self.snapshot_at_once:
            self._sio.start_background_task(self.shows)

    async def _receive(self, name: str, _sid: str, payload: Any = None) -> Any:
        self.received.append((name, payload))
        self._news.set()
        if name == "snapshot.request" and self.snapshot_on_request:
            await self.shows(revision=50)
        answer = self.answers.get(name, {"ok": True, "data": None})
        if answer is NEVER:
            await asyncio.Event().wait()
        return answer


@asynccontextmanager
async def fake_kiosk_server() -> AsyncIterator[FakeKioskServer]:
    """Serve one until the block ends."""
    fake = FakeKioskServer()
    server = TestServer(fake.app(), host="127.0.0.1")
    await server.start_server()
    fake.url = str(server.make_url("/")).rstrip("/")
    try:
        yield fake
    finally:
        await server.close()
