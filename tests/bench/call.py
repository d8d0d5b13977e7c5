"""A call between the kiosk and the console: how soon, how fresh, how large, and what it costs."""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time

from tests.bench.pair import measure_pair, median
from tests.bench.report import Figure, publish, say
from tests.demo.once import percentile
from tests.support.chromium import launch_chromium
from tests.support.stage.play import Timeline, now_ms, play_visit, stage

WIDE = 1280
PAIR_S = 8.0
IDLE_S = 30.0
NEVER_S = 60.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of this benchmark."""
    parser.add_argument("--calls", type=int, default=10, help="how many calls (10)")
    parser.add_argument("--engine", choices=["libwebrtc", "aiortc"], default="libwebrtc", help="the media engine")


async def run(arguments: argparse.Namespace) -> None:
    """Play the calls, with a browser pair before, between and after; then let the kiosk rest."""
    started_s = time.monotonic()
    calls: int = arguments.calls
    lines: list[Timeline] = []
    pair: list[float] = []
    async with stage(say=say, engine=arguments.engine, settings={"LIBRARIAN_TIMEOUTS__WRAP_UP_S": "1"}) as on:
        await on.console.go_on_duty()
        pair_at = {0, calls // 2, calls}
        for number in range(calls + 1):
            if number in pair_at:
                async with launch_chromium() as browser:
                    pair += await measure_pair(browser, f"{on.server.url}/healthz", seconds=PAIR_S)
                say(f"browser pair so far: median {median(pair)} ms over {len(pair)} pictures")
            if number == calls:
                break
            line = await play_visit(on, talk_s=8.0)
            lines.append(line)
            say(_row(number + 1, line))
        await on.kiosk.shows("idle")
        await asyncio.sleep(3)
        usage, from_ms = on.kiosk.usage(), now_ms()
        say(f"the kiosk rests for {IDLE_S:.0f} s")
        await asyncio.sleep(IDLE_S)
        idle_cores = (on.kiosk.usage().cpu_s - usage.cpu_s) / ((now_ms() - from_ms) / 1000)
    publish(_figures(lines, pair, idle_cores), started_s, arguments.json)


def _figures(lines: list[Timeline], pair: list[float], idle_cores: float) -> list[Figure]:
    pair_ms = median(pair)
    reach_ms = None if pair_ms is None else round(1.6 * pair_ms, 1)
    to_kiosk = [age for line in lines for age in line.glass_to_kiosk_ms]
    to_console = [age for line in lines for age in line.glass_to_console_ms]
    rings = _known([line.between("tap", "ring") for line in lines])
    first_kiosk = _known([line.between("accept", "first_frame_kiosk") for line in lines])
    first_console = _known([line.between("camera_shown", "first_frame_console") for line in lines])
    return [
        Figure("tap to ring at the seat, p95", _percentile(rings, 0.95), "ms", 50),
        Figure("tap to ring at the seat, median", median(rings), "ms"),
        Figure("accept to first frame on the kiosk, median", median(first_kiosk), "ms", 500),
        Figure("show myself to first frame on the console, median", median(first_console), "ms"),
        Figure("glass to glass, browser pair, median", pair_ms, "ms"),
        Figure("glass to glass, browser pair, p95", _percentile(pair, 0.95), "ms"),
        Figure("glass to glass, console to kiosk, median", median(to_kiosk), "ms", reach_ms),
        Figure("glass to glass, console to kiosk, p95", _percentile(to_kiosk, 0.95), "ms"),
        Figure("glass to glass, kiosk to console, median", median(to_console), "ms", reach_ms),
        Figure("glass to glass, kiosk to console, p95", _percentile(to_console, 0.95), "ms"),
        Figure("kiosk process in a call, median", _median_of("kiosk_cpu_cores", lines), "cores", 0.6),
        Figure("kiosk process in a call, largest", max(line.kiosk_rss_mb for line in lines), "MB", 350),
        Figure("kiosk idle", round(idle_cores, 4), "cores", 0.02),
        Figure("1280 wide from the kiosk after, slowest call", _slowest_wide("widths_at_console", lines), "s", 5),
        Figure("1280 wide from the console after, slowest call", _slowest_wide("widths_at_kiosk", lines), "s", 5),
    ]


def _row(number: int, line: Timeline) -> str:
    return (
        f"call {number}: ring {line.between('tap', 'ring'):.0f} ms, "
        f"first frame {line.between('accept', 'first_frame_kiosk'):.0f} ms, "
        f"to kiosk {median(line.glass_to_kiosk_ms)} ms, to console {median(line.glass_to_console_ms)} ms, "
        f"{line.kiosk_cpu_cores:.2f} cores, {line.kiosk_rss_mb:.0f} MB"
    )


def _known(values: list[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _percentile(values: list[float], share: float) -> float | None:
    return percentile(values, share) if values else None


def _median_of(name: str, lines: list[Timeline]) -> float:
    values: list[float] = [getattr(line, name) for line in lines]
    return round(statistics.median(values), 3)


def _slowest_wide(name: str, lines: list[Timeline]) -> float:
    """Seconds from the first picture until the last narrower one, in the call where that took longest."""
    slowest = 0.0
    for line in lines:
        widths: list[tuple[float, int]] = getattr(line, name)
        if not widths or widths[-1][1] < WIDE:
            return NEVER_S
        narrow = [at for at, width in widths if width < WIDE]
        if narrow:
            slowest = max(slowest, (narrow[-1] - widths[0][0]) / 1000)
    return round(slowest, 2)
