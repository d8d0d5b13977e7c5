"""What a kiosk keeps of itself from start to start."""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.care import Settings
from kiosk.core.health.truth import DAY_S
from kiosk.core.kept import STARTS_KEPT, Choices, Kept, as_chosen, started, still_open
from signaling.protocol.vocabulary import LensSide

NOW_S = 1e9


def test_the_first_start_of_all_counts_as_wanted_and_begins_the_wait_for_a_touch() -> None:
    assert started(Kept(), "b1", NOW_S) == Kept(boot="b1", ended=False, touched_at_s=NOW_S)


def test_a_start_after_a_crash_counts() -> None:
    crashed = Kept(boot="b1", ended=False, restarts=(NOW_S - 60,))
    assert started(crashed, "b1", NOW_S).restarts == (NOW_S - 60, NOW_S)


def test_a_start_after_a_wanted_end_or_with_the_machine_does_not() -> None:
    assert started(Kept(boot="b1", ended=True), "b1", NOW_S).restarts == ()
    assert started(Kept(boot="b1", ended=False), "b2", NOW_S).restarts == ()


def test_old_starts_are_forgotten_and_a_loop_fills_no_disk() -> None:
    loop = Kept(boot="b1", ended=False, restarts=(NOW_S - DAY_S, *(NOW_S - 1 for _ in range(2 * STARTS_KEPT))))
    assert started(loop, "b1", NOW_S).restarts == (*(NOW_S - 1 for _ in range(STARTS_KEPT - 1)), NOW_S)


def test_a_touch_in_the_future_was_the_fault_of_a_clock() -> None:
    assert started(Kept(touched_at_s=NOW_S + 60), "b1", NOW_S).touched_at_s == NOW_S
    assert started(Kept(touched_at_s=NOW_S - 60), "b1", NOW_S).touched_at_s == NOW_S - 60


def test_what_was_measured_on_the_spot_holds_until_the_forms_say_something_else() -> None:
    said = Settings(lens_side=LensSide.TOP, camera_height_cm=140)
    choices = Choices(
        lens_side=LensSide.LEFT, lens_side_then=LensSide.TOP, camera_height_cm=151, camera_height_then=140
    )
    assert as_chosen(said, choices) == replace(said, lens_side=LensSide.LEFT, camera_height_cm=151)
    newer = replace(said, lens_side=LensSide.RIGHT, camera_height_cm=150)
    assert as_chosen(newer, choices) == newer
    assert as_chosen(said, Choices()) == said


def test_what_the_server_has_taken_is_forgotten_so_that_an_old_word_of_the_forms_does_not_wake_it() -> None:
    said = Settings(lens_side=LensSide.TOP, camera_height_cm=140)
    choices = Choices(
        lens_side=LensSide.LEFT, lens_side_then=LensSide.TOP, camera_height_cm=151, camera_height_then=140
    )
    assert still_open(choices, said) == choices
    taken = still_open(choices, replace(said, lens_side=LensSide.LEFT))
    assert taken == replace(choices, lens_side=None, lens_side_then=None)
    assert as_chosen(said, taken) == replace(said, camera_height_cm=151)
    assert still_open(choices, replace(said, lens_side=LensSide.RIGHT, camera_height_cm=150)) == Choices()


def test_to_choose_what_is_so_already_is_no_choice() -> None:
    said = Settings(lens_side=LensSide.TOP, camera_height_cm=140)
    same = Choices(lens_side=LensSide.TOP, lens_side_then=LensSide.TOP, camera_height_cm=140, camera_height_then=140)
    assert still_open(same, said) == Choices()
