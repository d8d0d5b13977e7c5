"""The picture and the tone of a test call: sent at their pace, and recognised after two codecs and a network.

What it is for: proof that what came back is what was sent in this very call. What it does not do: count or judge
(`kiosk.core.health.call`).
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from typing import Final, Generic, TypeVar

import numpy as np

from kiosk.adapters.audio.tones import tone_share
from kiosk.core.health.call import CELLS, cells_of, count_in
from kiosk.core.media import BLOCK_SAMPLES, SAMPLE_RATE_HZ, Unsubscribe, YuvFrame

WIDTH: Final = 320
HEIGHT: Final = 240
FRAMES_PER_S: Final = 15
#: A whole number of turns in each block, so that one block follows on itself.
TONE_HZ: Final = 1000.0
#: Sound is judged in pieces of a tenth of a second.
PIECE_BLOCKS: Final = 10
#: Of a piece's power, when the tone is in it; a codec leaves nearly all, noise and speech have next to nothing there.
_SHARE_NEEDED: Final = 0.5
_LOUDNESS: Final = 0.25
#: 4 rows of 8 cells of 40 x 60 pixels: recognised still when the picture is sent at a quarter of its width.
_COLUMNS: Final = 8
_ROWS: Final = CELLS // _COLUMNS
_DARK: Final = 16
_LIGHT: Final = 235
_GREY: Final = 128

Item = TypeVar("Item")


class Paced(Generic[Item]):
    """Hands on what is made, at a steady pace, on the running loop. A `VideoSource` or an `AudioSource`.

    Args:
        per_s: How many a second.
        make: Makes the next one.
    """

    def __init__(self, per_s: float, make: Callable[[], Item]) -> None:
        self._every_s = 1 / per_s
        self._make = make

    def subscribe(self, taker: Callable[[Item], None]) -> Unsubscribe:
        """Begin to hand on; also after a stall of the loop no more than are due."""
        task = asyncio.get_running_loop().create_task(self._run(taker), name="test-call-source")

        def end() -> None:
            task.cancel()

        return end

    async def _run(self, taker: Callable[[Item], None]) -> None:
        loop = asyncio.get_running_loop()
        due_s = loop.time()
        while True:
            taker(self._make())
            due_s += self._every_s
            await asyncio.sleep(due_s - loop.time())


def pictures(mark: int, now_s: Callable[[], float]) -> Paced[YuvFrame]:
    """The pictures of a call with this mark, counted from 0.

    Args:
        mark: Tells this call from others, 8 bits.
        now_s: Monotonic seconds.
    """
    counted = iter(range(1 << 62))

    def make() -> YuvFrame:
        return painted(mark, next(counted), now_s())

    return Paced(FRAMES_PER_S, make)


def painted(mark: int, count: int, now_s: float) -> YuvFrame:
    """One picture."""
    cells = np.array(cells_of(mark, count)).reshape(_ROWS, _COLUMNS)
    data = np.full(WIDTH * HEIGHT * 3 // 2, _GREY, np.uint8)
    luma = data[: WIDTH * HEIGHT].reshape(HEIGHT, WIDTH)
    block = np.ones((HEIGHT // _ROWS, WIDTH // _COLUMNS), np.uint8)
    luma[:] = np.kron(np.where(cells, _LIGHT, _DARK).astype(np.uint8), block)
    return YuvFrame(WIDTH, HEIGHT, data.data, now_s)


def read(frame: YuvFrame, mark: int) -> int | None:
    """Which picture of the call it is, whatever size it came in; None when it is none of it."""
    tall, wide = frame.height // _ROWS, frame.width // _COLUMNS
    if tall < 4 or wide < 4:
        return None
    luma = np.frombuffer(frame.y, np.uint8).reshape(frame.height, frame.width)
    inner = [
        luma[row * tall + tall // 4 : (row + 1) * tall - tall // 4, at * wide + wide // 4 : (at + 1) * wide - wide // 4]
        for row in range(_ROWS)
        for at in range(_COLUMNS)
    ]
    return count_in([float(cell.mean()) for cell in inner], mark)


def tone() -> Paced[bytes]:
    """The tone, block by block."""
    turns = 2 * math.pi * TONE_HZ / SAMPLE_RATE_HZ * np.arange(BLOCK_SAMPLES)
    block = (np.sin(turns) * _LOUDNESS * 32767).astype("<i2").tobytes()
    return Paced(SAMPLE_RATE_HZ / BLOCK_SAMPLES, lambda: block)


def has_tone(blocks: list[bytes]) -> bool:
    """Whether the tone is what these blocks sound like."""
    return tone_share(np.frombuffer(b"".join(blocks), "<i2"), TONE_HZ) >= _SHARE_NEEDED
