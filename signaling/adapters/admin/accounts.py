"""Routes of accounts: add, change, a new one-time password, disable and enable. Passwords are shown once."""

from __future__ import annotations

from dataclasses import replace

from aiohttp import web

from signaling.adapters.admin import audit
from signaling.adapters.admin.caller import Caller
from signaling.adapters.admin.forms import staff_form
from signaling.adapters.admin.office import Office, answer, check_revision, saved
from signaling.adapters.admin.places import Route, names
from signaling.adapters.admin.problems import checked, forbidden, not_found, problem
from signaling.adapters.auth.tokens import one_time_password
from signaling.domain.permissions import may, may_change_account, may_disable, may_set_roles
from signaling.protocol.admin import AdminProblemCode, OneTimePassword, StaffForm
from signaling.protocol.vocabulary import Action, Role, StaffId
from signaling.service.ports import Exists, Passwords, Staff


class AccountRoutes:
    """What is done to accounts."""

    def __init__(self, office: Office, passwords: Passwords) -> None:
        self._office = office
        self._passwords = passwords

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            ("POST", "/api/admin/staff", self._add),
            ("PUT", "/api/admin/staff/{id}", self._replace),
            ("POST", "/api/admin/staff/{id}/password", self._reset_password),
            ("POST", "/api/admin/staff/{id}/disable", self._disable),
            ("POST", "/api/admin/staff/{id}/enable", self._enable),
        ]

    async def _add(self, request: web.Request) -> web.Response:
        (await self._office.writer(request)).demand(Action.ADD_STAFF)
        body = await self._office.form(request)
        password = one_time_password()
        async with self._office.turn(request) as caller:
            caller.demand(Action.ADD_STAFF)
            form = checked(StaffForm, body)
            if not may_set_roles(caller.staff.roles, (), form.roles):
                raise forbidden()
            account = Staff(
                StaffId(self._office.ids.new()),
                caller.library.id,
                form.login,
                form.name,
                frozenset(form.roles),
                await self._passwords.hash(password),
                must_change_password=True,
                languages=frozenset(form.languages),
                email=form.email,
                standby=form.standby,
                alerts=form.alerts,
            )
            try:
                await self._office.store.add_staff(account)
            except Exists:
                raise problem(AdminProblemCode.NAME_TAKEN, "login") from None
            details = audit.changes(None, staff_form(account), names(caller))
            await self._office.done(caller, Action.ADD_STAFF, account.id, details)
            return answer(OneTimePassword(staff_id=account.id, password=password), status=201)

    async def _replace(self, request: web.Request) -> web.Response:
        (await self._office.writer(request)).demand(Action.EDIT_STAFF)
        body = await self._office.form(request)
        async with self._office.turn(request) as caller:
            caller.demand(Action.EDIT_STAFF)
            old = _found(caller, request)
            form = checked(StaffForm, body)
            check_revision(request, staff_form(old))
            if form.login != old.login:
                raise problem(AdminProblemCode.FIXED, "login")
            new = replace(
                old,
                name=form.name,
                roles=frozenset(form.roles),
                languages=frozenset(form.languages),
                email=form.email,
                standby=form.standby,
                alerts=form.alerts,
            )
            self._check_roles(caller, old, new)
            details = audit.changes(staff_form(old), staff_form(new), names(caller))
            if details:
                await self._office.store.update_staff(new)
                if may(old.roles, Action.ANSWER) and not may(new.roles, Action.ANSWER):
                    # Whoever answers visitors no more leaves the seat at once, and signs in again for the rest.
                    await self._office.store.remove_sessions_of(new.id)
                action = Action.SET_ROLES if new.roles != old.roles else Action.EDIT_STAFF
                await self._office.done(caller, action, new.id, details, staff=new)
            return saved(new.id, staff_form(new))

    def _check_roles(self, caller: Caller, old: Staff, new: Staff) -> None:
        if not may_change_account(caller.staff.roles, old.roles):
            raise forbidden()
        if new.roles == old.roles:
            return
        if Role.SYSTEM_ADMIN not in new.roles:
            _check_not_last(caller, old)
        oneself = old.id == caller.staff.id
        if not may_set_roles(caller.staff.roles, old.roles, new.roles, oneself=oneself):
            raise forbidden()

    async def _reset_password(self, request: web.Request) -> web.Response:
        password = one_time_password()
        async with self._office.turn(request) as caller:
            caller.demand(Action.RESET_PASSWORD)
            account = _other(caller, request)
            await self._office.store.set_password(account.id, await self._passwords.hash(password), must_change=True)
            await self._office.store.remove_sessions_of(account.id)
            await self._office.done(caller, Action.RESET_PASSWORD, account.id, {"login": account.login})
            return answer(OneTimePassword(staff_id=account.id, password=password))

    async def _disable(self, request: web.Request) -> web.Response:
        async with self._office.turn(request) as caller:
            caller.demand(Action.DISABLE_STAFF)
            account = _other(caller, request)
            if not may_disable(caller.staff.roles, account.roles, oneself=False):
                raise forbidden()
            _check_not_last(caller, account)
            if await self._office.store.disable_staff(account.id, self._office.clock.now()):
                await self._office.done(caller, Action.DISABLE_STAFF, account.id, {"login": account.login})
            return saved(account.id, staff_form(account))

    async def _enable(self, request: web.Request) -> web.Response:
        async with self._office.turn(request) as caller:
            caller.demand(Action.ENABLE_STAFF)
            account = _other(caller, request)
            if await self._office.store.enable_staff(account.id):
                await self._office.done(caller, Action.ENABLE_STAFF, account.id, {"login": account.login})
            return saved(account.id, staff_form(account))


def grantable(caller: Caller) -> tuple[Role, ...]:
    """Roles that this person may give to somebody."""
    return tuple(role for role in Role if may_set_roles(caller.staff.roles, (), (role,)))


def _found(caller: Caller, request: web.Request) -> Staff:
    account = caller.everybody.get(StaffId(request.match_info["id"]))
    if account is None or account.library_id != caller.library.id:
        raise not_found()
    return account


def _other(caller: Caller, request: web.Request) -> Staff:
    """An account that is not above the caller's, and not the caller's own: a stolen session keeps nothing by it."""
    account = _found(caller, request)
    if account.id == caller.staff.id:
        raise problem(AdminProblemCode.NOT_OWN)
    if not may_change_account(caller.staff.roles, account.roles):
        raise forbidden()
    return account


def _check_not_last(caller: Caller, account: Staff) -> None:
    """A library that has a system admin keeps one."""
    admins = [
        person.id for person in caller.accounts() if Role.SYSTEM_ADMIN in person.roles and person.disabled_at is None
    ]
    if admins == [account.id]:
        raise problem(AdminProblemCode.LAST_ADMIN)
