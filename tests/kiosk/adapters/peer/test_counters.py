"""Figures out of a statistics report."""

from __future__ import annotations

from typing import Any

from kiosk.adapters.peer.counters import peer_stats
from kiosk.core.media import PeerStats
from signaling.protocol.vocabulary import RelayTransport

REPORT: list[dict[str, Any]] = [
    {"type": "inbound-rtp", "kind": "video", "framesDecoded": 9, "frameWidth": 1280, "frameHeight": 720,
     "packetsReceived": 90, "packetsLost": 2, "bytesReceived": 1000, "freezeCount": 2, "totalFreezesDuration": 0.5,
     "codecId": "IN96"},
    {"type": "inbound-rtp", "kind": "audio", "packetsReceived": 50, "packetsLost": -1, "bytesReceived": 100,
     "totalSamplesReceived": 4800, "concealedSamples": 480, "codecId": "IN111"},
    {"type": "outbound-rtp", "kind": "video", "framesSent": 8, "frameWidth": 640, "frameHeight": 360, "bytesSent": 7,
     "packetsSent": 70},
    {"type": "outbound-rtp", "kind": "audio", "packetsSent": 49, "bytesSent": 3},
    {"type": "remote-inbound-rtp", "kind": "video", "packetsLost": 5, "roundTripTimeMeasurements": 4,
     "totalRoundTripTime": 0.5},
    {"type": "remote-inbound-rtp", "kind": "audio", "packetsLost": 1, "roundTripTimeMeasurements": 1,
     "totalRoundTripTime": 0.25},
    {"type": "codec", "id": "IN96", "mimeType": "video/VP8"},
    {"type": "codec", "id": "IN111", "mimeType": "audio/opus"},
    {"type": "local-candidate", "id": "L1", "candidateType": "host"},
    {"type": "local-candidate", "id": "L2", "candidateType": "relay", "relayProtocol": "tls"},
    {"type": "candidate-pair", "id": "P1", "nominated": True, "localCandidateId": "L1", "currentRoundTripTime": 9.0},
    {"type": "candidate-pair", "id": "P2", "nominated": True, "localCandidateId": "L2", "currentRoundTripTime": 0.012,
     "availableOutgoingBitrate": 1250000},
    {"type": "transport", "selectedCandidatePairId": "P2"},
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
        packets_received=140,
        packets_lost=1,
        packets_sent=119,
        packets_lost_there=6,
        report_trips=5,
        report_trips_s=0.75,
        samples_played=4800,
        samples_concealed=480,
        freezes=2,
        frozen_s=0.5,
        bytes_received=1100,
        bytes_sent=10,
        round_trip_ms=12.0,
        estimate_kbps=1250.0,
        video_codec="VP8",
        audio_codec="opus",
        local_candidates=2,
        relayed=True,
        relay=RelayTransport.TLS,
    )


def test_an_empty_report_is_all_nothing() -> None:
    assert peer_stats([]) == PeerStats()


def test_a_direct_path_is_not_relayed_although_a_relay_was_nominated_before() -> None:
    direct = [e | {"selectedCandidatePairId": "P1"} if e["type"] == "transport" else e for e in REPORT]
    assert not peer_stats(direct).relayed
    assert peer_stats(direct).relay is None
    assert peer_stats(direct).round_trip_ms == 9000


def test_before_the_transport_tells_the_first_nominated_pair_counts() -> None:
    assert not peer_stats([e for e in REPORT if e["type"] != "transport"]).relayed


def test_an_unknown_way_to_the_relay_stays_unknown() -> None:
    odd = [e | {"relayProtocol": "carrier pigeon"} if e.get("id") == "L2" else e for e in REPORT]
    assert peer_stats(odd).relayed
    assert peer_stats(odd).relay is None
