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
from aiortc.codecs.opus import OpusEncoder
from aiortc.codecs.vpx import Vp8Encoder
from aiortc.jitterbuffer import JitterBuffer
from aiortc.mediastreams import MediaStreamError
from aiortc.sdp import candidate_from_sdp

from kiosk.adapters.peer import sdp
from kiosk.adapters.peer.aiortc_tracks import PushedAudioTrack, PushedVideoTrack
from kiosk.adapters.peer.servers import checked_servers
from kiosk.adapters.peer.smaller import no_wider
from kiosk.adapters.peer.valve import Valve, hand_over
from kiosk.core.media import (
    BLOCK_SAMPLES,
    FULL_PICTURE,
    AudioSink,
    AudioSource,
    IceCandidate,
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
#: Packets. aiortc's own 512 turn a cut of 4 s into a freeze of 11 s, 128 into 4.2 s (measured).
_VIDEO_JITTER_PACKETS = 128
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
        self._limits = FULL_PICTURE
        self._microphone: AudioSource | None = None
        self._remote_candidates = 0
        self._remote_candidates_ended = False
        self._dropped_candidates = 0
        self._frames_decoded = 0
        self._size_received = (0, 0)
        self._last_stats = PeerStats()
        self._pictures = PushedVideoTrack()
        self._blocks = PushedAudioTrack()
        self._video: Valve[YuvFrame] = Valve(self._push_picture)
        self._audio: Valve[bytes] = Valve(self._blocks.push)
        self._connection = aiortc.RTCPeerConnection(_configuration(settings))
        self._connection.on("connectionstatechange", self._on_state)

    async def create_offer(self) -> str:
        """Make the local offer. aiortc gathers before it returns, so the offer holds every candidate."""
        if self._closed:
            raise MediaError("closed")
        try:
            self._add_section(self._blocks)
            self._add_section(self._pictures)
            await self._connection.setLocalDescription(await self._connection.createOffer())
        except (aiortc.InvalidStateError, ValueError, OSError) as error:
            raise MediaError("no_offer", str(error)) from error
        if not self._closed:
            self._listener.candidate_found(IceCandidate(""))
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
        self._limits = limits
        if source is self._camera:
            return
        self._camera = source
        self._video.connect(source.subscribe if source is not None and not self._closed else None)
        if source is None:
            self._pictures.forget()

    def _push_picture(self, frame: YuvFrame) -> None:
        self._pictures.push(no_wider(frame, self._limits.width_max))

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
            self._last_stats = self._count((await self._connection.getStats()).values())
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
        # aiortc has no setting for these three; the names are those that Python gives its private attributes.
        if track.kind == "video":
            encoder: Any = Vp8Encoder()
            encoder.target_bitrate = min(self._settings.video_start_kbps, self._settings.video_max_kbps) * 1000
            jitter = JitterBuffer(capacity=_VIDEO_JITTER_PACKETS, is_video=True)
            vars(transceiver.receiver)["_RTCRtpReceiver__jitter_buffer"] = jitter
        else:
            encoder = OpusEncoder()
            encoder.codec.bit_rate = self._settings.audio_max_kbps * 1000
        vars(transceiver.sender)["_RTCRtpSender__encoder"] = encoder

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
                self._frames_decoded += 1
                self._size_received = (width, height)
                hand_over(self._video_sink, YuvFrame(width, height, packed.reshape(-1).data, time.monotonic()))
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

    def _count(self, report: Iterable[Any]) -> PeerStats:
        entries = list(report)
        inbound = [e for e in entries if e.type == "inbound-rtp"]
        outbound = [e for e in entries if e.type == "outbound-rtp"]
        transports = {e.id: e for e in entries if e.type == "transport"}.values()
        trips = [
            e.roundTripTime
            for e in entries
            if e.type == "remote-inbound-rtp" and e.roundTripTime is not None and e.kind == "audio"
        ]
        candidates = [line for line in self._local_sdp().splitlines() if line.startswith("a=candidate:")]
        return PeerStats(
            frames_decoded=self._frames_decoded,
            frames_sent=self._pictures.frames_sent,
            frame_width_received=self._size_received[0],
            frame_height_received=self._size_received[1],
            frame_width_sent=self._pictures.size_sent[0],
            frame_height_sent=self._pictures.size_sent[1],
            audio_packets_received=sum(e.packetsReceived for e in inbound if e.kind == "audio"),
            audio_packets_sent=sum(e.packetsSent for e in outbound if e.kind == "audio"),
            packets_lost=max(0, sum(e.packetsLost for e in inbound)),
            bytes_received=sum(e.bytesReceived for e in transports),
            bytes_sent=sum(e.bytesSent for e in transports),
            round_trip_ms=trips[0] * 1000 if trips else None,
            local_candidates=len(set(candidates)),
            relayed=self._is_relayed(),
        )

    def _is_relayed(self) -> bool:
        for transceiver in self._connection.getTransceivers():
            # aioice keeps the nominated pair per component to itself; aiortc does not pass it on.
            ice = getattr(transceiver.receiver.transport.transport, "_connection", None)
            for pair in getattr(ice, "_nominated", {}).values():
                return bool(pair.local_candidate.type == "relay")
        return False


def _configuration(settings: PeerSettings) -> aiortc.RTCConfiguration:
    policy = aiortc.RTCIceTransportPolicy.RELAY if settings.relay_only else aiortc.RTCIceTransportPolicy.ALL
    return aiortc.RTCConfiguration(
        # Always a list: with None aiortc asks a public STUN server of a third party.
        iceServers=[
            aiortc.RTCIceServer(list(s.urls), s.username or None, s.credential or None)
            for s in checked_servers(settings)
        ],
        iceTransportPolicy=policy,
        bundlePolicy=aiortc.RTCBundlePolicy.MAX_BUNDLE,
    )
