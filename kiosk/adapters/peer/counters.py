"""From the statistics of the browsers' specification to the few figures that the kiosk keeps.

What it is for: one pure function over W3C webrtc-stats objects as plain mappings (camelCase names).
What it does not do: ask an engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kiosk.core.media import PeerStats


def peer_stats(report: Iterable[Mapping[str, Any]]) -> PeerStats:
    """Sum a report up.

    Args:
        report: The report's objects, each with its `type` (https://www.w3.org/TR/webrtc-stats/).

    Returns:
        The figures; what the report lacks is 0, an unknown round trip None.
    """
    entries = list(report)
    inbound = [e for e in entries if e.get("type") == "inbound-rtp"]
    outbound = [e for e in entries if e.get("type") == "outbound-rtp"]
    video_in, audio_in = _of_kind(inbound, "video"), _of_kind(inbound, "audio")
    video_out, audio_out = _of_kind(outbound, "video"), _of_kind(outbound, "audio")
    pair = next((e for e in entries if e.get("type") == "candidate-pair" and e.get("nominated")), {})
    locals_by_id = {e.get("id"): e for e in entries if e.get("type") == "local-candidate"}
    round_trip_s = pair.get("currentRoundTripTime")
    return PeerStats(
        frames_decoded=_sum(video_in, "framesDecoded"),
        frames_sent=_sum(video_out, "framesSent"),
        frame_width_received=_largest(video_in, "frameWidth"),
        frame_height_received=_largest(video_in, "frameHeight"),
        frame_width_sent=_largest(video_out, "frameWidth"),
        frame_height_sent=_largest(video_out, "frameHeight"),
        audio_packets_received=_sum(audio_in, "packetsReceived"),
        audio_packets_sent=_sum(audio_out, "packetsSent"),
        packets_lost=max(0, _sum(inbound, "packetsLost")),
        bytes_received=_sum(inbound, "bytesReceived"),
        bytes_sent=_sum(outbound, "bytesSent"),
        round_trip_ms=None if round_trip_s is None else float(round_trip_s) * 1000,
        local_candidates=len(locals_by_id),
        relayed=locals_by_id.get(pair.get("localCandidateId"), {}).get("candidateType") == "relay",
    )


def _of_kind(entries: list[Mapping[str, Any]], kind: str) -> list[Mapping[str, Any]]:
    return [e for e in entries if e.get("kind") == kind]


def _sum(entries: list[Mapping[str, Any]], name: str) -> int:
    return sum(int(e.get(name) or 0) for e in entries)


def _largest(entries: list[Mapping[str, Any]], name: str) -> int:
    return max((int(e.get(name) or 0) for e in entries), default=0)
