"""One test call to the echo, as a kiosk makes it: a painted picture and a tone go out, and what comes back is counted.

Where there is a relay, both ends may use nothing but the relay: then the call proves that media comes through it. What
it does not do: ask the running server; the echo is started here, as the server would.
"""

from __future__ import annotations

import array
import asyncio
import fractions
import math
import time
from typing import Final

import aiortc
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, VideoFrame

from signaling.adapters.doctor.findings import Code, Finding
from signaling.adapters.echo.process import EchoProcess
from signaling.adapters.echo.spoken import EchoRefused, EchoRequest
from signaling.service.ports import IceServerGrant

CONNECT_S: Final = 8.0
MEDIA_S: Final = 5.0
#: So much must come back.
ENOUGH_FRAMES: Final = 5
ENOUGH_SOUND_MS: Final = 400
_WIDTH, _HEIGHT, _FPS = 320, 240, 15
_RATE, _BLOCK_MS = 48_000, 20
_TONE_HZ, _LOUD = 440, 8_000
#: A block that peaks above this is our tone, and no silence that a decoder made up.
_HEARD: Final = 1_000
_LUMA, _CHROMA = 128, 128


class _Picture(aiortc.VideoStreamTrack):
    """A grey picture with a bar that moves."""

    def __init__(self) -> None:
        super().__init__()
        self._begun_s = time.monotonic()
        self._count = 0

    async def recv(self) -> VideoFrame:
        """The next one, when it is due."""
        self._count += 1
        await asyncio.sleep(max(0.0, self._begun_s + self._count / _FPS - time.monotonic()))
        frame = VideoFrame(_WIDTH, _HEIGHT, "yuv420p")
        for number, plane in enumerate(frame.planes):
            content = bytearray([_CHROMA if number else _LUMA]) * plane.buffer_size
            if number == 0:
                bar = self._count * 4 % _HEIGHT * plane.line_size
                content[bar : bar + plane.line_size] = bytes([255]) * plane.line_size
            plane.update(bytes(content))
        frame.pts, frame.time_base = self._count * 90_000 // _FPS, fractions.Fraction(1, 90_000)
        return frame


class _Tone(aiortc.AudioStreamTrack):
    """A tone."""

    def __init__(self) -> None:
        super().__init__()
        self._begun_s = time.monotonic()
        self._count = 0

    async def recv(self) -> AudioFrame:
        """The next block, when it is due."""
        self._count += 1
        await asyncio.sleep(max(0.0, self._begun_s + self._count * _BLOCK_MS / 1000 - time.monotonic()))
        samples = _RATE * _BLOCK_MS // 1000
        first = self._count * samples
        wave = (int(_LOUD * math.sin(2 * math.pi * _TONE_HZ * n / _RATE)) for n in range(first, first + samples))
        frame = AudioFrame(format="s16", layout="mono", samples=samples)
        frame.planes[0].update(array.array("h", wave).tobytes())
        frame.pts, frame.sample_rate, frame.time_base = first, _RATE, fractions.Fraction(1, _RATE)
        return frame


class _Call:
    """Our end."""

    def __init__(self, grant: IceServerGrant | None) -> None:
        self.frames = 0
        self.sound_ms = 0
        self.connected = asyncio.Event()
        self.over = asyncio.Event()
        self.enough = asyncio.Event()
        servers = [aiortc.RTCIceServer(list(grant.urls), grant.username, grant.credential)] if grant else []
        policy = aiortc.RTCIceTransportPolicy
        self._connection = aiortc.RTCPeerConnection(
            aiortc.RTCConfiguration(
                iceServers=servers,  # always a list: with None aiortc asks a public server of a third party
                iceTransportPolicy=policy.RELAY if grant else policy.ALL,
                bundlePolicy=aiortc.RTCBundlePolicy.MAX_BUNDLE,
            )
        )
        self._connection.on("connectionstatechange", self._on_state)
        self._connection.on("track", self._on_track)
        self._readers: set[asyncio.Task[None]] = set()

    async def offer(self) -> str:
        self._connection.addTrack(_Tone())
        self._connection.addTrack(_Picture())
        await self._connection.setLocalDescription(await self._connection.createOffer())
        return str(self._connection.localDescription.sdp)

    async def accept(self, sdp: str) -> None:
        await self._connection.setRemoteDescription(aiortc.RTCSessionDescription(sdp, "answer"))

    async def close(self) -> None:
        await self._connection.close()
        for reader in self._readers:
            reader.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)

    def _on_state(self) -> None:
        if self._connection.connectionState == "connected":
            self.connected.set()
        elif self._connection.connectionState in {"failed", "closed"}:
            self.over.set()

    def _on_track(self, track: aiortc.MediaStreamTrack) -> None:
        self._readers.add(asyncio.create_task(self._read(track)))

    async def _read(self, track: aiortc.MediaStreamTrack) -> None:
        try:
            while True:
                frame = await track.recv()
                if isinstance(frame, VideoFrame):
                    self.frames += 1
                elif isinstance(frame, AudioFrame) and _is_heard(frame):
                    self.sound_ms += frame.samples * 1000 // frame.sample_rate
                if self.frames >= ENOUGH_FRAMES and self.sound_ms >= ENOUGH_SOUND_MS:
                    self.enough.set()
        except MediaStreamError:  # the call is over
            return


async def try_call(grant: IceServerGrant | None) -> Finding:
    """Make it.

    Args:
        grant: One address of the relay with a credential, and nothing else is used; None: a call straight on this
            machine.
    """
    way = f"through {grant.urls[0]}" if grant else "on this machine"
    call = _Call(grant)
    begun_s = time.monotonic()
    try:
        offer = await call.offer()
        if "a=candidate:" not in offer:
            return Finding(Code.CALL_NO_PATH, {"way": way})
        echo = await EchoProcess.start()
        try:
            urls, username, credential = (grant.urls, grant.username, grant.credential) if grant else ((), "", "")
            answer = await echo.answer(EchoRequest(offer, urls, username, credential, relay_only=grant is not None))
            await call.accept(answer)
            if not await _comes(call.connected, call.over, CONNECT_S):
                return Finding(Code.CALL_NO_PATH, {"way": way})
            connect_ms = round((time.monotonic() - begun_s) * 1000)
            await _comes(call.enough, call.over, MEDIA_S)
        finally:
            await echo.end()
    except (EchoRefused, OSError):
        return Finding(Code.CALL_ECHO_BROKEN)
    finally:
        await call.close()
    if call.frames < ENOUGH_FRAMES:
        return Finding(Code.CALL_NO_PICTURE, {"way": way})
    if call.sound_ms < ENOUGH_SOUND_MS:
        return Finding(Code.CALL_NO_SOUND, {"way": way})
    return Finding(
        Code.CALL_OK,
        {"way": way, "connect_ms": connect_ms, "frames": call.frames, "sound_ms": call.sound_ms},
    )


def _is_heard(frame: AudioFrame) -> bool:
    samples = array.array("h", bytes(frame.planes[0])[: frame.samples * 2])
    return max(samples, default=0) > _HEARD


async def _comes(wanted: asyncio.Event, over: asyncio.Event, within_s: float) -> bool:
    waits = [asyncio.create_task(wanted.wait()), asyncio.create_task(over.wait())]
    await asyncio.wait(waits, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    return wanted.is_set()
