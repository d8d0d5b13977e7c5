"""Counts, durations and levels."""

from __future__ import annotations

import pytest

from signaling.adapters.metrics import PrometheusMetrics


def lines(metrics: PrometheusMetrics) -> list[str]:
    return [line for line in metrics.text().decode().splitlines() if not line.startswith("#")]


def test_a_count_grows_by_one_each_time_per_label() -> None:
    metrics = PrometheusMetrics()
    for reason in ("finished", "finished", "lost"):
        metrics.count("visits_ended", {"reason": reason, "answered": "yes"})
    assert 'librarian_visits_ended_total{answered="yes",reason="finished"} 2.0' in lines(metrics)
    assert 'librarian_visits_ended_total{answered="yes",reason="lost"} 1.0' in lines(metrics)


def test_a_duration_falls_into_its_buckets() -> None:
    metrics = PrometheusMetrics()
    metrics.observe("visit_wait", 0.003)
    metrics.observe("visit_wait", 40)
    found = lines(metrics)
    assert 'librarian_visit_wait_seconds_bucket{le="0.005"} 1.0' in found
    assert 'librarian_visit_wait_seconds_bucket{le="60.0"} 2.0' in found
    assert "librarian_visit_wait_seconds_count 2.0" in found


def test_a_share_falls_into_buckets_of_percent() -> None:
    metrics = PrometheusMetrics()
    for percent in (0.0, 3.0, 70.0):
        metrics.observe_percent("call_path_loss", percent)
    found = lines(metrics)
    assert 'librarian_call_path_loss_percent_bucket{le="0.0"} 1.0' in found
    assert 'librarian_call_path_loss_percent_bucket{le="5.0"} 2.0' in found
    assert 'librarian_call_path_loss_percent_bucket{le="+Inf"} 3.0' in found


def test_a_level_is_the_last_that_was_set() -> None:
    metrics = PrometheusMetrics()
    metrics.gauge("connections", 3, [("party", "kiosk")])
    metrics.gauge("connections", 2, [("party", "kiosk")])
    metrics.gauge("line_length", 1)
    assert 'librarian_connections{party="kiosk"} 2.0' in lines(metrics)
    assert "librarian_line_length 1.0" in lines(metrics)


def test_two_servers_in_one_process_do_not_share_their_counts() -> None:
    first, second = PrometheusMetrics(), PrometheusMetrics()
    first.count("visits_accepted")
    assert lines(second) == []


def test_a_name_always_comes_with_the_same_labels() -> None:
    metrics = PrometheusMetrics()
    metrics.count("visits_ended", {"reason": "lost"})
    with pytest.raises(ValueError, match="label"):
        metrics.count("visits_ended", {"other": "lost"})
