"""A test call: its painted signs, and what is wrong by what came back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.health.call import (
    CELLS,
    FRAMES_NEEDED,
    SOUND_PIECES_NEEDED,
    CallSeen,
    call_looked,
    cells_of,
    count_in,
)
from signaling.protocol.health import HealthArea, HealthCode, HealthNumber

WELL = CallSeen(connect_ms=250.4, frames=2 * FRAMES_NEEDED, sound_pieces=10, tone_pieces=10)


def luma(cells: tuple[bool, ...], *, dark: float = 20.0, light: float = 230.0) -> list[float]:
    """What a camera's eye would make of them."""
    return [light if cell else dark for cell in cells]


@given(mark=st.integers(0, 255), count=st.integers(0, 0xFFFF))
def test_every_picture_is_read_as_what_was_painted(mark: int, count: int) -> None:
    assert count_in(luma(cells_of(mark, count)), mark) == count


@given(mark=st.integers(0, 255), count=st.integers(0, 0xFFFF), cell=st.integers(0, CELLS - 1))
def test_one_misread_cell_makes_it_none_of_ours(mark: int, count: int, cell: int) -> None:
    read = luma(cells_of(mark, count))
    read[cell] = 250.0 - read[cell]
    assert count_in(read, mark) is None


def test_a_picture_of_another_call_does_not_count() -> None:
    assert count_in(luma(cells_of(7, 3)), 8) is None


def test_a_dim_picture_is_still_read() -> None:
    assert count_in(luma(cells_of(7, 3), dark=90, light=160), 7) == 3


def test_marks_and_counts_wrap() -> None:
    assert cells_of(256 + 7, 0x10000 + 3) == cells_of(7, 3)


@pytest.mark.parametrize("value", [0.0, 255.0])
def test_black_and_white_pictures_are_none_of_ours(value: float) -> None:
    assert [mark for mark in range(256) if count_in([value] * CELLS, mark) is not None] == []


def test_too_few_cells_are_none_of_ours() -> None:
    assert count_in([0.0] * (CELLS - 1), 0) is None


def test_a_good_call_has_no_finding_and_its_numbers() -> None:
    looked = call_looked(WELL)
    assert looked.areas == {HealthArea.CALL}
    assert looked.findings == frozenset()
    assert looked.numbers == {
        HealthNumber.CALL_CONNECT_MS: 250,
        HealthNumber.CALL_FRAMES: 10,
        HealthNumber.CALL_SOUND_PERCENT: 100,
    }
    assert WELL.proven


def test_a_path_that_was_never_up_is_a_call_that_failed_and_has_no_numbers() -> None:
    looked = call_looked(CallSeen(frames=9, sound_pieces=9, tone_pieces=9))
    assert looked.findings == {HealthCode.CALL_FAILED}
    assert not looked.numbers


@pytest.mark.parametrize(("frames", "is_missed"), [(0, True), (FRAMES_NEEDED - 1, True), (FRAMES_NEEDED, False)])
def test_too_few_pictures_are_no_picture(frames: int, is_missed: bool) -> None:
    seen = CallSeen(1, frames, 10, 10)
    assert call_looked(seen).findings == (frozenset({HealthCode.CALL_NO_PICTURE}) if is_missed else frozenset())


@pytest.mark.parametrize(
    ("pieces", "with_tone", "percent"),
    [(0, 0, 0), (20, 9, 45), (SOUND_PIECES_NEEDED - 5, SOUND_PIECES_NEEDED - 5, 37.5)],
    ids=["nothing came", "mostly holes", "it broke off at once"],
)
def test_too_little_of_the_tone_is_no_sound(pieces: int, with_tone: int, percent: float) -> None:
    seen = CallSeen(1, 10, pieces, with_tone)
    assert seen.sound_percent == percent
    assert call_looked(seen).findings == {HealthCode.CALL_NO_SOUND}
    assert not seen.proven


def test_half_of_the_tone_is_enough() -> None:
    assert call_looked(CallSeen(1, 10, 10, 5)).findings == frozenset()


def test_neither_picture_nor_sound_are_both_told() -> None:
    assert call_looked(CallSeen(1)).findings == {HealthCode.CALL_NO_PICTURE, HealthCode.CALL_NO_SOUND}


def test_nothing_is_proven_before_there_are_enough_pictures() -> None:
    assert not CallSeen(1, 2 * FRAMES_NEEDED - 1, 10, 10).proven
