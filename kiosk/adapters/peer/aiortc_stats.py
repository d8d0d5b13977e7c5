"""The figures of a path on aiortc, which gives only some of them.

What it is for: counting what the library counts wrongly (retransmissions overwrite the media's figures in its
report) or not at all (sizes, freezes, missing sound). What it does not do: decide anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import aiortc

from kiosk.adapters.peer.aiortc_mends import BoundedVp8Encoder, ice_connection, private
from kiosk.adapters.peer.freezes import FreezeCounter
from kiosk.core.media import PeerStats, YuvFrame
from signaling.protocol.vocabulary import RelayTransport


class ReceivedMedia:
    """Counts what is decoded."""

    def __init__(self) -> None:
        self.frames = 0
        self.size = (0, 0)
        self.freezes = FreezeCounter()
        self.samples = 0
        self.samples_missing = 0
        self._next_pts: int | None = None

    def picture(self, frame: YuvFrame) -> None:
        """One picture was decoded."""
        self.frames += 1
        self.size = (frame.width, frame.height)
        self.freezes.shown(frame.captured_s)

    def sound(self, pts: int, samples: int) -> None:
        """So many samples were decoded that belong at `pts`. aiortc conceals nothing: what is missing is a hole."""
        missing = 0 if self._next_pts is None else max(0, pts - self._next_pts)
        self._next_pts = pts + samples
        self.samples_missing += missing
        self.samples += missing + samples


async def count(
    transceivers: Sequence[aiortc.RTCRtpTransceiver],
    received: ReceivedMedia,
    sent: tuple[int, tuple[int, int]],
    local_candidates: int,
    relay: RelayTransport | None,
) -> PeerStats:
    """Sum up one connection.

    Args:
        transceivers: All of it.
        received: What was decoded.
        sent: Pictures given to the encoder, and the last one's size.
        local_candidates: How many were gathered.
        relay: How the relay would be reached.
    """
    packets_in, packets_out = {"audio": 0, "video": 0}, {"audio": 0, "video": 0}
    lost = lost_there = 0
    trip_s: float | None = None
    estimate_kbps: float | None = None
    transports: dict[str, Any] = {}
    for transceiver in transceivers:
        kind = transceiver.kind
        for stream in _media_streams(transceiver.receiver):
            packets_in[kind] += stream.packets_received
            lost += stream.packets_lost
        for entry in (await transceiver.sender.getStats()).values():
            if entry.type == "outbound-rtp":
                packets_out[kind] += entry.packetsSent
            elif entry.type == "remote-inbound-rtp":
                lost_there += entry.packetsLost
                trip_s = entry.roundTripTime if entry.roundTripTime is not None else trip_s
            elif entry.type == "transport":
                transports[entry.id] = entry
        encoder = private(transceiver.sender)["_RTCRtpSender__encoder"]
        if isinstance(encoder, BoundedVp8Encoder):
            estimate_kbps = encoder.asked_kbps
    relayed = bool(transceivers) and _is_relayed(transceivers[0])
    return PeerStats(
        frames_decoded=received.frames,
        frames_sent=sent[0],
        frame_width_received=received.size[0],
        frame_height_received=received.size[1],
        frame_width_sent=sent[1][0],
        frame_height_sent=sent[1][1],
        audio_packets_received=packets_in["audio"],
        audio_packets_sent=packets_out["audio"],
        packets_received=sum(packets_in.values()),
        packets_lost=max(0, lost),
        packets_sent=sum(packets_out.values()),
        packets_lost_there=max(0, lost_there),
        samples_played=received.samples,
        samples_concealed=received.samples_missing,
        freezes=received.freezes.freezes,
        frozen_s=received.freezes.frozen_s,
        bytes_received=sum(t.bytesReceived for t in transports.values()),
        bytes_sent=sum(t.bytesSent for t in transports.values()),
        round_trip_ms=None if trip_s is None else trip_s * 1000,
        estimate_kbps=estimate_kbps,
        video_codec="VP8" if sent[0] or received.frames else "",
        audio_codec="opus" if packets_out["audio"] or packets_in["audio"] else "",
        local_candidates=local_candidates,
        relayed=relayed,
        relay=relay if relayed else None,
    )


def _media_streams(receiver: aiortc.RTCRtpReceiver) -> list[Any]:
    inside = private(receiver)
    repeats = inside["_RTCRtpReceiver__rtx_ssrc"]
    return [s for ssrc, s in inside["_RTCRtpReceiver__remote_streams"].items() if ssrc not in repeats]


def _is_relayed(transceiver: aiortc.RTCRtpTransceiver) -> bool:
    pairs = list(ice_connection(transceiver)._nominated.values())  # noqa: SLF001 - aiortc does not pass it on
    return bool(pairs) and pairs[0].local_candidate.type == "relay"
