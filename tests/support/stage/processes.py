"""Programs that are started, watched and ended by their own id."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
STOP_S = 8.0
POLL_S = 0.02


class StageError(Exception):
    """A part of the stage did not come up, or broke."""


class Program:
    """One process with its log in a file."""

    def __init__(self, name: str, command: Sequence[str], log: Path, env: Mapping[str, str] | None = None) -> None:
        self.name = name
        self.log = log
        self._file = log.open("ab")
        self._process = subprocess.Popen(
            list(command),
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=self._file,
            stderr=self._file,
            start_new_session=True,  # Ctrl-C reaches whoever plays on the stage, and only that one
        )

    @property
    def pid(self) -> int:
        """Its id."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def kill(self) -> None:
        """As a power cut does."""
        self._process.kill()
        self._process.wait()
        self._file.close()

    async def stop(self) -> int:
        """Ask it to end, and wait; returns its exit code."""
        if self.running:
            self._process.send_signal(signal.SIGTERM)
        try:
            return await asyncio.to_thread(self._process.wait, STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return await asyncio.to_thread(self._process.wait)
        finally:
            self._file.close()

    def last_words(self) -> str:
        """The end of its log."""
        with contextlib.suppress(OSError):
            return self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
        return ""


async def until(true: Callable[[], bool], what: str, *, within_s: float, program: Program | None = None) -> None:
    """Wait until something is true.

    Raises:
        StageError: It did not become so in time, or the program that should do it has ended.
    """
    deadline = time.monotonic() + within_s
    while not true():
        if program is not None and not program.running:
            raise StageError(f"{program.name} ended before {what}:\n{program.last_words()}")
        if time.monotonic() > deadline:
            words = program.last_words() if program is not None else ""
            raise StageError(f"not within {within_s:.0f} s: {what}\n{words}")
        await asyncio.sleep(POLL_S)


def run_python(*arguments: str, env: Mapping[str, str]) -> str:
    """Run one of our commands to its end.

    Raises:
        StageError: It failed; with what it said.
    """
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise StageError(f"python -m {' '.join(arguments)} failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
