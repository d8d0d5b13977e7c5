"""How much of the camera's picture goes out."""

from __future__ import annotations

import itertools

import pytest

from kiosk.adapters.peer.limits import PictureLimiter
from kiosk.core.media import FULL_PICTURE, STILL_EVERY_S, PictureLimits, YuvFrame


def frame(at_s: float, width: int = 64, height: int = 36) -> YuvFrame:
    return YuvFrame(width, height, bytes(width * height * 3 // 2), at_s)


def sent(limiter: PictureLimiter, times_s: list[float]) -> list[float]:
    """When the pictures that went through were taken."""
    through = [limiter.let_through(frame(at_s)) for at_s in times_s]
    return [picture.captured_s for picture in through if picture is not None]


def camera_times(seconds: float, rate: float = 30.0, jitter_s: float = 0.0) -> list[float]:
    """A camera whose pictures come alternately early and late."""
    return [100 + i / rate + (jitter_s if i % 2 else -jitter_s) for i in range(round(seconds * rate))]


def test_without_limits_every_picture_goes_out_as_it_is() -> None:
    limiter, picture = PictureLimiter(), frame(1.0)
    assert limiter.let_through(picture) is picture
    assert sent(limiter, camera_times(2)) == camera_times(2)


@pytest.mark.parametrize("jitter_s", [0.0, 0.004])
@pytest.mark.parametrize("rate", [5, 10, 12, 15, 24, 30])
def test_no_more_pictures_a_second_than_asked_for_and_hardly_fewer(rate: int, jitter_s: float) -> None:
    limiter = PictureLimiter()
    limiter.limit(PictureLimits(rate_max=rate))
    through = len(sent(limiter, camera_times(10, jitter_s=jitter_s)))
    assert 0.9 * rate * 10 <= through <= rate * 10 + 1


def test_a_slow_camera_is_not_thinned_out() -> None:
    limiter = PictureLimiter()
    limiter.limit(PictureLimits(rate_max=15))
    times_s = camera_times(5, rate=14.5)
    assert sent(limiter, times_s) == times_s


def test_after_a_pause_of_the_camera_nothing_is_caught_up() -> None:
    limiter = PictureLimiter()
    limiter.limit(PictureLimits(rate_max=10))
    sent(limiter, camera_times(2))
    later = [time_s + 60 for time_s in camera_times(2)]
    assert len(sent(limiter, later)) <= 21


def test_a_still_goes_out_at_once_and_then_now_and_then() -> None:
    limiter = PictureLimiter()
    sent(limiter, camera_times(1))
    limiter.limit(PictureLimits(still=True))
    times_s = [time_s + 1 for time_s in camera_times(4 * STILL_EVERY_S)]
    through = sent(limiter, times_s)
    assert through[0] == times_s[0]
    gaps_s = [b - a for a, b in itertools.pairwise(through)]
    assert len(through) == 4
    assert all(gap_s == pytest.approx(STILL_EVERY_S, abs=0.05) for gap_s in gaps_s)


def test_with_the_limits_gone_the_very_next_picture_goes_out() -> None:
    limiter = PictureLimiter()
    limiter.limit(PictureLimits(still=True))
    sent(limiter, camera_times(1))
    limiter.limit(FULL_PICTURE)
    assert sent(limiter, [101.0, 101.033]) == [101.0, 101.033]


def test_the_same_limits_again_do_not_let_a_picture_through_early() -> None:
    limiter = PictureLimiter()
    limiter.limit(PictureLimits(still=True))
    assert sent(limiter, [100.0]) == [100.0]
    limiter.limit(PictureLimits(still=True))
    assert sent(limiter, [100.1]) == []


def test_a_picture_that_is_left_out_is_not_even_looked_at_and_the_others_are_made_smaller() -> None:
    limiter = PictureLimiter()
    limiter.limit(PictureLimits(width_max=32, rate_max=10))
    first = limiter.let_through(frame(100.0))
    assert first is not None
    assert (first.width, first.height) == (32, 18)
    assert limiter.let_through(YuvFrame(64, 36, b"not a picture", 100.01)) is None
