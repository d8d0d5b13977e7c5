"""Carries out what the console asks of this kiosk, by the rules of `kiosk.core.orders`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass

import structlog

from kiosk.care.keeper import Keeper
from kiosk.core import orders as rules
from kiosk.core.care import Order
from kiosk.core.care_ports import Ending, Machine
from kiosk.core.effects import CareEffect, SendOrder
from signaling.protocol.health import OrderFault, OrderKind, OrderState

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class OrderSurroundings:
    """What orders are carried out with.

    Attributes:
        say: Tells the server something, some time.
        deliver: Tells it, and returns when it was taken or could not be.
        start: Lets work go on beside everything else.
        identify: Show who the kiosk is.
        test: Make a test; `tests_settled` is called when it is over.
        reload: Draw and ask everything anew.
        end: The program is to end.
        changed: Something on the screen may be different.
    """

    say: Callable[[CareEffect], None]
    deliver: Callable[[CareEffect], Awaitable[None]]
    start: Callable[[Coroutine[object, object, None]], None]
    identify: Callable[[], None]
    test: Callable[[], None]
    reload: Callable[[], None]
    end: Callable[[Ending], None]
    changed: Callable[[], None]


class OrderDesk:
    """Takes each order once, also over restarts, and tells what became of it."""

    def __init__(self, keeper: Keeper, machine: Machine, around: OrderSurroundings) -> None:
        self._keeper = keeper
        self._machine = machine
        self._around = around
        self._waiting_for_test: set[str] = set()
        self._at: frozenset[str] = frozenset()  # orders that this program is at
        self._seen: tuple[tuple[Order, ...], bool] | None = None

    def forget_seen(self) -> None:
        """The server is away: whatever was told to it may be lost."""
        self._seen = None

    def take(self, orders: tuple[Order, ...], *, in_visit: bool) -> None:
        """What the server shows now."""
        if (orders, in_visit) == self._seen:
            return
        self._seen = (orders, in_visit)
        decision = rules.decide(self._keeper.kept.orders, orders, self._at, in_visit=in_visit)
        self._keeper.orders(decision.memory)
        begun = {order.id for order in decision.begin}
        self._at |= begun
        for effect in decision.tell:
            if effect.order_id not in begun:
                self._around.say(effect)
        for order in decision.begin:
            self._around.start(self._carry_out(order))

    def tests_settled(self, fault: OrderFault | None) -> None:
        """The test that was asked for is over."""
        waiting, self._waiting_for_test = self._waiting_for_test, set()
        for order_id in sorted(waiting):
            self._settle(order_id, fault)

    async def _carry_out(self, order: Order) -> None:
        # On the disk first: should the program end now, it is not begun a second time.
        await self._keeper.write()
        await self._around.deliver(SendOrder(order.id, OrderState.TAKEN))
        _log.info("order_taken", kind=order.kind.value)
        match order.kind:
            case OrderKind.IDENTIFY:
                self._around.identify()
                self._settle(order.id, None)
            case OrderKind.TEST:
                self._waiting_for_test.add(order.id)
                self._around.test()
            case OrderKind.RELOAD:
                self._settle(order.id, None)
                self._around.reload()
            case OrderKind.RESTART_PROGRAM:
                self._around.end(Ending.RESTART)  # the next start tells that it is done
            case OrderKind.RESTART_MACHINE:
                fault = await self._machine.restart()
                if fault is not None:
                    self._settle(order.id, fault)
        self._around.changed()

    def _settle(self, order_id: str, fault: OrderFault | None) -> None:
        self._at -= {order_id}
        self._keeper.orders(rules.settled(self._keeper.kept.orders, order_id, fault))
        outcome = self._keeper.kept.orders[order_id]
        self._around.say(SendOrder(order_id, outcome.state, outcome.fault))
