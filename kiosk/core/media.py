"""Media values and the ports of everything that makes, carries or shows media.

What it is for: one vocabulary for pictures and sound that the media engines, the camera, the sound
devices and the screen share, so that none of them knows another. What it does not do: open devices or
sockets; that is `kiosk.adapters`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from signaling.protocol.vocabulary import (
    DEFAULT_AUDIO_KBPS,
    DEFAULT_VIDEO_KBPS,
    DEFAULT_VIDEO_START_KBPS,
    IceTrouble,
    RelayTransport,
)

#: Sound everywhere in the kiosk: 48 kHz, mono, signed 16 bit, in blocks of 10 ms.
SAMPLE_RATE_HZ = 48_000
BLOCK_SAMPLES = 480


#: One plane or one whole picture; never written to once it is in a frame.
PictureBytes = bytes | bytearray | memoryview


@dataclass(frozen=True, slots=True)
class YuvFrame:
    """One picture as planar YUV 4:2:0 (I420), tightly packed, in one piece of memory.

    One piece, because OpenCV writes it so, libwebrtc reads and writes it so, and the screen then copies each
    plane once. The planes are views into it, made without copying.

    Attributes:
        width: Luma width in pixels, even.
        height: Luma height in pixels, even.
        data: `width * height * 3 // 2` bytes: all of Y, then U, then V.
        captured_s: When the picture was taken or decoded, on the process's monotonic clock, seconds.
    """

    width: int
    height: int
    data: PictureBytes = field(repr=False)
    captured_s: float

    @property
    def y(self) -> memoryview:
        """Luma, `width * height` bytes."""
        return memoryview(self.data)[: self.width * self.height]

    @property
    def u(self) -> memoryview:
        """First chroma plane, `width/2 * height/2` bytes."""
        luma = self.width * self.height
        return memoryview(self.data)[luma : luma + luma // 4]

    @property
    def v(self) -> memoryview:
        """Second chroma plane, `width/2 * height/2` bytes."""
        luma = self.width * self.height
        return memoryview(self.data)[luma + luma // 4 : luma + luma // 2]


class DeviceState(StrEnum):
    """What is true of one camera, microphone or loudspeaker."""

    OK = "ok"
    MISSING = "missing"  # nothing to open, or unplugged
    FAILED = "failed"  # there, but gives nothing usable
    CLOSED = "closed"  # not in use right now


class PathState(StrEnum):
    """The life of one peer connection as both people would notice it."""

    NEW = "new"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"  # may come back by itself
    FAILED = "failed"  # only a new generation helps
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class IceServer:
    """One STUN or TURN server with its short-lived credential (RFC 8489, RFC 8656)."""

    urls: tuple[str, ...]
    username: str = ""
    credential: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PeerSettings:
    """What one peer connection is made with.

    Attributes:
        ice_servers: Only our own; an empty tuple means host candidates alone, never a public STUN server.
        relay_only: Use relayed candidates alone.
        video_start_kbps: First bitrate, both ways. libwebrtc and Chromium begin at 1280x720 with it; with much more the
            first seconds of a thin path are lost.
        video_max_kbps: Highest bitrate of the sent picture.
        audio_max_kbps: Highest bitrate of the sent sound.
    """

    ice_servers: tuple[IceServer, ...] = ()
    relay_only: bool = False
    video_start_kbps: int = DEFAULT_VIDEO_START_KBPS
    video_max_kbps: int = DEFAULT_VIDEO_KBPS
    audio_max_kbps: int = DEFAULT_AUDIO_KBPS


@dataclass(frozen=True, slots=True)
class IceCandidate:
    """One trickled candidate (RFC 8838). An empty `candidate` means: no more will come."""

    candidate: str
    sdp_mid: str | None = None
    sdp_m_line_index: int | None = None


@dataclass(frozen=True, slots=True)
class PeerStats:
    """Counters of one peer connection since it was made (W3C webrtc-stats, summed per kind).

    Attributes:
        packets_received, packets_lost: Sound and picture: what came, and what is missing of what should have.
        packets_sent, packets_lost_there: What left, and what of it is missing there as the other end last told.
        samples_played, samples_concealed: Of the sound: all that was played, and what of it had to be invented.
        freezes, frozen_s: Pictures that stood still for longer than their pace explains.
        report_trips, report_trips_s: Round trips that the other end's reports (RTCP) gave: how many, and all together.
        estimate_kbps: What the path is thought to carry from here; None when the engine cannot tell.
        relay: How the relay is reached, while `relayed`.
    """

    frames_decoded: int = 0
    frames_sent: int = 0
    frame_width_received: int = 0
    frame_height_received: int = 0
    frame_width_sent: int = 0
    frame_height_sent: int = 0
    audio_packets_received: int = 0
    audio_packets_sent: int = 0
    packets_received: int = 0
    packets_lost: int = 0
    packets_sent: int = 0
    packets_lost_there: int = 0
    samples_played: int = 0
    samples_concealed: int = 0
    freezes: int = 0
    frozen_s: float = 0.0
    bytes_received: int = 0
    bytes_sent: int = 0
    round_trip_ms: float | None = None
    report_trips: int = 0
    report_trips_s: float = 0.0
    estimate_kbps: float | None = None
    video_codec: str = ""
    audio_codec: str = ""
    local_candidates: int = 0
    relayed: bool = False
    relay: RelayTransport | None = None


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """How much of a picture is sent. Whatever is above is left out before it is encoded.

    Attributes:
        width_max: Pixels; None for the camera's own.
        rate_max: Pictures a second; None for the camera's own.
        still: Nothing but one picture now and then (`STILL_EVERY_S`): the path carries sound alone.
    """

    width_max: int | None = None
    rate_max: int | None = None
    still: bool = False


#: As the camera gives it.
FULL_PICTURE = PictureLimits()
#: While the picture is given up for the sound, one goes out this often, so that the last one is not too old.
STILL_EVERY_S = 5.0


class PeerListener(Protocol):
    """What an engine tells about one connection. All calls come on the engine's asyncio loop."""

    def path_changed(self, state: PathState) -> None:
        """The connection went from one state to another."""

    def candidate_found(self, candidate: IceCandidate) -> None:
        """A local candidate may be sent to the other side."""

    def trouble_found(self, trouble: IceTrouble) -> None:
        """Something may keep the path from being found; each is told once for a connection."""


@dataclass(frozen=True, slots=True)
class Crop:
    """A part of a picture, in whole pixels; all four are even."""

    x: int
    y: int
    width: int
    height: int


class ScalesPictures(Protocol):
    """Turns planes into what a screen draws. Called on the screen's thread alone."""

    def __call__(self, frame: YuvFrame, crop: Crop, pixels: bytearray, width: int, height: int) -> None:
        """Fill `pixels` (`width * height * 4` bytes: blue, green, red, opaque) with a part of the picture.

        Args:
            frame: Limited-range BT.601, as VP8 and OpenCV have it.
            crop: Which part.
            pixels: Where to.
            width: Even, at least 2.
            height: Even, at least 2.
        """


#: Takes one picture. Called on any thread (camera or engine); must return at once.
VideoSink = Callable[[YuvFrame], None]
#: Takes one block of 480 samples (960 bytes, s16le). Called on any thread (sound or engine); must return at once.
AudioSink = Callable[[bytes], None]
#: Ends what began with the call that returned it. Safe to call twice, on any thread.
Unsubscribe = Callable[[], None]


class VideoSource(Protocol):
    """Something that pushes pictures as they are taken. A push, so that no picture waits for somebody's clock."""

    def subscribe(self, taker: VideoSink) -> Unsubscribe:
        """Hand every new picture to `taker`, on the source's own thread, until unsubscribed."""


class AudioSource(Protocol):
    """Something that pushes sound at its own pace: 100 blocks a second, silence when there is nothing to hear."""

    def subscribe(self, taker: AudioSink) -> Unsubscribe:
        """Hand every block to `taker`, on the source's own thread, until unsubscribed."""


class CallPeer(Protocol):
    """One WebRTC peer connection: one generation of one call. The kiosk always offers.

    The offer holds exactly one audio and one video section, both sendrecv, VP8 and Opus preferred, so that
    showing or hiding the camera needs no renegotiation: `send_video(None)` stops the packets, not the section.
    A peer is used once and then closed. Its methods belong to the engine's asyncio loop.
    """

    async def create_offer(self) -> str:
        """Make the local offer and start gathering.

        Returns:
            The SDP. Candidates that it lacks follow through `PeerListener.candidate_found`.

        Raises:
            MediaError: `no_offer`, the engine could not make one; `closed`.
        """

    async def accept_answer(self, sdp: str) -> None:
        """Take the other side's answer.

        Raises:
            MediaError: `bad_answer` when it cannot be used; the peer is then of no more use. `closed`.
        """

    async def add_candidate(self, candidate: IceCandidate) -> None:
        """Take one remote candidate; an unusable one is dropped (and counted), never raised."""

    def send_video(self, source: VideoSource | None, limits: PictureLimits = FULL_PICTURE) -> None:
        """Attach the camera, or take it off (None): from then on no picture at all leaves the kiosk.

        Args:
            source: The camera.
            limits: How much of its picture goes out; may be changed by another call.
        """

    def send_audio(self, source: AudioSource | None) -> None:
        """Attach the microphone, or take it off (None): then silence leaves the kiosk.

        Before the first call nothing is sent, so a connection can be made ready with no media flowing.
        """

    def local_fingerprint(self) -> str:
        """The DTLS fingerprint of the local certificate as in SDP, e.g. `sha-256 AB:CD:...` (RFC 8122)."""

    async def stats(self) -> PeerStats:
        """Read the counters now."""

    async def close(self) -> None:
        """End it and free every thread, socket and device. Safe to call twice."""


class PeerEngine(Protocol):
    """Makes peers. One engine per process."""

    name: str

    def create_peer(
        self, settings: PeerSettings, listener: PeerListener, video_sink: VideoSink, audio_sink: AudioSink
    ) -> CallPeer:
        """Make a peer that is not yet connected, on the running loop. Received media goes to the sinks until closed.

        Raises:
            MediaError: `bad_ice_server` when a server in the settings cannot be one.
        """


class Camera(VideoSource, Protocol):
    """A picture source on its own thread, newest frame only. Used and reused: open, close, open again."""

    def open(self) -> None:
        """Start taking pictures. Never raises: a camera that is not there becomes `DeviceState.MISSING`."""

    def newest(self) -> YuvFrame | None:
        """The newest picture, or None."""

    def close(self) -> None:
        """Stop and release the device: its light goes out."""

    @property
    def state(self) -> DeviceState:
        """What is true now."""


class SoundDevices(AudioSource, Protocol):
    """Microphone and loudspeaker with the echo canceller between them.

    As an `AudioSource` it gives the cleaned microphone, and silence at the same pace while there is none.
    """

    def open(self) -> None:
        """Start both. Never raises: each missing part says so in its state."""

    def close(self) -> None:
        """Stop and release both."""

    def play(self, block: bytes, source: int = 0) -> None:
        """Queue 480 samples for the loudspeaker (an `AudioSink`). What comes from several sources is mixed."""

    def set_volume(self, percent: int) -> None:
        """Loudspeaker volume, 0 to 100."""

    @property
    def microphone(self) -> DeviceState:
        """What is true of the microphone now."""

    @property
    def loudspeaker(self) -> DeviceState:
        """What is true of the loudspeaker now."""

    @property
    def heard_after_s(self) -> float:
        """How long after `play` a block is heard now, as far as the device tells; 0 where nothing is."""


class MediaError(Exception):
    """The media engine refused.

    Attributes:
        code: A stable word for machines, e.g. `bad_answer`, `engine_unavailable`.
    """

    def __init__(self, code: str, reason: str = "") -> None:
        super().__init__(f"{code}: {reason}" if reason else code)
        self.code = code
