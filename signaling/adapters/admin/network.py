"""Routes that show how calls went and whether the relay can be reached; see `signaling.protocol.admin.network`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Final

from aiohttp import web

from signaling.adapters.admin.caller import Caller
from signaling.adapters.admin.office import SOON, Office, answer, before_of
from signaling.adapters.admin.places import Route
from signaling.adapters.admin.problems import not_found
from signaling.protocol.admin import CALLS_A_PAGE, CallRow, CallsPage, NetworkView, RelayRow
from signaling.protocol.vocabulary import Action, KioskId
from signaling.service.ports import QualityRecord, RelayStatus

#: A row says of a record all but whose it is: that is the caller's own library.
_SHOWN: Final = tuple(field.name for field in fields(QualityRecord) if field.name in CallRow.model_fields)


def _nothing() -> Sequence[RelayStatus]:
    return ()


@dataclass(frozen=True, slots=True)
class RelayDesk:
    """What the forms know of the relay.

    Attributes:
        statuses: How each of its addresses was found.
        always: The installation sends all media through it.
    """

    statuses: Callable[[], Sequence[RelayStatus]] = _nothing
    always: bool = False

    @property
    def exists(self) -> bool:
        """This installation has one."""
        return bool(self.statuses())


class NetworkRoutes:
    """Read only."""

    def __init__(self, office: Office, relay: RelayDesk) -> None:
        self._office = office
        self._relay = relay

    def routes(self) -> list[Route]:
        """All of them."""
        return [("GET", "/api/admin/calls", self._calls), ("GET", "/api/admin/network", self._network)]

    async def _calls(self, request: web.Request) -> web.Response:
        caller = await self._office.reader(request)
        caller.demand(Action.VIEW_PLACES)
        before = before_of(request, self._office.clock.now() + SOON)
        # One more than a page says whether there is another.
        records = await self._office.store.qualities(
            caller.library.id, kiosk_id=_kiosk_of(caller, request), before=before, limit=CALLS_A_PAGE + 1
        )
        shown = records[:CALLS_A_PAGE]
        return answer(
            CallsPage(
                entries=tuple(CallRow(**{name: getattr(record, name) for name in _SHOWN}) for record in shown),
                next_before=shown[-1].at if len(records) > len(shown) else None,
            )
        )

    async def _network(self, request: web.Request) -> web.Response:
        caller = await self._office.reader(request)
        caller.demand(Action.VIEW_PLACES)
        return answer(
            NetworkView(
                relays=tuple(
                    RelayRow(
                        url=status.url,
                        transport=status.transport,
                        finding=status.finding,
                        since=status.since,
                        checked_at=status.checked_at,
                    )
                    for status in self._relay.statuses()
                ),
                relay_always=self._relay.always,
                relay_only_branches=tuple(branch.id for branch in caller.branches() if branch.relay_only),
            )
        )


def _kiosk_of(caller: Caller, request: web.Request) -> KioskId | None:
    """The kiosk in `?kiosk=`, if there is one; raises WireError `not_found` for one that is not the library's own."""
    wanted = request.query.get("kiosk", "")
    if not wanted:
        return None
    found = next((kiosk.id for kiosk in caller.kiosks() if kiosk.id == wanted), None)
    if found is None:
        raise not_found()
    return found
