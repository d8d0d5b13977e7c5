"""One command, one decision: (state, command, now, setup) -> (state, effects). Pure.

What it is for: the only door into the rules. Which function each command and each deadline has; the functions are
in `deciding`, the life of a visit in `visit`, the order in `line`, who rings in `routing`. After each command
everything follows that it made possible (`deciding.afterwards`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from signaling.domain import commands as c
from signaling.domain.deciding import calls, clock, kiosks, seats, visits
from signaling.domain.deciding.afterwards import Tell, follow
from signaling.domain.draft import Draft
from signaling.domain.effects import Effect
from signaling.domain.model import DeadlineKind, LineState
from signaling.domain.places import Setup
from signaling.protocol.vocabulary import VisitId


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
    if isinstance(command, _BY_A_PERSON) and command.seat_id is not None:
        seats.sign(draft, command.seat_id)
    result = _HANDLERS[type(command)](draft, command)
    if isinstance(command, c.LoseEveryone):
        tell = Tell.NOBODY  # everybody is about to come back
    elif isinstance(command, c.DeadlinePassed) and command.kind is DeadlineKind.SEAT_GRACE:
        tell = Tell.EVERYBODY  # a seat has gone for good: also whom the start of the server left untold
    else:
        tell = Tell.NEWLY
    follow(draft, state, tell)
    return Decision(
        draft.state(),
        tuple(draft.effects),
        visit_id=None if isinstance(result, int) else result,
        ticket=result if isinstance(result, int) else None,
    )


def _deadline_passed(draft: Draft, command: c.DeadlinePassed) -> None:
    row = draft.deadlines.get((command.kind, command.subject_id))
    if row is None or row.due_at > draft.now:
        return
    draft.drop_deadline(row.kind, row.subject_id)
    _ON_DEADLINE[row.kind](draft, row.subject_id)


def _postpone_deadline(draft: Draft, command: c.PostponeDeadline) -> None:
    if (command.kind, command.subject_id) in draft.deadlines:
        draft.set_deadline(command.kind, command.subject_id, command.by_s)


def _look(_draft: Draft, _subject_id: str) -> None:
    """Its time is a reason to look at the line again; what follows is in `afterwards`."""


_ON_DEADLINE: Final[dict[DeadlineKind, Callable[[Draft, Any], None]]] = {
    DeadlineKind.OFFER: calls.ring_unanswered,
    DeadlineKind.CONNECT: calls.connect_timed_out,
    DeadlineKind.SEAT_GRACE: seats.stayed_away,
    DeadlineKind.KIOSK_GRACE: kiosks.stayed_away,
    DeadlineKind.WRAP_UP: seats.wrap_up_over,
    DeadlineKind.DECLINE: visits.decline_pause_over,
    DeadlineKind.SETTLE: Draft.settle_visit,
    DeadlineKind.TIER: _look,
    DeadlineKind.PREFER: visits.prefer_over,
    DeadlineKind.CHOICE: visits.show_choices,
    DeadlineKind.ESTIMATE: _look,
    DeadlineKind.LONG_WAIT: clock.waited_too_long,
    DeadlineKind.CALLBACK: visits.expire,
    DeadlineKind.TICKET: visits.expire,
    DeadlineKind.PAUSE: seats.pause_over,
    DeadlineKind.SIGN: seats.no_sign,
    DeadlineKind.ASKED: seats.nobody_there,
    DeadlineKind.HOURS: clock.hours_changed,
    DeadlineKind.NOBODY: clock.nobody_on_duty,
    DeadlineKind.LOCK: kiosks.rested,
}

#: Commands that only a person at the seat gives: each is a sign that somebody is there.
_BY_A_PERSON: Final = (
    c.SignSeat,
    c.SetDuty,
    c.NameSeat,
    c.PauseSeat,
    c.ResumeSeat,
    c.AcceptOffer,
    c.DeclineOffer,
    c.FinishVisit,
    c.HoldVisit,
    c.ResumeVisit,
    c.LeaveVisit,
    c.CloseOut,
    c.NoteVisit,
    c.InviteSeat,
    c.UninviteSeat,
    c.FlagVisit,
    c.UnlockKiosk,
)

#: One function per command. `Any`: each takes exactly the command type of its key.
_HANDLERS: Final[dict[type[Any], Callable[[Draft, Any], VisitId | int | None]]] = {
    c.ConnectKiosk: kiosks.connect,
    c.LoseKiosk: kiosks.lose,
    c.LoseEveryone: kiosks.lose_everyone,
    c.UnlockKiosk: kiosks.unlock,
    c.ConnectSeat: seats.connect,
    c.LoseSeat: seats.lose,
    c.RemoveSeat: seats.remove,
    c.UpdateStaff: seats.update_staff,
    c.SilenceSeat: seats.silence,
    c.SignSeat: seats.signed,
    c.PauseSeat: seats.pause,
    c.ResumeSeat: seats.resume,
    c.SetDuty: seats.set_duty,
    c.ProveSeat: seats.prove,
    c.NameSeat: seats.name,
    c.OpenVisit: visits.open_visit,
    c.CancelVisit: visits.cancel,
    c.FinishVisit: visits.finish,
    c.ChangeLanguage: visits.change_language,
    c.GiveFeedback: visits.give_feedback,
    c.TakeTicket: visits.take_ticket,
    c.KeepWaiting: visits.keep_waiting,
    c.AnswerTicket: visits.answer_ticket,
    c.NoteVisit: visits.note,
    c.AcceptOffer: calls.accept,
    c.DeclineOffer: calls.decline,
    c.HoldVisit: calls.hold,
    c.ResumeVisit: calls.resume,
    c.LeaveVisit: calls.leave,
    c.FlagVisit: calls.flag,
    c.CloseOut: calls.close_out,
    c.InviteSeat: calls.invite,
    c.UninviteSeat: calls.uninvite,
    c.PathConnected: calls.path_connected,
    c.PathDead: calls.path_dead,
    c.LookAtSetup: clock.look_at_setup,
    c.DeadlinePassed: _deadline_passed,
    c.PostponeDeadline: _postpone_deadline,
}
