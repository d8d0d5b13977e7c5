"""How kiosks are, for Prometheus: light, findings, numbers and ages. Labels are ids of kiosks and branches, and codes.

Each family is set anew as a whole, so a kiosk that is taken out of use leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from signaling.adapters.metrics import PrometheusMetrics
from signaling.domain.alerts import Watched
from signaling.domain.health import KioskHealth
from signaling.protocol.health import HealthNumber, Light, can_take_a_call
from signaling.protocol.vocabulary import KioskId

_LABELS: Final = ("branch", "kiosk")
_LIGHTS: Final = tuple(Light)
#: Ages that say whether a kiosk still tells of itself.
_AGES: Final = {
    "kiosk_reported_age_seconds": "reported_at",
    "kiosk_tested_age_seconds": "tested_at",
    "kiosk_drawn_age_seconds": "drawn_at",
}


class HealthGauges:
    """Shows how all kiosks in use are."""

    def __init__(self, metrics: PrometheusMetrics) -> None:
        self._metrics = metrics

    def show(
        self, kiosks: Sequence[Watched], rows: Mapping[KioskId, KioskHealth], now: datetime, open_alerts: int
    ) -> None:
        """Set everything anew.

        Args:
            kiosks: In use, with their verdicts.
            rows: What is known of each; none of a kiosk that was never seen.
            now: Aware, UTC.
            open_alerts: How many are not over.
        """
        of = {(kiosk.branch_id, kiosk.kiosk_id): kiosk for kiosk in kiosks}
        seen = {key: rows[kiosk.kiosk_id] for key, kiosk in of.items() if kiosk.kiosk_id in rows}
        self._metrics.levels(
            "kiosk_light", _LABELS, {key: float(_LIGHTS.index(kiosk.verdict.light)) for key, kiosk in of.items()}
        )
        self._metrics.levels(
            "kiosk_can_take_a_call",
            _LABELS,
            {key: float(can_take_a_call(kiosk.verdict.codes)) for key, kiosk in of.items()},
        )
        self._metrics.levels("kiosk_connected", _LABELS, {key: float(health.connected) for key, health in seen.items()})
        self._metrics.levels(
            "kiosk_finding",
            (*_LABELS, "code"),
            {(*key, code.value): 1.0 for key, kiosk in of.items() for code in kiosk.verdict.codes},
        )
        for name, field in _AGES.items():
            ages = {key: getattr(health, field) for key, health in seen.items()}
            self._metrics.levels(
                name, _LABELS, {key: (now - at).total_seconds() for key, at in ages.items() if at is not None}
            )
        for number in HealthNumber:
            self._metrics.levels(
                f"kiosk_{number.value}",
                _LABELS,
                {key: health.numbers[number] for key, health in seen.items() if number in health.numbers},
            )
        self._metrics.gauge("kiosk_alerts_open", open_alerts)
