"""Figures out of a statistics report."""

from __future__ import annotations

from typing import Any

from kiosk.adapters.peer.counters import peer_stats
from kiosk.core.media import PeerStats

REPORT: list[dict[str, Any]] = [
    {"type": "inbound-rtp", "kind": "video", "framesDecoded": 9, "frameWidth": 1280, "frameHeight": 720,
     "packetsReceived": 90, "packetsLost": 2, "bytesReceived": 1000},
    {"type": "inbound-rtp", "kind": "audio", "packetsReceived": 50, "packetsLost": -1, "bytesReceived": 100},
    {"type": "outbound-rtp", "kind": "video", "framesSent": 8, "frameWidth": 640, "frameHeight": 360, "bytesSent": 7},
    {"type": "outbound-rtp", "kind": "audio", "packetsSent": 49, "bytesSent": 3},
    {"type": "local-candidate", "id": "L1", "candidateType": "host"},
    {"type": "local-candidate", "id": "L2", "candidateType": "relay"},
    {"type": "candidate-pair", "nominated": False, "localCandidateId": "L1", "currentRoundTripTime": 9.0},
    {"type": "candidate-pair", "nominated": True, "localCandidateId": "L2", "currentRoundTripTime": 0.012},
]  # fmt: skip


def test_a_report_is_summed_up() -> None:
    assert peer_stats(REPORT) == PeerStats(
        frames_decoded=9,
        frames_sent=8,
        frame_width_received=1280,
        frame_height_received=720,
        frame_width_sent=640,
        frame_height_sent=360,
        audio_packets_received=50,
        audio_packets_sent=49,
        packets_lost=1,
        bytes_received=1100,
        bytes_sent=10,
        round_trip_ms=12.0,
        local_candidates=2,
        relayed=True,
    )


def test_an_empty_report_is_all_nothing() -> None:
    assert peer_stats([]) == PeerStats()


def test_a_direct_path_is_not_relayed() -> None:
    direct = [e | {"candidateType": "host"} if e.get("id") == "L2" else e for e in REPORT]
    assert not peer_stats(direct).relayed
