"""What the screens say about the connection: calm, only when it is not good, and the most serious thing alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.core.media import DeviceState, PathState
from kiosk.core.snapshot import CallFacts, Notice, Screen, ScreenState
from kiosk.ui.i18n.catalog import load_catalogs
from kiosk.ui.viewmodels.call import show_call
from kiosk.ui.viewmodels.common import show_common
from kiosk.ui.viewmodels.kiosk_model import KioskModel
from kiosk.ui.viewmodels.path import PathShown, show_path
from signaling.protocol.vocabulary import Language, PathFault, PathQuality
from tests.support.sample_states import IN_CALL, NOW

CATALOGS = load_catalogs()
EN = CATALOGS[Language.EN]
TALKING = ScreenState(screen=Screen.TALKING, now_local=NOW, language=Language.EN, call=IN_CALL)
SEEN = replace(IN_CALL, camera_wanted=True, camera_sending=True, camera=DeviceState.OK)
BROKE = replace(
    TALKING, notice=Notice.COMING_BACK, coming_back_s=24, call=replace(IN_CALL, path=PathState.DISCONNECTED)
)


def shown(call: CallFacts = IN_CALL) -> PathShown:
    return show_path(replace(TALKING, call=call), EN)


@pytest.mark.parametrize("quality", [None, PathQuality.GOOD, PathQuality.FAIR])
def test_of_a_connection_that_serves_nothing_is_said(quality: PathQuality | None) -> None:
    path = shown(replace(SEEN, quality=quality))
    assert (path.sentence, path.spoken, path.librarian_dimmed, path.coming_back) == ("", "", False, False)


def test_a_poor_connection_is_said() -> None:
    assert shown(replace(SEEN, quality=PathQuality.POOR)).sentence == (
        "Your connection is poor just now. Sound goes before picture."
    )


def test_a_librarians_picture_that_was_given_up_stays_dimmed_with_the_reason() -> None:
    path = shown(replace(SEEN, quality=PathQuality.SOUND_ONLY, librarian_paused=True))
    assert path.sentence == "Your connection is poor: sound only."
    assert path.librarian_dimmed
    assert path.librarian_still == "The picture stands still so that the sound stays good."
    assert path.own_still == ""


def test_sound_only_is_not_said_while_the_librarians_picture_moves() -> None:
    path = shown(replace(SEEN, quality=PathQuality.SOUND_ONLY, picture_paused=True))
    assert path.sentence == "Your connection is poor. Your picture stands still so that the sound stays good."
    assert path.own_still == "Still picture"
    assert not path.librarian_dimmed


def test_of_a_picture_that_nobody_sends_no_still_is_said() -> None:
    assert shown(replace(IN_CALL, picture_paused=True)).own_still == ""
    hidden = shown(replace(IN_CALL, librarian_paused=True, librarian_camera=False))
    assert (hidden.librarian_still, hidden.librarian_dimmed) == ("", False)


def test_ones_own_still_is_said_among_what_is_sent_too() -> None:
    call = show_call(replace(TALKING, call=replace(SEEN, picture_paused=True)), EN)
    assert call.picture_sentence == "Your picture is shown as a still."


@pytest.mark.parametrize(
    ("fault", "sentence", "dimmed", "reaches"),
    [
        (
            PathFault.NOTHING_ARRIVES,
            "Neither picture nor sound comes from Anna right now. We are building the connection anew.",
            True,
            True,
        ),
        (PathFault.NO_PICTURE, "The picture of Anna has stopped. We are fetching it again.", True, True),
        (
            PathFault.NOTHING_LEAVES,
            "Anna does not hear you right now. We are building the connection anew.",
            False,
            False,
        ),
    ],
)
def test_a_fault_is_named_while_it_is_mended(fault: PathFault, sentence: str, dimmed: bool, reaches: bool) -> None:
    path = shown(replace(SEEN, fault=fault, quality=PathQuality.POOR))
    assert (path.sentence, path.librarian_dimmed, path.reaches) == (sentence, dimmed, reaches)
    assert path.spoken == sentence


def test_nobody_is_told_to_be_heard_through_a_connection_that_carries_nothing() -> None:
    for state in (BROKE, replace(TALKING, call=replace(SEEN, fault=PathFault.NOTHING_LEAVES))):
        call = show_call(replace(state, call=replace(state.call, camera_sending=True)), EN)
        assert call.voice_sentence == "Your voice is heard when the connection is back."
        assert call.picture_sentence == "Your picture is shown when the connection is back."


def test_what_broke_comes_back_with_the_seconds_that_are_left() -> None:
    path = show_path(BROKE, EN)
    assert path.coming_back
    assert path.librarian_dimmed
    assert path.back_sentence == "The connection broke. We will be back in a moment."
    assert (path.back_before, path.back_seconds, path.back_after) == ("We try for", 24, "more seconds.")
    assert path.back_else == "Otherwise you are first in line."
    assert path.sentence == ""


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("seconds", [1, 2, 60, 118])
def test_the_figure_stands_alone_in_every_language(language: Language, seconds: int) -> None:
    path = show_path(replace(BROKE, coming_back_s=seconds), CATALOGS[language])
    assert path.back_seconds == seconds
    assert not any(letter.isdigit() for letter in path.back_before + path.back_after)
    assert path.back_before
    assert path.back_after


@pytest.mark.parametrize("seconds", [None, 0])
def test_a_time_that_nobody_knows_or_that_is_over_is_not_counted(seconds: int | None) -> None:
    path = show_path(replace(BROKE, coming_back_s=seconds), EN)
    assert path.coming_back
    assert (path.back_seconds, path.back_before, path.back_else) == (0, "", "")


def test_it_is_said_at_the_picture_and_not_twice() -> None:
    assert show_common(BROKE, EN).notice == ""
    connecting = replace(BROKE, screen=Screen.CONNECTING)
    assert not show_path(connecting, EN).coming_back
    assert show_common(connecting, EN).notice != ""


def test_on_hold_it_comes_back_too_and_no_other_word_is_said() -> None:
    assert show_path(replace(BROKE, screen=Screen.HELD), EN).back_seconds == 24
    poor = replace(TALKING, screen=Screen.HELD, call=replace(IN_CALL, quality=PathQuality.POOR, librarian_paused=True))
    assert (show_path(poor, EN).sentence, show_path(poor, EN).librarian_still) == ("", "")


def test_a_librarian_who_is_away_while_the_path_carries_interrupts_nothing_that_can_be_heard() -> None:
    assert not show_path(replace(TALKING, coming_back_s=30), EN).coming_back
    silent = replace(IN_CALL, fault=PathFault.NOTHING_ARRIVES)
    assert show_path(replace(TALKING, coming_back_s=30, call=silent), EN).coming_back


def test_the_last_picture_stays_although_the_new_path_has_brought_none_yet() -> None:
    call = show_call(replace(BROKE, call=replace(BROKE.call, picture_received=False)), EN)
    assert call.librarian_visible
    assert call.placeholder == ""


def test_a_screen_reader_is_told_once_and_not_each_second() -> None:
    model = KioskModel(lambda _command: None, CATALOGS)
    path = model.property("path")
    told: list[str] = []
    path.spokenChanged.connect(lambda: told.append(path.property("spoken")))
    for seconds in range(24, 0, -1):
        model.show(replace(BROKE, coming_back_s=seconds))
    model.show(TALKING)
    assert told == ["The connection broke. We will be back in a moment.", ""]


# --- a button to hold -------------------------------------------------------------------------------------


def test_with_a_button_the_voice_is_heard_only_while_it_is_held() -> None:
    button = replace(IN_CALL, push_to_talk=True, microphone_sending=True)
    rests = show_call(replace(TALKING, call=button), EN)
    assert (rests.push_to_talk, rests.speaking, rests.voice_heard) == (True, False, False)
    assert rests.voice_sentence == "Your voice is heard while you hold the button."
    held = show_call(replace(TALKING, call=replace(button, speaking=True)), EN)
    assert (held.speaking, held.voice_heard, held.voice_sentence) == (True, True, "Your voice is heard.")


def test_a_button_that_is_held_before_the_microphone_sends_does_not_say_that_one_is_heard() -> None:
    call = replace(IN_CALL, push_to_talk=True, speaking=True, microphone_sending=False)
    assert not show_call(replace(TALKING, call=call), EN).voice_heard
    assert show_call(replace(TALKING, call=call), EN).voice_sentence == "Your voice is not heard."
