"""The echo program: `python -m signaling.adapters.echo`. One call, then it ends.

It ends when the kiosk hangs up, when its life is over, and when its input closes, which is also how it learns that the
server was killed. Should it hang in a library that never comes back to Python's loop, the kernel's alarm ends it. It is
a program of its own so that the server stays small and no fault of a media library can end it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from typing import Final

from signaling.adapters.echo.spoken import (
    LIFE_S,
    MAX_LINE_BYTES,
    EchoError,
    EchoRefused,
    answered,
    refused,
    request_from,
)

#: Calls of visitors, and whatever else this machine does, come first.
NICENESS: Final = 5
#: By then the kernel ends it, whatever it does.
ALARM_S: Final = int(LIFE_S) + 5
GOODBYE_S: Final = 1.0


async def _one_call() -> None:
    loop = asyncio.get_running_loop()
    server = asyncio.StreamReader(limit=MAX_LINE_BYTES)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(server), sys.stdin)
    line = await server.readline()
    if not line.endswith(b"\n"):
        return
    # From here on nothing more is to come: what ends this is the end of the input.
    gone = asyncio.create_task(server.read())
    call = asyncio.create_task(_call(line))
    await asyncio.wait({gone, call}, return_when=asyncio.FIRST_COMPLETED)
    for task in (gone, call):
        task.cancel()
    await asyncio.gather(gone, call, return_exceptions=True)


async def _call(line: bytes) -> None:
    from signaling.adapters.echo.peer import EchoPeer  # half a second, in which the server may be gone already

    peer = EchoPeer(request_from(line))
    try:
        try:
            _say(answered(await peer.answer()))
        except EchoRefused as refusal:
            _say(refused(refusal.error))
            return
        except OSError:
            _say(refused(EchoError.BROKEN))
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LIFE_S):
                await peer.over.wait()
    finally:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_S):
                await peer.close()


def _say(line: bytes) -> None:
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


def main() -> None:
    """Run one call."""
    signal.alarm(ALARM_S)
    os.nice(NICENESS)
    try:
        asyncio.run(_one_call())
    finally:
        os._exit(0)  # threads of codecs are not waited for


if __name__ == "__main__":
    main()
