"""When congestion control is not to give a path up for thin: where packets are lost and nothing waits in a queue.

What it is for: congestion control takes every loss for a full queue. At 20 % loss and 60 ms round trip it believes in
130 to 190 kbit/s on a path without any limit, which gets 10 pictures a second, or in less, which gets a still
(measured). A queue shows in the round trip: as long as that is at its least, the losses are the path's own, and going
slower mends none of them. The console goes by the same rule (`state/least_rate.ts`). What it does not do: change
anything itself.
"""

from __future__ import annotations

from collections import deque
from typing import Final

from kiosk.core.media import PeerStats

#: What is kept then: 640 wide at full pace (`picture_ladder`). Below it moves no picture worth having at such a loss.
LEAST_KBPS: Final = 300
#: An estimate that is still above this needs no help.
_HELPED_BELOW_KBPS: Final = 400.0
#: Share of what left that did not arrive.
_BEGIN_LOSS, _END_LOSS = 0.08, 0.04
#: A round trip so much longer than the shortest one is a queue: much longer, and by more than a busy machine adds.
_QUEUE_TIMES, _QUEUE_MS = 1.5, 60.0
_WINDOW_S: Final = 5.0
#: Losses of fewer packets say little, and so does a single round trip. They are those of the other end's reports: what
#: asks whether the path is there does so every 2.5 s, and does not get through a full queue.
_PACKETS_NEEDED: Final = 100
_TRIPS_NEEDED: Final = 2
#: It was the rate after all: there is a queue now, nothing is heard any more, or so much more of what left is lost than
#: before (what is told of the losses comes late, so a little more is no sign). Then not again for a while.
_WORSE_BY = 0.2
_BARRED_FIRST_S, _BARRED_MAX_S = 6.0, 120.0


class LeastRate:
    """Decides from the counters, read now and then.

    Attributes:
        wanted: The estimate is not to fall below `LEAST_KBPS`.
    """

    def __init__(self) -> None:
        self.wanted = False
        self._seen: deque[tuple[float, PeerStats]] = deque()
        self._least_ms = float("inf")
        self._queue_s = float("-inf")
        self._share_before = 0.0
        self._barred_until_s = float("-inf")
        self._barred_s = _BARRED_FIRST_S

    def look(self, at_s: float, stats: PeerStats) -> bool:
        """Take the counters of this moment (seconds of a rising clock); tells whether `wanted` changed."""
        before = self._seen[-1][1] if self._seen else PeerStats()
        self._seen.append((at_s, stats))
        while self._seen[0][0] < at_s - _WINDOW_S:
            self._seen.popleft()
        if stats.report_trips > before.report_trips:
            trips = stats.report_trips - before.report_trips
            trip_ms = 1000 * (stats.report_trips_s - before.report_trips_s) / trips
            self._least_ms = min(self._least_ms, trip_ms)
            if trip_ms > max(self._least_ms * _QUEUE_TIMES, self._least_ms + _QUEUE_MS):
                self._queue_s = at_s
        then = self._seen[0][1]
        sent = stats.packets_sent - then.packets_sent
        share = (stats.packets_lost_there - then.packets_lost_there) / sent if sent >= _PACKETS_NEEDED else None
        trips = stats.report_trips - then.report_trips
        over = self._ends(at_s, share, trips) if self.wanted else self._begins(at_s, share, trips, stats.estimate_kbps)
        if over:
            self.wanted = not self.wanted
        return over

    def _begins(self, at_s: float, share: float | None, trips: int, estimate_kbps: float | None) -> bool:
        if share is None or estimate_kbps is None or trips < _TRIPS_NEEDED:
            return False
        # What was lost while there was a queue still counts for a window's time.
        calm = at_s - self._queue_s > _WINDOW_S and at_s >= self._barred_until_s
        if not calm or share < _BEGIN_LOSS or estimate_kbps >= _HELPED_BELOW_KBPS:
            return False
        self._share_before = share
        return True

    def _ends(self, at_s: float, share: float | None, trips: int) -> bool:
        worse = share is not None and share > self._share_before + _WORSE_BY
        in_vain = worse or trips == 0 or self._queue_s == at_s
        if in_vain:
            self._barred_until_s = at_s + self._barred_s
            self._barred_s = min(_BARRED_MAX_S, 2 * self._barred_s)
        return in_vain or (share is not None and share < _END_LOSS)
