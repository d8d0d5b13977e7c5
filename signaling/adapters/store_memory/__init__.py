"""`Store` in memory: the fake of the tests. It keeps the same promises as the real one, by one contract test.

A line transaction works on values that are put in place only on a clean exit, one at a time per line.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, MutableMapping
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from signaling.adapters.store_memory.health import MemoryHealth

K = TypeVar("K", bound=Hashable)

_VISITS_KEPT: Final = timedelta(days=90)
_DISABLED_STAFF_KEPT: Final = timedelta(days=90)
_ACTIONS_KEPT: Final = timedelta(days=365)
_QUALITIES_KEPT: Final = timedelta(days=90)
_POINTS_KEPT: Final = timedelta(days=30)
_ORDERS_KEPT: Final = timedelta(days=30)
_ALERTS_KEPT: Final = timedelta(days=90)
_CODES_KEPT: Final = timedelta(days=30)


class MemoryStore(MemoryHealth):
    """Everything in dictionaries. See the port for what each method means."""

    async def forget_expired(self, now: datetime) -> Mapping[str, int]:
        """Apply the retention rules; returns rows removed per table."""
        removed = {
            "visits": _forget(
                self._settled, {v.id for v in self._settled.values() if v.opened_at <= now - _VISITS_KEPT}
            ),
            "staff_sessions": _forget(
                self._sessions, {s.token_hash for s in self._sessions.values() if s.expires_at <= now}
            ),
            "staff": _forget(
                self._staff,
                {s.id for s in self._staff.values() if s.disabled_at and s.disabled_at <= now - _DISABLED_STAFF_KEPT},
            ),
            "action_log": _forget(
                self._actions, {entry.id for entry in self._actions.values() if entry.at <= now - _ACTIONS_KEPT}
            ),
            "call_qualities": _forget(
                self._qualities, {key for key, record in self._qualities.items() if record.at <= now - _QUALITIES_KEPT}
            ),
            "kiosk_health_points": _forget(
                self._points, {key for key, point in self._points.items() if point.at <= now - _POINTS_KEPT}
            ),
            "kiosk_orders": _forget(
                self._orders, {key for key, order in self._orders.items() if order.asked_at <= now - _ORDERS_KEPT}
            ),
            "alerts": _forget(
                self._alerts,
                {
                    key
                    for key, alert in self._alerts.items()
                    if alert.mended_at is not None and alert.mended_at <= now - _ALERTS_KEPT
                },
            ),
            "enrolment_codes": _forget(
                self._codes,
                {key for key, code in self._codes.items() if code.expires_at <= now - _CODES_KEPT},
            ),
            "challenges": _forget(
                self._challenges,
                {key for key, (_, expires_at) in self._challenges.items() if expires_at <= now},
            ),
        }
        self._push = {key: push for key, push in self._push.items() if push.staff_id in self._staff}
        return removed

    async def ping(self) -> None:
        """Always there."""

    async def close(self) -> None:
        """Nothing to release."""


def _forget(rows: MutableMapping[K, Any], keys: Collection[K]) -> int:
    for key in keys:
        del rows[key]
    return len(keys)
