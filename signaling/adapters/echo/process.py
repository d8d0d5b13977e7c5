"""One echo program, as the server sees it: started, asked once, and gone.

What it is for: a media library that breaks, hangs or grows does so in a process that dies with the call. What it does
not do: decide who may call (`desk`).

The library's DTLS needs memory that is written and then executed (callbacks of cffi): under a unit with
`MemoryDenyWriteExecute=` the echo answers, and no call to it ever connects.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from pathlib import Path
from typing import Final, Self

from signaling.adapters.echo.spoken import (
    LIFE_S,
    MAX_LINE_BYTES,
    EchoError,
    EchoRefused,
    EchoRequest,
    answer_from,
)

#: For starting, loading the library, and gathering addresses, one of which may be a relay that is silent (5 s).
ANSWER_S: Final = 8.0
#: After its own end, and after it was asked to end.
PATIENCE_S: Final = 2.0
#: What a program needs to find itself and what it trusts; nothing of ours, above all no secret.
_ENVIRONMENT: Final = ("PATH", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "LD_LIBRARY_PATH")
#: As we were found, it is found: installed, or run from a working copy.
_ROOT: Final = str(Path(__file__).resolve().parents[3])


class EchoProcess:
    """One call's program. Make it with `start`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls) -> Self:
        """Start one.

        Raises:
            OSError: The machine does not let us.
        """
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        environment["PYTHONPATH"] = _ROOT
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "signaling.adapters.echo",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            # A library's own lines may hold addresses of visitors' networks; what matters is in the answer.
            stderr=asyncio.subprocess.DEVNULL,
            limit=MAX_LINE_BYTES,
            env=environment,
        )  # fmt: skip
        return cls(process)

    @property
    def pid(self) -> int:
        """The program's id on this machine."""
        return self._process.pid

    async def answer(self, request: EchoRequest) -> str:
        """Ask it; its SDP answer.

        Raises:
            EchoRefused: Why there is none.
        """
        assert self._process.stdin is not None  # noqa: S101 - both are pipes, see start
        assert self._process.stdout is not None  # noqa: S101
        try:
            async with asyncio.timeout(ANSWER_S):
                self._process.stdin.write(request.line())
                await self._process.stdin.drain()
                return answer_from(await self._process.stdout.readline())
        except (TimeoutError, OSError, ValueError):  # silent, gone, or a line without end
            raise EchoRefused(EchoError.BROKEN) from None

    async def ended(self) -> None:
        """Wait until it is gone; after its time it is killed."""
        try:
            async with asyncio.timeout(LIFE_S + PATIENCE_S):
                await self._process.wait()
        except TimeoutError:
            self._kill()
            await self._process.wait()

    async def end(self) -> None:
        """End it now, and wait until it is gone."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._process.wait()
        except TimeoutError:
            self._kill()
            await self._process.wait()

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
