"""Sound first: how the picture gives way, and comes back."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from kiosk.core.media import FULL_PICTURE
from kiosk.core.picture_ladder import RUNGS, Ladder, climb
from tests.support.path_cases import looks, path_cases


@pytest.mark.parametrize("case", path_cases("ladder"), ids=lambda case: case["name"])
def test_each_case_that_both_ends_judge_alike(case: dict[str, Any]) -> None:
    ladder = Ladder()
    for look in looks(case):
        ladder = climb(ladder, look.stats.estimate_kbps, look.at_s)
        for name, value in look.want.items():
            assert (look.at_s, name, getattr(ladder, name)) == (look.at_s, name, value)


def test_the_top_is_all_of_the_picture_and_the_foot_a_still() -> None:
    assert Ladder().limits == FULL_PICTURE
    assert [rung.limits.still for rung in RUNGS] == [False] * (len(RUNGS) - 1) + [True]


def test_each_rung_asks_less_of_a_path_than_the_one_above() -> None:
    assert all(upper.from_kbps > lower.from_kbps for upper, lower in pairwise(RUNGS))
