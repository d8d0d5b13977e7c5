"""Visits at the kiosk and in the line: the tap, the choices, tickets, notes, goodbye."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from signaling.domain import commands as c
from signaling.domain.draft import Draft
from signaling.domain.effects import ChoicesShown, TicketTaken
from signaling.domain.errors import Refused, not_found
from signaling.domain.line import on_screen
from signaling.domain.model import DeadlineKind, KioskPresence, Visit
from signaling.domain.visit import IN_LINE, VisitEvent
from signaling.protocol.errors import ErrorCode
from signaling.protocol.vocabulary import BranchId, SeatId, VisitId, VisitState


def open_visit(draft: Draft, command: c.OpenVisit) -> VisitId:
    """A tap. When nobody can answer it is opened all the same, and gets its choices at once."""
    kiosk = draft.kiosks.get(command.kiosk_id)
    if kiosk is None:
        raise not_found()
    existing = _same_tap(draft, command)
    if existing is not None:
        return existing.id
    _refuse_unless_ready(draft, kiosk, command)
    visit = Visit(
        id=command.visit_id,
        kiosk_id=command.kiosk_id,
        branch_id=kiosk.branch_id,
        service_id=command.service_id,
        language=command.language,
        request_id=command.request_id,
        opened_at=draft.now,
    )
    draft.put_visit(_with_preference(draft, visit, kiosk))
    draft.enter_line(visit)
    return visit.id


def cancel(draft: Draft, command: c.CancelVisit) -> None:
    """The visitor leaves the line."""
    draft.happen(draft.visit_of_kiosk(command.visit_id, command.kiosk_id), VisitEvent.CANCEL)


def finish(draft: Draft, command: c.FinishVisit) -> None:
    """One end says goodbye."""
    if command.kiosk_id is not None:
        visit = draft.visit_of_kiosk(command.visit_id, command.kiosk_id)
        draft.happen(visit, VisitEvent.VISITOR_FINISH)
    else:
        visit = draft.visit_of_seat(command.visit_id, SeatId(command.seat_id or ""))
        draft.happen(visit, VisitEvent.STAFF_FINISH)


def change_language(draft: Draft, command: c.ChangeLanguage) -> None:
    """The visitor reads another language; rings at seats that do not speak it end afterwards."""
    visit = draft.visit_of_kiosk(command.visit_id, command.kiosk_id)
    if visit.state is not VisitState.ENDED:  # the conversation was in the language of its end
        draft.put_visit(replace(visit, language=command.language))


def give_feedback(draft: Draft, command: c.GiveFeedback) -> None:
    """One of three faces."""
    visit = draft.visit_of_kiosk(command.visit_id, command.kiosk_id)
    if visit.state is not VisitState.ENDED:
        raise Refused(ErrorCode.WRONG_STATE, {"state": visit.state.value})
    draft.put_visit(replace(visit, feedback=command.score))
    draft.drop_deadline(DeadlineKind.SETTLE, visit.id)
    draft.settle_visit(visit.id)


# --- waiting ----------------------------------------------------------------------------------------------


def show_choices(draft: Draft, visit_id: str) -> None:
    """The ways out, without leaving the line."""
    draft.drop_deadline(DeadlineKind.CHOICE, visit_id)
    draft.put_visit(replace(draft.visits[VisitId(visit_id)], choices=True))
    draft.effects.append(ChoicesShown())


def keep_waiting(draft: Draft, command: c.KeepWaiting) -> None:
    """The choices go, and come again after a while."""
    visit = draft.visit_of_kiosk(command.visit_id, command.kiosk_id)
    if visit.state in IN_LINE and visit.choices:
        draft.put_visit(replace(visit, choices=False))
        draft.set_deadline(DeadlineKind.CHOICE, visit.id, draft.service_of(visit).choice_after_s)


def note(draft: Draft, command: c.NoteVisit) -> None:
    """A line from anybody on duty to somebody who waits."""
    if not draft.seat(command.seat_id).on_duty:
        raise Refused(ErrorCode.WRONG_STATE)
    visit = draft.visit(command.visit_id)
    _refuse_unless_in_line(visit)
    draft.put_visit(replace(visit, note=command.phrase))


def decline_pause_over(draft: Draft, visit_id: str) -> None:
    """Whoever declined may be asked again."""
    draft.put_visit(replace(draft.visits[VisitId(visit_id)], declined_by=frozenset()))


def prefer_over(draft: Draft, visit_id: str) -> None:
    """The seat of the last visit rings no longer alone."""
    draft.put_visit(replace(draft.visits[VisitId(visit_id)], preferred_seat_id=None))


# --- tickets ----------------------------------------------------------------------------------------------


def take_ticket(draft: Draft, command: c.TakeTicket) -> int:
    """A number to be called back by, on this kiosk; the visit keeps its place."""
    visit = draft.visit_of_kiosk(command.visit_id, command.kiosk_id)
    if visit.ticket is not None:
        return visit.ticket
    _refuse_unless_in_line(visit)
    number = _next_number(draft, visit.branch_id)
    visit = draft.put_visit(replace(visit, ticket=number, choices=False))
    draft.drop_deadline(DeadlineKind.CHOICE, visit.id)
    draft.set_deadline(DeadlineKind.TICKET, visit.id, draft.policy.ticket_life_s)
    draft.effects.append(TicketTaken())
    return number


def answer_ticket(draft: Draft, command: c.AnswerTicket) -> None:
    """Somebody touched the kiosk that was calling."""
    draft.happen(draft.visit_of_kiosk(command.visit_id, command.kiosk_id), VisitEvent.TOUCH)


def expire(draft: Draft, visit_id: str) -> None:
    """Nobody called the ticket back, or nobody came to it."""
    draft.happen(draft.visits[VisitId(visit_id)], VisitEvent.EXPIRE)


# --- private ----------------------------------------------------------------------------------------------


def _same_tap(draft: Draft, command: c.OpenVisit) -> Visit | None:
    for visit in draft.visits.values():
        if (visit.kiosk_id, visit.request_id) == (command.kiosk_id, command.request_id):
            if visit.state is VisitState.ENDED:  # sent twice, and over before the second came: nobody stands there
                raise Refused(ErrorCode.WRONG_STATE, {"state": visit.state.value})
            return visit
    return None


def _refuse_unless_ready(draft: Draft, kiosk: KioskPresence, command: c.OpenVisit) -> None:
    shown = on_screen(draft.visits.values()).get(kiosk.id)
    if shown is not None:
        raise Refused(ErrorCode.WRONG_STATE, {"state": shown.state.value})
    if kiosk.locked_until is not None:
        raise Refused(ErrorCode.LOCKED)
    if not (draft.standing(command.service_id).open and draft.standing(kiosk.branch_id).open):
        raise Refused(ErrorCode.UNAVAILABLE)


def _refuse_unless_in_line(visit: Visit) -> None:
    if visit.state not in IN_LINE:
        raise Refused(ErrorCode.WRONG_STATE, {"state": visit.state.value})


def _with_preference(draft: Draft, visit: Visit, kiosk: KioskPresence) -> Visit:
    """Who rings again soon reaches the same seat first; `afterwards` lets go of it when it is not free."""
    if kiosk.last_seat_id is None or kiosk.last_ended_at is None:
        return visit
    if draft.now - kiosk.last_ended_at > timedelta(seconds=draft.policy.prefer_within_s):
        return visit
    draft.set_deadline(DeadlineKind.PREFER, visit.id, draft.policy.prefer_ring_s)
    return replace(visit, preferred_seat_id=kiosk.last_seat_id)


def _next_number(draft: Draft, branch_id: BranchId) -> int:
    """The branch's next number of its local day."""
    places = draft.setup.directory
    branch = places.branches.get(branch_id)
    zone = ZoneInfo(places.libraries[branch.library_id].time_zone) if branch is not None else UTC
    day = draft.now.astimezone(zone).date().isoformat()
    standing = draft.standing(branch_id)
    number = standing.last_ticket + 1 if standing.ticket_day == day else 1
    draft.put_standing(replace(standing, ticket_day=day, last_ticket=number))
    return number
