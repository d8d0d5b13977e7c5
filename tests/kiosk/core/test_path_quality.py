"""What a path is like, in words."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.core.media import PeerStats
from kiosk.core.path_quality import TRIPS_KEPT, WINDOW_S, PathMemory, part, remember
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
