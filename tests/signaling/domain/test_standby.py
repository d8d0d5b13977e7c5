"""When standby people are asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from signaling.domain.model import Standing
from signaling.domain.policy import Policy
from signaling.domain.standby import is_due, with_long_wait

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
POLICY = Policy(long_waits=3, long_waits_within_s=1200, standby_again_s=3600)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def waited(*seconds: float) -> Standing:
    standing = Standing("library-help")
    for second in seconds:
        standing = with_long_wait(standing, after(second), POLICY)
    return standing


def test_three_long_waits_within_twenty_minutes_ask_and_two_do_not() -> None:
    assert not is_due(waited(0, 300), after(300), POLICY)
    assert is_due(waited(0, 300, 1199), after(1199), POLICY)


def test_long_waits_of_more_than_twenty_minutes_ago_count_no_more() -> None:
    standing = waited(0, 300, 1200)
    assert standing.long_waits == (after(300), after(1200))
    assert not is_due(standing, after(1200), POLICY)
    assert not is_due(waited(0, 300, 600), after(1200), POLICY)


def test_long_waits_are_kept_in_the_order_of_time() -> None:
    assert waited(10, 5).long_waits == (after(5), after(10))


def test_standby_people_are_asked_once_and_again_only_after_a_while() -> None:
    asked = replace(waited(3700, 3800, 3900), standby_asked_at=after(301))
    assert not is_due(asked, after(3900), POLICY)
    assert is_due(asked, after(3901), POLICY)
