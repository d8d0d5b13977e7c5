"""How much of a picture a path carries beside its sound. Pure.

What it is for: sound first. On a shrinking path the picture gets smaller, then slower, then stands still, before sound
suffers; it comes back by itself. The same rule stands in the console (`state/picture_ladder.ts`), and one table of
cases keeps the two alike (`tests/contract/paths/ladder.json`). What it does not do: estimate; the engine's congestion
control does. The engine is told to leave size and rate as they are: by itself it took 21 to 27 s to come back to the
first size on a path that was wide again, because it goes by how the last pictures looked and not by what there is room
for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kiosk.core.media import FULL_PICTURE, PictureLimits


@dataclass(frozen=True, slots=True)
class Rung:
    """One step.

    Attributes:
        from_kbps: A path that is thought to carry less than this, sound included, is a rung further down.
        limits: What of the picture is sent on it.
    """

    from_kbps: float
    limits: PictureLimits


#: From the top down. Sound takes about 70 kbit/s of what a path carries (48 of Opus, and its packets' headers).
RUNGS: Final = (
    Rung(700, FULL_PICTURE),
    Rung(520, PictureLimits(width_max=960)),
    Rung(270, PictureLimits(width_max=640)),
    Rung(190, PictureLimits(width_max=480, rate_max=20)),
    Rung(130, PictureLimits(width_max=320, rate_max=10)),
    Rung(0, PictureLimits(width_max=320, still=True)),
)
#: A rung is left downwards, for one that the path carries, after the path has been too thin for it for so long.
DOWN_AFTER_S: Final = 1.0
#: And upwards, for the highest that it carries, after it has carried so much more than the next one needs, for so long.
UP_AFTER_S: Final = 3.0
UP_MARGIN: Final = 1.25
#: A path that carries little tells little of what it could carry: congestion control believes no more than a half
#: above what goes through. So a still is tried as a moving picture after this time, and a moving one a rung higher
#: where the path carries that just so; after twice as long when it was in vain, but a path that is wide again is not to
#: be found out much later.
TRY_AFTER_S: Final = 4.0
TRY_AFTER_MAX_S: Final = 8.0
#: A rung that was tried and left downwards within this time was tried in vain.
IN_VAIN_WITHIN_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Ladder:
    """Where a picture stands.

    Attributes:
        rung: Index in `RUNGS`.
        since_s: Since when it stands there.
        thin_s, wide_s: Since when the path has been too thin for it, or wide enough for the next; None: it is not.
        try_after_s: The next rung is tried after so long.
        tried: It stands here because this rung was tried.
    """

    rung: int = 0
    since_s: float = 0.0
    thin_s: float | None = None
    wide_s: float | None = None
    try_after_s: float = TRY_AFTER_S
    tried: bool = False

    @property
    def limits(self) -> PictureLimits:
        """What of the picture is to be sent."""
        return RUNGS[self.rung].limits


def climb(before: Ladder, estimate_kbps: float | None, now_s: float) -> Ladder:
    """Take a new estimate in.

    Args:
        before: Where it stood.
        estimate_kbps: What the path is thought to carry from this end; None changes nothing.
        now_s: Monotonic.
    """
    if estimate_kbps is None:
        return before
    rung = before.rung
    stood_s = now_s - before.since_s
    next_kbps = RUNGS[rung - 1].from_kbps if rung > 0 else float("inf")
    thin_s = _since(before.thin_s, now_s) if estimate_kbps < RUNGS[rung].from_kbps else None
    wide_s = _since(before.wide_s, now_s) if estimate_kbps >= next_kbps * UP_MARGIN else None
    may_try = RUNGS[rung].limits.still or estimate_kbps >= next_kbps
    if thin_s is not None and now_s - thin_s >= DOWN_AFTER_S:
        in_vain = before.tried and stood_s < IN_VAIN_WITHIN_S
        try_after_s = min(before.try_after_s * 2, TRY_AFTER_MAX_S) if in_vain else TRY_AFTER_S
        return Ladder(_carried(estimate_kbps), now_s, try_after_s=try_after_s)
    if wide_s is not None and now_s - wide_s >= UP_AFTER_S:
        return Ladder(_carried(estimate_kbps / UP_MARGIN), now_s)
    if may_try and stood_s >= before.try_after_s:
        return Ladder(rung - 1, now_s, try_after_s=before.try_after_s, tried=True)
    return Ladder(rung, before.since_s, thin_s, wide_s, before.try_after_s, before.tried)


def _carried(kbps: float) -> int:
    """The highest rung that a path of so much carries."""
    return next(rung for rung, step in enumerate(RUNGS) if kbps >= step.from_kbps)


def _since(before: float | None, now_s: float) -> float:
    return now_s if before is None else before
