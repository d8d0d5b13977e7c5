"""Seats: they come, prove themselves, go on duty, pause, fall silent, and go."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from signaling.domain import commands as c
from signaling.domain.draft import Draft
from signaling.domain.effects import LeftDuty, SeatPaused
from signaling.domain.errors import Refused, not_found
from signaling.domain.model import DeadlineKind, Seat
from signaling.domain.presence import is_answerable
from signaling.protocol.errors import ErrorCode
from signaling.protocol.vocabulary import OffDutyCause, PauseReason, SeatId, VisitState

#: A sign of a person moves the question only when it moves it by so much: not every click is a commit.
SIGN_STEP_S: Final = 60.0


def connect(draft: Draft, command: c.ConnectSeat) -> None:
    """A console comes, or comes back; duty and pause stay as they were."""
    seat = draft.seats.get(command.seat_id)
    if seat is None:
        seat = Seat(command.seat_id, command.staff_id, command.name, idle_since=draft.now)
    if seat.staff_id != command.staff_id:
        raise not_found()
    draft.drop_deadline(DeadlineKind.SEAT_GRACE, seat.id)
    visit = draft.visits[seat.visit_id] if seat.visit_id is not None else None
    if visit is not None and visit.seat_id == seat.id and visit.state is VisitState.CONNECTING:
        draft.begin_connecting(visit.id)  # who comes back has the whole time for a new path
    draft.put_seat(
        replace(
            seat,
            name=command.name,
            library_id=command.library_id,
            languages=command.languages,
            connected=True,
            lost_at=None,
            # A reloaded page has lost its sound; one that merely reconnected says so again at once.
            sound=False,
            microphone=False,
            camera=False,
        )
    )


def lose(draft: Draft, command: c.LoseSeat) -> None:
    """It has a grace to come back."""
    seat = draft.seats.get(command.seat_id)
    if seat is None or not seat.connected:
        return
    draft.put_seat(replace(seat, connected=False, lost_at=draft.now))
    draft.set_deadline(DeadlineKind.SEAT_GRACE, seat.id, draft.policy.seat_grace_s)


def remove(draft: Draft, command: c.RemoveSeat) -> None:
    """Signed out: no grace."""
    if command.seat_id in draft.seats:
        draft.remove_seat(command.seat_id)


def update_staff(draft: Draft, command: c.UpdateStaff) -> None:
    """An account was changed; rings that fit no more end afterwards."""
    for seat in list(draft.seats.values()):
        if seat.staff_id == command.staff_id:
            draft.put_seat(replace(seat, name=command.name, languages=command.languages))


def set_duty(draft: Draft, command: c.SetDuty) -> None:
    """The duty switch."""
    seat = draft.seat(command.seat_id)
    if seat.on_duty == command.on_duty:
        return
    if not command.on_duty:
        _leave_duty(draft, seat, None)
        return
    draft.put_seat(replace(seat, on_duty=True, off_duty_cause=None, idle_since=draft.now))
    draft.set_deadline(DeadlineKind.SIGN, seat.id, draft.policy.sign_after_s)


def prove(draft: Draft, command: c.ProveSeat) -> None:
    """What the device check says now."""
    seat = draft.seat(command.seat_id)
    seat = replace(seat, sound=command.sound, microphone=command.microphone, camera=command.camera)
    draft.put_seat(seat)
    if not is_answerable(seat):
        draft.unring_seat(seat.id)


def name(draft: Draft, command: c.NameSeat) -> None:
    """Whether the first name stands on idle screens."""
    draft.put_seat(replace(draft.seat(command.seat_id), named=command.named))


def pause(draft: Draft, command: c.PauseSeat) -> None:
    """On duty and not rung."""
    if not draft.seat(command.seat_id).on_duty:
        raise Refused(ErrorCode.WRONG_STATE)
    _pause(draft, command.seat_id, command.reason, command.for_s)


def resume(draft: Draft, command: c.ResumeSeat) -> None:
    """Ring there again."""
    if draft.seat(command.seat_id).pause is not None:
        pause_over(draft, command.seat_id)


def pause_over(draft: Draft, seat_id: str) -> None:
    """The end of a pause has come, by the clock or by a click."""
    seat = draft.seat(SeatId(seat_id))
    draft.drop_deadline(DeadlineKind.PAUSE, seat_id)
    draft.put_seat(replace(seat, pause=None, pause_until=None, idle_since=draft.now))


def pause_unanswered(draft: Draft, seat_id: SeatId) -> None:
    """It rang there for its whole time."""
    _pause(draft, seat_id, PauseReason.UNANSWERED, None)
    draft.effects.append(SeatPaused())


def silence(draft: Draft, command: c.SilenceSeat) -> None:
    """It acknowledges no more: it counts no more until somebody touches it."""
    draft.put_seat(replace(draft.seat(command.seat_id), silent=True))
    draft.unring_seat(command.seat_id)


def sign(draft: Draft, seat_id: SeatId) -> None:
    """A person is there: by saying so, or by any command that only a person gives."""
    seat = draft.seats.get(seat_id)
    if seat is None:
        return
    if seat.silent:
        seat = replace(seat, silent=False, idle_since=draft.now)
    if seat.asked_until is not None:
        seat = replace(seat, asked_until=None)
        draft.drop_deadline(DeadlineKind.ASKED, seat_id)
    draft.put_seat(seat)
    row = draft.deadlines.get((DeadlineKind.SIGN, seat_id))
    ask_at = draft.now + timedelta(seconds=draft.policy.sign_after_s)
    if seat.on_duty and (row is None or ask_at - row.due_at >= timedelta(seconds=SIGN_STEP_S)):
        draft.set_deadline_at(DeadlineKind.SIGN, seat_id, ask_at)


def signed(draft: Draft, command: c.SignSeat) -> None:
    """The sign itself was noted before the command."""
    draft.seat(command.seat_id)


def no_sign(draft: Draft, seat_id: str) -> None:
    """Ask whether somebody is there; not in the middle of a conversation."""
    seat = draft.seat(SeatId(seat_id))
    if seat.visit_id is not None:
        draft.set_deadline(DeadlineKind.SIGN, seat_id, draft.policy.sign_after_s)
        return
    until = draft.set_deadline(DeadlineKind.ASKED, seat_id, draft.policy.asked_s)
    draft.put_seat(replace(seat, asked_until=until))


def nobody_there(draft: Draft, seat_id: str) -> None:
    """Nobody answered the question: no ghost stays on duty."""
    _leave_duty(draft, draft.seat(SeatId(seat_id)), OffDutyCause.NO_SIGN)
    draft.effects.append(LeftDuty())


def wrap_up_over(draft: Draft, seat_id: str) -> None:
    """It may be rung again."""
    draft.put_seat(replace(draft.seat(SeatId(seat_id)), wrap_up_until=None, idle_since=draft.now))


def stayed_away(draft: Draft, seat_id: str) -> None:
    """Its grace is over."""
    draft.remove_seat(SeatId(seat_id))


def _pause(draft: Draft, seat_id: SeatId, reason: PauseReason, for_s: float | None) -> None:
    draft.drop_deadline(DeadlineKind.PAUSE, seat_id)
    until = None if for_s is None else draft.set_deadline(DeadlineKind.PAUSE, seat_id, for_s)
    draft.put_seat(replace(draft.seats[seat_id], pause=reason, pause_until=until))
    draft.unring_seat(seat_id)


def _leave_duty(draft: Draft, seat: Seat, cause: OffDutyCause | None) -> None:
    for kind in (DeadlineKind.SIGN, DeadlineKind.ASKED, DeadlineKind.PAUSE):
        draft.drop_deadline(kind, seat.id)
    off_duty = replace(seat, on_duty=False, pause=None, pause_until=None, asked_until=None, off_duty_cause=cause)
    draft.put_seat(off_duty)
    draft.unring_seat(seat.id)
