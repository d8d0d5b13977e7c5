"""Visitors who come to kiosks, tap when the screen is green, wait as long as they can, talk, and go."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from signaling.domain import commands as c
from signaling.domain.model import LineState, Visit
from signaling.domain.visit import IN_LINE
from signaling.protocol.vocabulary import KioskId, Language, Party, SeatId, VisitId, VisitState
from tests.sim.ledger import Ledger, Tap
from tests.sim.loads import DAY_S, Load, arrivals, poisson
from tests.sim.world import SERVICE, World


@dataclass(slots=True)
class _Seen:
    """What has been acted upon of one visit, so that it is acted upon once."""

    state: VisitState
    generation: int = 0
    choices: bool = False
    talks: bool = False


class Visitors:
    """Everybody at the kiosks, and the kiosks' own mishaps."""

    def __init__(self, world: World, load: Load, ledger: Ledger, chance: random.Random) -> None:
        self._world = world
        self._load = load
        self._habits = load.habits
        self._ledger = ledger
        self._chance = chance
        # Who comes must not hang on what befell those before: else a change of the rules changes the whole day.
        self._comes = random.Random(chance.random())
        self._kiosks = list(world.kiosks)
        self._seen: dict[VisitId, _Seen] = {}
        world.watch(self._look)

    def plan(self, day: datetime) -> None:
        """Put down who comes on one day, and which kiosks fail."""
        for seconds, kiosk in arrivals(self._load, self._comes):
            self._world.agenda.at(day + timedelta(seconds=seconds), partial(self._come, self._kiosks[kiosk]))
        outages = poisson(len(self._kiosks) * self._habits.kiosk_outages_per_week / 7, self._chance)
        for _outage in range(outages):
            seconds = self._chance.random() * DAY_S
            kiosk_id = self._chance.choice(self._kiosks)
            self._world.agenda.at(day + timedelta(seconds=seconds), partial(self._fail, kiosk_id))

    # --- what they do -------------------------------------------------------------------------------------

    async def _come(self, kiosk_id: KioskId) -> None:
        world, ledger = self._world, self._ledger
        ledger.came += 1
        if not world.is_idle(kiosk_id):
            ledger.found_taken += 1
            return
        if not world.green:
            ledger.found_nobody += 1
            return
        number = ledger.came
        visit_id = VisitId(f"visit-{number}")
        ledger.taps[visit_id] = Tap(visit_id, kiosk_id, world.clock.now())
        language = self._chance.choices(list(Language), (8, 1, 1))[0]
        decision = await world.do(c.OpenVisit(visit_id, kiosk_id, SERVICE, language, f"tap-{number}"))
        if decision is None:
            del ledger.taps[visit_id]
            ledger.refused += 1
            return
        world.agenda.later(self._habits.patience.draw(self._chance), partial(self._lose_patience, visit_id))

    async def _lose_patience(self, visit_id: VisitId) -> None:
        visit = self._world.line.visits.get(visit_id)
        if visit is not None and visit.state in IN_LINE and visit.ticket is None:
            await self._world.do(c.CancelVisit(visit_id, visit.kiosk_id))

    async def _choose(self, visit_id: VisitId) -> None:
        visit = self._world.line.visits.get(visit_id)
        if visit is None or visit.state not in IN_LINE or not visit.choices:
            return
        chosen = self._chance.random()
        if chosen < self._habits.takes_ticket:
            await self._world.do(c.TakeTicket(visit_id, visit.kiosk_id))
        elif chosen < self._habits.takes_ticket + self._habits.leaves_at_choices:
            await self._world.do(c.CancelVisit(visit_id, visit.kiosk_id))
        else:
            await self._world.do(c.KeepWaiting(visit_id, visit.kiosk_id))

    async def _touch(self, visit_id: VisitId) -> None:
        visit = self._world.line.visits.get(visit_id)
        if visit is not None and visit.state is VisitState.CALLING:
            await self._world.do(c.AnswerTicket(visit_id, visit.kiosk_id))

    async def _path_up(self, visit_id: VisitId, generation: int) -> None:
        visit = self._world.line.visits.get(visit_id)
        if visit is None or visit.state is not VisitState.CONNECTING or visit.generation != generation:
            return
        if self._kiosk_is_there(visit.kiosk_id):
            await self._world.do(c.PathConnected(visit_id, generation, Party.VISITOR, visit.kiosk_id))

    async def _path_dies(self, visit_id: VisitId) -> None:
        visit = self._world.line.visits.get(visit_id)
        if visit is not None and visit.state is VisitState.TALKING and self._kiosk_is_there(visit.kiosk_id):
            await self._world.do(c.PathDead(visit_id, visit.generation, Party.VISITOR, visit.kiosk_id))

    async def _say_goodbye(self, visit_id: VisitId) -> None:
        visit = self._world.line.visits.get(visit_id)
        if visit is None or visit.state is VisitState.ENDED:
            return
        if visit.state in IN_LINE:  # it fell back; whoever answers next finishes it
            self._seen[visit_id].talks = False
        elif self._kiosk_is_there(visit.kiosk_id) and self._chance.random() < 0.6:
            await self._world.do(c.FinishVisit(visit_id, kiosk_id=visit.kiosk_id))
        elif self._seat_is_there(visit.seat_id):
            await self._world.do(c.FinishVisit(visit_id, seat_id=visit.seat_id))
        else:
            self._world.agenda.later(5, partial(self._say_goodbye, visit_id))

    async def _give_feedback(self, visit_id: VisitId) -> None:
        visit = self._world.line.visits.get(visit_id)
        if visit is not None and visit.state is VisitState.ENDED and visit.feedback is None:
            await self._world.do(c.GiveFeedback(visit_id, visit.kiosk_id, self._chance.randint(1, 3)))

    async def _fail(self, kiosk_id: KioskId) -> None:
        await self._world.do(c.LoseKiosk(kiosk_id))
        # Mostly a restart of the program; now and then a machine that starts anew, for longer than the grace.
        away_s = self._chance.uniform(4, 20) if self._chance.random() < 0.8 else self._chance.uniform(40, 120)
        self._world.agenda.later(away_s, partial(self._world.connect_kiosk, kiosk_id))

    # --- what they see ------------------------------------------------------------------------------------

    def _look(self, line: LineState) -> None:
        self._ledger.look(line, self._world.clock.now())
        for visit in line.visits.values():
            self._act(visit)
        for visit_id in self._seen.keys() - line.visits.keys():
            del self._seen[visit_id]

    def _act(self, visit: Visit) -> None:
        seen = self._seen.setdefault(visit.id, _Seen(VisitState.WAITING))
        agenda, habits, chance = self._world.agenda, self._habits, self._chance
        if visit.choices and not seen.choices:
            agenda.later(chance.uniform(3, 12), partial(self._choose, visit.id))
        if visit.state is VisitState.CONNECTING and visit.generation != seen.generation:
            agenda.later(habits.path.draw(chance), partial(self._path_up, visit.id, visit.generation))
            seen.generation = visit.generation
        if visit.state is not seen.state:
            self._enter(visit, seen)
        seen.state, seen.choices = visit.state, visit.choices

    def _enter(self, visit: Visit, seen: _Seen) -> None:
        agenda, habits, chance = self._world.agenda, self._habits, self._chance
        if visit.state is VisitState.CALLING and chance.random() < habits.comes_to_ticket:
            agenda.later(chance.uniform(4, 40), partial(self._touch, visit.id))
        elif visit.state is VisitState.TALKING and not seen.talks:
            seen.talks = True
            talk_s = habits.talk.draw(chance)
            agenda.later(talk_s, partial(self._say_goodbye, visit.id))
            if chance.random() < habits.dead_path:
                agenda.later(talk_s * chance.random(), partial(self._path_dies, visit.id))
        elif visit.state is VisitState.ENDED and chance.random() < 0.5:
            agenda.later(chance.uniform(2, 9), partial(self._give_feedback, visit.id))

    def _kiosk_is_there(self, kiosk_id: KioskId) -> bool:
        kiosk = self._world.line.kiosks.get(kiosk_id)
        return kiosk is not None and kiosk.connected

    def _seat_is_there(self, seat_id: SeatId | None) -> bool:
        seat = self._world.line.seats.get(seat_id) if seat_id is not None else None
        return seat is not None and seat.connected
