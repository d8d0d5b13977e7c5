"""The rows of the table that a lean pair plays: what a media engine does on a poor path, beside the browser's own."""

from __future__ import annotations

import asyncio
import dataclasses
import statistics
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.bench.network import speech
from tests.bench.report import Figure, say
from tests.netlab import scenarios
from tests.netlab.__main__ import HEAD, rows
from tests.netlab.conditions import Scenario
from tests.netlab.lab import Lab
from tests.netlab.lean import CHROMIUM, SETTLES_S, End, Ended, Given, play
from tests.netlab.sound import Samples, spoken_parts
from tests.support.stage.processes import StageError

#: Percent of loss: pictures a second at least, percent of the time frozen at most.
_LOSS_REACH: Final = {2: (29.0, 1.0), 5: (28.0, 3.0), 10: (25.0, 6.0), 20: (15.0, 15.0)}
_GAP_MS, _GAP_UP_TO = 60.0, 5
_BELOW_PAIR = 0.2
_FREEZE_MS = 500.0
_SIZE_BACK_S = 15.0
#: A pause as long as this is one that a listener takes for the end of the sound.
_SILENT_MS = 200.0
_PARTS_SCORED = 2
_ENDS: Final = ("browser", "kiosk")


@dataclass
class Spoken:
    """What is scored when all has been played: where it came from, and the recordings."""

    parts: dict[tuple[str, str, str], list[Samples]] = field(default_factory=dict)

    def add(self, scenario: Scenario, engine: str, ended: Ended) -> None:
        """Keep the speech of one pair."""
        for end in _ENDS:
            recording: End = getattr(ended, end)
            found = self.parts.setdefault((scenario.name, engine, end), [])
            found += spoken_parts(recording.recording)[:_PARTS_SCORED]


@dataclass
class Pairs:
    """Plays them.

    Args:
        engines: Of the kiosk's end; the browser pair is always played, too.
        runs: Of each loss.
        seconds: Of each pair, unless the scenario needs longer.
    """

    lab: Lab
    folder: Path
    engines: tuple[str, ...]
    runs: int
    seconds: float
    slow_s: float
    spoken: Spoken = field(default_factory=Spoken)

    async def loss(self, percent: int) -> list[Figure]:
        """One row of loss."""
        scenario = next(one for one in scenarios.LOSSES if one.name == f"loss{percent}")
        played = await self._play(scenario, self.seconds, self.runs)
        least, frozen = _LOSS_REACH[percent]
        figures = []
        for engine, end, ends in _by_end(played):
            reach = engine != CHROMIUM
            name = f"{scenario.name}, {engine} to {end}"
            figures += [
                Figure(
                    f"{name}: pictures",
                    _median([e.seen.frames_per_s for e in ends]),
                    "1/s",
                    least if reach else None,
                    at_most=False,
                ),
                Figure(
                    f"{name}: frozen",
                    _median([e.seen.frozen_share * 100 for e in ends]),
                    "%",
                    frozen if reach else None,
                ),
                *_ages(name, ends),
                _gap(name, ends, _GAP_MS if reach and percent <= _GAP_UP_TO else None),
                _share(name, ends),
            ]
        return figures

    async def slow(self) -> list[Figure]:
        """A long, thin path with a long queue: does the call live, is there sound."""
        figures = []
        for engine, end, ends in _by_end(await self._play(scenarios.SLOW, self.slow_s, 1)):
            name = f"slow, {engine} to {end}"
            reach = engine != CHROMIUM
            figures += [
                Figure(f"{name}: sound arrived", _least_share(ends), "%", 95 if reach else None, at_most=False),
                Figure(f"{name}: pictures", _median([e.seen.frames_per_s for e in ends]), "1/s"),
                *_ages(name, ends),
                _gap(name, ends, None),
            ]
        return figures

    async def shrinking(self) -> list[Figure]:
        """A path that narrows twice and is wide again."""
        figures = []
        for engine, of_engine in (await self._play(scenarios.SHRINKING, self.seconds, 1)).items():
            for end in _ENDS:
                name = f"shrinking, {engine} to {end}"
                reach = engine != CHROMIUM
                ends = [getattr(ended, end) for ended in of_engine]
                back = [_size_back_s(ended, getattr(ended, end)) for ended in of_engine]
                figures += [
                    _gap(name, ends, _SILENT_MS if reach else None),
                    _share(name, ends),
                    Figure(f"{name}: first size back", _worst(back), "s", _SIZE_BACK_S if reach else None),
                ]
        return figures

    async def jitter(self) -> list[Figure]:
        """Jitter and packets out of order."""
        figures = []
        for engine, end, ends in _by_end(await self._play(scenarios.JITTER, max(self.seconds, 60 + SETTLES_S), 1)):
            name = f"jitter, {engine} to {end}"
            still = max(e.seen.longest_still_ms for e in ends)
            figures += [
                Figure(
                    f"{name}: longest still picture", round(still), "ms", _FREEZE_MS if engine != CHROMIUM else None
                ),
                Figure(f"{name}: pictures", _median([e.seen.frames_per_s for e in ends]), "1/s"),
                *_ages(name, ends),
                _gap(name, ends, None),
            ]
        return figures

    async def score(self) -> list[Figure]:
        """ViSQOL of all speech that was recorded; the engines against the browser pair on the same path."""
        if not self.spoken.parts:
            return []
        say("ViSQOL listens to what was recorded.")
        order = list(self.spoken.parts)
        flat = [part for key in order for part in self.spoken.parts[key]]
        try:
            await asyncio.to_thread(speech.install)
            found = await asyncio.to_thread(speech.scores, self.folder / "program.wav", flat, self.folder)
        except speech.NoScore as reason:
            say(f"No ViSQOL here: {reason}")
            return [Figure("speech, ViSQOL", None, "MOS")]
        values = iter(found)
        means = {key: _median([next(values) for _ in self.spoken.parts[key]]) for key in order}
        figures = []
        for (scenario, engine, end), value in means.items():
            pair = means.get((scenario, CHROMIUM, end))
            reach = (
                None if engine == CHROMIUM or pair is None or not scenario.startswith("loss") else pair - _BELOW_PAIR
            )
            figures.append(
                Figure(
                    f"{scenario}, {engine} to {end}: speech, ViSQOL",
                    value,
                    "MOS",
                    reach and round(reach, 2),
                    at_most=False,
                )
            )
        return figures

    async def _play(self, scenario: Scenario, seconds: float, runs: int) -> dict[str, list[Ended]]:
        """By turns, so that whatever else this machine does meets all of them alike."""
        seconds = max(seconds, scenario.seconds or 0)
        say(f"\n{scenario.words}; {seconds:.0f} s each")
        say(HEAD)
        played: dict[str, list[Ended]] = {}
        for _ in range(runs):
            for engine in (*self.engines, CHROMIUM):
                try:
                    ended = await play(self.lab, scenario, Given(engine), seconds, self.folder)
                except (StageError, TimeoutError) as error:
                    say(f"{engine:<10} did not come to its end: {error}")
                    continue
                for line in rows(engine, ended):
                    say(line)
                self.spoken.add(scenario, engine, ended)
                played.setdefault(engine, []).append(_without_recordings(ended))
        return played


def _without_recordings(ended: Ended) -> Ended:
    nothing = ended.kiosk.recording[:0]
    return dataclasses.replace(
        ended,
        kiosk=dataclasses.replace(ended.kiosk, recording=nothing),
        browser=dataclasses.replace(ended.browser, recording=nothing),
    )


def _by_end(played: dict[str, list[Ended]]) -> list[tuple[str, str, list[End]]]:
    return [
        (engine, end, [getattr(ended, end) for ended in of_engine])
        for engine, of_engine in played.items()
        for end in _ENDS
    ]


def _ages(name: str, ends: list[End]) -> list[Figure]:
    ages = [end.seen.age_median_ms for end in ends if end.seen.age_median_ms is not None]
    return [Figure(f"{name}: glass to glass", _median(ages), "ms")]


def _gap(name: str, ends: list[End], reach_ms: float | None) -> Figure:
    gaps = [None if end.heard is None else end.heard.longest_gap_ms for end in ends]
    return Figure(f"{name}: longest gap of sound", _worst(gaps), "ms", reach_ms)


def _share(name: str, ends: list[End]) -> Figure:
    return Figure(f"{name}: sound arrived", _least_share(ends), "%")


def _least_share(ends: list[End]) -> float:
    return round(min(0.0 if end.heard is None else end.heard.share * 100 for end in ends), 2)


def _size_back_s(ended: Ended, end: End) -> float | None:
    """Seconds after the path is wide again until the picture is as wide as at first."""
    start_ms = ended.from_ms - SETTLES_S * 1000
    narrow_ms, wide_ms = start_ms + scenarios.NARROWS_S * 1000, start_ms + scenarios.WIDENS_S * 1000
    first = max((width for at, _, width in end.pictures if ended.from_ms <= at < narrow_ms), default=0)
    back = [at for at, _, width in end.pictures if at >= wide_ms and width >= first > 0]
    return round((back[0] - wide_ms) / 1000, 1) if back else None


def _median(values: list[float]) -> float | None:
    return round(statistics.median(values), 2) if values else None


def _worst(values: list[float | None]) -> float | None:
    """The largest; None (never) is worse than any."""
    known = [value for value in values if value is not None]
    return max(known) if known and len(known) == len(values) else None
