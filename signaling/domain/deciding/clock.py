"""What the clock and the forms change: hours, long waits, nobody on duty."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta

from signaling.domain import commands as c
from signaling.domain.draft import Draft
from signaling.domain.effects import StandbyCause, StandbyNeeded
from signaling.domain.hours import opening
from signaling.domain.model import DeadlineKind, Standing
from signaling.domain.standby import is_due, with_long_wait
from signaling.protocol.vocabulary import LineId, ServiceId, VisitId


def look_at_setup(draft: Draft, command: c.LookAtSetup) -> None:
    """Every service and branch of the line stands anew; those that are gone stand no more."""
    subjects = _subjects(draft, command.line_id)
    for subject_id in list(draft.standings):
        if subject_id not in subjects:
            _forget(draft, subject_id)
    for subject_id in subjects:
        _look_at(draft, subject_id)


def hours_changed(draft: Draft, subject_id: str) -> None:
    """It opens, closes, or another day begins."""
    places = draft.setup.directory
    if subject_id in places.services or subject_id in places.branches:
        _look_at(draft, subject_id)
    else:
        _forget(draft, subject_id)


def waited_too_long(draft: Draft, visit_id: str) -> None:
    """One more long wait; so many of them ask the standby people."""
    service_id = draft.visits[VisitId(visit_id)].service_id
    standing = with_long_wait(draft.standing(service_id), draft.now, draft.policy)
    draft.put_standing(standing)
    if is_due(standing, draft.now, draft.policy):
        _ask(draft, standing, StandbyCause.LONG_WAITS)


def nobody_on_duty(draft: Draft, service_id: str) -> None:
    """For a while already, in opening hours: ask the standby people."""
    _ask(draft, draft.standing(service_id), StandbyCause.NOBODY_ON_DUTY)


def watch_duty(draft: Draft, without_duty: AbstractSet[str]) -> None:
    """Let the time run for open services that nobody on duty answers, and for no others."""
    grace = timedelta(seconds=draft.policy.nobody_grace_s)
    for standing in draft.standings.values():
        subject_id = standing.subject_id
        if subject_id not in draft.setup.directory.services:
            continue
        if not standing.open or subject_id not in without_duty:
            draft.drop_deadline(DeadlineKind.NOBODY, subject_id)
        elif (DeadlineKind.NOBODY, subject_id) not in draft.deadlines:
            ask_at = max(draft.now + grace, _may_ask_at(draft, standing))
            draft.set_deadline_at(DeadlineKind.NOBODY, subject_id, ask_at)


def _may_ask_at(draft: Draft, standing: Standing) -> datetime:
    """Nobody is asked twice within a while."""
    asked_at = standing.standby_asked_at
    return draft.now if asked_at is None else asked_at + timedelta(seconds=draft.policy.standby_again_s)


def _ask(draft: Draft, standing: Standing, cause: StandbyCause) -> None:
    if _may_ask_at(draft, standing) <= draft.now:
        draft.put_standing(replace(standing, standby_asked_at=draft.now))
        draft.effects.append(StandbyNeeded(ServiceId(standing.subject_id), cause))


def _subjects(draft: Draft, line_id: LineId) -> list[str]:
    places = draft.setup.directory
    mine = {library.id for library in places.libraries.values() if library.line == line_id}
    services: list[str] = [service.id for service in places.services.values() if service.library_id in mine]
    return services + [branch.id for branch in places.branches.values() if branch.library_id in mine]


def _look_at(draft: Draft, subject_id: str) -> None:
    now_so = opening(draft.setup.directory, draft.setup.holidays, subject_id, draft.now)
    draft.put_standing(
        replace(
            draft.standing(subject_id),
            open=now_so.open,
            next_open=now_so.next_open,
            closed_texts=now_so.texts,
        )
    )
    if now_so.changes_at is None:
        draft.drop_deadline(DeadlineKind.HOURS, subject_id)
    else:
        draft.set_deadline_at(DeadlineKind.HOURS, subject_id, now_so.changes_at)


def _forget(draft: Draft, subject_id: str) -> None:
    draft.standings.pop(subject_id, None)
    draft.drop_deadline(DeadlineKind.HOURS, subject_id)
    draft.drop_deadline(DeadlineKind.NOBODY, subject_id)
