"""Open or closed, when next, and when to look again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.domain.hours import LOOK_AHEAD_DAYS, Opening, opening
from signaling.domain.places import Branch, DayException, Directory, Hours, Library, Service, Span
from signaling.protocol.vocabulary import BranchId, Language, LibraryId, ServiceId

STOCKHOLM = ZoneInfo("Europe/Stockholm")
LIBRARY = Library(LibraryId("skelleftea"), "Skellefteå", Language.SV, "Europe/Stockholm", country="SE")
BRANCH = Branch(BranchId("burtrask"), LIBRARY.id, "Burträsk", "0914-100 00")
SERVICE = Service(ServiceId("library-help"), LIBRARY.id, {Language.SV: "Bibliotekshjälp"})
HOLIDAY_NAMES = {Language.SV: "Trettondedag jul", Language.EN: "Epiphany"}
HOLIDAYS = {"SE": {date(2026, 1, 6): HOLIDAY_NAMES}}
#: Monday to Friday 08.00 to 12.00 and 13.00 to 22.00, Saturday 10.00 to midnight, Sunday closed.
WORKDAY = (Span(480, 720), Span(780, 1320))
WEEK = Hours((WORKDAY,) * 5 + ((Span(600, 1440),), ()))


def local(text: str) -> datetime:
    """A wall time in Stockholm, as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def ask(
    now: datetime,
    hours: Hours | None = WEEK,
    *exceptions: DayException,
    branch: Branch = BRANCH,
    holidays: Mapping[str, Mapping[date, Mapping[Language, str]]] = HOLIDAYS,
) -> Opening:
    """The opening of the branch, with these hours."""
    branch = replace(branch, hours=hours)
    directory = Directory({LIBRARY.id: LIBRARY}, {branch.id: branch}, {SERVICE.id: SERVICE}, exceptions=exceptions)
    answer = opening(directory, holidays, branch.id, now)
    for moment in (answer.next_open, answer.changes_at):
        assert moment is None or moment.tzinfo is UTC
    return answer


def closed_on(day: str, *spans: Span, texts: Mapping[Language, str] | None = None) -> DayException:
    return DayException(BRANCH.id, date.fromisoformat(day), spans, texts or {})


INVENTORY = {Language.SV: "Vi inventerar."}


def test_what_is_not_known_or_has_no_hours_is_open_for_ever() -> None:
    directory = Directory({LIBRARY.id: LIBRARY}, {BRANCH.id: BRANCH}, {SERVICE.id: SERVICE})
    for subject in ("nowhere", BRANCH.id, SERVICE.id):
        assert opening(directory, {}, subject, local("2026-03-02T03:00")) == Opening()
    assert opening(replace(directory, libraries={}), {}, BRANCH.id, local("2026-03-02T03:00")) == Opening()


def test_a_service_has_hours_as_a_branch_has() -> None:
    service = replace(SERVICE, hours=WEEK)
    directory = Directory({LIBRARY.id: LIBRARY}, {BRANCH.id: BRANCH}, {service.id: service})
    answer = opening(directory, HOLIDAYS, service.id, local("2026-03-02T23:00"))
    assert answer == Opening(False, local("2026-03-03T08:00"), local("2026-03-03T08:00"))


@pytest.mark.parametrize(
    ("now", "is_open", "changes"),
    [
        ("2026-03-02T07:59", False, "2026-03-02T08:00"),
        ("2026-03-02T08:00", True, "2026-03-02T12:00"),
        ("2026-03-02T12:00", False, "2026-03-02T13:00"),
        ("2026-03-02T21:59", True, "2026-03-02T22:00"),
        ("2026-03-02T22:00", False, "2026-03-03T08:00"),
        ("2026-03-07T23:59", True, "2026-03-08T00:00"),  # Saturday, until midnight
        ("2026-03-08T00:00", False, "2026-03-09T08:00"),  # Sunday is closed
    ],
)
def test_weekly_hours_open_and_close_at_their_local_minute(now: str, is_open: bool, changes: str) -> None:
    answer = ask(local(now))
    assert answer == Opening(is_open, None if is_open else local(changes), local(changes))


def test_a_public_holiday_is_closed_under_its_name_from_midnight_to_midnight() -> None:
    before = ask(local("2026-01-05T23:00"))
    assert before == Opening(False, local("2026-01-07T08:00"), local("2026-01-06T00:00"))
    on_it = ask(local("2026-01-06T09:00"))
    assert on_it == Opening(False, local("2026-01-07T08:00"), local("2026-01-07T00:00"), HOLIDAY_NAMES)
    after = ask(local("2026-01-07T00:00"))
    assert after == Opening(False, local("2026-01-07T08:00"), local("2026-01-07T08:00"))


def test_holidays_close_nothing_where_they_are_working_days_or_belong_to_another_country() -> None:
    tuesday = local("2026-01-06T09:00")
    assert ask(tuesday, replace(WEEK, closed_on_holidays=False)).open
    assert ask(tuesday, holidays={"NO": HOLIDAYS["SE"]}).open


def test_a_day_exception_wins_over_the_week_and_over_a_holiday() -> None:
    closed = ask(local("2026-03-02T09:00"), WEEK, closed_on("2026-03-02", texts=INVENTORY))
    assert closed == Opening(False, local("2026-03-03T08:00"), local("2026-03-03T00:00"), INVENTORY)
    on_holiday = closed_on("2026-01-06", Span(600, 660), texts=INVENTORY)
    assert ask(local("2026-01-06T10:30"), WEEK, on_holiday) == Opening(True, None, local("2026-01-06T11:00"))
    early = ask(local("2026-01-06T09:00"), WEEK, on_holiday)
    assert early == Opening(False, local("2026-01-06T10:00"), local("2026-01-06T10:00"), INVENTORY)


def test_an_exception_of_something_else_changes_nothing() -> None:
    other = DayException(SERVICE.id, date(2026, 3, 2))
    assert ask(local("2026-03-02T09:00"), WEEK, other).open


def test_what_has_no_hours_closes_on_an_exception_alone() -> None:
    monday = closed_on("2026-03-02", texts=INVENTORY)
    assert ask(local("2026-03-01T09:00"), None, monday) == Opening(True, None, local("2026-03-02T00:00"))
    assert ask(local("2026-03-02T09:00"), None, monday).texts == INVENTORY
    assert ask(local("2026-03-03T09:00"), None, monday) == Opening()


def test_a_temporary_close_wins_over_everything_until_its_end() -> None:
    until = local("2026-03-02T15:00")
    shut = replace(BRANCH, closed=True, closed_until=until, closed_texts=INVENTORY)
    assert ask(local("2026-03-02T09:00"), branch=shut) == Opening(False, until, until, INVENTORY)
    assert ask(until, branch=shut) == Opening(True, None, local("2026-03-02T22:00"))


def test_a_temporary_close_that_ends_outside_of_opening_hours_opens_with_them() -> None:
    until = local("2026-03-07T23:30")
    shut = replace(BRANCH, closed=True, closed_until=until)
    assert ask(local("2026-03-02T09:00"), branch=shut).next_open == until
    until = local("2026-03-08T09:00")
    shut = replace(BRANCH, closed=True, closed_until=until)
    assert ask(local("2026-03-02T09:00"), branch=shut) == Opening(False, local("2026-03-09T08:00"), until)


def test_a_close_without_end_goes_by_no_clock() -> None:
    shut = replace(BRANCH, closed=True, closed_texts=INVENTORY)
    assert ask(local("2026-03-02T09:00"), branch=shut) == Opening(False, None, None, INVENTORY)


def test_what_does_not_open_within_sixty_days_says_nothing_and_looks_again_each_day() -> None:
    never = Hours(((),) * 7)
    assert ask(local("2026-03-02T09:00"), never) == Opening(False, None, local("2026-03-03T00:00"))
    last = date(2026, 3, 2) + timedelta(days=LOOK_AHEAD_DAYS)
    found = ask(local("2026-03-02T09:00"), never, closed_on(last.isoformat(), Span(600, 660)))
    assert found.next_open == local(f"{last}T10:00")


def test_always_open_looks_again_at_the_end_of_what_it_looked_at() -> None:
    always = Hours(((Span(0, 1440),),) * 7)
    answer = ask(local("2026-02-01T09:00"), always)
    assert answer == Opening(True, None, local("2026-04-03T00:00"))  # the change of the clock lies between


def test_texts_of_two_closed_days_in_a_row_change_at_the_midnight_between_them() -> None:
    rest = {Language.SV: "Vi vilar."}
    days = [closed_on("2026-03-02", texts=INVENTORY), closed_on("2026-03-03", texts=rest)]
    assert ask(local("2026-03-02T09:00"), WEEK, *days).changes_at == local("2026-03-03T00:00")
    same = [closed_on("2026-03-02", texts=INVENTORY), closed_on("2026-03-03", texts=INVENTORY)]
    assert ask(local("2026-03-02T09:00"), WEEK, *same).changes_at == local("2026-03-04T00:00")


NIGHT = Hours(((Span(60, 240),),) * 7)


def test_a_span_across_the_change_to_summer_time_is_an_hour_shorter() -> None:
    assert ask(utc("2026-03-29T00:00"), NIGHT) == Opening(True, None, utc("2026-03-29T02:00"))


def test_a_span_across_the_change_to_winter_time_is_an_hour_longer() -> None:
    assert ask(utc("2026-10-24T23:00"), NIGHT) == Opening(True, None, utc("2026-10-25T03:00"))


def test_a_wall_time_that_does_not_exist_is_the_moment_of_the_jump() -> None:
    from_half_past_two = Hours(((Span(150, 240),),) * 7)
    assert ask(utc("2026-03-29T00:00"), from_half_past_two).next_open == utc("2026-03-29T01:00")
    assert ask(utc("2026-03-29T01:00"), from_half_past_two).open
    until_half_past_two = Hours(((Span(60, 150),),) * 7)
    assert ask(utc("2026-03-29T00:00"), until_half_past_two).changes_at == utc("2026-03-29T01:00")
    assert not ask(utc("2026-03-29T01:00"), until_half_past_two).open


def test_a_span_inside_the_hour_that_is_left_out_does_not_happen_that_day() -> None:
    inside = Hours(((Span(130, 170),),) * 7)
    answer = ask(utc("2026-03-29T00:30"), inside)
    assert answer.next_open == local("2026-03-30T02:10")


def test_a_wall_time_that_happens_twice_is_the_first_of_the_two() -> None:
    until_half_past_two = Hours(((Span(60, 150),),) * 7)
    assert ask(utc("2026-10-25T00:29"), until_half_past_two).changes_at == utc("2026-10-25T00:30")
    assert not ask(utc("2026-10-25T01:15"), until_half_past_two).open


spans = st.lists(st.integers(0, 48), unique=True, max_size=6).map(
    lambda marks: tuple(
        Span(a * 30, b * 30) for a, b in zip(sorted(marks)[::2], sorted(marks)[1::2], strict=False) if a < b
    )
)


@given(
    week=st.tuples(*[spans] * 7),
    minutes=st.integers(0, 16 * 24 * 60),  # the clock changes on the 29th
    exceptions=st.dictionaries(st.dates(date(2026, 3, 18), date(2026, 4, 8)), spans, max_size=4),
)
def test_the_wall_clock_says_the_same_and_nothing_changes_before_it_is_said_to(
    week: tuple[tuple[Span, ...], ...], minutes: int, exceptions: dict[date, tuple[Span, ...]]
) -> None:
    days = [closed_on(day.isoformat(), *found, texts={Language.EN: str(day)}) for day, found in exceptions.items()]
    now = utc("2026-03-20T00:00") + timedelta(minutes=minutes)
    hours = Hours(week)
    answer = ask(now, hours, *days)
    wall = now.astimezone(STOCKHOLM)
    today = exceptions.get(wall.date(), week[wall.weekday()])
    assert answer.open == any(span.opens_min <= wall.hour * 60 + wall.minute < span.closes_min for span in today)
    assert answer.changes_at is not None
    assert answer.changes_at > now
    just_before = ask(answer.changes_at - timedelta(seconds=1), hours, *days)
    if answer.open or answer.next_open is not None:
        assert just_before == answer
    assert ask(answer.changes_at, hours, *days) != answer or answer.next_open is None
    if answer.next_open is not None:
        assert ask(answer.next_open, hours, *days).open
        assert not ask(answer.next_open - timedelta(seconds=1), hours, *days).open
