"""Days from 06 to 22 in the branches: is everybody answered, how soon, and is anything lost?"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from signaling.domain.model import LineState
from signaling.domain.visit import IN_CALL
from tests.sim.ledger import Fate, Ledger
from tests.sim.librarians import Librarians
from tests.sim.loads import DAY_S, LOADS, Load, changed
from tests.sim.visitors import Visitors
from tests.sim.world import FIRST_DAY, World

#: At least this share of taps is answered within 20 s.
REACH_WITHIN_20_S: Final = 0.95
#: Twelve branches and one seat, or the whole country: what the figure is to be reached with.
REACH_VISITS_PER_WEEK: Final = 3.0
#: A day goes on until those who talk have finished.
EVENING_S: Final = 2 * 3600.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was seen.

    Attributes:
        within_20_s, within_60_s: Shares of all taps that a librarian took so soon.
        within_20_s_of_all: The same, of everybody who came, whom nobody could answer too.
        fates: What became of each tap; they add up to `taps`.
        longest_wait_s: At the screen: from tap to answer, goodbye or ticket.
        stale_screens: Moments at which idle screens showed something else than the truth.
        counted: What the hub's own counters said.
    """

    load: str
    kiosks: int
    seats: int
    visits_per_week: float
    days: int
    came: int
    found_nobody: int
    found_taken: int
    refused: int
    taps: int
    within_20_s: float
    within_60_s: float
    within_20_s_of_all: float
    median_wait_s: float
    longest_wait_s: float
    fates: dict[str, int]
    tickets: int
    visits_lost: int
    stale_screens: int
    commands: int
    refusals: dict[str, int]
    counted: dict[str, int]
    took_s: float

    @property
    def shortcomings(self) -> list[str]:
        """What was to be reached and was not."""
        short = []
        if self.within_20_s < REACH_WITHIN_20_S:
            short.append(f"{self.within_20_s:.1%} answered within 20 s, {REACH_WITHIN_20_S:.0%} to be reached")
        if self.visits_lost:
            short.append(f"{self.visits_lost} visits lost")
        if self.stale_screens:
            short.append(f"{self.stale_screens} times idle screens showed something else than the truth")
        return short


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command line."""
    parser.add_argument("--load", choices=list(LOADS), help="only this one (both)")
    parser.add_argument("--seats", type=int, help="on duty at any time (as the load has it)")
    parser.add_argument("--visits-per-week", type=float, metavar="X", help="visitors per kiosk and week (3)")
    parser.add_argument("--days", type=int, help="how many days (as the load has it)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other people (1)")


async def simulate(load: Load, seed: int) -> Outcome:
    """Live through the days of one load.

    Args:
        load: How many come and answer, and how they behave.
        seed: The same seed gives the same days.
    """
    began_s = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), load)
        await world.open()
        try:
            ledger, chance = Ledger(), random.Random(seed)
            visitors = Visitors(world, load, ledger, random.Random(chance.random()))
            librarians = Librarians(world, load, random.Random(chance.random()))
            for number in range(load.days):
                day = FIRST_DAY + timedelta(days=number)
                librarians.plan(day)
                visitors.plan(day)
                await world.run_until(day + timedelta(seconds=DAY_S + EVENING_S))
            stored = [await world.store.find_visit(visit_id) for visit_id in ledger.taps]
            fates = ledger.fates(stored)
            stranded = _stranded(world.line, ledger)
        finally:
            await world.close()
    return _outcome(load, world, ledger, fates, stranded, time.monotonic() - began_s)


def report(outcome: Outcome) -> str:
    """The outcome in words."""
    it = outcome
    fates = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in it.fates.items() if count)
    rows = {
        "who": f"{it.kiosks} kiosks, {it.seats} on duty, {it.visits_per_week:g} visitors per kiosk and week",
        "when": f"{it.days} days from 06 to 22",
        "came": f"{it.came}, of them when nobody could answer, as the screen said: {it.found_nobody}; "
        f"when the kiosk was taken or away: {it.found_taken}; refused: {it.refused}",
        "taps": f"{it.taps}: {fates}",
        "answered within 20 s": f"{it.within_20_s:.1%} of the taps (at least {REACH_WITHIN_20_S:.0%}); "
        f"{it.within_20_s_of_all:.1%} of all who came to a kiosk that was not taken",
        "answered within 60 s": f"{it.within_60_s:.1%} of the taps",
        "abandoned": f"{it.fates[Fate.LEFT]} ({it.fates[Fate.LEFT] / max(1, it.taps):.1%})",
        "wait": f"median {it.median_wait_s:.1f} s, longest at the screen {it.longest_wait_s:.0f} s",
        "tickets": f"{it.tickets}",
        "visits lost": f"{it.visits_lost}",
        "idle screens not true": f"{it.stale_screens}",
        "commands": f"{it.commands} in {it.took_s:.1f} s; refused: {json.dumps(it.refusals)}",
    }
    lines = [it.load, *(f"  {name:<22} {text}" for name, text in rows.items())]
    return "\n".join([*lines, *(f"  SHORT: {sentence}" for sentence in it.shortcomings)])


def run(arguments: argparse.Namespace) -> int:
    """Simulate what was asked for; 1 when something falls short."""
    outcomes = []
    for name in [arguments.load] if arguments.load else list(LOADS):
        load = changed(
            LOADS[name], seats=arguments.seats, visits_per_week=arguments.visits_per_week, days=arguments.days
        )
        outcomes.append(asyncio.run(simulate(load, arguments.seed)))
        sys.stdout.write(report(outcomes[-1]) + "\n\n")
        sys.stdout.flush()
    if arguments.json is not None:
        rows = [asdict(outcome) | {"shortcomings": outcome.shortcomings} for outcome in outcomes]
        found = {"seed": arguments.seed, "loads": rows}
        arguments.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return int(any(outcome.shortcomings for outcome in outcomes))


def _stranded(line: LineState, ledger: Ledger) -> int:
    """Taps in a call long after closing time: nobody will ever end them."""
    return sum(1 for visit in line.visits.values() if visit.id in ledger.taps and visit.state in IN_CALL)


def _outcome(load: Load, world: World, ledger: Ledger, fates: Counter[Fate], stranded: int, took_s: float) -> Outcome:
    taps = list(ledger.taps.values())
    waits = sorted(tap.waited_s for tap in taps if tap.waited_s is not None)
    within_20 = sum(wait <= 20 for wait in waits)
    could_come = ledger.came - ledger.found_taken
    return Outcome(
        load=load.name,
        kiosks=load.kiosks,
        seats=load.seats,
        visits_per_week=load.visits_per_week,
        days=load.days,
        came=ledger.came,
        found_nobody=ledger.found_nobody,
        found_taken=ledger.found_taken,
        refused=ledger.refused,
        taps=len(taps),
        within_20_s=within_20 / max(1, len(taps)),
        within_60_s=sum(wait <= 60 for wait in waits) / max(1, len(taps)),
        within_20_s_of_all=within_20 / max(1, could_come),
        median_wait_s=waits[len(waits) // 2] if waits else 0,
        longest_wait_s=max((tap.on_screen_s for tap in taps if tap.on_screen_s is not None), default=0),
        fates={fate.value: fates[fate] for fate in Fate},
        tickets=sum(tap.ticket is not None for tap in taps),
        visits_lost=fates[Fate.LOST] + stranded,
        stale_screens=len(world.stale),
        commands=world.commands,
        refusals=dict(world.refusals),
        counted=dict(world.counts.counted),
        took_s=round(took_s, 1),
    )
