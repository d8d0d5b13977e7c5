"""The blocks of one end that wait between the network and the loudspeaker.

What it is for: the two clocks never agree, and both stutter; this keeps as little sound as the stutter allows.
What it does not do: conceal lost packets (the media engine does), add ends up (`mixer`), or play.
"""

from __future__ import annotations

import threading
from collections import deque

from kiosk.core.media import BLOCK_SAMPLES, SAMPLE_RATE_HZ

SILENCE = bytes(BLOCK_SAMPLES * 2)
_BLOCKS_PER_S = SAMPLE_RATE_HZ // BLOCK_SAMPLES
#: Blocks kept at first, at least, and at most; 10 ms each.
_START, _LEAST, _MOST = 3, 2, 10
#: So many more than wanted are a burst after a stall: they go at once, or the delay would stay for the whole call.
_BURST = 8
#: How long the buffer must have been too full before one block goes, and calm before it keeps one block less.
_DRIFT_WINDOW = 2 * _BLOCKS_PER_S
_CALM_WINDOW = 10 * _BLOCKS_PER_S


class PlayoutBuffer:
    """Filled on one thread, drained on another, 480 samples at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._blocks: deque[bytes] = deque()
        self._start_over()

    def clear(self) -> None:
        """Forget everything that waits, and what was learnt."""
        with self._lock:
            self._blocks.clear()
            self._start_over()

    def put(self, block: bytes) -> None:
        """Add a block of 480 samples."""
        with self._lock:
            self._blocks.append(block)
            if len(self._blocks) > self._wanted + _BURST:
                while len(self._blocks) > self._wanted:
                    self._blocks.popleft()

    def take(self) -> bytes:
        """Give the next block; `SILENCE` itself while there is too little."""
        with self._lock:
            return self._next()

    @property
    def waiting(self) -> int:
        """Blocks that wait now."""
        return len(self._blocks)

    def _start_over(self) -> None:
        self._wanted = _START
        self._filling = True
        self._calm = 0
        self._window = 0
        self._fewest = _MOST

    def _next(self) -> bytes:
        if self._filling:
            if len(self._blocks) < self._wanted:
                return SILENCE
            self._filling = False
        if not self._blocks:
            # Dry: either the sender paused, or our margin is too small. Ask for more only while sound flows.
            self._filling = True
            if self._calm:
                self._wanted = min(_MOST, self._wanted + 1)
            self._calm = 0
            return SILENCE
        block = self._blocks.popleft()
        self._calm += 1
        if self._calm % _CALM_WINDOW == 0:
            self._wanted = max(_LEAST, self._wanted - 1)
        self._watch_drift()
        return block

    def _watch_drift(self) -> None:
        self._fewest = min(self._fewest, len(self._blocks))
        self._window += 1
        if self._window >= _DRIFT_WINDOW:
            if self._fewest > self._wanted and self._blocks:
                self._blocks.popleft()
            self._window, self._fewest = 0, len(self._blocks)
