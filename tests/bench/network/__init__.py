"""Calls on poor, changing and broken networks, in the network lab; a browser pair on the same paths beside them."""

from __future__ import annotations

import argparse
import contextlib
import os
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Final

from tests.bench.network.pairs import Pairs
from tests.bench.network.whole import Faults, Whole
from tests.bench.report import Figure, publish, say
from tests.netlab.full import lab_stage
from tests.netlab.lab import lab
from tests.netlab.namespaces import LabError
from tests.support.stage.processes import StageError

_Pair = Callable[[Pairs], Awaitable[list[Figure]]]
_Play = Callable[[Whole], Awaitable[list[Figure]]]

#: What the whole service plays, in this order on one stage; by `--only`'s names.
WHOLE: Final[dict[str, _Play]] = {
    "first-frame": Whole.first_frame,
    "cut": Whole.cut,
    "thin-call": Whole.thin_call,
    "collapse": Whole.collapse,
    "move": Whole.move,
    "reload": Whole.reload,
    "kill-server": Whole.kill_server,
    "kill-kiosk": Whole.kill_kiosk,
    "unplugged": Whole.unplugged,
    "other-end-killed": Whole.other_end_killed,
    "symmetric": Whole.symmetric,
    "dead-turn": Whole.dead_turn,
    "turn-tcp": Whole.turn_tcp,
}
#: What lean pairs play.
PAIRS: Final[dict[str, _Pair]] = {
    "loss2": lambda pairs: pairs.loss(2),
    "loss5": lambda pairs: pairs.loss(5),
    "loss10": lambda pairs: pairs.loss(10),
    "loss20": lambda pairs: pairs.loss(20),
    "slow": Pairs.slow,
    "shrinking": Pairs.shrinking,
    "jitter": Pairs.jitter,
}
_FULL_RUNS, _FULL_S, _FULL_SLOW_S, _FULL_CALLS = 10, 65.0, 600.0, 20
_SLOW_S = 65.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of this benchmark."""
    parser.add_argument("--only", metavar="NAME,...", help=f"some rows: {', '.join([*WHOLE, *PAIRS])}")
    parser.add_argument("--engine", choices=["libwebrtc", "aiortc", "both"], default="libwebrtc", help="(libwebrtc)")
    parser.add_argument("--runs", type=int, default=2, help="of each loss (2)")
    parser.add_argument("--seconds", type=float, default=40, help="of each pair; its first 5 do not count (40)")
    parser.add_argument("--calls", type=int, default=6, help="where a median over calls is asked for (6)")
    parser.add_argument(
        "--full",
        action="store_true",
        help=f"{_FULL_RUNS} runs of {_FULL_S:.0f} s, {_FULL_CALLS} calls, 10 minutes of the slow path",
    )


async def run(arguments: argparse.Namespace) -> None:
    """Play the rows that are wanted; a row that falls over is said and left, and the others go on."""
    started_s = time.monotonic()
    wanted = arguments.only.split(",") if arguments.only else [*WHOLE, *PAIRS]
    unknown = [name for name in wanted if name not in WHOLE and name not in PAIRS]
    if unknown:
        raise StageError(f"there is no row {', '.join(unknown)}; there are {', '.join([*WHOLE, *PAIRS])}")
    if arguments.full:
        arguments.runs, arguments.seconds, arguments.calls = _FULL_RUNS, _FULL_S, _FULL_CALLS
    engines = ("libwebrtc", "aiortc") if arguments.engine == "both" else (arguments.engine,)
    # On a machine that is busy with something else, pictures are late for want of a processor, not of a network.
    load = round(os.getloadavg()[0], 1)
    say(f"The load of this machine is {load} at the start, on {os.cpu_count()} cores.")
    figures = [Figure("load of the machine at the start", load, "")]
    try:
        for engine in engines:
            figures += await _whole(engine, [name for name in wanted if name in WHOLE], arguments.calls)
        figures += await _pairs(engines, [name for name in wanted if name in PAIRS], arguments)
    except LabError as reason:
        raise StageError(f"There can be no network lab here: {reason}") from reason
    publish(figures, started_s, arguments.json)


async def _whole(engine: str, names: list[str], calls: int) -> list[Figure]:
    figures: list[Figure] = []
    left = list(names)
    while left:
        # A row that has fallen over may have left anything behind: the next one gets a new stage.
        async with _survived(f"the stage ({engine})", figures), lab_stage(engine=engine, say=say) as on:
            while left:
                name = left.pop(0)
                say(f"\n{name}: {(WHOLE[name].__doc__ or '').strip()}")
                found: list[Figure] = []
                ok = False
                async with _survived(f"{name} ({engine})", figures):
                    found = await WHOLE[name](Whole(on, engine, calls))
                    ok = True
                _tell(found)
                figures += found
                if not ok:
                    break
    return figures


async def _pairs(engines: tuple[str, ...], names: list[str], arguments: argparse.Namespace) -> list[Figure]:
    if not names:
        return []
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="librarian-netlab-") as folder:
        async with lab() as one:
            slow_s = _FULL_SLOW_S if arguments.full else _SLOW_S
            pairs = Pairs(one, Path(folder), engines, arguments.runs, arguments.seconds, slow_s)
            for name in names:
                async with _survived(name, figures):
                    figures += await PAIRS[name](pairs)
            facts = await one.facts()
        figures += await pairs.score()
    figures.append(Figure("the lab's own lateness of a packet, p99", round(facts.late_p99_ms, 2), "ms"))
    return figures


@contextlib.asynccontextmanager
async def _survived(name: str, figures: list[Figure]) -> AsyncIterator[None]:
    """A row that falls over becomes a figure that was not reached."""
    try:
        yield
    except Faults as error:
        say(f"{name} fell over: {str(error).splitlines()[0]}")
        figures.append(Figure(f"{name}: fell over", None, "", 0))


def _tell(figures: list[Figure]) -> None:
    for figure in figures:
        reach = "" if figure.reach is None else f" (to reach: {figure.reach:g})"
        value = "none" if figure.value is None else f"{figure.value:g}"
        say(f"  {figure.name}: {value} {figure.unit}{reach}")
