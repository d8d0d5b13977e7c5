"""Routes that put and remove libraries, branches, services, teams, cards and single days."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from signaling.adapters.admin import audit
from signaling.adapters.admin.caller import Caller
from signaling.adapters.admin.kinds import Branches, Cards, Exceptions, Kind, Libraries, Services, Teams
from signaling.adapters.admin.office import Office, check_revision, saved
from signaling.adapters.admin.problems import checked, not_found, problem
from signaling.adapters.http_edge import Handler
from signaling.domain.places import Branch, Service
from signaling.protocol.admin import AdminProblemCode
from signaling.service.ports import HolidayCalendar, InUse, Place

Route = tuple[str, str, Handler]
_ROOT: Final = "/api/admin"


class PlaceRoutes:
    """`POST`, `PUT` and `DELETE` of the six kinds that are put and removed alike."""

    def __init__(self, office: Office, holidays: HolidayCalendar, *, has_relay: bool) -> None:
        self._office = office
        self._kinds: tuple[Kind[Any, Any], ...] = (
            Libraries(holidays.countries()),
            Branches(has_relay=has_relay),
            Services(),
            Teams(),
            Cards(),
            Exceptions(),
        )

    def routes(self) -> list[Route]:
        """All of them."""
        found: list[Route] = []
        for kind in self._kinds:
            found.append(("PUT", f"{_ROOT}/{kind.path}/{{id}}", self._replacer(kind)))
            if kind.can_add:
                found.append(("POST", f"{_ROOT}/{kind.path}", self._adder(kind)))
                found.append(("DELETE", f"{_ROOT}/{kind.path}/{{id}}", self._remover(kind)))
        return found

    def _adder(self, kind: Kind[Any, Any]) -> Handler:
        async def add(request: web.Request) -> web.Response:
            (await self._office.writer(request)).demand_any(*kind.changing)
            body = await self._office.form(request)
            async with self._office.turn(request) as caller:
                caller.demand_any(*kind.changing)
                form = checked(kind.form_type, body)
                new = kind.make(caller, form, None, self._office.ids.new())
                action = kind.needed(caller, None, new)
                caller.demand(action)
                await self._insert(new)
                details = audit.changes(None, kind.form(new), names(caller))
                await self._office.done(caller, action, kind.id_of(new), details)
                return saved(kind.id_of(new), kind.form(new), status=201)

        return add

    def _replacer(self, kind: Kind[Any, Any]) -> Handler:
        async def replace(request: web.Request) -> web.Response:
            (await self._office.writer(request)).demand_any(*kind.changing)
            body = await self._office.form(request)
            async with self._office.turn(request) as caller:
                caller.demand_any(*kind.changing)
                old = _found(kind, caller, request)
                form = checked(kind.form_type, body)
                check_revision(request, kind.form(old))
                new = kind.make(caller, form, old, "")
                action = kind.needed(caller, old, new)
                caller.demand(action)
                details = audit.changes(kind.form(old), kind.form(new), names(caller))
                if details:
                    await self._office.store.put(new)
                    await self._office.done(caller, action, kind.id_of(new), details)
                return saved(kind.id_of(new), kind.form(new))

        return replace

    def _remover(self, kind: Kind[Any, Any]) -> Handler:
        async def remove(request: web.Request) -> web.Response:
            (await self._office.writer(request)).demand_any(*kind.changing)
            async with self._office.turn(request) as caller:
                caller.demand_any(*kind.changing)
                old = _found(kind, caller, request)
                action = kind.needed(caller, old, None)
                caller.demand(action)
                check_revision(request, kind.form(old))
                kind.check_unused(caller, old)
                try:
                    await self._office.store.remove(old)
                except InUse:
                    raise problem(AdminProblemCode.IN_USE, why="visits") from None
                details = {"removed": audit.bounded(_name(kind.form(old)))}
                await self._office.done(caller, action, kind.id_of(old), details)
                return web.Response(status=204)

        return remove

    async def _insert(self, place: Place) -> None:
        if isinstance(place, Branch):
            await self._office.store.add_branch(place)
        elif isinstance(place, Service):
            await self._office.store.add_service(place)
        else:
            await self._office.store.put(place)


def names(caller: Caller) -> dict[str, str]:
    """Of people and teams, for the action log."""
    people = {str(person.id): person.name for person in caller.everybody.values()}
    return people | {str(team.id): team.name for team in caller.directory.teams.values()}


def _found(kind: Kind[Any, Any], caller: Caller, request: web.Request) -> Any:
    found = kind.find(caller, request.match_info["id"])
    if found is None:
        raise not_found()
    return found


def _name(form: Any) -> str:
    """What a person knows it by."""
    if hasattr(form, "name"):
        return str(form.name)
    if hasattr(form, "day"):
        return str(form.day.isoformat())
    texts = form.names if hasattr(form, "names") else form.titles
    return str(next(iter(texts.values()), ""))
