"""The way into the service menu: tries, lock-outs that double, and a menu that closes by itself."""

from __future__ import annotations

import pytest

from kiosk.core.care import LOCK_OUT_S, PIN_TRIES, Menu, MenuStage
from kiosk.core.menu import (
    CLOCK_MOVED_S,
    LOCK_OUT_MAX_S,
    MENU_CLOSES_S,
    PIN_CLOSES_S,
    Door,
    Tries,
    answer,
    door_from,
    kept_well,
    knock,
    leave,
    lock_out_s,
    pass_time,
    show,
    touch,
    touch_corner,
    tries_of,
)

WALL_S = 1_772_618_400.0


def asked(now_s: float = 0.0) -> Door:
    return knock(Door(), now_s, pin_set=True)


def tried(door: Door, times: int, now_s: float = 0.0) -> Door:
    for _ in range(times):
        door = answer(door, now_s, right=False)
    return door


def corner(*times_s: float) -> list[bool]:
    touches: tuple[float, ...] = ()
    opened = []
    for now_s in times_s:
        touches, enough = touch_corner(touches, now_s)
        opened.append(enough)
    return opened


def test_five_touches_of_the_corner_within_three_seconds_are_a_knock() -> None:
    assert corner(0.0, 0.7, 1.4, 2.1, 2.9) == [False] * 4 + [True]


def test_slow_touches_of_the_corner_are_none() -> None:
    assert not any(corner(*(number * 0.8 for number in range(20))))


def test_after_a_knock_it_begins_anew() -> None:
    assert corner(*(number * 0.1 for number in range(10))) == ([False] * 4 + [True]) * 2


def test_whoever_finds_the_corner_is_asked_for_the_pin() -> None:
    door = asked()
    assert door.stage is MenuStage.PIN
    assert show(door, Menu(), 0.0).tries_left == PIN_TRIES


def test_without_a_pin_there_is_no_way_in() -> None:
    door = knock(Door(), 0.0, pin_set=False)
    assert door.stage is MenuStage.NO_PIN
    assert answer(door, 0.0, right=True).stage is MenuStage.NO_PIN


def test_the_right_pin_opens() -> None:
    assert answer(asked(), 1.0, right=True) == Door(stage=MenuStage.OPEN, touched_s=1.0)


@pytest.mark.parametrize("stage", [MenuStage.CLOSED, MenuStage.LOCKED_OUT, MenuStage.NO_PIN, MenuStage.OPEN])
def test_a_pin_that_was_not_asked_for_changes_nothing(stage: MenuStage) -> None:
    door = Door(stage=stage, locked_until_s=100.0 if stage is MenuStage.LOCKED_OUT else None)
    for right in (True, False):
        assert answer(door, 1.0, right=right) == door


def test_each_wrong_pin_leaves_one_try_less() -> None:
    door = asked()
    for left in range(PIN_TRIES - 1, 0, -1):
        door = answer(door, 0.0, right=False)
        assert (door.stage, show(door, Menu(), 0.0).tries_left) == (MenuStage.PIN, left)


def test_after_the_last_try_nobody_may_try_for_a_while() -> None:
    door = tried(asked(), PIN_TRIES)
    assert door.stage is MenuStage.LOCKED_OUT
    assert show(door, Menu(), 0.0).locked_s == LOCK_OUT_S
    assert show(door, Menu(), LOCK_OUT_S - 0.5).locked_s == 1


def test_closing_the_question_gives_no_new_tries() -> None:
    door = knock(leave(tried(asked(), PIN_TRIES - 1)), 5.0, pin_set=True)
    assert show(door, Menu(), 5.0).tries_left == 1
    assert answer(door, 5.0, right=False).stage is MenuStage.LOCKED_OUT


def test_a_lock_out_goes_on_while_the_menu_is_closed() -> None:
    door = leave(tried(asked(), PIN_TRIES))
    assert knock(door, LOCK_OUT_S - 1, pin_set=True).stage is MenuStage.LOCKED_OUT
    after = knock(door, LOCK_OUT_S, pin_set=True)
    assert (after.stage, after.locked_until_s) == (MenuStage.PIN, None)


def test_a_lock_out_that_is_looked_at_ends_in_the_question() -> None:
    door = touch(tried(asked(), PIN_TRIES), LOCK_OUT_S - 1)
    assert pass_time(door, LOCK_OUT_S - 0.1, pin_set=True).stage is MenuStage.LOCKED_OUT
    assert pass_time(door, LOCK_OUT_S, pin_set=True).stage is MenuStage.PIN


def test_each_lock_out_is_twice_as_long_up_to_a_working_day() -> None:
    door, now_s, lengths = asked(), 0.0, []
    for _ in range(10):
        door = tried(knock(leave(door), now_s, pin_set=True), PIN_TRIES, now_s)
        lengths.append(show(door, Menu(), now_s).locked_s)
        now_s += lengths[-1]
    assert lengths[:4] == [300, 600, 1200, 2400]
    assert lengths[-1] == LOCK_OUT_MAX_S
    assert lock_out_s(1_000_000) == LOCK_OUT_MAX_S


def test_the_right_pin_forgets_what_was_tried() -> None:
    door = tried(asked(), PIN_TRIES)
    door = answer(knock(leave(door), LOCK_OUT_S, pin_set=True), LOCK_OUT_S, right=True)
    door = tried(knock(leave(door), LOCK_OUT_S, pin_set=True), PIN_TRIES, LOCK_OUT_S)
    assert show(door, Menu(), LOCK_OUT_S).locked_s == LOCK_OUT_S


def test_the_open_menu_closes_when_nobody_touches_it() -> None:
    door = answer(asked(), 0.0, right=True)
    assert pass_time(door, MENU_CLOSES_S - 0.1, pin_set=True).stage is MenuStage.OPEN
    assert pass_time(door, MENU_CLOSES_S, pin_set=True).stage is MenuStage.CLOSED
    assert pass_time(touch(door, 60.0), MENU_CLOSES_S, pin_set=True).stage is MenuStage.OPEN


def test_the_question_goes_away_sooner_and_a_second_knock_keeps_it() -> None:
    door = asked()
    assert pass_time(door, PIN_CLOSES_S - 0.1, pin_set=True) == door
    assert pass_time(door, PIN_CLOSES_S, pin_set=True).stage is MenuStage.CLOSED
    again = knock(door, 20.0, pin_set=True)
    assert pass_time(again, PIN_CLOSES_S, pin_set=True).stage is MenuStage.PIN


def test_a_pin_that_is_taken_away_closes_the_menu_and_one_that_is_set_asks_for_it() -> None:
    assert pass_time(answer(asked(), 0.0, right=True), 1.0, pin_set=False).stage is MenuStage.CLOSED
    assert pass_time(asked(), 1.0, pin_set=False).stage is MenuStage.NO_PIN
    assert pass_time(knock(Door(), 0.0, pin_set=False), 1.0, pin_set=True).stage is MenuStage.PIN


def test_nothing_happens_to_a_closed_door() -> None:
    door = leave(tried(asked(), PIN_TRIES))
    assert pass_time(door, 1e6, pin_set=True) == door
    assert touch(door, 1e6) == door


def test_a_closed_menu_shows_nothing_that_changes() -> None:
    door = leave(tried(asked(), PIN_TRIES))
    menu = Menu(level_percent=7)
    assert show(door, menu, 1.0) == show(door, menu, 100.0) == menu


# --- after a new start ------------------------------------------------------------------------------------


def started_anew(door: Door, now_s: float = 0.0, *, off_s: float, wall_moved_s: float = 0.0) -> Door:
    """The machine was off for a while, its own clock begins at 7, and that on the wall may have moved."""
    return door_from(tries_of(door, now_s, WALL_S), 7.0, WALL_S + off_s + wall_moved_s)


def test_a_new_start_gives_no_new_tries() -> None:
    door = knock(started_anew(tried(asked(), PIN_TRIES - 1), off_s=60), 7.0, pin_set=True)
    assert show(door, Menu(), 7.0).tries_left == 1


def test_a_lock_out_goes_on_while_the_machine_is_off_and_ends_as_it_would_have() -> None:
    door = knock(started_anew(tried(asked(), PIN_TRIES), off_s=100), 7.0, pin_set=True)
    assert (door.stage, show(door, Menu(), 7.0).locked_s) == (MenuStage.LOCKED_OUT, LOCK_OUT_S - 100)
    after = knock(started_anew(tried(asked(), PIN_TRIES), off_s=LOCK_OUT_S), 7.0, pin_set=True)
    assert after.stage is MenuStage.PIN


def test_the_next_lock_out_is_longer_after_a_new_start_too() -> None:
    door = knock(started_anew(tried(asked(), PIN_TRIES), off_s=LOCK_OUT_S), 7.0, pin_set=True)
    assert show(tried(door, PIN_TRIES, 7.0), Menu(), 7.0).locked_s == 2 * LOCK_OUT_S


@pytest.mark.parametrize("back_s", [200.0, 86_400.0, WALL_S])
def test_a_clock_that_starts_in_the_past_opens_nothing_and_locks_no_longer_than_the_whole(back_s: float) -> None:
    door = started_anew(tried(asked(), PIN_TRIES), off_s=100, wall_moved_s=-back_s)
    assert show(knock(door, 7.0, pin_set=True), Menu(), 7.0).locked_s == LOCK_OUT_S


def test_a_lock_out_that_is_over_is_not_kept() -> None:
    assert tries_of(tried(asked(), PIN_TRIES), LOCK_OUT_S, WALL_S) == Tries(0, 1, None)


def test_what_is_kept_is_written_anew_when_a_try_or_the_clock_on_the_wall_says_otherwise() -> None:
    kept = Tries(1, 1, WALL_S)
    assert kept_well(kept, Tries(1, 1, WALL_S + CLOCK_MOVED_S - 1))
    assert not kept_well(kept, Tries(1, 1, WALL_S + CLOCK_MOVED_S))
    assert not kept_well(kept, Tries(2, 1, WALL_S))
    assert not kept_well(kept, Tries(1, 1, None))
    assert kept_well(Tries(), Tries())
