"""What a person would have seen, from the times and ages of the pictures that were shown. Pure.

A freeze is what W3C webrtc-stats calls one: a picture that stays for longer than three times the average of the 30
before it, and at least 150 ms longer than that average. Its whole time counts as frozen.
"""

from __future__ import annotations

import itertools
import statistics
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

_AVERAGED = 30
_LONGER_MS = 150.0

#: When shown (ms), its age then in ms where its clock could be read, its width.
Shown = tuple[float, float | None, int]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen in a stretch of time.

    Attributes:
        frames_per_s: Pictures shown, a second.
        frozen_share: Of the time, 0 to 1.
        freezes: How often.
        longest_still_ms: The longest time between two pictures.
        age_median_ms, age_p95_ms: Glass to glass; None where no clock could be read.
        width_median, width_last: Pixels; 0 where there was nothing.
    """

    frames_per_s: float
    frozen_share: float
    freezes: int
    longest_still_ms: float
    age_median_ms: float | None
    age_p95_ms: float | None
    width_median: int
    width_last: int


def seen(pictures: Sequence[Shown], from_ms: float, to_ms: float) -> Seen:
    """Sum up what was shown between two times of the same clock.

    Time before the first and after the last picture counts as still, too.
    """
    before = [row for row in pictures if row[0] < from_ms]
    rows = [row for row in pictures if from_ms <= row[0] < to_ms]
    ages = sorted(age for _, age, _ in rows if age is not None)
    widths = [width for _, _, width in rows]
    frozen = freezes_ms([*[at for at, _, _ in before], *[at for at, _, _ in rows], to_ms], from_ms)
    times = [from_ms, *[at for at, _, _ in rows], to_ms]
    total = to_ms - from_ms
    return Seen(
        frames_per_s=len(rows) / total * 1000,
        frozen_share=min(1.0, sum(frozen) / total) if rows else 1.0,
        freezes=len(frozen) if rows else 1,
        longest_still_ms=max(b - a for a, b in itertools.pairwise(times)),
        age_median_ms=statistics.median(ages) if ages else None,
        age_p95_ms=ages[int(len(ages) * 0.95)] if ages else None,
        width_median=int(statistics.median(widths)) if widths else 0,
        width_last=widths[-1] if widths else 0,
    )


def freezes_ms(times_ms: Sequence[float], from_ms: float = float("-inf")) -> list[float]:
    """How long each freeze after a time was; only its part after that time counts."""
    kept: deque[float] = deque(maxlen=_AVERAGED)
    found = []
    for a, b in itertools.pairwise(times_ms):
        gap = b - a
        if kept:
            average = sum(kept) / len(kept)
            if gap > max(3 * average, average + _LONGER_MS) and b > from_ms:
                found.append(b - max(a, from_ms))
        kept.append(gap)
    return found


def first_after(pictures: Sequence[Shown], from_ms: float, *, steady: int = 1) -> float | None:
    """When the first of so many pictures in a row (each at most half a second after the other) came; None if never."""
    times = [at for at, _, _ in pictures if at >= from_ms]
    for i in range(len(times) - steady + 1):
        run = times[i : i + steady]
        if all(b - a <= 500 for a, b in itertools.pairwise(run)):
            return run[0]
    return None
