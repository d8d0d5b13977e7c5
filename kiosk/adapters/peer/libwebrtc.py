"""The media engine on Chrome's own WebRTC library, through `wrtc`.

What it is for: the default `PeerEngine`. Pictures and sound go in on the thread that made them and never wait for
the loop; what comes out arrives on the loop. What it does not do: open devices, or signal.
"""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import structlog
import webrtc
import wrtc
from webrtc.utils.loops import call_native_batched

from kiosk.adapters.peer import sdp
from kiosk.adapters.peer.counters import peer_stats
from kiosk.adapters.peer.limits import PictureLimiter
from kiosk.adapters.peer.servers import checked_servers
from kiosk.adapters.peer.trouble import TELL_AFTER_S, Gathering
from kiosk.adapters.peer.tuning import Tuning, prefer
from kiosk.adapters.peer.valve import Valve, hand_over
from kiosk.core.media import (
    BLOCK_SAMPLES,
    FULL_PICTURE,
    SAMPLE_RATE_HZ,
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

#: The other side must turn its pictures upright itself: nobody after us looks at the angle.
_UNWANTED_EXTENSIONS = frozenset({"urn:3gpp:video-orientation"})
#: Experiments of the library that are on: none. `WebRTC-ForcePlayoutDelay` and `WebRTC-ForceSendPlayoutDelay` at 0 ms
#: show a picture as soon as it is decoded. They saved 10 ms (9 instead of 19 ms on the way, without loss), and cost
#: the picture's pace and its step with the sound: at 5 % loss and 60 ms round trip 26 to 28 pictures/s and up to 6.4 %
#: frozen against 30 and 1.6 %, sound 31 ms after the picture against 3 to 12 ms, before any sound device.
_FIELD_TRIALS: dict[str, str] = {}
#: Decoded pictures that wait for the loop.
_PICTURES_KEPT = 3
_BLOCK_BYTES = BLOCK_SAMPLES * 2
_BLOCK_S = BLOCK_SAMPLES / SAMPLE_RATE_HZ
_SILENCE = bytes(_BLOCK_BYTES)
#: A picture that reaches the encoder before the first bandwidth estimate makes it start two sizes smaller, and it
#: then stays 640 to 960 wide for a quarter of a minute although the path would carry 1280 (measured). The estimate
#: comes with the path, so pictures are let in this long after it.
_ESTIMATE_DELAY_S = 0.05
_log = structlog.get_logger(__name__)


class LibwebrtcEngine:
    """Makes peers on libwebrtc."""

    name = "libwebrtc"

    def __init__(self) -> None:
        # The library takes these before its first connection of the process, and never again.
        if any(webrtc.field_trials.get(name) != group for name, group in _FIELD_TRIALS.items()):
            try:
                webrtc.field_trials.update(_FIELD_TRIALS)
            except webrtc.InvalidStateError:
                _log.warning("field_trials_too_late", trials=", ".join(_FIELD_TRIALS))

    def create_peer(
        self, settings: PeerSettings, listener: PeerListener, video_sink: VideoSink, audio_sink: AudioSink
    ) -> LibwebrtcPeer:
        """Make a peer on the running loop."""
        return LibwebrtcPeer(settings, listener, video_sink, audio_sink)


class LibwebrtcPeer:
    """One connection; see `kiosk.core.media.CallPeer`."""

    def __init__(
        self, settings: PeerSettings, listener: PeerListener, video_sink: VideoSink, audio_sink: AudioSink
    ) -> None:
        configuration = _configuration(settings)  # first of all: it may refuse
        self._settings = settings
        self._listener = listener
        self._video_sink = video_sink
        self._audio_sink = audio_sink
        self._closed = False
        self._estimate_is_there = False
        self._state = PathState.NEW
        self._readers: list[asyncio.Task[None]] = []
        self._silence: asyncio.Task[None] | None = None
        self._camera: VideoSource | None = None
        self._limiter = PictureLimiter()
        self._microphone: AudioSource | None = None
        self._has_audio = False
        self._dropped_candidates = 0
        self._gathering = Gathering(settings, listener.trouble_found)
        self._last_stats = PeerStats()
        self._pictures = wrtc.TrackGenerator("video")
        self._blocks = wrtc.TrackGenerator("audio")
        self._video = Valve(self._write_picture)
        self._audio = Valve(self._write_block)
        self._connection = webrtc.RTCPeerConnection(configuration)
        self._tuning = Tuning(self._connection, settings.video_start_kbps)
        self._connection.on("icecandidate", self._on_candidate)
        self._connection.on("icecandidateerror", self._on_candidate_error)
        self._connection.on("connectionstatechange", self._on_state)

    async def create_offer(self) -> str:
        """Make the local offer and start gathering."""
        if self._closed:
            raise MediaError("closed")
        try:
            self._add_section(self._blocks, self._settings.audio_max_kbps)
            self._add_section(self._pictures, self._settings.video_max_kbps)
            await self._connection.set_local_description(await self._connection.create_offer())
        except (webrtc.RTCException, webrtc.PythonWebRTCException) as error:
            raise MediaError("no_offer", str(error)) from error
        asyncio.get_running_loop().call_later(TELL_AFTER_S, self._look_at_relays)
        offer = sdp.with_format_parameters(self._local_sdp(), "VP8", sdp.video_hints(self._settings))
        return sdp.with_format_parameters(offer, "opus", sdp.audio_hints(self._settings))

    async def accept_answer(self, sdp_text: str) -> None:
        """Take the other side's answer."""
        if self._closed:
            raise MediaError("closed")
        # What *we* start with is read from *their* description.
        stripped, candidates = sdp.split_candidates(sdp_text)
        answer = sdp.with_format_parameters(stripped, "VP8", sdp.video_hints(self._settings))
        for transceiver in self._connection.get_transceivers():
            self._readers.append(self._reader(transceiver.receiver.track))
        self._tuning.agreed(answer)
        try:
            await self._connection.set_remote_description(webrtc.RTCSessionDescriptionInit("answer", answer))
            await self._leave_pictures_as_they_are()
        except (webrtc.RTCException, webrtc.PythonWebRTCException, ValueError, TypeError) as error:
            raise MediaError("bad_answer", type(error).__name__) from error
        for candidate in candidates:
            await self.add_candidate(candidate)

    async def add_candidate(self, candidate: IceCandidate) -> None:
        """Take one remote candidate, or drop it."""
        if self._closed:
            return
        if candidate.candidate and not sdp.candidate_has_address(candidate.candidate):
            self._dropped_candidates += 1
            return
        try:
            await self._connection.add_ice_candidate(
                webrtc.RTCIceCandidateInit(candidate.candidate, candidate.sdp_mid, candidate.sdp_m_line_index)
            )
        except (webrtc.RTCException, webrtc.PythonWebRTCException, ValueError, TypeError) as error:
            self._dropped_candidates += 1
            _log.debug("remote_candidate_dropped", error=type(error).__name__)

    def send_video(self, source: VideoSource | None, limits: PictureLimits = FULL_PICTURE) -> None:
        """Attach the camera, or take it off."""
        self._limiter.limit(limits)
        if source is self._camera:
            return
        self._camera = source
        self._video.connect(source.subscribe if source is not None and not self._closed else None)

    def send_audio(self, source: AudioSource | None) -> None:
        """Attach the microphone, or take it off."""
        if self._has_audio and source is self._microphone:
            return
        self._has_audio, self._microphone = True, source
        self._audio.connect(source.subscribe if source is not None and not self._closed else None)
        if self._silence is not None:
            self._silence.cancel()
            self._silence = None
        if source is None and not self._closed:
            self._silence = asyncio.create_task(self._send_silence(), name="libwebrtc-silence")

    def local_fingerprint(self) -> str:
        """The fingerprint in the offer; empty before there is one."""
        return sdp.fingerprint(self._local_sdp())

    async def stats(self) -> PeerStats:
        """Read the counters now; after `close` the last ones read. Reading also keeps the picture's buffer right."""
        if not self._closed:
            try:
                self._last_stats = peer_stats(await raw_statistics(self._connection))
            except (webrtc.RTCException, webrtc.PythonWebRTCException) as error:
                _log.debug("no_statistics", error=type(error).__name__)
            else:
                if not self._closed:
                    limits = FULL_PICTURE if self._camera is None else self._limiter.limits
                    self._tuning.look(time.monotonic(), self._last_stats, limits)
        return self._last_stats

    async def close(self) -> None:
        """End it."""
        if self._closed:
            return
        self._closed = True
        self.send_video(None)
        self.send_audio(None)
        self._tuning.close()
        self._connection.close()
        self._pictures.close()
        self._blocks.close()
        # Closing ends the remote tracks, and with them the readers.
        await asyncio.gather(*self._readers, self._tuning.ended())
        self._set_state(PathState.CLOSED)

    def _add_section(self, generator: wrtc.TrackGenerator, max_kbps: int) -> None:
        track = webrtc.MediaStreamTrack(generator.track)
        transceiver = self._connection.add_transceiver(
            track,
            webrtc.RTCRtpTransceiverInit(
                direction="sendrecv",
                send_encodings=[webrtc.RTCRtpEncodingParameters(max_bitrate=max_kbps * 1000)],
            ),
        )
        prefer(transceiver, generator.kind)
        extensions = transceiver.get_header_extensions_to_negotiate()
        for extension in extensions:
            if extension.uri in _UNWANTED_EXTENSIONS:
                extension.direction = "stopped"
        transceiver.set_header_extensions_to_negotiate(extensions)

    async def _leave_pictures_as_they_are(self) -> None:
        """Have the library choose neither size nor rate: `send_video` says what the path carries."""
        sender = self._connection.get_transceivers()[1].sender
        parameters = sender.get_parameters()
        parameters.degradation_preference = webrtc.RTCDegradationPreference.maintain_framerate_and_resolution
        await sender.set_parameters(parameters)

    def _reader(self, track: webrtc.MediaStreamTrack) -> asyncio.Task[None]:
        read = self._read_video if track.kind == "video" else self._read_audio
        # What comes in a burst after a lost packet was repaired is handed on, and not all but the last dropped.
        kept = _PICTURES_KEPT if track.kind == "video" else None
        processor = webrtc.MediaStreamTrackProcessor(webrtc.MediaStreamTrackProcessorInit(track, kept))
        return asyncio.create_task(read(processor), name=f"libwebrtc-{track.kind}")

    async def _read_video(self, processor: webrtc.MediaStreamTrackProcessor) -> None:
        async for item in processor.readable:
            if not isinstance(item, webrtc.VideoFrame):
                continue
            with item as frame:
                # An odd size has no whole number of colour samples; the screen does not miss one line.
                width, height = frame.coded_width & ~1, frame.coded_height & ~1
                if self._closed or frame.format != "I420" or width == 0 or height == 0:
                    continue
                data = bytearray(width * height * 3 // 2)
                rect = webrtc.DOMRectInit(0, 0, width, height)
                await frame.copy_to(data, webrtc.VideoFrameCopyToOptions(rect=rect))
            hand_over(self._video_sink, YuvFrame(width, height, data, time.monotonic()))

    async def _read_audio(self, processor: webrtc.MediaStreamTrackProcessor) -> None:
        # What comes has 10 ms at 48 kHz (measured), one channel or two as the other side chose to send.
        options = webrtc.AudioDataCopyToOptions(plane_index=0, format="s16-planar")
        async for item in processor.readable:
            if not isinstance(item, webrtc.AudioData):
                continue
            block = bytearray(_BLOCK_BYTES)
            with item as data:
                if self._closed or data.number_of_frames != BLOCK_SAMPLES:
                    continue
                data.copy_to(block, options)
            hand_over(self._audio_sink, bytes(block))

    def _write_picture(self, frame: YuvFrame) -> None:
        if not self._estimate_is_there:
            return
        limited = self._limiter.let_through(frame)
        if limited is None:
            return
        frame = limited
        luma = frame.width * frame.height
        half = frame.width // 2
        buffer = wrtc.VideoFrameBuffer.fromData(
            "I420", frame.width, frame.height, frame.data, [(0, frame.width), (luma, half), (luma + luma // 4, half)]
        )
        self._pictures.writeVideo(buffer, int(frame.captured_s * 1e6), 0)

    def _write_block(self, block: bytes) -> None:
        self._blocks.writeAudio(block, SAMPLE_RATE_HZ, 1, BLOCK_SAMPLES)

    async def _send_silence(self) -> None:
        # Without it no packet at all would leave, and the other side could not tell a mute from a cut.
        loop = asyncio.get_running_loop()
        due_s = loop.time()
        while True:
            self._write_block(_SILENCE)
            due_s = max(due_s + _BLOCK_S, loop.time() - _BLOCK_S)
            await asyncio.sleep(due_s - loop.time())

    def _on_candidate(self, event: webrtc.RTCPeerConnectionIceEvent) -> None:
        if self._closed:
            return
        found = event.candidate
        if found is None:
            self._listener.candidate_found(IceCandidate(""))
            self._gathering.ended()
        elif found.candidate:  # an empty one ends one section only; the end of all is told by None
            self._gathering.found(found.candidate)
            self._listener.candidate_found(IceCandidate(found.candidate, found.sdp_mid, found.sdp_m_line_index))

    def _on_candidate_error(self, event: webrtc.RTCPeerConnectionIceErrorEvent) -> None:
        if not self._closed:
            self._gathering.failed(event.url, event.error_code)

    def _look_at_relays(self) -> None:
        if not self._closed:
            self._gathering.look()

    def _on_state(self, _event: webrtc.Event) -> None:
        if not self._closed:
            state = PathState(str(self._connection.connection_state))
            # Closed by the other side: for us that is a path that only a new one replaces.
            self._set_state(PathState.FAILED if state is PathState.CLOSED else state)
            if state is PathState.CONNECTED and not self._estimate_is_there:
                asyncio.get_running_loop().call_later(_ESTIMATE_DELAY_S, self._let_pictures_in)

    def _let_pictures_in(self) -> None:
        self._estimate_is_there = True

    def _set_state(self, state: PathState) -> None:
        if state is not self._state:
            self._state = state
            self._listener.path_changed(state)

    def _local_sdp(self) -> str:
        description = self._connection.local_description
        return description.sdp if description is not None else ""


def _configuration(settings: PeerSettings) -> webrtc.RTCConfiguration:
    servers = [
        webrtc.RTCIceServer(list(s.urls), s.username or None, s.credential or None) for s in checked_servers(settings)
    ]
    return webrtc.RTCConfiguration(
        ice_servers=servers,
        ice_transport_policy="relay" if settings.relay_only else "all",
        bundle_policy="max-bundle",
    )


async def raw_statistics(connection: webrtc.RTCPeerConnection) -> list[dict[str, Any]]:
    """Read the statistics as the library writes them, JSON, past its classes for each object.

    Measured in a call: 1.7 ms of the loop's time against 8.2 ms through `get_stats`, which matters at four times a
    second.
    """
    read = connection._native_obj.getStats  # noqa: SLF001 - a test compares the two ways
    return list(json.loads(await call_native_batched(connection, read, str)))
