"""One command, one decision: (state, command, now, setup) -> (state, effects). Pure.

What it is for: the only door into the rules. Each command has one short function here; the life of a visit is
in `visit`, the order in `line`, who rings in `routing`. After each command everything that can ring rings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from signaling.domain import commands as c
from signaling.domain.draft import Draft
from signaling.domain.effects import Effect, RingUnanswered, VisitAccepted
from signaling.domain.errors import Refused, not_found
from signaling.domain.line import availability
from signaling.domain.model import DeadlineKind, KioskPresence, LineState, Seat, Visit
from signaling.domain.places import Setup
from signaling.domain.presence import is_answerable
from signaling.domain.visit import IN_CALL, IN_LINE, VisitEvent
from signaling.protocol.errors import ErrorCode
from signaling.protocol.vocabulary import OfferId, SeatId, VisitId, VisitState


@dataclass(frozen=True, slots=True)
class Decision:
    """What a command leads to.

    Attributes:
        state: The next state; equal to the old one when the command changed nothing.
        effects: What to count.
        visit_id: The visit that the command was about, when the asker needs it (`OpenVisit`, `AcceptOffer`).
        ticket: The number that was given (`TakeTicket`).
    """

    state: LineState
    effects: tuple[Effect, ...] = ()
    visit_id: VisitId | None = None
    ticket: int | None = None


def decide(state: LineState, command: c.Command, now: datetime, setup: Setup) -> Decision:
    """Decide one command.

    Args:
        state: The line as it is.
        command: What is asked.
        now: Aware, UTC.
        setup: Services, teams, hours and durations.

    Returns:
        The next state. A command that is late or repeated and harmless returns an equal state.

    Raises:
        Refused: The rules do not allow it; nothing has changed.
    """
    draft = Draft(state, now, setup)
    visit_id = _HANDLERS[type(command)](draft, command)
    draft.ring()
    return Decision(draft.state(), tuple(draft.effects), visit_id)


# --- kiosks -----------------------------------------------------------------------------------------------


def _connect_kiosk(draft: Draft, command: c.ConnectKiosk) -> None:
    draft.kiosks[command.kiosk_id] = KioskPresence(command.kiosk_id, command.branch_id)
    draft.drop_deadline(DeadlineKind.KIOSK_GRACE, command.kiosk_id)


def _lose_kiosk(draft: Draft, command: c.LoseKiosk) -> None:
    kiosk = draft.kiosks.get(command.kiosk_id)
    if kiosk is None or not kiosk.connected:
        return
    draft.kiosks[kiosk.id] = replace(kiosk, connected=False, lost_at=draft.now)
    draft.set_deadline(DeadlineKind.KIOSK_GRACE, kiosk.id, draft.policy.kiosk_grace_s)
    for offer in list(draft.offers.values()):
        if draft.visits[offer.visit_id].kiosk_id == kiosk.id:
            draft.close_offer(offer)


def _lose_everyone(draft: Draft, _command: c.LoseEveryone) -> None:
    """As `_lose_seat` and `_lose_kiosk` for all, but rings go on: both ends are about to come back.

    Who was lost before gets the whole grace anew: nobody could come back while the server was away.
    """
    for seat in list(draft.seats.values()):
        draft.put_seat(replace(seat, connected=False, lost_at=seat.lost_at or draft.now))
        draft.set_deadline(DeadlineKind.SEAT_GRACE, seat.id, draft.policy.seat_grace_s)
    for kiosk in list(draft.kiosks.values()):
        draft.kiosks[kiosk.id] = replace(kiosk, connected=False, lost_at=kiosk.lost_at or draft.now)
        draft.set_deadline(DeadlineKind.KIOSK_GRACE, kiosk.id, draft.policy.kiosk_grace_s)


def _open_visit_of(draft: Draft, kiosk_id: str) -> Visit | None:
    for visit in draft.visits.values():
        if visit.kiosk_id == kiosk_id and visit.state is not VisitState.ENDED:
            return visit
    return None


# --- seats ------------------------------------------------------------------------------------------------


def _connect_seat(draft: Draft, command: c.ConnectSeat) -> None:
    seat = draft.seats.get(command.seat_id)
    if seat is None:
        draft.put_seat(
            Seat(
                command.seat_id,
                command.staff_id,
                command.name,
                idle_since=draft.now,
                library_id=command.library_id,
                languages=command.languages,
            )
        )
        return
    if seat.staff_id != command.staff_id:
        raise not_found()
    draft.drop_deadline(DeadlineKind.SEAT_GRACE, seat.id)
    # A reloaded page has lost its sound; one that merely reconnected says so again at once.
    draft.put_seat(
        replace(seat, name=command.name, connected=True, lost_at=None, sound=False, microphone=False, camera=False)
    )


def _lose_seat(draft: Draft, command: c.LoseSeat) -> None:
    seat = draft.seats.get(command.seat_id)
    if seat is None or not seat.connected:
        return
    draft.put_seat(replace(seat, connected=False, lost_at=draft.now))
    draft.set_deadline(DeadlineKind.SEAT_GRACE, seat.id, draft.policy.seat_grace_s)


def _remove_seat(draft: Draft, command: c.RemoveSeat) -> None:
    if command.seat_id in draft.seats:
        draft.remove_seat(command.seat_id)


def _set_duty(draft: Draft, command: c.SetDuty) -> None:
    seat = draft.seat(command.seat_id)
    if seat.on_duty == command.on_duty:
        return
    draft.put_seat(replace(seat, on_duty=command.on_duty, idle_since=draft.now))
    if not command.on_duty:
        draft.unring_seat(seat.id)


def _prove_seat(draft: Draft, command: c.ProveSeat) -> None:
    seat = draft.seat(command.seat_id)
    seat = replace(seat, sound=command.sound, microphone=command.microphone, camera=command.camera)
    draft.put_seat(seat)
    if not is_answerable(seat):
        draft.unring_seat(seat.id)


def _name_seat(draft: Draft, command: c.NameSeat) -> None:
    draft.put_seat(replace(draft.seat(command.seat_id), named=command.named))


# --- the visit --------------------------------------------------------------------------------------------


def _open_visit(draft: Draft, command: c.OpenVisit) -> VisitId:
    kiosk = draft.kiosks.get(command.kiosk_id)
    if kiosk is None:
        raise not_found()
    existing = _open_visit_of(draft, command.kiosk_id)
    if existing is not None:
        if existing.request_id == command.request_id:
            return existing.id
        raise Refused(ErrorCode.WRONG_STATE, {"state": existing.state.value})
    if availability(draft.state()).answerable == 0:
        # The kiosk does not offer a call then; this tap raced with the last seat going off duty.
        raise Refused(ErrorCode.UNAVAILABLE)
    draft.visits[command.visit_id] = Visit(
        id=command.visit_id,
        kiosk_id=command.kiosk_id,
        branch_id=kiosk.branch_id,
        service_id=command.service_id,
        language=command.language,
        request_id=command.request_id,
        opened_at=draft.now,
    )
    return command.visit_id


def _cancel_visit(draft: Draft, command: c.CancelVisit) -> None:
    draft.happen(draft.visit_of_kiosk(command.visit_id, command.kiosk_id), VisitEvent.CANCEL)


def _finish_visit(draft: Draft, command: c.FinishVisit) -> None:
    if command.kiosk_id is not None:
        visit = draft.visit_of_kiosk(command.visit_id, command.kiosk_id)
        draft.happen(visit, VisitEvent.VISITOR_FINISH)
    else:
        visit = draft.visit_of_seat(command.visit_id, SeatId(command.seat_id or ""))
        draft.happen(visit, VisitEvent.STAFF_FINISH)


def _change_language(draft: Draft, command: c.ChangeLanguage) -> None:
    visit = draft.visit_of_kiosk(command.visit_id, command.kiosk_id)
    if visit.state is not VisitState.ENDED:  # the conversation was in the language of its end
        draft.visits[visit.id] = replace(visit, language=command.language)


def _give_feedback(draft: Draft, command: c.GiveFeedback) -> None:
    visit = draft.visit_of_kiosk(command.visit_id, command.kiosk_id)
    if visit.state is not VisitState.ENDED:
        raise Refused(ErrorCode.WRONG_STATE, {"state": visit.state.value})
    draft.visits[visit.id] = replace(visit, feedback=command.score)
    draft.drop_deadline(DeadlineKind.SETTLE, visit.id)
    draft.settle_visit(visit.id)


def _accept_offer(draft: Draft, command: c.AcceptOffer) -> VisitId:
    seat = draft.seat(command.seat_id)
    offer = draft.offers.get(command.offer_id)
    if offer is None:
        return _accepted_before(draft, command.offer_id, seat.id)
    if seat.id not in offer.seat_ids:
        raise not_found()
    if seat.visit_id is not None or not is_answerable(seat):
        raise Refused(ErrorCode.WRONG_STATE)
    visit = draft.happen(draft.visits[offer.visit_id], VisitEvent.ACCEPT, seat.id)
    draft.close_offer(offer)
    draft.drop_deadline(DeadlineKind.DECLINE, visit.id)
    draft.drop_deadline(DeadlineKind.WRAP_UP, seat.id)
    previous = seat.close_out_visit_id
    draft.put_seat(replace(seat, visit_id=visit.id, close_out_visit_id=None, wrap_up_until=None, idle_since=None))
    if previous is not None:
        draft.settle_visit(previous)
    draft.effects.append(VisitAccepted((draft.now - visit.opened_at).total_seconds()))
    return visit.id


def _accepted_before(draft: Draft, offer_id: OfferId, seat_id: SeatId) -> VisitId:
    """Its own visit to the seat that says it twice; who was first to the one that came second."""
    visit = draft.visits.get(VisitId(offer_id.rpartition("-")[0]))
    winner = draft.seats.get(visit.seat_id) if visit is not None and visit.seat_id is not None else None
    if visit is None or winner is None:
        raise Refused(ErrorCode.TAKEN)
    if winner.id == seat_id and visit.state in IN_CALL:
        return visit.id
    raise Refused(ErrorCode.TAKEN, {"winner": winner.name})


def _decline_offer(draft: Draft, command: c.DeclineOffer) -> None:
    offer = draft.offers.get(command.offer_id)
    if offer is None or command.seat_id not in offer.seat_ids:
        return
    draft.decline(draft.visits[offer.visit_id], command.seat_id)
    draft.unring_seat(command.seat_id)


def _hold_visit(draft: Draft, command: c.HoldVisit) -> None:
    draft.happen(draft.visit_of_seat(command.visit_id, command.seat_id), VisitEvent.HOLD)


def _resume_visit(draft: Draft, command: c.ResumeVisit) -> None:
    draft.happen(draft.visit_of_seat(command.visit_id, command.seat_id), VisitEvent.RESUME)


def _leave_visit(draft: Draft, command: c.LeaveVisit) -> None:
    visit = draft.happen(draft.visit_of_seat(command.visit_id, command.seat_id), VisitEvent.FALL)
    if visit.state in IN_LINE:  # it may have ended just before
        draft.decline(visit, command.seat_id)


def _close_out(draft: Draft, command: c.CloseOut) -> None:
    seat = draft.seat(command.seat_id)
    if seat.close_out_visit_id != command.visit_id:
        raise not_found()
    visit = draft.visits[command.visit_id]
    draft.visits[visit.id] = replace(visit, topic=command.topic, outcome=command.outcome)
    draft.drop_deadline(DeadlineKind.WRAP_UP, seat.id)
    draft.put_seat(replace(seat, close_out_visit_id=None, wrap_up_until=None, idle_since=draft.now))
    draft.settle_visit(visit.id)


# --- the call ---------------------------------------------------------------------------------------------


def _path_connected(draft: Draft, command: c.PathConnected) -> None:
    visit = draft.visit(command.visit_id, command.party, command.party_id)
    if command.generation != visit.generation:
        raise Refused(ErrorCode.STALE_GENERATION, {"generation": visit.generation})
    draft.happen(visit, VisitEvent.CONNECTED)


def _path_dead(draft: Draft, command: c.PathDead) -> None:
    visit = draft.visit(command.visit_id, command.party, command.party_id)
    if command.generation < visit.generation:
        return  # both ends noticed; the first to say so began the next generation
    if command.generation > visit.generation:
        raise Refused(ErrorCode.STALE_GENERATION, {"generation": visit.generation})
    draft.happen(visit, VisitEvent.AGAIN)


# --- time -------------------------------------------------------------------------------------------------


def _deadline_passed(draft: Draft, command: c.DeadlinePassed) -> None:
    row = draft.deadlines.get((command.kind, command.subject_id))
    if row is None or row.due_at > draft.now:
        return
    draft.drop_deadline(row.kind, row.subject_id)
    _ON_DEADLINE[row.kind](draft, row.subject_id)


def _postpone_deadline(draft: Draft, command: c.PostponeDeadline) -> None:
    if (command.kind, command.subject_id) in draft.deadlines:
        draft.set_deadline(command.kind, command.subject_id, command.by_s)


def _ring_unanswered(draft: Draft, offer_id: str) -> None:
    draft.effects.append(RingUnanswered())
    draft.close_offer(draft.offers[OfferId(offer_id)])


def _connect_timed_out(draft: Draft, visit_id: str) -> None:
    draft.happen(draft.visits[VisitId(visit_id)], VisitEvent.FALL)


def _kiosk_stayed_away(draft: Draft, kiosk_id: str) -> None:
    for visit in list(draft.visits.values()):
        if visit.kiosk_id == kiosk_id:
            draft.happen(visit, VisitEvent.KIOSK_LOST)
    draft.kiosks = {key: value for key, value in draft.kiosks.items() if key != kiosk_id}


def _wrap_up_over(draft: Draft, seat_id: str) -> None:
    seat = draft.seat(SeatId(seat_id))
    draft.put_seat(replace(seat, wrap_up_until=None, idle_since=draft.now))


def _decline_pause_over(draft: Draft, visit_id: str) -> None:
    visit = draft.visits[VisitId(visit_id)]
    draft.visits[visit.id] = replace(visit, declined_by=frozenset())


_ON_DEADLINE: Final[dict[DeadlineKind, Callable[[Draft, Any], None]]] = {
    DeadlineKind.OFFER: _ring_unanswered,
    DeadlineKind.CONNECT: _connect_timed_out,
    DeadlineKind.SEAT_GRACE: Draft.remove_seat,
    DeadlineKind.KIOSK_GRACE: _kiosk_stayed_away,
    DeadlineKind.WRAP_UP: _wrap_up_over,
    DeadlineKind.DECLINE: _decline_pause_over,
    DeadlineKind.SETTLE: Draft.settle_visit,
}

#: One function per command. `Any`: each takes exactly the command type of its key.
_HANDLERS: Final[dict[type[Any], Callable[[Draft, Any], VisitId | None]]] = {
    c.ConnectKiosk: _connect_kiosk,
    c.LoseKiosk: _lose_kiosk,
    c.LoseEveryone: _lose_everyone,
    c.ConnectSeat: _connect_seat,
    c.LoseSeat: _lose_seat,
    c.RemoveSeat: _remove_seat,
    c.SetDuty: _set_duty,
    c.ProveSeat: _prove_seat,
    c.NameSeat: _name_seat,
    c.OpenVisit: _open_visit,
    c.CancelVisit: _cancel_visit,
    c.FinishVisit: _finish_visit,
    c.ChangeLanguage: _change_language,
    c.GiveFeedback: _give_feedback,
    c.AcceptOffer: _accept_offer,
    c.DeclineOffer: _decline_offer,
    c.HoldVisit: _hold_visit,
    c.ResumeVisit: _resume_visit,
    c.LeaveVisit: _leave_visit,
    c.CloseOut: _close_out,
    c.PathConnected: _path_connected,
    c.PathDead: _path_dead,
    c.DeadlinePassed: _deadline_passed,
    c.PostponeDeadline: _postpone_deadline,
}
