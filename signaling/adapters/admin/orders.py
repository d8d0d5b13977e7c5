"""Routes of what is asked of kiosks from afar: show who it is, test, reload, restart, lock and unlock; and its PIN."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from aiohttp import web

from signaling.adapters.admin import audit
from signaling.adapters.admin.caller import Caller
from signaling.adapters.admin.forms import kiosk_form
from signaling.adapters.admin.kiosks import kiosk_of_request
from signaling.adapters.admin.office import Office, answer, saved
from signaling.adapters.admin.places import Route
from signaling.adapters.admin.problems import checked, problem
from signaling.adapters.auth.pins import hash_pin
from signaling.domain.places import Kiosk, KioskOrder
from signaling.protocol.admin import AdminProblemCode, LockForm, OrderForm, OrderRow, PinForm
from signaling.protocol.health import ORDER_EXPIRES_S, OrderKind, OrderState
from signaling.protocol.vocabulary import MAX_ORDERS, Action

#: What each order takes.
NEEDED: Final[Mapping[OrderKind, Action]] = MappingProxyType(
    {
        OrderKind.IDENTIFY: Action.IDENTIFY_KIOSK,
        OrderKind.TEST: Action.TEST_KIOSK,
        OrderKind.RELOAD: Action.RELOAD_KIOSK,
        OrderKind.RESTART_PROGRAM: Action.RESTART_KIOSK_PROGRAM,
        OrderKind.RESTART_MACHINE: Action.RESTART_KIOSK_MACHINE,
    }
)


class OrderRoutes:
    """What is asked of kiosks. The kiosk gets it with its view, and tells what becomes of it."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            ("POST", "/api/admin/kiosks/{id}/orders", self._order),
            ("POST", "/api/admin/kiosks/{id}/lock", self._lock),
            ("POST", "/api/admin/kiosks/{id}/unlock", self._unlock),
            ("POST", "/api/admin/kiosks/{id}/pin", self._pin),
        ]

    async def _order(self, request: web.Request) -> web.Response:
        (await self._office.writer(request)).demand_any(*NEEDED.values())
        body = await self._office.form(request)
        async with self._office.turn(request) as caller:
            caller.demand_any(*NEEDED.values())
            kiosk = _in_use(caller, request)
            kind = checked(OrderForm, body).kind
            caller.demand(NEEDED[kind])
            pending = [order for order in caller.directory.orders if order.kiosk_id == kiosk.id]
            for order in pending:
                # Who presses twice, or after a colleague, means the same thing.
                if order.kind is kind and order.state is OrderState.ASKED:
                    return answer(order_row(order), status=201)
            if len(pending) >= MAX_ORDERS:
                raise problem(AdminProblemCode.TOO_BIG, "", max=MAX_ORDERS)
            now = self._office.clock.now()
            order = KioskOrder(
                self._office.ids.new(),
                kiosk.id,
                caller.library.id,
                kind,
                caller.staff.id,
                caller.staff.name,
                now,
                now + timedelta(seconds=ORDER_EXPIRES_S),
            )
            await self._office.store.add_order(order)
            await self._office.done(caller, NEEDED[kind], kiosk.id, {"name": kiosk.name})
            return answer(order_row(order), status=201)

    async def _lock(self, request: web.Request) -> web.Response:
        (await self._office.writer(request)).demand(Action.LOCK_KIOSK)
        body = await self._office.form(request)
        async with self._office.turn(request) as caller:
            caller.demand(Action.LOCK_KIOSK)
            kiosk = _in_use(caller, request)
            form = checked(LockForm, body)
            locked = replace(kiosk, locked=True, lock_texts=dict(form.texts))
            if locked != kiosk:
                await self._office.store.change_kiosk(locked)
                texts = audit.changes(None, form, {})
                await self._office.done(
                    caller, Action.LOCK_KIOSK, kiosk.id, {"name": kiosk.name, "locked": "true"} | texts
                )
            return saved(kiosk.id, kiosk_form(kiosk))

    async def _unlock(self, request: web.Request) -> web.Response:
        async with self._office.turn(request) as caller:
            caller.demand(Action.LOCK_KIOSK)
            kiosk = _in_use(caller, request)
            if kiosk.locked:
                await self._office.store.change_kiosk(replace(kiosk, locked=False, lock_texts={}))
                await self._office.done(caller, Action.LOCK_KIOSK, kiosk.id, {"name": kiosk.name, "locked": "false"})
            return saved(kiosk.id, kiosk_form(kiosk))

    async def _pin(self, request: web.Request) -> web.Response:
        (await self._office.writer(request)).demand(Action.SET_KIOSK_PIN)
        pin = checked(PinForm, await self._office.form(request)).pin
        pin_hash = await hash_pin(pin)  # before the turn: it takes a while
        async with self._office.turn(request) as caller:
            caller.demand(Action.SET_KIOSK_PIN)
            kiosk = _in_use(caller, request)
            if pin or kiosk.pin_hash:
                await self._office.store.change_kiosk(replace(kiosk, pin_hash=pin_hash))
                details = {"name": kiosk.name, "pin": audit.CHANGED if pin else ""}
                await self._office.done(caller, Action.SET_KIOSK_PIN, kiosk.id, details)
            return saved(kiosk.id, kiosk_form(kiosk))


def order_row(order: KioskOrder) -> OrderRow:
    """An order, as the page shows it."""
    return OrderRow(
        id=order.id,
        kind=order.kind,
        state=order.state,
        fault=order.fault,
        asked_by=order.asked_by_name,
        asked_at=order.asked_at,
        told_at=order.told_at,
    )


def _in_use(caller: Caller, request: web.Request) -> Kiosk:
    kiosk = kiosk_of_request(caller, request)
    if kiosk.revoked_at is not None:
        raise problem(AdminProblemCode.REVOKED)
    return kiosk
