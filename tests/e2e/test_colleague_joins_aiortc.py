"""Three in a call on the engine that takes over."""

from __future__ import annotations

import pytest

from tests.e2e.test_colleague_joins import (
    nobody_complains,
    test_each_of_three_sees_and_hears_the_two_others,
    test_the_conversation_is_left_to_the_colleague_on_the_path_that_there_is,
    three,
)

__all__ = [
    "nobody_complains",
    "test_each_of_three_sees_and_hears_the_two_others",
    "test_the_conversation_is_left_to_the_colleague_on_the_path_that_there_is",
    "three",
]

ENGINE = "aiortc"
pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.needs_chromium, pytest.mark.thorough]
