"""Microphone and loudspeaker put together, and sound that never stops flowing.

What it is for: the one `SoundDevices` of the kiosk. Whatever happens to a device, takers get 100 blocks a second.
What it does not do: talk to the sound card (`devices`), or cancel echo (`canceller`).
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from typing import Protocol

import numpy as np
import structlog

from kiosk.adapters.audio.pace import PacedSound
from kiosk.core.media import BLOCK_SAMPLES, SAMPLE_RATE_HZ, AudioSink, DeviceState, Unsubscribe

SILENCE = bytes(BLOCK_SAMPLES * 2)
#: A microphone that gave nothing for this long is replaced by silence until it gives something again.
_QUIET_S = 0.1
_BLOCK_S = BLOCK_SAMPLES / SAMPLE_RATE_HZ
_log = structlog.get_logger(__name__)


class Capture(Protocol):
    """Where sound comes from. It gives blocks, on a thread of its own, to the taker that it was made with."""

    @property
    def state(self) -> DeviceState:
        """What is true now."""

    def start(self) -> None:
        """Begin. Never raises."""

    def stop(self) -> None:
        """End; no block comes after this."""


class Playback(Protocol):
    """Where sound goes."""

    @property
    def state(self) -> DeviceState:
        """What is true now."""

    def start(self) -> None:
        """Begin. Never raises."""

    def stop(self) -> None:
        """End."""

    def play(self, block: bytes, source: int = 0) -> None:
        """Queue one block of one end; never waits."""

    def set_volume(self, percent: int) -> None:
        """Set the volume, 0 to 100."""

    @property
    def heard_after_s(self) -> float:
        """How long after `play` a block is heard now."""


class Sound:
    """See `kiosk.core.media.SoundDevices`.

    Args:
        make_capture: Makes the microphone, given where its blocks go.
        playback: The loudspeaker.
    """

    def __init__(self, make_capture: Callable[[AudioSink], Capture], playback: Playback) -> None:
        self._capture = make_capture(self._captured)
        self._playback = playback
        self._lock = threading.Lock()
        self._takers: tuple[AudioSink, ...] = ()
        self._last_block_s = 0.0
        self._stop: threading.Event | None = None
        self._filler: threading.Thread | None = None

    @property
    def microphone(self) -> DeviceState:
        """What is true of the microphone now."""
        return self._capture.state

    @property
    def loudspeaker(self) -> DeviceState:
        """What is true of the loudspeaker now."""
        return self._playback.state

    @property
    def heard_after_s(self) -> float:
        """See `SoundDevices`."""
        return self._playback.heard_after_s if self._playback.state is DeviceState.OK else 0.0

    def open(self) -> None:
        """Start both; nothing happens if they are started."""
        if self._stop is not None:
            return
        self._stop = threading.Event()
        self._last_block_s = time.monotonic()
        self._playback.start()
        self._capture.start()
        self._filler = threading.Thread(target=self._fill_gaps, args=(self._stop,), name="sound-gaps", daemon=True)
        self._filler.start()

    def close(self) -> None:
        """Stop and release both."""
        if self._stop is None:
            return
        self._stop.set()
        self._stop = None
        self._capture.stop()
        self._playback.stop()
        if self._filler is not None:
            self._filler.join()
            self._filler = None

    def play(self, block: bytes, source: int = 0) -> None:
        """Queue 480 samples of one end for the loudspeaker."""
        self._playback.play(block, source)

    def set_volume(self, percent: int) -> None:
        """Loudspeaker volume, 0 to 100; beyond is clamped."""
        self._playback.set_volume(max(0, min(100, percent)))

    def subscribe(self, taker: AudioSink) -> Unsubscribe:
        """Hand every cleaned microphone block to `taker`, and silence at the same pace while there is none.

        What `taker` gets begins with the next block that is captured: nothing from before is kept anywhere. That
        first one swells within its 10 ms, because whoever presses to talk is in the middle of a room's sound.
        """
        begun = False

        def take(block: bytes) -> None:
            # A function of its own per subscription: the same taker may subscribe twice.
            nonlocal begun
            if not begun:
                begun, block = True, _swelling(block)
            taker(block)

        with self._lock:
            self._takers = (*self._takers, take)

        def unsubscribe() -> None:
            with self._lock:
                self._takers = tuple(t for t in self._takers if t is not take)

        return unsubscribe

    def _captured(self, block: bytes) -> None:
        self._last_block_s = time.monotonic()
        self._hand_out(block)

    def _hand_out(self, block: bytes) -> None:
        for taker in self._takers:
            try:
                taker(block)
            except Exception:  # noqa: BLE001 - one taker's fault must not take the sound from the others
                _log.exception("sound_taker_failed")

    def _fill_gaps(self, stop: threading.Event) -> None:
        while not stop.wait(_QUIET_S):
            due_s = self._last_block_s + _QUIET_S
            while not stop.is_set() and time.monotonic() - self._last_block_s >= _QUIET_S:
                self._hand_out(SILENCE)
                due_s = max(due_s + _BLOCK_S, time.monotonic() - _QUIET_S)
                stop.wait(max(0.0, due_s - time.monotonic()))


class PacedCapture:
    """A microphone without a device: blocks from an iterator at the pace of the clock, from its start each time.

    Args:
        make_blocks: Gives the blocks; None when there is nothing to give (a file that is not there).
        taker: Takes each.
    """

    def __init__(self, make_blocks: Callable[[], Iterator[bytes] | None], taker: AudioSink) -> None:
        self._make_blocks = make_blocks
        self._taker = taker
        self._pace: PacedSound | None = None
        self._state = DeviceState.CLOSED

    @property
    def state(self) -> DeviceState:
        """What is true now."""
        return self._state

    def start(self) -> None:
        """Begin."""
        blocks = self._make_blocks()
        if blocks is None:
            self._state = DeviceState.MISSING
            return
        self._pace = PacedSound(blocks, self._taker, "sound-capture")
        self._pace.start()
        self._state = DeviceState.OK

    def stop(self) -> None:
        """End."""
        if self._pace is not None:
            self._pace.stop()
            self._pace = None
        self._state = DeviceState.CLOSED


class NullPlayback:
    """A loudspeaker without a device: nothing is heard, nothing is kept."""

    heard_after_s = 0.0

    def __init__(self) -> None:
        self._state = DeviceState.CLOSED

    @property
    def state(self) -> DeviceState:
        """What is true now."""
        return self._state

    def start(self) -> None:
        """Begin."""
        self._state = DeviceState.OK

    def stop(self) -> None:
        """End."""
        self._state = DeviceState.CLOSED

    def play(self, block: bytes, source: int = 0) -> None:
        """Let it go."""

    def set_volume(self, percent: int) -> None:
        """Nothing to turn."""


def _swelling(block: bytes) -> bytes:
    """A block that begins in silence and ends as it is."""
    samples = np.frombuffer(block, "<i2")
    return (samples * np.linspace(0, 1, len(samples), dtype=np.float32)).astype("<i2").tobytes()


def looped(blocks: list[bytes]) -> Iterator[bytes]:
    """Repeat a recording without end."""
    return itertools.cycle(blocks)
