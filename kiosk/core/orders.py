"""What the console asks of this kiosk: each order is done once, also over restarts. Pure.

What it is for: which orders are to be begun and what is to be told. What it does not do: carry them out. An order
that would touch a visit fails with its reason at once: whoever asked sees it and can ask again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kiosk.core.care import Order
from kiosk.core.effects import SendOrder
from signaling.protocol.health import SETTLED_ORDERS, OrderFault, OrderKind, OrderState

#: Orders are told again until the server knows; more than these few are never on their way.
REMEMBERED: Final = 50
#: The program that was asked to restart is not there to tell of it: the next one does.
RESTARTS: Final = frozenset({OrderKind.RESTART_PROGRAM, OrderKind.RESTART_MACHINE})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has become of one order."""

    state: OrderState
    fault: OrderFault | None = None


#: By the orders' ids, oldest first; lies on the disk.
Memory = Mapping[str, Outcome]


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from the orders that the server shows.

    Attributes:
        memory: To be kept before anything is told or done.
        begin: To be carried out now, in this order.
        tell: To be told now; `TAKEN` of those that begin is among it.
    """

    memory: Memory
    begin: tuple[Order, ...] = ()
    tell: tuple[SendOrder, ...] = ()


def decide(memory: Memory, orders: tuple[Order, ...], busy_with: frozenset[str], *, in_visit: bool) -> Decision:
    """Look at the orders that are not settled for the server.

    Args:
        memory: What has become of earlier ones.
        orders: As the server shows them, oldest first.
        busy_with: Ids of those that this program is at.
        in_visit: A visit is on the screen.
    """
    known = dict(memory)
    begin: list[Order] = []
    tell: list[SendOrder] = []
    for order in orders:
        before = known.get(order.id)
        if order.id in busy_with:
            if not order.taken:
                tell.append(SendOrder(order.id, OrderState.TAKEN))
            continue
        outcome = _outcome(order, before, in_visit=in_visit)
        known.pop(order.id, None)
        known[order.id] = outcome
        tell.append(SendOrder(order.id, outcome.state, outcome.fault))
        if outcome.state is OrderState.TAKEN:
            begin.append(order)
    return Decision(_newest(known), tuple(begin), tuple(tell))


def settled(memory: Memory, order_id: str, fault: OrderFault | None = None) -> Memory:
    """An order was carried out, or could not be."""
    state = OrderState.DONE if fault is None else OrderState.FAILED
    return _newest({**memory, order_id: Outcome(state, fault)})


def _outcome(order: Order, before: Outcome | None, *, in_visit: bool) -> Outcome:
    if before is not None and before.state in SETTLED_ORDERS:
        return before  # the server has not heard of it
    if before is not None or order.taken:
        # Begun by the program before this one: a restart is what it was asked for, anything else broke off.
        done = order.kind in RESTARTS
        return Outcome(OrderState.DONE) if done else Outcome(OrderState.FAILED, OrderFault.BROKEN)
    if in_visit:
        return Outcome(OrderState.FAILED, OrderFault.IN_A_VISIT)
    return Outcome(OrderState.TAKEN)


def _newest(known: Mapping[str, Outcome]) -> Memory:
    return dict(list(known.items())[-REMEMBERED:])
