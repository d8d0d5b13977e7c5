"""How kiosks are, what is asked of them, and what people were told, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, delete, insert, or_, select, update

from signaling.adapters.store_sql import schema
from signaling.adapters.store_sql.database import Database
from signaling.adapters.store_sql.upserts import upsert
from signaling.domain.alerts import Alert
from signaling.domain.health import KioskHealth
from signaling.domain.places import KioskOrder
from signaling.protocol.health import ORDER_EXPIRES_S, SETTLED_ORDERS, OrderFault, OrderState
from signaling.protocol.vocabulary import KioskId, LibraryId
from signaling.service.health_ports import HealthPoint

_HEALTH: Final = tuple(field.name for field in fields(KioskHealth))
_POINT: Final = tuple(field.name for field in fields(HealthPoint))
_ORDER: Final = tuple(field.name for field in fields(KioskOrder))
_ALERT: Final = tuple(field.name for field in fields(Alert))
_ALL_HEALTH: Final[Select[Any]] = select(*(schema.kiosk_health.c[name] for name in _HEALTH))
_ORDERS: Final[Select[Any]] = select(*(schema.kiosk_orders.c[name] for name in _ORDER))
_ALERTS: Final[Select[Any]] = select(*(schema.alerts.c[name] for name in _ALERT))
_PENDING: Final = schema.kiosk_orders.c.state.in_([state for state in OrderState if state not in SETTLED_ORDERS])


class SqlHealth:
    """The part of the store that knows how kiosks are; see `HealthStore` for what each method means."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put_health(self, health: KioskHealth) -> None:
        """Insert or replace what is known of one kiosk."""
        row = {name: getattr(health, name) for name in _HEALTH}
        await self._database.write(lambda connection: upsert(connection, schema.kiosk_health, row))

    async def find_health(self, kiosk_id: KioskId) -> KioskHealth | None:
        """What is known of one kiosk; None when it has never been seen."""
        query = _ALL_HEALTH.where(schema.kiosk_health.c.kiosk_id == kiosk_id)
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return None if row is None else KioskHealth(*row)

    async def all_health(self) -> Sequence[KioskHealth]:
        """Of every kiosk that has ever been seen, of all libraries, by id."""
        query = _ALL_HEALTH.order_by(schema.kiosk_health.c.kiosk_id)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [KioskHealth(*row) for row in rows]

    async def add_health_point(self, point: HealthPoint) -> None:
        """Add to the history; a second one of the same moment replaces the first."""
        row = {name: getattr(point, name) for name in _POINT}
        await self._database.write(lambda connection: upsert(connection, schema.kiosk_health_points, row))

    async def health_points(self, kiosk_id: KioskId, *, since: datetime) -> Sequence[HealthPoint]:
        """One kiosk's history, oldest first."""
        table = schema.kiosk_health_points
        query = (
            select(*(table.c[name] for name in _POINT))
            .where(table.c.kiosk_id == kiosk_id, table.c.at >= since)
            .order_by(table.c.at)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [HealthPoint(*row) for row in rows]

    async def add_order(self, order: KioskOrder) -> None:
        """Something is asked of a kiosk."""
        row = {name: getattr(order, name) for name in _ORDER}
        await self._database.write(lambda connection: connection.execute(insert(schema.kiosk_orders).values(row)))

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
        table = schema.kiosk_orders
        its = and_(table.c.id == order_id, table.c.kiosk_id == kiosk_id)

        def work(connection: Connection) -> KioskOrder | None:
            told = connection.execute(
                update(table).where(its, _PENDING).values(state=state, fault=fault, told_at=now, instance=instance)
            )
            return KioskOrder(*connection.execute(_ORDERS.where(its)).one()) if told.rowcount else None

        return await self._database.write(work)

    async def orders_of(self, kiosk_id: KioskId, *, limit: int) -> Sequence[KioskOrder]:
        """The latest, newest first."""
        table = schema.kiosk_orders
        query = (
            _ORDERS.where(table.c.kiosk_id == kiosk_id)
            .order_by(table.c.asked_at.desc(), table.c.id.desc())
            .limit(limit)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [KioskOrder(*row) for row in rows]

    async def expire_orders(self, now: datetime) -> int:
        """Orders that nobody took in time, and those that were taken and came to no end."""
        table = schema.kiosk_orders
        untaken = update(table).where(table.c.state == OrderState.ASKED, table.c.expires_at <= now)
        stuck = update(table).where(
            table.c.state == OrderState.TAKEN, table.c.told_at <= now - timedelta(seconds=ORDER_EXPIRES_S)
        )

        def work(connection: Connection) -> int:
            return (
                connection.execute(untaken.values(state=OrderState.EXPIRED, told_at=now)).rowcount
                + connection.execute(
                    stuck.values(state=OrderState.FAILED, fault=OrderFault.BROKEN, told_at=now)
                ).rowcount
            )

        return await self._database.write(work)

    async def put_alert(self, alert: Alert) -> None:
        """Insert or replace one alert."""
        row = {name: getattr(alert, name) for name in _ALERT}
        await self._database.write(lambda connection: upsert(connection, schema.alerts, row))

    async def alerts(self, library_id: LibraryId, *, limit: int) -> Sequence[Alert]:
        """The latest, newest first."""
        table = schema.alerts
        query = (
            _ALERTS.where(table.c.library_id == library_id)
            .order_by(table.c.found_at.desc(), table.c.id.desc())
            .limit(limit)
        )
        return await self._alerts(query)

    async def open_alerts(self) -> Sequence[Alert]:
        """Those of all libraries that are not over, oldest first."""
        table = schema.alerts
        untold = and_(table.c.told_at.is_not(None), table.c.mended_told_at.is_(None))
        query = _ALERTS.where(or_(table.c.mended_at.is_(None), untold)).order_by(table.c.found_at, table.c.id)
        return await self._alerts(query)

    async def _alerts(self, query: Select[Any]) -> Sequence[Alert]:
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [Alert(*row) for row in rows]


def pending_orders(connection: Connection) -> tuple[KioskOrder, ...]:
    """What kiosks are asked to do and have not settled, oldest first."""
    table = schema.kiosk_orders
    query = _ORDERS.where(_PENDING).order_by(table.c.asked_at, table.c.id)
    return tuple(KioskOrder(*row) for row in connection.execute(query))


def forget_kiosks(connection: Connection, gone: Any) -> None:
    """What is known of kiosks goes before they do; `gone` selects their ids."""
    for table in (schema.kiosk_health, schema.kiosk_health_points, schema.kiosk_orders):
        connection.execute(delete(table).where(table.c.kiosk_id.in_(gone)))
