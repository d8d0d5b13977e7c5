"""A draft of the next line state, while one command is being decided.

Mutable on purpose and never leaves `decide`: it copies the mappings once, and keeps what belongs together
together (a visit that ends frees its seat, an offer that goes takes its deadline with it).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from signaling.domain.effects import Effect, VisitEnded, VisitReturned
from signaling.domain.errors import not_found
from signaling.domain.model import Deadline, DeadlineKind, LineState, Offer, Seat, Visit
from signaling.domain.places import Setup
from signaling.domain.routing import Ring, rings_to_start
from signaling.domain.visit import END_REASONS, VisitEvent, step
from signaling.protocol.vocabulary import KioskId, OfferId, Party, SeatId, VisitId, VisitState


class Draft:
    """The next state in the making."""

    def __init__(self, state: LineState, now: datetime, setup: Setup) -> None:
        self.now = now
        self.setup = setup
        self.policy = setup.policy
        self.visits = dict(state.visits)
        self.offers = dict(state.offers)
        self.seats = dict(state.seats)
        self.kiosks = dict(state.kiosks)
        self.standings = dict(state.standings)
        self.deadlines = dict(state.deadlines)
        self.effects: list[Effect] = []

    def state(self) -> LineState:
        """The draft as a value."""
        return LineState(self.visits, self.offers, self.seats, self.kiosks, self.standings, self.deadlines)

    # --- finding, with refusal ----------------------------------------------------------------------------

    def seat(self, seat_id: SeatId) -> Seat:
        """The seat, or refuse."""
        seat = self.seats.get(seat_id)
        if seat is None:
            raise not_found()
        return seat

    def visit(self, visit_id: VisitId, party: Party, party_id: str) -> Visit:
        """The visit, if that kiosk or seat is in it; otherwise refuse as if it did not exist."""
        visit = self.visits.get(visit_id)
        if visit is None or party_id != (visit.kiosk_id if party is Party.VISITOR else visit.seat_id):
            raise not_found()
        return visit

    def visit_of_kiosk(self, visit_id: VisitId, kiosk_id: KioskId) -> Visit:
        """The visit of this kiosk, or refuse."""
        return self.visit(visit_id, Party.VISITOR, kiosk_id)

    def visit_of_seat(self, visit_id: VisitId, seat_id: SeatId) -> Visit:
        """The visit of this seat, or refuse."""
        return self.visit(visit_id, Party.STAFF, seat_id)

    # --- deadlines ----------------------------------------------------------------------------------------

    def set_deadline(self, kind: DeadlineKind, subject_id: str, in_s: float) -> datetime:
        """Put a row; an older one of the same kind and subject is replaced."""
        due_at = self.now + timedelta(seconds=in_s)
        self.deadlines[kind, subject_id] = Deadline(kind, subject_id, due_at)
        return due_at

    def drop_deadline(self, kind: DeadlineKind, subject_id: str) -> None:
        """Take a row away, if it is there."""
        self.deadlines.pop((kind, subject_id), None)

    # --- what belongs together ----------------------------------------------------------------------------

    def put_seat(self, seat: Seat) -> None:
        """Write a seat."""
        self.seats[seat.id] = seat

    def happen(self, visit: Visit, event: VisitEvent, seat_id: SeatId | None = None) -> Visit:
        """Let an event happen to a visit, and do what follows from the state it enters."""
        after = step(visit, event, self.now, seat_id)
        self.visits[after.id] = after
        if event in {VisitEvent.ACCEPT, VisitEvent.AGAIN} and after.state is VisitState.CONNECTING:
            self.set_deadline(DeadlineKind.CONNECT, after.id, self.policy.connect_timeout_s)
        elif after.state is not VisitState.CONNECTING:
            self.drop_deadline(DeadlineKind.CONNECT, after.id)
        if visit.state is not after.state:
            if event is VisitEvent.FALL:
                self._free_seat(visit, wrap_up=False)
                self.effects.append(VisitReturned())
            elif after.state is VisitState.ENDED:
                self._end(visit, after, VisitEnded(END_REASONS[event], answered=after.accepted_at is not None))
        return after

    def decline(self, visit: Visit, seat_id: SeatId) -> None:
        """Do not ring this seat for this visit until the pause has passed."""
        self.visits[visit.id] = replace(visit, declined_by=visit.declined_by | {seat_id})
        self.set_deadline(DeadlineKind.DECLINE, visit.id, self.policy.decline_pause_s)

    def close_offer(self, offer: Offer) -> None:
        """Take a ring away; its visit stands in the line as before unless it was accepted."""
        self.offers.pop(offer.id, None)
        self.drop_deadline(DeadlineKind.OFFER, offer.id)
        self.happen(self.visits[offer.visit_id], VisitEvent.RING_GONE)

    def unring_seat(self, seat_id: SeatId) -> None:
        """Stop all rings at one seat; a ring without seats goes away."""
        for offer in list(self.offers.values()):
            if seat_id not in offer.seat_ids:
                continue
            remaining = offer.seat_ids - {seat_id}
            if remaining:
                self.offers[offer.id] = replace(offer, seat_ids=remaining)
            else:
                self.close_offer(offer)

    def remove_seat(self, seat_id: SeatId) -> None:
        """The seat is gone for good: its rings stop, its visit falls to the front."""
        self.unring_seat(seat_id)
        seat = self.seat(seat_id)
        if seat.visit_id is not None:
            self.happen(self.visits[seat.visit_id], VisitEvent.FALL)
        seat = self.seats.pop(seat_id)
        for kind in (DeadlineKind.SEAT_GRACE, DeadlineKind.WRAP_UP):
            self.drop_deadline(kind, seat_id)
        if seat.close_out_visit_id is not None:
            self.settle_visit(seat.close_out_visit_id)

    def settle_visit(self, visit_id: VisitId) -> None:
        """Let go of an ended visit once neither end has anything more to say about it."""
        waiting_for_feedback = (DeadlineKind.SETTLE, visit_id) in self.deadlines
        waiting_for_close_out = any(seat.close_out_visit_id == visit_id for seat in self.seats.values())
        if not waiting_for_feedback and not waiting_for_close_out:
            self.visits[visit_id] = replace(self.visits[visit_id], settled=True)

    def ring(self) -> None:
        """Let everything ring that is to ring now."""
        by_visit = {offer.visit_id: offer for offer in self.offers.values()}
        for ring in list(rings_to_start(self.state())):
            offer = by_visit.get(ring.visit_id)
            if offer is None:
                self._start_ring(ring)
            else:
                self.offers[offer.id] = replace(offer, seat_ids=offer.seat_ids | ring.seat_ids)

    # --- private ------------------------------------------------------------------------------------------

    def _start_ring(self, ring: Ring) -> None:
        visit = self.happen(self.visits[ring.visit_id], VisitEvent.RING)
        offer_id = OfferId(f"{visit.id}-{visit.rings}")
        deadline = self.set_deadline(DeadlineKind.OFFER, offer_id, self.policy.ring_timeout_s)
        self.offers[offer_id] = Offer(offer_id, visit.id, ring.seat_ids, self.now, deadline)

    def _end(self, before: Visit, after: Visit, effect: VisitEnded) -> None:
        for offer in list(self.offers.values()):
            if offer.visit_id == after.id:
                self.close_offer(offer)
        self.drop_deadline(DeadlineKind.DECLINE, after.id)
        self._free_seat(before, wrap_up=True)
        if after.talking_since is not None:
            self.set_deadline(DeadlineKind.SETTLE, after.id, self.policy.settle_s)
        self.effects.append(effect)
        self.settle_visit(after.id)

    def _free_seat(self, visit: Visit, *, wrap_up: bool) -> None:
        seat = self.seats.get(visit.seat_id) if visit.seat_id is not None else None
        if seat is None:
            return
        seat = replace(seat, visit_id=None, idle_since=self.now)
        if wrap_up and visit.talking_since is not None:
            until = self.set_deadline(DeadlineKind.WRAP_UP, seat.id, self.policy.wrap_up_s)
            seat = replace(seat, close_out_visit_id=visit.id, wrap_up_until=until)
        self.put_seat(seat)
