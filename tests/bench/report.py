"""The one form of every benchmark: a table on the screen, and the same as JSON."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

#: One turn of the yardstick's loop is a multiplication, a remainder and an addition of the interpreter.
_YARDSTICK_TURNS = 1_000_000
_PACKAGES = ("aiohttp", "aiortc", "python-socketio", "PySide6-Essentials", "wrtc")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number.

    Attributes:
        reach: The number to reach; None where there is none to reach.
        at_most: Whether smaller is better.
    """

    name: str
    value: float | None
    unit: str
    reach: float | None = None
    at_most: bool = True

    @property
    def ok(self) -> bool | None:
        """Whether it was reached; None where there is nothing to reach."""
        if self.reach is None:
            return None
        if self.value is None:
            return False
        return self.value <= self.reach if self.at_most else self.value >= self.reach


def say(sentence: str) -> None:
    """Progress, while it runs."""
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


def publish(figures: list[Figure], started_s: float, json_file: Path | None) -> None:
    """Print the table, and write it as JSON when asked.

    Args:
        figures: What was measured.
        started_s: `time.monotonic()` at the start of the run.
        json_file: Where to write; None writes nothing.
    """
    width = max(len(figure.name) for figure in figures)
    say("")
    for figure in figures:
        value = "none" if figure.value is None else f"{figure.value:g}"
        reach = "" if figure.reach is None else f"{'at most' if figure.at_most else 'at least'} {figure.reach:g}"
        verdict = {True: "reached", False: "NOT reached", None: ""}[figure.ok]
        say(f"{figure.name:<{width}}  {value:>10} {figure.unit:<6}  {reach:<16}  {verdict}")
    run = {
        "versions": _versions(),
        "cores": os.cpu_count(),
        "seconds": round(time.monotonic() - started_s, 1),
        "yardstick_ms": yardstick_ms(),
    }
    say(f"\n{json.dumps(run)}")
    if json_file is not None:
        rows = [{"name": f.name, "value": f.value, "unit": f.unit, "reach": f.reach, "ok": f.ok} for f in figures]
        json_file.write_text(json.dumps({"figures": rows, "run": run}, indent=2) + "\n", encoding="utf-8")


def yardstick_ms() -> float:
    """How long one core of this machine takes for a fixed piece of work: figures of two machines differ by as much.

    Returns:
        The shortest of five times, milliseconds.
    """
    times: list[float] = []
    for _ in range(5):
        before_s, total = time.thread_time(), 0
        for turn in range(_YARDSTICK_TURNS):
            total += turn * turn % 7
        times.append((time.thread_time() - before_s) * 1000)
    return round(min(times), 1)


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version()}
    for name in _PACKAGES:
        versions[name] = importlib.metadata.version(name)
    chromium = shutil.which("chromium")
    if chromium is not None:
        said = subprocess.run([chromium, "--version"], capture_output=True, text=True, check=False).stdout
        versions["chromium"] = said.strip().removeprefix("Chromium ").split(" ")[0]
    return versions
