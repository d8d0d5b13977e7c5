"""One truth out of many tests, and what the program says of itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from kiosk.core.care import Health, Looked
from kiosk.core.health.truth import (
    DAY_S,
    RESTARTS_OFTEN,
    SCREEN_FIRST_S,
    SCREEN_FRESH_S,
    TOUCH_UNSEEN_AFTER_S,
    Itself,
    Truth,
    broken_areas,
    health,
    merged,
    own_findings,
    restarts_today,
    screen_is_drawn,
)
from signaling.protocol.health import HealthArea, HealthCode, HealthNumber, TestKind

SOUND, CAMERA = HealthArea.SOUND, HealthArea.CAMERA
C, N = HealthCode, HealthNumber
#: A program that has run for a while, its screen seen a second ago.
WELL = Itself(now_s=1000.0, started_s=0.0, drawn_s=999.0, drawn=True, drawn_ms=7.0, wall_s=1e9, touched_at_s=1e9)


def looked(*areas: HealthArea, found: tuple[HealthCode, ...] = (), **numbers: float) -> Looked:
    return Looked(frozenset(areas), frozenset(found), {N(name): value for name, value in numbers.items()})


def findings(truth: Truth, itself: Itself = WELL) -> tuple[HealthCode, ...]:
    return health(truth, itself, None, touched=False).findings


# --- merged -----------------------------------------------------------------------------------------------


def test_of_an_area_that_was_not_looked_at_the_last_finding_stands() -> None:
    truth = merged(Truth(), looked(SOUND, CAMERA, found=(C.LOUDSPEAKER_SILENT, C.CAMERA_BLURRED)))
    truth = merged(truth, looked(CAMERA))
    assert findings(truth) == (C.LOUDSPEAKER_SILENT,)


def test_what_was_looked_at_and_not_found_is_mended() -> None:
    truth = merged(Truth(), looked(SOUND, found=(C.MICROPHONE_DEAF,)))
    assert findings(merged(truth, looked(SOUND))) == ()


def test_a_finding_speaks_for_its_area_although_the_test_forgot_to_name_it() -> None:
    assert findings(merged(Truth(), looked(found=(C.CAMERA_BLACK,)))) == (C.CAMERA_BLACK,)


def test_numbers_are_the_latest_of_each() -> None:
    truth = merged(Truth(), looked(SOUND, CAMERA, camera_fps=30.0, noise_level_db=-60.0))
    truth = merged(truth, looked(CAMERA, camera_fps=12.0))
    assert truth.numbers == {N.CAMERA_FPS: 12.0, N.NOISE_LEVEL_DB: -60.0}


# --- itself -----------------------------------------------------------------------------------------------


def test_a_program_that_is_well_says_nothing() -> None:
    assert own_findings(WELL) == frozenset()


def test_a_screen_that_was_not_seen_lately_or_seen_wrong_is_not_drawn() -> None:
    stale = replace(WELL, now_s=999.0 + SCREEN_FRESH_S)
    assert own_findings(stale) == {C.SCREEN_NOT_DRAWN}
    assert own_findings(replace(stale, now_s=stale.now_s - 0.1)) == frozenset()
    assert own_findings(replace(WELL, drawn=False)) == {C.SCREEN_NOT_DRAWN}
    assert not screen_is_drawn(stale)
    assert screen_is_drawn(WELL)


def test_a_program_that_has_just_started_gets_time_for_its_first_picture() -> None:
    new = Itself(now_s=SCREEN_FIRST_S - 0.1, started_s=0.0)
    assert own_findings(new) == frozenset()
    assert own_findings(replace(new, now_s=SCREEN_FIRST_S)) == {C.SCREEN_NOT_DRAWN}
    assert not screen_is_drawn(new)


def test_a_touch_panel_that_nobody_touched_for_a_week_may_be_dead() -> None:
    quiet = replace(WELL, wall_s=1e9 + TOUCH_UNSEEN_AFTER_S)
    assert own_findings(quiet) == {C.TOUCH_UNSEEN}
    assert own_findings(replace(quiet, wall_s=quiet.wall_s - 1)) == frozenset()
    assert own_findings(replace(quiet, touched_at_s=None)) == frozenset()


def test_starts_that_nobody_wanted_count_for_a_day() -> None:
    often = replace(WELL, restarts=tuple(1e9 - 60 * number for number in range(RESTARTS_OFTEN)))
    assert own_findings(often) == {C.RESTARTED_OFTEN}
    assert restarts_today(often) == RESTARTS_OFTEN
    assert own_findings(replace(often, restarts=often.restarts[1:])) == frozenset()
    assert own_findings(replace(often, wall_s=1e9 + DAY_S - 1)) == frozenset()  # one is older by now
    assert restarts_today(replace(often, restarts=(1e9 + 5,))) == 0  # a clock that was wrong


def test_the_second_engine_and_a_failed_update_are_told() -> None:
    assert own_findings(replace(WELL, second_engine=True, update_failed=True)) == {C.SECOND_ENGINE, C.UPDATE_FAILED}


def test_without_a_screen_nothing_is_said_of_it() -> None:
    unseen = Itself(now_s=1000.0, started_s=0.0, touched_at_s=0.0, wall_s=1e9, screen=False)
    assert own_findings(unseen) == frozenset()


# --- together ---------------------------------------------------------------------------------------------


def test_health_is_everything_in_the_order_in_which_it_is_told() -> None:
    truth = merged(Truth(), looked(SOUND, CAMERA, found=(C.CAMERA_BLACK, C.MICROPHONE_DEAF), camera_fps=1.0))
    when = datetime(2026, 3, 4, tzinfo=UTC)
    truth = replace(truth, test=TestKind.BOOT, tested_at=when)
    assert health(truth, replace(WELL, drawn=False), CAMERA, touched=True) == Health(
        findings=(C.SCREEN_NOT_DRAWN, C.MICROPHONE_DEAF, C.CAMERA_BLACK),
        numbers={N.CAMERA_FPS: 1.0, N.RESTARTS: 0.0, N.SCREEN_DRAWN_MS: 7.0},
        test=TestKind.BOOT,
        tested_at=when,
        testing=CAMERA,
        drawn=False,
        touched=True,
    )


def test_what_the_program_says_of_itself_is_never_older_than_now() -> None:
    truth = merged(Truth(), looked(HealthArea.SCREEN, found=(C.SCREEN_NOT_DRAWN,)))
    assert findings(truth) == ()


def test_before_the_first_picture_there_is_no_number_of_it() -> None:
    assert N.SCREEN_DRAWN_MS not in health(Truth(), replace(WELL, drawn_ms=None), None, touched=False).numbers


def test_areas_that_keep_a_kiosk_out_of_service_are_those_of_red_findings_it_can_be_blamed_for() -> None:
    codes = (C.SERVER_UNREACHED, C.SCREEN_NOT_DRAWN, C.DISK_FULL, C.CAMERA_BLACK, C.MICROPHONE_DEAF)
    assert broken_areas(codes) == {SOUND}
