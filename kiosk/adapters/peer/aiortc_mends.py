"""What aiortc 1.16 needs to be a usable second engine.

What it is for: the few places where we reach into the library; each says why, and has a test that fails when it no
longer works. What it does not do: anything that needs more than a few lines; the limits that stay are told in
`deploy/OPERATIONS.md`.
"""

from __future__ import annotations

import asyncio
import random
from typing import Any

import aiortc
from aioice import stun
from aiortc.codecs.opus import OpusEncoder
from aiortc.codecs.vpx import Vp8Encoder
from aiortc.jitterbuffer import JitterBuffer

from kiosk.core.media import PeerSettings
from signaling.protocol.vocabulary import MIN_VIDEO_KBPS

#: Packets. aiortc's own 512 turn a cut of 4 s into a freeze of 11 s, 128 into 4.2 s (measured).
VIDEO_JITTER_PACKETS = 128
#: RFC 7675 5.1: ask every 5 s, give up after 30 s without any answer.
CONSENT_INTERVAL_S = 5.0
CONSENT_EXPIRES_S = 30.0
#: Each request is sent again after 0.5 and 1.5 s, and its answer may take 3.5 s in all; aiortc's may take 0.5 s.
_CONSENT_REPEATS = 2
#: A higher rate is taken when it is this much higher: each change of rate is a new encoder and so a key frame.
_RISE_WORTH_IT = 1.25
#: What aiortc calls the method that makes the connection once both descriptions are there.
_CONNECT = "_RTCPeerConnection__connect"


class BoundedVp8Encoder(Vp8Encoder):
    """An encoder whose rate stays within the branch's bounds; aiortc's own are 250 and 1,500 kbit/s for everybody.

    Args:
        start_kbps, max_kbps: First and highest rate.

    Attributes:
        asked_kbps: What the other side last said the path carries (REMB), None before it said anything.
    """

    def __init__(self, start_kbps: int, max_kbps: int) -> None:
        super().__init__()
        self._max_bps = max(max_kbps, MIN_VIDEO_KBPS) * 1000
        self.asked_kbps: float | None = None
        self._take(start_kbps * 1000)

    @property
    def target_bitrate(self) -> int:
        """Bits per second."""
        return self._target_bps

    @target_bitrate.setter
    def target_bitrate(self, bitrate: int) -> None:
        self.asked_kbps = bitrate / 1000
        worth_it = min(bitrate, self._max_bps) >= min(self._target_bps * _RISE_WORTH_IT, self._max_bps)
        if bitrate < self._target_bps or worth_it:
            self._take(bitrate)

    def _take(self, bitrate: int) -> None:
        self._target_bps = max(MIN_VIDEO_KBPS * 1000, min(bitrate, self._max_bps))
        # The buffer's size is reckoned from the library's own attribute.
        vars(self)["_Vp8Encoder__target_bitrate"] = self._target_bps


def mend_transceiver(transceiver: aiortc.RTCRtpTransceiver, settings: PeerSettings) -> None:
    """Give a new transceiver bounded encoders and a small picture buffer; aiortc has no setting for these."""
    if transceiver.kind == "video":
        start_kbps = min(settings.video_start_kbps, settings.video_max_kbps)
        encoder: Any = BoundedVp8Encoder(start_kbps, settings.video_max_kbps)
        jitter = JitterBuffer(capacity=VIDEO_JITTER_PACKETS, is_video=True)
        private(transceiver.receiver)["_RTCRtpReceiver__jitter_buffer"] = jitter
    else:
        encoder = OpusEncoder()
        encoder.codec.bit_rate = settings.audio_max_kbps * 1000
    private(transceiver.sender)["_RTCRtpSender__encoder"] = encoder


def mend_consent(connection: aiortc.RTCPeerConnection) -> None:
    """Let consent expire as RFC 7675 says. Called before the connection is made.

    aiortc sends one packet every 5 s and wants its answer within 0.5 s: at a round trip of 600 ms a healthy call
    ends after 30 s.
    """
    for transceiver in connection.getTransceivers():
        ice = ice_connection(transceiver)
        ice.query_consent = lambda ice=ice: _query_consent(ice)


def mend_closing(connection: aiortc.RTCPeerConnection) -> None:
    """Let a connection be closed while it is being made. Called before it is.

    aiortc goes on with the next section on a transport that is closed by then, in a task that nobody waits for: an
    error in the log, of nothing.
    """
    go_on = getattr(connection, _CONNECT)

    async def connect() -> None:
        try:
            await go_on()
        except aiortc.InvalidStateError:
            if connection.signalingState != "closed":
                raise

    setattr(connection, _CONNECT, connect)


def ice_connection(transceiver: aiortc.RTCRtpTransceiver) -> Any:
    """The ICE connection under a transceiver, which aiortc keeps to itself."""
    return transceiver.receiver.transport.transport._connection  # noqa: SLF001 - there is no public way


def private(owner: object) -> dict[str, Any]:
    """The attributes of an object of aiortc by the names that Python gives private ones.

    Raises:
        KeyError: On reading one that is no longer there.
    """
    return vars(owner)


async def _query_consent(ice: Any) -> None:
    loop = asyncio.get_running_loop()
    answered_s = loop.time()
    while True:
        await asyncio.sleep(CONSENT_INTERVAL_S * random.uniform(0.8, 1.2))  # noqa: S311 - uneven, not secret
        for pair in ice._nominated.values():  # noqa: SLF001 - as what this replaces
            request = ice.build_request(pair, nominate=False)
            key = str(ice.remote_password).encode()
            try:
                await pair.protocol.request(
                    request, pair.remote_addr, integrity_key=key, retransmissions=_CONSENT_REPEATS
                )
                answered_s = loop.time()
            except stun.TransactionError:
                continue
        if loop.time() - answered_s > CONSENT_EXPIRES_S:
            ice._query_consent_task = None  # noqa: SLF001 - closing would wait for this very task
            await ice.close()
            return
