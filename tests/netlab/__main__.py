"""Try things out in the lab: `python -m tests.netlab COMMAND` (README.md has examples)."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
import tempfile
from pathlib import Path

from kiosk.core.media import IceServer
from tests.bench.report import say
from tests.netlab import scenarios
from tests.netlab.conditions import Scenario, round_trip
from tests.netlab.lab import lab
from tests.netlab.lean import CHROMIUM, End, Ended, Given, play
from tests.netlab.namespaces import LabError, sweep, why_not
from tests.netlab.relay import coturn, ice_server, relay_url
from tests.support.stage.processes import StageError


def main() -> int:
    """Run one command."""
    parser = argparse.ArgumentParser(prog="python -m tests.netlab", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("may", help="whether there can be a lab here")
    commands.add_parser("sweep", help="remove what crashed labs have left")
    commands.add_parser("list", help="the scenarios")
    lean = commands.add_parser("lean", help="a media engine and a browser, or two browsers, through a scenario")
    lean.add_argument(
        "scenario", nargs="?", help=f"one of {', '.join(scenarios.ALL)}; else say it by the options below"
    )
    lean.add_argument("--engine", default="libwebrtc", help=f"libwebrtc, aiortc or {CHROMIUM}; several with commas")
    lean.add_argument("--seconds", type=float, default=30)
    lean.add_argument("--runs", type=int, default=1)
    lean.add_argument("--rtt", type=float, default=60, metavar="MS")
    lean.add_argument("--loss", type=float, default=0, metavar="PERCENT")
    lean.add_argument("--rate", type=float, metavar="KBPS")
    lean.add_argument("--queue", type=float, default=300, metavar="MS")
    lean.add_argument("--jitter", type=float, default=0, metavar="MS")
    lean.add_argument("--reorder", type=float, default=0, metavar="PERCENT")
    lean.add_argument("--relay", choices=["udp", "tcp"], help="both ends through the relay alone")
    lean.add_argument("--trial", action="append", default=[], metavar="NAME=GROUP", help="a field trial of libwebrtc")
    lean.add_argument("--set", action="append", default=[], metavar="NAME=NUMBER", help="a field of PeerSettings")
    lean.add_argument("--keep", type=Path, metavar="FOLDER", help="keep what was recorded")
    arguments = parser.parse_args()
    try:
        return {"may": _may, "sweep": _sweep, "list": _list, "lean": _lean}[arguments.command](arguments)
    except (LabError, StageError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def _may(_arguments: argparse.Namespace) -> int:
    reason = why_not()
    say(reason or "yes")
    return 1 if reason else 0


def _sweep(_arguments: argparse.Namespace) -> int:
    say("\n".join(sweep()) or "nothing was left")
    return 0


def _list(_arguments: argparse.Namespace) -> int:
    for one in scenarios.ALL.values():
        say(f"{one.name:<10} {one.words}")
    return 0


def _lean(arguments: argparse.Namespace) -> int:
    if arguments.scenario is not None and arguments.scenario not in scenarios.ALL:
        raise StageError(f"there is no scenario {arguments.scenario!r}; python -m tests.netlab list")
    scenario = scenarios.ALL.get(arguments.scenario) or Scenario(
        "own",
        "as said",
        round_trip(
            arguments.rtt,
            loss=arguments.loss / 100,
            rate_kbps=arguments.rate,
            queue_ms=arguments.queue,
            jitter_ms=arguments.jitter,
            reorder=arguments.reorder / 100,
        ),
    )
    asyncio.run(_play(arguments, scenario))
    return 0


async def _play(arguments: argparse.Namespace, scenario: Scenario) -> None:
    async with contextlib.AsyncExitStack() as stack:
        kept = arguments.keep
        if kept is not None:
            kept.mkdir(parents=True, exist_ok=True)
        folder = kept or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="librarian-netlab-")))
        one = await stack.enter_async_context(lab())
        ice: tuple[IceServer, ...] = ()
        if arguments.relay:
            await stack.enter_async_context(coturn(one, folder))
            ice = (ice_server(relay_url(arguments.relay)),)
        say(f"{scenario.words}; {arguments.seconds:.0f} s")
        say(HEAD)
        for _ in range(arguments.runs):
            for engine in arguments.engine.split(","):
                given = Given(
                    engine,
                    ice,
                    relay_only=bool(arguments.relay),
                    settings={name: int(value) for name, value in _pairs(arguments.set)},
                    field_trials=dict(_pairs(arguments.trial)),
                )
                ended = await play(one, scenario, given, max(arguments.seconds, scenario.seconds or 0), folder)
                for line in rows(engine, ended):
                    say(line)
        facts = await one.facts()
        say(f"the link: {facts.packets} packets, late {facts.late_median_ms:.2f} ms (p99 {facts.late_p99_ms:.2f})")


HEAD = (
    f"{'':<10} {'':<16} {'1/s':>5} {'frozen':>7} {'still ms':>8} {'age ms':>7} {'p95':>6} {'width':>6} "
    f"{'tone':>7} {'gap ms':>7}"
)


def rows(engine: str, ended: Ended) -> list[str]:
    """The two directions of one pair, a line each, and what the kiosk's end cost."""
    cpu = "" if ended.cpu_s is None else f"  {ended.cpu_s:.1f} s of processor"
    lost = "  LOST" if ended.lost else ""
    return [
        f"{engine:<10} {'to browser':<16} {_row(ended.browser)}  connected {ended.connected_ms:.0f} ms{lost}",
        f"{'':<10} {'to kiosk':<16} {_row(ended.kiosk)}{cpu}",
    ]


def _row(end: End) -> str:
    saw, sound = end.seen, end.heard
    age = "-" if saw.age_median_ms is None else f"{saw.age_median_ms:.0f}"
    oldest = "-" if saw.age_p95_ms is None else f"{saw.age_p95_ms:.0f}"
    tone = "-" if sound is None else f"{sound.share * 100:.1f}%"
    gap = "-" if sound is None else f"{sound.longest_gap_ms:.0f}"
    return (
        f"{saw.frames_per_s:>5.1f} {saw.frozen_share * 100:>6.1f}% {saw.longest_still_ms:>8.0f} {age:>7} {oldest:>6} "
        f"{saw.width_median:>6} {tone:>7} {gap:>7}"
    )


def _pairs(texts: list[str]) -> list[tuple[str, str]]:
    return [(name, value) for name, _, value in (text.partition("=") for text in texts)]


if __name__ == "__main__":
    sys.exit(main())
