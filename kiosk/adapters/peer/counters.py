"""From the statistics of the browsers' specification to the few figures that the kiosk keeps.

What it is for: one pure function over W3C webrtc-stats objects as plain mappings (camelCase names).
What it does not do: ask an engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kiosk.core.media import PeerStats
from signaling.protocol.vocabulary import RelayTransport

_Entry = Mapping[str, Any]


def peer_stats(report: Iterable[_Entry]) -> PeerStats:
    """Sum a report up.

    Args:
        report: The report's objects, each with its `type` (https://www.w3.org/TR/webrtc-stats/).

    Returns:
        The figures; what the report lacks is 0 or empty, an unknown round trip or estimate None.
    """
    entries = list(report)
    by_id = {str(e.get("id")): e for e in entries}
    inbound, outbound = _of_type(entries, "inbound-rtp"), _of_type(entries, "outbound-rtp")
    there = _of_type(entries, "remote-inbound-rtp")
    video_in, audio_in = _of_kind(inbound, "video"), _of_kind(inbound, "audio")
    video_out, audio_out = _of_kind(outbound, "video"), _of_kind(outbound, "audio")
    pair = _pair_in_use(entries, by_id)
    local = by_id.get(str(pair.get("localCandidateId")), {})
    relayed = local.get("candidateType") == "relay"
    round_trip_s, estimate_bps = pair.get("currentRoundTripTime"), pair.get("availableOutgoingBitrate")
    return PeerStats(
        frames_decoded=_sum(video_in, "framesDecoded"),
        frames_sent=_sum(video_out, "framesSent"),
        frame_width_received=_largest(video_in, "frameWidth"),
        frame_height_received=_largest(video_in, "frameHeight"),
        frame_width_sent=_largest(video_out, "frameWidth"),
        frame_height_sent=_largest(video_out, "frameHeight"),
        audio_packets_received=_sum(audio_in, "packetsReceived"),
        audio_packets_sent=_sum(audio_out, "packetsSent"),
        packets_received=_sum(inbound, "packetsReceived"),
        packets_lost=max(0, _sum(inbound, "packetsLost")),
        packets_sent=_sum(outbound, "packetsSent"),
        packets_lost_there=max(0, _sum(there, "packetsLost")),
        report_trips=_sum(there, "roundTripTimeMeasurements"),
        report_trips_s=sum(float(e.get("totalRoundTripTime") or 0) for e in there),
        samples_played=_sum(audio_in, "totalSamplesReceived"),
        samples_concealed=_sum(audio_in, "concealedSamples"),
        freezes=_sum(video_in, "freezeCount"),
        frozen_s=sum(float(e.get("totalFreezesDuration") or 0) for e in video_in),
        bytes_received=_sum(inbound, "bytesReceived"),
        bytes_sent=_sum(outbound, "bytesSent"),
        round_trip_ms=None if round_trip_s is None else float(round_trip_s) * 1000,
        estimate_kbps=None if estimate_bps is None else float(estimate_bps) / 1000,
        video_codec=_codec([*video_out, *video_in], by_id),
        audio_codec=_codec([*audio_out, *audio_in], by_id),
        local_candidates=len(_of_type(entries, "local-candidate")),
        relayed=relayed,
        relay=relay_transport(str(local.get("relayProtocol") or "")) if relayed else None,
    )


def relay_transport(name: str) -> RelayTransport | None:
    """The transport of that name in any case (`udp`, `tcp`, `tls`), None for another."""
    return RelayTransport(name.lower()) if name.lower() in set(RelayTransport) else None


def _pair_in_use(entries: list[_Entry], by_id: Mapping[str, _Entry]) -> _Entry:
    # Several pairs stay nominated when ICE moves on to a better one; only the transport tells which is in use.
    for transport in _of_type(entries, "transport"):
        selected = by_id.get(str(transport.get("selectedCandidatePairId")))
        if selected is not None:
            return selected
    return next((e for e in _of_type(entries, "candidate-pair") if e.get("nominated")), {})


def _codec(streams: list[_Entry], by_id: Mapping[str, _Entry]) -> str:
    for stream in streams:
        name = str(by_id.get(str(stream.get("codecId")), {}).get("mimeType") or "")
        if name:
            return name.rpartition("/")[2]
    return ""


def _of_type(entries: list[_Entry], name: str) -> list[_Entry]:
    return [e for e in entries if e.get("type") == name]


def _of_kind(entries: list[_Entry], kind: str) -> list[_Entry]:
    return [e for e in entries if e.get("kind") == kind]


def _sum(entries: list[_Entry], name: str) -> int:
    return sum(int(e.get(name) or 0) for e in entries)


def _largest(entries: list[_Entry], name: str) -> int:
    return max((int(e.get(name) or 0) for e in entries), default=0)
