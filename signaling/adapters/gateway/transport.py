"""Socket.IO over WebSocket, with what the library leaves open closed.

What it is for: a foreign page is refused before a socket opens; what cannot be read changes nothing and leaves the
connection up unless it floods; no client can play the server's own events; a socket that never says who it is, or
that died while it was being let in, goes away. What it does not do: know kiosks, seats or messages.

It overrides methods that the library keeps for itself. `tests/signaling/adapters/gateway/test_transport.py` holds
each of them to what it is for, so that an update of the library cannot take one away unnoticed.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import time
from collections.abc import Callable, Collection, Coroutine
from typing import Any, Final

import socketio
import structlog
from aiohttp import web
from engineio.async_drivers.aiohttp import WebSocket
from pydantic_core import from_json, to_json
from socketio.packet import Packet
from typing_extensions import override

from signaling.adapters.gateway.connections import Connection, Pace
from signaling.protocol.errors import ErrorCode
from signaling.protocol.vocabulary import MAX_MESSAGE_BYTES
from signaling.service.ports import Metrics

#: Over this the transport itself hangs up; between the two a message is refused with `too_large`.
TRANSPORT_LIMIT_BYTES: Final = 4 * MAX_MESSAGE_BYTES
#: A socket that is gone is noticed after both together. The longer the first of them, the less a thousand pings cost.
PING_INTERVAL_S: Final = 6
PING_TIMEOUT_S: Final = 4
#: So long may a socket be open without anybody on it.
STRANGER_S: Final = 10.0

#: So long we wait for a client to agree that it is over.
HANG_UP_S: Final = 1.0

#: What a client may send: close, pong, or a Socket.IO packet. All else would end the library's reader.
_READABLE: Final = re.compile(r"[13]\Z|4[0-6]")
#: Packets of these types announce attachments, for which the library would wait. No message of ours has any.
_BINARY_EVENT: Final = "5"
_BINARY_ACK: Final = "6"
#: Events that are the library's own. A client that sends one would play the server to our handlers.
_RESERVED: Final = frozenset({"connect", "disconnect", "*"})
_WEBSOCKET_KEY: Final = "librarian.websocket"

_log = structlog.get_logger(__name__)


def _quiet_logger() -> logging.Logger:
    """The library's own lines are for its developers, and below errors they hold whole messages."""
    logger = logging.getLogger("socketio.server")
    logger.setLevel(logging.ERROR)
    return logger


class _PatientWebSocket(WebSocket):  # type: ignore[misc]  # the library has no types
    """Passes over frames that are no packets; too many end the connection."""

    async def __call__(self, environ: dict[str, Any]) -> Any:
        environ[_WEBSOCKET_KEY] = self
        self._pace = Pace(time.monotonic())
        return await super().__call__(environ)

    async def close(self) -> None:
        """Say that it is over, and wait for no more than a moment for the other end to agree.

        A dead end agrees to nothing, and its loss is told only after this: aiohttp's own 10 s here came on top of the
        10 s in which its silence is noticed.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HANG_UP_S):
                await super().close()

    async def wait(self) -> str:
        """The next readable frame.

        Raises:
            OSError: The connection has ended, or is to end.
        """
        while True:
            frame = await super().wait()
            if isinstance(frame, str) and _READABLE.match(frame):
                return frame
            if self._pace.floods(time.monotonic()):
                _log.info("connection_flooded", party="unknown")
                raise OSError


class _Json:
    """What the library wants of a JSON module, by the one that pydantic brings: half of the time or less."""

    @staticmethod
    def dumps(value: object, **_options: object) -> str:
        """Compact; what is not JSON is an error."""
        return to_json(value).decode()

    @staticmethod
    def loads(text: str) -> Any:
        """Raises ValueError."""
        return from_json(text)


class _TextPacket(Packet):  # type: ignore[misc]  # the library has no types
    """Never binary: nothing of ours is, and to look for it in each message cost more than to send it."""

    uses_binary_events = False
    json = _Json


class WireServer(socketio.AsyncServer):  # type: ignore[misc]  # the library has no types
    """The Socket.IO server.

    Args:
        allowed_origins: Pages that may connect; whoever sends no Origin is no browser.
        namespaces: Where clients may connect.
        metrics: Counts refusals.
        slow: Messages whose answer takes seconds. What their sender says after them does not wait for it: a tap behind
            a test call would, and so would the pong that keeps the link.
    """

    def __init__(
        self,
        *,
        allowed_origins: list[str],
        namespaces: list[str],
        metrics: Metrics,
        slow: Collection[str] = frozenset(),
    ) -> None:
        super().__init__(
            async_mode="aiohttp",
            transports=["websocket"],
            cors_allowed_origins=allowed_origins,
            max_http_buffer_size=TRANSPORT_LIMIT_BYTES,
            http_compression=False,
            # One message of a connection after the other: typed text and candidates keep their order.
            async_handlers=False,
            namespaces=namespaces,
            ping_interval=PING_INTERVAL_S,
            ping_timeout=PING_TIMEOUT_S,
            serializer=_TextPacket,
            # It looks at one socket after the other for what polling leaves open; a WebSocket that is silent for longer
            # than both of the times above ends by itself.
            monitor_clients=False,
            logger=_quiet_logger(),
            engineio_logger=_quiet_logger(),
        )
        self.eio._async = {**self.eio._async, "websocket": _PatientWebSocket}  # noqa: SLF001 - see the module's text
        self._allowed_origins = frozenset(allowed_origins)
        self._own_namespaces = namespaces
        self._metrics = metrics
        self._slow = frozenset(slow)
        self._answering: set[asyncio.Task[None]] = set()
        self._paces: dict[str, Pace] = {}
        self._opened_s: dict[str, float] = {}
        self._hanging_up: set[asyncio.Task[Any]] = set()

    @override
    def attach(self, app: web.Application, socketio_path: str = "socket.io") -> None:
        """Put the one route on the web application: there is no polling, so nothing is ever posted."""
        app.router.add_get(f"/{socketio_path}/", self._open)

    async def tell(self, connection: Connection, event: str, payload: dict[str, Any]) -> None:
        """Send one message to one connection; nothing happens when it has ended."""
        await self.emit(event, payload, to=connection.sid, namespace=connection.namespace)

    async def ask_presence(self, connection: Connection, answered: Callable[..., Any]) -> None:
        """Ask whether somebody is there. The question is kept until it is answered or the connection ends."""
        await self.emit("presence.ask", {}, to=connection.sid, namespace=connection.namespace, callback=answered)

    async def hang_up(self, sid: str, namespace: str) -> None:
        """End a connection without waiting for the client to agree."""
        eio_sid = self.manager.eio_sid_from_sid(sid, namespace)
        if eio_sid is not None:
            await self._hang_up(eio_sid)

    async def sweep(self) -> None:
        """Close sockets on which nobody is, because nobody came or because who came was refused."""
        now_s = time.monotonic()
        for eio_sid, opened_s in list(self._opened_s.items()):
            if now_s - opened_s > STRANGER_S and not self._has_somebody(eio_sid):
                await self._hang_up(eio_sid)

    async def close(self) -> None:
        """End every connection, and what runs in the background."""
        for eio_sid in list(self._opened_s):
            await self._hang_up(eio_sid)
        await self.shutdown()
        if self._hanging_up:
            await asyncio.wait(self._hanging_up, timeout=HANG_UP_S)

    # --- opening and closing ------------------------------------------------------------------------------

    async def _open(self, request: web.Request) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if origin is not None and origin not in self._allowed_origins:
            note_refusal(self._metrics, "unknown", ErrorCode.ORIGIN)
            return _refusal(ErrorCode.ORIGIN, 403)
        query = request.query
        is_ours = query.get("transport") == "websocket" and query.get("EIO") == "4" and "sid" not in query
        if not is_ours or not web.WebSocketResponse().can_prepare(request).ok:
            return _refusal(ErrorCode.MALFORMED, 400)
        response: web.StreamResponse = await self.handle_request(request)
        return response

    async def _hang_up(self, eio_sid: str) -> None:
        websocket = self.environ.get(eio_sid, {}).get(_WEBSOCKET_KEY)
        socket = self.eio.sockets.get(eio_sid)
        if socket is not None:
            await socket.close(wait=False)
        if websocket is not None:
            # Beside us: a client that does not read would make us wait.
            task = asyncio.create_task(websocket.close())
            self._hanging_up.add(task)
            task.add_done_callback(self._hanging_up.discard)

    def _has_somebody(self, eio_sid: str) -> bool:
        return any(
            self.manager.is_connected(self.manager.sid_from_eio_sid(eio_sid, namespace), namespace)
            for namespace in self._own_namespaces
        )

    def _is_open(self, eio_sid: str) -> bool:
        socket = self.eio.sockets.get(eio_sid)
        return socket is not None and not socket.closing and not socket.closed

    @override
    async def _handle_eio_connect(self, eio_sid: str, environ: dict[str, Any]) -> None:
        await super()._handle_eio_connect(eio_sid, environ)
        self._paces[eio_sid] = Pace(time.monotonic())
        self._opened_s[eio_sid] = time.monotonic()

    @override
    async def _handle_eio_disconnect(self, eio_sid: str, reason: str) -> None:
        self._paces.pop(eio_sid, None)
        self._opened_s.pop(eio_sid, None)
        await super()._handle_eio_disconnect(eio_sid, reason)

    # --- packets ------------------------------------------------------------------------------------------

    @override
    async def _handle_eio_message(self, eio_sid: str, data: str) -> None:
        try:
            if data.startswith(_BINARY_ACK):
                raise TypeError
            if data.startswith(_BINARY_EVENT):
                packet = self.packet_class(encoded_packet=data)
                # One argument more than any message has: refused as malformed, and nothing waits for attachments.
                await self._handle_event(eio_sid, packet.namespace, packet.id, [*packet.data[:1], None, None])
                return
            await super()._handle_eio_message(eio_sid, data)
        except Exception:  # noqa: BLE001 - whatever it is: it came from outside and could not be read
            await self._count_refused(eio_sid)

    @override
    async def _handle_connect(self, eio_sid: str, namespace: str | None, data: Any) -> None:
        before = self.manager.sid_from_eio_sid(eio_sid, namespace)
        await super()._handle_connect(eio_sid, namespace, data)
        if not self._is_open(eio_sid):
            # It went while it was being let in, and the library told nobody, for it was not in yet.
            await self._handle_disconnect(eio_sid, namespace, self.reason.TRANSPORT_CLOSE)
        elif self.manager.sid_from_eio_sid(eio_sid, namespace) in {None, before}:
            await self._count_refused(eio_sid)

    @override
    async def _handle_event(self, eio_sid: str, namespace: str | None, id: int | None, data: Any) -> None:
        if not isinstance(data, list) or not data:
            raise TypeError
        name = data[0] if isinstance(data[0], str) and data[0] not in _RESERVED else ""
        if name not in self._slow:
            await super()._handle_event(eio_sid, namespace, id, [name, *data[1:]])
            return
        task = asyncio.create_task(self._answer_beside(super()._handle_event(eio_sid, namespace, id, data)))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    @staticmethod
    async def _answer_beside(answering: Coroutine[Any, Any, None]) -> None:
        # Its sender may be gone by the time of the answer.
        with contextlib.suppress(KeyError, OSError):
            await answering

    @override
    async def _handle_ack(self, eio_sid: str, namespace: str | None, id: int | None, data: Any) -> None:
        if not isinstance(data, list) or not id:  # under 0 the library keeps its own counter
            raise TypeError
        await super()._handle_ack(eio_sid, namespace, id, data)

    async def _count_refused(self, eio_sid: str) -> None:
        pace = self._paces.get(eio_sid)
        if pace is not None and pace.floods(time.monotonic()):
            _log.info("connection_flooded", party="unknown")
            await self._hang_up(eio_sid)


def note_refusal(metrics: Metrics, party: str, code: ErrorCode) -> None:
    """Log and count that somebody was turned away; why, and never who or from where."""
    _log.info("connection_refused", party=party, code=code.value)
    metrics.count("connections_refused", {"party": party, "code": code.value})


def _refusal(code: ErrorCode, status: int) -> web.Response:
    return web.json_response({"error": {"code": code.value}}, status=status, headers={"Cache-Control": "no-store"})
