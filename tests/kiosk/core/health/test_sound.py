"""What a sweep says: each fault by its own name, speech in the room by none."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from kiosk.core.health.sound import (
    DEAF_DB,
    Trial,
    agreed,
    asks_for_other_inputs,
    asks_for_other_outputs,
    is_certain,
    is_decided,
    judge,
    numbers,
    with_others,
)
from kiosk.core.media import DeviceState
from signaling.protocol.health import HealthCode, HealthNumber

C = HealthCode
GOOD = Trial(
    output_muted=False,
    input_muted=False,
    played_db=-23,
    level_db=-35,
    least_db=-80,
    delay_ms=110,
    distortion_percent=2,
    noise_db=-60,
    sound_db=-40,
    echo_gone_db=20,
)
SILENT, DEAF = frozenset({C.LOUDSPEAKER_SILENT}), frozenset({C.MICROPHONE_DEAF})
UNHEARD = dataclasses.replace(GOOD, level_db=None, echo_gone_db=None, distortion_percent=None)


def test_a_sweep_that_comes_back_well_finds_nothing() -> None:
    assert judge(GOOD) == frozenset()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"loudspeaker": DeviceState.MISSING}, {C.LOUDSPEAKER_MISSING}),
        ({"loudspeaker": DeviceState.FAILED}, {C.LOUDSPEAKER_MISSING}),
        ({"microphone": DeviceState.MISSING}, {C.MICROPHONE_MISSING}),
        (
            {"loudspeaker": DeviceState.MISSING, "microphone": DeviceState.FAILED},
            {C.LOUDSPEAKER_MISSING, C.MICROPHONE_MISSING},
        ),
        ({"output_muted": True, "level_db": None}, {C.LOUDSPEAKER_MUTED}),
        ({"input_muted": True, "sound_db": -120.0}, {C.MICROPHONE_DEAF}),
        ({"level_db": None, "noise_db": -120.0, "sound_db": -120.0}, {C.MICROPHONE_DEAF}),
        ({"level_db": None, "sound_db": DEAF_DB - 1}, {C.MICROPHONE_DEAF}),
        ({"level_db": None}, {C.LOUDSPEAKER_SILENT}),
        ({"noise_db": -120.0, "level_db": -23.2}, {C.MICROPHONE_MISSING}),
        ({"level_db": -70.0}, {C.SOUND_TOO_QUIET}),
        ({"level_db": -10.0}, {C.SOUND_TOO_LOUD}),
        ({"clipped_percent": 5.0}, {C.SOUND_TOO_LOUD}),
        ({"distortion_percent": 25.0}, {C.SOUND_DISTORTED}),
        ({"delay_ms": 700.0}, {C.SOUND_LATE}),
        ({"echo_gone_db": 1.0}, {C.ECHO_LEFT}),
        ({"delay_ms": 700.0, "echo_gone_db": 1.0}, {C.SOUND_LATE, C.ECHO_LEFT}),
    ],
)
def test_each_fault_has_its_own_name(change: dict[str, Any], found: set[HealthCode]) -> None:
    assert judge(dataclasses.replace(GOOD, **change)) == frozenset(found)


def test_what_is_overdriven_is_not_called_distorted_as_well() -> None:
    assert judge(dataclasses.replace(GOOD, clipped_percent=30, distortion_percent=20)) == frozenset({C.SOUND_TOO_LOUD})


def test_a_room_too_loud_for_the_sweep_says_nothing() -> None:
    assert judge(dataclasses.replace(UNHEARD, least_db=-40, noise_db=-20)) is None


def test_a_level_that_is_mostly_the_room_is_not_called_quiet() -> None:
    assert judge(dataclasses.replace(GOOD, level_db=-66, least_db=-60)) == frozenset()


def test_what_could_not_be_measured_is_no_fault() -> None:
    assert judge(dataclasses.replace(GOOD, distortion_percent=None, echo_gone_db=None)) == frozenset()


def test_what_the_system_says_is_certain_and_what_was_heard_is_not() -> None:
    assert is_certain(dataclasses.replace(GOOD, output_muted=True))
    assert not is_certain(UNHEARD)


def test_one_clean_trial_and_twice_unheard_decide() -> None:
    late = frozenset({C.SOUND_LATE})
    assert is_decided([late, frozenset()])
    assert is_decided([SILENT, SILENT])
    assert not is_decided([SILENT])
    assert not is_decided([SILENT, DEAF])
    assert not is_decided([late, late])
    assert not is_decided([None, None])


def test_a_clean_trial_outweighs_the_others() -> None:
    assert agreed([SILENT, frozenset({C.SOUND_DISTORTED}), frozenset()]) == frozenset()


def test_what_most_trials_say_holds() -> None:
    torn = frozenset({C.SOUND_DISTORTED})
    assert agreed([torn, torn | {C.ECHO_LEFT}, torn | {C.SOUND_LATE}]) == torn


def test_the_last_trial_holds_when_each_says_something_else() -> None:
    assert agreed([SILENT, frozenset({C.SOUND_TOO_QUIET})]) == frozenset({C.SOUND_TOO_QUIET})


def test_trials_that_could_not_tell_do_not_count() -> None:
    assert agreed([None, SILENT, SILENT]) == SILENT
    assert agreed([None, None]) is None


def test_other_devices_are_tried_only_where_that_explains_something() -> None:
    assert asks_for_other_outputs(SILENT)
    assert asks_for_other_inputs(SILENT, UNHEARD)
    assert asks_for_other_inputs(DEAF, UNHEARD)
    assert not asks_for_other_outputs(DEAF)
    assert not asks_for_other_inputs(DEAF, dataclasses.replace(UNHEARD, input_muted=True))
    assert not asks_for_other_inputs(frozenset({C.LOUDSPEAKER_MUTED}), UNHEARD)


def test_another_device_that_works_is_the_wrong_one_chosen() -> None:
    assert with_others(SILENT, output_heard=True) == frozenset({C.LOUDSPEAKER_WRONG})
    assert with_others(SILENT, input_hears=True) == frozenset({C.MICROPHONE_WRONG})
    assert with_others(DEAF, input_hears=True) == frozenset({C.MICROPHONE_WRONG})
    assert with_others(SILENT) == SILENT


def test_numbers_are_told_where_there_are_any() -> None:
    assert numbers(GOOD) == {
        HealthNumber.SWEEP_LEVEL_DB: -35,
        HealthNumber.NOISE_LEVEL_DB: -60,
        HealthNumber.SOUND_DELAY_MS: 110,
        HealthNumber.DISTORTION_PERCENT: 2,
        HealthNumber.ECHO_LEFT_DB: 20,
    }
    assert numbers(UNHEARD) == {HealthNumber.NOISE_LEVEL_DB: -60}
    assert numbers(Trial(microphone=DeviceState.MISSING)) == {}
    assert HealthNumber.ECHO_LEFT_DB not in numbers(dataclasses.replace(GOOD, echo_gone_db=None))
