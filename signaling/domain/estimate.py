"""When a visit that waits will probably be answered: an honest span, which never grows without a reason.

The line is played forward twice, once with short and once with long conversations: each visit in turn takes
the seat that comes free first among those that fit. What it does not do: promise, or choose who rings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import heapify, heapreplace
from statistics import median
from typing import Final

from signaling.domain.line import in_order
from signaling.domain.model import Deadline, DeadlineKind, LineState, Visit
from signaling.domain.places import Setup
from signaling.domain.reach import Reach, service_of
from signaling.domain.visit import IN_LINE
from signaling.protocol.vocabulary import EstimateReason, Language, SeatId, ServiceId, VisitId, VisitState

#: A short and a long conversation, as long as a service has too few of its own to go by.
DEFAULT_HANDLING_S: Final = (120.0, 480.0)
FEW: Final = 3
#: A shown estimate is left alone when the new one differs by less: nobody waits otherwise for that.
MATERIAL_S: Final = 30.0
#: Conversations are never all alike: a long one lasts at least so many times the usual.
LONG_FACTOR: Final = 1.25


def reestimated(before: LineState, after: LineState, setup: Setup, now: datetime) -> Mapping[VisitId, Visit]:
    """The visits in the line whose estimate is another after a command.

    An estimate gets earlier when that is worth telling, and later only with a reason: fewer seats that fit, a
    visit that came back before it, or the time having come. Where nobody fits there is none.

    Args:
        before: The line as it was, with the estimates that are shown.
        after: The line after the command, with the same estimates.
        setup: Services, teams and durations.
        now: Aware, UTC.

    Returns:
        Those visits with their new `expected_from`, `expected_by` and `estimate_reason`; mostly empty.
    """
    line = in_order(after, setup)
    if not line or _nothing_to_say(before, after, line, now):
        return {}
    who_fits = _WhoFits(after, setup)
    if all(visit.state is VisitState.OFFERED for visit in line):
        # It rings for everybody: nothing to play forward, which a crowd of seats would make dear at each tap.
        spans: Mapping[VisitId, _Span] = {visit.id: _Span(now, now + _ring(visit, setup)) for visit in line}
    else:
        spans = _spans(after, line, who_fits, setup, now)
    who_fitted = _WhoFits(before, setup)
    changed: dict[VisitId, Visit] = {}
    came_back = False  # a visit that stands before this one came back
    for visit in line:
        earlier = before.visits.get(visit.id)
        stood = earlier is not None and earlier.state in IN_LINE
        if stood:
            span = spans.get(visit.id)
            # Who fits is looked up only where it could be a reason: for a later estimate.
            fewer = _is_later(visit, span) and len(who_fits.seats(visit)) < len(who_fitted.seats(visit))
            estimated = _changed(visit, span, _reason(visit, now, fewer=fewer, came_back=came_back))
        else:
            estimated = _with(visit, spans.get(visit.id), None)
        if estimated != visit:
            changed[visit.id] = estimated
        came_back = came_back or (visit.returned and not stood)
    return changed


@dataclass(frozen=True, slots=True)
class _Span:
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class _Fit:
    """A seat that could answer, from a tier on that begins so long after the tap."""

    seat_id: SeatId
    tier: int
    after_s: float


class _WhoFits:
    """The answerable seats that fit a visit in time, worked out once for each service and language."""

    def __init__(self, state: LineState, setup: Setup) -> None:
        self._reach = Reach(state, setup)
        self._known: dict[tuple[ServiceId, Language], Sequence[_Fit]] = {}

    def seats(self, visit: Visit) -> Sequence[_Fit]:
        """Those that ring for it now or later, if nobody else takes it; the first tiers first."""
        key = (visit.service_id, visit.language)
        if key not in self._known:
            self._known[key] = self._look_up(visit)
        return self._known[key]

    def _look_up(self, visit: Visit) -> Sequence[_Fit]:
        starts_s = [tier.after_s for tier in self._reach.service(visit.service_id).tiers] or [0.0]
        at_tier = [replace(visit, tier=number) for number in range(len(starts_s))]
        found = []
        for seat in self._reach.answerable(visit.service_id):
            if self._reach.fits(seat, visit):
                tier = next(number for number, then in enumerate(at_tier) if self._reach.may_ring(seat, then))
                found.append(_Fit(seat.id, tier, starts_s[tier]))
        return sorted(found, key=lambda fit: fit.tier)


def _nothing_to_say(before: LineState, after: LineState, line: Sequence[Visit], now: datetime) -> bool:
    """Most commands move neither visits nor seats. The comparison is cheap: what is the same is the same object."""
    return (
        all(visit.expected_by is not None and now < visit.expected_by for visit in line)
        and before.visits == after.visits
        and before.seats == after.seats
    )


def _spans(
    state: LineState, line: Sequence[Visit], who_fits: _WhoFits, setup: Setup, now: datetime
) -> Mapping[VisitId, _Span]:
    """Play the line forward; visits that nobody fits are left out."""
    handling = _Handling(state)
    soonest = _Seats(state, {seat_id: _free_at(state, seat_id, handling, now, long=False) for seat_id in state.seats})
    latest = _Seats(state, {seat_id: _free_at(state, seat_id, handling, now, long=True) for seat_id in state.seats})
    spans: dict[VisitId, _Span] = {}
    for visit in line:
        fits = who_fits.seats(visit)
        if not fits:
            continue
        short, long = handling.of(visit.service_id)
        begins = soonest.take(visit, fits, short)
        ends = latest.take(visit, fits, long) + _ring(visit, setup)
        spans[visit.id] = _Span(begins, max(ends, begins, now + timedelta(seconds=MATERIAL_S)))
    return spans


class _Seats:
    """When each seat is free, as the line is played forward."""

    def __init__(self, state: LineState, free_at: dict[SeatId, datetime]) -> None:
        self._state = state
        self._free_at = free_at
        # The seats that fit, soonest first. Two kinds of visits may share seats, so that an entry can be out of date.
        self._soonest: dict[int, list[tuple[datetime, SeatId]]] = {}

    def take(self, visit: Visit, fits: Sequence[_Fit], busy: timedelta) -> datetime:
        """Let a visit have the seat that could take it first; returns when."""
        pause = self._state.deadlines.get((DeadlineKind.DECLINE, visit.id))
        if pause is None and fits[-1].tier <= visit.tier:
            at, seat_id = self._first_free(fits)
        else:
            at, seat_id = min((self._could_take(fit, visit, pause), fit.seat_id) for fit in fits)
        self._free_at[seat_id] = at + busy
        return at

    def _first_free(self, fits: Sequence[_Fit]) -> tuple[datetime, SeatId]:
        """With hundreds of seats and a long line, to look at each seat for each visit took half a second a tap."""
        heap = self._soonest.get(id(fits))
        if heap is None:
            heap = self._soonest[id(fits)] = [(self._free_at[fit.seat_id], fit.seat_id) for fit in fits]
            heapify(heap)
        while (right := self._free_at[heap[0][1]]) != heap[0][0]:
            heapreplace(heap, (right, heap[0][1]))
        return heap[0]

    def _could_take(self, fit: _Fit, visit: Visit, pause: Deadline | None) -> datetime:
        at = self._free_at[fit.seat_id]
        if fit.tier > visit.tier:
            at = max(at, visit.opened_at + timedelta(seconds=fit.after_s))
        return max(at, pause.due_at) if pause is not None and fit.seat_id in visit.declined_by else at


def _free_at(state: LineState, seat_id: SeatId, handling: _Handling, now: datetime, *, long: bool) -> datetime:
    seat = state.seats[seat_id]
    visit = state.visits.get(seat.visit_id) if seat.visit_id is not None else None
    if visit is None:
        return max(now, seat.wrap_up_until) if long and seat.wrap_up_until is not None else now
    short_time, long_time = handling.of(visit.service_id)
    began = visit.accepted_at or now
    if not long:
        return max(now, began + short_time)
    # What lasts long already may well last as long again as half of a long one.
    return max(now + long_time / 2, began + long_time)


def _ring(visit: Visit, setup: Setup) -> timedelta:
    own = service_of(setup, visit.service_id).ring_timeout_s
    return timedelta(seconds=own if own is not None else setup.policy.ring_timeout_s)


class _Handling:
    """How long a short and a long visit of each service keep a seat."""

    def __init__(self, state: LineState) -> None:
        self._state = state
        self._known: dict[ServiceId, tuple[timedelta, timedelta]] = {}

    def of(self, service_id: ServiceId) -> tuple[timedelta, timedelta]:
        """The quartiles of the latest ones."""
        if service_id not in self._known:
            standing = self._state.standings.get(service_id)
            low, high = _quartiles(standing.handling_s if standing is not None else ())
            self._known[service_id] = (timedelta(seconds=low), timedelta(seconds=high))
        return self._known[service_id]


def _quartiles(handling_s: Sequence[float]) -> tuple[float, float]:
    if len(handling_s) < FEW:
        return DEFAULT_HANDLING_S
    times = sorted(handling_s)
    return times[len(times) // 4], max(times[3 * len(times) // 4], median(times) * LONG_FACTOR)


def _reason(visit: Visit, now: datetime, *, fewer: bool, came_back: bool) -> EstimateReason | None:
    if visit.expected_by is not None and now >= visit.expected_by:
        return EstimateReason.TAKES_LONGER
    if came_back:
        return EstimateReason.RETURNED_AHEAD
    return EstimateReason.FEWER_SEATS if fewer else None


def _is_later(visit: Visit, span: _Span | None) -> bool:
    later_by = timedelta(seconds=MATERIAL_S)
    return span is not None and visit.expected_by is not None and span.ends >= visit.expected_by + later_by


def _changed(visit: Visit, span: _Span | None, reason: EstimateReason | None) -> Visit:
    """The visit with what may be said to somebody who has seen its estimate."""
    if span is None or visit.expected_from is None or visit.expected_by is None:
        return _with(visit, span, None)
    material = timedelta(seconds=MATERIAL_S)
    if reason is not None and (_is_later(visit, span) or reason is EstimateReason.TAKES_LONGER):
        return _with(visit, span, reason)
    sooner = _Span(min(span.begins, visit.expected_from), min(span.ends, visit.expected_by))
    if visit.expected_from - sooner.begins >= material or visit.expected_by - sooner.ends >= material:
        return _with(visit, sooner, None)
    return visit


def _with(visit: Visit, span: _Span | None, reason: EstimateReason | None) -> Visit:
    return replace(
        visit,
        expected_from=span.begins if span is not None else None,
        expected_by=span.ends if span is not None else None,
        estimate_reason=reason,
    )
