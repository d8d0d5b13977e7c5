"""When sound is said twice."""

from __future__ import annotations

from kiosk.adapters.peer.redundancy import Redundancy
from kiosk.core.media import PeerStats


class Path:
    """Counters of a path that carries 250 packets a second, read four times a second."""

    def __init__(self) -> None:
        self.rule = Redundancy()
        self.at_s, self.sent, self.lost = 100.0, 0, 0
        self.changes = 0

    def goes_on(self, seconds: float, loss: float, estimate_kbps: float | None = 2000.0) -> bool:
        for _ in range(round(seconds * 4)):
            self.at_s += 0.25
            self.sent += 62
            self.lost += round(62 * loss)
            stats = PeerStats(packets_sent=self.sent, packets_lost_there=self.lost, estimate_kbps=estimate_kbps)
            self.changes += self.rule.look(self.at_s, stats)
        return self.rule.wanted


def test_a_good_path_hears_everything_once() -> None:
    assert not Path().goes_on(60, 0.0)


def test_a_lossy_path_hears_everything_twice_soon() -> None:
    path = Path()
    assert path.goes_on(2, 0.02)
    assert path.changes == 1


def test_where_nobody_can_tell_what_the_path_carries_losses_decide() -> None:
    assert Path().goes_on(5, 0.05, estimate_kbps=None)


def test_a_thin_path_hears_everything_once_whatever_it_loses() -> None:
    assert not Path().goes_on(30, 0.05, estimate_kbps=390)


def test_a_path_that_gets_thin_is_spared_at_once() -> None:
    path = Path()
    path.goes_on(10, 0.05)
    assert not path.goes_on(0.25, 0.05, estimate_kbps=390)


def test_in_between_nothing_changes() -> None:
    path = Path()
    path.goes_on(10, 0.05)
    assert path.goes_on(30, 0.017, estimate_kbps=450)
    assert path.changes == 1


def test_when_the_losses_are_over_it_ends() -> None:
    path = Path()
    path.goes_on(10, 0.05)
    assert not path.goes_on(25, 0.0)
    assert path.changes == 2
