"""Who may come in: the checks on a kiosk and on a console before they are let in.

The order of the checks is part of it: first the version, then who it is, then whether there is room. What it does
not do: answer refusals (`socketio_gateway`) or keep who is there (`attendance`).
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from typing import Any

from aiohttp import web

from signaling.adapters.auth import KioskAuth, StaffAuth
from signaling.adapters.gateway.attendance import Attendance
from signaling.adapters.gateway.checking import negotiate
from signaling.adapters.gateway.connections import Connection, Connections, Pace
from signaling.domain import commands as c
from signaling.domain.permissions import may
from signaling.protocol.errors import ErrorCode, WireError
from signaling.protocol.messages import KioskHello, StaffHello
from signaling.protocol.vocabulary import KIOSK_NAMESPACE, STAFF_NAMESPACE, Action, LineId, Party, SeatId
from signaling.service.hub import Hub
from signaling.service.places import Places
from signaling.service.ports import Clock, Ids, Staff, StaffSession


class Admission:
    """Lets kiosks and consoles in.

    Args:
        places: Know where a kiosk stands and in which line a library is.
        hub: Knows which seats are still kept.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        ids: Ids,
        kiosk_auth: KioskAuth,
        staff_auth: StaffAuth,
        allowed_origins: Collection[str],
        connections: Connections,
        attendance: Attendance,
        places: Places,
        hub: Hub,
    ) -> None:
        self._clock = clock
        self._ids = ids
        self._kiosk_auth = kiosk_auth
        self._staff_auth = staff_auth
        self._allowed_origins = frozenset(allowed_origins)
        self._connections = connections
        self._attendance = attendance
        self._places = places
        self._hub = hub

    async def admit_kiosk(self, sid: str, auth: Any) -> Connection:
        """Let a kiosk in.

        Raises:
            WireError: `version`, `malformed`, `not_authenticated`, `replayed`, `revoked`, or `already_connected` when
                another program with the same key is alive; that one goes on.
            ValidationError: The hello has another shape.
            StoreError: The database is away.
        """
        negotiate(auth)
        hello = KioskHello.model_validate(auth)
        kiosk = await self._kiosk_auth.verify(hello, self._clock.now())
        directory = await self._places.directory()
        known = directory.kiosks.get(kiosk.id)
        if known is None or known.public_key != kiosk.public_key or kiosk.branch_id not in directory.branches:
            # Enrolled a moment ago, and a console must know its key when it rings. Read for it alone: after a restart a
            # thousand kiosks come at once.
            directory = await self._places.directory(fresh=True)
        library = directory.libraries[directory.branches[kiosk.branch_id].library_id]
        connection = Connection(
            sid,
            KIOSK_NAMESPACE,
            Party.VISITOR,
            kiosk.id,
            library.id,
            library.line,
            Pace(time.monotonic()),
            enter=c.ConnectKiosk(kiosk.id, kiosk.branch_id),
            lose=c.LoseKiosk(kiosk.id),
            instance=hello.instance,
            software=hello.software,
            engine=hello.engine,
        )
        async with self._attendance.turn(Party.VISITOR, kiosk.id):
            older = self._connections.of(Party.VISITOR, kiosk.id)
            is_another = older is not None and older.instance != hello.instance
            if older is not None and is_another and await self._attendance.is_alive(older):
                raise WireError(ErrorCode.ALREADY_CONNECTED)
            await self._attendance.enter(connection)
        return connection

    async def admit_seat(self, sid: str, environ: Mapping[str, Any], auth: Any) -> Connection:
        """Let a console in.

        Into the seat that its tab had, if that is still its own; else into the one that this person was lost from in
        the middle of a call, because a browser that crashed remembers no seat; otherwise into a new one.

        Raises:
            WireError: `version`, `malformed`, `origin`, `not_authenticated`, or `forbidden` for another page's token,
                a one-time password that still holds, or an account that answers no visitors.
            ValidationError: The hello has another shape.
            StoreError: The database is away.
        """
        negotiate(auth)
        hello = StaffHello.model_validate(auth)
        if environ.get("HTTP_ORIGIN") not in self._allowed_origins:
            raise WireError(ErrorCode.ORIGIN)  # a browser always says where it comes from
        request: web.Request = environ["aiohttp.request"]
        session, staff = await self._staff_auth.from_cookie(request.cookies, hello.csrf, self._clock.now())
        if not may(staff.roles, Action.ANSWER):
            raise WireError(ErrorCode.FORBIDDEN)
        if hello.seat_id is not None:
            wanted = SeatId(hello.seat_id)
            async with self._attendance.turn(Party.STAFF, wanted):
                if await self._is_vacant(staff, wanted):
                    return await self._seated(sid, session, staff, wanted)
        for lost in await self._lost_in_a_call(staff):
            async with self._attendance.turn(Party.STAFF, lost):
                if lost in await self._lost_in_a_call(staff):  # nobody was quicker
                    return await self._seated(sid, session, staff, lost)
        return await self._seated(sid, session, staff, SeatId(self._ids.new()))

    async def _is_vacant(self, staff: Staff, wanted: SeatId) -> bool:
        """Whether the seat is still kept, is this person's, and nobody else sits in it."""
        seat = (await self._hub.line(await self._line_of(staff))).seats.get(wanted)
        if seat is None or seat.staff_id != staff.id:
            return False
        older = self._connections.of(Party.STAFF, wanted)
        return older is None or not await self._attendance.is_alive(older)

    async def _lost_in_a_call(self, staff: Staff) -> list[SeatId]:
        """This person's seats that wait in a call for somebody to come back."""
        seats = (await self._hub.line(await self._line_of(staff))).seats.values()
        return sorted(
            seat.id for seat in seats if seat.staff_id == staff.id and seat.visit_id is not None and not seat.connected
        )

    async def _seated(self, sid: str, session: StaffSession, staff: Staff, seat_id: SeatId) -> Connection:
        connection = Connection(
            sid,
            STAFF_NAMESPACE,
            Party.STAFF,
            seat_id,
            staff.library_id,
            await self._line_of(staff),
            Pace(time.monotonic()),
            enter=c.ConnectSeat(seat_id, staff.id, staff.name, staff.library_id, staff.languages),
            lose=c.LoseSeat(seat_id),
            staff=staff,
            session_hash=session.token_hash,
            session_ends_at=session.expires_at,
        )
        await self._attendance.enter(connection)
        return connection

    async def _line_of(self, staff: Staff) -> LineId:
        directory = await self._places.directory()
        if staff.library_id not in directory.libraries:
            directory = await self._places.directory(fresh=True)
        return directory.libraries[staff.library_id].line
