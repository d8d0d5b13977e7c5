"""Cropping keeps the middle; what is drawn is what was offered, at the size of the item."""

from __future__ import annotations

import pytest

from kiosk.core.media import Crop
from kiosk.ui.pictures import cropped


@pytest.mark.parametrize(
    ("target", "part"),
    [
        ((1080, 720), Crop(100, 0, 1080, 720)),
        ((1280, 720), Crop(0, 0, 1280, 720)),
        ((640, 180), Crop(0, 180, 1280, 360)),
        ((2, 2), Crop(280, 0, 720, 720)),
        ((3840, 10), Crop(0, 358, 1280, 4)),
    ],
)
def test_cropping_keeps_the_middle(target: tuple[int, int], part: Crop) -> None:
    assert cropped(1280, 720, *target) == part


def test_a_part_begins_and_ends_on_whole_colour_samples_and_within_the_picture() -> None:
    for width in range(2, 400, 34):
        for height in range(2, 400, 38):
            part = cropped(642, 362, width, height)
            assert not any(length % 2 for length in (part.x, part.y, part.width, part.height))
            assert 0 <= part.x <= 642 - part.width
            assert 0 <= part.y <= 362 - part.height
