"""Light and volume by the hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk.core.care import Settings
from kiosk.core.daylight import brightness_percent, is_open, volume_max_percent, zone_of

ZONE = ZoneInfo("Europe/Stockholm")
#: A Wednesday.
DAY = datetime(2026, 3, 4, tzinfo=ZONE)
WEEK = ((), (), ((540, 1020),), ((1320, 120),), (), (), ())


def at(minute: int, day: int = 0) -> datetime:
    return DAY + timedelta(days=day, minutes=minute)


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        (at(539), False),
        (at(540), True),
        (at(1019), True),
        (at(1020), False),
        (at(540, day=-1), False),
        (at(1320, day=1), True),
        (at(119, day=2), True),  # Thursday's late hours go on into Friday
        (at(120, day=2), False),
    ],
)
def test_without_the_server_the_week_s_hours_say_whether_it_is_open(local: datetime, expected: bool) -> None:
    assert is_open(Settings(week=WEEK), local, None) is expected


def test_what_the_server_says_of_this_day_comes_first() -> None:
    assert is_open(Settings(week=WEEK), at(0), told=True)
    assert not is_open(Settings(week=WEEK), at(600), told=False)


def test_a_branch_without_hours_is_always_open_and_a_day_without_hours_closed() -> None:
    assert is_open(Settings(week=None), at(0), None)
    assert not is_open(Settings(week=()), at(600), None)


def test_a_closed_branch_is_dark_until_somebody_is_there() -> None:
    settings = Settings(brightness_percent=90, closed_brightness_percent=0)
    assert brightness_percent(settings, opened=True, used=False) == 90
    assert brightness_percent(settings, opened=False, used=False) == 0
    assert brightness_percent(settings, opened=False, used=True) == 90


@pytest.mark.parametrize(
    ("begins", "ends", "minute", "expected"),
    [
        (600, 660, 599, 80),
        (600, 660, 600, 30),
        (600, 660, 660, 80),
        (1320, 360, 1319, 80),
        (1320, 360, 1320, 30),
        (1320, 360, 359, 30),
        (1320, 360, 360, 80),
        (0, 0, 0, 80),
    ],
)
def test_in_quiet_hours_the_loudspeaker_goes_less_far(begins: int, ends: int, minute: int, expected: int) -> None:
    settings = Settings(volume_max_percent=80, quiet_from_min=begins, quiet_to_min=ends, quiet_volume_max_percent=30)
    assert volume_max_percent(settings, at(minute)) == expected


def test_quiet_hours_make_nothing_louder() -> None:
    settings = Settings(volume_max_percent=40, quiet_from_min=0, quiet_to_min=1440, quiet_volume_max_percent=60)
    assert volume_max_percent(settings, at(60)) == 40


@pytest.mark.parametrize("name", ["", "Nowhere/At_all", "/etc/passwd", "Europe"])
def test_a_place_that_nobody_knows_has_the_world_s_time(name: str) -> None:
    assert zone_of(name) is UTC
    assert zone_of("Europe/Stockholm") == ZONE
