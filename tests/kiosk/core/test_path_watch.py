"""A path that calls itself connected and does not carry."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.core.path_watch import NO_PICTURE_AGAIN_S, Expected, Watch, asks_again, watch
from signaling.protocol.vocabulary import PathFault
from tests.support.path_cases import looks, path_cases


@pytest.mark.parametrize("case", path_cases("watch"), ids=lambda case: case["name"])
def test_each_case_that_both_ends_judge_alike(case: dict[str, Any]) -> None:
    seen = Watch()
    for look in looks(case):
        seen = watch(seen, look.stats, Expected(**look.step["expected"]), look.at_s)
        if "fault" in look.want:
            assert (look.at_s, seen.fault) == (look.at_s, look.want["fault"])


@pytest.mark.parametrize("fault", [PathFault.NOTHING_ARRIVES, PathFault.NOTHING_LEAVES])
def test_a_dead_path_is_always_a_reason_for_a_new_one(fault: PathFault) -> None:
    assert asks_again(fault, 10.0, None)
    assert asks_again(fault, 10.0, 9.0)


def test_a_missing_picture_is_no_reason_again_so_soon() -> None:
    assert asks_again(PathFault.NO_PICTURE, 10.0, None)
    assert not asks_again(PathFault.NO_PICTURE, 10.0 + NO_PICTURE_AGAIN_S - 0.25, 10.0)
    assert asks_again(PathFault.NO_PICTURE, 10.0 + NO_PICTURE_AGAIN_S, 10.0)
