"""How a kiosk is, from what it told and from whether it is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.domain.health import (
    KioskHealth,
    LastPoints,
    Told,
    Verdict,
    came,
    is_kept,
    judge,
    told,
    went,
)
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
    light_of,
)
from signaling.protocol.vocabulary import KioskId, MediaEngine

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
K1 = KioskId("k1")
C = HealthCode
WELL = KioskHealth(
    K1,
    connected=True,
    changed_at=NOW - timedelta(hours=3),
    reported_at=NOW,
    test=TestKind.LIGHT,
    tested_at=NOW - timedelta(hours=6),
    mended_at=NOW - timedelta(days=2),
)


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def connected(health: KioskHealth | None, now: datetime = NOW, instance: str = "one") -> KioskHealth:
    return came(health, K1, software="1.2", engine=MediaEngine.LIBWEBRTC, instance=instance, now=now)


def seen(verdict: Verdict) -> tuple[Light, datetime | None, list[HealthCode]]:
    return verdict.light, verdict.since, list(verdict.codes)


# --- judging ------------------------------------------------------------------------------------------------------


def test_a_kiosk_that_was_never_there_is_grey() -> None:
    verdict = judge(None, NOW)
    assert seen(verdict) == (Light.GREY, None, [C.NEVER_SEEN])


def test_a_kiosk_with_nothing_wrong_is_green_since_the_last_thing_was_mended() -> None:
    assert seen(judge(WELL, NOW)) == (Light.GREEN, NOW - timedelta(days=2), [])
    assert judge(replace(WELL, mended_at=None), NOW).since == WELL.changed_at


def test_the_light_is_the_worst_and_stands_since_something_was_as_bad() -> None:
    health = replace(WELL, findings={C.TOO_HOT: ago(900), C.LOUDSPEAKER_SILENT: ago(60), C.MICROPHONE_DEAF: ago(300)})
    verdict = judge(health, NOW)
    assert seen(verdict) == (Light.RED, ago(300), [C.LOUDSPEAKER_SILENT, C.MICROPHONE_DEAF, C.TOO_HOT])
    assert [finding.since for finding in verdict.findings] == [ago(60), ago(300), ago(900)]


@pytest.mark.parametrize(("lost_s", "light"), [(AWAY_AFTER_S - 1, Light.GREEN), (AWAY_AFTER_S, Light.RED)])
def test_a_lost_kiosk_is_red_when_it_has_not_come_back_in_time(lost_s: float, light: Light) -> None:
    assert judge(replace(WELL, connected=False, changed_at=ago(lost_s)), NOW).light is light


def test_a_kiosk_that_is_away_keeps_what_it_told_before_and_is_not_blamed_for_silence() -> None:
    gone = ago(NOT_TESTED_AFTER_S * 2)
    health = replace(
        WELL,
        connected=False,
        changed_at=gone,
        reported_at=gone,
        tested_at=gone,
        findings={C.CAMERA_COVERED: gone},
    )
    assert seen(judge(health, NOW)) == (Light.RED, gone, [C.AWAY, C.CAMERA_COVERED])


@pytest.mark.parametrize(
    ("came_s", "told_s", "codes"),
    [
        (9000, SILENT_AFTER_S - 1, []),
        (9000, SILENT_AFTER_S, [C.SILENT]),
        (60, 9000, []),  # it has just come back and has not had its turn yet
        (SILENT_AFTER_S, None, [C.SILENT]),
    ],
)
def test_a_connected_kiosk_that_tells_nothing_is_red(
    came_s: float, told_s: float | None, codes: list[HealthCode]
) -> None:
    health = replace(WELL, changed_at=ago(came_s), reported_at=None if told_s is None else ago(told_s))
    verdict = judge(health, NOW)
    assert list(verdict.codes) == codes
    if codes:
        assert verdict.since == ago(SILENT_AFTER_S)


def test_without_a_whole_test_for_more_than_a_day_somebody_should_look() -> None:
    old = ago(NOT_TESTED_AFTER_S)
    assert seen(judge(replace(WELL, tested_at=old), NOW)) == (Light.AMBER, old, [C.NOT_TESTED])
    assert judge(replace(WELL, tested_at=ago(NOT_TESTED_AFTER_S - 1)), NOW).light is Light.GREEN


def test_a_kiosk_that_was_never_tested_says_so_at_once() -> None:
    assert seen(judge(connected(None), NOW)) == (Light.AMBER, NOW, [C.NOT_TESTED])


@given(st.sets(st.sampled_from([code for code in C if FINDINGS[code].area is not HealthArea.REACH])))
def test_a_connected_kiosk_is_as_it_tells(codes: set[HealthCode]) -> None:
    health = told(connected(None), Told(TestKind.BOOT, codes), NOW)
    verdict = judge(health, NOW)
    assert set(verdict.codes) == codes
    assert verdict.light is light_of(codes)


# --- coming, going, telling -----------------------------------------------------------------------------------


def test_the_first_time_it_comes_it_is_known_from_then_on() -> None:
    health = connected(None)
    assert health == KioskHealth(
        K1,
        connected=True,
        changed_at=NOW,
        software="1.2",
        engine=MediaEngine.LIBWEBRTC,
        instance="one",
        mended_at=NOW,
    )


def test_who_comes_back_in_time_is_as_green_as_before() -> None:
    lost = replace(WELL, connected=False, changed_at=ago(AWAY_AFTER_S - 1))
    back = connected(lost)
    assert (back.connected, back.changed_at, back.mended_at) == (True, NOW, WELL.mended_at)


def test_who_was_missed_is_green_since_it_is_back() -> None:
    assert connected(replace(WELL, connected=False, changed_at=ago(AWAY_AFTER_S))).mended_at == NOW


def test_who_goes_is_gone_since_the_first_time_that_it_was_said() -> None:
    gone = went(WELL, NOW)
    assert (gone.connected, gone.changed_at) == (False, NOW)
    assert went(gone, NOW + timedelta(minutes=1)) == gone


def test_a_finding_keeps_the_time_since_when_it_was_told() -> None:
    first = told(WELL, Told(TestKind.LIGHT, [C.TOO_HOT]), ago(300))
    second = told(first, Told(TestKind.LIGHT, [C.MEMORY_LOW, C.TOO_HOT]), NOW)
    assert second.findings == {C.TOO_HOT: ago(300), C.MEMORY_LOW: NOW}
    assert second.mended_at == WELL.mended_at


def test_what_is_told_no_more_is_mended() -> None:
    before = told(WELL, Told(TestKind.LIGHT, [C.TOO_HOT]), ago(600))
    after = told(before, Told(TestKind.LIGHT), NOW)
    assert (after.findings, after.mended_at) == ({}, NOW)


def test_a_kiosk_that_speaks_again_is_green_since_then() -> None:
    silent = replace(WELL, reported_at=ago(SILENT_AFTER_S))
    assert judge(told(silent, Told(TestKind.LIGHT), NOW), NOW).since == NOW


def test_a_kiosk_cannot_say_what_only_the_server_sees() -> None:
    assert told(WELL, Told(TestKind.LIGHT, [C.AWAY, C.NEVER_SEEN, C.NOT_TESTED, C.SILENT]), NOW).findings == {}


@pytest.mark.parametrize("test", TestKind)
def test_only_a_test_of_everything_is_a_whole_test(test: TestKind) -> None:
    is_part = test in {TestKind.LIGHT, TestKind.DEVICES}
    after = told(WELL, Told(test), NOW)
    assert (after.test, after.tested_at) == (test, WELL.tested_at if is_part else NOW)


def test_the_latest_of_each_number_stands_and_a_drawn_screen_is_remembered() -> None:
    first = told(
        WELL, Told(TestKind.BOOT, (), {HealthNumber.CAMERA_FPS: 30.0, HealthNumber.RESTARTS: 1.0}, drawn=True), ago(60)
    )
    second = told(first, Told(TestKind.LIGHT, (), {HealthNumber.RESTARTS: 0.0}), NOW)
    assert second.numbers == {HealthNumber.CAMERA_FPS: 30.0, HealthNumber.RESTARTS: 0.0}
    assert second.drawn_at == ago(60)


# --- the history ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "test", "codes", "kept"),
    [
        (None, TestKind.LIGHT, (), True),
        (LastPoints(ago(1799), ()), TestKind.LIGHT, (), False),
        (LastPoints(ago(1800), ()), TestKind.LIGHT, (), True),
        (LastPoints(ago(59), ()), TestKind.LIGHT, (C.TOO_HOT,), False),
        (LastPoints(ago(60), ()), TestKind.DEVICES, (C.TOO_HOT,), True),
        (LastPoints(ago(2), ()), TestKind.BOOT, (), True),
        (LastPoints(ago(2), (), whole_at=ago(59)), TestKind.ASKED, (C.TOO_HOT,), False),
        (LastPoints(ago(2), (), whole_at=ago(60)), TestKind.ASKED, (), True),
    ],
)
def test_the_history_keeps_whole_tests_changes_and_now_and_then_a_light_one(
    last: LastPoints | None, test: TestKind, codes: tuple[HealthCode, ...], *, kept: bool
) -> None:
    assert is_kept(last, test, codes, NOW) is kept
