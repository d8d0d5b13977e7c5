"""Three in a call: what the kiosk's process costs with one librarian, and with a colleague beside."""

from __future__ import annotations

import argparse
import asyncio
import time

from tests.bench.report import Figure, publish, say
from tests.support.stage.play import now_ms
from tests.support.stage.three import Three, stage_of_three

SETTLE_S = 5.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of this benchmark."""
    parser.add_argument("--seconds", type=float, default=20, help="how long each is looked at (20)")
    parser.add_argument("--engine", choices=["libwebrtc", "aiortc"], default="libwebrtc", help="the media engine")


async def run(arguments: argparse.Namespace) -> None:
    """Two, then three. What is shown each second is measured too: a machine that cannot keep up looks thrifty."""
    started_s = time.monotonic()
    async with stage_of_three(arguments.engine) as three:
        await three.talk()
        say("the visitor talks with one librarian")
        figures = await _look(three, "with one librarian", ["librarian"], arguments.seconds)
        await three.join()
        say("a colleague has joined")
        figures += await _look(three, "with a colleague", ["librarian", "colleague"], arguments.seconds)
        await three.end(three.anna)
    publish(figures, started_s, arguments.json)


async def _look(three: Three, when: str, people: list[str], seconds: float) -> list[Figure]:
    await asyncio.sleep(SETTLE_S)
    kiosk = three.on.kiosk
    before, from_ms = kiosk.usage(), now_ms()
    await asyncio.sleep(seconds)
    after, to_ms = kiosk.usage(), now_ms()
    cores = (after.cpu_s - before.cpu_s) / ((to_ms - from_ms) / 1000)
    figures = [
        Figure(f"kiosk process {when}", round(cores, 2), "cores"),
        Figure(f"kiosk process {when}", round(after.rss_mb), "MB"),
    ]
    for whose in people:
        # Pictures are timed modulo 2^32, as the painted clock is.
        came = sum((row[0] - from_ms) % 2**32 <= to_ms - from_ms for row in kiosk.pictures(whose))
        figures.append(Figure(f"pictures of the {whose} {when}", round(came / seconds, 1), "1/s"))
    return figures
