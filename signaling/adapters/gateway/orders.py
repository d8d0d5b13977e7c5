"""What was asked of kiosks: what they tell of it, what a restart says of it, and when it is given up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from signaling.adapters.gateway.connections import Connection
from signaling.protocol.errors import ErrorCode, WireError
from signaling.protocol.health import OrderFault, OrderKind, OrderState
from signaling.protocol.messages import OrderTold
from signaling.protocol.vocabulary import MAX_ORDERS, LibraryId
from signaling.service.places import Places
from signaling.service.ports import Clock, Metrics, Store, StoreError

#: An order lives for minutes; it need not end by the second.
SWEEP_EVERY_S: Final = 15.0
#: These are done when the kiosk comes back as another start of the program.
_RESTARTS: Final = frozenset({OrderKind.RESTART_PROGRAM, OrderKind.RESTART_MACHINE})

_log = structlog.get_logger(__name__)


class OrderDesk:
    """Follows each order to its end.

    Args:
        announce: Called after each change, as after a change by a form, so that the kiosk's view has it no more.
    """

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        places: Places,
        metrics: Metrics,
        announce: Callable[[LibraryId], Awaitable[None]],
    ) -> None:
        self._store = store
        self._clock = clock
        self._places = places
        self._metrics = metrics
        self._announce = announce

    async def told(self, who: Connection, message: OrderTold) -> None:
        """A kiosk says what became of an order.

        Raises:
            WireError: `malformed` for what only the server says; `not_found` when there is no such order of this kiosk,
                or it has ended already.
            StoreError: The database is away.
        """
        if message.state in {OrderState.ASKED, OrderState.EXPIRED}:
            raise WireError(ErrorCode.MALFORMED)
        fault = (message.fault or OrderFault.BROKEN) if message.state is OrderState.FAILED else None
        if not await self._tell(who, message.order_id, message.state, fault):
            raise WireError(ErrorCode.NOT_FOUND)
        await self._announce(who.library_id)

    async def came(self, who: Connection) -> None:
        """A kiosk was let in. If it was started anew, a restart that it had taken is done, and all else is lost.

        Raises:
            StoreError: The database is away.
        """
        changed = False
        # Not from this node's places: it may have taken a restart a moment ago on another node.
        for order in await self._store.orders_of(who.kiosk_id, limit=MAX_ORDERS):
            if order.state is not OrderState.TAKEN or order.instance == who.instance:
                continue
            done = order.kind in _RESTARTS
            state, fault = (OrderState.DONE, None) if done else (OrderState.FAILED, OrderFault.BROKEN)
            changed |= await self._tell(who, order.id, state, fault)
        if changed:
            await self._announce(who.library_id)

    async def went(self, who: Connection) -> None:
        """A kiosk was lost: what it took it may still do."""

    async def sweep(self) -> None:
        """Give up what nobody took in time.

        Raises:
            StoreError: The database is away.
        """
        ended = await self._store.expire_orders(self._clock.now())
        if ended:
            _log.info("orders_given_up", count=ended)
            for library_id in sorted((await self._places.directory()).libraries):
                await self._announce(library_id)

    async def run(self) -> None:
        """For ever: give up what nobody took in time."""
        while True:
            await asyncio.sleep(SWEEP_EVERY_S)
            try:
                await self.sweep()
            except StoreError as error:
                _log.warning("orders_wait_for_store", error=type(error).__name__)

    async def _tell(self, who: Connection, order_id: str, state: OrderState, fault: OrderFault | None) -> bool:
        order = await self._store.tell_order(order_id, who.kiosk_id, state, fault, self._clock.now(), who.instance)
        if order is None:
            return False
        self._metrics.count("kiosk_orders", {"kind": order.kind.value, "state": state.value})
        return True
