"""Many calls in a row in one kiosk process and one server process: what is left behind."""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from dataclasses import dataclass

import psutil

from tests.bench.report import Figure, publish, say
from tests.support.stage.play import Stage, stage
from tests.support.stage.processes import until

#: The first calls fill caches and pools; what grows after them is what is left behind.
WARM_UP = 20
GROWTH_MB = 10
SETTLES_S = 5.0
READINGS = 5


@dataclass(frozen=True, slots=True)
class Footprint:
    """What one process holds at rest: memory of its own, threads, sockets and open files."""

    own_mb: float
    threads: int
    sockets: int
    files: int


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of this benchmark."""
    parser.add_argument("--calls", type=int, default=300, help="how many calls after the warm-up (300)")
    parser.add_argument("--talk-s", type=float, default=1.0, help="how long picture goes both ways (1 s)")
    parser.add_argument("--engine", choices=["libwebrtc", "aiortc"], default="libwebrtc", help="the media engine")


async def run(arguments: argparse.Namespace) -> None:
    """Warm up, look, call and call again, look once more."""
    started_s = time.monotonic()
    calls: int = arguments.calls
    async with stage(say=say, engine=arguments.engine, settings={"LIBRARIAN_TIMEOUTS__WRAP_UP_S": "1"}) as on:
        await on.console.go_on_duty()
        processes = {"kiosk": on.kiosk.pid, "server": on.server.pid}
        say(f"{WARM_UP} calls to warm up")
        for _ in range(WARM_UP):
            await _call(on, arguments.talk_s)
        before = {name: await _at_rest(pid) for name, pid in processes.items()}
        say(f"before: {before}")
        for number in range(1, calls + 1):
            await _call(on, arguments.talk_s)
            if number % 25 == 0:
                footprints = {name: _footprint(pid) for name, pid in processes.items()}
                say(f"call {number}: {footprints}")
        after = {name: await _at_rest(pid) for name, pid in processes.items()}
        say(f"after: {after}")
    publish(
        [
            Figure("calls in a row", calls, "calls"),
            *(figure for name in processes for figure in _figures(name, before[name], after[name])),
        ],
        started_s,
        arguments.json,
    )


async def _call(on: Stage, talk_s: float) -> None:
    """Tap, accept, both pictures, goodbye."""
    kiosk, console = on.kiosk, on.console
    await kiosk.shows("idle")
    noted = kiosk.pictures_noted
    await kiosk.touch("call")
    await console.accept()
    await until(lambda: kiosk.pictures_noted > noted, "the librarian was seen", within_s=20)
    await kiosk.touch("show_me")
    await console.watch_video()
    await console.first_picture(within_s=20)
    await asyncio.sleep(talk_s)
    await kiosk.touch("end")
    await kiosk.touch("end_yes")
    await kiosk.touch("dismiss")
    await console.skip_close_out()


async def _at_rest(pid: int) -> Footprint:
    """The median of several looks, after what is being put away has been put away."""
    await asyncio.sleep(SETTLES_S)
    seen = []
    for _ in range(READINGS):
        seen.append(_footprint(pid))
        await asyncio.sleep(0.5)
    return Footprint(
        statistics.median(x.own_mb for x in seen),
        round(statistics.median(x.threads for x in seen)),
        round(statistics.median(x.sockets for x in seen)),
        round(statistics.median(x.files for x in seen)),
    )


def _footprint(pid: int) -> Footprint:
    process = psutil.Process(pid)
    sockets = len(process.net_connections(kind="all"))
    return Footprint(
        round(process.memory_full_info().uss / 1e6, 1), process.num_threads(), sockets, process.num_fds() - sockets
    )


def _figures(name: str, before: Footprint, after: Footprint) -> list[Figure]:
    return [
        Figure(f"{name}: memory of its own, growth", round(after.own_mb - before.own_mb, 1), "MB", GROWTH_MB),
        Figure(f"{name}: threads left over", after.threads - before.threads, "", 0),
        Figure(f"{name}: sockets left over", after.sockets - before.sockets, "", 0),
        Figure(f"{name}: files left over", after.files - before.files, "", 0),
    ]
