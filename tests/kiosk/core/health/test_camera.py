"""What pictures say: each fault by its own name, a still or dark room by none."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from kiosk.core.health.camera import Seen, judge, numbers
from kiosk.core.media import DeviceState
from signaling.protocol.health import HealthCode, HealthNumber

C = HealthCode


def parts(of: str) -> tuple[tuple[float, ...], ...]:
    """Nine rows of sixteen parts, each like this one: `#` black, `.` mid, `o` lit, `O` white."""
    light = {"#": 0.02, ".": 0.2, "o": 0.5, "O": 0.98}
    return (tuple(light[sign] for sign in of),) * 9


GOOD = Seen(
    DeviceState.OK,
    fps=30,
    change=1.2,
    light=0.45,
    brightest=0.8,
    contrast=0.2,
    detail=0.1,
    edge=1.0,
    parts=parts("." * 8 + "o" * 8),
)
DIM = dataclasses.replace(GOOD, light=0.1, brightest=0.3, parts=parts("." * 16))
BLACK = dataclasses.replace(GOOD, light=0.0, brightest=0.0, change=0.0, detail=0.0, edge=None, parts=parts("#" * 16))


def test_a_good_picture_finds_nothing() -> None:
    assert judge(GOOD) == frozenset()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"state": DeviceState.MISSING, "fps": 0.0}, {C.CAMERA_MISSING}),
        ({"state": DeviceState.FAILED}, {C.CAMERA_MISSING}),
        ({"fps": 0.0}, {C.CAMERA_MISSING}),
        ({"fps": 7.0}, {C.CAMERA_SLOW}),
        ({"change": 0.0}, {C.CAMERA_FROZEN}),
        ({"detail": 0.001, "edge": None}, {C.CAMERA_COVERED}),
        ({"edge": 5.0}, {C.CAMERA_BLURRED}),
        ({"edge": 5.0, "fps": 7.0}, {C.CAMERA_BLURRED, C.CAMERA_SLOW}),
        ({"parts": parts("OOOO########OOOO")}, {C.CAMERA_UNEVEN_LIGHT}),
        ({"parts": parts("########oooooooo")}, {C.CAMERA_UNEVEN_LIGHT}),
    ],
)
def test_each_fault_has_its_own_name(change: dict[str, Any], found: set[HealthCode]) -> None:
    assert judge(dataclasses.replace(GOOD, **change)) == frozenset(found)


def test_one_and_the_same_black_picture_is_black_and_not_frozen() -> None:
    assert judge(BLACK) == frozenset({C.CAMERA_BLACK})


def test_a_lamp_in_a_dark_room_is_not_black() -> None:
    assert judge(dataclasses.replace(BLACK, brightest=0.5, change=1.0, detail=0.05)) == frozenset()


def test_a_window_beside_a_visitor_who_is_lit_is_level_enough() -> None:
    assert judge(dataclasses.replace(GOOD, parts=parts("OOOO........oooo"))) == frozenset({C.CAMERA_UNEVEN_LIGHT})
    assert judge(dataclasses.replace(GOOD, parts=parts("OOOOoooooooooooo"))) == frozenset()


def test_pictures_may_come_slowly_in_the_dark() -> None:
    assert judge(dataclasses.replace(DIM, fps=7)) == frozenset()
    assert judge(dataclasses.replace(DIM, fps=2)) == frozenset({C.CAMERA_SLOW})


def test_at_night_a_black_picture_says_nothing() -> None:
    assert judge(BLACK, lit=False) is None
    assert judge(dataclasses.replace(BLACK, state=DeviceState.MISSING), lit=False) == frozenset({C.CAMERA_MISSING})
    assert judge(dataclasses.replace(GOOD, edge=5), lit=False) == frozenset({C.CAMERA_BLURRED})


def test_numbers_are_told_where_there_are_any() -> None:
    assert numbers(GOOD) == {
        HealthNumber.CAMERA_FPS: 30,
        HealthNumber.CAMERA_LIGHT_PERCENT: 45,
        HealthNumber.CAMERA_CONTRAST_PERCENT: 20,
        HealthNumber.CAMERA_SHARPNESS: 100,
    }
    assert HealthNumber.CAMERA_SHARPNESS not in numbers(BLACK)
    assert numbers(Seen(DeviceState.MISSING)) == {}
