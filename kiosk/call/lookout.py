"""What is seen of one path while it is connected: its faults, what it is like, and how much of a picture it carries.

What it is for: the three rules of `kiosk.core` (`path_watch`, `path_quality`, `picture_ladder`) fed by one reading of
the counters. What it does not do: read them, or act on what it sees.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.core.events import PathSeen
from kiosk.core.media import FULL_PICTURE, PeerStats, PictureLimits
from kiosk.core.path_quality import JUDGED_FROM_S, PathMemory, PathRecord, record_of, remember
from kiosk.core.path_watch import Expected, Watch, watch
from kiosk.core.picture_ladder import Ladder, climb
from signaling.protocol.vocabulary import IceTrouble, PathFault, PathQuality

#: The engine needs so long to find out what a path carries when a picture begins; its first word would be too low.
ESTIMATE_SETTLES_S = 2.0
_POOR = frozenset({PathQuality.POOR, PathQuality.SOUND_ONLY})


@dataclass(frozen=True, slots=True)
class Goings:
    """What goes over a path, as both ends say.

    Attributes:
        picture: The other end says that it sends a picture that moves.
        still: The other end has given its picture up for the sound.
        ours: This end sends a picture.
    """

    picture: bool = False
    still: bool = False
    ours: bool = False


class Lookout:
    """Looks after one path.

    Attributes:
        fault: What is wrong with it now.
        limits: How much of our picture it carries.
        troubles: What its engine told while it looked for a way.
    """

    def __init__(self) -> None:
        self.fault: PathFault | None = None
        self.limits: PictureLimits = FULL_PICTURE
        self.troubles: tuple[IceTrouble, ...] = ()
        self._faults: tuple[PathFault, ...] = ()
        self._watch = Watch()
        self._memory = PathMemory()
        self._ladder: Ladder | None = None
        self._ours_since_s = 0.0
        self._first_s: float | None = None

    def look(self, stats: PeerStats, goings: Goings, now_s: float) -> None:
        """Take one reading in."""
        if self._first_s is None:
            self._first_s = now_s
        poor = self._memory.quality in _POOR
        self._watch = watch(self._watch, stats, Expected(attached=True, picture=goings.picture, poor=poor), now_s)
        self.fault = self._watch.fault
        if self.fault is not None and self.fault not in self._faults:
            self._faults = (*self._faults, self.fault)
        self._climb(stats.estimate_kbps, now_s, ours=goings.ours)
        self._memory = remember(self._memory, stats, now_s, sound_only=goings.still or self.limits.still)

    def seen(self, generation: int, now_s: float) -> PathSeen:
        """What the session should know."""
        known = self._first_s is not None and now_s - self._first_s >= JUDGED_FROM_S
        return PathSeen(generation, self.fault, self._memory.quality if known else None, self.limits.still)

    def record(self, connected_s: float | None, connect_ms: float | None, now_s: float) -> PathRecord:
        """What is kept of it."""
        seconds = 0.0 if connected_s is None else now_s - connected_s
        return record_of(self._memory, seconds, connect_ms, self._faults, self.troubles)

    def _climb(self, estimate_kbps: float | None, now_s: float, *, ours: bool) -> None:
        if not ours:
            self._ladder, self.limits = None, FULL_PICTURE
            return
        if self._ladder is None:
            self._ladder, self._ours_since_s = Ladder(since_s=now_s), now_s
        if now_s - self._ours_since_s >= ESTIMATE_SETTLES_S:
            self._ladder = climb(self._ladder, estimate_kbps, now_s)
        self.limits = self._ladder.limits
