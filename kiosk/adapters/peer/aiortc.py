"""The media engine on aiortc: always installed, takes over where libwebrtc does not load.

What it is for: the second `PeerEngine`, and the workarounds for what aiortc lacks (each with its reason).
What it does not do: match libwebrtc on poor paths; see ARCHITECTURE.md for the figures.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable
from typing import Any

import aiortc
import av
import numpy as np
import structlog
from aiortc.mediastreams import MediaStreamError
from aiortc.sdp import candidate_from_sdp

from kiosk.adapters.peer import sdp
from kiosk.adapters.peer.aiortc_mends import mend_closing, mend_consent, mend_transceiver
from kiosk.adapters.peer.aiortc_relay import FoundServers, servers_that_answer
from kiosk.adapters.peer.aiortc_stats import ReceivedMedia, count
from kiosk.adapters.peer.aiortc_tracks import PushedAudioTrack, PushedVideoTrack
from kiosk.adapters.peer.limits import PictureLimiter
from kiosk.adapters.peer.servers import checked_servers
from kiosk.adapters.peer.trouble import UNREACHABLE, Gathering
from kiosk.adapters.peer.valve import Valve, hand_over
from kiosk.core.media import (
    BLOCK_SAMPLES,
    FULL_PICTURE,
    AudioSink,
    AudioSource,
    IceCandidate,
    IceServer,
    MediaError,
    PathState,
    PeerListener,
    PeerSettings,
    PeerStats,
    PictureLimits,
    VideoSink,
    VideoSource,
    YuvFrame,
)

_CODECS = {"audio": ("audio/opus",), "video": ("video/vp8", "video/rtx")}
#: What a relay says to a credential that it does not know (RFC 8489 14.8). aiortc says nothing: it has no candidate.
_UNAUTHORISED = 401
#: aiortc has no "disconnected": silence on the wire this long is one. The other side's sound never pauses.
_QUIET_S = 4.0
_WATCH_INTERVAL_S = 1.0
#: aiortc waits for ever where libwebrtc gives up after about this long.
_CONNECT_S = 20.0
_log = structlog.get_logger(__name__)


class AiortcEngine:
    """Makes peers on aiortc."""

    name = "aiortc"

    def __init__(self) -> None:
        # It warns of every picture that a lost packet damaged. That is the network's everyday life, not a fault.
        logging.getLogger("aiortc.rtcrtpreceiver").setLevel(logging.ERROR)

    def create_peer(
        self, settings: PeerSettings, listener: PeerListener, video_sink: VideoSink, audio_sink: AudioSink
    ) -> AiortcPeer:
        """Make a peer on the running loop."""
        return AiortcPeer(settings, listener, video_sink, audio_sink)


class AiortcPeer:
    """One connection; see `kiosk.core.media.CallPeer`."""

    def __init__(
        self, settings: PeerSettings, listener: PeerListener, video_sink: VideoSink, audio_sink: AudioSink
    ) -> None:
        self._settings = settings
        self._listener = listener
        self._video_sink = video_sink
        self._audio_sink = audio_sink
        self._closed = False
        self._state = PathState.NEW
        self._tasks: list[asyncio.Task[None]] = []
        self._camera: VideoSource | None = None
        self._limiter = PictureLimiter()
        self._microphone: AudioSource | None = None
        self._remote_candidates = 0
        self._remote_candidates_ended = False
        self._dropped_candidates = 0
        self._received = ReceivedMedia()
        self._gathering = Gathering(settings, listener.trouble_found)
        self._found = FoundServers()
        self._last_stats = PeerStats()
        self._pictures = PushedVideoTrack()
        self._blocks = PushedAudioTrack()
        self._video: Valve[YuvFrame] = Valve(self._push_picture)
        self._audio: Valve[bytes] = Valve(self._blocks.push)
        self._configuration = _configuration(settings)
        self._connection = aiortc.RTCPeerConnection(self._configuration)
        mend_closing(self._connection)
        self._connection.on("connectionstatechange", self._on_state)

    async def create_offer(self) -> str:
        """Make the local offer. aiortc gathers before it returns, so the offer holds every candidate."""
        self._found = await servers_that_answer(self._settings.ice_servers)
        if self._closed:
            raise MediaError("closed")
        try:
            # Read when the first section is added.
            self._configuration.iceServers = _servers(self._found.servers)
            self._add_section(self._blocks)
            self._add_section(self._pictures)
            mend_consent(self._connection)
            await self._connection.setLocalDescription(await self._connection.createOffer())
        except (aiortc.InvalidStateError, ValueError, OSError) as error:
            raise MediaError("no_offer", str(error)) from error
        if not self._closed:
            self._listener.candidate_found(IceCandidate(""))
            self._tell_trouble()
        offer = sdp.with_format_parameters(
            sdp.with_one_fingerprint(self._local_sdp()), "VP8", sdp.video_hints(self._settings)
        )
        return sdp.with_format_parameters(offer, "opus", sdp.audio_hints(self._settings))

    async def accept_answer(self, sdp_text: str) -> None:
        """Take the other side's answer."""
        if self._closed:
            raise MediaError("closed")
        answer, candidates = sdp.split_candidates(sdp_text)
        try:
            await self._connection.setRemoteDescription(aiortc.RTCSessionDescription(answer, "answer"))
        except Exception as error:
            # aiortc's parser raises whatever its code runs into (KeyError, IndexError, AssertionError and others).
            raise MediaError("bad_answer", type(error).__name__) from error
        for transceiver in self._connection.getTransceivers():
            read = self._read_video if transceiver.kind == "video" else self._read_audio
            self._start(read(transceiver.receiver.track), f"aiortc-{transceiver.kind}")
        self._start(self._watch_path(), "aiortc-path")
        for candidate in candidates:
            await self.add_candidate(candidate)

    async def add_candidate(self, candidate: IceCandidate) -> None:
        """Take one remote candidate, or drop it."""
        if self._closed:
            return
        if not candidate.candidate:
            # Told that no more will come, aiortc gives up at once if it has none, although the other side, whose
            # addresses are hidden behind names, may be just about to knock.
            if self._remote_candidates and not self._remote_candidates_ended:
                self._remote_candidates_ended = True
                await self._connection.addIceCandidate(None)
            return
        try:
            if self._remote_candidates_ended or not sdp.candidate_has_address(candidate.candidate):
                raise ValueError("late, or without an address")
            parsed = candidate_from_sdp(candidate.candidate.removeprefix("candidate:"))
            parsed.sdpMid = candidate.sdp_mid
            parsed.sdpMLineIndex = candidate.sdp_m_line_index
            await self._connection.addIceCandidate(parsed)
        except (ValueError, AssertionError, IndexError, aiortc.InvalidStateError) as error:
            self._dropped_candidates += 1
            _log.debug("remote_candidate_dropped", error=type(error).__name__)
        else:
            self._remote_candidates += 1

    def send_video(self, source: VideoSource | None, limits: PictureLimits = FULL_PICTURE) -> None:
        """Attach the camera, or take it off."""
        self._limiter.limit(limits)
        if source is self._camera:
            return
        self._camera = source
        self._video.connect(source.subscribe if source is not None and not self._closed else None)
        if source is None:
            self._pictures.forget()

    def _push_picture(self, frame: YuvFrame) -> None:
        limited = self._limiter.let_through(frame)
        if limited is not None:
            self._pictures.push(limited)

    def send_audio(self, source: AudioSource | None) -> None:
        """Attach the microphone, or take it off."""
        self._blocks.begin()
        if source is self._microphone:
            return
        self._microphone = source
        self._audio.connect(source.subscribe if source is not None and not self._closed else None)
        if source is None:
            self._blocks.forget()

    def local_fingerprint(self) -> str:
        """The fingerprint in the offer; empty before there is one."""
        return sdp.fingerprint(self._local_sdp())

    async def stats(self) -> PeerStats:
        """Read the counters now; after `close` the last ones read."""
        if not self._closed:
            self._last_stats = await count(
                self._connection.getTransceivers(),
                self._received,
                (self._pictures.frames_sent, self._pictures.size_sent),
                self._gathering.candidates,
                self._found.relay,
            )
        return self._last_stats

    async def close(self) -> None:
        """End it."""
        if self._closed:
            return
        self._closed = True
        self.send_video(None)
        self.send_audio(None)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._connection.close()
        self._pictures.stop()
        self._blocks.stop()
        self._set_state(PathState.CLOSED)

    def _add_section(self, track: aiortc.MediaStreamTrack) -> None:
        transceiver = self._connection.addTransceiver(track, direction="sendrecv")
        codecs = aiortc.RTCRtpSender.getCapabilities(track.kind).codecs
        wanted = _CODECS[track.kind]
        transceiver.setCodecPreferences(
            [codec for name in wanted for codec in codecs if codec.mimeType.lower() == name]
        )
        mend_transceiver(transceiver, self._settings)

    def _start(self, work: Any, name: str) -> None:
        self._tasks.append(asyncio.create_task(work, name=name))

    async def _read_video(self, track: aiortc.MediaStreamTrack) -> None:
        try:
            while True:
                frame = await track.recv()
                if not isinstance(frame, av.VideoFrame):
                    continue
                width, height = frame.width & ~1, frame.height & ~1
                if width == 0 or height == 0:
                    continue
                if (width, height) != (frame.width, frame.height):
                    frame = frame.reformat(width, height, "yuv420p")
                packed = np.ascontiguousarray(frame.to_ndarray(format="yuv420p"))
                picture = YuvFrame(width, height, packed.reshape(-1).data, time.monotonic())
                self._received.picture(picture)
                hand_over(self._video_sink, picture)
        except MediaStreamError:
            return

    async def _read_audio(self, track: aiortc.MediaStreamTrack) -> None:
        try:
            while True:
                frame = await track.recv()
                if not isinstance(frame, av.AudioFrame):
                    continue
                channels = len(frame.layout.channels)
                # We ask for mono; the decoder gives two equal channels all the same.
                samples = np.ascontiguousarray(frame.to_ndarray()[0, ::channels])
                if frame.pts is not None:
                    self._received.sound(frame.pts, len(samples))
                for start in range(0, len(samples) - BLOCK_SAMPLES + 1, BLOCK_SAMPLES):
                    hand_over(self._audio_sink, samples[start : start + BLOCK_SAMPLES].tobytes())
        except MediaStreamError:
            return

    async def _watch_path(self) -> None:
        begun_s = heard_s = time.monotonic()
        received = -1
        while True:
            await asyncio.sleep(_WATCH_INTERVAL_S)
            if self._state is PathState.CONNECTING and time.monotonic() - begun_s > _CONNECT_S:
                self._set_state(PathState.FAILED)
            bytes_now = (await self.stats()).bytes_received
            if bytes_now != received:
                received, heard_s = bytes_now, time.monotonic()
                if self._state is PathState.DISCONNECTED and self._connection.connectionState == "connected":
                    self._set_state(PathState.CONNECTED)
            elif self._state is PathState.CONNECTED and time.monotonic() - heard_s > _QUIET_S:
                self._set_state(PathState.DISCONNECTED)

    def _on_state(self) -> None:
        if self._closed:
            return
        state = PathState(self._connection.connectionState)
        # Closed by the other side, or consent expired (RFC 7675): for us that is a path that only a new one replaces.
        self._set_state(PathState.FAILED if state is PathState.CLOSED else state)

    def _set_state(self, state: PathState) -> None:
        if state is not self._state:
            self._state = state
            self._listener.path_changed(state)

    def _local_sdp(self) -> str:
        description: aiortc.RTCSessionDescription | None = self._connection.localDescription
        return str(description.sdp) if description is not None else ""

    def _tell_trouble(self) -> None:
        lines = self._local_sdp().splitlines()
        for line in {line for line in lines if line.startswith("a=candidate:")}:
            self._gathering.found(line)
        for url in self._found.silent:
            self._gathering.failed(url, UNREACHABLE)
        for server in self._found.servers:
            # It answered, and yet gathering has none from it; nothing counts where there is one.
            self._gathering.failed(server.urls[0], _UNAUTHORISED)
        self._gathering.ended()


def _configuration(settings: PeerSettings) -> aiortc.RTCConfiguration:
    policy = aiortc.RTCIceTransportPolicy.RELAY if settings.relay_only else aiortc.RTCIceTransportPolicy.ALL
    return aiortc.RTCConfiguration(
        # Always a list: with None aiortc asks a public STUN server of a third party.
        iceServers=_servers(checked_servers(settings)),
        iceTransportPolicy=policy,
        bundlePolicy=aiortc.RTCBundlePolicy.MAX_BUNDLE,
    )


def _servers(servers: Iterable[IceServer]) -> list[aiortc.RTCIceServer]:
    return [aiortc.RTCIceServer(list(s.urls), s.username or None, s.credential or None) for s in servers]
