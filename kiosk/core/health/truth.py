"""What is true of a kiosk over all areas: tests merged, and what the program can say of itself. Pure.

What it is for: each test looks at some areas; of the others the last finding stands. What it does not do: test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from kiosk.core.care import NO_REASON_TO_CLOSE, Health, Looked
from signaling.protocol.health import (
    FINDINGS,
    HealthArea,
    HealthCode,
    HealthNumber,
    Light,
    TestKind,
    in_order,
)

#: What is on the screen is proven by a look that is no older; the screen looks every 5 s.
SCREEN_FRESH_S: Final = 12.0
#: Until the first look of a program that has just started.
SCREEN_FIRST_S: Final = 20.0
#: A kiosk that nobody has touched for so long may have a dead touch panel.
TOUCH_UNSEEN_AFTER_S: Final = 7 * 24 * 3600.0
#: So many starts that nobody wanted, within a day, are too many.
RESTARTS_OFTEN: Final = 3
DAY_S: Final = 24 * 3600.0

#: What the care says by itself, at any time; a test of these areas by others is merged with it.
OWN_CODES: Final = frozenset(
    {
        HealthCode.SCREEN_NOT_DRAWN,
        HealthCode.TOUCH_UNSEEN,
        HealthCode.RESTARTED_OFTEN,
        HealthCode.SECOND_ENGINE,
        HealthCode.UPDATE_FAILED,
    }
)


@dataclass(frozen=True, slots=True)
class Truth:
    """All that was found, area by area.

    Attributes:
        found: Findings of each area that was looked at.
        numbers: The latest of each.
        test: What the last test was.
        tested_at: When it ended, UTC.
    """

    found: Mapping[HealthArea, frozenset[HealthCode]] = field(default_factory=lambda: MappingProxyType({}))
    numbers: Mapping[HealthNumber, float] = field(default_factory=lambda: MappingProxyType({}))
    test: TestKind | None = None
    tested_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Itself:
    """What the program knows of itself without a test.

    Attributes:
        now_s: Monotonic seconds.
        started_s: When it started.
        drawn_s: When the screen was last proven; None: never yet.
        drawn: What the last look at the screen said.
        drawn_ms: How long that took.
        wall_s: UTC, seconds since 1970.
        touched_at_s: When somebody touched the screen last, or when this kiosk was first started, UTC.
        restarts: Starts that nobody wanted, UTC.
        second_engine: The best media engine did not load.
        update_failed: The version that is asked for did not pass its test.
        screen: There is one; False for a test at the command line.
    """

    now_s: float
    started_s: float
    drawn_s: float | None = None
    drawn: bool = False
    drawn_ms: float | None = None
    wall_s: float = 0.0
    touched_at_s: float | None = None
    restarts: tuple[float, ...] = ()
    second_engine: bool = False
    update_failed: bool = False
    screen: bool = True


def merged(truth: Truth, looked: Looked) -> Truth:
    """Take in what a test has found: what it looked at and did not find is mended."""
    areas = looked.areas | {FINDINGS[code].area for code in looked.findings}
    found = dict(truth.found)
    for area in areas:
        found[area] = frozenset(code for code in looked.findings if FINDINGS[code].area is area)
    return replace(truth, found=found, numbers={**truth.numbers, **looked.numbers})


def own_findings(itself: Itself) -> frozenset[HealthCode]:
    """What the program says of itself."""
    said = {
        HealthCode.SCREEN_NOT_DRAWN: itself.screen and not screen_is_well(itself),
        HealthCode.TOUCH_UNSEEN: itself.screen
        and itself.touched_at_s is not None
        and itself.wall_s - itself.touched_at_s >= TOUCH_UNSEEN_AFTER_S,
        HealthCode.RESTARTED_OFTEN: restarts_today(itself) >= RESTARTS_OFTEN,
        HealthCode.SECOND_ENGINE: itself.second_engine,
        HealthCode.UPDATE_FAILED: itself.update_failed,
    }
    return frozenset(code for code, so in said.items() if so)


def restarts_today(itself: Itself) -> int:
    """Starts that nobody wanted, within a day; those in the future are of a clock that was wrong."""
    return sum(0 <= itself.wall_s - at_s < DAY_S for at_s in itself.restarts)


def screen_is_drawn(itself: Itself) -> bool:
    """What is on the screen was seen there a moment ago."""
    fresh = itself.drawn_s is not None and itself.now_s - itself.drawn_s < SCREEN_FRESH_S
    return fresh and itself.drawn


def screen_is_well(itself: Itself) -> bool:
    """The same, with patience for a program that has just started."""
    if itself.drawn_s is None:
        return itself.now_s - itself.started_s < SCREEN_FIRST_S
    return screen_is_drawn(itself)


def health(truth: Truth, itself: Itself, testing: HealthArea | None, *, touched: bool) -> Health:
    """Everything that is true now."""
    numbers = {**truth.numbers, HealthNumber.RESTARTS: float(restarts_today(itself))}
    if itself.drawn_ms is not None:
        numbers[HealthNumber.SCREEN_DRAWN_MS] = itself.drawn_ms
    found = {code for codes in truth.found.values() for code in codes} - OWN_CODES
    return Health(
        findings=in_order(found | own_findings(itself)),
        numbers=numbers,
        test=truth.test,
        tested_at=truth.tested_at,
        testing=testing,
        drawn=screen_is_drawn(itself),
        touched=touched,
    )


def broken_areas(findings: tuple[HealthCode, ...]) -> frozenset[HealthArea]:
    """Where the findings are that keep the kiosk out of service."""
    reasons = set(findings) - NO_REASON_TO_CLOSE
    return frozenset(FINDINGS[code].area for code in reasons if FINDINGS[code].light is Light.RED)
