"""What lasts over a restart, written by one hand: a slow disk holds nobody up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from kiosk.core.kept import Choices, Kept
from kiosk.core.menu import Tries, kept_well
from kiosk.core.orders import Memory

#: When somebody touched last is written down this often: the disk of a kiosk is a memory card.
TOUCH_KEPT_EVERY_S: Final = 3600.0


class Keeper:
    """Holds `Kept`, and puts it on the disk some time after it changed, or at once when asked.

    Args:
        kept: From the start before.
        write: Keeps it; called on any thread, may wait for the disk.
    """

    def __init__(self, kept: Kept, write: Callable[[Kept], None]) -> None:
        self._kept = kept
        self._write_to_disk = write
        self._changed = asyncio.Event()
        self._disk = asyncio.Lock()

    @property
    def kept(self) -> Kept:
        """As it is now, on the disk or on its way there."""
        return self._kept

    def orders(self, memory: Memory) -> None:
        """What has become of orders."""
        self._keep(replace(self._kept, orders=memory))

    def choices(self, choices: Choices) -> None:
        """What was chosen on site."""
        self._keep(replace(self._kept, choices=choices))

    def touched(self, wall_s: float) -> None:
        """Somebody touched the screen then (Unix seconds)."""
        last_s = self._kept.touched_at_s
        if last_s is None or not 0 <= wall_s - last_s < TOUCH_KEPT_EVERY_S:
            self._keep(replace(self._kept, touched_at_s=wall_s))

    def tries(self, tries: Tries) -> None:
        """How often a wrong PIN was entered."""
        if not kept_well(self._kept.tries, tries):
            self._keep(replace(self._kept, tries=tries))

    def ended(self) -> None:
        """The program ends by its own wish: the next start is no crash."""
        self._keep(replace(self._kept, ended=True))

    async def run(self) -> None:
        """For ever: write what changed."""
        while True:
            await self._changed.wait()
            await self.write()

    async def write(self) -> None:
        """Write it now, and return when it is on the disk."""
        async with self._disk:
            self._changed.clear()
            await asyncio.to_thread(self._write_to_disk, self._kept)

    def _keep(self, kept: Kept) -> None:
        if kept != self._kept:
            self._kept = kept
            self._changed.set()
