"""Librarians on duty: they come, answer, pause, lose their browser or fall asleep, forget to sign out, and go."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from signaling.domain import commands as c
from signaling.domain.model import LineState, Offer, Seat
from signaling.protocol.vocabulary import (
    SEAT_ASK_S,
    SEAT_PROOF_AGE_S,
    OfferId,
    OfferKind,
    Outcome,
    PauseReason,
    SeatId,
    StaffId,
    Topic,
    VisitId,
)
from tests.sim.loads import DAY_S, Habits, Load, poisson
from tests.sim.world import LIBRARY, World

#: A socket whose machine fell asleep is given up by the server after so long.
SOCKET_LOST_S: Final = 30.0
#: A person who sits there touches the console now and then.
TOUCHES_EVERY_S: Final = 1500.0


@dataclass(slots=True)
class Librarian:
    """One shift at one console.

    Attributes:
        seat_id: Of the live session; another after a browser was away for longer than the grace.
        here: The person sits there and hears it ring.
        awake: The console runs and its socket is open.
        done: The shift is over.
    """

    number: int
    seat_id: SeatId
    until: datetime
    here: bool = True
    awake: bool = True
    done: bool = False
    heard: set[OfferId] = field(default_factory=set)
    sessions: int = 1


class Librarians:
    """Everybody at the consoles."""

    def __init__(self, world: World, load: Load, chance: random.Random) -> None:
        self._world = world
        self._load = load
        self._habits: Habits = load.habits
        self._chance = chance
        self._shifts = 0
        self._by_seat: dict[SeatId, Librarian] = {}
        self._known: dict[SeatId, Seat] = {}
        world.watch(self._look)

    def plan(self, day: datetime) -> None:
        """Put down one day's shifts, one after the other for each seat, and when the server is killed."""
        for _seat in range(self._load.seats):
            begins_s = 0.0
            while begins_s < DAY_S:
                ends_s = min(begins_s + self._habits.shift_s, DAY_S)
                # The next one mostly comes before the last one goes.
                early_s = self._chance.uniform(-60, 300)
                start = day + timedelta(seconds=max(begins_s - early_s, 0))
                self._world.agenda.at(start, partial(self._begin, day + timedelta(seconds=ends_s)))
                begins_s = ends_s
        for _kill in range(poisson(self._habits.server_restarts_per_week / 7, self._chance)):
            self._world.agenda.at(day + timedelta(seconds=self._chance.random() * DAY_S), self._kill_server)

    # --- a shift ------------------------------------------------------------------------------------------

    async def _begin(self, until: datetime) -> None:
        self._shifts += 1
        librarian = Librarian(self._shifts, SeatId(f"seat-{self._shifts}-1"), until)
        await self._sit_down(librarian)
        self._touch_later(librarian)
        remaining_s = (until - self._world.clock.now()).total_seconds()
        habits = self._habits
        for share, mishap in (
            (habits.breaks_per_shift, self._have_a_break),
            (habits.crashes_per_shift, self._crash),
            (habits.sleeps_per_shift, self._fall_asleep),
        ):
            for _time in range(poisson(share * remaining_s / habits.shift_s, self._chance)):
                self._world.agenda.later(self._chance.uniform(0, remaining_s), partial(mishap, librarian))
        forgets = self._chance.random() < habits.forgets
        self._world.agenda.at(until, partial(self._walk_away if forgets else self._go, librarian))

    async def _sit_down(self, librarian: Librarian) -> None:
        """Open the console, pass the check, go on duty."""
        self._by_seat[librarian.seat_id] = librarian
        librarian.here = librarian.awake = True
        await self._connect(librarian)
        await self._world.do(c.SetDuty(librarian.seat_id, on_duty=True))

    async def _connect(self, librarian: Librarian) -> None:
        staff_id = StaffId(f"staff-{librarian.number}")
        name = f"Librarian {librarian.number}"
        await self._world.do(c.ConnectSeat(librarian.seat_id, staff_id, name, LIBRARY))
        await self._world.do(c.ProveSeat(librarian.seat_id, sound=True, microphone=True, camera=True))

    async def _go(self, librarian: Librarian) -> None:
        seat = self._seat(librarian)
        if seat is not None and (seat.visit_id is not None or seat.close_out_visit_id is not None):
            self._world.agenda.later(20, partial(self._go, librarian))  # nobody leaves in the middle of it
            return
        librarian.done = True
        if seat is not None:
            await self._world.do(c.SetDuty(librarian.seat_id, on_duty=False))
            await self._world.do(c.RemoveSeat(librarian.seat_id))

    async def _walk_away(self, librarian: Librarian) -> None:
        """Home, and the laptop stands there with its lid open: a ghost that the service must notice."""
        seat = self._seat(librarian)
        if seat is not None and seat.visit_id is not None:
            self._world.agenda.later(20, partial(self._walk_away, librarian))
            return
        librarian.here, librarian.done = False, True

    # --- mishaps ------------------------------------------------------------------------------------------

    async def _have_a_break(self, librarian: Librarian) -> None:
        seat = self._seat(librarian)
        if librarian.done or not librarian.awake or seat is None or not seat.on_duty:
            return
        if seat.visit_id is not None:
            self._world.agenda.later(120, partial(self._have_a_break, librarian))
            return
        await self._world.do(c.SignSeat(librarian.seat_id))
        await self._world.do(c.PauseSeat(librarian.seat_id, PauseReason.BREAK, self._habits.break_s))

    async def _crash(self, librarian: Librarian) -> None:
        if librarian.done or not librarian.awake:
            return
        await self._away(librarian)
        self._world.agenda.later(self._chance.uniform(5, 90), partial(self._come_back, librarian))

    async def _fall_asleep(self, librarian: Librarian) -> None:
        """The lid closes: no farewell, only silence."""
        if librarian.done or not librarian.awake:
            return
        librarian.awake = False
        asleep_s = self._chance.uniform(60, 1200)
        silent_s = SEAT_PROOF_AGE_S - self._chance.uniform(0, SEAT_ASK_S)
        self._world.agenda.later(silent_s, partial(self._fall_silent, librarian))
        self._world.agenda.later(SOCKET_LOST_S, partial(self._away, librarian))
        self._world.agenda.later(asleep_s, partial(self._come_back, librarian))

    async def _fall_silent(self, librarian: Librarian) -> None:
        if self._seat(librarian) is not None:
            await self._world.do(c.SilenceSeat(librarian.seat_id))

    async def _away(self, librarian: Librarian) -> None:
        librarian.awake = False
        await self._world.do(c.LoseSeat(librarian.seat_id))

    async def _come_back(self, librarian: Librarian) -> None:
        """As the console does: the same session while it is known, else a new one and the duty switch again."""
        if librarian.done:
            return
        if self._seat(librarian) is None:
            librarian.sessions += 1
            librarian.seat_id = SeatId(f"seat-{librarian.number}-{librarian.sessions}")
            await self._sit_down(librarian)
            return
        librarian.awake = True
        await self._connect(librarian)
        await self._world.do(c.SignSeat(librarian.seat_id))

    async def _kill_server(self) -> None:
        """Everybody's socket goes at once; a new process starts on the same file, and they come back."""
        world = self._world
        await world.close()
        await world.start_server()
        for seat_id in list(world.line.seats):
            librarian = self._by_seat[seat_id]
            if librarian.awake:  # the page of one who walked away comes back by itself, too
                world.agenda.later(self._chance.uniform(0.5, 4), partial(self._connect_again, librarian))
        for kiosk_id in world.kiosks:
            if world.line.kiosks.get(kiosk_id) is not None:
                world.agenda.later(self._chance.uniform(0.5, 4), partial(world.connect_kiosk, kiosk_id))

    async def _connect_again(self, librarian: Librarian) -> None:
        if self._seat(librarian) is not None:
            await self._connect(librarian)

    # --- answering ----------------------------------------------------------------------------------------

    def _look(self, line: LineState) -> None:
        for offer in line.offers.values():
            for seat_id in offer.seat_ids:
                self._hear(self._by_seat[seat_id], offer)
        known, self._known = self._known, dict(line.seats)
        for seat_id, seat in line.seats.items():
            if known.get(seat_id) is not seat:
                self._notice(self._by_seat[seat_id], seat, known.get(seat_id))

    def _hear(self, librarian: Librarian, offer: Offer) -> None:
        if offer.id in librarian.heard:
            return
        librarian.heard.add(offer.id)
        chance = self._chance
        if offer.kind is OfferKind.VISIT and chance.random() >= self._habits.unheard:
            takes = chance.random() >= self._habits.declined
            answer_s = self._habits.answer.draw(chance)
            self._world.agenda.later(answer_s, partial(self._answer, librarian, offer.id, takes=takes))

    async def _answer(self, librarian: Librarian, offer_id: OfferId, *, takes: bool) -> None:
        offer = self._world.line.offers.get(offer_id)
        if not self._can_act(librarian) or offer is None or librarian.seat_id not in offer.seat_ids:
            return
        kind = c.AcceptOffer if takes else c.DeclineOffer
        await self._world.do(kind(offer_id, librarian.seat_id))

    def _notice(self, librarian: Librarian, seat: Seat, before: Seat | None) -> None:
        """Mend what the console shows as wrong, if somebody sits there to see it."""

        def soon(low_s: float, high_s: float, action: Callable[[], Awaitable[None]]) -> None:
            self._world.agenda.later(self._chance.uniform(low_s, high_s), action)

        if seat.pause is PauseReason.UNANSWERED and (before is None or before.pause is not seat.pause):
            soon(30, 420, partial(self._resume, librarian))
        if seat.asked_until is not None and (before is None or before.asked_until is None):
            soon(5, 120, partial(self._touch, librarian))
        if seat.silent and (before is None or not before.silent):
            soon(60, 900, partial(self._touch, librarian))
        if not seat.on_duty and before is not None and before.on_duty and seat.off_duty_cause is not None:
            soon(60, 900, partial(self._back_on_duty, librarian))
        if seat.close_out_visit_id is not None and (before is None or before.close_out_visit_id is None):
            wait_s = self._habits.rounding_off.draw(self._chance)
            soon(wait_s, wait_s, partial(self._close_out, librarian, seat.close_out_visit_id))

    async def _resume(self, librarian: Librarian) -> None:
        if self._can_act(librarian):
            await self._world.do(c.ResumeSeat(librarian.seat_id))

    async def _touch(self, librarian: Librarian) -> None:
        if self._can_act(librarian):
            await self._world.do(c.SignSeat(librarian.seat_id))

    def _touch_later(self, librarian: Librarian) -> None:
        async def touch() -> None:
            if not librarian.done:
                await self._touch(librarian)
                self._touch_later(librarian)

        self._world.agenda.later(TOUCHES_EVERY_S * self._chance.uniform(0.5, 1.5), touch)

    async def _back_on_duty(self, librarian: Librarian) -> None:
        if self._can_act(librarian) and not librarian.done:
            await self._world.do(c.SetDuty(librarian.seat_id, on_duty=True))

    async def _close_out(self, librarian: Librarian, visit_id: VisitId) -> None:
        seat = self._seat(librarian)
        if self._can_act(librarian) and seat is not None and seat.close_out_visit_id == visit_id:
            await self._world.do(c.CloseOut(visit_id, librarian.seat_id, Topic.OTHER, Outcome.SOLVED))

    def _can_act(self, librarian: Librarian) -> bool:
        seat = self._seat(librarian)
        return librarian.here and librarian.awake and seat is not None and seat.connected

    def _seat(self, librarian: Librarian) -> Seat | None:
        return self._world.line.seats.get(librarian.seat_id)
