"""A server for the console's page alone: it serves the built pages, signs in, and shows the view that a test sets.

What it is for: to bring the page into any state at will. What it does not do: decide anything about visits. That
the page and the real server understand each other is tested with the real one.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import socketio
from aiohttp import web

from signaling.protocol.admin import OwnSettingsForm, PushForm, PushRef
from signaling.protocol.messages import MESSAGES, StaffHello, StaffView
from signaling.protocol.vocabulary import PROTOCOL_VERSION, STAFF_NAMESPACE
from staff_console.site import add_console

LOGIN, PASSWORD = "anna", "a few quiet words"
CSRF = "token-of-the-test"
_WAIT_S = 10.0

Message = tuple[str, dict[str, Any]]
Answer = Callable[[dict[str, Any]], Any]


class FakeConsoleServer:
    """What the page sees of a server.

    Attributes:
        url: Where the page is.
        received: Every message of the page, in order.
        answers: What a message is answered with, instead of "done"; a raised `Refused` refuses.
        staff: Who is signed in, as `GET /api/session` says; None when nobody is.
        hello: The last `auth` of a connection.
        own: One's own settings, as `GET /api/me/settings` gives them.
        pushes: The browsers that take web push, as they were told.
    """

    def __init__(self, view: StaffView) -> None:
        self.url = ""
        self.received: list[Message] = []
        self.answers: dict[str, Answer] = {}
        self.staff: dict[str, Any] | None = None
        self.must_change_password = False
        self.refuse_with: str | None = None
        self.hello: StaffHello | None = None
        self.own: dict[str, Any] = {
            "languages": ["sv", "nb", "en"],
            "email": "",
            "standby": False,
            "alerts": False,
            "push": 0,
            "push_available": True,
            "email_available": True,
        }
        self.pushes: list[dict[str, Any]] = []
        self._view = view
        self._revision = itertools.count(1)
        self._at = 0
        self._arrived = asyncio.Event()
        self._sid: str | None = None
        self._transport: asyncio.WriteTransport | None = None
        self._sio = socketio.AsyncServer(async_mode="aiohttp", transports=["websocket"], cors_allowed_origins="*")
        self._sio.on("connect", handler=self._connect, namespace=STAFF_NAMESPACE)
        self._sio.on("*", handler=self._receive, namespace=STAFF_NAMESPACE)

    @property
    def view(self) -> StaffView:
        """The view as the page was last told."""
        return self._view

    def change_unseen(self, **fields: Any) -> None:
        """Change top-level fields of the view; the page learns it when it connects anew."""
        self._view = self._view.model_copy(update=fields)

    async def show(self, **fields: Any) -> None:
        """Change top-level fields of the view and send the delta."""
        self.change_unseen(**fields)
        dumped = self._view.model_dump(mode="json")
        self._at = next(self._revision)
        await self.emit("delta", {"revision": self._at, "set": {name: dumped[name] for name in fields}})

    async def show_seat(self, **fields: Any) -> None:
        """Change the own seat."""
        await self.show(seat=self._view.seat.model_copy(update=fields))

    async def show_visit(self, **fields: Any) -> None:
        """Change the visit that this seat is in."""
        assert self._view.visit is not None
        await self.show(visit=self._view.visit.model_copy(update=fields))

    async def emit(self, name: str, payload: Mapping[str, Any]) -> None:
        """Send a message as the server would: complete, through its model."""
        message = MESSAGES[name].payload.model_validate(payload).model_dump(mode="json")
        await self._sio.emit(name, message, to=self._sid, namespace=STAFF_NAMESPACE)

    async def snapshot(self) -> None:
        """Send the whole view."""
        await self.emit(
            "staff.snapshot",
            {
                "protocol": PROTOCOL_VERSION,
                "revision": self._at,
                "server_time": datetime.now(UTC),
                "view": self._view.model_dump(mode="json"),
            },
        )

    async def ask_presence(self, *, within_s: float) -> bool:
        """Ask whether the page is there; whether it acknowledged in time."""
        try:
            await self._sio.call("presence.ask", {}, to=self._sid, namespace=STAFF_NAMESPACE, timeout=within_s)
        except socketio.exceptions.TimeoutError:
            return False
        return True

    def drop(self) -> None:
        """Cut the connection, as a network would."""
        assert self._transport is not None
        self._transport.abort()

    async def expect(self, name: str, **fields: Any) -> dict[str, Any]:
        """The next message `name` with these fields that was not expected before; waits for it."""
        async with asyncio.timeout(_WAIT_S):
            while True:
                for index, (received, payload) in enumerate(self.received):
                    if received == name and fields.items() <= payload.items():
                        del self.received[index]
                        return payload
                self._arrived.clear()
                await self._arrived.wait()

    def names(self) -> list[str]:
        """The names of the messages that were not expected yet."""
        return [name for name, _ in self.received]

    def application(self) -> web.Application:
        """The aiohttp application: the session's HTTP, the socket, the pages."""
        app = web.Application()
        app.router.add_get("/api/session", self._get_session)
        app.router.add_post("/api/session", self._sign_in)
        app.router.add_delete("/api/session", self._sign_out)
        app.router.add_post("/api/session/password", self._change_password)
        app.router.add_get("/api/me/settings", self._get_own)
        app.router.add_put("/api/me/settings", self._put_own)
        app.router.add_get("/api/me/push-key", self._push_key)
        app.router.add_post("/api/me/push", self._add_push)
        app.router.add_delete("/api/me/push", self._remove_push)
        self._sio.attach(app)
        add_console(app, https=False)
        return app

    async def _connect(self, sid: str, environ: Mapping[str, Any], auth: Any) -> None:
        if self.refuse_with is not None:
            raise socketio.exceptions.ConnectionRefusedError(self.refuse_with, {})
        self.hello = StaffHello.model_validate(auth)
        assert self.hello.csrf == CSRF
        self._sid = sid
        self._transport = environ["aiohttp.request"].transport
        asyncio.get_running_loop().call_soon(lambda: asyncio.ensure_future(self.snapshot()))

    async def _receive(self, name: str, sid: str, payload: Any) -> dict[str, Any]:
        message = MESSAGES[name].payload.model_validate(payload).model_dump(mode="json")
        self.received.append((name, message))
        self._arrived.set()
        try:
            data = self.answers[name](message) if name in self.answers else None
        except Refused as refused:
            return {"ok": False, "data": None, "error": {"code": refused.code, "data": refused.data}}
        if name == "seat.proof":
            await self.show_seat(**message)
        return {"ok": True, "data": data, "error": None}

    async def _get_session(self, _request: web.Request) -> web.Response:
        return web.json_response({"csrf": CSRF, "staff": self._who()})

    async def _sign_in(self, request: web.Request) -> web.Response:
        assert request.headers["X-CSRF-Token"] == CSRF
        body = await request.json()
        if body["password"] == "too often":
            error = {"code": "too_fast", "data": {"retry_after_s": 30}}
            return web.json_response({"error": error}, status=429)
        if (body["login"], body["password"]) != (LOGIN, PASSWORD):
            return web.json_response({"error": {"code": "not_authenticated"}}, status=401)
        self.sign_in()
        return await self._get_session(request)

    async def _sign_out(self, request: web.Request) -> web.Response:
        assert request.headers["X-CSRF-Token"] == CSRF
        self.staff = None
        return web.Response(status=204)

    async def _change_password(self, request: web.Request) -> web.Response:
        assert request.headers["X-CSRF-Token"] == CSRF
        body = await request.json()
        if body["current"] != PASSWORD:
            return web.json_response({"error": {"code": "not_authenticated"}}, status=401)
        if body["new"] == body["current"]:
            error = {"code": "weak_password", "data": {"min_chars": 12, "max_chars": 200}}
            return web.json_response({"error": error}, status=400)
        self.must_change_password = False
        return web.Response(status=204)

    async def _get_own(self, _request: web.Request) -> web.Response:
        return web.json_response(self.own)

    async def _put_own(self, request: web.Request) -> web.Response:
        assert request.headers["X-CSRF-Token"] == CSRF
        form = OwnSettingsForm.model_validate(await request.json())
        self.own = {**self.own, **form.model_dump(mode="json")}
        return web.json_response(self.own)

    async def _push_key(self, _request: web.Request) -> web.Response:
        return web.json_response({"key": "B" + "A" * 86})

    async def _add_push(self, request: web.Request) -> web.Response:
        assert request.headers["X-CSRF-Token"] == CSRF
        self.pushes.append(PushForm.model_validate(await request.json()).model_dump(mode="json"))
        return web.Response(status=204)

    async def _remove_push(self, request: web.Request) -> web.Response:
        endpoint = PushRef.model_validate(await request.json()).endpoint
        self.pushes = [one for one in self.pushes if one["endpoint"] != endpoint]
        return web.Response(status=204)

    def sign_in(self) -> None:
        """As if somebody had signed in before."""
        me = self._view.me
        self.staff = {"staff_id": me.staff_id, "name": me.name, "roles": list(me.roles)}

    def _who(self) -> dict[str, Any] | None:
        if self.staff is None:
            return None
        return {**self.staff, "must_change_password": self.must_change_password}


class Refused(Exception):
    """Raised by an answer: the message is refused."""

    def __init__(self, code: str, **data: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.data = data


@asynccontextmanager
async def running(server: FakeConsoleServer) -> AsyncIterator[FakeConsoleServer]:
    """Serve on a free port of this machine."""
    runner = web.AppRunner(server.application())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://localhost:{runner.addresses[0][1]}/"
    try:
        yield server
    finally:
        await runner.cleanup()
