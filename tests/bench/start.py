"""From nothing to the idle screen: the program's cold start, and what a visitor sees of a crash."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.bench.report import Figure, publish, say
from tests.support.cage import Cage, give, missing
from tests.support.kiosk_site import LIB
from tests.support.stage.processes import Program, StageError, run_python, until
from tests.support.stage.server import Server

COLD_START_REACH_S = 3.0
CRASH_REACH_S = 5.0
WITHIN_S = 60.0
#: As in librarian-kiosk.service.
RESTART_S = 0.5


@dataclass(frozen=True)
class Place:
    """One enrolled kiosk and its server.

    Attributes:
        home: As `deploy/kiosk/install` makes it, with this environment as `a`.
        probe: What the program says of its screen.
    """

    folder: Path
    home: Path
    state: Path
    probe: Path
    cage: Cage
    env: dict[str, str]

    def screens(self) -> list[str]:
        """Every screen that the program has drawn, in order."""
        if not self.probe.exists():
            return []
        lines = self.probe.read_text(encoding="utf-8").splitlines()
        return [json.loads(line)["screen"] for line in lines if line.endswith("}")]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of this benchmark."""
    parser.add_argument("--runs", type=int, default=7, help="how often each is done (7)")


async def run(arguments: argparse.Namespace) -> None:
    """Start and kill it, again and again."""
    if missing():
        raise StageError(f"{missing()}; ./dev setup installs it")
    started_s = time.monotonic()
    runs: int = arguments.runs
    async with place() as at:
        say("A first start, which fills the caches of the disk")
        await cold_start(at)
        say(f"{runs} cold starts: a process that is started, to its idle screen")
        cold = [await cold_start(at) for _ in range(runs)]
        say("  " + ", ".join(f"{wall_s:.2f} s ({cpu_s:.2f} s of a processor)" for wall_s, cpu_s in cold))
        say(f"{runs} crashes of the program under its supervisor")
        crashes = await crash_to_idle(at, runs, _kiosk_of, restart_s=0.0)
        say("  " + ", ".join(f"{wall_s:.2f} s" for wall_s in crashes))
        say(f"{runs} crashes of the compositor, with everything in it")
        all_crashes = await crash_to_idle(at, runs, _cage_of, restart_s=RESTART_S)
        say("  " + ", ".join(f"{wall_s:.2f} s" for wall_s in all_crashes))
    publish(
        [
            Figure("cold start to idle screen, median", _median(x for x, _ in cold), "s", COLD_START_REACH_S),
            Figure("cold start to idle screen, longest", round(max(x for x, _ in cold), 2), "s"),
            Figure("cold start, processor time, median", _median(x for _, x in cold), "s"),
            Figure("crash to idle screen, median", _median(crashes), "s", CRASH_REACH_S),
            Figure("crash to idle screen, longest", round(max(crashes), 2), "s", CRASH_REACH_S),
            Figure("crash of the compositor to idle screen, longest", round(max(all_crashes), 2), "s", CRASH_REACH_S),
        ],
        started_s,
        arguments.json,
    )


@contextlib.asynccontextmanager
async def place() -> AsyncIterator[Place]:
    """A server that runs, and a kiosk that is enrolled with it and does not."""
    with tempfile.TemporaryDirectory(prefix="librarian-start-") as temporary:
        folder = Path(temporary)
        folder.chmod(0o755)
        server = Server(folder)
        await asyncio.to_thread(server.set_up, "Skellefteå bibliotek", "Burträsk", "0910-73 50 00")
        code = await asyncio.to_thread(server.add_kiosk, "Burträsk", "Entrén")
        await server.start()
        home, state, probe = folder / "home", folder / "state", folder / "state" / "probe.jsonl"
        python = home / "a" / "bin" / "python"
        python.parent.mkdir(parents=True)
        devices = "--camera pattern --microphone pattern --loudspeaker pattern --light"
        python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@" {devices} --probe "{probe}"\n', encoding="utf-8")
        python.chmod(0o755)
        (home / "current").symlink_to("a")
        cage = Cage(folder / "run")
        env = {"LIBRARIAN_KIOSK_SERVER": server.url, "LIBRARIAN_KIOSK_STATE_DIR": str(state)}
        await asyncio.to_thread(run_python, "kiosk", "enrol", code, env=env)
        give(state)
        try:
            yield Place(folder, home, state, probe, cage, env)
        finally:
            await server.stop()


async def cold_start(at: Place) -> tuple[float, float]:
    """One start, in a compositor that is up: seconds to the idle screen, and processor seconds."""
    at.probe.unlink(missing_ok=True)
    begins = at.folder / "run" / "begins"
    begins.unlink(missing_ok=True)
    # The compositor is no part of it: the clock starts when the program is started inside.
    inside = f'date +%s.%N >"{begins}"; exec "{at.home}/a/bin/python" -P -m kiosk run'
    program = at.cage.start("sh", "-c", inside, env=at.env)
    try:
        await until(lambda: "idle" in at.screens(), "the idle screen", within_s=WITHIN_S, program=program)
        shown_s = time.time()
        kiosk = _kiosk_of(program)
        used = kiosk.cpu_times()
        return shown_s - float(begins.read_text()), used.user + used.system
    finally:
        await program.stop()


async def crash_to_idle(
    at: Place, runs: int, victim: Callable[[Program], psutil.Process], *, restart_s: float
) -> list[float]:
    """Kill it while it idles, and wait for the next idle screen; seconds of each."""
    took: list[float] = []
    (at.folder / "run" / "faults.json").unlink(missing_ok=True)
    loop = [sys.executable, "-I", str(LIB / "supervise.py"), "--home", str(at.home), "--run", str(at.folder / "run")]
    loop += ["--within-s", "0.001"]  # so many crashes are a loop, in earnest
    at.probe.unlink(missing_ok=True)
    program = at.cage.start(*loop, env=at.env)
    try:
        await until(lambda: "idle" in at.screens(), "the idle screen", within_s=WITHIN_S, program=program)
        for _ in range(runs):
            before = len(at.screens())
            killed_s = time.monotonic()
            os.kill(victim(program).pid, signal.SIGKILL)
            if not restart_s:
                await _idle_after(at, before, program)
            else:
                await program.stop()
                await asyncio.sleep(restart_s)
                program = at.cage.start(*loop, env=at.env)
                await _idle_after(at, before, program)
            took.append(time.monotonic() - killed_s)
        return took
    finally:
        await program.stop()


async def _idle_after(at: Place, before: int, program: Program) -> None:
    await until(lambda: "idle" in at.screens()[before:], "the idle screen", within_s=WITHIN_S, program=program)


def _cage_of(program: Program) -> psutil.Process:
    return psutil.Process(program.pid)  # setpriv has become it


def _kiosk_of(program: Program) -> psutil.Process:
    for process in psutil.Process(program.pid).children(recursive=True):
        with contextlib.suppress(psutil.Error):
            command = process.cmdline()
            if "kiosk" in command and "run" in command:
                return process
    raise StageError("the kiosk's process is not there")


def _median(values: Iterable[float]) -> float:
    return round(statistics.median(values), 2)
