"""Routes of kiosks: add, change, a new enrolment code, revoke. Codes are shown once and kept as hashes."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web

from signaling.adapters.admin import audit
from signaling.adapters.admin.caller import Caller
from signaling.adapters.admin.forms import kiosk_form, kiosk_of
from signaling.adapters.admin.office import Office, answer, check_revision, saved
from signaling.adapters.admin.places import Route, names
from signaling.adapters.admin.problems import checked, not_found, problem
from signaling.adapters.auth.tokens import code_hash, new_code
from signaling.domain.places import Kiosk
from signaling.protocol.admin import AdminProblemCode, EnrolmentCode, KioskForm
from signaling.protocol.vocabulary import Action, BranchId, KioskId


class KioskRoutes:
    """What is done to kiosks."""

    def __init__(self, office: Office, code_ttl: timedelta) -> None:
        self._office = office
        self._code_ttl = code_ttl

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            ("POST", "/api/admin/kiosks", self._add),
            ("PUT", "/api/admin/kiosks/{id}", self._change),
            ("POST", "/api/admin/kiosks/{id}/code", self._new_code),
            ("POST", "/api/admin/kiosks/{id}/revoke", self._revoke),
        ]

    async def _add(self, request: web.Request) -> web.Response:
        (await self._office.writer(request)).demand(Action.ADD_KIOSK)
        body = await self._office.form(request)
        async with self._office.turn(request) as caller:
            caller.demand(Action.ADD_KIOSK)
            form = checked(KioskForm, body)
            if form.branch_id not in {branch.id for branch in caller.branches()}:
                raise problem(AdminProblemCode.UNKNOWN, "branch_id")
            _check_name(caller, form, None)
            kiosk = kiosk_of(form, Kiosk(KioskId(self._office.ids.new()), BranchId(form.branch_id), form.name, None))
            code, expires_at = new_code(), self._office.clock.now() + self._code_ttl
            await self._office.store.add_kiosk(kiosk, code_hash(code), expires_at)
            await self._office.done(caller, Action.ADD_KIOSK, kiosk.id, audit.changes(None, form, names(caller)))
            return answer(EnrolmentCode(kiosk_id=kiosk.id, code=code, expires_at=expires_at), status=201)

    async def _change(self, request: web.Request) -> web.Response:
        (await self._office.writer(request)).demand_any(Action.RENAME_KIOSK, Action.EDIT_KIOSK)
        body = await self._office.form(request)
        async with self._office.turn(request) as caller:
            caller.demand_any(Action.RENAME_KIOSK, Action.EDIT_KIOSK)
            kiosk = kiosk_of_request(caller, request)
            form = checked(KioskForm, body)
            check_revision(request, kiosk_form(kiosk))
            if form.branch_id != kiosk.branch_id:
                raise problem(AdminProblemCode.FIXED, "branch_id")
            _check_name(caller, form, kiosk)
            details = audit.changes(kiosk_form(kiosk), form, names(caller))
            if details:
                # A new name alone is the smaller thing, and the log says so.
                action = Action.RENAME_KIOSK if details.keys() == {"name"} else Action.EDIT_KIOSK
                caller.demand(action)
                await self._office.store.change_kiosk(kiosk_of(form, kiosk))
                await self._office.done(caller, action, kiosk.id, details)
            return saved(kiosk.id, form)

    async def _new_code(self, request: web.Request) -> web.Response:
        async with self._office.turn(request) as caller:
            caller.demand(Action.NEW_KIOSK_CODE)
            kiosk = kiosk_of_request(caller, request)
            code, expires_at = new_code(), self._office.clock.now() + self._code_ttl
            if not await self._office.store.renew_code(kiosk.id, code_hash(code), expires_at):
                raise problem(AdminProblemCode.REVOKED)
            await self._office.done(caller, Action.NEW_KIOSK_CODE, kiosk.id, {"name": kiosk.name})
            return answer(EnrolmentCode(kiosk_id=kiosk.id, code=code, expires_at=expires_at))

    async def _revoke(self, request: web.Request) -> web.Response:
        async with self._office.turn(request) as caller:
            caller.demand(Action.REVOKE_KIOSK)
            kiosk = kiosk_of_request(caller, request)
            if not await self._office.store.revoke_kiosk(kiosk.id, self._office.clock.now()):
                raise problem(AdminProblemCode.REVOKED)
            await self._office.done(caller, Action.REVOKE_KIOSK, kiosk.id, {"name": kiosk.name})
            return saved(kiosk.id, kiosk_form(kiosk))


def kiosk_of_request(caller: Caller, request: web.Request) -> Kiosk:
    """The kiosk that the address names; raises WireError `not_found` for one that is not the library's own."""
    kiosk = next((kiosk for kiosk in caller.kiosks() if kiosk.id == request.match_info["id"]), None)
    if kiosk is None:
        raise not_found()
    return kiosk


def _check_name(caller: Caller, form: KioskForm, own: Kiosk | None) -> None:
    """Kiosks of one branch that are in use have different names."""
    taken = {
        other.name.strip().casefold()
        for other in caller.kiosks()
        if other.branch_id == form.branch_id and other != own and other.revoked_at is None
    }
    if form.name.casefold() in taken:
        raise problem(AdminProblemCode.NAME_TAKEN, "name")
