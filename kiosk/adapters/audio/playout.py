"""The blocks of one end that wait between the network and the loudspeaker.

What it is for: the two clocks never agree, and both stutter; this keeps as little sound as the stutter allows. Where
a block must go, or one too many is needed, it is done by a cross-fade, which no ear notices.
What it does not do: conceal lost packets (the media engine does), add ends up (`mixer`), or play.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Final

import numpy as np

from kiosk.core.media import BLOCK_SAMPLES, SAMPLE_RATE_HZ

SILENCE = bytes(BLOCK_SAMPLES * 2)
_BLOCKS_PER_S = SAMPLE_RATE_HZ // BLOCK_SAMPLES
#: Blocks that must wait before sound begins: at first, at least, and at most; 10 ms each.
_START, _LEAST, _MOST = 3, 2, 10
#: So many more than wanted are a burst after a stall: they go at once, or the delay would stay for the whole call.
_BURST = 6
#: The fewest blocks that were left within this time say how much is kept for nothing. It is longer than the pauses
#: between two stutters of a busy machine.
_DRIFT_WINDOW = 2 * _BLOCKS_PER_S
#: How long it must have been calm before it keeps one block less.
_CALM_WINDOW = 10 * _BLOCKS_PER_S
_RISE: Final = np.linspace(0, 1, BLOCK_SAMPLES, dtype=np.float32)


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
                oldest = self._blocks.popleft()
                while len(self._blocks) > self._wanted:
                    self._blocks.popleft()
                self._blocks[0] = _joined(oldest, self._blocks[0])
                self._watch_anew()

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
        self._last = SILENCE
        self._was_dry = False
        self._calm = 0
        self._watch_anew()

    def _watch_anew(self) -> None:
        self._window = 0
        self._fewest = _MOST + _BURST

    def _next(self) -> bytes:
        if self._filling:
            if len(self._blocks) < self._wanted:
                return self._nothing()
            self._filling = False
        if not self._blocks:
            # Dry: either the sender paused, or our margin is too small. Ask for more only while sound flows.
            self._filling = True
            if self._calm:
                self._wanted = min(_MOST, self._wanted + 1)
            self._calm = 0
            self._was_dry = True
            return self._nothing()
        self._calm += 1
        if self._calm % _CALM_WINDOW == 0:
            self._wanted = max(_LEAST, self._wanted - 1)
        block = self._of_fitting_length()
        if self._was_dry:
            self._was_dry = False
            block = _joined(SILENCE, block)
        self._last = block
        return block

    def _nothing(self) -> bytes:
        """Silence; the last block, backwards, leads into it without a click."""
        last, self._last = self._last, SILENCE
        if last is SILENCE:
            return SILENCE
        return _joined(np.frombuffer(last, "<i2")[::-1].tobytes(), SILENCE)

    def _of_fitting_length(self) -> bytes:
        """The next block; two in one when too many wait, one more in between when the last reserve is used."""
        self._window += 1
        if self._window >= _DRIFT_WINDOW:
            margin, fewest = self._wanted - 1, self._fewest
            self._watch_anew()
            if fewest > margin and len(self._blocks) > 1:
                return _joined(self._blocks.popleft(), self._blocks.popleft())
            if fewest < margin and self._last is not SILENCE:
                # Begins like what comes next, ends like what was last: smooth on both sides.
                return _joined(self._blocks[0], self._last)
        block = self._blocks.popleft()
        self._fewest = min(self._fewest, len(self._blocks))
        return block


def _joined(first: bytes, second: bytes) -> bytes:
    """One block that begins as the first and ends as the second."""
    one, other = np.frombuffer(first, "<i2"), np.frombuffer(second, "<i2")
    return (one * (1 - _RISE) + other * _RISE).astype("<i2").tobytes()
