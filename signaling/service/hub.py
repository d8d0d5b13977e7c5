"""The hub: one command at a time per library; load, decide, commit, then announce.

Nothing is announced that is not committed, and nothing is kept in memory that a restart would lose: deadlines
are rows, and `run_deadlines` only ever looks for the next one. What it does not do: know sockets or databases.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from signaling.domain import commands as c
from signaling.domain.decide import Decision, decide
from signaling.domain.effects import Effect, RingUnanswered, VisitAccepted, VisitEnded, VisitReturned
from signaling.domain.errors import Refused, not_found
from signaling.domain.line import availability, places
from signaling.domain.model import Deadline, LineState, Visit
from signaling.domain.visit import IN_CALL
from signaling.protocol.errors import ErrorCode
from signaling.protocol.vocabulary import KioskId, LineId, Party, SeatId, VisitId, VisitState
from signaling.service.places import Places
from signaling.service.ports import Announcer, Changed, Clock, IceServerGrant, Metrics, Relay, Store, StoreError, Turn

#: Another node may have written an earlier deadline than the one waited for; look again at least this often.
LOOK_AGAIN_S: Final = 2.0
#: While deadlines are looked at, every new one is a reason to look once more.
AT_ONCE: Final = datetime.max.replace(tzinfo=UTC)
#: A deadline that could not be let pass is tried again after this time.
POSTPONE_S: Final = 60.0

_log = structlog.get_logger(__name__)


class Hub:
    """The use cases of the line and the call."""

    def __init__(
        self,
        *,
        store: Store,
        announcer: Announcer,
        clock: Clock,
        turn: Turn,
        metrics: Metrics,
        places: Places,
    ) -> None:
        self._store = store
        self._announcer = announcer
        self._clock = clock
        self._turn = turn
        self._metrics = metrics
        self._places = places
        self._look_sooner = asyncio.Event()
        self._looks_at = AT_ONCE

    async def run(self, line_id: LineId, command: c.Command) -> Decision:
        """Load, decide, commit, then announce one command.

        Raises:
            Refused: The rules do not allow it; nothing has changed.
            StoreError: The database is away; nothing has changed.
        """
        setup = await self._places.setup()
        async with self._store.line(line_id) as transaction:
            before = await transaction.load()
            now = self._clock.now()
            decision = decide(before, command, now, setup)
            after = decision.state
            if after != before:
                await transaction.save(before, after)
        if after == before:
            return decision
        if any(row.due_at < self._looks_at for row in after.deadlines.values()):
            self._look_sooner.set()
        for effect in decision.effects:
            self._count(effect)
        await self._announcer.changed(change_of(line_id, before, after))
        return decision

    async def relay(
        self,
        party: Party,
        party_id: str,
        visit_id: VisitId,
        event: str,
        payload: Mapping[str, object],
        generation: int | None = None,
    ) -> None:
        """Pass one message on to the other end of a call, if there is a call and it is the sender's.

        Raises:
            Refused: No such visit for this sender, it is in no call, or the generation is not the current one.
        """
        visit = await self._visit_of(party, party_id, visit_id)
        if visit.state not in IN_CALL:
            raise Refused(ErrorCode.WRONG_STATE, {"state": visit.state.value})
        if generation is not None and generation != visit.generation:
            raise Refused(ErrorCode.STALE_GENERATION, {"generation": visit.generation})
        if party is Party.VISITOR:
            await self._announcer.relay(Relay(event, payload, seat_id=visit.seat_id))
        else:
            await self._announcer.relay(Relay(event, payload, kiosk_id=visit.kiosk_id))

    async def ice_servers(self, party: Party, party_id: str, visit_id: VisitId) -> list[IceServerGrant]:
        """ICE servers for one end of a visit that goes on, with credentials that live for a short time.

        Raises:
            Refused: No such visit for the one who asks, or it has ended.
        """
        visit = await self._visit_of(party, party_id, visit_id)
        if visit.state is VisitState.ENDED:
            raise Refused(ErrorCode.WRONG_STATE, {"state": visit.state.value})
        return list(self._turn.grant(f"{visit_id}-{party.value}", self._clock.now()))

    async def lose_everyone(self, line_id: LineId) -> None:
        """The server starts: no socket is open yet, whatever the rows say; each gets its grace."""
        await self.run(line_id, c.LoseEveryone())

    async def run_deadlines(self) -> None:
        """For ever: wait for the next deadline and let it pass. Survives a database that is away for a while."""
        while True:
            self._look_sooner.clear()
            self._looks_at = AT_ONCE  # what is committed from here on may be missed by this look
            try:
                wait_s = min(await self.pass_deadlines(), LOOK_AGAIN_S)
            except StoreError as error:
                _log.warning("deadlines_wait_for_store", error=type(error).__name__)
                wait_s = LOOK_AGAIN_S
            self._looks_at = self._clock.now() + timedelta(seconds=wait_s)
            try:
                await asyncio.wait_for(self._look_sooner.wait(), wait_s)
            except TimeoutError:
                continue

    async def pass_deadlines(self) -> float:
        """Let every deadline pass that is due now; returns seconds until the next."""
        while True:
            found = await self._store.next_deadline()
            if found is None:
                return LOOK_AGAIN_S
            line_id, row = found
            wait_s = (row.due_at - self._clock.now()).total_seconds()
            if wait_s > 0:
                return wait_s
            await self._let_pass(line_id, row)

    async def _let_pass(self, line_id: LineId, row: Deadline) -> None:
        try:
            await self.run(line_id, c.DeadlinePassed(row.kind, row.subject_id))
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - one row that fails must not stop all that stand behind it
            _log.error("deadline_failed", kind=row.kind.value, error=type(error).__name__)
            await self.run(line_id, c.PostponeDeadline(row.kind, row.subject_id, POSTPONE_S))

    async def _visit_of(self, party: Party, party_id: str, visit_id: VisitId) -> Visit:
        visit = await self._store.find_visit(visit_id)
        if visit is None or party_id != (visit.kiosk_id if party is Party.VISITOR else visit.seat_id):
            raise not_found()
        return visit

    def _count(self, effect: Effect) -> None:
        match effect:
            case VisitAccepted(waited_s=waited_s):
                self._metrics.count("visits_accepted")
                self._metrics.observe("visit_wait", waited_s)
            case VisitEnded(reason=reason, answered=answered):
                self._metrics.count("visits_ended", {"reason": reason.value, "answered": "yes" if answered else "no"})
            case VisitReturned():
                self._metrics.count("visits_returned")
            case RingUnanswered():
                self._metrics.count("rings_unanswered")


def change_of(line_id: LineId, before: LineState, after: LineState) -> Changed:
    """Whose view may be another after a commit."""
    return Changed(
        line_id,
        kiosks=kiosks_to_tell(before, after),
        all_kiosks=availability(before) != availability(after),
        line=_as_stored(after),
    )


def kiosks_to_tell(before: LineState, after: LineState) -> frozenset[KioskId]:
    """Kiosks whose own visit looks different: the visit, its place, or its librarian's seat."""
    seen_before, seen_after = _seen(before), _seen(after)
    return frozenset(
        kiosk_id
        for kiosk_id in seen_before.keys() | seen_after.keys()
        if seen_before.get(kiosk_id) != seen_after.get(kiosk_id)
    )


def _as_stored(line: LineState) -> LineState:
    """The line as the store gives it from now on: without visits about which nothing more will be said."""
    if not any(visit.settled for visit in line.visits.values()):
        return line
    return replace(line, visits={key: visit for key, visit in line.visits.items() if not visit.settled})


def _seen(line: LineState) -> dict[KioskId, tuple[object, ...]]:
    # A kiosk has one visit that goes on, beside ended ones that wait for their close-out and are not shown.
    place_of = places(line)
    return {
        visit.kiosk_id: (visit, place_of.get(visit.id, 0), _seat_seen(line, visit.seat_id))
        for visit in line.visits.values()
        if visit.state is not VisitState.ENDED
    }


def _seat_seen(line: LineState, seat_id: SeatId | None) -> tuple[str, bool] | None:
    seat = line.seats.get(seat_id) if seat_id is not None else None
    return (seat.name, seat.connected) if seat is not None else None
