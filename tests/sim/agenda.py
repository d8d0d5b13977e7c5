"""What is to happen in simulated time, and the clock that jumps from one thing to the next."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

Happening = Callable[[], Awaitable[None]]


class JumpingClock:
    """A `Clock` that stands still until somebody moves it, and never goes back."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        """Aware, UTC."""
        return self._at

    def jump(self, to: datetime) -> None:
        """Go on to a moment; one that has passed changes nothing."""
        self._at = max(self._at, to)


class Agenda:
    """Happenings in the order of their time; those of one moment in the order in which they were put down."""

    def __init__(self, clock: JumpingClock) -> None:
        self._clock = clock
        self._numbers = itertools.count()
        self._rows: list[tuple[datetime, int, Happening]] = []

    def at(self, when: datetime, happening: Happening) -> None:
        """Put one down."""
        heapq.heappush(self._rows, (when, next(self._numbers), happening))

    def later(self, seconds: float, happening: Happening) -> None:
        """Put one down for so many seconds from now."""
        self.at(self._clock.now() + timedelta(seconds=seconds), happening)

    def next_at(self) -> datetime | None:
        """When the next is due."""
        return self._rows[0][0] if self._rows else None

    async def let_next_happen(self) -> None:
        """Jump to the next and let it happen."""
        when, _number, happening = heapq.heappop(self._rows)
        self._clock.jump(when)
        await happening()
