"""A self-test on a thread of its own, given up at once when a visitor comes.

What it is for: devices whose opening blocks. What it does not do: kill a thread; whoever works there asks often.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class GivenUp(Exception):
    """The test is not wanted any more."""


class Pause(Protocol):
    """Waits on the test's thread."""

    def __call__(self, seconds: float) -> None:
        """Wait so long; raises `GivenUp` as soon as the test is not wanted any more."""


async def off_loop(work: Callable[[Pause], T]) -> T:
    """Run `work` on a thread. When this is cancelled the work is given up, and waited for: its devices are free then.

    Args:
        work: Lets its devices go before it returns or raises.
    """
    unwanted = threading.Event()

    def pause(seconds: float) -> None:
        if unwanted.wait(seconds):
            raise GivenUp

    working = asyncio.ensure_future(asyncio.to_thread(work, pause))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        unwanted.set()
        await asyncio.wait({working})
        if not working.cancelled():
            working.exception()  # it was given up: nobody asks any more
        raise
