"""Routes of the health page: how each kiosk is now, and how it was; see `signaling.protocol.admin.health`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from aiohttp import web

from signaling.adapters.admin.caller import Caller
from signaling.adapters.admin.office import SOON, Office, answer
from signaling.adapters.admin.orders import order_row
from signaling.adapters.admin.own import PushDesk
from signaling.adapters.admin.places import Route
from signaling.adapters.admin.problems import not_found
from signaling.domain.alerts import Alert, is_quiet
from signaling.domain.health import KioskHealth, Verdict, judge
from signaling.domain.line import on_screen
from signaling.domain.model import LineState
from signaling.domain.places import Kiosk
from signaling.protocol.admin import (
    ALERTS_SHOWN,
    HISTORY_DAYS,
    ORDERS_SHOWN,
    AlertRow,
    FindingRow,
    HealthHistory,
    HealthRow,
    HealthView,
    HistoryPoint,
)
from signaling.protocol.health import FINDINGS, Light
from signaling.protocol.vocabulary import Action, KioskId, LineId, PathQuality
from signaling.service.alerting import alert_people
from signaling.service.health_ports import HealthPoint
from signaling.service.ports import QualityRecord

#: A plot as wide as a screen shows no more than this; of a longer history every second, third… point is told.
MAX_POINTS: Final = 3000
#: One call has few paths, each told from both ends.
_PATHS_OF_A_CALL: Final = 20
_WORST_FIRST: Final = {Light.RED: 0, Light.AMBER: 1, Light.GREY: 2, Light.GREEN: 3}
_WORDS: Final = tuple(PathQuality)


@dataclass(frozen=True, slots=True)
class LineDesk:
    """What the forms know of the lines.

    Attributes:
        last_known: A line as this node last saw it.
    """

    last_known: Callable[[LineId], LineState | None]


class HealthPageRoutes:
    """Read only."""

    def __init__(self, office: Office, lines: LineDesk, push: PushDesk) -> None:
        self._office = office
        self._lines = lines
        self._push = push

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            ("GET", "/api/admin/health", self._health),
            ("GET", "/api/admin/health/{id}/history", self._history),
        ]

    async def _health(self, request: web.Request) -> web.Response:
        caller = await self._office.reader(request)
        caller.demand(Action.VIEW_HEALTH)
        now = self._office.clock.now()
        kept = {health.kiosk_id: health for health in await self._office.store.all_health()}
        line = self._lines.last_known(caller.library.line)
        busy = on_screen(line.visits.values()) if line is not None else {}
        rows = [
            await self._row(caller, kiosk, kept.get(kiosk.id), now, in_visit=kiosk.id in busy)
            for kiosk in caller.kiosks()
            if kiosk.revoked_at is None
        ]
        library = caller.library
        alerts = await self._office.store.alerts(library.id, limit=ALERTS_SHOWN)
        return answer(
            HealthView(
                now=now,
                anybody_told=await self._is_anybody_told(caller),
                quiet=is_quiet(library.alert_quiet_from_min, library.alert_quiet_to_min, library.time_zone, now),
                kiosks=tuple(sorted(rows, key=_worst_first)),
                alerts=tuple(_alert_row(alert) for alert in alerts),
            )
        )

    async def _is_anybody_told(self, caller: Caller) -> bool:
        for person in alert_people(caller.library.id, caller.everybody.values()):
            if person.email and self._push.has_email:
                return True
            if self._push.key and await self._office.store.push_of(person.id):
                return True
        return False

    async def _row(
        self, caller: Caller, kiosk: Kiosk, health: KioskHealth | None, now: datetime, *, in_visit: bool
    ) -> HealthRow:
        verdict = judge(health, now)
        last_call = await self._office.store.qualities(
            caller.library.id, kiosk_id=kiosk.id, before=now + SOON, limit=_PATHS_OF_A_CALL
        )
        orders = await self._office.store.orders_of(kiosk.id, limit=ORDERS_SHOWN)
        return HealthRow(
            kiosk_id=kiosk.id,
            branch_id=kiosk.branch_id,
            name=kiosk.name,
            light=verdict.light,
            since=verdict.since,
            findings=_finding_rows(verdict),
            connected=health is not None and health.connected,
            seen_at=_seen_at(health, now),
            reported_at=health.reported_at if health is not None else None,
            test=health.test if health is not None else None,
            tested_at=health.tested_at if health is not None else None,
            drawn_at=health.drawn_at if health is not None else None,
            numbers=dict(health.numbers) if health is not None else {},
            version=health.software if health is not None else "",
            version_asked=kiosk.version,
            engine=health.engine if health is not None else None,
            call_at=last_call[0].at if last_call else None,
            call_worst=_worst_of_the_last(last_call),
            locked=kiosk.locked,
            lock_texts=dict(kiosk.lock_texts) if kiosk.locked else {},
            pin_set=bool(kiosk.pin_hash),
            in_visit=in_visit,
            orders=tuple(order_row(order) for order in orders),
        )

    async def _history(self, request: web.Request) -> web.Response:
        caller = await self._office.reader(request)
        caller.demand(Action.VIEW_HEALTH)
        wanted = KioskId(request.match_info["id"])
        if wanted not in {kiosk.id for kiosk in caller.kiosks()}:
            raise not_found()
        since = self._office.clock.now() - timedelta(days=HISTORY_DAYS)
        points = await self._office.store.health_points(wanted, since=since)
        response = answer(
            HealthHistory(kiosk_id=wanted, points=tuple(_history_point(point) for point in thinned(points)))
        )
        response.enable_compression()  # the same few words thousands of times, and no secret among them
        return response


def thinned(points: Sequence[HealthPoint]) -> Sequence[HealthPoint]:
    """At most `MAX_POINTS` of them, evenly, the latest always."""
    stride = -(-len(points) // MAX_POINTS)
    return points[::-1][::stride][::-1] if stride > 1 else points


def _worst_first(row: HealthRow) -> tuple[int, str, str]:
    return _WORST_FIRST[row.light], row.name.casefold(), row.kiosk_id


def _seen_at(health: KioskHealth | None, now: datetime) -> datetime | None:
    """Now while it is connected; afterwards when it went."""
    if health is None:
        return None
    return now if health.connected else health.changed_at


def _worst_of_the_last(records: Sequence[QualityRecord]) -> PathQuality | None:
    """The worst word on the last call, over all its paths and both ends."""
    words = [record.worst for record in records if record.visit_id == records[0].visit_id]
    return max(words, key=_WORDS.index, default=None)


def _finding_rows(verdict: Verdict) -> tuple[FindingRow, ...]:
    return tuple(
        FindingRow(
            code=finding.code,
            area=FINDINGS[finding.code].area,
            light=FINDINGS[finding.code].light,
            since=finding.since,
        )
        for finding in verdict.findings
    )


def _alert_row(alert: Alert) -> AlertRow:
    return AlertRow(
        id=alert.id,
        scope=alert.scope,
        branch_id=alert.branch_id,
        kiosk_ids=alert.kiosk_ids,
        code=alert.code,
        found_at=alert.found_at,
        told_at=alert.told_at,
        mended_at=alert.mended_at,
    )


def _history_point(point: HealthPoint) -> HistoryPoint:
    return HistoryPoint(
        at=point.at, test=point.test, light=point.light, findings=point.findings, numbers=dict(point.numbers)
    )
