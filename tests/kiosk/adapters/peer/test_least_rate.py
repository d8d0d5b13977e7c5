"""When congestion control is not to give a path up for thin."""

from __future__ import annotations

from kiosk.adapters.peer.least_rate import LeastRate
from kiosk.core.media import PeerStats


class Path:
    """Counters of a path that carries 100 packets a second, read four times in each; the other end reports twice."""

    def __init__(self) -> None:
        self.rule = LeastRate()
        self.at_s, self.sent, self.lost, self.trips, self.trips_s = 100.0, 0.0, 0.0, 0.0, 0.0
        self.changes = 0

    def goes_on(
        self, seconds: float, loss: float, trip_ms: float | None = 60.0, estimate_kbps: float | None = 200.0
    ) -> bool:
        for _ in range(round(seconds * 4)):
            self.at_s += 0.25
            self.sent += 25
            self.lost += 25 * loss
            if trip_ms is not None and self.at_s % 0.5 == 0:
                self.trips += 1
                self.trips_s += trip_ms / 1000
            stats = PeerStats(
                packets_sent=round(self.sent),
                packets_lost_there=round(self.lost),
                report_trips=round(self.trips),
                report_trips_s=self.trips_s,
                estimate_kbps=estimate_kbps,
            )
            self.changes += self.rule.look(self.at_s, stats)
        return self.rule.wanted


def test_a_good_path_is_left_alone() -> None:
    assert not Path().goes_on(60, 0.0)


def test_a_path_that_loses_much_and_has_no_queue_keeps_a_least_rate() -> None:
    path = Path()
    assert path.goes_on(6, 0.2)
    assert path.goes_on(60, 0.2)
    assert path.changes == 1


def test_one_that_loses_little_needs_none() -> None:
    assert not Path().goes_on(60, 0.05)


def test_nor_one_that_is_believed_to_carry_enough() -> None:
    assert not Path().goes_on(60, 0.2, estimate_kbps=500)


def test_nobody_can_tell_without_a_round_trip_or_an_estimate() -> None:
    assert not Path().goes_on(30, 0.2, trip_ms=None)
    assert not Path().goes_on(30, 0.2, estimate_kbps=None)


def test_losses_beside_a_queue_are_its_own_and_so_are_those_just_before_it_was_empty() -> None:
    path = Path()
    path.goes_on(10, 0.0)
    assert not path.goes_on(10, 0.3, trip_ms=200)
    assert not path.goes_on(5, 0.0)
    assert path.changes == 0


def test_a_queue_ends_it_at_once_and_it_is_not_tried_again_soon() -> None:
    path = Path()
    path.goes_on(10, 0.2)
    assert not path.goes_on(0.5, 0.2, trip_ms=200)
    assert not path.goes_on(4.5, 0.2)
    assert path.goes_on(3, 0.2)
    path.goes_on(0.5, 0.2, trip_ms=200)
    assert not path.goes_on(10, 0.2), "after twice as long when it was in vain again"


def test_when_nothing_is_heard_any_more_it_ends() -> None:
    path = Path()
    path.goes_on(10, 0.2)
    assert not path.goes_on(6, 0.2, trip_ms=None)


def test_when_more_is_lost_because_of_it_it_was_the_rate_after_all() -> None:
    path = Path()
    path.goes_on(10, 0.1)
    assert not path.goes_on(5, 0.5)


def test_it_ends_when_the_losses_do() -> None:
    path = Path()
    path.goes_on(10, 0.2)
    assert path.goes_on(2, 0.0)
    assert not path.goes_on(10, 0.0)


def test_a_round_trip_that_is_a_little_longer_is_no_queue() -> None:
    path = Path()
    path.goes_on(2, 0.2, trip_ms=50)
    assert path.goes_on(10, 0.2, trip_ms=105)
