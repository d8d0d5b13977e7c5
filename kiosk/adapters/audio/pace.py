"""A thread that gives a block of sound every 10 ms.

What it is for: sound without a sound card: the pattern, a recording in a loop, and silence in place of a microphone
that is gone. What it does not do: know what it plays.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from kiosk.core.media import BLOCK_SAMPLES, SAMPLE_RATE_HZ, AudioSink

_BLOCK_S = BLOCK_SAMPLES / SAMPLE_RATE_HZ
#: After a stall longer than this the pace goes on from now; what was missed stays missed.
_MAX_CATCH_UP_S = 0.05


class PacedSound:
    """Pushes blocks at the pace of the clock until stopped.

    Args:
        blocks: Where they come from; ends with the last one.
        taker: Takes each, on this object's thread.
        name: The thread's name.
    """

    def __init__(self, blocks: Iterator[bytes], taker: AudioSink, name: str) -> None:
        self._blocks = blocks
        self._taker = taker
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; no block comes after this returns, unless it is called on this object's own thread."""
        self._stop.set()
        if threading.current_thread() is not self._thread and self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        due_s = time.monotonic()
        for block in self._blocks:
            self._taker(block)
            due_s = max(due_s + _BLOCK_S, time.monotonic() - _MAX_CATCH_UP_S)
            if self._stop.wait(max(0.0, due_s - time.monotonic())):
                return
