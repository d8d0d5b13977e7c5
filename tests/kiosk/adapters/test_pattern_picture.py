"""The painted clock survives what happens to a picture on its way."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from kiosk.adapters.pattern_picture import PatternPicture
from kiosk.core.media import YuvFrame
from tests.support.picture_clock import age_ms, read_clock

MOMENTS_S = [0.0, 0.001, 1.0, 12_345.678, 604_800.5, 2**32 / 1000 - 0.001, 2**32 / 1000 + 0.5]


@pytest.mark.parametrize("now_s", MOMENTS_S)
@pytest.mark.parametrize("size", [(1280, 720), (640, 360), (1920, 1080), (320, 180)])
def test_the_painted_time_is_read_again(now_s: float, size: tuple[int, int]) -> None:
    assert read_clock(PatternPicture(*size).paint(now_s)) == int(now_s * 1000) % 2**32


@pytest.mark.parametrize("now_s", MOMENTS_S)
def test_it_is_read_after_shrinking_to_a_sixteenth_and_hard_compression(now_s: float) -> None:
    frame = PatternPicture(1280, 720).paint(now_s)
    whole = np.frombuffer(frame.data, np.uint8).reshape(1080, 1280)
    small = cv2.resize(cv2.cvtColor(whole, cv2.COLOR_YUV2BGR_I420), (320, 180), interpolation=cv2.INTER_AREA)
    _, packed = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 20])
    unpacked = cv2.imdecode(packed, cv2.IMREAD_COLOR)
    assert unpacked is not None
    again = cv2.cvtColor(unpacked, cv2.COLOR_BGR2YUV_I420)
    assert read_clock(YuvFrame(320, 180, again.reshape(-1).data, 0)) == int(now_s * 1000) % 2**32


def test_a_picture_without_a_clock_has_no_time() -> None:
    noise = np.random.default_rng(3).integers(0, 255, 1280 * 720 * 3 // 2, np.uint8)
    flat = np.full(1280 * 720 * 3 // 2, 128, np.uint8)
    assert read_clock(YuvFrame(1280, 720, noise.data, 0)) is None
    assert read_clock(YuvFrame(1280, 720, flat.data, 0)) is None
    assert read_clock(YuvFrame(16, 16, bytes(384), 0)) is None


def test_one_wrong_bar_is_noticed() -> None:
    frame = PatternPicture(1280, 720).paint(12.5)
    for bar in range(40):
        pixels = np.frombuffer(frame.data, np.uint8).copy()
        strip = pixels[: 1280 * 720].reshape(720, 1280)[-24:, bar * 32 : bar * 32 + 32]
        strip[:] = 251 - strip
        assert read_clock(YuvFrame(1280, 720, pixels.data, 0)) is None


def test_an_age_is_right_over_the_wrap_of_the_clock() -> None:
    assert age_ms(2**32 - 10, 15) == 25
