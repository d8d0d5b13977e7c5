"""Read the time that is painted into a picture; the painting is `kiosk.adapters.pattern_picture`.

What it is for: glass to glass, and proof that the picture that arrived is the one that was sent. The script for pages
lies beside (`picture_clock.js`, global `pictureClock`). What it does not do: collect figures.
"""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.pattern_picture import CLOCK_BARS, CLOCK_SHARE, PatternPicture, check_sum
from kiosk.core.media import YuvFrame

if TYPE_CHECKING:
    from playwright.async_api import Page

__all__ = ["SCRIPT", "PatternPicture", "age_ms", "clock_offset_ms", "now_ms", "read_clock"]

#: For `page.add_script_tag(path=SCRIPT)` or `context.add_init_script(path=SCRIPT)`.
SCRIPT = Path(__file__).with_name("picture_clock.js")


def read_clock(frame: YuvFrame) -> int | None:
    """Read the painted time.

    Returns:
        Milliseconds of the painter's clock modulo 2^32, or None if the picture carries none that can be read.
    """
    luma = np.frombuffer(frame.y, np.uint8).reshape(frame.height, frame.width)
    tall = frame.height // CLOCK_SHARE & ~1
    if tall < 2:
        return None
    strip = luma[frame.height - tall + tall // 4 : frame.height - tall // 4]
    value = 0
    for light in strip[:, _middles(frame.width)].mean(axis=(0, 2)).tolist():
        value = (value << 1) | int(light > 125)
    milliseconds, painted_sum = value >> 8, value & 0xFF
    return milliseconds if painted_sum == check_sum(milliseconds) else None


@cache
def _middles(width: int) -> NDArray[np.intp]:
    """The columns of the middle half of each bar; one row for each bar."""
    bar = width / CLOCK_BARS
    starts = (np.arange(CLOCK_BARS) * bar + bar / 4).astype(np.intp)
    return starts[:, None] + np.arange(max(1, int(bar / 2)))


def now_ms() -> int:
    """This machine's monotonic clock as it is painted; on Linux the same in every process."""
    return int(time.monotonic() * 1000) & 0xFFFFFFFF


def age_ms(painted_ms: int, at_ms: int | None = None) -> int:
    """Milliseconds from painting to now, over the wrap of the clock."""
    return ((now_ms() if at_ms is None else at_ms) - painted_ms) & 0xFFFFFFFF


async def clock_offset_ms(page: Page, rounds: int = 15) -> float:
    """What must be added to the page's `performance.now()` to get this machine's monotonic clock, milliseconds.

    The round with the shortest trip decides; the error is at most half that trip, under 1 ms on one machine.
    """
    best_trip, offset = float("inf"), 0.0
    for _ in range(rounds):
        before = time.monotonic() * 1000
        there = float(await page.evaluate("performance.now()"))
        after = time.monotonic() * 1000
        if after - before < best_trip:
            best_trip, offset = after - before, (before + after) / 2 - there
    return offset
