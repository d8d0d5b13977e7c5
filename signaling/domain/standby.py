"""When standby people are asked because visitors wait too long.

What it does not do: ask anybody, or notice that nobody is on duty.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from signaling.domain.model import Standing
from signaling.domain.policy import Policy


def with_long_wait(standing: Standing, at: datetime, policy: Policy) -> Standing:
    """Count one more visit of a service that waited too long.

    Args:
        standing: The service's.
        at: When it had waited too long; aware, UTC.
        policy: How long such waits count.

    Returns:
        The standing with those that still count, oldest first.
    """
    counted = sorted([*standing.long_waits, at])
    return replace(standing, long_waits=_recent(tuple(counted), at, policy))


def is_due(standing: Standing, now: datetime, policy: Policy) -> bool:
    """Whether so many visits waited too long of late that standby people are asked, and were not just asked.

    Args:
        standing: The service's.
        now: Aware, UTC.
        policy: How many, within which time, and how soon again.
    """
    asked_at = standing.standby_asked_at
    if asked_at is not None and now - asked_at < timedelta(seconds=policy.standby_again_s):
        return False
    return len(_recent(standing.long_waits, now, policy)) >= policy.long_waits


def _recent(waits: tuple[datetime, ...], now: datetime, policy: Policy) -> tuple[datetime, ...]:
    since = now - timedelta(seconds=policy.long_waits_within_s)
    return tuple(at for at in waits if at > since)
