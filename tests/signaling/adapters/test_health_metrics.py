"""How kiosks are, as Prometheus reads it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from signaling.adapters.health_metrics import HealthGauges
from signaling.adapters.metrics import PrometheusMetrics
from signaling.domain.alerts import Watched
from signaling.domain.health import KioskHealth, judge
from signaling.protocol.health import HealthCode, HealthNumber
from signaling.protocol.vocabulary import BranchId, KioskId

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
K1, K2 = KioskId("k1"), KioskId("k2")
ROW = KioskHealth(
    K1,
    connected=True,
    changed_at=NOW - timedelta(hours=3),
    reported_at=NOW - timedelta(seconds=90),
    tested_at=NOW - timedelta(hours=6),
    findings={HealthCode.MICROPHONE_DEAF: NOW, HealthCode.TOO_HOT: NOW},
    numbers={HealthNumber.TEMPERATURE_C: 81.5},
)


def lines(metrics: PrometheusMetrics) -> set[str]:
    return {line for line in metrics.text().decode().splitlines() if not line.startswith("#")}


def watched(row: KioskHealth | None, kiosk_id: KioskId = K1) -> Watched:
    return Watched(kiosk_id, BranchId("b"), judge(row, NOW))


def test_light_findings_numbers_and_ages_are_there_with_ids_alone() -> None:
    metrics = PrometheusMetrics()
    HealthGauges(metrics).show([watched(ROW), watched(None, K2)], {K1: ROW}, NOW, 2)
    of, other = 'branch="b",kiosk="k1"', 'branch="b",kiosk="k2"'
    assert lines(metrics) == {
        f"librarian_kiosk_light{{{of}}} 2.0",
        f"librarian_kiosk_light{{{other}}} 3.0",
        f"librarian_kiosk_can_take_a_call{{{of}}} 0.0",
        f"librarian_kiosk_can_take_a_call{{{other}}} 0.0",
        f"librarian_kiosk_connected{{{of}}} 1.0",
        'librarian_kiosk_finding{branch="b",code="microphone_deaf",kiosk="k1"} 1.0',
        'librarian_kiosk_finding{branch="b",code="too_hot",kiosk="k1"} 1.0',
        'librarian_kiosk_finding{branch="b",code="never_seen",kiosk="k2"} 1.0',
        f"librarian_kiosk_reported_age_seconds{{{of}}} 90.0",
        f"librarian_kiosk_tested_age_seconds{{{of}}} 21600.0",
        f"librarian_kiosk_temperature_c{{{of}}} 81.5",
        "librarian_kiosk_alerts_open 2.0",
    }


def test_what_is_mended_or_taken_out_of_use_leaves_nothing_behind() -> None:
    metrics = PrometheusMetrics()
    gauges = HealthGauges(metrics)
    gauges.show([watched(ROW)], {K1: ROW}, NOW, 1)
    gauges.show([], {}, NOW, 0)
    assert lines(metrics) == {"librarian_kiosk_alerts_open 0.0"}
