"""The cases that kiosk and console judge alike, read and played (`tests/contract/paths/README.md`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kiosk.core.media import PeerStats

FOLDER = Path(__file__).resolve().parents[1] / "contract" / "paths"


@dataclass(frozen=True, slots=True)
class Look:
    """One look of a case.

    Attributes:
        want: What must be so after it; empty where nothing is asked.
        step: The step that it belongs to, for what only one rule knows.
    """

    at_s: float
    stats: PeerStats
    want: dict[str, Any]
    step: dict[str, Any]


def path_cases(name: str) -> list[dict[str, Any]]:
    """All cases of one table."""
    cases: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return cases


def looks(case: dict[str, Any]) -> Iterator[Look]:
    """All looks of a case, in their order."""
    stats = PeerStats()
    for step in case["steps"]:
        stats = replace(stats, **step.get("stats", {}))
        every_s, at_s = step.get("every_s", 0.25), step["at_s"]
        last_s = step.get("until_s", at_s)
        while at_s <= last_s:
            risen = {name: getattr(stats, name) + rate * every_s for name, rate in step.get("rates", {}).items()}
            stats = replace(stats, **risen)
            asked = at_s + every_s > last_s or step.get("always", False)
            yield Look(at_s, stats, step["want"] if asked else {}, step)
            at_s += every_s
