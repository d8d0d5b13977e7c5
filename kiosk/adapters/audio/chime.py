"""The gentle sound that calls somebody to the kiosk: two notes, again and again until somebody touches.

What it is for: a ticket that is called back. What it does not do: open a microphone; nobody is heard before a touch.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from kiosk.adapters.audio.sound import Playback
from kiosk.core.media import BLOCK_SAMPLES, SAMPLE_RATE_HZ

#: A falling third (C sharp, A), as a door bell has it. Each note: hertz, and when it begins.
_NOTES: Final = ((554.37, 0.0), (440.0, 0.45))
#: Until the two notes come again.
CHIME_EVERY_S: Final = 3.0
_SOUNDS_S: Final = 1.8
_LOUDNESS: Final = 0.3
_FADES_S: Final = 0.35
_SWELLS_S: Final = 0.015
_BLOCK_S: Final = BLOCK_SAMPLES / SAMPLE_RATE_HZ


def chime_blocks() -> Iterator[bytes]:
    """The two notes once, as blocks of 480 samples (s16le): each swells in 15 ms and dies away like a bell."""
    seconds = np.arange(round(_SOUNDS_S * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    wave = np.zeros_like(seconds)
    for hertz, begins_s in _NOTES:
        since_s = np.maximum(0.0, seconds - begins_s)
        envelope = np.minimum(1.0, since_s / _SWELLS_S) * np.exp(-since_s / _FADES_S)
        wave += np.sin(2 * math.pi * hertz * since_s) * envelope
    wave *= np.minimum(1.0, (_SOUNDS_S - seconds) / 0.2)  # no click at the end
    sound = (wave * _LOUDNESS * 32767).astype("<i2").tobytes()
    return (sound[at : at + 2 * BLOCK_SAMPLES] for at in range(0, len(sound), 2 * BLOCK_SAMPLES))


class BellChime:
    """See `kiosk.core.ports.Chime`. Its loudspeaker is open only while it rings.

    Args:
        playback: A loudspeaker of its own.
        every_s: Between two beginnings of the notes.
    """

    def __init__(self, playback: Playback, every_s: float = CHIME_EVERY_S) -> None:
        self._playback = playback
        self._every_s = every_s
        self._stop: threading.Event | None = None
        self._thread: threading.Thread | None = None

    def ring(self, *, on: bool) -> None:
        """Begin or end; returns at once, and nothing happens when it is so already."""
        if on == (self._stop is not None):
            return
        if self._stop is not None:
            self._stop.set()
            self._stop = None
            return
        before = self._thread
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(self._stop, before), name="chime", daemon=True)
        self._thread.start()

    def set_volume(self, percent: int) -> None:
        """Set the volume, 0 to 100, as the loudspeaker of a call is: half way sounds half as loud."""
        self._playback.set_volume(percent)

    def close(self) -> None:
        """End, and wait until the loudspeaker is released."""
        self.ring(on=False)
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self, stop: threading.Event, before: threading.Thread | None) -> None:
        if before is not None:
            before.join()  # the same loudspeaker: one after the other
        self._playback.start()
        try:
            while not stop.is_set():
                self._play_once(stop.wait)
                stop.wait(max(0.0, self._every_s - _SOUNDS_S))
        finally:
            self._playback.stop()

    def _play_once(self, wait: Callable[[float], bool]) -> None:
        for block in chime_blocks():
            self._playback.play(block)
            if wait(_BLOCK_S):
                return
