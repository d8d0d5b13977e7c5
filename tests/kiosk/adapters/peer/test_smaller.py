"""A picture made smaller keeps its shape, its colours, its age and what is written in it."""

from __future__ import annotations

import numpy as np
import pytest

from kiosk.adapters.pattern_picture import PatternPicture
from kiosk.adapters.peer.smaller import no_wider
from kiosk.core.media import YuvFrame
from tests.support.picture_clock import read_clock


def test_a_picture_that_is_small_enough_is_the_very_same() -> None:
    frame = YuvFrame(640, 360, bytes(640 * 540), 1.0)
    assert no_wider(frame, 640) is frame
    assert no_wider(frame, None) is frame


@pytest.mark.parametrize(
    ("size", "width_max", "made"),
    [((1280, 720), 640, (640, 360)), ((1920, 1080), 640, (640, 360)), ((1000, 562), 333, (332, 186))],
)
def test_a_wider_one_keeps_its_shape_and_has_even_sides(
    size: tuple[int, int], width_max: int, made: tuple[int, int]
) -> None:
    width, height = size
    small = no_wider(YuvFrame(width, height, bytes(width * height * 3 // 2), 7.0), width_max)
    assert (small.width, small.height, small.captured_s) == (*made, 7.0)
    assert len(small.data) == small.width * small.height * 3 // 2


def test_the_time_that_is_painted_in_stays_readable() -> None:
    frame = PatternPicture(1280, 720).paint(123.456)
    assert read_clock(no_wider(frame, 640)) == read_clock(frame) == 123_456


def test_each_plane_keeps_its_own_colour() -> None:
    planes = [np.full(1280 * 720, 90, np.uint8), np.full(640 * 360, 160, np.uint8), np.full(640 * 360, 30, np.uint8)]
    small = no_wider(YuvFrame(1280, 720, np.concatenate(planes).data, 0.0), 640)
    assert [set(bytes(plane)) for plane in (small.y, small.u, small.v)] == [{90}, {160}, {30}]
