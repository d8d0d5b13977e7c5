"""Lines in memory."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import chain

from signaling.adapters.store_memory.refusals import require
from signaling.domain.model import Deadline, LineState, Visit
from signaling.protocol.vocabulary import LineId, VisitId


class Draft:
    """One line transaction: what it will leave behind."""

    def __init__(self, state: LineState) -> None:
        self.state = state
        self.settled: dict[VisitId, Visit] = {}

    async def load(self) -> LineState:
        """Read what the rules need."""
        return self.state

    async def save(self, before: LineState, after: LineState) -> None:
        """Keep what is different."""
        gone = [visit for visit_id, visit in before.visits.items() if visit_id not in after.visits]
        done = [visit for visit in after.visits.values() if visit.settled]
        for visit in (*gone, *done):
            self.settled[visit.id] = _without_traces(visit)
        self.state = LineState(
            visits={key: visit for key, visit in after.visits.items() if not visit.settled},
            offers=dict(after.offers),
            seats=dict(after.seats),
            kiosks=dict(after.kiosks),
            standings=dict(after.standings),
            deadlines=dict(after.deadlines),
        )


class MemoryLines:
    """The part of the fake that knows lines. A library's own line is there as soon as the library is."""

    def __init__(self) -> None:
        self._lines: dict[LineId, LineState] = {}
        self._locks: defaultdict[LineId, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._settled: dict[VisitId, Visit] = {}

    @asynccontextmanager
    async def line(self, line_id: LineId) -> AsyncGenerator[Draft, None]:
        """A write transaction that is alone on this line."""
        require(line_id in self._lines, "there is no such line")
        async with self._locks[line_id]:
            draft = Draft(self._lines[line_id])
            yield draft
            self._lines[line_id] = draft.state
            self._settled.update(draft.settled)

    async def read_line(self, line_id: LineId) -> LineState:
        """Read without writing."""
        return self._lines.get(line_id, LineState())

    async def next_deadline(self) -> tuple[LineId, Deadline] | None:
        """The earliest deadline of all lines, due or not."""
        found = [(line, deadline) for line, state in self._lines.items() for deadline in state.deadlines.values()]
        return min(found, key=lambda item: (item[1].due_at, item[1].kind, item[1].subject_id), default=None)

    async def find_visit(self, visit_id: VisitId) -> Visit | None:
        """Any visit, ended ones too."""
        live = (state.visits[visit_id] for state in self._lines.values() if visit_id in state.visits)
        return next(live, None) or self._settled.get(visit_id)

    def _open_visits(self) -> Iterator[Visit]:
        """Every visit of every line that is not settled."""
        return chain.from_iterable(state.visits.values() for state in self._lines.values())


def _without_traces(visit: Visit) -> Visit:
    return replace(
        visit,
        settled=True,
        request_id="",
        declined_by=frozenset(),
        preferred_seat_id=None,
        calling_until=None,
        expected_from=None,
        expected_by=None,
        estimate_reason=None,
        note=None,
    )
