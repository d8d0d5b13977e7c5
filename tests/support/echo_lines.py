"""The kiosk's link as tests of the network see it, answering as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from kiosk.core.health.call import EchoReply
from kiosk.core.media import PeerSettings


async def no_echo(_sdp: str) -> EchoReply:
    """An answer that cannot be used."""
    await asyncio.sleep(0)
    return EchoReply("no answer at all")


@dataclass
class ToldLine:
    """An `EchoLine`.

    Attributes:
        settings: What a test is granted; None: the server is away.
        away: So many questions are not answered first.
        answer: The echo.
    """

    settings: PeerSettings | None = field(default_factory=PeerSettings)
    away: int = 0
    answer: Callable[[str], Awaitable[EchoReply]] = no_echo
    asked: int = 0

    async def test_settings(self) -> PeerSettings | None:
        await asyncio.sleep(0)
        self.asked += 1
        return None if self.asked <= self.away else self.settings

    async def echo(self, sdp: str) -> EchoReply:
        return await self.answer(sdp)
