"""What is changed about a connection of libwebrtc while it is talked on, because of what is seen of its path.

What it is for: the rules of this folder (`repair_time`, `redundancy`, `least_rate`, `growth`) brought about. The
library goes by the descriptions, so they are written anew; the other end need not know, because nothing of what it may
get has changed. What it does not do: choose size and rate of the picture (`kiosk.core.picture_ladder`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Literal

import structlog
import webrtc

from kiosk.adapters.peer import sdp
from kiosk.adapters.peer.growth import Growth
from kiosk.adapters.peer.least_rate import LEAST_KBPS, LeastRate
from kiosk.adapters.peer.redundancy import Redundancy
from kiosk.adapters.peer.repair_time import RepairTime
from kiosk.core.media import FULL_PICTURE, PeerStats, PictureLimits

#: Codecs of the offer, per kind, best first. Retransmission (RFC 4588) is what makes lost pictures whole again. Sound
#: may be said twice (RFC 2198), and is once `Redundancy` asks for it. Sending lost sound again (NACK) instead left 2.1
#: to 2.5 % of it to be invented at 5 % loss, against 0.1 to 0.4 %.
_CODECS = {"audio": ("audio/opus", "audio/red"), "video": ("video/vp8", "video/rtx")}
_log = structlog.get_logger(__name__)


class Tuning:
    """Keeps one connection as its path needs it.

    Args:
        connection: Which.
        start_kbps: An estimate from here on is enough for a whole picture.
    """

    def __init__(self, connection: webrtc.RTCPeerConnection, start_kbps: int) -> None:
        self._connection = connection
        self._repair_time = RepairTime()
        self._redundancy = Redundancy()
        self._least_rate = LeastRate()
        self._growth = Growth(start_kbps)
        self._most_kbps: int | None = None
        self._still = False
        self._answer = ""
        self._closed = False
        self._changing = asyncio.Lock()
        self._changes: set[asyncio.Task[None]] = set()

    def agreed(self, answer: str) -> None:
        """The other end's answer, as it was given to the library.

        The first estimate has its time now: said once more with anything new, it is taken for a wish to begin anew.
        """
        self._answer = sdp.with_format_parameters(answer, "VP8", {"x-google-start-bitrate": None})

    def look(self, at_s: float, stats: PeerStats, limits: PictureLimits) -> None:
        """Take the counters of this moment in.

        Args:
            at_s: Seconds of a rising clock.
            stats: Read now.
            limits: How much of the picture is sent, because of the path.
        """
        if self._repair_time.look(at_s, stats):
            # The sound too, or it would be heard 110 to 120 ms before the picture is seen (measured).
            for transceiver in self._connection.get_transceivers():
                transceiver.receiver.jitter_buffer_target = self._repair_time.target_ms
        if not self._answer:
            return
        if self._redundancy.look(at_s, stats):
            self._change(self._describe_again(), "libwebrtc-redundancy")
        if self._least_rate.look(at_s, stats):
            least = LEAST_KBPS if self._least_rate.wanted else None
            self._answer = sdp.with_format_parameters(self._answer, "VP8", {"x-google-min-bitrate": least})
            self._change(self._describe_again(), "libwebrtc-least-rate")
        if limits.still is not self._still:
            self._still = limits.still
            self._change(self._describe_again(), "libwebrtc-retransmission")
        limited = limits != FULL_PICTURE
        kbps = self._growth.look(at_s, stats.estimate_kbps, limited=limited)
        if kbps is not None or (not limited and self._most_kbps is not None):
            self._change(self._allow(None if kbps is None else round(kbps)), "libwebrtc-growth")

    def close(self) -> None:
        """Change nothing more."""
        self._closed = True

    async def ended(self) -> None:
        """Wait for what was being changed."""
        await asyncio.gather(*self._changes)

    async def _allow(self, kbps: int | None) -> None:
        """Have the library send so much at most, and find out at once whether the path carries it.

        It sends a burst when it is allowed more than before, whether or not it was thought to be too much.
        """
        if kbps is not None:
            self._most_kbps = kbps - 1
            await self._describe_again()
        self._most_kbps = kbps
        await self._describe_again()

    async def _describe_again(self) -> None:
        """Tell the library how to send: sound twice or once, lost pictures again or not, how much at least and at most.

        Both ends have agreed on both ways, and which one is used is for the sender to choose. The library goes by the
        descriptions, so they are written anew here; the other end need not know.
        """
        async with self._changing:
            if self._closed:
                return
            first = "red" if self._redundancy.wanted else "opus"
            prefer(self._connection.get_transceivers()[0], "audio", first)
            answer = sdp.with_bandwidth(sdp.with_codec_first(self._answer, first), "video", self._most_kbps)
            if self._still:
                answer = sdp.without_retransmission(answer)
            try:
                await self._connection.set_local_description(await self._connection.create_offer())
                await self._connection.set_remote_description(webrtc.RTCSessionDescriptionInit("answer", answer))
            except (webrtc.RTCException, webrtc.PythonWebRTCException) as error:
                _log.warning("sending_unchanged", error=type(error).__name__)

    def _change(self, change: Coroutine[None, None, None], name: str) -> None:
        task = asyncio.create_task(change, name=name)
        self._changes.add(task)
        task.add_done_callback(self._changes.discard)


def prefer(transceiver: webrtc.RTCRtpTransceiver, kind: Literal["audio", "video"], first: str = "") -> None:
    """Have the codecs of `_CODECS` in the next description, in that order, or another one first."""
    capabilities = webrtc.RTCRtpReceiver.get_capabilities(kind)
    codecs = capabilities.codecs if capabilities is not None else []
    wanted = sorted(_CODECS[kind], key=lambda name: name != f"{kind}/{first}")
    transceiver.set_codec_preferences([codec for name in wanted for codec in codecs if codec.mime_type.lower() == name])
