"""How kiosks are, what is asked of them, and what people were told, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from signaling.adapters.store_memory.accounts import MemoryAccounts
from signaling.adapters.store_memory.refusals import require, vacant
from signaling.domain.alerts import Alert
from signaling.domain.health import KioskHealth
from signaling.domain.places import KioskOrder
from signaling.protocol.health import ORDER_EXPIRES_S, SETTLED_ORDERS, OrderFault, OrderState
from signaling.protocol.vocabulary import KioskId, LibraryId
from signaling.service.health_ports import HealthPoint


class MemoryHealth(MemoryAccounts):
    """The part of the fake that knows how kiosks are."""

    def __init__(self) -> None:
        super().__init__()
        self._alerts: dict[str, Alert] = {}

    async def put_health(self, health: KioskHealth) -> None:
        """Insert or replace what is known of one kiosk."""
        self._require_kiosk(health.kiosk_id)
        self._health[health.kiosk_id] = replace(health, findings=dict(health.findings), numbers=dict(health.numbers))

    async def find_health(self, kiosk_id: KioskId) -> KioskHealth | None:
        """What is known of one kiosk; None when it has never been seen."""
        return self._health.get(kiosk_id)

    async def all_health(self) -> Sequence[KioskHealth]:
        """Of every kiosk that has ever been seen, of all libraries, by id."""
        return [health for _, health in sorted(self._health.items())]

    async def add_health_point(self, point: HealthPoint) -> None:
        """Add to the history; a second one of the same moment replaces the first."""
        self._require_kiosk(point.kiosk_id)
        self._require_library(point.library_id)
        self._points[point.kiosk_id, point.at] = replace(point, numbers=dict(point.numbers))

    async def health_points(self, kiosk_id: KioskId, *, since: datetime) -> Sequence[HealthPoint]:
        """One kiosk's history, oldest first."""
        found = [point for point in self._points.values() if point.kiosk_id == kiosk_id and point.at >= since]
        return sorted(found, key=lambda point: point.at)

    async def add_order(self, order: KioskOrder) -> None:
        """Something is asked of a kiosk."""
        vacant(order.id, self._orders)
        self._require_kiosk(order.kiosk_id)
        self._require_library(order.library_id)
        self._orders[order.id] = order

    async def tell_order(
        self,
        order_id: str,
        kiosk_id: KioskId,
        state: OrderState,
        fault: OrderFault | None,
        now: datetime,
        instance: str = "",
    ) -> KioskOrder | None:
        """What became of it; None when there is no such order of this kiosk, or it is settled already."""
        order = self._orders.get(order_id)
        if order is None or order.kiosk_id != kiosk_id or order.state in SETTLED_ORDERS:
            return None
        self._orders[order_id] = replace(order, state=state, fault=fault, told_at=now, instance=instance)
        return self._orders[order_id]

    async def orders_of(self, kiosk_id: KioskId, *, limit: int) -> Sequence[KioskOrder]:
        """The latest, newest first."""
        found = [order for order in self._orders.values() if order.kiosk_id == kiosk_id]
        return sorted(found, key=lambda order: (order.asked_at, order.id), reverse=True)[:limit]

    async def expire_orders(self, now: datetime) -> int:
        """Orders that nobody took in time, and those that were taken and came to no end."""
        ended = 0
        latest = now - timedelta(seconds=ORDER_EXPIRES_S)
        for order in list(self._orders.values()):
            if order.state is OrderState.ASKED and order.expires_at <= now:
                self._orders[order.id] = replace(order, state=OrderState.EXPIRED, told_at=now)
                ended += 1
            elif order.state is OrderState.TAKEN and order.told_at is not None and order.told_at <= latest:
                broken = replace(order, state=OrderState.FAILED, fault=OrderFault.BROKEN, told_at=now)
                self._orders[order.id] = broken
                ended += 1
        return ended

    async def put_alert(self, alert: Alert) -> None:
        """Insert or replace one alert."""
        self._require_library(alert.library_id)
        self._alerts[alert.id] = alert

    async def alerts(self, library_id: LibraryId, *, limit: int) -> Sequence[Alert]:
        """The latest, newest first."""
        found = [alert for alert in self._alerts.values() if alert.library_id == library_id]
        return sorted(found, key=lambda alert: (alert.found_at, alert.id), reverse=True)[:limit]

    async def open_alerts(self) -> Sequence[Alert]:
        """Those of all libraries that are not over, oldest first."""
        found = [
            alert
            for alert in self._alerts.values()
            if alert.mended_at is None or (alert.told_at is not None and alert.mended_told_at is None)
        ]
        return sorted(found, key=lambda alert: (alert.found_at, alert.id))

    def _require_kiosk(self, kiosk_id: KioskId) -> None:
        require(kiosk_id in self._kiosks, "there is no such kiosk")
