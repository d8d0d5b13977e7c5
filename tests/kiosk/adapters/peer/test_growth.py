"""When a path that was thin is asked whether it has become wider."""

from __future__ import annotations

import pytest

from kiosk.adapters.peer.growth import Growth

#: Seconds of one look.
LOOK_S = 0.25


class Path:
    """A path that is looked at four times a second, and what was asked of it: seconds since its beginning, kbit/s."""

    def __init__(self) -> None:
        self._growth = Growth(900)
        self.now_s = 0.0
        self.asked: list[tuple[float, float]] = []

    def goes_on(self, seconds: float, kbps: float | None, *, limited: bool = True) -> None:
        for _ in range(round(seconds / LOOK_S)):
            asked = self._growth.look(100 + self.now_s, kbps, limited=limited)
            if asked is not None:
                self.asked.append((self.now_s, asked))
            self.now_s += LOOK_S


@pytest.fixture
def path() -> Path:
    return Path()


def test_a_path_that_carries_the_whole_picture_is_never_asked(path: Path) -> None:
    path.goes_on(60, 900, limited=False)
    assert path.asked == []


def test_a_path_with_room_for_the_whole_picture_is_never_asked_however_small_it_is_sent(path: Path) -> None:
    path.goes_on(60, 900)
    assert path.asked == []


def test_an_engine_that_cannot_tell_is_never_asked(path: Path) -> None:
    path.goes_on(60, None)
    assert path.asked == []


def test_a_thin_path_is_asked_for_twice_as_much_less_and_less_often(path: Path) -> None:
    path.goes_on(28, 150)
    assert path.asked == [(3, 300), (6, 300), (12, 300), (18, 300), (24, 300)]


def test_a_path_that_showed_more_room_is_soon_asked_for_more(path: Path) -> None:
    path.goes_on(12.5, 150)
    path.goes_on(2, 300)
    path.goes_on(2, 600)
    assert path.asked == [(3, 300), (6, 300), (12, 300), (14, 600), (16, 1200)]


def test_a_path_that_carried_the_whole_picture_again_begins_anew(path: Path) -> None:
    path.goes_on(20, 150)
    path.goes_on(1, 2000, limited=False)
    path.asked.clear()
    path.goes_on(7, 150)
    assert path.asked == [(24, 300), (27, 300)]
