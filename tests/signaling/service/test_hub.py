"""The hub: load, decide, commit, then announce; deadlines are rows; on the fake and on SQLite."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from signaling.domain import commands as c
from signaling.domain import decide as rules
from signaling.domain.decide import Decision
from signaling.domain.effects import StandbyCause, StandbyNeeded
from signaling.domain.errors import Refused
from signaling.domain.model import DeadlineKind, LineState
from signaling.domain.places import Branch, Library, Service, Setup
from signaling.domain.policy import Policy
from signaling.protocol.errors import ErrorCode
from signaling.protocol.vocabulary import (
    EndReason,
    KioskId,
    Language,
    LibraryId,
    LineId,
    OfferId,
    Party,
    PauseReason,
    SeatId,
    StaffId,
    VisitId,
    VisitState,
)
from signaling.service import hub as hub_module
from signaling.service.changes import change_of
from signaling.service.hub import Hub
from signaling.service.ports import Changed, Relay, Store, StoreError
from tests.support.edges import BreakableStore, OneTurn, RecordingAnnouncer, RecordingMetrics, SetClock, places_of
from tests.support.lines import BRANCH, SERVICE, Line

pytestmark = pytest.mark.parametrize("store_url", ["memory", "sqlite"], indirect=True)

LIBRARY, LINE = LibraryId("norr"), LineId("norr")
K1, K2, S1, S2, V1 = KioskId("k1"), KioskId("k2"), SeatId("s1"), SeatId("s2"), VisitId("v1")


@dataclass
class House:
    """A hub with everything around it."""

    hub: Hub
    store: BreakableStore
    clock: SetClock
    announcer: RecordingAnnouncer
    metrics: RecordingMetrics
    policy: Policy

    async def run(self, *commands: c.Command) -> None:
        for command in commands:
            await self.hub.run(LINE, command)

    async def line(self) -> LineState:
        return await self.store.read_line(LINE)

    async def seat(self, seat_id: str = "s1", name: str = "Anna") -> None:
        seat = SeatId(seat_id)
        await self.run(
            c.ConnectSeat(seat, StaffId(f"staff-{seat_id}"), name, LIBRARY),
            c.SetDuty(seat, on_duty=True),
            c.ProveSeat(seat, sound=True, microphone=True, camera=True),
        )

    async def tap(self, visit_id: str = "v1", kiosk_id: str = "k1") -> None:
        kiosk = KioskId(kiosk_id)
        await self.run(
            c.ConnectKiosk(kiosk, BRANCH),
            c.OpenVisit(VisitId(visit_id), kiosk, SERVICE, Language.SV, f"tap-{visit_id}"),
        )

    async def accept(self, visit_id: str = "v1", seat_id: str = "s1") -> None:
        line = await self.line()
        offer = next(o.id for o in line.offers.values() if o.visit_id == visit_id)
        await self.run(c.AcceptOffer(offer, SeatId(seat_id)))

    async def talk(self) -> None:
        await self.seat()
        await self.tap()
        await self.accept()
        await self.run(c.PathConnected(V1, 1, Party.VISITOR, "k1"))


@pytest_asyncio.fixture
async def house(store: Store) -> AsyncIterator[House]:
    await store.add_library(Library(LIBRARY, "Norr", Language.SV, "Europe/Stockholm"))
    await store.add_branch(Branch(BRANCH, LIBRARY, "Burträsk", "0914-1"))
    await store.add_service(Service(SERVICE, LIBRARY, {Language.SV: "Bibliotekshjälp"}))
    breakable, clock, announcer, metrics = BreakableStore(store), SetClock(), RecordingAnnouncer(), RecordingMetrics()
    policy = Policy()
    hub = Hub(
        store=breakable,
        announcer=announcer,
        clock=clock,
        turn=OneTurn(),
        metrics=metrics,
        places=places_of(breakable, clock, policy),
    )
    yield House(hub, breakable, clock, announcer, metrics, policy)


# --- commit, then announce ------------------------------------------------------------------------------------


async def test_what_is_announced_is_in_the_database(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.seat()
    house.announcer.take()
    found: list[VisitState] = []

    async def changed(_change: Changed) -> None:
        found.extend(visit.state for visit in (await house.line()).visits.values())

    monkeypatch.setattr(house.announcer, "changed", changed)
    await house.tap()
    assert found == [VisitState.OFFERED]


async def test_the_line_that_is_announced_is_the_one_that_is_stored(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    announced: list[bool] = []

    async def changed(change: Changed) -> None:
        announced.append(change.line == await house.line())

    monkeypatch.setattr(house.announcer, "changed", changed)
    await house.talk()
    await house.run(
        c.HoldVisit(V1, S1),
        c.FinishVisit(V1, seat_id=S1),
        c.CloseOut(V1, S1, None, None),
        c.GiveFeedback(V1, K1, 2),
        c.LoseKiosk(K1),
        c.LoseEveryone(),
    )
    assert announced == [True] * len(announced)
    assert len(announced) >= 12


async def test_a_save_that_fails_announces_and_counts_nothing(house: House) -> None:
    await house.seat()
    await house.tap()
    before, counted = await house.line(), len(house.metrics.counted)
    house.announcer.take()
    house.store.save_fails = True
    with pytest.raises(StoreError):
        await house.accept()
    house.store.save_fails = False
    assert house.announcer.take() == []
    assert len(house.metrics.counted) == counted
    assert await house.line() == before


async def test_a_refusal_changes_and_announces_nothing(house: House) -> None:
    await house.talk()
    before = await house.line()
    house.announcer.take()
    for command, code in (
        (c.HoldVisit(V1, S2), ErrorCode.NOT_FOUND),
        (c.AcceptOffer(OfferId("v1-1"), S2), ErrorCode.NOT_FOUND),
        (c.GiveFeedback(V1, K1, 3), ErrorCode.WRONG_STATE),
    ):
        with pytest.raises(Refused) as refused:
            await house.run(command)
        assert refused.value.code is code
    assert house.announcer.take() == []
    assert await house.line() == before


async def test_a_command_that_changes_nothing_is_neither_saved_nor_announced(house: House) -> None:
    await house.talk()
    house.announcer.take()
    house.clock.later(1)
    house.store.save_fails = True  # saving would be noticed
    await house.run(
        c.ConnectKiosk(K1, BRANCH),
        c.SetDuty(S1, on_duty=True),
        c.PathConnected(V1, 1, Party.STAFF, "s1"),
        c.DeadlinePassed(DeadlineKind.OFFER, "gone"),
    )
    assert house.announcer.take() == []


async def test_two_seats_accepting_at_once_have_exactly_one_winner(house: House) -> None:
    await house.seat("s1", "Anna")
    await house.seat("s2", "Bo")
    await house.tap()
    offer = next(iter((await house.line()).offers))
    results = await asyncio.gather(
        *(house.hub.run(LINE, c.AcceptOffer(offer, SeatId(seat))) for seat in ("s1", "s2")), return_exceptions=True
    )
    refusals = [result for result in results if isinstance(result, Refused)]
    assert len(refusals) == 1
    winner = (await house.line()).visits[V1].seat_id
    assert (refusals[0].code, refusals[0].data) == (ErrorCode.TAKEN, {"winner": "Anna" if winner == S1 else "Bo"})


# --- who is told ----------------------------------------------------------------------------------------------


async def test_a_visit_that_moves_up_tells_its_own_kiosk_and_those_behind_it(house: House) -> None:
    await house.seat()
    for number in (1, 2, 3):
        house.clock.later(1)
        await house.tap(f"v{number}", f"k{number}")
    house.announcer.take()
    await house.run(c.CancelVisit(VisitId("v2"), K2))
    assert house.announcer.take() == [Changed(LINE, kiosks=frozenset({K2, KioskId("k3")}))]


async def test_all_kiosks_are_told_when_availability_changes(house: House) -> None:
    await house.seat()
    await house.run(c.ConnectKiosk(K1, BRANCH), c.ConnectKiosk(K2, BRANCH))
    house.announcer.take()
    await house.run(c.LoseSeat(S1))
    assert [change.all_kiosks for change in house.announcer.take()] == [True]


async def test_all_kiosks_are_told_when_a_seat_is_done_with_rounding_off(house: House) -> None:
    await house.talk()
    await house.run(c.FinishVisit(V1, seat_id=S1))
    house.announcer.take()
    house.clock.later(house.policy.wrap_up_s)
    await house.hub.pass_deadlines()
    assert [change.all_kiosks for change in house.announcer.take()] == [True]


def test_an_ended_visit_that_waits_for_its_close_out_does_not_hide_the_next_one(store_url: str) -> None:
    line = Line()
    line.talk()
    line.do(c.FinishVisit(V1, kiosk_id=K1))
    before = line.state
    line.tap("v2", "k1")
    # As a database may hand it out: the older row last.
    after = replace(line.state, visits={VisitId("v2"): line.visit("v2"), V1: line.visit("v1")})
    assert change_of(LINE, before, after, Setup()).kiosks == {K1}


# --- effects --------------------------------------------------------------------------------------------------


async def test_what_happens_is_counted_without_names(house: House) -> None:
    await house.seat()
    await house.tap()
    house.clock.later(house.policy.ring_timeout_s)
    await house.hub.pass_deadlines()
    house.clock.later(4)
    await house.run(c.ResumeSeat(S1))
    await house.accept()
    await house.run(c.LeaveVisit(V1, S1), c.CancelVisit(V1, K1))
    assert house.metrics.counted == [
        ("rings_unanswered", {}),
        ("seats_paused", {}),
        ("choices_shown", {}),
        ("visits_accepted", {}),
        ("visits_returned", {}),
        ("visits_ended", {"reason": "left_line", "answered": "yes"}),
    ]
    assert house.metrics.observed == [("visit_wait", 34.0)]


# --- deadlines ------------------------------------------------------------------------------------------------


async def test_deadlines_pass_in_order_and_never_before_their_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.seat()
    await house.tap()
    house.clock.later(25)
    await house.run(c.LoseKiosk(K1))
    await house.seat("s2")
    house.clock.later(1)
    await house.run(c.LoseSeat(S2))
    passed: list[datetime] = []
    run = house.hub.run

    async def noting(line_id: LineId, command: c.Command) -> rules.Decision:
        if isinstance(command, c.DeadlinePassed):
            row = (await house.line()).deadlines[command.kind, command.subject_id]
            assert row.due_at <= house.clock.at
            passed.append(row.due_at)
        return await run(line_id, command)

    monkeypatch.setattr(house.hub, "run", noting)
    first = min(row.due_at for row in (await house.line()).deadlines.values())
    wait_s = await house.hub.pass_deadlines()
    assert house.clock.at + timedelta(seconds=wait_s) == first
    house.clock.later(wait_s - 0.001)
    assert await house.hub.pass_deadlines() == pytest.approx(0.001)
    assert passed == []
    house.clock.later(90)
    await house.hub.pass_deadlines()
    assert passed == sorted(passed)
    assert passed[0] == first
    line = await house.line()
    assert set(line.seats) == {S1}
    assert line.kiosks == {}
    assert all(row.due_at > house.clock.at for row in line.deadlines.values())


async def test_an_open_offer_ends_on_time(house: House) -> None:
    await house.seat()
    await house.tap()
    await house.run(c.SetDuty(S1, on_duty=True))
    first = next(iter((await house.line()).offers))
    house.clock.later(house.policy.ring_timeout_s - 0.001)
    await house.hub.pass_deadlines()
    assert set((await house.line()).offers) == {first}
    house.clock.later(0.001)
    await house.hub.pass_deadlines()
    line = await house.line()
    assert line.offers == {}
    assert line.seats[S1].pause is PauseReason.UNANSWERED


@pytest.mark.expected_log("deadline_failed", level="ERROR", logger="signaling.service.hub")
async def test_a_deadline_that_fails_is_put_off_and_those_behind_it_pass(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.seat()
    await house.tap()
    await house.run(c.LoseKiosk(K1))
    house.clock.later(house.policy.ring_timeout_s)  # the kiosk's grace is over
    await house.tap("v2", "k2")

    def broken(*_arguments: object) -> None:
        raise KeyError("a row that nobody foresaw")

    monkeypatch.setitem(rules._ON_DEADLINE, DeadlineKind.KIOSK_GRACE, broken)
    house.clock.later(house.policy.ring_timeout_s)
    wait_s = await house.hub.pass_deadlines()
    line = await house.line()
    assert line.offers == {}, "the ring behind it was let pass"
    put_off = line.deadlines[DeadlineKind.KIOSK_GRACE, "k1"]
    assert (put_off.due_at - house.clock.at).total_seconds() == hub_module.POSTPONE_S
    assert 0 < wait_s <= hub_module.POSTPONE_S


@pytest.mark.expected_log("deadlines_wait_for_store", logger="signaling.service.hub")
@pytest.mark.parametrize("broken", ["away", "save_fails"])
async def test_deadlines_survive_a_database_that_is_away(
    house: House, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    monkeypatch.setattr(hub_module, "LOOK_AGAIN_S", 0.01)
    await house.seat()
    await house.tap()
    house.announcer.take()
    setattr(house.store, broken, True)
    house.clock.later(house.policy.ring_timeout_s)
    work = asyncio.create_task(house.hub.run_deadlines())
    await asyncio.sleep(0.05)
    assert not work.done()
    assert house.announcer.take() == []
    setattr(house.store, broken, False)
    async with asyncio.timeout(10):
        while (await house.line()).offers:
            await house.announcer.heard.wait()
            house.announcer.heard.clear()
    work.cancel()


@pytest.mark.parametrize("turns", range(8))
async def test_a_server_that_ends_just_after_a_commit_ends(
    house: House, monkeypatch: pytest.MonkeyPatch, turns: int
) -> None:
    monkeypatch.setattr(hub_module, "LOOK_AGAIN_S", 3600)
    await house.seat()
    work = asyncio.create_task(house.hub.run_deadlines())
    for _ in range(20):
        await asyncio.sleep(0)
    losing = asyncio.create_task(house.run(c.LoseSeat(S1)))  # a new deadline, to be looked at at once
    for _ in range(turns):
        await asyncio.sleep(0)
    work.cancel()
    await asyncio.wait([work], timeout=2)
    assert work.cancelled()
    await losing


async def test_a_new_deadline_is_noticed_at_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "LOOK_AGAIN_S", 3600)
    waits: asyncio.Queue[float] = asyncio.Queue()
    pass_deadlines = house.hub.pass_deadlines

    async def noting() -> float:
        wait_s = await pass_deadlines()
        waits.put_nowait(wait_s)
        return wait_s

    monkeypatch.setattr(house.hub, "pass_deadlines", noting)
    work = asyncio.create_task(house.hub.run_deadlines())
    async with asyncio.timeout(10):
        assert await waits.get() == 3600
        await house.seat()
        await house.run(c.LoseSeat(S1))
        assert await waits.get() == house.policy.seat_grace_s
        # One that is due later than the next look is no reason to look sooner.
        await house.seat("s2")
        house.clock.later(1)
        await house.run(c.LoseSeat(S2))
        assert waits.empty()
        await house.run(c.ConnectSeat(S1, StaffId("staff-s1"), "Anna", LIBRARY), c.ConnectKiosk(K1, BRANCH))
        house.clock.at = SetClock().at - timedelta(hours=1)
        await house.run(c.LoseKiosk(K1))
        assert await waits.get() == house.policy.kiosk_grace_s
    work.cancel()


async def test_a_deadline_that_is_committed_while_others_are_looked_at_is_not_missed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "LOOK_AGAIN_S", 3600)
    await house.seat()
    looks: asyncio.Queue[float] = asyncio.Queue()
    pass_deadlines = house.hub.pass_deadlines

    async def committing() -> float:
        wait_s = await pass_deadlines()
        if looks.empty():
            await house.run(c.LoseSeat(S1))  # after the look, before the wait
        looks.put_nowait(wait_s)
        return wait_s

    monkeypatch.setattr(house.hub, "pass_deadlines", committing)
    work = asyncio.create_task(house.hub.run_deadlines())
    async with asyncio.timeout(10):
        assert await looks.get() >= 3600
        assert await looks.get() == house.policy.seat_grace_s
    work.cancel()


# --- the server starts ----------------------------------------------------------------------------------------


async def test_a_start_loses_everyone_in_one_commit_and_keeps_rings(house: House) -> None:
    await house.seat()
    await house.tap()
    offers = (await house.line()).offers
    house.announcer.take()
    await house.hub.lose_everyone(LINE)
    line = await house.line()
    assert not line.seats[S1].connected
    assert not line.kiosks[K1].connected
    assert line.offers == offers
    assert {kind for kind, _ in line.deadlines} >= {
        DeadlineKind.OFFER,
        DeadlineKind.SEAT_GRACE,
        DeadlineKind.KIOSK_GRACE,
    }
    assert len(house.announcer.take()) == 1


# --- messages for the other end -------------------------------------------------------------------------------


async def test_a_message_of_a_call_goes_to_the_other_end_alone(house: House) -> None:
    await house.talk()
    await house.hub.relay(LINE, Party.VISITOR, "k1", V1, "call.offer", {"sdp": "x"}, 1)
    await house.hub.relay(LINE, Party.STAFF, "s1", V1, "text.draft", {"text": "y"})
    assert house.announcer.relays == [
        Relay("call.offer", {"sdp": "x"}, seat_id=S1),
        Relay("text.draft", {"text": "y"}, kiosk_id=K1),
    ]


@pytest.mark.parametrize(
    ("party", "party_id", "visit_id"),
    [
        (Party.VISITOR, "k2", "v1"),
        (Party.STAFF, "s2", "v1"),
        (Party.STAFF, "k1", "v1"),
        (Party.VISITOR, "s1", "v1"),
        (Party.VISITOR, "k1", "none"),
    ],
)
async def test_a_stranger_to_a_visit_finds_no_visit(house: House, party: Party, party_id: str, visit_id: str) -> None:
    await house.talk()
    with pytest.raises(Refused) as relayed:
        await house.hub.relay(LINE, party, party_id, VisitId(visit_id), "text.draft", {})
    with pytest.raises(Refused) as asked:
        await house.hub.ice_servers(LINE, party, party_id, VisitId(visit_id))
    assert relayed.value.code is asked.value.code is ErrorCode.NOT_FOUND
    assert house.announcer.relays == []


async def test_nothing_is_passed_on_outside_of_a_call(house: House) -> None:
    await house.seat()
    await house.tap()
    with pytest.raises(Refused) as early:
        await house.hub.relay(LINE, Party.VISITOR, "k1", V1, "text.draft", {})
    assert (early.value.code, early.value.data) == (ErrorCode.WRONG_STATE, {"state": "offered"})
    await house.accept()
    await house.run(c.FinishVisit(V1, seat_id=S1))
    with pytest.raises(Refused) as late:
        await house.hub.relay(LINE, Party.STAFF, "s1", V1, "text.draft", {})
    assert (late.value.code, late.value.data) == (ErrorCode.WRONG_STATE, {"state": "ended"})
    assert house.announcer.relays == []


async def test_a_message_of_a_generation_that_is_over_is_refused(house: House) -> None:
    await house.talk()
    await house.run(c.PathDead(V1, 1, Party.STAFF, "s1"))
    with pytest.raises(Refused) as stale:
        await house.hub.relay(LINE, Party.VISITOR, "k1", V1, "call.offer", {}, 1)
    assert (stale.value.code, stale.value.data) == (ErrorCode.STALE_GENERATION, {"generation": 2})
    await house.hub.relay(LINE, Party.VISITOR, "k1", V1, "call.offer", {}, 2)
    assert len(house.announcer.relays) == 1


async def test_on_a_path_that_is_made_ready_only_the_kiosk_and_that_seat_are_heard(house: House) -> None:
    await house.seat()
    await house.seat("s2", "Bo")
    await house.tap()
    await house.hub.relay(LINE, Party.VISITOR, "k1", V1, "call.offer", {}, 2)
    await house.hub.relay(LINE, Party.STAFF, "s2", V1, "call.answer", {}, 2)
    assert house.announcer.relays == [Relay("call.offer", {}, seat_id=S2), Relay("call.answer", {}, kiosk_id=K1)]
    for party, party_id, generation, code in (
        (Party.STAFF, "s1", 2, ErrorCode.WRONG_STATE),
        (Party.VISITOR, "k1", 3, ErrorCode.WRONG_STATE),
        (Party.VISITOR, "k1", None, ErrorCode.WRONG_STATE),
        (Party.STAFF, "s1", None, ErrorCode.WRONG_STATE),
        (Party.STAFF, "s3", 1, ErrorCode.NOT_FOUND),
        (Party.VISITOR, "k2", 1, ErrorCode.NOT_FOUND),
    ):
        with pytest.raises(Refused) as refused:
            await house.hub.relay(LINE, party, party_id, V1, "call.candidate", {}, generation)
        assert refused.value.code is code, (party_id, generation)
    await house.accept(seat_id="s2")
    await house.hub.relay(LINE, Party.VISITOR, "k1", V1, "call.candidate", {}, 2)
    assert house.announcer.relays[2:] == [Relay("call.candidate", {}, seat_id=S2)]
    for party_id, generation, code in (("s1", 1, ErrorCode.NOT_FOUND), ("s2", 1, ErrorCode.STALE_GENERATION)):
        with pytest.raises(Refused) as late:
            await house.hub.relay(LINE, Party.STAFF, party_id, V1, "call.candidate", {}, generation)
        assert late.value.code is code
    assert len(house.announcer.relays) == 3


async def test_a_path_that_another_node_made_ready_is_read_before_anybody_is_refused(house: House) -> None:
    await house.seat()
    await house.tap()
    async with house.store.line(LINE) as transaction:
        before = await transaction.load()
        (offer,) = before.offers.values()
        after = replace(before, offers={offer.id: replace(offer, prepared={S1: 7})})
        await transaction.save(before, after)
    await house.hub.relay(LINE, Party.VISITOR, "k1", V1, "call.offer", {}, 7)
    assert house.announcer.relays == [Relay("call.offer", {}, seat_id=S1)]


async def test_each_seat_for_which_a_path_is_made_ready_gets_ice_servers_of_its_own(house: House) -> None:
    for seat_id in ("s1", "s2", "s3", "s4"):
        await house.seat(seat_id)
        house.clock.later(1)
    await house.tap()
    names = [(await house.hub.ice_servers(LINE, Party.STAFF, seat_id, V1))[0].username for seat_id in ("s1", "s3")]
    assert [name.rpartition(":")[2] for name in names] == ["v1-ring1", "v1-ring3"]
    with pytest.raises(Refused) as only_rings:
        await house.hub.ice_servers(LINE, Party.STAFF, "s4", V1)
    assert only_rings.value.code is ErrorCode.NOT_FOUND
    await house.accept(seat_id="s3")
    (server,) = await house.hub.ice_servers(LINE, Party.STAFF, "s3", V1)
    assert server.username.endswith("v1-staff")
    with pytest.raises(Refused) as lost:
        await house.hub.ice_servers(LINE, Party.STAFF, "s1", V1)
    assert lost.value.code is ErrorCode.NOT_FOUND


async def test_ice_servers_need_no_database(house: House) -> None:
    await house.seat()
    await house.tap()
    house.store.away = True
    assert len(await house.hub.ice_servers(LINE, Party.STAFF, "s1", V1)) == 1
    assert len(await house.hub.ice_servers(LINE, Party.VISITOR, "k1", V1)) == 1


async def test_ice_servers_are_granted_while_the_visit_goes_on(house: House) -> None:
    await house.seat()
    await house.tap()
    (server,) = await house.hub.ice_servers(LINE, Party.VISITOR, "k1", V1)
    assert server.username == "0900:v1-visitor"
    await house.run(c.CancelVisit(V1, K1))
    with pytest.raises(Refused) as late:
        await house.hub.ice_servers(LINE, Party.VISITOR, "k1", V1)
    assert late.value.code is ErrorCode.WRONG_STATE


async def test_a_colleague_in_the_call_gets_what_goes_to_everybody_and_its_own_path(house: House) -> None:
    await house.talk()
    await house.seat("s2", "Bo")
    await house.run(c.InviteSeat(V1, S1, S2))
    await house.accept(seat_id="s2")
    await house.hub.relay(LINE, Party.VISITOR, "k1", V1, "text.draft", {})
    await house.hub.relay(LINE, Party.STAFF, "s2", V1, "call.media", {})
    await house.hub.relay(LINE, Party.VISITOR, "k1", V1, "call.offer", {}, 2)
    await house.hub.relay(LINE, Party.STAFF, "s2", V1, "call.offer", {}, 3)
    assert house.announcer.relays == [
        Relay("text.draft", {}, seat_id=S1),
        Relay("text.draft", {}, seat_id=S2),
        Relay("call.media", {}, kiosk_id=K1),
        Relay("call.media", {}, seat_id=S1),
        Relay("call.offer", {}, seat_id=S2),
        Relay("call.offer", {}, seat_id=S1),
    ]
    with pytest.raises(Refused) as foreign:
        await house.hub.relay(LINE, Party.STAFF, "s2", V1, "call.answer", {}, 1)
    assert (foreign.value.code, foreign.value.data) == (ErrorCode.STALE_GENERATION, {"generation": 2})
    (server,) = await house.hub.ice_servers(LINE, Party.STAFF, "s2", V1)
    assert server.username == "0900:v1-guest"


async def test_what_another_node_did_is_read_before_anybody_is_refused(house: House) -> None:
    await house.talk()
    async with house.store.line(LINE) as transaction:
        before = await transaction.load()
        visit = replace(before.visits[V1], generation=7, generations=7)
        await transaction.save(before, replace(before, visits={V1: visit}))
    await house.hub.relay(LINE, Party.VISITOR, "k1", V1, "call.offer", {}, 7)
    assert house.announcer.relays == [Relay("call.offer", {}, seat_id=S1)]


async def test_a_relay_asks_the_database_nothing(house: House) -> None:
    await house.talk()
    house.store.away = True
    await house.hub.relay(LINE, Party.VISITOR, "k1", V1, "call.candidate", {}, 1)
    assert len(house.announcer.relays) == 1


async def test_standby_people_are_asked_after_the_commit_with_the_line_as_it_is(house: House) -> None:
    asked: list[tuple[StandbyNeeded, LineState]] = []
    house.hub._standby = lambda effect, line: asked.append((effect, line))
    await house.run(c.LookAtSetup(LINE))
    await house.seat()
    await house.run(c.SetDuty(S1, on_duty=False))
    house.clock.later(house.policy.nobody_grace_s)
    await house.hub.pass_deadlines()
    ((effect, line),) = asked
    assert effect == StandbyNeeded(SERVICE, StandbyCause.NOBODY_ON_DUTY)
    assert not line.seats[S1].on_duty
    assert ("standby_needed", {"cause": "nobody_on_duty"}) in house.metrics.counted


# --- commands that come together -------------------------------------------------------------------------------


async def test_taps_that_come_together_keep_their_order(house: House) -> None:
    kiosks = [KioskId(f"k{number}") for number in range(6)]
    await house.run(*(c.ConnectKiosk(kiosk, BRANCH) for kiosk in kiosks))
    await house.seat()
    taps = [
        c.OpenVisit(VisitId(f"v{kiosk}"), kiosk, SERVICE, Language.SV, f"tap-{kiosk}") for kiosk in reversed(kiosks)
    ]
    decisions = await asyncio.gather(*(house.hub.run(LINE, tap) for tap in taps))
    assert [decision.visit_id for decision in decisions] == [tap.visit_id for tap in taps]
    line = await house.line()
    assert len(line.visits) == len(kiosks)
    assert [offer.visit_id for offer in line.offers.values()] == [taps[0].visit_id]


async def test_of_commands_that_come_together_only_the_wrong_one_is_refused(house: House) -> None:
    await house.talk()
    wrong, right = await asyncio.gather(
        house.hub.run(LINE, c.HoldVisit(VisitId("nobody's"), S1)),
        house.hub.run(LINE, c.HoldVisit(V1, S1)),
        return_exceptions=True,
    )
    assert isinstance(wrong, Refused)
    assert isinstance(right, Decision)
    assert (await house.line()).visits[V1].state is VisitState.HELD


async def test_a_visit_that_is_opened_and_left_in_one_commit_is_kept_and_out_of_the_line(house: House) -> None:
    await house.run(c.ConnectKiosk(K1, BRANCH), c.ConnectKiosk(K2, BRANCH))
    await house.seat()
    await asyncio.gather(
        house.hub.run(LINE, c.NameSeat(S1, named=False)),
        house.hub.run(LINE, c.OpenVisit(V1, K1, SERVICE, Language.SV, "tap")),
        house.hub.run(LINE, c.CancelVisit(V1, K1)),
    )
    assert not (await house.line()).offers
    kept = await house.store.find_visit(V1)
    assert kept is not None
    assert kept.end_reason is EndReason.LEFT_LINE
