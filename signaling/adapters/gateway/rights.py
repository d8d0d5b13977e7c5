"""Who may still be here: kiosks that were revoked, accounts that were closed, sessions that are over.

Looked at again and again, because rights also end without being announced, e.g. by the command line. What it does not
do: let anybody in (`admission`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import structlog

from signaling.adapters.gateway.connections import Connection, Connections
from signaling.adapters.gateway.transport import WireServer
from signaling.domain import commands as c
from signaling.domain.permissions import may
from signaling.domain.places import Directory
from signaling.protocol.vocabulary import Action, Party, StaffId
from signaling.service.hub import Hub
from signaling.service.places import Places
from signaling.service.ports import Clock, Staff, Store

#: So many sessions are looked up at each check, one after the other; accounts and expiry are looked at for all.
#: With 300 consoles a look-up of each every 5 s cost 6 % of a core (SQLite).
SESSIONS_AT_ONCE: Final = 20

_log = structlog.get_logger(__name__)


class Rights:
    """Ends the connections of those who lost their right to be here.

    Args:
        show: Looks at one connection's view again.
    """

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        places: Places,
        connections: Connections,
        wire: WireServer,
        hub: Hub,
        show: Callable[[Connection], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._places = places
        self._connections = connections
        self._wire = wire
        self._hub = hub
        self._show = show
        self._looked_up = 0

    async def check(self, staff_id: StaffId | None = None) -> None:
        """Look at everybody's rights.

        Args:
            staff_id: Whose sessions are looked up for certain, because the account was changed.

        Raises:
            StoreError: The database is away.
        """
        directory = await self._places.directory()
        for kiosk in self._connections.of_kind(Party.VISITOR):
            if not _is_enrolled(kiosk, directory):
                await self._end(kiosk)
        accounts = {account.id: account for account in await self._store.all_staff()}
        for seat in self._connections.of_kind(Party.STAFF):
            await self._check_account(seat, accounts, directory)
        await self._check_sessions(staff_id)

    async def _check_account(self, seat: Connection, accounts: Mapping[StaffId, Staff], directory: Directory) -> None:
        account = accounts.get(seat.staff.id) if seat.staff is not None else None
        if account is None or not _may_sit(account) or directory.libraries[account.library_id].line != seat.line_id:
            await self._end(seat)
        elif seat.staff is not None and seat.staff != account:
            before, seat.staff = seat.staff, account
            if (before.name, before.languages) != (account.name, account.languages):
                await self._hub.run(seat.line_id, c.UpdateStaff(account.id, account.name, account.languages))
            self._show(seat)

    async def _check_sessions(self, staff_id: StaffId | None) -> None:
        now = self._clock.now()
        seats = list(self._connections.of_kind(Party.STAFF))
        first = self._looked_up % len(seats) if seats else 0
        turn = (seats[first:] + seats[:first])[:SESSIONS_AT_ONCE]
        self._looked_up = first + len(turn)
        for seat in seats:
            is_over = seat.session_ends_at is not None and seat.session_ends_at <= now
            is_looked_up = seat in turn or (seat.staff is not None and seat.staff.id == staff_id)
            if is_over or (is_looked_up and await self._store.find_session(seat.session_hash, now) is None):
                await self._end(seat)

    async def _end(self, connection: Connection) -> None:
        _log.info("connection_revoked", party=connection.party.value)
        await self._wire.disconnect(connection.sid, namespace=connection.namespace)


def _is_enrolled(connection: Connection, directory: Directory) -> bool:
    kiosk = directory.kiosks.get(connection.kiosk_id)
    branch = directory.branches.get(kiosk.branch_id) if kiosk is not None else None
    library = directory.libraries.get(branch.library_id) if branch is not None else None
    return kiosk is not None and kiosk.revoked_at is None and library is not None and library.line == connection.line_id


def _may_sit(account: Staff) -> bool:
    return account.disabled_at is None and may(account.roles, Action.ANSWER)
