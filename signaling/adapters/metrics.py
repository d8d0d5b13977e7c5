"""Counts, durations and levels for Prometheus, in a registry of our own. Nothing about a person."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

_PREFIX: Final = "librarian_"
#: From a commit on a quick disk to a visitor who waited for minutes.
_BUCKETS_S: Final = (
    0.001,
    0.002,
    0.005,
    0.01,
    0.02,
    0.05,
    0.1,
    0.25,
    0.5,
    1,
    2,
    5,
    10,
    20,
    30,
    60,
    120,
    300,
    900,
)
#: Of packets that were lost: nobody notices the first, and nothing helps against the last.
_BUCKETS_PERCENT: Final = (0, 0.1, 0.5, 1, 2, 5, 10, 20, 40)


class PrometheusMetrics:
    """Made at first use: a name always comes with the same label names.

    Names are words of the code, never values from outside, so there is no end of them only by mistake.
    """

    content_type: Final = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self._registry = CollectorRegistry(auto_describe=True)
        self._counters: dict[str, Counter] = {}
        self._histograms: dict[str, Histogram] = {}
        self._gauges: dict[str, Gauge] = {}

    def count(self, name: str, labels: Mapping[str, str] | None = None) -> None:
        """Add one to `librarian_<name>_total`."""
        labels = labels or {}
        if name not in self._counters:
            self._counters[name] = Counter(_PREFIX + name, _words(name), sorted(labels), registry=self._registry)
        counter = self._counters[name]
        (counter.labels(**labels) if labels else counter).inc()

    def observe(self, name: str, seconds: float) -> None:
        """One duration in `librarian_<name>_seconds`."""
        if name not in self._histograms:
            self._histograms[name] = Histogram(
                f"{_PREFIX}{name.removesuffix('_s')}_seconds",
                _words(name),
                buckets=_BUCKETS_S,
                registry=self._registry,
            )
        self._histograms[name].observe(seconds)

    def observe_percent(self, name: str, percent: float) -> None:
        """One share in `librarian_<name>_percent`."""
        if name not in self._histograms:
            self._histograms[name] = Histogram(
                f"{_PREFIX}{name}_percent", _words(name), buckets=_BUCKETS_PERCENT, registry=self._registry
            )
        self._histograms[name].observe(percent)

    def gauge(self, name: str, value: float, labels: Collection[tuple[str, str]] = ()) -> None:
        """Set the level `librarian_<name>`."""
        given = dict(labels)
        if name not in self._gauges:
            self._gauges[name] = Gauge(_PREFIX + name, _words(name), sorted(given), registry=self._registry)
        gauge = self._gauges[name]
        (gauge.labels(**given) if given else gauge).set(value)

    def levels(self, name: str, labels: Sequence[str], values: Mapping[tuple[str, ...], float]) -> None:
        """Set all levels of `librarian_<name>` at once: what is not among them is there no more.

        Args:
            name: Of the family.
            labels: Names of the labels.
            values: By the labels' values, in the same order.
        """
        if name not in self._gauges:
            self._gauges[name] = Gauge(_PREFIX + name, _words(name), labels, registry=self._registry)
        gauge = self._gauges[name]
        gauge.clear()
        for given, value in values.items():
            gauge.labels(*given).set(value)

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self._registry)


def _words(name: str) -> str:
    return name.replace("_", " ")
