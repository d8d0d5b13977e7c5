"""When a kiosk tests itself: at its start, before opening, at night, when asked, after a device change, lightly. Pure.

What it is for: one answer to "what is to be tested now". What it does not do: test. The rule above all others: nothing
is tested while a visit is on the screen, and nothing that is heard or seen while a hand is near it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from kiosk.core.care import Settings
from signaling.protocol.health import LIGHT_TEST_EVERY_S, HealthArea, TestKind

#: A start without the server tests what it can after this time.
BOOT_WITHOUT_LINK_S: Final = 20.0
#: The first screens come before the first test.
BOOT_AFTER_S: Final = 3.0
#: So long before the branch opens.
BEFORE_OPENING_MIN: Final = 15
#: A night's test that could not be made is made within this time, or not at all.
NIGHT_WINDOW_MIN: Final = 180
#: A plug that is moved gives many changes.
DEVICES_SETTLE_S: Final = 3.0
#: What keeps the kiosk out of service is looked at again this often: a cable may be back.
AGAIN_EVERY_S: Final = 900.0
#: The first time sooner: a machine or a server that was busy for a moment has broken nothing.
AGAIN_SOON_S: Final = 60.0
DAY_MIN: Final = 24 * 60

#: All that a whole test looks at.
WHOLE: Final = frozenset(HealthArea) - {HealthArea.REACH}
#: Nothing of it is heard, seen or sent over a relay.
LIGHT: Final = frozenset({HealthArea.SCREEN, HealthArea.NETWORK, HealthArea.MACHINE, HealthArea.PROGRAM})
#: What a device that came or went can change.
DEVICES: Final = frozenset({HealthArea.SOUND, HealthArea.CAMERA})


@dataclass(frozen=True, slots=True)
class Situation:
    """What is so around the kiosk.

    Attributes:
        now_s: Monotonic seconds.
        local: The branch's own time.
        idle: No visit is on the screen.
        hand: Somebody has touched the screen a moment ago.
        menu: The service menu is open.
        link: The server is there.
        broken: Areas whose findings keep the kiosk out of service.
    """

    now_s: float
    local: datetime
    idle: bool = True
    hand: bool = False
    menu: bool = False
    link: bool = True
    broken: frozenset[HealthArea] = frozenset()


@dataclass(frozen=True, slots=True)
class DueTest:
    """What is to be tested now, and why."""

    kind: TestKind
    areas: frozenset[HealthArea]


@dataclass(frozen=True, slots=True)
class Timetable:
    """What is remembered of the tests that were made. Times ending in `_s` are seconds of one monotonic clock.

    Attributes:
        booted: The test of this start was made.
        asked: Somebody wants one.
        devices_s: When a device came or went last and was not tested since.
        light_s: When the last test of any kind ended.
        again_s: When what was broken was looked at last.
        found_broken: So many looks in a row have found something broken.
        whole: When the last whole test ended, in the branch's own time.
    """

    started_s: float
    booted: bool = False
    asked: bool = False
    devices_s: float | None = None
    light_s: float | None = None
    again_s: float | None = None
    found_broken: int = 0
    whole: datetime | None = None


def due(table: Timetable, now: Situation, settings: Settings) -> DueTest | None:
    """What is to be tested now; None: nothing."""
    if not now.idle:
        return None
    if table.asked and (now.menu or not now.hand):
        return DueTest(TestKind.ASKED, WHOLE)
    if now.menu:
        return None
    if not now.hand:
        found = _audible(table, now, settings)
        if found is not None:
            return found
    lately = table.light_s is not None and now.now_s - table.light_s < LIGHT_TEST_EVERY_S
    return None if lately or not table.booted else DueTest(TestKind.LIGHT, LIGHT)


def ask(table: Timetable) -> Timetable:
    """Somebody wants a whole test, as soon as nobody is in its way."""
    return replace(table, asked=True)


def devices_changed(table: Timetable, now_s: float) -> Timetable:
    """A device came or went."""
    return replace(table, devices_s=now_s)


def ended(table: Timetable, test: DueTest, now: Situation) -> Timetable:
    """A test was made to its end."""
    table = replace(table, light_s=now.now_s)
    if test.areas >= DEVICES:
        table = replace(table, devices_s=None, again_s=now.now_s)
    if test.areas & now.broken == now.broken:
        found_broken = table.found_broken + 1 if now.broken else 0
        table = replace(table, again_s=now.now_s, found_broken=found_broken)
    if test.areas >= WHOLE:
        table = replace(table, booted=True, asked=False, whole=now.local)
    return table


def given_up(table: Timetable, test: DueTest) -> Timetable:
    """A test was broken off. One that somebody asked for is not made later: the one who asked was told."""
    return replace(table, asked=False) if test.kind is TestKind.ASKED else table


def _audible(table: Timetable, now: Situation, settings: Settings) -> DueTest | None:
    since_start_s = now.now_s - table.started_s
    if not table.booted:
        soon = since_start_s >= (BOOT_AFTER_S if now.link else BOOT_WITHOUT_LINK_S)
        return DueTest(TestKind.BOOT, WHOLE) if soon else None
    if _opens_soon(now.local, settings.week, table.whole):
        return DueTest(TestKind.OPENING, WHOLE)
    if _night(now.local, settings.test_at_min, table.whole):
        return DueTest(TestKind.NIGHTLY, WHOLE)
    if table.devices_s is not None and now.now_s - table.devices_s >= DEVICES_SETTLE_S:
        return DueTest(TestKind.DEVICES, DEVICES)
    again_s = table.started_s if table.again_s is None else table.again_s
    again_after_s = AGAIN_SOON_S if table.found_broken == 1 else AGAIN_EVERY_S
    if now.broken and now.now_s - again_s >= again_after_s:
        return DueTest(TestKind.DEVICES, now.broken)
    return None


def _opens_soon(local: datetime, week: tuple[tuple[tuple[int, int], ...], ...] | None, whole: datetime | None) -> bool:
    """Whether the branch opens within a quarter of an hour, and nothing was tested in this quarter."""
    if week is None:
        return False
    for opens in _openings(local, week):
        begins = opens - timedelta(minutes=BEFORE_OPENING_MIN)
        if begins <= local < opens and not _since(whole, begins):
            return True
    return False


def _openings(local: datetime, week: tuple[tuple[tuple[int, int], ...], ...]) -> Iterable[datetime]:
    """When it opens today and tomorrow: tomorrow's first quarter may lie in this day."""
    for day in (local.date(), local.date() + timedelta(days=1)):
        for opens_min, _ in week[day.weekday()] if day.weekday() < len(week) else ():
            yield _at(local, day, opens_min)


def _night(local: datetime, test_at_min: int, whole: datetime | None) -> bool:
    """Whether it is the night's time, and nothing was tested since."""
    for day in (local.date(), local.date() - timedelta(days=1)):
        begins = _at(local, day, test_at_min)
        if begins <= local < begins + timedelta(minutes=NIGHT_WINDOW_MIN):
            return not _since(whole, begins)
    return False


def _at(local: datetime, day: date, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=local.tzinfo) + timedelta(minutes=minute)


def _since(whole: datetime | None, begins: datetime) -> bool:
    return whole is not None and whole >= begins
