"""When does a packet arrive? One direction of one access, without sockets or clocks: times and chance are arguments."""

from __future__ import annotations

import random

from tests.netlab.conditions import Way

_SLOT_S = 0.02  # how long one draw of the jitter holds: the pace of sound packets
_OVERTAKEN_S = 0.012  # a packet that is overtaken comes this much later


class Wire:
    """What is on one way now. All times are seconds of one clock.

    Args:
        chance: Uniform in [0, 1).
    """

    __slots__ = (
        "_chance", "_delay_s", "_free_s", "_jitter_s", "_last_s", "_offset_s", "_per_byte_s", "_queue_s", "_reorder",
        "_slot_s", "cut", "dropped",
    )  # fmt: skip

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._free_s = self._last_s = self._slot_s = self._offset_s = 0.0
        self.dropped = 0
        self.cut = False
        self.set(Way())

    def set(self, way: Way, *, cut: bool = False) -> None:
        """Be like this from now on; what is under way already arrives as it would have."""
        self._delay_s = way.delay_ms / 1000
        self._jitter_s = way.jitter_ms / 1000
        self._reorder = way.reorder
        self._per_byte_s = 0.0 if way.rate_kbps is None else 8 / (way.rate_kbps * 1000)
        self._queue_s = way.queue_ms / 1000
        self.cut = cut

    def arrival_s(self, now_s: float, size: int) -> float | None:
        """When a packet of `size` bytes that is sent now arrives; None when it never does."""
        if self.cut:
            self.dropped += 1
            return None
        at_s = now_s
        if self._per_byte_s:
            free_s = max(now_s, self._free_s)
            if free_s - now_s > self._queue_s:
                self.dropped += 1
                return None
            at_s = self._free_s = free_s + size * self._per_byte_s
        at_s += self._delay_s
        if self._jitter_s:
            if now_s >= self._slot_s + _SLOT_S:
                self._slot_s = now_s
                self._offset_s = max((self._chance.random() * 2 - 1) * self._jitter_s, -self._delay_s)
            # Who was slow holds up those behind: jitter alone does not change the order.
            at_s = self._last_s = max(at_s + self._offset_s, self._last_s)
        if self._reorder and self._chance.random() < self._reorder:
            return at_s + _OVERTAKEN_S
        return at_s
