"""Time and identity from the machine."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from signaling.adapters.system import SystemClock, SystemIds


def test_the_clock_tells_the_time_in_utc() -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)


def test_ids_are_unlike_each_other_and_fit_the_wire_and_a_command_line() -> None:
    made = {SystemIds().new() for _ in range(1000)}
    assert len(made) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9]{22}", value) for value in made)
