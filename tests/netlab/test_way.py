"""When a packet arrives, by arithmetic alone."""

from __future__ import annotations

import random

import pytest

from tests.netlab.conditions import Way
from tests.netlab.way import Wire


def wire(way: Way, *, cut: bool = False) -> Wire:
    one = Wire(random.Random(1))
    one.set(way, cut=cut)
    return one


def test_a_perfect_way_takes_no_time() -> None:
    assert wire(Way()).arrival_s(5.0, 1500) == 5.0


def test_delay_is_added_to_each_packet() -> None:
    one = wire(Way(delay_ms=30))
    assert [one.arrival_s(at, 100) for at in (1.0, 1.5)] == pytest.approx([1.03, 1.53])


def test_a_capped_way_sends_one_packet_after_the_other() -> None:
    one = wire(Way(rate_kbps=80, queue_ms=500))  # 10,000 bytes a second
    assert [one.arrival_s(1.0, 1000) for _ in range(2)] == pytest.approx([1.1, 1.2])


def test_what_the_queue_cannot_hold_is_dropped_and_counted() -> None:
    one = wire(Way(rate_kbps=80, queue_ms=150))
    arrivals = [one.arrival_s(1.0, 1000) for _ in range(4)]
    assert arrivals[:2] == pytest.approx([1.1, 1.2])
    assert arrivals[2:] == [None, None] or arrivals[3] is None
    assert one.dropped == arrivals.count(None)


def test_a_queue_drains_with_time() -> None:
    one = wire(Way(rate_kbps=80, queue_ms=50))
    assert one.arrival_s(1.0, 1000) == pytest.approx(1.1)
    assert one.arrival_s(1.01, 1000) is None
    assert one.arrival_s(1.2, 1000) == pytest.approx(1.3)


def test_a_cut_way_drops_everything() -> None:
    assert wire(Way(), cut=True).arrival_s(1.0, 100) is None


def test_jitter_stays_within_its_bounds_and_in_order() -> None:
    one = wire(Way(delay_ms=50, jitter_ms=30))
    sent = [i / 100 for i in range(500)]
    arrived = [one.arrival_s(at, 100) or 0.0 for at in sent]
    assert arrived == sorted(arrived)
    delays = [b - a for a, b in zip(sent, arrived, strict=True)]
    assert min(delays) >= 0.0199
    assert max(delays) <= 0.0801
    assert max(delays) - min(delays) > 0.04


def test_a_packet_out_of_order_comes_after_later_ones() -> None:
    one = wire(Way(delay_ms=10, reorder=0.1))
    arrived = [one.arrival_s(i / 1000, 100) or 0.0 for i in range(1000)]
    late = sum(any(later < arrived[i] for later in arrived[i + 1 : i + 12]) for i in range(1000))
    assert 60 < late < 140
