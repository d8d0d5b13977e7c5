"""What follows from any command: rings end and begin, circles widen, choices show, standby people are watched for.

Run once at the end of each decision, on the whole line. So no command has to think of what it may have made
possible for another visit or seat.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import timedelta
from enum import Enum, auto

from signaling.domain.deciding import clock, visits
from signaling.domain.draft import Draft
from signaling.domain.estimate import reestimated
from signaling.domain.line import waits_with_ticket
from signaling.domain.model import DeadlineKind, LineState, Offer, Visit
from signaling.domain.reach import Reach
from signaling.domain.routing import idle_since, prefers, rings_that_end, rings_to_start
from signaling.domain.visit import IN_LINE, VisitEvent
from signaling.protocol.vocabulary import MAX_PREPARED, OfferKind, ServiceId, VisitId, VisitState


class Tell(Enum):
    """Which visits that nobody can answer get their choices now."""

    NOBODY = auto()
    NEWLY = auto()  # those that somebody could answer before the command
    EVERYBODY = auto()


def follow(draft: Draft, before: LineState, tell: Tell) -> None:
    """Bring about all that follows.

    Args:
        draft: After the command.
        before: The line before it.
        tell: Who is told at once that nobody can answer.
    """
    reach = Reach(draft.state(), draft.setup)
    without_duty = reach.without_duty([ServiceId(x) for x in draft.standings if x in draft.setup.directory.services])
    _expire_tickets(draft, reach)
    _end_rings(draft, reach)
    _widen(draft, reach)
    _start_rings(draft, reach)
    _prepare(draft)
    if tell is not Tell.NOBODY:
        _show_choices(draft, reach, _unanswerable(before, draft) if tell is Tell.NEWLY else frozenset())
    clock.watch_duty(draft, without_duty)
    _estimate(draft, before)


def _waiting(draft: Draft) -> list[Visit]:
    return [visit for visit in draft.visits.values() if visit.state in IN_LINE]


def _expire_tickets(draft: Draft, reach: Reach) -> None:
    """It has closed, and nobody who could call back is on duty any more. A seat that reloads still is."""
    for visit in _waiting(draft):
        open_now = draft.standing(visit.service_id).open and draft.standing(visit.branch_id).open
        if visit.ticket is None or open_now:
            continue
        if not any(seat.on_duty and reach.fits(seat, visit) for seat in draft.seats.values()):
            draft.happen(visit, VisitEvent.EXPIRE)


def _end_rings(draft: Draft, reach: Reach) -> None:
    for offer_id, seat_ids in list(rings_that_end(draft.state(), reach)):
        draft.unring(draft.offers[offer_id], seat_ids)
    for visit in _waiting(draft):
        if visit.preferred_seat_id is not None and not prefers(draft.state(), visit, reach):
            draft.drop_deadline(DeadlineKind.PREFER, visit.id)
            draft.put_visit(replace(visit, preferred_seat_id=None))


def _widen(draft: Draft, reach: Reach) -> None:
    """The timed roll-up: the next tier at its time; at once when nobody of the present one can answer."""
    for visit in _waiting(draft):
        tiers = reach.service(visit.service_id).tiers
        tier = visit.tier
        while tier + 1 < len(tiers):
            due_at = visit.opened_at + timedelta(seconds=tiers[tier + 1].after_s)
            if due_at > draft.now and reach.somebody_in_tier(visit, tier):
                draft.set_deadline_at(DeadlineKind.TIER, visit.id, due_at)
                break
            tier += 1
        else:
            draft.drop_deadline(DeadlineKind.TIER, visit.id)
        if tier > visit.tier:
            draft.put_visit(replace(visit, tier=tier))


def _start_rings(draft: Draft, reach: Reach) -> None:
    for ring in list(rings_to_start(draft.state(), draft.setup, reach)):
        visit = draft.visits[ring.visit_id]
        if visit.state is VisitState.OFFERED:
            visit = draft.put_visit(replace(visit, rings=visit.rings + 1))
        else:
            visit = draft.happen(visit, VisitEvent.RING)
        draft.make_offer(visit, ring.seat_ids)


def _prepare(draft: Draft) -> None:
    """The first seats that ring have a path made ready, longest idle first; when one declines, the next gets one.

    None with a ticket: at its kiosk may stand somebody else now.
    """
    rings: dict[VisitId, list[Offer]] = {}
    for offer in draft.offers.values():
        if offer.kind is OfferKind.VISIT:
            rings.setdefault(offer.visit_id, []).append(offer)
    for visit_id, offers in rings.items():
        if draft.visits[visit_id].ticket is not None:
            draft.offers.update((offer.id, replace(offer, prepared={})) for offer in offers if offer.prepared)
            continue
        ready = {seat_id for offer in offers for seat_id in offer.prepared}
        rung = sorted((draft.seats[seat_id] for offer in offers for seat_id in offer.seat_ids), key=idle_since)
        for seat in [seat for seat in rung if seat.id not in ready][: MAX_PREPARED - len(ready)]:
            draft.prepare(draft.ring_at(seat.id), seat.id)


def _show_choices(draft: Draft, reach: Reach, unanswerable: AbstractSet[str]) -> None:
    """To whom nobody can answer, but those who have been told already."""
    for visit in _waiting(draft):
        if visit.choices or waits_with_ticket(visit) or visit.id in unanswerable:
            continue
        if reach.nobody_for(visit) is not None:
            visits.show_choices(draft, visit.id)


def _unanswerable(before: LineState, draft: Draft) -> AbstractSet[str]:
    reach = Reach(before, draft.setup)
    waiting = [visit for visit in before.visits.values() if visit.state in IN_LINE]
    return {visit.id for visit in waiting if reach.nobody_for(visit) is not None}


def _estimate(draft: Draft, before: LineState) -> None:
    draft.visits.update(reestimated(before, draft.state(), draft.setup, draft.now))
    for visit in _waiting(draft):
        if visit.expected_by is not None and visit.expected_by > draft.now:
            draft.set_deadline_at(DeadlineKind.ESTIMATE, visit.id, visit.expected_by)
        else:
            draft.drop_deadline(DeadlineKind.ESTIMATE, visit.id)
