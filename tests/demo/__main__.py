"""`python -m tests.demo`: to try by hand; with `--once`, one whole visit is played and measured."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from pathlib import Path

from tests.demo.live import run_live
from tests.demo.once import run_once
from tests.support.stage.processes import ROOT, StageError


def main() -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="./dev demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="play one whole visit, then stop")
    parser.add_argument("--json", type=Path, metavar="FILE", help="with --once: write the figures here")
    parser.add_argument("--engine", choices=["libwebrtc", "aiortc"], default="libwebrtc", help="the media engine")
    parser.add_argument("--landscape", action="store_true", help="1920 × 1080 instead of 1080 × 1920")
    parser.add_argument("--port", type=int, default=8080, help="without --once: the server's port")
    arguments = parser.parse_args()
    if arguments.json is not None and not arguments.once:
        parser.error("--json goes with --once")
    work = (
        run_once(ROOT / "var/demo", arguments.json, engine=arguments.engine, landscape=arguments.landscape)
        if arguments.once
        else run_live(arguments.port, engine=arguments.engine, landscape=arguments.landscape)
    )
    return _run(work)


def _run(work: object) -> int:
    async def until_told() -> int:
        task = asyncio.ensure_future(work)  # type: ignore[call-overload]  # a coroutine of either
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, task.cancel)
        try:
            return int(await task)
        except asyncio.CancelledError:
            return 0

    try:
        return asyncio.run(until_told())
    except StageError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())
