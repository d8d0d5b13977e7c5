"""The Socket.IO server: lets kiosks and consoles in, checks every message, and hands it to its handler.

WebSocket only. Nobody is let in without proof of who it is; nothing is taken that the table of messages does
not allow this end to say. A refused message changes nothing and leaves the connection up, unless it floods.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import socketio
import structlog
from aiohttp import web
from pydantic import ValidationError
from socketio.exceptions import ConnectionRefusedError as Refusal
from socketio.exceptions import TimeoutError as NoAnswer

from signaling.adapters.auth import KioskAuth, StaffAuth
from signaling.adapters.gateway.connections import Connection, Connections, Pace
from signaling.adapters.gateway.handlers import HANDLERS, Desk
from signaling.adapters.gateway.shower import Shower
from signaling.domain import commands as c
from signaling.protocol import messages as m
from signaling.protocol.errors import ErrorCode, WireError
from signaling.protocol.vocabulary import (
    KIOSK_NAMESPACE,
    MAX_MESSAGE_BYTES,
    OLDEST_PROTOCOL_VERSION,
    PROTOCOL_VERSION,
    STAFF_NAMESPACE,
    LibraryId,
    Party,
    Role,
    SeatId,
)
from signaling.service.hub import Hub
from signaling.service.ports import Clock, Ids, Metrics, Store, StoreError
from signaling.service.snapshots import kiosk_view, staff_view

#: Over this the transport itself hangs up; between the two a message is refused with `too_large`.
TRANSPORT_LIMIT_BYTES: Final = 4 * MAX_MESSAGE_BYTES
#: How long an older connection of the same kiosk or seat has to say that it is alive.
PRESENCE_ANSWER_S: Final = 2.0
#: How often revoked kiosks and ended sessions are looked for among the open connections.
RECHECK_S: Final = 5.0
PING_INTERVAL_S: Final = 5
PING_TIMEOUT_S: Final = 5

_NAMESPACES: Final = {
    KIOSK_NAMESPACE: m.Direction.KIOSK_TO_SERVER,
    STAFF_NAMESPACE: m.Direction.STAFF_TO_SERVER,
}
_MAY_SIT: Final = frozenset({Role.LIBRARIAN, Role.SPECIALIST})

_log = structlog.get_logger(__name__)


class Gateway:
    """The edge between sockets and the hub."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        ids: Ids,
        metrics: Metrics,
        kiosk_auth: KioskAuth,
        staff_auth: StaffAuth,
        allowed_origins: list[str],
        relay_only: bool,
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._metrics = metrics
        self._kiosk_auth = kiosk_auth
        self._staff_auth = staff_auth
        self._allowed_origins = allowed_origins
        self._relay_only = relay_only
        self._connections = Connections()
        self.shower = Shower(store=store, clock=clock, connections=self._connections, emit=self._emit)
        self._hub: Hub | None = None
        self._desk: Desk | None = None
        self._sio = socketio.AsyncServer(
            async_mode="aiohttp",
            transports=["websocket"],
            cors_allowed_origins=allowed_origins,
            max_http_buffer_size=TRANSPORT_LIMIT_BYTES,
            http_compression=False,
            # One message of a connection after the other: typed text and candidates keep their order.
            async_handlers=False,
            namespaces=list(_NAMESPACES),
            ping_interval=PING_INTERVAL_S,
            ping_timeout=PING_TIMEOUT_S,
            logger=False,
            engineio_logger=False,
        )
        self._register()

    def attach(self, app: web.Application, hub: Hub) -> None:
        """Put the server on the web application and give it its hub."""
        self._hub = hub
        self._desk = Desk(hub, self._ids, relay_only=self._relay_only)
        self._sio.attach(app)

    @property
    def hub(self) -> Hub:
        """The hub; there from `attach` on."""
        if self._hub is None:
            raise RuntimeError("attach the gateway before serving")
        return self._hub

    async def run_rechecks(self) -> None:
        """For ever: close connections whose right has ended meanwhile, e.g. by the command line."""
        while True:
            await asyncio.sleep(RECHECK_S)
            try:
                await self.recheck()
            except StoreError as error:
                _log.warning("recheck_waits_for_store", error=type(error).__name__)

    async def recheck(self) -> None:
        """Close connections of revoked kiosks and ended sessions."""
        directory = await self.shower.directory(fresh=True)
        now = self._clock.now()
        for connection in self._connections:
            if connection.party is Party.VISITOR:
                kiosk = directory.kiosks.get(connection.kiosk_id)
                gone = kiosk is None or kiosk.revoked_at is not None
            else:
                gone = await self._store.find_session(connection.session_hash, now) is None
            if gone:
                _log.info("connection_revoked", party=connection.party.value)
                await self._sio.disconnect(connection.sid, namespace=connection.namespace)
        self._metrics.gauge(
            "connections", sum(x.party is Party.VISITOR for x in self._connections), [("party", "kiosk")]
        )
        self._metrics.gauge("connections", sum(x.party is Party.STAFF for x in self._connections), [("party", "staff")])

    async def end_session(self, session_hash: bytes) -> None:
        """A staff member signed out: the seats of that browser are gone at once, without grace."""
        for connection in self._connections:
            if connection.party is Party.STAFF and connection.session_hash == session_hash:
                await self.hub.run(connection.library_id, c.RemoveSeat(connection.seat_id))
                await self._sio.disconnect(connection.sid, namespace=connection.namespace)

    # --- connecting ---------------------------------------------------------------------------------------

    async def _kiosk_connects(self, sid: str, auth: Any) -> Connection:
        hello = m.KioskHello.model_validate(auth)
        kiosk = await self._kiosk_auth.verify(hello, self._clock.now())
        await self._make_way(Party.VISITOR, kiosk.id, hello.instance)
        directory = await self.shower.directory(fresh=True)
        return Connection(
            sid,
            KIOSK_NAMESPACE,
            Party.VISITOR,
            kiosk.id,
            directory.branches[kiosk.branch_id].library_id,
            Pace(time.monotonic()),
            enter=c.ConnectKiosk(kiosk.id, kiosk.branch_id),
            lose=c.LoseKiosk(kiosk.id),
            look=lambda scene: kiosk_view(scene, kiosk.id) if kiosk.id in scene.directory.kiosks else None,
            instance=hello.instance,
        )

    async def _staff_connects(self, sid: str, environ: Mapping[str, Any], auth: Any) -> Connection:
        hello = m.StaffHello.model_validate(auth)
        _check_version(hello.protocol)
        if environ.get("HTTP_ORIGIN") not in self._allowed_origins:
            raise WireError(ErrorCode.ORIGIN)  # a browser always says where it comes from
        request: web.Request = environ["aiohttp.request"]
        session, staff = await self._staff_auth.from_cookie(request.cookies, hello.csrf, self._clock.now())
        if not staff.roles & _MAY_SIT:
            raise WireError(ErrorCode.FORBIDDEN)
        seat_id = await self._seat_id(staff.library_id, staff.id, hello.seat_id)
        return Connection(
            sid,
            STAFF_NAMESPACE,
            Party.STAFF,
            seat_id,
            staff.library_id,
            Pace(time.monotonic()),
            enter=c.ConnectSeat(seat_id, staff.id, staff.name),
            lose=c.LoseSeat(seat_id),
            look=lambda scene: staff_view(scene, staff, seat_id),
            session_hash=session.token_hash,
        )

    async def _seat_id(self, library_id: LibraryId, staff_id: str, wanted: str | None) -> SeatId:
        """The seat that this tab had, if it is still there, is this person's, and no other tab sits in it."""
        if wanted is not None:
            line = await self._store.read_line(library_id)
            seat = line.seats.get(SeatId(wanted))
            if seat is not None and seat.staff_id == staff_id:
                older = self._connections.of(Party.STAFF, seat.id)
                if older is None or not await self._answers(older):
                    if older is not None:
                        await self._sio.disconnect(older.sid, namespace=older.namespace)
                    return seat.id
        return SeatId(self._ids.new())

    async def _make_way(self, party: Party, party_id: str, instance: str) -> None:
        """Close a dead older connection of the same kiosk; a living one with another instance goes on."""
        older = self._connections.of(party, party_id)
        if older is None:
            return
        if older.instance != instance and await self._answers(older):
            raise WireError(ErrorCode.ALREADY_CONNECTED)
        await self._sio.disconnect(older.sid, namespace=older.namespace)

    async def _answers(self, connection: Connection) -> bool:
        try:
            await self._sio.call(
                "presence.ask",
                {},
                to=connection.sid,
                namespace=connection.namespace,
                timeout=PRESENCE_ANSWER_S,
            )
        except NoAnswer:
            return False
        return True

    async def _enter(self, connection: Connection) -> None:
        self._connections.add(connection)
        try:
            await self.hub.run(connection.library_id, connection.enter)
        except BaseException:
            self._connections.remove(connection.sid)
            raise

    async def _connect(self, namespace: str, sid: str, environ: Mapping[str, Any], auth: Any) -> None:
        who = "kiosk" if namespace == KIOSK_NAMESPACE else "staff"
        try:
            if namespace == KIOSK_NAMESPACE:
                connection = await self._kiosk_connects(sid, auth)
            else:
                connection = await self._staff_connects(sid, environ, auth)
            await self._enter(connection)
        except ValidationError:
            self._refused(who, ErrorCode.MALFORMED)
            raise Refusal(ErrorCode.MALFORMED.value, {}) from None
        except StoreError:
            self._refused(who, ErrorCode.UNAVAILABLE)
            raise Refusal(ErrorCode.UNAVAILABLE.value, {}) from None
        except WireError as error:
            self._refused(who, error.code)
            raise Refusal(error.code.value, error.data) from None
        # Sent by another task, so that it leaves after the packet that says "connected".
        self.shower.show_anew(connection)

    def _refused(self, who: str, code: ErrorCode) -> None:
        _log.info("connection_refused", party=who, code=code.value)
        self._metrics.count("connections_refused", {"party": who, "code": code.value})

    async def _disconnect(self, sid: str, _reason: str) -> None:
        connection = self._connections.remove(sid)
        if connection is None:
            return
        try:
            await self.hub.run(connection.library_id, connection.lose)
        except StoreError as error:
            _log.warning("loss_not_stored", error=type(error).__name__)

    # --- messages -----------------------------------------------------------------------------------------

    def _register(self) -> None:
        for namespace, direction in _NAMESPACES.items():
            self._sio.on("connect", handler=self._connector(namespace), namespace=namespace)
            self._sio.on("disconnect", handler=self._disconnect, namespace=namespace)
            for spec in m.MESSAGES.values():
                if direction in spec.directions:
                    self._sio.on(spec.name, handler=self._receiver(spec), namespace=namespace)
            self._sio.on("*", handler=self._unknown, namespace=namespace)

    def _connector(self, namespace: str) -> Callable[..., Awaitable[None]]:
        async def connect(sid: str, environ: Mapping[str, Any], auth: Any = None) -> None:
            await self._connect(namespace, sid, environ, auth)

        return connect

    def _receiver(self, spec: m.MessageSpec) -> Callable[..., Awaitable[dict[str, Any]]]:
        async def receive(sid: str, *arguments: Any) -> dict[str, Any]:
            return await self._receive(spec, sid, arguments)

        return receive

    async def _unknown(self, _event: str, sid: str, *_arguments: Any) -> dict[str, Any]:
        return await self._refuse(sid, WireError(ErrorCode.UNKNOWN_MESSAGE))

    async def _receive(self, spec: m.MessageSpec, sid: str, arguments: tuple[Any, ...]) -> dict[str, Any]:
        connection = self._connections.by_sid(sid)
        try:
            if connection is None or self._desk is None:
                raise WireError(ErrorCode.NOT_AUTHENTICATED)
            if not connection.pace.allows(time.monotonic()):
                raise WireError(ErrorCode.TOO_FAST)
            message = _checked(spec, arguments)
            if spec.name == "snapshot.request":
                self.shower.show_anew(connection)
                reply: m.Message | None = None
            else:
                reply = await HANDLERS[spec.name](self._desk, connection, message)
        except WireError as error:
            return await self._refuse(sid, error, spec.name)
        except StoreError as error:
            _log.warning("store_away", message=spec.name, error=type(error).__name__)
            return await self._refuse(sid, WireError(ErrorCode.UNAVAILABLE), spec.name)
        except Exception as error:  # noqa: BLE001 - one broken handler must not take the connection down
            _log.error("handler_failed", message=spec.name, error=type(error).__name__)
            return await self._refuse(sid, WireError(ErrorCode.INTERNAL), spec.name)
        return {"ok": True, "data": reply.model_dump(mode="json") if reply is not None else None}

    async def _refuse(self, sid: str, error: WireError, name: str = "unknown") -> dict[str, Any]:
        self._metrics.count("messages_refused", {"message": name, "code": error.code.value})
        connection = self._connections.by_sid(sid)
        if connection is not None and connection.pace.floods(time.monotonic()):
            _log.info("connection_flooded", party=connection.party.value)
            await self._sio.disconnect(sid, namespace=connection.namespace)
        return {"ok": False, "error": {"code": error.code.value, "data": error.data}}

    async def _emit(self, connection: Connection, event: str, payload: dict[str, Any]) -> None:
        await self._sio.emit(event, payload, to=connection.sid, namespace=connection.namespace)


def _check_version(version: int) -> None:
    if not OLDEST_PROTOCOL_VERSION <= version <= PROTOCOL_VERSION:
        raise WireError(ErrorCode.VERSION, {"oldest": OLDEST_PROTOCOL_VERSION, "newest": PROTOCOL_VERSION})


def _checked(spec: m.MessageSpec, arguments: tuple[Any, ...]) -> m.Message:
    if len(arguments) > 1:
        raise WireError(ErrorCode.MALFORMED)
    payload = arguments[0] if arguments and arguments[0] is not None else {}
    try:
        size = len(json.dumps(payload))
    except TypeError:
        raise WireError(ErrorCode.MALFORMED) from None  # binary attachments: no message has any
    if size > MAX_MESSAGE_BYTES:
        raise WireError(ErrorCode.TOO_LARGE, {"max_bytes": MAX_MESSAGE_BYTES})
    try:
        return spec.payload.model_validate(payload)
    except ValidationError:
        raise WireError(ErrorCode.MALFORMED) from None
