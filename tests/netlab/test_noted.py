"""Silence is found where it is, and words and widths are found when they came."""

from __future__ import annotations

import re

import pytest

from kiosk.core.media import SAMPLE_RATE_HZ
from tests.netlab.noted import POOR, STILL, Noted
from tests.support.stage.sound import voice

_TONE_HZ = 660.0


def spoken(seconds: int, *silent: tuple[int, int]) -> Noted:
    """A voice with holes, each from and to a millisecond, that was listened to from 1 s on."""
    samples = voice(_TONE_HZ, seconds).copy()
    for begin, end in silent:
        samples[begin * SAMPLE_RATE_HZ // 1000 : end * SAMPLE_RATE_HZ // 1000] = 0
    return Noted(_TONE_HZ, heard=samples, heard_from_ms=1000.0)


def test_a_voice_that_rises_and_falls_is_never_silent() -> None:
    assert spoken(5).longest_silence_ms(1000, 6000) == 0


def test_the_longest_silence_is_found_and_only_where_one_looks() -> None:
    noted = spoken(5, (1000, 1200), (3000, 3500))
    assert noted.longest_silence_ms(1000, 6000) == pytest.approx(500, abs=20)
    assert noted.longest_silence_ms(1000, 3800) == pytest.approx(200, abs=20)


def test_somebody_who_was_never_heard_was_not_silent_for_some_time() -> None:
    assert spoken(5, (0, 5000)).longest_silence_ms(1000, 6000) is None
    assert spoken(5).longest_pause_ms() is None


def test_a_voice_that_paused_by_itself_is_known() -> None:
    noted = Noted(_TONE_HZ, spoken=spoken(3, (1000, 1300)).heard)
    assert noted.longest_pause_ms() == pytest.approx(300, abs=20)


def test_words_are_there_from_when_they_came_until_they_went() -> None:
    poor, still = "Linjen är dålig. Ljudet går före bilden.", "Linjen är dålig – bara ljud. Bilden står still."
    lines = [(1.0, frozenset[str]()), (5.0, frozenset({poor})), (8.0, frozenset({still})), (9.0, frozenset[str]())]
    noted = Noted(_TONE_HZ, lines=lines)
    assert (noted.said(POOR), noted.said(STILL)) == (5.0, 8.0)
    assert (noted.said(POOR, 6.0), noted.said(STILL, 6.0), noted.said(POOR, 9.5)) == (6.0, 8.0, None)
    assert (noted.gone(POOR, STILL), noted.gone(re.compile("före"))) == (9.0, 8.0)
    assert Noted(_TONE_HZ, lines=lines[:3]).gone(STILL) is None
    assert Noted(_TONE_HZ, lines=lines[:1]).gone(STILL) is None


def test_a_picture_is_back_when_it_moves_in_its_width() -> None:
    rows = [(at * 100.0, None, 320 if at < 30 else 1280) for at in range(60)]
    noted = Noted(_TONE_HZ, pictures=rows)
    assert (noted.moves(1000), noted.as_wide(1280, 1000), noted.widths(2800, 3100)) == (
        1000.0,
        3000.0,
        [320, 320, 1280],
    )
