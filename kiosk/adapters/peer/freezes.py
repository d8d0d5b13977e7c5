"""Counting freezes of a received picture, for an engine that does not.

What it is for: the same figure from both engines (https://www.w3.org/TR/webrtc-stats/#dom-rtcinboundrtpstreamstats-freezecount).
What it does not do: read a clock.
"""

from __future__ import annotations

from collections import deque

#: As the specification says: a gap this much over the mean of the last gaps is a freeze.
_FREEZE_FACTOR = 3.0
_FREEZE_OVER_S = 0.15
_GAPS = 30
#: A longer gap is a pause (the other side stopped sending, or the path was away), not a freeze.
_PAUSE_S = 5.0


class FreezeCounter:
    """Fed with the time of every picture shown.

    Attributes:
        freezes: How many gaps were freezes.
        frozen_s: How long they were together.
    """

    def __init__(self) -> None:
        self._last_s: float | None = None
        self._gaps: deque[float] = deque(maxlen=_GAPS)
        self.freezes = 0
        self.frozen_s = 0.0

    def shown(self, at_s: float) -> None:
        """A picture was shown at that moment, seconds of a rising clock."""
        last_s, self._last_s = self._last_s, at_s
        if last_s is None or at_s - last_s > _PAUSE_S:
            self._gaps.clear()
            return
        gap_s = at_s - last_s
        if self._gaps:
            mean_s = sum(self._gaps) / len(self._gaps)
            if gap_s >= max(_FREEZE_FACTOR * mean_s, mean_s + _FREEZE_OVER_S):
                self.freezes += 1
                self.frozen_s += gap_s
        self._gaps.append(gap_s)
