"""How bright the screen is and how loud the kiosk may be now: from its settings and the branch's hours. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kiosk.core.care import Settings

#: A screen that somebody touches while the branch is closed is bright for so long.
LIT_BY_TOUCH_S: Final = 60.0


def is_open(settings: Settings, local: datetime, told: bool | None) -> bool:
    """Whether the branch is open.

    Args:
        settings: With the week's hours.
        local: The branch's own time.
        told: What the server says now, special days included; None while it is away.
    """
    if told is not None:
        return told
    if settings.week is None:
        return True
    minute = minute_of(local)
    yesterday = local - timedelta(days=1)
    return _within(settings.week, local, minute) or _within(settings.week, yesterday, minute + 1440)


def brightness_percent(settings: Settings, *, opened: bool, used: bool) -> int:
    """How bright the screen is; 0: off.

    Args:
        settings: As the server pushed them.
        opened: The branch is open.
        used: A visit is on the screen, or a hand was there a moment ago: nobody reads in the dark.
    """
    return settings.brightness_percent if opened or used else settings.closed_brightness_percent


def volume_max_percent(settings: Settings, local: datetime) -> int:
    """The loudspeaker goes no further now. A quiet time that ends before it begins goes past midnight."""
    begins, ends, minute = settings.quiet_from_min, settings.quiet_to_min, minute_of(local)
    quiet = begins <= minute < ends if begins <= ends else minute >= begins or minute < ends
    return min(settings.volume_max_percent, settings.quiet_volume_max_percent) if quiet else settings.volume_max_percent


def minute_of(local: datetime) -> int:
    """Minutes since the local midnight, by the clock on the wall."""
    return local.hour * 60 + local.minute


def zone_of(name: str) -> tzinfo:
    """A time zone by its IANA name; a wrong clock is better than none, so an unknown one is UTC."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def _within(week: tuple[tuple[tuple[int, int], ...], ...], day: datetime, minute: int) -> bool:
    spans = week[day.weekday()] if day.weekday() < len(week) else ()
    return any(opens <= minute < closes + (1440 if closes < opens else 0) for opens, closes in spans)
