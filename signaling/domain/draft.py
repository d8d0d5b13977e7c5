"""A draft of the next line state, while one command is being decided.

Mutable on purpose and never leaves `decide`: it copies the mappings once, and keeps what belongs together
together (a visit that ends frees its seats, an offer that goes takes its deadline with it).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from signaling.domain.effects import Effect, VisitEnded, VisitReturned
from signaling.domain.errors import not_found
from signaling.domain.model import Deadline, DeadlineKind, KioskPresence, LineState, Offer, Seat, Standing, Visit
from signaling.domain.paths import in_call, prepared, without_guest
from signaling.domain.places import Service, Setup
from signaling.domain.reach import service_of
from signaling.domain.visit import END_REASONS, IN_CALL, IN_LINE, VisitEvent, step
from signaling.protocol.vocabulary import (
    EndReason,
    KioskId,
    OfferId,
    OfferKind,
    Party,
    SeatId,
    VisitId,
    VisitState,
)

#: So many of the latest visits say how long one takes.
HANDLING_KEPT: Final = 20
#: Deadlines of a visit that stands in the line, and of a seat that is there.
_OF_WAITING: Final = (
    DeadlineKind.DECLINE,
    DeadlineKind.TIER,
    DeadlineKind.PREFER,
    DeadlineKind.CHOICE,
    DeadlineKind.ESTIMATE,
    DeadlineKind.LONG_WAIT,
    DeadlineKind.TICKET,
)
_OF_SEAT: Final = (
    DeadlineKind.SEAT_GRACE,
    DeadlineKind.WRAP_UP,
    DeadlineKind.PAUSE,
    DeadlineKind.SIGN,
    DeadlineKind.ASKED,
)


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
        """The draft as a value that sees what is written later in the same decision."""
        return LineState(self.visits, self.offers, self.seats, self.kiosks, self.standings, self.deadlines)

    # --- finding, with refusal ----------------------------------------------------------------------------

    def seat(self, seat_id: SeatId) -> Seat:
        """The seat, or refuse."""
        seat = self.seats.get(seat_id)
        if seat is None:
            raise not_found()
        return seat

    def visit(self, visit_id: VisitId) -> Visit:
        """The visit, whoever asks, or refuse."""
        visit = self.visits.get(visit_id)
        if visit is None:
            raise not_found()
        return visit

    def visit_of_kiosk(self, visit_id: VisitId, kiosk_id: KioskId) -> Visit:
        """The visit of this kiosk; otherwise refuse as if it did not exist."""
        visit = self.visit(visit_id)
        if visit.kiosk_id != kiosk_id:
            raise not_found()
        return visit

    def visit_of_seat(self, visit_id: VisitId, seat_id: SeatId) -> Visit:
        """The visit that this seat answers for, not as a guest; otherwise refuse as if it did not exist."""
        visit = self.visit(visit_id)
        if visit.seat_id != seat_id:
            raise not_found()
        return visit

    def visit_of_participant(self, visit_id: VisitId, party: Party, party_id: str) -> Visit:
        """The visit, if that kiosk or seat takes part in it, as a guest too; otherwise refuse."""
        visit = self.visit(visit_id)
        mine = {visit.kiosk_id} if party is Party.VISITOR else {visit.seat_id, visit.guest_seat_id}
        if party_id not in mine:
            raise not_found()
        return visit

    def service_of(self, visit: Visit) -> Service:
        """The service of a visit, or one with every default."""
        return service_of(self.setup, visit.service_id)

    def standing(self, subject_id: str) -> Standing:
        """How a service or branch stands; open when nothing is written of it."""
        return self.standings.get(subject_id) or Standing(subject_id)

    def offers_of(self, visit_id: VisitId, kind: OfferKind) -> list[Offer]:
        """The open rings of a visit."""
        return [offer for offer in self.offers.values() if offer.visit_id == visit_id and offer.kind is kind]

    def ring_at(self, seat_id: SeatId) -> Offer:
        """The ring at a seat where it rings."""
        return next(offer for offer in self.offers.values() if seat_id in offer.seat_ids)

    def visit_of_end(self, visit_id: VisitId, party: Party, party_id: str) -> Visit:
        """As `visit_of_participant`, and for a seat for which a path is made ready while it rings there."""
        if party is Party.STAFF and party_id in prepared(visit_id, self.offers).values():
            return self.visit(visit_id)
        return self.visit_of_participant(visit_id, party, party_id)

    # --- writing one thing --------------------------------------------------------------------------------

    def set_deadline(self, kind: DeadlineKind, subject_id: str, in_s: float) -> datetime:
        """Put a row; an older one of the same kind and subject is replaced."""
        return self.set_deadline_at(kind, subject_id, self.now + timedelta(seconds=in_s))

    def set_deadline_at(self, kind: DeadlineKind, subject_id: str, due_at: datetime) -> datetime:
        """As `set_deadline`, for a moment."""
        self.deadlines[kind, subject_id] = Deadline(kind, subject_id, due_at)
        return due_at

    def drop_deadline(self, kind: DeadlineKind, subject_id: str) -> None:
        """Take a row away, if it is there."""
        self.deadlines.pop((kind, subject_id), None)

    def put_seat(self, seat: Seat) -> None:
        """Write a seat."""
        self.seats[seat.id] = seat

    def put_visit(self, visit: Visit) -> Visit:
        """Write a visit."""
        self.visits[visit.id] = visit
        return visit

    def put_kiosk(self, kiosk: KioskPresence) -> None:
        """Write a kiosk."""
        self.kiosks[kiosk.id] = kiosk

    def put_standing(self, standing: Standing) -> None:
        """Write how a service or branch stands."""
        self.standings[standing.subject_id] = standing

    # --- what belongs together: visits --------------------------------------------------------------------

    def happen(
        self, visit: Visit, event: VisitEvent, seat_id: SeatId | None = None, generation: int | None = None
    ) -> Visit:
        """Let an event happen to a visit, and do what follows from the state it enters; arguments as `visit.step`."""
        after = self.put_visit(step(visit, event, self.now, seat_id, generation))
        if visit.state is after.state:
            return after  # also a path that is built anew once more: the time left does not begin again with each try
        if after.state is VisitState.CONNECTING:
            self.begin_connecting(after.id)
        else:
            self.drop_deadline(DeadlineKind.CONNECT, after.id)
        if visit.state is VisitState.CALLING:
            self.drop_deadline(DeadlineKind.CALLBACK, after.id)
        if after.state is VisitState.CALLING:
            until = self.set_deadline(DeadlineKind.CALLBACK, after.id, self.policy.callback_s)
            self.put_visit(replace(after, calling_until=until))
        if visit.state in IN_LINE and after.state not in IN_LINE:
            self._leave_line(after)
        if after.state is VisitState.ENDED:
            self._end(visit, event)
        elif event is VisitEvent.FALL:
            self._leave_call(visit)
            self.effects.append(VisitReturned())
            self.enter_line(after)
        return self.visits[after.id]

    def begin_connecting(self, visit_id: VisitId) -> None:
        """From now on the two ends have their time to find a path."""
        self.set_deadline(DeadlineKind.CONNECT, visit_id, self.policy.connect_timeout_s)

    def enter_line(self, visit: Visit) -> None:
        """Set the deadlines of a visit that waits from now on."""
        if visit.ticket is not None:
            self.set_deadline(DeadlineKind.TICKET, visit.id, self.policy.ticket_life_s)
        else:
            self.set_deadline(DeadlineKind.CHOICE, visit.id, self.service_of(visit).choice_after_s)
        too_long_at = visit.opened_at + timedelta(seconds=self.policy.long_wait_s)
        if too_long_at > self.now:
            self.set_deadline_at(DeadlineKind.LONG_WAIT, visit.id, too_long_at)

    def decline(self, visit: Visit, seat_id: SeatId) -> None:
        """Do not ring this seat for this visit until the pause has passed."""
        self.put_visit(replace(visit, declined_by=visit.declined_by | {seat_id}))
        self.set_deadline(DeadlineKind.DECLINE, visit.id, self.policy.decline_pause_s)

    def settle_visit(self, visit_id: VisitId) -> None:
        """Let go of an ended visit once neither end has anything more to say about it."""
        waiting_for_feedback = (DeadlineKind.SETTLE, visit_id) in self.deadlines
        waiting_for_close_out = any(seat.close_out_visit_id == visit_id for seat in self.seats.values())
        if not waiting_for_feedback and not waiting_for_close_out:
            self.put_visit(replace(self.visits[visit_id], settled=True))

    # --- what belongs together: rings ---------------------------------------------------------------------

    def make_offer(self, visit: Visit, seat_ids: frozenset[SeatId], asked_by: SeatId | None = None) -> Offer:
        """Ring a visit at seats; with `asked_by` to join its conversation. The visit counts the ring already."""
        service = self.service_of(visit)
        ring_s = self.policy.ring_timeout_s if service.ring_timeout_s is None else service.ring_timeout_s
        kind = OfferKind.VISIT if asked_by is None else OfferKind.JOIN
        offer_id = OfferId(f"{visit.id}-{visit.rings}")
        deadline = self.set_deadline(DeadlineKind.OFFER, offer_id, ring_s)
        offer = Offer(offer_id, visit.id, seat_ids, self.now, deadline, kind=kind, asked_by=asked_by)
        self.offers[offer_id] = offer
        return offer

    def close_offer(self, offer: Offer) -> None:
        """Take a ring away; without any other, its visit stands in the line as before unless it was accepted."""
        self.offers.pop(offer.id, None)
        self.drop_deadline(DeadlineKind.OFFER, offer.id)
        if offer.kind is OfferKind.VISIT and not self.offers_of(offer.visit_id, OfferKind.VISIT):
            self.happen(self.visits[offer.visit_id], VisitEvent.RING_GONE)

    def unring(self, offer: Offer, seat_ids: frozenset[SeatId]) -> None:
        """Stop one ring at some of its seats, and what was made ready there; a ring without seats goes away."""
        remaining = offer.seat_ids - seat_ids
        if remaining:
            ready = {seat_id: number for seat_id, number in offer.prepared.items() if seat_id in remaining}
            self.offers[offer.id] = replace(offer, seat_ids=remaining, prepared=ready)
        else:
            self.close_offer(offer)

    def prepare(self, offer: Offer, seat_id: SeatId) -> None:
        """Give the ring at one seat a path to be made ready, or the next one when that failed."""
        visit = self.visits[offer.visit_id]
        number = visit.generations + 1
        self.put_visit(replace(visit, generations=number))
        self.offers[offer.id] = replace(offer, prepared={**offer.prepared, seat_id: number})

    def unring_seat(self, seat_id: SeatId) -> None:
        """Stop all rings at one seat."""
        for offer in list(self.offers.values()):
            if seat_id in offer.seat_ids:
                self.unring(offer, frozenset({seat_id}))

    # --- what belongs together: seats ---------------------------------------------------------------------

    def take_seat(self, seat: Seat, visit_id: VisitId) -> None:
        """The seat goes into a visit; a close-out that nobody filled in gives way."""
        self.drop_deadline(DeadlineKind.WRAP_UP, seat.id)
        self.put_seat(replace(seat, visit_id=visit_id, close_out_visit_id=None, wrap_up_until=None, idle_since=None))
        if seat.close_out_visit_id is not None:
            self.settle_visit(seat.close_out_visit_id)

    def free_seat(self, seat_id: SeatId) -> Seat:
        """The seat is in no visit any more."""
        seat = replace(self.seats[seat_id], visit_id=None, idle_since=self.now)
        self.put_seat(seat)
        return seat

    def step_out(self, visit: Visit, seat_id: SeatId) -> Visit:
        """A seat leaves its visit: a colleague in it goes on; else the visit falls to the front of the line."""
        if seat_id == visit.guest_seat_id:
            self.free_seat(seat_id)
            return self.put_visit(without_guest(visit))
        if visit.guest_seat_id is None or visit.state not in IN_CALL:
            return self.happen(visit, VisitEvent.FALL)
        self.free_seat(seat_id)
        return self.happen(visit, VisitEvent.SUCCEED)

    def remove_seat(self, seat_id: SeatId) -> None:
        """The seat is gone for good: its rings stop, its visit goes on with a colleague or falls to the front."""
        self.unring_seat(seat_id)
        seat = self.seat(seat_id)
        if seat.visit_id is not None:
            self.step_out(self.visits[seat.visit_id], seat_id)
        del self.seats[seat_id]
        for kind in _OF_SEAT:
            self.drop_deadline(kind, seat_id)
        if seat.close_out_visit_id is not None:
            self.settle_visit(seat.close_out_visit_id)

    # --- private ------------------------------------------------------------------------------------------

    def _leave_line(self, visit: Visit) -> None:
        for kind in _OF_WAITING:
            self.drop_deadline(kind, visit.id)
        for offer in self.offers_of(visit.id, OfferKind.VISIT):
            self.close_offer(offer)

    def _leave_call(self, before: Visit) -> None:
        """Everybody steps out of a call that is over, and nobody is asked into it any more."""
        for offer in self.offers_of(before.id, OfferKind.JOIN):
            self.close_offer(offer)
        for _, seat_id in in_call(before)[1:]:
            self.free_seat(SeatId(seat_id))
        self.put_visit(without_guest(self.visits[before.id]))

    def _end(self, before: Visit, event: VisitEvent) -> None:
        self._leave_call(before)
        ended = self.visits[before.id]
        flagged = event is VisitEvent.FLAG
        if before.seat_id is not None and (before.talking_since is not None or flagged):
            self._round_off(before.seat_id, ended)
        talked = before.talking_since is not None
        self.set_deadline(DeadlineKind.SETTLE, ended.id, self.policy.settle_s if talked else self.policy.same_tap_s)
        self.effects.append(VisitEnded(END_REASONS[event], answered=ended.accepted_at is not None))

    def _round_off(self, seat_id: SeatId, ended: Visit) -> None:
        until = self.set_deadline(DeadlineKind.WRAP_UP, seat_id, self.policy.wrap_up_s)
        self.put_seat(replace(self.seats[seat_id], close_out_visit_id=ended.id, wrap_up_until=until))
        if ended.talking_since is None or ended.accepted_at is None:
            return
        kept_s = (self.now - ended.accepted_at).total_seconds() + self.policy.wrap_up_s
        standing = self.standing(ended.service_id)
        self.put_standing(replace(standing, handling_s=(*standing.handling_s, kept_s)[-HANDLING_KEPT:]))
        if ended.end_reason is not EndReason.FLAGGED:
            kiosk = self.kiosks[ended.kiosk_id]
            self.put_kiosk(replace(kiosk, last_seat_id=seat_id, last_ended_at=self.now))
