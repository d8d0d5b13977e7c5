"""A conversation of three on the stage: a second librarian in a browser of her own, who is told apart.

Whose sound it is, is told by the tone; whose picture, by how far its clock is ahead of this machine's.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from tests.support.chromium import launch_chromium
from tests.support.stage.console import Console
from tests.support.stage.play import Stage, stage
from tests.support.stage.sound import COLLEAGUE_TONE_HZ, write_librarian_voice

HOUR_MS: Final = 3_600_000
#: Hours that a person's picture is ahead.
VISITOR, ANNA, BO = 0, 1, 2


@dataclass
class Three:
    """The visitor and Anna as on every stage, and Bo."""

    on: Stage
    bo: Console

    @property
    def anna(self) -> Console:
        """The first librarian."""
        return self.on.console

    async def talk(self) -> None:
        """The visitor, shown, with Anna; Bo on duty meanwhile."""
        await self.on.be_idle()
        await self.on.kiosk.touch("call")
        await self.anna.accept()
        await self.on.kiosk.shows("talking")
        await self.anna.at("verified").wait_for()
        await self.on.kiosk.touch("show_me")
        await self.bo.go_on_duty()

    async def join(self) -> None:
        """Anna brings Bo in, in one click."""
        await self.anna.page.locator("[data-testid^=invite-]").click()
        await self.bo.accept()
        for console in (self.anna, self.bo):
            await console.page.locator("[data-testid=beside][data-phase=connected]").wait_for()

    async def end(self, last: Console) -> None:
        """The conversation ends; nobody is on duty but Anna."""
        await last.at("finish").click()
        await self.on.kiosk.touch("dismiss")
        await self.on.kiosk.shows("idle")
        for console in (self.anna, self.bo):
            if await console.at("close-out-skip").count():
                await console.skip_close_out()
        await self.bo.at("go-off-duty").click()
        await self.bo.at("go-on-duty").wait_for()


@contextlib.asynccontextmanager
async def stage_of_three(engine: str = "libwebrtc") -> AsyncIterator[Three]:
    """Everything, with Anna on duty and Bo signed in."""
    settings = {"LIBRARIAN_TIMEOUTS__WRAP_UP_S": "1"}
    async with stage(engine=engine, settings=settings, librarian_ahead_ms=ANNA * HOUR_MS) as on:
        voice = on.folder / "bo.wav"
        write_librarian_voice(voice, COLLEAGUE_TONE_HZ)
        async with launch_chromium(unlocked_sound=False, microphone=voice) as browser:
            password = await asyncio.to_thread(on.server.add_staff, "bo", "Bo Ek")
            bo = await Console.open(browser, on.server.url, ahead_ms=BO * HOUR_MS)
            await bo.sign_in("bo", password)
            await on.console.go_on_duty()
            yield Three(on, bo)
