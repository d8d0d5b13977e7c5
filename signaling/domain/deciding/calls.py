"""Rings and the call: accept, decline, hold, leave, a colleague who joins, paths that die and come up."""

from __future__ import annotations

from dataclasses import replace

from signaling.domain import commands as c
from signaling.domain.deciding import kiosks, seats
from signaling.domain.draft import Draft
from signaling.domain.effects import RingUnanswered, VisitAccepted
from signaling.domain.errors import Refused, not_found
from signaling.domain.interruption import graces
from signaling.domain.model import DeadlineKind, Visit
from signaling.domain.paths import ends_of, path_of, prepared, with_guest, with_next_guest_path
from signaling.domain.presence import is_answerable, is_free
from signaling.domain.visit import IN_CALL, IN_LINE, VisitEvent
from signaling.protocol.errors import ErrorCode
from signaling.protocol.vocabulary import OfferId, OfferKind, Party, SeatId, VisitId, VisitState

# --- rings ------------------------------------------------------------------------------------------------


def accept(draft: Draft, command: c.AcceptOffer) -> VisitId:
    """Exactly one wins."""
    seat = draft.seat(command.seat_id)
    offer = draft.offers.get(command.offer_id)
    if offer is None:
        return _accepted_before(draft, command.offer_id, seat.id)
    if seat.id not in offer.seat_ids:
        raise not_found()
    if seat.visit_id is not None or not is_answerable(seat):
        raise Refused(ErrorCode.WRONG_STATE)
    draft.take_seat(seat, offer.visit_id)
    visit = draft.visits[offer.visit_id]
    if offer.kind is OfferKind.JOIN:
        draft.close_offer(offer)
        return draft.put_visit(with_guest(visit, seat.id)).id
    event = VisitEvent.ACCEPT if visit.ticket is None else VisitEvent.CALL_BACK
    draft.happen(visit, event, seat.id, offer.prepared.get(seat.id))
    draft.effects.append(VisitAccepted((draft.now - visit.opened_at).total_seconds()))
    return visit.id


def decline(draft: Draft, command: c.DeclineOffer) -> None:
    """Not this seat, not now."""
    offer = draft.offers.get(command.offer_id)
    if offer is None or command.seat_id not in offer.seat_ids:
        return
    if offer.kind is OfferKind.VISIT:
        draft.decline(draft.visits[offer.visit_id], command.seat_id)
    draft.unring(offer, frozenset({command.seat_id}))


def ring_unanswered(draft: Draft, offer_id: str) -> None:
    """Nobody took it: whoever could hear it is paused, so that the next ring finds somebody who is there."""
    offer = draft.offers[OfferId(offer_id)]
    draft.close_offer(offer)
    if offer.kind is OfferKind.JOIN:
        return
    draft.effects.append(RingUnanswered())
    for seat_id in sorted(offer.seat_ids):
        if is_answerable(draft.seats[seat_id]):
            seats.pause_unanswered(draft, seat_id)


# --- the call ---------------------------------------------------------------------------------------------


def hold(draft: Draft, command: c.HoldVisit) -> None:
    """A calm screen for the visitor."""
    draft.happen(draft.visit_of_seat(command.visit_id, command.seat_id), VisitEvent.HOLD)


def resume(draft: Draft, command: c.ResumeVisit) -> None:
    """The librarian comes back."""
    draft.happen(draft.visit_of_seat(command.visit_id, command.seat_id), VisitEvent.RESUME)


def leave(draft: Draft, command: c.LeaveVisit) -> None:
    """A colleague goes on; else it rings elsewhere first."""
    visit = draft.visit_of_participant(command.visit_id, Party.STAFF, command.seat_id)
    visit = draft.step_out(visit, command.seat_id)
    if visit.state in IN_LINE:  # it may have ended just before
        draft.decline(visit, command.seat_id)


def flag(draft: Draft, command: c.FlagVisit) -> None:
    """It ends, and the kiosk rests."""
    visit = draft.visit_of_seat(command.visit_id, command.seat_id)
    if draft.happen(visit, VisitEvent.FLAG) is not visit:
        kiosks.lock(draft, visit.kiosk_id)


def close_out(draft: Draft, command: c.CloseOut) -> None:
    """Topic and outcome, or skipped."""
    seat = draft.seat(command.seat_id)
    if seat.close_out_visit_id != command.visit_id:
        raise not_found()
    visit = draft.visits[command.visit_id]
    draft.put_visit(replace(visit, topic=command.topic, outcome=command.outcome))
    draft.drop_deadline(DeadlineKind.WRAP_UP, seat.id)
    draft.put_seat(replace(seat, close_out_visit_id=None, wrap_up_until=None, idle_since=draft.now))
    draft.settle_visit(visit.id)


def connect_timed_out(draft: Draft, visit_id: str) -> None:
    """No media path came up between kiosk and seat; while one of them is away its grace decides, and not this."""
    visit = draft.visits[VisitId(visit_id)]
    if graces(draft.state(), visit):
        draft.begin_connecting(visit.id)
    else:
        draft.step_out(visit, SeatId(visit.seat_id or ""))


# --- a colleague ------------------------------------------------------------------------------------------


def invite(draft: Draft, command: c.InviteSeat) -> None:
    """Ring one colleague into the conversation."""
    visit = draft.visit_of_seat(command.visit_id, command.seat_id)
    asked = draft.offers_of(visit.id, OfferKind.JOIN)
    if command.guest_seat_id == visit.guest_seat_id or any(command.guest_seat_id in x.seat_ids for x in asked):
        return
    if visit.state is not VisitState.TALKING or visit.guest_seat_id is not None or asked:
        raise Refused(ErrorCode.WRONG_STATE, {"state": visit.state.value})
    rings_there = any(command.guest_seat_id in offer.seat_ids for offer in draft.offers.values())
    if rings_there or not is_free(draft.seat(command.guest_seat_id)):
        raise Refused(ErrorCode.UNAVAILABLE)
    visit = draft.put_visit(replace(visit, rings=visit.rings + 1))
    draft.make_offer(visit, frozenset({command.guest_seat_id}), asked_by=command.seat_id)


def uninvite(draft: Draft, command: c.UninviteSeat) -> None:
    """The ring to the colleague stops, or the colleague is thanked."""
    visit = draft.visit_of_seat(command.visit_id, command.seat_id)
    for offer in draft.offers_of(visit.id, OfferKind.JOIN):
        draft.close_offer(offer)
    if visit.guest_seat_id is not None:
        draft.step_out(visit, visit.guest_seat_id)


# --- paths ------------------------------------------------------------------------------------------------


def path_connected(draft: Draft, command: c.PathConnected) -> None:
    """Media flow; only the path between kiosk and seat makes it a conversation.

    A path that is made ready while it rings carries nothing yet: its ends say so again once it is the call's.
    """
    visit = _at_an_end(draft, command)
    if visit.state in IN_CALL and command.generation == visit.generation:
        draft.happen(visit, VisitEvent.CONNECTED)


def path_dead(draft: Draft, command: c.PathDead) -> None:
    """The next number; both ends noticed, and the first to say so began it."""
    visit = draft.visit_of_end(command.visit_id, command.party, command.party_id)
    if command.generation <= visit.generations and not ends_of(visit, command.generation, draft.offers):
        return
    visit = _at_an_end(draft, command)
    ringing = prepared(visit.id, draft.offers).get(command.generation)
    if ringing is not None:
        draft.prepare(draft.ring_at(ringing), ringing)
    elif command.generation == visit.generation:
        draft.happen(visit, VisitEvent.AGAIN)
    else:
        draft.put_visit(with_next_guest_path(visit, command.generation))


def _at_an_end(draft: Draft, command: c.PathConnected | c.PathDead) -> Visit:
    visit = draft.visit_of_end(command.visit_id, command.party, command.party_id)
    if (command.party, command.party_id) in ends_of(visit, command.generation, draft.offers):
        return visit
    if visit.state not in IN_CALL:
        raise Refused(ErrorCode.WRONG_STATE, {"state": visit.state.value})
    generation = path_of(visit, command.party, command.party_id)
    raise Refused(ErrorCode.STALE_GENERATION, {"generation": generation})


def _accepted_before(draft: Draft, offer_id: OfferId, seat_id: SeatId) -> VisitId:
    """Its own visit to the seat that says it twice; who was first to the one that came second."""
    visit = draft.visits.get(VisitId(offer_id.rpartition("-")[0]))
    winner = draft.seats.get(visit.seat_id) if visit is not None and visit.seat_id is not None else None
    if visit is None or winner is None:
        raise Refused(ErrorCode.TAKEN)
    if seat_id in {winner.id, visit.guest_seat_id} and visit.state in IN_CALL:
        return visit.id
    raise Refused(ErrorCode.TAKEN, {"winner": winner.name})
