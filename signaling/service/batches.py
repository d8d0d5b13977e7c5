"""Commands of one line that come while others are being committed are committed together.

A commit costs about the same for one command as for thirty (hops to the database's thread, the file's sync), so a
crowd that comes back after a power cut, or taps all at once, is let in by the batch. One command alone waits for
nobody. What it does not do: decide, or know the store.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from signaling.domain.commands import Command
from signaling.protocol.vocabulary import LineId

R = TypeVar("R")

#: So many at most, so that the first of them does not wait for the last of a very long queue.
MOST: Final = 64


@dataclass(slots=True)
class _Queue(Generic[R]):
    """What waits for one line.

    Attributes:
        busy: Somebody commits right now; whoever comes waits for the next commit.
        worker: Does the commits for those that wait.
    """

    waiting: deque[tuple[Command, asyncio.Future[R]]] = field(default_factory=deque)
    busy: bool = False
    worker: asyncio.Task[None] | None = None


class Batches(Generic[R]):
    """Collects commands by line.

    Args:
        carry_out: Does some commands of a line, in their order; for each its result, or the error that is its own.
            What it raises is the answer to all of them.
    """

    def __init__(self, carry_out: Callable[[LineId, Sequence[Command]], Awaitable[Sequence[R | Exception]]]) -> None:
        self._carry_out = carry_out
        self._queues: dict[LineId, _Queue[R]] = {}

    async def run(self, line_id: LineId, command: Command) -> R:
        """Do one command, alone or with others; its result.

        A caller that waits for others and is cancelled does not stop the command: others may be in the same commit.
        """
        queue = self._queues.setdefault(line_id, _Queue())
        if queue.busy:
            future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
            queue.waiting.append((command, future))
            return await future
        queue.busy = True
        try:
            (result,) = await self._carry_out(line_id, [command])
        finally:
            if queue.waiting:
                queue.worker = asyncio.create_task(self._work(line_id, queue))
            else:
                queue.busy = False
        if isinstance(result, Exception):
            raise result
        return result

    async def _work(self, line_id: LineId, queue: _Queue[R]) -> None:
        try:
            while queue.waiting:
                batch = [queue.waiting.popleft() for _ in range(min(MOST, len(queue.waiting)))]
                await self._together(line_id, batch)
        finally:
            queue.busy = False
            while queue.waiting:  # the loop ends: nobody will come for these
                queue.waiting.popleft()[1].cancel()

    async def _together(self, line_id: LineId, batch: Sequence[tuple[Command, asyncio.Future[R]]]) -> None:
        try:
            results: Sequence[R | Exception] = await self._carry_out(line_id, [command for command, _ in batch])
        except asyncio.CancelledError:
            for _, future in batch:
                future.cancel()
            raise
        except Exception as error:  # noqa: BLE001 - it is theirs, not the worker's
            results = [error] * len(batch)
        for (_, future), result in zip(batch, results, strict=True):
            if future.done():
                continue
            if isinstance(result, Exception):
                future.set_exception(result)
            else:
                future.set_result(result)
