"""Tracks that aiortc sends from: pushed into from any thread, read on the loop, never ending.

What it is for: aiortc's sender stops for good when a track raises, ends or steps back in time while the connection
still says "connected" (measured), so each peer has exactly one track per kind, which outlives every camera and
microphone. What it does not do: encode.
"""

from __future__ import annotations

import asyncio
import fractions
from collections import deque

import av
import numpy as np
from aiortc import MediaStreamTrack

from kiosk.core.media import BLOCK_SAMPLES, SAMPLE_RATE_HZ, YuvFrame

_VIDEO_CLOCK_HZ = 90_000
_VIDEO_TIME_BASE = fractions.Fraction(1, _VIDEO_CLOCK_HZ)
_AUDIO_TIME_BASE = fractions.Fraction(1, SAMPLE_RATE_HZ)
#: One Opus packet: two blocks.
_PACKET_BLOCKS = 2
_PACKET_SAMPLES = _PACKET_BLOCKS * BLOCK_SAMPLES
_PACKET_S = _PACKET_SAMPLES / SAMPLE_RATE_HZ
_SILENCE = bytes(_PACKET_SAMPLES * 2)
#: A source may be this late before silence takes its place, and may run this far ahead before its oldest goes.
_AUDIO_SLACK_S = 0.06
_AUDIO_BLOCKS_KEPT = 12


class PushedVideoTrack(MediaStreamTrack):
    """Newest picture only. With nothing pushed nothing is sent: `recv` waits."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self._reader_loop = asyncio.get_running_loop()
        self._arrived = asyncio.Event()
        self._newest: YuvFrame | None = None
        self._last_pts = -1
        self.frames_sent = 0
        self.size_sent = (0, 0)

    def push(self, frame: YuvFrame) -> None:
        """Give the next picture, on any thread."""
        self._newest = frame
        _tell(self._reader_loop, self._arrived)

    def forget(self) -> None:
        """Drop a picture that is not yet taken."""
        self._newest = None
        self._arrived.clear()

    async def recv(self) -> av.VideoFrame:
        """Wait for a picture that was not sent yet."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            frame = self._newest
            self._newest = None
            if frame is not None:
                break
        picture = np.frombuffer(frame.data, np.uint8).reshape(frame.height * 3 // 2, frame.width)
        out = av.VideoFrame.from_ndarray(picture, format="yuv420p")
        self._last_pts = max(self._last_pts + 1, int(frame.captured_s * _VIDEO_CLOCK_HZ))
        out.pts = self._last_pts
        out.time_base = _VIDEO_TIME_BASE
        self.frames_sent += 1
        self.size_sent = (frame.width, frame.height)
        return out


class PushedAudioTrack(MediaStreamTrack):
    """From `begin` on 20 ms at a time, at the pace of what is pushed, and silence at that pace when nothing is."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._reader_loop = asyncio.get_running_loop()
        self._arrived = asyncio.Event()
        self._blocks: deque[bytes] = deque(maxlen=_AUDIO_BLOCKS_KEPT)
        self._begun = asyncio.Event()
        self._due_s = 0.0
        self._pts = 0

    def begin(self) -> None:
        """Let sound or silence flow from now on."""
        if not self._begun.is_set():
            self._due_s = self._reader_loop.time()
            self._begun.set()

    def push(self, block: bytes) -> None:
        """Give the next block of 480 samples, on any thread."""
        self._blocks.append(block)
        if len(self._blocks) >= _PACKET_BLOCKS:
            _tell(self._reader_loop, self._arrived)

    def forget(self) -> None:
        """Drop what is not yet taken."""
        self._blocks.clear()

    async def recv(self) -> av.AudioFrame:
        """Wait for two blocks, or give silence when they are late."""
        await self._begun.wait()
        while len(self._blocks) < _PACKET_BLOCKS:
            self._arrived.clear()
            try:
                async with asyncio.timeout_at(self._due_s + _AUDIO_SLACK_S):
                    await self._arrived.wait()
            except TimeoutError:
                break
        data = self._take()
        frame = av.AudioFrame(format="s16", layout="mono", samples=_PACKET_SAMPLES)
        frame.planes[0].update(data)
        frame.sample_rate = SAMPLE_RATE_HZ
        frame.pts = self._pts
        frame.time_base = _AUDIO_TIME_BASE
        self._pts += _PACKET_SAMPLES
        # After a stall of the loop the clock moves on instead of catching up in a burst.
        self._due_s = max(self._due_s + _PACKET_S, self._reader_loop.time() - _AUDIO_SLACK_S)
        return frame

    def _take(self) -> bytes:
        if len(self._blocks) < _PACKET_BLOCKS:
            return _SILENCE
        self._due_s = self._reader_loop.time()
        return b"".join(self._blocks.popleft() for _ in range(_PACKET_BLOCKS))


def _tell(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    try:
        loop.call_soon_threadsafe(event.set)
    except RuntimeError:
        # The loop is closed: the program ends while a device still pushes. Nobody is left to tell.
        return
