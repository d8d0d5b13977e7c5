"""When a kiosk tests itself, and when it must not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk.core.care import Settings
from kiosk.core.health.schedule import (
    AGAIN_EVERY_S,
    AGAIN_SOON_S,
    BOOT_AFTER_S,
    BOOT_WITHOUT_LINK_S,
    DEVICES,
    DEVICES_SETTLE_S,
    LIGHT,
    WHOLE,
    DueTest,
    Situation,
    Timetable,
    ask,
    devices_changed,
    due,
    ended,
    given_up,
)
from signaling.protocol.health import LIGHT_TEST_EVERY_S, HealthArea, TestKind

#: A Wednesday at noon.
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
NINE_TO_FIVE = tuple(((9 * 60, 17 * 60),) for _ in range(7))
SETTINGS = Settings(week=NINE_TO_FIVE, test_at_min=180)
NOW = Situation(now_s=10_000.0, local=NOON)
#: Booted, and tested lately.
TABLE = Timetable(started_s=0.0, booted=True, light_s=9_990.0, whole=NOON - timedelta(hours=1))


def kind(table: Timetable, now: Situation, settings: Settings = SETTINGS) -> TestKind | None:
    test = due(table, now, settings)
    return None if test is None else test.kind


def at(hour: int, minute: int = 0, day: int = 4) -> Situation:
    return replace(NOW, local=datetime(2026, 3, day, hour, minute, tzinfo=UTC))


def test_nothing_is_due_after_a_test_a_moment_ago() -> None:
    assert due(TABLE, NOW, SETTINGS) is None


# --- at the start -----------------------------------------------------------------------------------------


def test_the_first_screens_come_before_the_first_test() -> None:
    table = Timetable(started_s=10_000.0)
    assert kind(table, NOW) is None
    assert kind(table, replace(NOW, now_s=10_000.0 + BOOT_AFTER_S)) is TestKind.BOOT


def test_a_start_without_the_server_tests_what_it_can_after_a_while() -> None:
    table, lost = Timetable(started_s=10_000.0), replace(NOW, link=False)
    assert kind(table, replace(lost, now_s=10_000.0 + BOOT_AFTER_S)) is None
    test = due(table, replace(lost, now_s=10_000.0 + BOOT_WITHOUT_LINK_S), SETTINGS)
    assert test == DueTest(TestKind.BOOT, WHOLE)


# --- by the clock -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(8, 44), None),
        (at(8, 45), TestKind.OPENING),
        (at(8, 59), TestKind.OPENING),
        (at(9, 0), None),
    ],
)
def test_a_quarter_of_an_hour_before_the_branch_opens(now: Situation, expected: TestKind | None) -> None:
    assert kind(replace(TABLE, whole=datetime(2026, 3, 4, 4, tzinfo=UTC)), now) is expected


def test_an_opening_is_tested_for_once() -> None:
    table = ended(replace(TABLE, whole=None), DueTest(TestKind.OPENING, WHOLE), at(8, 46))
    assert kind(replace(table, light_s=10_000.0), at(8, 50)) is None


def test_an_opening_just_after_midnight_is_tested_for_the_day_before() -> None:
    week = tuple(((5, 60),) for _ in range(7))
    settings = replace(SETTINGS, week=week, test_at_min=600)
    assert kind(TABLE, at(23, 50), settings) is TestKind.OPENING
    assert kind(TABLE, at(23, 49), settings) is None


def test_a_branch_that_is_always_open_or_never_is_tested_by_night_alone() -> None:
    assert kind(TABLE, at(8, 50), replace(SETTINGS, week=None)) is None
    assert kind(TABLE, at(8, 50), replace(SETTINGS, week=())) is None


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(2, 59, day=5), None),
        (at(3, 0, day=5), TestKind.NIGHTLY),
        (at(5, 59, day=5), TestKind.NIGHTLY),
        (at(6, 0, day=5), None),
    ],
)
def test_every_night_at_the_time_that_was_set(now: Situation, expected: TestKind | None) -> None:
    assert kind(TABLE, now) is expected


def test_a_night_s_window_goes_past_midnight() -> None:
    settings = replace(SETTINGS, week=None, test_at_min=23 * 60)
    table = replace(TABLE, whole=datetime(2026, 3, 4, 22, 59, tzinfo=UTC))
    assert kind(table, at(1, 30, day=5), settings) is TestKind.NIGHTLY
    assert kind(replace(table, whole=datetime(2026, 3, 4, 23, tzinfo=UTC)), at(1, 30, day=5), settings) is None


def test_the_clock_is_the_one_on_the_branch_s_wall() -> None:
    summer = datetime(2026, 7, 1, 3, 0, tzinfo=ZoneInfo("Europe/Stockholm"))
    table = replace(TABLE, whole=summer - timedelta(hours=5))
    assert kind(table, replace(NOW, local=summer)) is TestKind.NIGHTLY
    assert kind(table, replace(NOW, local=summer - timedelta(minutes=1))) is None


# --- because of something ---------------------------------------------------------------------------------


def test_a_device_change_is_tested_when_the_plugs_have_settled() -> None:
    table = devices_changed(TABLE, 10_000.0)
    assert kind(table, NOW) is None
    table = devices_changed(table, 10_002.0)
    assert kind(table, replace(NOW, now_s=10_002.9)) is None
    test = due(table, replace(NOW, now_s=10_002.0 + DEVICES_SETTLE_S), SETTINGS)
    assert test == DueTest(TestKind.DEVICES, DEVICES)
    assert test is not None
    assert due(ended(table, test, NOW), replace(NOW, now_s=10_010.0), SETTINGS) is None


def test_what_keeps_the_kiosk_out_of_service_is_looked_at_again_soon_and_then_now_and_then() -> None:
    broken = replace(NOW, broken=frozenset({HealthArea.SOUND}))
    again = DueTest(TestKind.DEVICES, broken.broken)
    table = ended(TABLE, DueTest(TestKind.BOOT, WHOLE), broken)
    now = broken
    for wait_s in (AGAIN_SOON_S, AGAIN_EVERY_S, AGAIN_EVERY_S):
        now = replace(now, now_s=now.now_s + wait_s)
        table = replace(table, light_s=now.now_s)
        assert kind(table, replace(now, now_s=now.now_s - 1)) is None
        assert due(table, now, SETTINGS) == again
        table = ended(table, again, now)
        assert kind(table, now) is None


def test_what_breaks_once_more_is_looked_at_soon_once_more() -> None:
    broken = replace(NOW, broken=frozenset({HealthArea.SOUND}))
    whole = DueTest(TestKind.ASKED, WHOLE)
    table = TABLE
    for now in (broken, broken, NOW, broken):
        table = ended(table, whole, now)
    assert kind(table, replace(broken, now_s=NOW.now_s + AGAIN_SOON_S)) is TestKind.DEVICES


def test_a_light_test_is_no_second_look_at_what_is_broken() -> None:
    broken = replace(NOW, broken=frozenset({HealthArea.SOUND}))
    assert ended(TABLE, DueTest(TestKind.LIGHT, LIGHT), broken).again_s is None


def test_what_was_found_by_a_light_test_is_looked_at_again_counted_from_the_start() -> None:
    table = Timetable(started_s=0.0, booted=True, light_s=9_999.0)
    broken = replace(NOW, broken=frozenset({HealthArea.CALL}))
    assert kind(table, replace(broken, now_s=AGAIN_EVERY_S - 1)) is None
    assert kind(table, replace(broken, now_s=AGAIN_EVERY_S)) is TestKind.DEVICES


def test_a_light_test_every_few_minutes() -> None:
    table = replace(TABLE, light_s=10_000.0)
    assert kind(table, replace(NOW, now_s=10_000.0 + LIGHT_TEST_EVERY_S - 1)) is None
    late = replace(NOW, now_s=10_000.0 + LIGHT_TEST_EVERY_S)
    test = due(table, late, SETTINGS)
    assert test == DueTest(TestKind.LIGHT, LIGHT)
    assert test is not None
    assert kind(ended(table, test, late), late) is None


def test_nothing_light_comes_before_the_first_whole_test() -> None:
    assert kind(Timetable(started_s=0.0), replace(NOW, hand=True)) is None


# --- people first -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", list(TestKind))
def test_nothing_at_all_is_tested_while_a_visit_is_on_the_screen(wanted: TestKind) -> None:
    tables = {
        TestKind.BOOT: Timetable(started_s=0.0),
        TestKind.ASKED: ask(TABLE),
        TestKind.DEVICES: devices_changed(TABLE, 0.0),
        TestKind.LIGHT: replace(TABLE, light_s=0.0),
        TestKind.NIGHTLY: TABLE,
        TestKind.OPENING: replace(TABLE, whole=None),
    }
    moments = {TestKind.NIGHTLY: at(3, 30, day=5), TestKind.OPENING: at(8, 50)}
    now = moments.get(wanted, NOW)
    assert kind(tables[wanted], now) is wanted
    assert kind(tables[wanted], replace(now, idle=False)) is None


def test_while_a_hand_is_near_only_what_nobody_notices_is_tested() -> None:
    near = replace(NOW, hand=True)
    assert kind(ask(TABLE), near) is None
    assert kind(devices_changed(TABLE, 0.0), near) is None
    assert kind(replace(TABLE, light_s=0.0), near) is TestKind.LIGHT


def test_in_the_service_menu_nothing_is_tested_but_what_was_asked_for() -> None:
    menu = replace(NOW, hand=True, menu=True)
    assert kind(replace(devices_changed(TABLE, 0.0), light_s=0.0), menu) is None
    assert due(ask(TABLE), menu, SETTINGS) == DueTest(TestKind.ASKED, WHOLE)


def test_a_test_that_was_given_up_is_made_later_unless_somebody_asked_for_it() -> None:
    asked = ask(TABLE)
    assert given_up(asked, DueTest(TestKind.ASKED, WHOLE)) == TABLE
    boot = Timetable(started_s=0.0)
    assert kind(given_up(boot, DueTest(TestKind.BOOT, WHOLE)), NOW) is TestKind.BOOT


def test_a_whole_test_is_every_other_test_s_too() -> None:
    table = devices_changed(ask(Timetable(started_s=0.0)), 0.0)
    after = ended(table, DueTest(TestKind.ASKED, WHOLE), NOW)
    assert after == Timetable(started_s=0.0, booted=True, light_s=10_000.0, again_s=10_000.0, whole=NOON)
