"""Routes of what everybody decides for oneself: languages, standby, and the browsers that take web push."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from aiohttp import web

from signaling.adapters.admin import audit
from signaling.adapters.admin.caller import Caller
from signaling.adapters.admin.forms import in_order
from signaling.adapters.admin.office import Office, answer
from signaling.adapters.admin.places import Route
from signaling.adapters.admin.problems import checked, problem
from signaling.protocol.admin import AdminProblemCode, OwnSettings, OwnSettingsForm, PushForm, PushKey, PushRef
from signaling.protocol.vocabulary import Action
from signaling.service.ports import PushSubscription, Staff

#: A person has a few browsers; more would only make a request slower to send.
MAX_BROWSERS: Final = 10


@dataclass(frozen=True, slots=True)
class PushDesk:
    """What the forms need to know of the ways to reach people.

    Attributes:
        key: VAPID public key (base64url); empty when web push is off.
        accepts: Whether this server sends to such a push address.
        has_email: E-mail can be sent.
    """

    key: str = ""
    accepts: Callable[[str], bool] = lambda _endpoint: False
    has_email: bool = False


class OwnRoutes:
    """What is done to one's own account."""

    def __init__(self, office: Office, push: PushDesk) -> None:
        self._office = office
        self._push = push

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            ("GET", "/api/me/settings", self._settings),
            ("PUT", "/api/me/settings", self._save),
            ("GET", "/api/me/push-key", self._key),
            ("POST", "/api/me/push", self._subscribe),
            ("DELETE", "/api/me/push", self._unsubscribe),
        ]

    async def _settings(self, request: web.Request) -> web.Response:
        caller = await self._office.reader(request)
        caller.demand(Action.OWN_SETTINGS)
        return answer(await self._own(caller.staff))

    async def _save(self, request: web.Request) -> web.Response:
        (await self._office.writer(request)).demand(Action.OWN_SETTINGS)
        form = checked(OwnSettingsForm, await self._office.form(request))
        async with self._office.turn(request) as caller:
            caller.demand(Action.OWN_SETTINGS)
            old = caller.staff
            new = replace(
                old,
                languages=frozenset(form.languages),
                email=form.email,
                standby=form.standby,
                alerts=form.alerts,
            )
            details = audit.changes(_form(old), _form(new), {})
            if details:
                await self._office.store.update_staff(new)
                await self._office.done(caller, Action.OWN_SETTINGS, new.id, details, staff=new)
            return answer(await self._own(new))

    async def _key(self, request: web.Request) -> web.Response:
        (await self._office.reader(request)).demand(Action.OWN_SETTINGS)
        return answer(PushKey(key=self._push.key))

    async def _subscribe(self, request: web.Request) -> web.Response:
        (await self._office.writer(request)).demand(Action.OWN_SETTINGS)
        form = checked(PushForm, await self._office.form(request))
        if not self._push.key or not self._push.accepts(form.endpoint):
            raise problem(AdminProblemCode.PUSH_REFUSED, "endpoint")
        async with self._office.turn(request) as caller:
            caller.demand(Action.OWN_SETTINGS)
            known = {browser.endpoint for browser in await self._office.store.push_of(caller.staff.id)}
            if form.endpoint not in known and len(known) >= MAX_BROWSERS:
                raise problem(AdminProblemCode.TOO_BIG, "", max=MAX_BROWSERS)
            await self._office.store.add_push(
                PushSubscription(form.endpoint, caller.staff.id, form.p256dh.rstrip("="), form.auth.rstrip("="))
            )
            if form.endpoint not in known:
                await self._log_browsers(caller)
            return answer(await self._own(caller.staff), status=201)

    async def _unsubscribe(self, request: web.Request) -> web.Response:
        (await self._office.writer(request)).demand(Action.OWN_SETTINGS)
        form = checked(PushRef, await self._office.form(request))
        async with self._office.turn(request) as caller:
            caller.demand(Action.OWN_SETTINGS)
            # Only one's own: an address is no secret to whoever has seen it.
            if form.endpoint in {browser.endpoint for browser in await self._office.store.push_of(caller.staff.id)}:
                await self._office.store.remove_push(form.endpoint)
                await self._log_browsers(caller)
            return answer(await self._own(caller.staff))

    async def _log_browsers(self, caller: Caller) -> None:
        count = len(await self._office.store.push_of(caller.staff.id))
        await self._office.done(caller, Action.OWN_SETTINGS, caller.staff.id, {"push": str(count)})

    async def _own(self, staff: Staff) -> OwnSettings:
        form = _form(staff)
        return OwnSettings.model_construct(
            languages=form.languages,
            email=form.email,
            standby=form.standby,
            alerts=form.alerts,
            push=len(await self._office.store.push_of(staff.id)),
            push_available=bool(self._push.key),
            email_available=self._push.has_email,
        )


def _form(staff: Staff) -> OwnSettingsForm:
    return OwnSettingsForm.model_construct(
        languages=in_order(staff.languages), email=staff.email, standby=staff.standby, alerts=staff.alerts
    )
