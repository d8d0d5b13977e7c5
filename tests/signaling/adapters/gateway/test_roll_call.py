"""Asking seats whether they are there: spread out, one question at a time, and silence is told once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio

from signaling.adapters.gateway import roll_call
from signaling.adapters.gateway.connections import Connection, Connections, Pace
from signaling.adapters.gateway.roll_call import RollCall
from signaling.adapters.store_memory import MemoryStore
from signaling.domain import commands as c
from signaling.domain.model import Seat
from signaling.domain.places import Library
from signaling.protocol.vocabulary import (
    SEAT_ASK_S,
    SEAT_PROOF_AGE_S,
    STAFF_NAMESPACE,
    Language,
    Party,
    SeatId,
    StaffId,
)
from signaling.service.hub import Hub
from tests.support.edges import BreakableStore, OneTurn, RecordingAnnouncer, RecordingMetrics, SetClock, places_of
from tests.support.lines import LIBRARY, LINE
from tests.support.wire import Wire


@dataclass
class Room:
    """Seats in front of a roll call. Seconds pass when the test says so; an answer comes when it says so."""

    hub: Hub
    store: BreakableStore
    announcer: RecordingAnnouncer
    connections: Connections = field(default_factory=Connections)
    asked: list[tuple[float, str, Callable[..., Any]]] = field(default_factory=list)
    now_s: float = 0.0
    answering: bool = True

    def __post_init__(self) -> None:
        self.roll_call = RollCall(
            connections=self.connections, hub=self.hub, ask=self.ask, monotonic=lambda: self.now_s
        )

    async def ask(self, connection: Connection, answered: Callable[..., Any]) -> None:
        self.asked.append((self.now_s, connection.sid, answered))
        if self.answering:
            answered({"ok": True})

    async def seat(self, seat_id: str = "s1", *, on_duty: bool = True) -> Connection:
        seat = SeatId(seat_id)
        enter = c.ConnectSeat(seat, StaffId("anna"), "Anna", LIBRARY)
        connection = Connection(
            seat_id,
            STAFF_NAMESPACE,
            Party.STAFF,
            seat,
            LIBRARY,
            LINE,
            Pace(0.0),
            enter=enter,
            lose=c.LoseSeat(seat),
            admitted=True,
        )
        self.connections.add(connection)
        await self.hub.run(LINE, enter)
        await self.hub.run(LINE, c.SetDuty(seat, on_duty=on_duty))
        return connection

    async def pass_s(self, seconds: float) -> None:
        end_s = self.now_s + seconds
        while self.now_s < end_s:
            self.now_s += roll_call.TICK_S
            await self.roll_call.look()

    async def row(self, seat_id: str = "s1") -> Seat:
        return (await self.store.read_line(LINE)).seats[SeatId(seat_id)]


@pytest_asyncio.fixture
async def room() -> Room:
    store, clock, announcer = BreakableStore(MemoryStore()), SetClock(), RecordingAnnouncer()
    await store.add_library(Library(LIBRARY, "Norr", Language.SV, "Europe/Stockholm"))
    hub = Hub(
        store=store,
        announcer=announcer,
        clock=clock,
        turn=OneTurn(),
        metrics=RecordingMetrics(),
        places=places_of(store, clock),
    )
    return Room(hub, store, announcer)


async def test_every_seat_is_asked_again_and_again_and_not_all_at_once(room: Room) -> None:
    for number in range(40):
        await room.seat(f"seat-{number}")
    await room.pass_s(SEAT_ASK_S + roll_call.TICK_S)
    first = {sid: at_s for at_s, sid, _ in room.asked}
    assert len(first) == 40
    assert max(list(first.values()).count(at_s) for at_s in first.values()) < 10
    room.asked.clear()
    await room.pass_s(4 * SEAT_ASK_S)
    assert 3 * 40 <= len(room.asked) <= 4 * 40
    assert not any(row.silent for row in (await room.store.read_line(LINE)).seats.values())


async def test_a_seat_that_answers_no_more_is_silent_once_after_its_proof_is_too_old(room: Room) -> None:
    await room.seat()
    await room.pass_s(2 * SEAT_ASK_S)
    room.answering = False
    room.announcer.take()
    answered_s = room.asked[-1][0]
    await room.pass_s(answered_s + SEAT_PROOF_AGE_S - room.now_s)
    assert not (await room.row()).silent
    await room.pass_s(roll_call.OVERDUE_LOOK_S + roll_call.TICK_S)
    assert (await room.row()).silent
    assert len(room.announcer.take()) == 1
    await room.pass_s(60)
    assert room.announcer.take() == []


async def test_one_that_never_answers_is_asked_once_and_no_callback_piles_up(room: Room) -> None:
    room.answering = False
    await room.seat()
    await room.pass_s(300)
    assert len(room.asked) == 1


async def test_a_late_answer_lets_it_be_asked_again_and_a_person_must_mend_it(room: Room) -> None:
    room.answering = False
    connection = await room.seat()
    await room.pass_s(SEAT_ASK_S + SEAT_PROOF_AGE_S + 2)
    assert (await room.row()).silent
    room.answering = True
    room.asked[0][2]()
    await room.pass_s(SEAT_ASK_S)
    assert len(room.asked) == 2
    assert (await room.row()).silent, "an answer of the page is no click"
    await room.hub.run(LINE, c.SignSeat(connection.seat_id))
    await room.pass_s(60)
    assert not (await room.row()).silent


async def test_a_seat_off_duty_is_asked_and_never_silenced(room: Room) -> None:
    room.answering = False
    await room.seat(on_duty=False)
    room.announcer.take()
    await room.pass_s(60)
    assert len(room.asked) == 1
    assert room.announcer.take() == []


@pytest.mark.expected_log("silence_waits_for_store", logger="signaling.adapters.gateway.roll_call")
async def test_silence_that_the_database_could_not_take_is_told_again(room: Room) -> None:
    room.answering = False
    await room.seat()
    room.store.save_fails = True
    await room.pass_s(SEAT_ASK_S + SEAT_PROOF_AGE_S + 2)
    room.store.save_fails = False
    assert not (await room.row()).silent
    await room.pass_s(roll_call.OVERDUE_LOOK_S + roll_call.TICK_S)
    assert (await room.row()).silent


async def test_who_is_not_let_in_yet_is_not_asked(room: Room) -> None:
    (await room.seat()).admitted = False
    await room.pass_s(30)
    assert room.asked == []


async def test_a_real_console_is_asked_and_one_that_says_nothing_loses_its_green_light(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roll_call, "SEAT_ASK_S", 0.05)
    monkeypatch.setattr(roll_call, "OVERDUE_LOOK_S", 0.05)
    monkeypatch.setattr(roll_call, "SEAT_PROOF_AGE_S", 1.0)
    seat = await wire.seat_on_duty()
    kiosk = await wire.kiosk()
    await kiosk.can_be_answered()
    await seat.until(lambda: len(seat.heard("presence.ask")) > 3)
    assert not seat.view["seat"]["silent"]  # type: ignore[index,call-overload]
    seat.answers_presence = False
    await seat.until(lambda: seat.view["seat"]["silent"])  # type: ignore[index,call-overload]
    await kiosk.until(lambda: kiosk.answerable == 0)
    seat.answers_presence = True
    await seat.ok("seat.sign")
    await kiosk.can_be_answered()
