"""What a path is like, in words."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.core.media import PeerStats
from kiosk.core.path_quality import TRIPS_KEPT, WINDOW_S, PathMemory, PathRecord, part, record_of, remember
from signaling.protocol.vocabulary import IceTrouble, PathFault, PathQuality, RelayTransport
from tests.support.path_cases import looks, path_cases


@pytest.mark.parametrize("case", path_cases("quality"), ids=lambda case: case["name"])
def test_each_case_that_both_ends_judge_alike(case: dict[str, Any]) -> None:
    memory = PathMemory()
    for look in looks(case):
        memory = remember(memory, look.stats, look.at_s, sound_only=look.step.get("sound_only", False))
        for name, value in look.want.items():
            seen = getattr(memory, name)
            wanted = pytest.approx(value, abs=0.001) if isinstance(value, float) else value
            assert (look.at_s, name, seen) == (look.at_s, name, wanted)


def test_a_call_of_a_whole_day_is_remembered_in_little() -> None:
    memory = PathMemory()
    for number in range(20_000):
        memory = remember(memory, PeerStats(round_trip_ms=number % 100), number * 0.25, sound_only=False)
        assert len(memory.trips_ms) < TRIPS_KEPT
        assert len(memory.looks) <= WINDOW_S / 0.25 + 1


def test_a_part_is_between_nothing_and_all() -> None:
    assert [part(1, 4), part(-1, 4), part(5, 4), part(3, 0)] == [0.25, 0.0, 1.0, 0.0]


def test_the_record_is_of_the_whole_path() -> None:
    first = PeerStats(packets_received=90, packets_lost=10, round_trip_ms=40.0)
    last = PeerStats(
        packets_received=950,
        packets_lost=50,
        packets_sent=400,
        packets_lost_there=4,
        samples_played=48_000,
        samples_concealed=480,
        freezes=2,
        frozen_s=1.5,
        round_trip_ms=60.0,
        frame_width_sent=1280,
        frame_height_sent=720,
        video_codec="VP8",
        audio_codec="opus",
        relayed=True,
        relay=RelayTransport.TLS,
    )
    memory = PathMemory()
    for at_s, stats in enumerate((first, first, first, last)):
        memory = remember(memory, stats, float(at_s), sound_only=at_s == 1)
    faults, troubles = (PathFault.NO_PICTURE,), (IceTrouble.RELAY_REFUSED,)
    assert record_of(memory, 12.5, 300.0, faults, troubles) == PathRecord(
        seconds=12.5,
        connect_ms=300.0,
        round_trip_ms=40.0,
        loss_in_percent=5.0,
        loss_out_percent=1.0,
        freezes=2,
        frozen_s=1.5,
        concealed_percent=1.0,
        width_sent=1280,
        height_sent=720,
        video_codec="VP8",
        audio_codec="opus",
        relayed=True,
        relay=RelayTransport.TLS,
        worst=PathQuality.SOUND_ONLY,
        faults=faults,
        troubles=troubles,
    )


def test_of_a_path_on_which_nobody_looked_nothing_is_claimed() -> None:
    assert record_of(PathMemory(), 0.0, None) == PathRecord(0.0)
