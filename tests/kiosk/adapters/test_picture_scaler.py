"""Planes become the right colours at the size that is wanted."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.adapters.picture_scaler import PictureScaler, work_on_one_thread
from kiosk.core.media import Crop, YuvFrame

#: Blue, green, red; and the same in limited-range BT.601.
RED, BLUE = (40, 40, 200), (200, 60, 40)
_YUV = {RED: (90, 104, 203), BLUE: (78, 192, 110)}


def halves(width: int, height: int) -> YuvFrame:
    """Left half red, right half blue."""
    planes = []
    for number in range(3):
        size = (height, width) if number == 0 else (height // 2, width // 2)
        plane = np.full(size, _YUV[RED][number], np.uint8)
        plane[:, size[1] // 2 :] = _YUV[BLUE][number]
        planes.append(plane.tobytes())
    return YuvFrame(width, height, b"".join(planes), 0.0)


def scaled(
    frame: YuvFrame, crop: Crop, width: int, height: int, scale: PictureScaler | None = None
) -> NDArray[np.uint8]:
    pixels = bytearray(width * height * 4)
    (scale or PictureScaler())(frame, crop, pixels, width, height)
    return np.frombuffer(pixels, np.uint8).reshape(height, width, 4)


def assert_colour(image: NDArray[np.uint8], x: int, y: int, wanted: tuple[int, int, int]) -> None:
    found = image[y, x].astype(int)
    assert max(abs(found[:3] - wanted)) <= 12, f"{found} is not {wanted}"
    assert found[3] == 255


@pytest.mark.parametrize("size", [(1280, 720), (1080, 760), (300, 170), (2560, 1440), (8, 8)])
def test_a_whole_picture_has_the_right_colours_at_any_size(size: tuple[int, int]) -> None:
    image = scaled(halves(1280, 720), Crop(0, 0, 1280, 720), *size)
    assert_colour(image, 0, 0, RED)
    assert_colour(image, size[0] - 1, size[1] - 1, BLUE)


def test_a_part_is_that_part() -> None:
    frame = halves(1280, 720)
    assert_colour(scaled(frame, Crop(0, 0, 640, 720), 100, 100), 99, 50, RED)
    assert_colour(scaled(frame, Crop(640, 360, 640, 360), 640, 360), 0, 0, BLUE)


def test_more_sizes_than_are_kept_do_no_harm() -> None:
    scale, frame = PictureScaler(), halves(64, 36)
    for size in [*range(10, 30, 2), 10, 12]:
        assert_colour(scaled(frame, Crop(0, 0, 64, 36), size, size, scale), 0, 0, RED)


def test_a_much_smaller_picture_is_the_mean_of_what_was_there() -> None:
    stripes = np.tile(np.array([16, 235], np.uint8), (720, 640))
    grey = np.full((360, 640), 128, np.uint8)
    frame = YuvFrame(1280, 720, b"".join(plane.tobytes() for plane in (stripes, grey, grey)), 0.0)
    image = scaled(frame, Crop(100, 0, 1080, 720), 300, 200)[..., :3].astype(int)
    assert image.min() >= 120
    assert image.max() <= 135  # sampled, it would flicker between black and white


def test_opencv_can_be_kept_to_one_thread() -> None:
    threads = cv2.getNumThreads()
    try:
        work_on_one_thread()
        assert cv2.getNumThreads() == 1
    finally:
        cv2.setNumThreads(threads)
