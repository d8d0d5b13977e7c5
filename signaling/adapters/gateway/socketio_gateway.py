"""The gateway: turns packets of the Socket.IO server into checked messages for their handlers, and back.

Nobody is let in without proof of who it is; nothing is taken that the table of messages does not allow this end to
say. A refused message changes nothing and leaves the connection up, unless it floods.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import structlog
from aiohttp import web
from pydantic import ValidationError
from socketio.exceptions import ConnectionRefusedError as Refusal

from signaling.adapters.gateway.admission import Admission
from signaling.adapters.gateway.attendance import Attendance
from signaling.adapters.gateway.checking import checked
from signaling.adapters.gateway.connections import Connections
from signaling.adapters.gateway.handlers import HANDLERS, Desk
from signaling.adapters.gateway.rights import Rights
from signaling.adapters.gateway.shower import Shower
from signaling.adapters.gateway.transport import WireServer, note_refusal
from signaling.domain import commands as c
from signaling.protocol import messages as m
from signaling.protocol.errors import ErrorCode, WireError
from signaling.protocol.vocabulary import KIOSK_NAMESPACE, STAFF_NAMESPACE, Party
from signaling.service.hub import Hub
from signaling.service.kept import Upkeep
from signaling.service.ports import Metrics, StoreError

#: How often rights and views are looked at again, beside all that is announced.
RECHECK_S: Final = 5.0

#: Where each kind of client connects, and what it may say there.
NAMESPACES: Final = {
    KIOSK_NAMESPACE: m.Direction.KIOSK_TO_SERVER,
    STAFF_NAMESPACE: m.Direction.STAFF_TO_SERVER,
}
_WHO: Final = {KIOSK_NAMESPACE: "kiosk", STAFF_NAMESPACE: "staff"}

_log = structlog.get_logger(__name__)


class Gateway:
    """The edge between sockets and the hub."""

    def __init__(
        self,
        *,
        wire: WireServer,
        connections: Connections,
        shower: Shower,
        attendance: Attendance,
        admission: Admission,
        desk: Desk,
        hub: Hub,
        upkeep: Upkeep,
        rights: Rights,
        metrics: Metrics,
    ) -> None:
        self._wire = wire
        self._connections = connections
        self._shower = shower
        self._attendance = attendance
        self._admission = admission
        self._desk = desk
        self._hub = hub
        self._upkeep = upkeep
        self._rights = rights
        self._metrics = metrics
        self._register()

    def attach(self, app: web.Application) -> None:
        """Put the server on the web application."""
        self._wire.attach(app)
        app.on_shutdown.append(self._end)

    async def run_rechecks(self) -> None:
        """For ever: look again at what may have changed without being announced, e.g. by the command line."""
        while True:
            await asyncio.sleep(RECHECK_S)
            try:
                await self.recheck()
            except StoreError as error:
                _log.warning("recheck_waits_for_store", error=type(error).__name__)

    async def recheck(self) -> None:
        """Look again at places, rights and views; close sockets that nobody uses."""
        await self._upkeep.look()
        await self._rights.check()
        await self._shower.look_for_unannounced()
        await self._wire.sweep()
        for party, name in ((Party.VISITOR, "kiosk"), (Party.STAFF, "staff")):
            self._metrics.gauge("connections", sum(1 for _ in self._connections.of_kind(party)), [("party", name)])

    async def end_session(self, session_hash: bytes) -> None:
        """A staff member signed out: the seats of that browser are gone at once, without grace."""
        for connection in self._connections:
            if connection.party is Party.STAFF and connection.session_hash == session_hash:
                await self._hub.run(connection.line_id, c.RemoveSeat(connection.seat_id))
                await self._wire.disconnect(connection.sid, namespace=connection.namespace)

    async def _end(self, _app: web.Application) -> None:
        self._attendance.server_ends()
        await self._wire.close()

    # --- connecting ---------------------------------------------------------------------------------------

    async def _connect(self, namespace: str, sid: str, environ: Mapping[str, Any], auth: Any) -> None:
        try:
            if namespace == KIOSK_NAMESPACE:
                connection = await self._admission.admit_kiosk(sid, auth)
            else:
                connection = await self._admission.admit_seat(sid, environ, auth)
        except WireError as refusal:
            raise self._turned_away(namespace, refusal) from None
        except ValidationError:
            raise self._turned_away(namespace, WireError(ErrorCode.MALFORMED)) from None
        except StoreError:
            raise self._turned_away(namespace, WireError(ErrorCode.UNAVAILABLE)) from None
        except Exception as error:  # noqa: BLE001 - otherwise the library would leave the client without an answer
            _log.error("admission_failed", party=_WHO[namespace], error=type(error).__name__, at=_place(error))
            raise self._turned_away(namespace, WireError(ErrorCode.INTERNAL)) from None
        # Shown by another task, so that it leaves after the packet that says "connected".
        connection.admitted = True
        self._shower.show_anew(connection)

    def _turned_away(self, namespace: str, refusal: WireError) -> Refusal:
        note_refusal(self._metrics, _WHO[namespace], refusal.code)
        return Refusal(refusal.code.value, refusal.data)

    async def _disconnect(self, sid: str, _reason: str) -> None:
        try:
            await self._attendance.left(sid)
        except Exception as error:  # noqa: BLE001 - the library would call us a second time for some errors
            _log.error("leaving_failed", error=type(error).__name__, at=_place(error))

    # --- messages -----------------------------------------------------------------------------------------

    def _register(self) -> None:
        for namespace, direction in NAMESPACES.items():
            self._wire.on("connect", handler=self._connector(namespace), namespace=namespace)
            self._wire.on("disconnect", handler=self._disconnect, namespace=namespace)
            for spec in m.MESSAGES.values():
                if direction in spec.directions:
                    self._wire.on(spec.name, handler=self._receiver(spec), namespace=namespace)
            self._wire.on("*", handler=self._unknown, namespace=namespace)

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
            if connection is None:
                raise WireError(ErrorCode.NOT_AUTHENTICATED)
            if not connection.pace.allows(time.monotonic()):
                raise WireError(ErrorCode.TOO_FAST)
            connection.answered_s = time.monotonic()  # whoever says something is there
            message = checked(spec, arguments)
            if spec.name == "snapshot.request":
                self._shower.show_anew(connection)
                reply: m.Message | None = None
            else:
                reply = await HANDLERS[spec.name](self._desk, connection, message)
        except WireError as error:
            return await self._refuse(sid, error, spec.name)
        except StoreError as error:
            _log.warning("store_away", message=spec.name, error=type(error).__name__)
            return await self._refuse(sid, WireError(ErrorCode.UNAVAILABLE), spec.name)
        except Exception as error:  # noqa: BLE001 - one broken handler must not take the connection down
            _log.error("handler_failed", message=spec.name, error=type(error).__name__, at=_place(error))
            return await self._refuse(sid, WireError(ErrorCode.INTERNAL), spec.name)
        return {"ok": True, "data": reply.model_dump(mode="json") if reply is not None else None}

    async def _refuse(self, sid: str, error: WireError, name: str = "unknown") -> dict[str, Any]:
        self._metrics.count("messages_refused", {"message": name, "code": error.code.value})
        connection = self._connections.by_sid(sid)
        if connection is not None and connection.pace.floods(time.monotonic()):
            _log.info("connection_flooded", party=connection.party.value)
            await self._wire.hang_up(sid, connection.namespace)
        return {"ok": False, "error": {"code": error.code.value, "data": error.data}}


def _place(error: BaseException) -> str:
    """Where an error arose, as file and line; its text could hold what somebody sent."""
    trace = error.__traceback__
    if trace is None:
        return ""
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
