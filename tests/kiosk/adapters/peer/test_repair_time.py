"""How long pictures wait for lost packets."""

from __future__ import annotations

from kiosk.adapters.peer.repair_time import RepairTime
from kiosk.core.media import PeerStats


class Path:
    """Counters of a path with 250 packets a second, read four times a second."""

    def __init__(self) -> None:
        self.rule = RepairTime()
        self.at_s, self.received, self.lost = 100.0, 0, 0
        self.changes = 0

    def goes_on(self, seconds: float, loss: float, round_trip_ms: float | None = 60.0) -> float | None:
        for _ in range(round(seconds * 4)):
            self.at_s += 0.25
            self.lost += round(62.5 * loss)
            self.received += round(62.5 * (1 - loss))
            stats = PeerStats(packets_received=self.received, packets_lost=self.lost, round_trip_ms=round_trip_ms)
            self.changes += self.rule.look(self.at_s, stats)
        return self.rule.target_ms


def test_a_good_path_is_left_alone() -> None:
    assert Path().goes_on(60, 0.016) is None


def test_a_lossy_path_gets_time_for_two_retransmissions_once() -> None:
    path = Path()
    assert path.goes_on(60, 0.05) == 150
    assert path.changes == 1


def test_a_long_round_trip_is_not_waited_for_twice() -> None:
    assert Path().goes_on(20, 0.1, round_trip_ms=600) == 300


def test_when_the_losses_are_over_the_picture_is_fresh_again() -> None:
    path = Path()
    path.goes_on(20, 0.1)
    assert path.goes_on(20, 0.0) is None
    assert path.changes == 2


def test_in_between_nothing_changes() -> None:
    path = Path()
    path.goes_on(20, 0.1)
    assert path.goes_on(30, 0.032) == 150


def test_where_far_too_much_is_lost_waiting_does_not_help() -> None:
    path = Path()
    assert path.goes_on(20, 0.35) is None
    path.goes_on(20, 0.1)
    assert path.goes_on(20, 0.35) is None


def test_few_packets_and_an_unknown_round_trip_decide_nothing() -> None:
    assert Path().goes_on(0.5, 0.1) is None
    assert Path().goes_on(20, 0.1, round_trip_ms=None) is None
