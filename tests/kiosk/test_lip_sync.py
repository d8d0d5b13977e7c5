"""Pictures that wait for a late loudspeaker."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from kiosk.call.lip_sync import SOUND_AFTER_S, LipSync
from kiosk.core.media import YuvFrame
from tests.support.kiosk_parts import FRAME


class Screen:
    """Notes what is shown, and when; the loudspeaker is as late as a test says."""

    def __init__(self, heard_after_s: float) -> None:
        self.heard_after_s = heard_after_s
        self.shown: list[tuple[int, YuvFrame]] = []
        self.at_s: list[float] = []
        self.news = asyncio.Event()
        self.lips = LipSync(self.show, lambda: self.heard_after_s)

    def show(self, generation: int, frame: YuvFrame) -> None:
        self.shown.append((generation, frame))
        self.at_s.append(asyncio.get_running_loop().time())
        self.news.set()

    async def shows(self, count: int) -> None:
        """Wait for so many pictures."""
        async with asyncio.timeout(5):
            while len(self.shown) < count:
                self.news.clear()
                await self.news.wait()


FRAMES = [replace(FRAME) for _ in range(4)]


async def test_with_a_prompt_loudspeaker_a_picture_is_shown_at_once() -> None:
    screen = Screen(heard_after_s=SOUND_AFTER_S)
    screen.lips.take(1, FRAMES[0])
    assert screen.shown == [(1, FRAMES[0])]


async def test_what_the_loudspeaker_is_too_late_by_the_picture_waits() -> None:
    screen = Screen(heard_after_s=SOUND_AFTER_S + 0.05)
    begun_s = asyncio.get_running_loop().time()
    screen.lips.take(1, FRAMES[0])
    assert screen.shown == []
    await screen.shows(1)
    assert screen.at_s[0] - begun_s >= 0.05


async def test_a_loudspeaker_that_becomes_prompt_lets_no_picture_overtake_another() -> None:
    screen = Screen(heard_after_s=SOUND_AFTER_S + 0.1)
    screen.lips.take(1, FRAMES[0])
    screen.lips.take(1, FRAMES[1])
    screen.heard_after_s = 0.0
    screen.lips.take(2, FRAMES[2])
    assert screen.shown == []
    await screen.shows(3)
    assert [generation for generation, _ in screen.shown] == [1, 1, 2]
    assert all(shown is frame for (_, shown), frame in zip(screen.shown, FRAMES[:3], strict=True))
    screen.lips.take(2, FRAMES[3])
    assert len(screen.shown) == 4, "at once again"


async def test_a_device_that_claims_to_be_seconds_late_does_not_hold_pictures_for_seconds() -> None:
    screen = Screen(heard_after_s=5.0)
    begun_s = asyncio.get_running_loop().time()
    screen.lips.take(1, FRAMES[0])
    await screen.shows(1)
    assert screen.at_s[0] - begun_s < 1.0


async def test_after_a_visit_nothing_that_waited_is_shown() -> None:
    screen = Screen(heard_after_s=SOUND_AFTER_S + 0.02)
    screen.lips.take(1, FRAMES[0])
    screen.lips.clear()
    screen.lips.take(2, FRAMES[1])
    await screen.shows(1)
    assert [generation for generation, _ in screen.shown] == [2]
