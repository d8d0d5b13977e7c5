"""The sound of everybody in the call as one stream for the one loudspeaker.

What it is for: each end's sound waits in a buffer of its own, because each end's clock and network stutter in their
own way; what is due now is added up. What it does not do: play, or conceal what was lost.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable

import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.audio.playout import SILENCE, PlayoutBuffer
from kiosk.core.media import BLOCK_SAMPLES, SAMPLE_RATE_HZ

#: An end of which nothing came for this many blocks (10 ms each) has left; its buffer goes.
_GONE_BLOCKS = 300
_LOUDEST = 32_767
_BLOCK_S = BLOCK_SAMPLES / SAMPLE_RATE_HZ


class Mixer:
    """Filled on one thread, drained on another, 480 samples at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._buffers: dict[Hashable, PlayoutBuffer] = {}
        self._silent: dict[Hashable, int] = {}
        self._gain = 1.0

    def clear(self) -> None:
        """Forget everybody, and everything that waits."""
        with self._lock:
            self._buffers.clear()
            self._silent.clear()

    def set_volume(self, percent: int) -> None:
        """Set the volume, 0 to 100. Squared, because ears hear in ratios: half way sounds half as loud."""
        self._gain = (percent / 100) ** 2

    def put(self, block: bytes, source: Hashable = 0) -> None:
        """Add a block of 480 samples of one end."""
        with self._lock:
            buffer = self._buffers.get(source)
            if buffer is None:
                buffer = self._buffers[source] = PlayoutBuffer()
            self._silent[source] = 0
        buffer.put(block)

    def take(self) -> bytes:
        """Give the next block for the loudspeaker, at the set volume; silence while nobody has enough."""
        with self._lock:
            sounding = [block for source in tuple(self._buffers) if (block := self._next(source)) is not SILENCE]
        gain = self._gain
        if not sounding:
            return SILENCE
        if len(sounding) == 1 and gain >= 1.0:
            return sounding[0]
        total = np.zeros(len(sounding[0]) // 2, np.float32)
        for block in sounding:
            total += np.frombuffer(block, "<i2")
        # Two who shout at once saturate; wrapping round would be a bang.
        mixed: NDArray[np.int16] = np.clip(total * np.float32(gain), -_LOUDEST, _LOUDEST).astype("<i2")
        return mixed.tobytes()

    @property
    def waiting_s(self) -> float:
        """How much sound waits of the end that has most of it."""
        with self._lock:
            return max((buffer.waiting for buffer in self._buffers.values()), default=0) * _BLOCK_S

    @property
    def sources(self) -> int:
        """How many ends have sound here."""
        return len(self._buffers)

    def _next(self, source: Hashable) -> bytes:
        block = self._buffers[source].take()
        if block is SILENCE:
            self._silent[source] += 1
            if self._silent[source] >= _GONE_BLOCKS:
                del self._buffers[source], self._silent[source]
        return block
