"""What the call's screens say about what is sent, what is seen and what does not work."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.core.media import DeviceState, PathState
from kiosk.core.snapshot import CallFacts, ColleagueFacts, Notice, Screen, ScreenState
from kiosk.ui.i18n.catalog import load_catalogs
from kiosk.ui.viewmodels.call import CallShown, show_call, show_goodbye
from signaling.protocol.vocabulary import Language
from tests.support.sample_states import COLLEAGUE, IN_CALL, NOW

CATALOGS = load_catalogs()
TALKING = ScreenState(screen=Screen.TALKING, now_local=NOW, call=IN_CALL)


def shown(call: CallFacts = IN_CALL, *, screen: Screen = Screen.TALKING, notice: Notice = Notice.NONE) -> CallShown:
    return show_call(replace(TALKING, screen=screen, notice=notice, call=call), CATALOGS[Language.EN])


def test_at_first_the_visitor_is_heard_and_not_seen() -> None:
    call = shown()
    assert call.picture_sentence == "Your picture is not shown."
    assert call.voice_sentence == "Your voice is heard."
    assert (call.picture_shown, call.voice_heard) == (False, True)
    assert call.librarian_visible


def test_asked_for_is_not_yet_so() -> None:
    call = shown(replace(IN_CALL, camera_wanted=True))
    assert call.picture_sentence == "Your camera is starting."
    assert (call.camera_wanted, call.picture_shown) == (True, False)


def test_on_hold_a_wanted_camera_is_said_to_be_off_and_not_to_be_starting() -> None:
    call = shown(replace(IN_CALL, camera_wanted=True), screen=Screen.HELD)
    assert call.picture_sentence == "Your picture is not shown."


def test_a_picture_that_leaves_is_said_to_be_shown_even_when_it_is_no_longer_wanted() -> None:
    call = shown(replace(IN_CALL, camera_wanted=False, camera_sending=True))
    assert call.picture_sentence == "Your picture is shown."
    assert call.picture_shown


@pytest.mark.parametrize("state", [DeviceState.MISSING, DeviceState.FAILED])
def test_a_broken_camera_takes_its_button_away_and_says_so(state: DeviceState) -> None:
    call = shown(replace(IN_CALL, camera=state, camera_wanted=True))
    assert not call.camera_usable
    assert call.picture_sentence == "The camera does not work. Your picture is not shown."


@pytest.mark.parametrize("state", [DeviceState.MISSING, DeviceState.FAILED])
def test_a_broken_microphone_is_not_said_to_be_heard(state: DeviceState) -> None:
    call = shown(replace(IN_CALL, microphone=state, microphone_sending=True))
    assert not call.microphone_usable
    assert not call.voice_heard
    assert call.voice_sentence == "The microphone does not work. Please write instead."


def test_muted_is_not_heard() -> None:
    call = shown(replace(IN_CALL, muted=True))
    assert (call.muted, call.voice_heard, call.voice_sentence) == (True, False, "Your voice is not heard.")


def test_a_microphone_that_does_not_send_yet_is_not_heard() -> None:
    assert not shown(replace(IN_CALL, microphone_sending=False)).voice_heard


def test_what_else_does_not_work_is_listed() -> None:
    call = shown(replace(IN_CALL, loudspeaker=DeviceState.MISSING, librarian_microphone=False))
    assert call.troubles == (
        "The loudspeaker does not work. Ask Anna to write.",
        "Anna cannot be heard right now. You can write to each other.",
    )
    assert shown().troubles == ()


def test_a_librarian_without_a_name_is_still_somebody() -> None:
    call = shown(replace(IN_CALL, librarian_name="", loudspeaker=DeviceState.FAILED))
    assert call.name == "The librarian"
    assert call.troubles == ("The loudspeaker does not work. Ask the librarian to write.",)


def test_without_the_librarians_picture_the_reason_stands_there() -> None:
    no_camera = shown(replace(IN_CALL, librarian_camera=False))
    assert no_camera.placeholder == "Anna cannot be seen right now, but the meeting goes on."
    assert not no_camera.librarian_visible
    not_yet = shown(replace(IN_CALL, picture_received=False))
    assert not_yet.placeholder == "The picture is on its way."


def test_on_a_broken_path_the_notice_speaks_and_the_last_picture_stays() -> None:
    broken = shown(replace(IN_CALL, path=PathState.DISCONNECTED, picture_received=False))
    assert broken.placeholder == ""
    coming_back = shown(notice=Notice.COMING_BACK)
    assert coming_back.placeholder == ""
    assert coming_back.librarian_visible


def test_while_connecting_the_person_is_announced() -> None:
    call = shown(screen=Screen.CONNECTING)
    assert call.heading == "Anna is with you in a moment"
    assert not call.librarian_visible


def test_on_hold_no_picture_is_shown() -> None:
    assert not shown(screen=Screen.HELD).librarian_visible


def test_the_volume_is_said_in_words() -> None:
    assert shown(replace(IN_CALL, volume_percent=70)).volume_sentence == "70 per cent"


def test_feedback_is_thanked_for() -> None:
    goodbye = replace(TALKING, screen=Screen.GOODBYE)
    assert show_goodbye(goodbye, CATALOGS[Language.EN]).score == 0
    given = show_goodbye(replace(goodbye, feedback_given=2), CATALOGS[Language.EN])
    assert (given.score, given.thanks) == (2, "Thank you, that helps us.")


@pytest.mark.parametrize("language", Language)
def test_every_sentence_of_a_call_can_be_said_in_every_language(language: Language) -> None:
    worst = replace(
        IN_CALL, camera=DeviceState.MISSING, microphone=DeviceState.MISSING, loudspeaker=DeviceState.MISSING
    )
    call = show_call(replace(TALKING, call=replace(worst, librarian_microphone=False)), CATALOGS[language])
    assert "{" not in "".join((call.name, call.heading, call.picture_sentence, call.voice_sentence, *call.troubles))


# --- a colleague ------------------------------------------------------------------------------------------


def with_colleague(colleague: ColleagueFacts, *, screen: Screen = Screen.TALKING) -> CallShown:
    return shown(replace(IN_CALL, colleague=colleague), screen=screen)


def test_without_a_colleague_there_is_no_place_for_one() -> None:
    call = shown()
    assert (call.colleague_name, call.colleague_visible, call.colleague_sentence) == ("", False, "")


def test_a_colleague_is_seen_beside_the_librarian_and_both_read_what_is_typed() -> None:
    call = with_colleague(COLLEAGUE)
    assert (call.name, call.colleague_name, call.colleague_visible) == ("Anna", "Per", True)
    assert call.colleague_sentence == ""
    assert call.write_prompt == "Write here. Both see each letter at once."


@pytest.mark.parametrize(
    ("colleague", "sentence", "visible"),
    [
        (ColleagueFacts("Per"), "Per is joining you.", False),
        (replace(COLLEAGUE, camera=False), "Per cannot be seen right now.", False),
        (replace(COLLEAGUE, coming_back=True), "Per will be back in a moment.", True),
        (ColleagueFacts(), "The colleague is joining you.", False),
    ],
    ids=["joining", "camera-off", "coming-back", "without-a-name"],
)
def test_what_stands_in_place_of_the_colleagues_picture(
    colleague: ColleagueFacts, sentence: str, visible: bool
) -> None:
    call = with_colleague(colleague)
    assert (call.colleague_sentence, call.colleague_visible) == (sentence, visible)


def test_a_colleague_who_is_not_heard_is_named() -> None:
    call = with_colleague(replace(COLLEAGUE, microphone=False))
    assert call.troubles == ("Per cannot be heard right now. You can write to each other.",)


def test_on_hold_the_colleague_is_not_shown() -> None:
    call = with_colleague(COLLEAGUE, screen=Screen.HELD)
    assert (call.colleague_name, call.colleague_visible) == ("", False)
