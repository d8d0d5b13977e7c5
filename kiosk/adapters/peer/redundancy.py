"""When sound is said twice (RFC 2198): where the path loses packets, and is wide enough for it.

What it is for: each packet of sound then holds the one before once more, and at 5 % loss 0.1 to 0.4 % of the sound has
to be invented instead of 3.7 to 5.9 % (measured). libwebrtc's congestion control does not count what is said the second
time, so on a thin path sound and picture together never fit: at 400 kbit/s with a queue of one second the queue stayed
full, and all was 900 to 1,050 ms on the way instead of 350 (measured). The console goes by the same rule
(`state/redundancy.ts`). What it does not do: change anything itself.
"""

from __future__ import annotations

from collections import deque
from typing import Final

from kiosk.core.media import PeerStats

#: Share of what left that did not arrive: said twice from here on, and once again below.
_BEGIN_LOSS, _END_LOSS = 0.01, 0.003
#: What the path must be thought to carry to begin, and to go on, kbit/s.
_BEGIN_KBPS, _END_KBPS = 600.0, 400.0
_WINDOW_S: Final = 10.0
#: Losses of fewer packets say little.
_PACKETS_NEEDED: Final = 200


class Redundancy:
    """Decides from the counters, read now and then.

    Attributes:
        wanted: Sound is to be said twice.
    """

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int, int]] = deque()
        self.wanted = False

    def look(self, at_s: float, stats: PeerStats) -> bool:
        """Take the counters of this moment (seconds of a rising clock); tells whether `wanted` changed."""
        self._seen.append((at_s, stats.packets_sent, stats.packets_lost_there))
        while self._seen[0][0] < at_s - _WINDOW_S:
            self._seen.popleft()
        estimate = stats.estimate_kbps
        if self.wanted and estimate is not None and estimate < _END_KBPS:
            self.wanted = False
            return True
        _, sent_then, lost_then = self._seen[0]
        sent = stats.packets_sent - sent_then
        if sent < _PACKETS_NEEDED:
            return False
        share = (stats.packets_lost_there - lost_then) / sent
        if self.wanted:
            # A look back over a whole window: what was lost just now may be lost again.
            over = share < _END_LOSS and at_s - self._seen[0][0] >= _WINDOW_S - 1
        else:
            over = share >= _BEGIN_LOSS and (estimate is None or estimate >= _BEGIN_KBPS)
        if over:
            self.wanted = not self.wanted
        return over
