"""How many come, how many answer, and how people behave: every assumption of a simulated day in one place."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace
from typing import Final


@dataclass(frozen=True, slots=True)
class Spread:
    """Durations in seconds around a median (log-normal: most are near it, a few are much longer)."""

    median_s: float
    sigma: float = 0.5

    def draw(self, chance: random.Random) -> float:
        """One of them."""
        return self.median_s * math.exp(chance.gauss(0, self.sigma))


@dataclass(frozen=True, slots=True)
class Habits:
    """How visitors and librarians behave. Shares are between 0 and 1.

    Attributes:
        answer: From the ring to the click of a librarian who sits there.
        unheard: Share of rings that nobody there hears.
        declined: Share of rings that are refused.
        talk: From the first picture to goodbye.
        path: From accept to the first picture.
        dead_path: Share of paths that die once under way.
        rounding_off: From goodbye to topic and outcome.
        patience: How long somebody waits on the screen before leaving.
        takes_ticket, leaves_at_choices: Shares of those who are given the choices; the rest waits on.
        comes_to_ticket: Share of tickets to which somebody comes when they are called.
        shift_s: A librarian's shift; then another takes over.
        breaks_per_shift, break_s: Pauses by their own click.
        crashes_per_shift: Browsers that are killed; they are back within a minute or two.
        sleeps_per_shift: Laptops that fall asleep on duty, for some minutes.
        forgets: Share of shifts whose librarian just walks away.
        kiosk_outages_per_week: Restarts and lost networks of one kiosk.
        server_restarts_per_week: Kills of the server; everybody comes back within seconds.
    """

    answer: Spread = Spread(6, 0.45)
    unheard: float = 0.01
    declined: float = 0.005
    talk: Spread = Spread(180, 0.6)
    path: Spread = Spread(0.6, 0.4)
    dead_path: float = 0.02
    rounding_off: Spread = Spread(12, 0.6)
    patience: Spread = Spread(180, 0.6)
    takes_ticket: float = 0.35
    leaves_at_choices: float = 0.2
    comes_to_ticket: float = 0.8
    shift_s: float = 4 * 3600
    breaks_per_shift: float = 1
    break_s: float = 600
    crashes_per_shift: float = 0.1
    sleeps_per_shift: float = 0.1
    forgets: float = 0.05
    kiosk_outages_per_week: float = 1
    server_restarts_per_week: float = 2


@dataclass(frozen=True, slots=True)
class Load:
    """One kind of day.

    Attributes:
        kiosks: In all branches together.
        seats: On duty at any time, but for breaks and what befalls them.
        visits_per_week: Visitors who come to one kiosk in a week.
        days: How many days are simulated, so that the shares mean something.
    """

    name: str
    branches: int
    kiosks: int
    seats: int
    visits_per_week: float
    days: int
    habits: Habits = Habits()


#: Some five visitors a day: half a year of them, so that the share is known to within a percent.
LOCAL: Final = Load("local", branches=12, kiosks=12, seats=1, visits_per_week=3, days=182)
NATIONAL: Final = Load("national", branches=250, kiosks=1000, seats=10, visits_per_week=3, days=2)
LOADS: Final = {load.name: load for load in (LOCAL, NATIONAL)}

#: How visitors spread over the hours from 06 to 22: few at dawn, most after school and work.
HOURLY: Final = (1, 1, 2, 3, 5, 6, 6, 6, 7, 8, 8, 7, 5, 4, 2, 1)
OPENS_H: Final = 6
CLOSES_H: Final = OPENS_H + len(HOURLY)
DAY_S: Final = len(HOURLY) * 3600.0


def arrivals(load: Load, chance: random.Random) -> list[tuple[float, int]]:
    """One day's visitors: seconds after opening, and at which kiosk; in the order of time."""
    expected = load.kiosks * load.visits_per_week / 7
    came = []
    for _visitor in range(poisson(expected, chance)):
        hour = chance.choices(range(len(HOURLY)), HOURLY)[0]
        came.append((hour * 3600 + chance.random() * 3600, chance.randrange(load.kiosks)))
    return sorted(came)


def poisson(expected: float, chance: random.Random) -> int:
    """How often something happens that happens so often in the mean (counted by its gaps)."""
    count, passed = 0, chance.expovariate(1)
    while passed < expected:
        count += 1
        passed += chance.expovariate(1)
    return count


def changed(load: Load, *, seats: int | None, visits_per_week: float | None, days: int | None) -> Load:
    """The load with what somebody chose otherwise."""
    return replace(
        load,
        seats=load.seats if seats is None else seats,
        visits_per_week=load.visits_per_week if visits_per_week is None else visits_per_week,
        days=load.days if days is None else days,
    )
