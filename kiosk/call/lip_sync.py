"""Pictures wait for their sound where the loudspeaker is late.

What it is for: the engine keeps sound and picture together up to where it hands them over. A picture is on the screen
some milliseconds later; a loudspeaker that must hold much, because it ran dry, sounds a quarter of a second later.
What it does not do: wait longer than lips and voice need. Every millisecond here is one in which nobody is answered.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

from kiosk.core.media import YuvFrame

#: Sound may come so long after its picture by the device's own account, which says 10 to 17 ms more than the monitor
#: of a loudspeaker hears (measured): people notice it from 125 ms on (ITU-R BT.1359). From glass to glass in the first
#: seconds of a call, in which the loudspeaker's path is longest: 82 ms with 0.075, 64 with 0.1, 46 without any wait.
SOUND_AFTER_S: Final = 0.13
#: A wait shorter than this is none: it would cost a wakeup and change nothing that is seen.
_LEAST_S: Final = 0.01
#: The largest loudspeaker buffer there is, and what waits before it.
_MOST_S: Final = 0.3


class LipSync:
    """A line of pictures, on the engine's loop.

    Args:
        show: Takes each picture with its path's generation when it is due.
        heard_after_s: How long after it is handed over sound is heard now.
    """

    def __init__(self, show: Callable[[int, YuvFrame], None], heard_after_s: Callable[[], float]) -> None:
        self._show = show
        self._heard_after_s = heard_after_s
        self._line: deque[tuple[int, YuvFrame]] = deque()
        self._due: deque[asyncio.TimerHandle] = deque()
        self._last_s = 0.0

    def take(self, generation: int, frame: YuvFrame) -> None:
        """Show a picture, at once or when its sound is nearly heard; never before the one before."""
        wait_s = min(_MOST_S, self._heard_after_s() - SOUND_AFTER_S)
        if wait_s < _LEAST_S and not self._line:
            self._show(generation, frame)
            return
        loop = asyncio.get_running_loop()
        self._last_s = max(self._last_s, loop.time() + wait_s)
        self._line.append((generation, frame))
        self._due.append(loop.call_at(self._last_s, self._next))

    def clear(self) -> None:
        """Forget what waits."""
        for handle in self._due:
            handle.cancel()
        self._due.clear()
        self._line.clear()
        self._last_s = 0.0

    def _next(self) -> None:
        self._due.popleft()
        self._show(*self._line.popleft())
