"""A whole visit on the engine that takes over."""

from __future__ import annotations

import pytest

from tests.demo.once import complaints
from tests.support.stage.play import Stage, play_visit

ENGINE = "aiortc"
pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.needs_chromium, pytest.mark.thorough]


async def test_a_visit_on_aiortc_has_picture_sound_and_text_both_ways(on: Stage) -> None:
    line = await play_visit(on, talk_s=3)
    assert complaints(on, line) == []
