"""The other side of a call for tests: peers that answer, and ears and eyes that recognise what arrives.

What it is for: three lines of setup in a test about a `CallPeer`. What it does not do: signal through our server.
"""

from __future__ import annotations

import asyncio
import fractions
import importlib
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.async_api import Browser, Page

from kiosk.adapters.audio.tones import tone_share
from kiosk.adapters.peer.aiortc_mends import mend_closing
from kiosk.core.media import CallPeer, IceCandidate, PathState, PeerEngine, PeerSettings, VideoSink, YuvFrame
from signaling.protocol.vocabulary import IceTrouble
from tests.support.picture_clock import SCRIPT, PatternPicture, age_ms, clock_offset_ms, read_clock

#: What the answering side's microphone gives; the kiosk's pattern is another one.
ANSWERER_TONE_HZ = 880.0
_PAGE = "https://answerer.test/"


async def until(condition: Callable[[], object], what: str, timeout_s: float = 10.0) -> None:
    """Wait for something that events of others bring about; fail with `what` when it does not come."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {timeout_s:g} s: {what}"
        await asyncio.sleep(0.01)


class Listener:
    """A `PeerListener` that remembers."""

    def __init__(self) -> None:
        self.states: list[PathState] = []
        self.candidates: list[IceCandidate] = []
        self.troubles: list[IceTrouble] = []

    @property
    def state(self) -> PathState:
        return self.states[-1] if self.states else PathState.NEW

    def path_changed(self, state: PathState) -> None:
        self.states.append(state)

    def candidate_found(self, candidate: IceCandidate) -> None:
        self.candidates.append(candidate)

    def trouble_found(self, trouble: IceTrouble) -> None:
        self.troubles.append(trouble)


class Eyes:
    """A `VideoSink`: how old each picture was, how wide, when the first came, and whether its clock could be read."""

    def __init__(self) -> None:
        self.ages_ms: list[int] = []
        self.unreadable = 0
        self.size = (0, 0)
        self.first_ms: float | None = None

    @property
    def count(self) -> int:
        return len(self.ages_ms) + self.unreadable

    def __call__(self, frame: YuvFrame) -> None:
        if self.first_ms is None:
            self.first_ms = time.monotonic() * 1000
        self.size = (frame.width, frame.height)
        painted_ms = read_clock(frame)
        if painted_ms is None:
            self.unreadable += 1
        else:
            self.ages_ms.append(age_ms(painted_ms))


class Ears:
    """An `AudioSink`: the last second of sound."""

    def __init__(self) -> None:
        self.blocks: deque[bytes] = deque(maxlen=100)
        self.count = 0
        self.odd_blocks = 0

    def __call__(self, block: bytes) -> None:
        self.count += 1
        self.odd_blocks += len(block) != 960
        self.blocks.append(block)

    def samples(self, blocks: int = 100) -> NDArray[np.int16]:
        """The last so many blocks, at most a second."""
        return np.frombuffer(b"".join(list(self.blocks)[-blocks:]), "<i2")

    def share_of(self, tone_hz: float) -> float:
        """How much of the last half second is this tone."""
        return tone_share(self.samples(50), tone_hz)

    def loudest(self) -> int:
        """The largest sample of the last tenth of a second."""
        return int(np.abs(self.samples(10).astype(np.int32)).max(initial=0))


class LibraryAnswerer:
    """Answers from this process, on `aiortc` or, with the same names, on `webrtc.aiortc`.

    Args:
        library: The module's name.
    """

    def __init__(self, library: str) -> None:
        self._library: Any = importlib.import_module(library)
        configuration = self._library.RTCConfiguration(iceServers=[])
        self._connection = self._library.RTCPeerConnection(configuration)
        if library == "aiortc":
            mend_closing(self._connection)
        self._tasks: list[asyncio.Task[None]] = []
        self.eyes = Eyes()
        self.ears = Ears()

    async def answer(self, offer: str, *, attached: bool = True) -> str:
        """Take the offer and give the answer with all its candidates.

        Args:
            offer: The SDP.
            attached: Start sending picture and tone; otherwise nothing is sent until `attach`.
        """
        description = self._library.RTCSessionDescription
        await self._connection.setRemoteDescription(description(offer, "offer"))
        if attached:
            for track in (_tone_track(self._library), _clock_track(self._library)):
                self._connection.addTrack(track)
        else:
            for transceiver in self._connection.getTransceivers():
                transceiver.direction = "sendrecv"
        for transceiver in self._connection.getTransceivers():
            self._tasks.append(asyncio.create_task(self._take(transceiver.receiver.track)))
        await self._connection.setLocalDescription(await self._connection.createAnswer())
        return str(self._connection.localDescription.sdp)

    async def attach(self) -> None:
        """Send picture and tone on a path that was made without."""
        audio, video = self._connection.getTransceivers()
        for transceiver, track in ((audio, _tone_track(self._library)), (video, _clock_track(self._library))):
            replaced = transceiver.sender.replaceTrack(track)
            if replaced is not None:  # one of the two libraries waits
                await replaced

    async def add_candidate(self, candidate: IceCandidate) -> None:
        """Take a trickled candidate of the peer."""
        if candidate.candidate:
            parse = importlib.import_module(f"{self._library.__name__}.sdp").candidate_from_sdp
            parsed = parse(candidate.candidate.removeprefix("candidate:"))
            parsed.sdpMid, parsed.sdpMLineIndex = candidate.sdp_mid, candidate.sdp_m_line_index
            await self._connection.addIceCandidate(parsed)

    async def close(self) -> None:
        """End it."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._connection.close()

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Let nothing of it out, as if its cable were pulled: no goodbye. On `aiortc` alone."""
        connection = self._connection.getTransceivers()[0].receiver.transport.transport._connection
        with pytest.MonkeyPatch.context() as patch:
            for protocol in connection._protocols:
                patch.setattr(protocol.transport, "sendto", lambda *_args: None, raising=False)
            yield

    async def _take(self, track: Any) -> None:
        while True:
            try:
                frame = await track.recv()
            except self._library.mediastreams.MediaStreamError:
                return
            if track.kind == "video":
                picture = frame.to_ndarray(format="yuv420p")
                self.eyes(YuvFrame(frame.width, frame.height, picture.reshape(-1).data, time.monotonic()))
            else:
                samples = frame.to_ndarray()[0, :: len(frame.layout.channels)]
                for start in range(0, len(samples), 480):
                    self.ears(samples[start : start + 480].tobytes())


def _clock_track(library: Any) -> Any:
    class ClockTrack(library.VideoStreamTrack):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self._painter = PatternPicture(1280, 720)

        async def recv(self) -> av.VideoFrame:
            pts, time_base = await self.next_timestamp()
            painted = self._painter.paint(time.monotonic())
            packed = np.frombuffer(painted.data, np.uint8).reshape(1080, 1280)
            frame = av.VideoFrame.from_ndarray(packed, format="yuv420p")
            frame.pts, frame.time_base = pts, time_base
            return frame

    return ClockTrack()


def _tone_track(library: Any) -> Any:
    class ToneTrack(library.MediaStreamTrack):  # type: ignore[misc]
        kind = "audio"

        def __init__(self) -> None:
            super().__init__()
            self._start_s = time.monotonic()
            self._samples = 0

        async def recv(self) -> av.AudioFrame:
            await asyncio.sleep(self._start_s + self._samples / 48_000 - time.monotonic())
            phase = 2 * np.pi * ANSWERER_TONE_HZ * (self._samples + np.arange(960)) / 48_000
            frame = av.AudioFrame(format="s16", layout="mono", samples=960)
            frame.planes[0].update((np.sin(phase) * 8000).astype("<i2").tobytes())
            frame.sample_rate, frame.pts = 48_000, self._samples
            frame.time_base = fractions.Fraction(1, 48_000)
            self._samples += 960
            return frame

    return ToneTrack()


class ChromiumAnswerer:
    """Answers from a page. Its camera and microphone are attached once the path is up."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._given = 0

    async def answer(self, offer: str, *, attached: bool = True) -> str:
        """Take the offer and give the answer; candidates follow by `pass_candidates`.

        Args:
            offer: The SDP.
            attached: Attach camera and microphone as soon as the path is up; otherwise not until `attach`.
        """
        await self.page.evaluate("prepared => (answerer.prepared = prepared)", not attached)
        return str(await self.page.evaluate("offer => answerer.answer(offer)", offer))

    async def add_candidate(self, candidate: IceCandidate) -> None:
        """Take a trickled candidate of the peer."""
        if candidate.candidate:
            line = {
                "candidate": candidate.candidate,
                "sdpMid": candidate.sdp_mid,
                "sdpMLineIndex": candidate.sdp_m_line_index,
            }
            await self.page.evaluate("line => answerer.connection.addIceCandidate(line)", line)

    async def pass_candidates(self, peer: CallPeer) -> list[str]:
        """Give what was gathered to the peer; returns the lines."""
        await self.page.wait_for_function("answerer.candidates.at(-1) === null")
        lines = [line for line in await self.page.evaluate("answerer.candidates") if line is not None]
        for line in lines:
            await peer.add_candidate(IceCandidate(line["candidate"], line["sdpMid"], line["sdpMLineIndex"]))
        return [str(line["candidate"]) for line in lines]

    async def attach(self) -> float:
        """Send picture and tone on a path that was made without; returns when, in ms of this machine's clock."""
        return float(await self.page.evaluate("answerer.attach()"))

    async def first_shown_ms(self) -> float:
        """When the first picture was shown, in ms of this machine's clock; waits for it."""
        await self.page.wait_for_function("answerer.firstShown")
        return float(await self.page.evaluate("answerer.firstShown"))

    async def ages_ms(self) -> list[float | None]:
        """How old each picture was when shown; None where the clock could not be read."""
        return [age for age, _width in await self.page.evaluate("answerer.seen")]

    async def width_shown(self) -> int:
        """How wide the last picture shown was."""
        return int(await self.page.evaluate("answerer.seen.at(-1)?.[1] ?? 0"))

    async def width_sent(self) -> int:
        """How wide its encoder's last picture was."""
        return int(await self.page.evaluate("answerer.widthSent()"))

    async def share_of(self, tone_hz: float) -> float:
        """How much of what it hears right now is this tone."""
        return float(await self.page.evaluate("tone => answerer.shareOf(tone)", tone_hz))

    async def remote_fingerprint(self) -> str:
        """The sha-256 of the certificate that the peer really showed in the DTLS handshake."""
        return str(await self.page.evaluate("answerer.remoteFingerprint()"))

    async def close(self) -> None:
        """End its connection."""
        await self.page.evaluate("answerer.connection.close()")


@asynccontextmanager
async def chromium_answerer(browser: Browser) -> AsyncIterator[ChromiumAnswerer]:
    """Open a page that answers; it has no permission for devices, so its host candidates are hidden names."""
    context = await browser.new_context()
    try:
        page = await context.new_page()
        await page.route(_PAGE, lambda route: route.fulfill(body="<body>", content_type="text/html"))
        await page.goto(_PAGE)
        await page.add_script_tag(path=SCRIPT)
        await page.add_script_tag(path=SCRIPT.with_name("answerer.js"))
        await page.evaluate("([offset, tone]) => answerer.start(offset, tone)", [await clock_offset_ms(page), 880])
        yield ChromiumAnswerer(page)
    finally:
        await context.close()


class Kiosk:
    """A peer with everything that it hears, sees and says."""

    def __init__(
        self, engine: PeerEngine, settings: PeerSettings | None = None, video_sink: VideoSink | None = None
    ) -> None:
        self.listener = Listener()
        self.eyes = Eyes()
        self.ears = Ears()
        self.offer = ""
        self.peer: CallPeer = engine.create_peer(
            settings or PeerSettings(), self.listener, video_sink or self.eyes, self.ears
        )

    async def call(self, answerer: LibraryAnswerer | ChromiumAnswerer, *, attached: bool = True) -> None:
        """Offer, answer, candidates, until the path is up; with `attached` the other side then sends."""
        self.offer = await self.peer.create_offer()
        await self.peer.accept_answer(await answerer.answer(self.offer, attached=attached))
        await until(lambda: self.listener.candidates[-1:] == [IceCandidate("")], "the end of gathering")
        for candidate in self.listener.candidates:
            await answerer.add_candidate(candidate)
        if isinstance(answerer, ChromiumAnswerer):
            await answerer.pass_candidates(self.peer)
        await until(lambda: self.listener.state is PathState.CONNECTED, "connected")
