"""How a kiosk is, as the server sees it: what it told of itself, and whether it is there at all.

What it is for: one light and one first sentence for each kiosk, with the time since when, and what changes of a
kiosk's row when it comes, goes and tells. What it does not do: test anything (kiosks do), or tell anybody
(`signaling.domain.alerts` says who is to be told what).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from signaling.protocol.health import (
    AWAY_AFTER_S,
    FINDINGS,
    NOT_TESTED_AFTER_S,
    SILENT_AFTER_S,
    HealthArea,
    HealthCode,
    HealthNumber,
    Light,
    TestKind,
    in_order,
    light_of,
)
from signaling.protocol.vocabulary import KioskId, MediaEngine

#: Tests that look at a part of the kiosk only.
PART_TESTS: Final = frozenset({TestKind.LIGHT, TestKind.DEVICES})
#: Between two points of the history: of light tests, and of anything at all, whatever a kiosk tells.
LIGHT_POINTS_EVERY: Final = timedelta(minutes=30)
POINTS_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class KioskHealth:
    """What is known of one kiosk: one row.

    Attributes:
        connected: It has a socket to the server.
        changed_at: When it last came or went.
        reported_at, test: Its last report.
        tested_at: Its last whole test.
        drawn_at: When it last proved that its screen shows what is drawn there.
        findings: What it told, and since when it tells so.
        numbers: The latest of each.
        instance: Of the program that is connected; another one after a restart.
        mended_at: When the last thing that was wrong was over, or when it was seen first: green since then.
    """

    kiosk_id: KioskId
    connected: bool
    changed_at: datetime
    reported_at: datetime | None = None
    test: TestKind | None = None
    tested_at: datetime | None = None
    drawn_at: datetime | None = None
    findings: Mapping[HealthCode, datetime] = field(default_factory=dict)
    numbers: Mapping[HealthNumber, float] = field(default_factory=dict)
    software: str = ""
    engine: MediaEngine | None = None
    instance: str = ""
    mended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What one report of a kiosk says; see `signaling.protocol.messages.HealthReport`."""

    test: TestKind
    findings: Collection[HealthCode] = ()
    numbers: Mapping[HealthNumber, float] = field(default_factory=dict)
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and since when."""

    code: HealthCode
    since: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a kiosk is at one moment.

    Attributes:
        light: The worst of its findings.
        since: Since when something has been as bad as that, or nothing has been wrong; None while grey.
        findings: What explains others first.
    """

    light: Light
    since: datetime | None
    findings: tuple[Finding, ...] = ()

    @property
    def codes(self) -> tuple[HealthCode, ...]:
        """Of the findings, in their order."""
        return tuple(finding.code for finding in self.findings)


def judge(health: KioskHealth | None, now: datetime) -> Verdict:
    """How a kiosk is: what it told, and what only the server can see.

    What a kiosk told before it went stands until it tells otherwise.

    Args:
        health: Its row; None when it has never been seen.
        now: Aware, UTC.
    """
    if health is None:
        return Verdict(Light.GREY, None, (Finding(HealthCode.NEVER_SEEN, now),))
    found = dict(health.findings) | _seen_by_the_server(health, now)
    light = light_of(found)
    if light is Light.GREEN:
        return Verdict(light, _first_right(health))
    return Verdict(
        light,
        min(since for code, since in found.items() if FINDINGS[code].light is light),
        tuple(Finding(code, found[code]) for code in in_order(found)),
    )


def came(
    health: KioskHealth | None,
    kiosk_id: KioskId,
    *,
    software: str,
    engine: MediaEngine,
    instance: str,
    now: datetime,
) -> KioskHealth:
    """Its row when it has connected. Who was not missed is as green as before."""
    if health is None:
        return KioskHealth(
            kiosk_id,
            connected=True,
            changed_at=now,
            software=software,
            engine=engine,
            instance=instance,
            mended_at=now,
        )
    was_away = HealthCode.AWAY in judge(health, now).codes
    return replace(
        health,
        connected=True,
        changed_at=now,
        software=software,
        engine=engine,
        instance=instance,
        mended_at=now if was_away else health.mended_at,
    )


def went(health: KioskHealth, now: datetime) -> KioskHealth:
    """Its row when its socket has ended. Who was gone already is gone since then."""
    return replace(health, connected=False, changed_at=now) if health.connected else health


def told(health: KioskHealth, report: Told, now: datetime) -> KioskHealth:
    """Its row when it has told of itself: all that is wrong, so what it does not name any more is mended.

    What only the server can see is not taken from a kiosk.
    """
    after = replace(
        health,
        reported_at=now,
        test=report.test,
        tested_at=health.tested_at if report.test in PART_TESTS else now,
        drawn_at=now if report.drawn else health.drawn_at,
        findings={
            code: health.findings.get(code, now)
            for code in in_order(report.findings)
            if FINDINGS[code].area is not HealthArea.REACH
        },
        numbers=dict(health.numbers) | dict(report.numbers),
    )
    is_mended = set(judge(health, now).codes) - set(judge(after, now).codes)
    return replace(after, mended_at=now) if is_mended else after


@dataclass(frozen=True, slots=True)
class LastPoints:
    """What the history of a kiosk ends with.

    Attributes:
        at: Of the last point.
        codes: What it found.
        whole_at: Of the last point of a test that looked at everything; None when there is none of late.
    """

    at: datetime
    codes: tuple[HealthCode, ...]
    whole_at: datetime | None = None


def is_kept(last: LastPoints | None, test: TestKind, codes: tuple[HealthCode, ...], now: datetime) -> bool:
    """Whether a report becomes a point of the history.

    Every test of the whole kiosk does, and whatever finds something else than before, though neither more often than
    every minute; of what stays as it is, one in half an hour is enough for a plot over 30 days.
    """
    if last is None:
        return True
    if test not in PART_TESTS:
        return last.whole_at is None or now - last.whole_at >= POINTS_EVERY
    return now - last.at >= (POINTS_EVERY if codes != last.codes else LIGHT_POINTS_EVERY)


def _seen_by_the_server(health: KioskHealth, now: datetime) -> dict[HealthCode, datetime]:
    if not health.connected:
        is_missed = now - health.changed_at >= timedelta(seconds=AWAY_AFTER_S)
        return {HealthCode.AWAY: health.changed_at} if is_missed else {}
    found = {}
    heard_at = max(health.changed_at, health.reported_at or health.changed_at)
    if now - heard_at >= timedelta(seconds=SILENT_AFTER_S):
        found[HealthCode.SILENT] = heard_at
    if health.tested_at is None:
        found[HealthCode.NOT_TESTED] = _first_right(health)
    elif now - health.tested_at >= timedelta(seconds=NOT_TESTED_AFTER_S):
        found[HealthCode.NOT_TESTED] = health.tested_at
    return found


def _first_right(health: KioskHealth) -> datetime:
    return health.mended_at or health.changed_at
