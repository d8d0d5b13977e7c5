"""One whole visit with real parts, watched: the timeline, pictures of every screen, and the figures."""

from __future__ import annotations

import asyncio
import json
import math
import statistics
import sys
from pathlib import Path

from tests.support.stage.play import LANDSCAPE, MOTION_S, PORTRAIT, Stage, Timeline, play_visit, stage
from tests.support.stage.processes import until

#: A tone this pure cannot be anything else; voice coding and noise leave well over this.
RECOGNISED = 0.3


def say(sentence: str) -> None:
    """Tell whoever watches."""
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


async def run_once(folder: Path, json_file: Path | None, *, engine: str, landscape: bool) -> int:
    """Play one visit.

    Returns:
        0 only if pictures and recognisable sound were received on both sides, and nothing complained.
    """
    for old in folder.glob("*.png"):
        old.unlink()
    size = LANDSCAPE if landscape else PORTRAIT
    async with stage(say=say, engine=engine, size=size) as on:
        await on.kiosk.photograph(folder / "kiosk-0-nobody.png")
        await on.console.photograph(folder / "console-0-off-duty.png")
        await on.console.go_on_duty()
        await until(lambda: "call" in on.kiosk.controls, "the kiosk was green", within_s=10)
        await asyncio.sleep(MOTION_S)
        await on.kiosk.photograph(folder / "kiosk-1-idle.png")
        await on.console.photograph(folder / "console-1-on-duty.png")
        line = await play_visit(on, say=say, photographs=folder)
        reasons = complaints(on, line)
    result = figures(line) | {"ok": not reasons}
    say("")
    for name, value in result.items():
        say(f"{name:<36} {json.dumps(value)}")
    for reason in reasons:
        say(f"Not well: {reason}")
    say(f"Pictures of every screen: {folder}")
    if json_file is not None:
        json_file.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 1 if reasons else 0


def complaints(on: Stage, line: Timeline) -> list[str]:
    """Why the visit was not as it should be."""
    reasons = [f"the console complained: {text}" for text in on.console.complaints]
    if not line.glass_to_kiosk_ms:
        reasons.append("no picture of the librarian reached the kiosk")
    if not line.glass_to_console_ms:
        reasons.append("no picture of the visitor reached the console")
    if line.tone_at_kiosk < RECOGNISED:
        reasons.append(f"the librarian was not heard at the kiosk ({line.tone_at_kiosk:.2f})")
    if line.tone_at_console < RECOGNISED:
        reasons.append(f"the visitor was not heard at the console ({line.tone_at_console:.2f})")
    return reasons


def figures(line: Timeline) -> dict[str, object]:
    """The figures of one visit, milliseconds unless the name says otherwise."""
    return {
        "tap_to_ring_ms": _rounded(line.between("tap", "ring")),
        "accept_to_first_frame_kiosk_ms": _rounded(line.between("accept", "first_frame_kiosk")),
        # The visitor's camera is off until the visitor turns it on: this holds the visitor's own time, too.
        "accept_to_first_frame_console_ms": _rounded(line.between("accept", "first_frame_console")),
        "show_to_first_frame_console_ms": _rounded(line.between("camera_shown", "first_frame_console")),
        "glass_to_glass_to_console_ms": _spread(line.glass_to_console_ms),
        "glass_to_glass_to_kiosk_ms": _spread(line.glass_to_kiosk_ms),
        "tone_at_console": round(line.tone_at_console, 2),
        "tone_at_kiosk": round(line.tone_at_kiosk, 2),
        "kiosk_rss_mb": round(line.kiosk_rss_mb, 1),
        "kiosk_cpu_cores": round(line.kiosk_cpu_cores, 3),
    }


def percentile(values: list[float], share: float) -> float:
    """The nearest-rank percentile of a list that is not empty."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]


def _spread(values: list[float]) -> dict[str, float] | None:
    if not values:
        return None
    return {"median": round(statistics.median(values), 1), "p95": round(percentile(values, 0.95), 1)}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
