"""The colleague's end of a conversation of three, in a page of its own, before the console that is tested."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from playwright.async_api import Page

from signaling.protocol.messages import OtherSeat
from tests.support import sample_views as views
from tests.support.console_stage import KIOSK_SCRIPT, ConsoleStage

SEAT: Final = "seat-bo"


class Colleague:
    """Bo, with a moving picture and a tone."""

    def __init__(self, stage: ConsoleStage, page: Page) -> None:
        self._stage = stage
        self._page = page
        self._relays: list[asyncio.Task[None]] = []

    async def joins(self, generation: int, *, offers: bool, **fields: Any) -> None:
        """The console's view speaks of the colleague; the path is brought about by whoever offers."""
        other = OtherSeat(seat_id=SEAT, name="Bo Ek", generation=generation, offers=offers)
        await self._stage.server.show_visit(other=other, asked="", **fields)
        await self._describe(generation, console_offers=offers)

    async def leaves(self) -> None:
        """The view speaks of the colleague no more."""
        await self._stage.server.show_visit(other=None)
        await self.close()

    async def says(self, **fields: Any) -> None:
        """What this end sends."""
        await self._stage.kiosk_says(sender=SEAT, **fields)

    async def shows(self, jpeg: str) -> None:
        """Send this picture (JPEG, base64) instead of a moving square."""
        await self._page.evaluate("jpeg => fakeKiosk.show(jpeg)", jpeg)

    async def cut(self) -> None:
        """This end of the path goes away without a word."""
        await self._page.evaluate("fakeKiosk.close()")

    async def received(self) -> dict[str, float]:
        """Bytes of `audio` and `video`, `packets` and `energy` of sound, the picture's `width`: all that came."""
        figures: dict[str, float] = await self._page.evaluate("fakeKiosk.received()")
        return figures

    async def close(self) -> None:
        """End what relays."""
        for relay in self._relays:
            relay.cancel()
        await asyncio.gather(*self._relays, return_exceptions=True)
        self._relays.clear()

    async def _describe(self, generation: int, *, console_offers: bool) -> None:
        server = self._stage.server
        await self.close()
        if console_offers:
            offer = await server.expect("call.offer", generation=generation)
            assert (offer["fingerprint"], offer["signature"]) == ("", "")
            answer = await self._page.evaluate("sdp => fakeKiosk.take(sdp)", offer["sdp"])
            await server.emit("call.answer", {"visit_id": views.VISIT, "generation": generation, "sdp": answer})
        else:
            await self._page.evaluate("fakeKiosk.key()")
            made = await self._page.evaluate(
                "([visit, generation]) => fakeKiosk.offer(visit, generation, '')", [views.VISIT, generation]
            )
            await server.emit("call.offer", {**made, "fingerprint": "", "signature": ""})
            answer = await server.expect("call.answer", generation=generation)
            await self._page.evaluate("sdp => fakeKiosk.answer(sdp)", answer["sdp"])
        self._relays = [
            asyncio.create_task(self._to_console(generation)),
            asyncio.create_task(self._from_console(generation)),
        ]

    async def _to_console(self, generation: int) -> None:
        while True:
            for candidate in await self._page.evaluate("fakeKiosk.takeCandidates()"):
                message = {"visit_id": views.VISIT, "generation": generation, **candidate}
                await self._stage.server.emit("call.candidate", message)
            await asyncio.sleep(0.02)

    async def _from_console(self, generation: int) -> None:
        while True:
            try:
                candidate = await self._stage.server.expect("call.candidate", generation=generation)
            except TimeoutError:
                continue  # no more candidates: there is no end to wait for
            await self._page.evaluate("candidate => fakeKiosk.candidate(candidate)", candidate)


async def colleague_of(stage: ConsoleStage) -> Colleague:
    """A colleague who may join the conversation of this stage's page; ends with the stage."""
    page = await stage.page.context.new_page()
    await page.goto(f"{stage.server.url}api/none")
    await page.evaluate(KIOSK_SCRIPT.read_text("utf-8"))
    await stage.page.bring_to_front()
    colleague = Colleague(stage, page)
    stage.endings.append(colleague.close)
    return colleague
