"""Is a service offered, or a branch open, at a given moment; when next; and when to look again.

Weekly hours, public holidays, single days with other hours, and a branch's temporary close, in this order of
weight, in the local time of the library. What it does not do: keep the answer (`Standing`) or read a clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from signaling.domain.places import Branch, DayException, Directory, Holidays, Hours, Library, Service, Span
from signaling.protocol.vocabulary import BranchId, Language, ServiceId

#: Nobody plans a visit further ahead, and it bounds the work for what never opens.
LOOK_AHEAD_DAYS: Final = 60
_WHOLE_DAY: Final = (Span(0, 24 * 60),)
_NO_TEXTS: Final[Mapping[Language, str]] = {}


@dataclass(frozen=True, slots=True)
class Opening:
    """How the hours stand at one moment.

    Attributes:
        open: It is offered, or open.
        next_open: When it opens again; None while it is open, or when nobody can say.
        changes_at: When any of this may be otherwise, and is to be asked again; None for never.
        texts: What somebody has written about the close, or the name of the holiday; may be empty.
    """

    open: bool = True
    next_open: datetime | None = None
    changes_at: datetime | None = None
    texts: Mapping[Language, str] = field(default_factory=dict)


def opening(directory: Directory, holidays: Holidays, subject_id: str, now: datetime) -> Opening:
    """How the hours of a service or branch stand.

    A span begins and ends when the wall clock first shows its time or, where a change of the clock leaves that
    time out, a later one.

    Args:
        directory: All places.
        holidays: Public holidays by country and day.
        subject_id: A service or branch. One that is not known, or has no hours, is open.
        now: Aware, UTC.

    Returns:
        The answer, with all moments in UTC.
    """
    subject: Branch | Service | None = directory.branches.get(BranchId(subject_id)) or directory.services.get(
        ServiceId(subject_id)
    )
    library = directory.libraries.get(subject.library_id) if subject is not None else None
    if subject is None or library is None:
        return Opening()
    calendar = _calendar(directory, holidays, library, subject)
    if not isinstance(subject, Branch) or not subject.closed:
        return calendar.at(now)
    until = subject.closed_until
    if until is None:
        return Opening(open=False, texts=subject.closed_texts)
    if now >= until:
        return calendar.at(now)
    then = calendar.at(until)
    return Opening(
        open=False, next_open=until if then.open else then.next_open, changes_at=until, texts=subject.closed_texts
    )


@dataclass(frozen=True, slots=True)
class _Day:
    spans: tuple[Span, ...]
    texts: Mapping[Language, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Calendar:
    """The hours of one subject, day by day."""

    zone: ZoneInfo
    hours: Hours | None
    holidays: Mapping[date, Mapping[Language, str]]
    exceptions: Mapping[date, DayException]

    def at(self, now: datetime) -> Opening:
        """The answer for one moment."""
        today = now.astimezone(self.zone).date()
        if self.hours is None and all(day < today for day in self.exceptions):
            return Opening()
        found = next((period for period in self._periods(today) if period[1] > now), None)
        if found is None:
            # Tomorrow one looks a day further.
            return Opening(open=False, changes_at=self._midnight(today, 1), texts=self._day(today).texts)
        opens, closes = found
        if opens <= now:
            return Opening(changes_at=closes)
        return Opening(
            open=False,
            next_open=opens,
            changes_at=min(opens, self._text_changes_at(today, opens)),
            texts=self._day(today).texts,
        )

    def _day(self, day: date) -> _Day:
        exception = self.exceptions.get(day)
        if exception is not None:
            return _Day(exception.spans, exception.texts)
        if self.hours is None:
            return _Day(_WHOLE_DAY)
        if self.hours.closed_on_holidays and day in self.holidays:
            return _Day((), self.holidays[day])
        return _Day(self.hours.week[day.weekday()])

    def _periods(self, first: date) -> Iterator[tuple[datetime, datetime]]:
        """From when until when it is open, in order; what touches is one period."""
        opens = closes = None
        for day in (first + timedelta(days=number) for number in range(LOOK_AHEAD_DAYS + 1)):
            for span in self._day(day).spans:
                begins, ends = _moment(self.zone, day, span.opens_min), _moment(self.zone, day, span.closes_min)
                if begins == ends:  # all of it lies in the hour that a change of the clock leaves out
                    continue
                if closes != begins:
                    if opens is not None and closes is not None:
                        yield opens, closes
                    opens = begins
                closes = ends
        if opens is not None and closes is not None:
            yield opens, closes

    def _text_changes_at(self, today: date, until: datetime) -> datetime:
        """The first midnight before `until` that brings other texts; `until` when none does."""
        texts = self._day(today).texts
        number = 1
        while (midnight := self._midnight(today, number)) < until:
            if self._day(today + timedelta(days=number)).texts != texts:
                return midnight
            number += 1
        return until

    def _midnight(self, today: date, days: int) -> datetime:
        return _moment(self.zone, today + timedelta(days=days), 0)


def _calendar(directory: Directory, holidays: Holidays, library: Library, subject: Branch | Service) -> _Calendar:
    return _Calendar(
        ZoneInfo(library.time_zone),
        subject.hours,
        holidays.get(library.country, {}),
        {entry.day: entry for entry in directory.exceptions if entry.subject_id == subject.id},
    )


def _moment(zone: ZoneInfo, day: date, minute: int) -> datetime:
    """When the wall clock first shows this minute of the day or a later one; UTC."""
    wall = datetime.combine(day, time(), zone) + timedelta(minutes=minute)  # adds to the wall clock
    moment = wall.astimezone(UTC)
    if _shown(moment, zone) == wall.replace(tzinfo=None):
        return moment
    # The clock jumps over it (PEP 495): the moment of the jump lies between the two ways to read it.
    before, after = wall.replace(fold=1).astimezone(UTC), moment
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if _shown(middle, zone) < wall.replace(tzinfo=None):
            before = middle
        else:
            after = middle
    return after


def _shown(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)
