"""The hub: one commit at a time per line; load, decide, commit, then announce.

Nothing is announced that is not committed, and nothing is kept in memory that a restart would lose: deadlines
are rows, and `run_deadlines` only ever looks for the next one. What it does not do: know sockets or databases.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from signaling.domain import commands as c
from signaling.domain import effects as e
from signaling.domain.decide import Decision, decide
from signaling.domain.errors import Refused, not_found
from signaling.domain.model import Deadline, LineState, Offer, Visit
from signaling.domain.paths import others, path_of, prepared
from signaling.domain.visit import IN_CALL
from signaling.protocol.errors import ErrorCode
from signaling.protocol.vocabulary import KioskId, LineId, OfferId, Party, SeatId, VisitId, VisitState
from signaling.service.batches import Batches
from signaling.service.changes import as_stored, change_of
from signaling.service.places import Places
from signaling.service.ports import Announcer, Clock, IceServerGrant, Metrics, Relay, Store, StoreError, Turn

#: Another node may have written an earlier deadline than the one waited for; look again at least this often.
LOOK_AGAIN_S: Final = 2.0
#: While deadlines are looked at, every new one is a reason to look once more.
AT_ONCE: Final = datetime.max.replace(tzinfo=UTC)
#: A deadline that could not be let pass is tried again after this time.
POSTPONE_S: Final = 60.0

_log = structlog.get_logger(__name__)


class Hub:
    """The use cases of the line and the call.

    Args:
        store: The truth.
        announcer: Carries what was committed to whoever is connected.
        clock: Time.
        turn: Hands out relay credentials.
        metrics: Counts.
        places: What the rules go by.
        standby: Called when standby people are needed, with the line as it was committed; must return at once.
    """

    def __init__(
        self,
        *,
        store: Store,
        announcer: Announcer,
        clock: Clock,
        turn: Turn,
        metrics: Metrics,
        places: Places,
        standby: Callable[[e.StandbyNeeded, LineState], None] | None = None,
    ) -> None:
        self._store = store
        self._announcer = announcer
        self._clock = clock
        self._turn = turn
        self._metrics = metrics
        self._places = places
        self._standby = standby
        self._lines: dict[LineId, LineState] = {}
        self._batches = Batches(self._commit)
        self._look_sooner = asyncio.Event()
        self._looks_at = AT_ONCE

    async def run(self, line_id: LineId, command: c.Command) -> Decision:
        """Load, decide, commit, then announce one command.

        Raises:
            Refused: The rules do not allow it; nothing has changed.
            StoreError: The database is away; nothing has changed.
        """
        return await self._batches.run(line_id, command)

    async def relay(
        self,
        line_id: LineId,
        party: Party,
        party_id: str,
        visit_id: VisitId,
        event: str,
        payload: Mapping[str, object],
        generation: int | None = None,
    ) -> None:
        """Pass one message on to the other ends of a call, if there is a call and it is the sender's.

        Args:
            line_id: The sender's line.
            party: What the sender is.
            party_id: The sender's kiosk or seat.
            visit_id: Whose call.
            event: Name of the message.
            payload: The message, as it leaves.
            generation: On which path; None goes to everybody else in the call.

        Raises:
            Refused: No such visit for this sender, it is in no call and no path to the sender is made ready, or the
                generation is not one of now.
        """
        known = self._lines.get(line_id) or LineState()
        visit = known.visits.get(visit_id)
        ends = others(visit, party, party_id, generation, known.offers) if visit is not None else ()
        if not ends:
            # Another node may have moved it on: nobody is refused by what only this one remembers.
            visit, rings = await self._visit_of(line_id, party, party_id, visit_id)
            ends = others(visit, party, party_id, generation, rings)
            if visit.state not in IN_CALL and not ends:
                raise Refused(ErrorCode.WRONG_STATE, {"state": visit.state.value})
            if not ends:
                raise Refused(ErrorCode.STALE_GENERATION, {"generation": path_of(visit, party, party_id)})
        for to, to_id in ends:
            if to is Party.VISITOR:
                await self._announcer.relay(Relay(event, payload, kiosk_id=KioskId(to_id)))
            else:
                await self._announcer.relay(Relay(event, payload, seat_id=SeatId(to_id)))

    async def ice_servers(
        self, line_id: LineId, party: Party, party_id: str, visit_id: VisitId
    ) -> list[IceServerGrant]:
        """ICE servers for one end of a visit that goes on, with credentials that live for a short time.

        Args:
            line_id: The line of the one who asks.
            party: What it is.
            party_id: Its kiosk or seat; the seat may be one where the visit rings, if a path is made ready for it.
            visit_id: Which visit.

        Raises:
            Refused: No such visit for the one who asks, or it has ended.
        """
        known = self._lines.get(line_id) or LineState()
        visit, rings = known.visits.get(visit_id), known.offers
        if visit is None or not _takes_part(visit, rings, party, party_id):
            visit, rings = await self._visit_of(line_id, party, party_id, visit_id)
        if visit.state is VisitState.ENDED:
            raise Refused(ErrorCode.WRONG_STATE, {"state": visit.state.value})
        ringing = {seat_id: number for number, seat_id in prepared(visit.id, rings).items()}
        if party is Party.STAFF and party_id in ringing:
            end = f"ring{ringing[SeatId(party_id)]}"  # a name of its own: the relay's quota counts by it
        else:
            end = "guest" if party is Party.STAFF and party_id == visit.guest_seat_id else party.value
        return list(self._turn.grant(f"{visit_id}-{end}", self._clock.now()))

    async def line(self, line_id: LineId) -> LineState:
        """The line as this node last saw it, read only when it has seen nothing of it yet.

        Raises:
            StoreError: The database is away.
        """
        return self._lines.get(line_id) or await self._store.read_line(line_id)

    def last_known(self, line_id: LineId) -> LineState | None:
        """The line as this node last saw it; another node may have changed it since."""
        return self._lines.get(line_id)

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
                async with asyncio.timeout(wait_s):
                    await self._look_sooner.wait()
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

    async def _commit(self, line_id: LineId, commands: Sequence[c.Command]) -> Sequence[Decision | Exception]:
        """One commit for commands that came together: each is decided upon what the one before it led to."""
        setup = await self._places.setup()
        async with self._store.line(line_id) as transaction:
            before = await transaction.load()
            now = self._clock.now()
            results: list[Decision | Exception] = []
            after = before
            settled: dict[VisitId, Visit] = {}
            for command in commands:
                try:
                    decision = decide(after, command, now, setup)
                except Exception as error:  # noqa: BLE001 - a refusal, or a rule that broke, is this command's alone
                    results.append(error)
                    continue
                results.append(decision)
                settled |= {key: visit for key, visit in decision.state.visits.items() if visit.settled}
                after = as_stored(decision.state)  # as the next one would have loaded it
            if settled:
                after = replace(after, visits={**after.visits, **settled})
            if after != before:
                await transaction.save(before, after)
        self._lines[line_id] = as_stored(after)
        if after == before:
            return results
        if any(row.due_at < self._looks_at for row in after.deadlines.values()):
            self._look_sooner.set()
        for result in results:
            for effect in result.effects if isinstance(result, Decision) else ():
                self._carry_out(effect, after)
        await self._announcer.changed(change_of(line_id, before, after, setup))
        return results

    async def _let_pass(self, line_id: LineId, row: Deadline) -> None:
        try:
            await self.run(line_id, c.DeadlinePassed(row.kind, row.subject_id))
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - one row that fails must not stop all that stand behind it
            _log.error("deadline_failed", kind=row.kind.value, error=type(error).__name__)
            await self.run(line_id, c.PostponeDeadline(row.kind, row.subject_id, POSTPONE_S))

    async def _visit_of(
        self, line_id: LineId, party: Party, party_id: str, visit_id: VisitId
    ) -> tuple[Visit, Mapping[OfferId, Offer]]:
        """The visit of one who takes part, or for whom a path is made ready; with the rings of the line if it rings."""
        visit = await self._store.find_visit(visit_id)
        if visit is None:
            raise not_found()
        rings: Mapping[OfferId, Offer] = {}
        if visit.state is VisitState.OFFERED:
            line = await self._store.read_line(line_id)
            visit, rings = line.visits.get(visit_id, visit), line.offers
        if not _takes_part(visit, rings, party, party_id):
            raise not_found()
        return visit, rings

    def _carry_out(self, effect: e.Effect, line: LineState) -> None:
        match effect:
            case e.VisitAccepted(waited_s=waited_s):
                self._metrics.count("visits_accepted")
                self._metrics.observe("visit_wait", waited_s)
            case e.VisitEnded(reason=reason, answered=answered):
                self._metrics.count("visits_ended", {"reason": reason.value, "answered": "yes" if answered else "no"})
            case e.VisitReturned():
                self._metrics.count("visits_returned")
            case e.RingUnanswered():
                self._metrics.count("rings_unanswered")
            case e.TicketTaken():
                self._metrics.count("tickets_taken")
            case e.ChoicesShown():
                self._metrics.count("choices_shown")
            case e.SeatPaused():
                self._metrics.count("seats_paused")
            case e.LeftDuty():
                self._metrics.count("seats_left_duty")
            case e.StandbyNeeded(cause=cause):
                self._metrics.count("standby_needed", {"cause": cause.value})
                if self._standby is not None:
                    self._standby(effect, line)


def _takes_part(visit: Visit, rings: Mapping[OfferId, Offer], party: Party, party_id: str) -> bool:
    """It is in the visit, or a path is made ready for it."""
    if party is Party.VISITOR:
        return party_id == visit.kiosk_id
    return party_id in {visit.seat_id, visit.guest_seat_id, *prepared(visit.id, rings).values()}
