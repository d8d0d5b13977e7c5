"""What is kept of the health of kiosks: numbers and codes of machines, of no person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from signaling.domain.alerts import Alert
from signaling.domain.health import KioskHealth
from signaling.domain.places import KioskOrder
from signaling.protocol.health import HealthCode, HealthNumber, Light, OrderFault, OrderState, TestKind
from signaling.protocol.vocabulary import KioskId, LibraryId


@dataclass(frozen=True, slots=True)
class HealthPoint:
    """What one test of one kiosk found; kept for 30 days, light tests no closer than half an hour."""

    kiosk_id: KioskId
    library_id: LibraryId
    at: datetime
    test: TestKind
    light: Light
    findings: tuple[HealthCode, ...] = ()
    numbers: Mapping[HealthNumber, float] = field(default_factory=dict)


class HealthStore(Protocol):
    """The part of the store that knows how kiosks are. All methods may raise StoreError."""

    async def put_health(self, health: KioskHealth) -> None:
        """Insert or replace what is known of one kiosk."""

    async def find_health(self, kiosk_id: KioskId) -> KioskHealth | None:
        """What is known of one kiosk; None when it has never been seen."""

    async def all_health(self) -> Sequence[KioskHealth]:
        """Of every kiosk that has ever been seen, of all libraries."""

    async def add_health_point(self, point: HealthPoint) -> None:
        """Add to the history."""

    async def health_points(self, kiosk_id: KioskId, *, since: datetime) -> Sequence[HealthPoint]:
        """One kiosk's history, oldest first."""

    async def add_order(self, order: KioskOrder) -> None:
        """Something is asked of a kiosk. Pending ones are in `Directory.orders`."""

    async def tell_order(
        self,
        order_id: str,
        kiosk_id: KioskId,
        state: OrderState,
        fault: OrderFault | None,
        now: datetime,
        instance: str = "",
    ) -> KioskOrder | None:
        """What became of it; None when there is no such order of this kiosk, or it is settled already.

        `instance` is the start of the program that tells it.
        """

    async def orders_of(self, kiosk_id: KioskId, *, limit: int) -> Sequence[KioskOrder]:
        """The latest, newest first."""

    async def expire_orders(self, now: datetime) -> int:
        """Orders that nobody took in time are `EXPIRED`; how many were ended.

        One that was taken for `ORDER_EXPIRES_S` and came to no end is `FAILED`, as broken.
        """

    async def put_alert(self, alert: Alert) -> None:
        """Insert or replace one alert."""

    async def alerts(self, library_id: LibraryId, *, limit: int) -> Sequence[Alert]:
        """The latest, newest first."""

    async def open_alerts(self) -> Sequence[Alert]:
        """Those of all libraries that are not over: not mended, or mended and nobody was told yet.

        One that was mended before anybody was told of it is over.
        """
