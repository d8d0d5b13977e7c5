"""The routes of the console's forms, put together: see `signaling.protocol.admin` for the table of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from aiohttp import web

from signaling.adapters.admin.accounts import AccountRoutes
from signaling.adapters.admin.health_page import HealthPageRoutes, LineDesk
from signaling.adapters.admin.kiosks import KioskRoutes
from signaling.adapters.admin.network import NetworkRoutes, RelayDesk
from signaling.adapters.admin.office import SOON, Announce, Office, answer, before_of
from signaling.adapters.admin.orders import OrderRoutes
from signaling.adapters.admin.own import OwnRoutes, PushDesk
from signaling.adapters.admin.places import PlaceRoutes, Route
from signaling.adapters.admin.view import admin_view
from signaling.adapters.auth import StaffAuth
from signaling.adapters.http_edge import Guard
from signaling.protocol.admin import ACTIONS_A_PAGE, ActionLogPage, ActionRow
from signaling.protocol.vocabulary import Action
from signaling.service.ports import Clock, HolidayCalendar, Ids, Passwords, Store

__all__ = ["AdminApi", "LineDesk", "PushDesk", "RelayDesk"]


class AdminApi:
    """All routes under `/api/admin` and `/api/me`.

    Args:
        store: Keeps what is changed.
        clock: Time.
        ids: New ids.
        staff_auth: Sessions.
        passwords: Hashes one-time passwords.
        holidays: Which countries are known.
        announce: Called once after each change, with the account if one changed.
        allowed_origins: Pages that may post.
        code_ttl_s: How long an enrolment code works.
        push: What can be sent to people.
        relay: Whether there is a relay, and how it is.
        lines: Which kiosk has a visit on its screen.
    """

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        ids: Ids,
        staff_auth: StaffAuth,
        passwords: Passwords,
        holidays: HolidayCalendar,
        announce: Announce,
        allowed_origins: Collection[str],
        code_ttl_s: int,
        push: PushDesk,
        relay: RelayDesk,
        lines: LineDesk,
    ) -> None:
        self._office = Office(store=store, clock=clock, ids=ids, staff_auth=staff_auth, announce=announce)
        self._holidays = holidays
        self._push = push
        self._relay = relay
        self._guard = Guard(allowed_origins)
        self._places = PlaceRoutes(self._office, holidays, has_relay=relay.exists)
        self._kiosks = KioskRoutes(self._office, timedelta(seconds=code_ttl_s))
        self._orders = OrderRoutes(self._office)
        self._accounts = AccountRoutes(self._office, passwords)
        self._own = OwnRoutes(self._office, push)
        self._network = NetworkRoutes(self._office, relay)
        self._health = HealthPageRoutes(self._office, lines, push)

    def register(self, app: web.Application) -> None:
        """Put the routes on the web application."""
        own: list[Route] = [("GET", "/api/admin/view", self._view), ("GET", "/api/admin/actions", self._actions)]
        parts = (self._places, self._kiosks, self._orders, self._accounts, self._own, self._network, self._health)
        self._guard.register(app, own + [route for part in parts for route in part.routes()])

    async def _view(self, request: web.Request) -> web.Response:
        caller = await self._office.reader(request)
        caller.demand(Action.VIEW_PLACES)
        return answer(admin_view(caller, self._holidays.countries(), self._push, self._relay))

    async def _actions(self, request: web.Request) -> web.Response:
        caller = await self._office.reader(request)
        caller.demand(Action.VIEW_ACTIONS)
        before = before_of(request, self._office.clock.now() + SOON)
        # One more than a page says whether there is another.
        entries = await self._office.store.actions(caller.library.id, before=before, limit=ACTIONS_A_PAGE + 1)
        shown = entries[:ACTIONS_A_PAGE]
        return answer(
            ActionLogPage(
                entries=tuple(
                    ActionRow(
                        id=entry.id,
                        at=entry.at,
                        actor_name=entry.actor_name,
                        action=entry.action,
                        subject_id=entry.subject_id,
                        details=dict(entry.details),
                    )
                    for entry in shown
                ),
                next_before=shown[-1].at if len(entries) > len(shown) else None,
            )
        )
