"""Turns one device on and off on a thread of its own, in the order asked for.

What it is for: a camera may take seconds to open, and nobody waits for it: not the other devices, not the path, and
above all not the wish to be hidden. What it does not do: know what is true of the device; the device says that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import structlog

_log = structlog.get_logger(__name__)


class DeviceSwitch:
    """One device's open and close, never two at once.

    Attributes:
        wanted: What was asked for last.

    Args:
        name: Of its thread.
        open_device: Starts the device; may take a while.
        close_device: Releases it.
    """

    def __init__(self, name: str, open_device: Callable[[], None], close_device: Callable[[], None]) -> None:
        self.wanted = False
        self._name = name
        self._open = open_device
        self._close = close_device
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"{name}-switch")

    def turn(self, *, on: bool) -> None:
        """Ask for it to be on or off; returns at once."""
        if on != self.wanted:
            self.wanted = on
            self._worker.submit(self._open if on else self._close).add_done_callback(self._done)

    async def close(self) -> None:
        """Turn it off for good, and wait until it is."""
        self.turn(on=False)
        await asyncio.to_thread(self._worker.shutdown)

    def _done(self, work: Future[None]) -> None:
        fault = work.exception()
        if fault is not None:  # devices promise not to raise; one that does must not pass in silence
            _log.error("device_switch_failed", device=self._name, error=type(fault).__name__)
