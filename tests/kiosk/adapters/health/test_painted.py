"""Picture and tone of a test call: recognised after what a path does to them, and nothing else is."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest

from kiosk.adapters.audio.tones import spoken_tone
from kiosk.adapters.health.painted import (
    HEIGHT,
    PIECE_BLOCKS,
    TONE_HZ,
    WIDTH,
    Paced,
    has_tone,
    painted,
    pictures,
    read,
    tone,
)
from kiosk.core.media import YuvFrame
from tests.support.peers import until

MARK = 0xA7
LUMA = WIDTH * HEIGHT


def scaled(frame: YuvFrame, width: int, height: int, *, noise: float = 0.0) -> YuvFrame:
    """The picture as it may arrive."""
    luma = np.frombuffer(frame.y, np.uint8).reshape(frame.height, frame.width)
    small = cv2.resize(luma, (width, height), interpolation=cv2.INTER_AREA).astype(np.float64)
    small += np.random.default_rng(1).normal(0, noise, small.shape)
    data = np.full(width * height * 3 // 2, 128, np.uint8)
    data[: width * height] = np.clip(small, 0, 255).astype(np.uint8).reshape(-1)
    return YuvFrame(width, height, data.data, 0.0)


@pytest.mark.parametrize("count", [0, 1, 255, 256, 40_000])
def test_a_picture_is_read_as_what_was_painted(count: int) -> None:
    assert read(painted(MARK, count, 0.0), MARK) == count


@pytest.mark.parametrize("size", [(160, 120), (80, 60), (640, 480)])
def test_a_picture_is_read_in_any_size_and_through_noise(size: tuple[int, int]) -> None:
    assert read(scaled(painted(MARK, 1234, 0.0), *size, noise=25), MARK) == 1234


def test_a_picture_of_another_call_is_not_ours() -> None:
    assert read(painted(MARK, 5, 0.0), MARK + 1) is None


@pytest.mark.parametrize("luma", [16, 128, 235])
def test_an_empty_picture_is_not_ours(luma: int) -> None:
    assert read(YuvFrame(WIDTH, HEIGHT, bytes([luma]) * (LUMA * 3 // 2), 0.0), MARK) is None


def test_a_picture_too_small_to_read_is_not_ours() -> None:
    assert read(YuvFrame(16, 12, bytes(16 * 12 * 3 // 2), 0.0), MARK) is None


async def test_pictures_are_counted_and_stop_when_nobody_takes_them() -> None:
    taken: list[YuvFrame] = []
    end = pictures(MARK, lambda: 7.0).subscribe(taken.append)
    await until(lambda: len(taken) >= 3, "three pictures")
    end()
    end()
    there = len(taken)
    assert [read(frame, MARK) for frame in taken[:3]] == [0, 1, 2]
    assert taken[0].captured_s == 7.0
    await until(lambda: True, "nothing")
    assert len(taken) == there


async def test_the_tone_is_recognised_in_what_is_sent() -> None:
    blocks: list[bytes] = []
    end = tone().subscribe(blocks.append)
    await until(lambda: len(blocks) >= 2 * PIECE_BLOCKS, "two pieces")
    end()
    assert {len(block) for block in blocks} == {960}
    assert has_tone(blocks[:PIECE_BLOCKS])
    assert has_tone(blocks[PIECE_BLOCKS : 2 * PIECE_BLOCKS])


def test_silence_noise_and_another_tone_are_not_the_tone() -> None:
    noise = np.random.default_rng(1).normal(0, 5000, 480 * PIECE_BLOCKS).astype("<i2").tobytes()
    assert not has_tone([bytes(960)] * PIECE_BLOCKS)
    assert not has_tone([noise])
    assert not has_tone(list(itertools.islice(spoken_tone(TONE_HZ * 2), PIECE_BLOCKS)))


async def test_a_source_gives_what_it_makes() -> None:
    numbers = iter(range(1000))
    taken: list[int] = []
    end = Paced(200, lambda: next(numbers)).subscribe(taken.append)
    await until(lambda: len(taken) >= 5, "five")
    end()
    assert taken[:5] == [0, 1, 2, 3, 4]
