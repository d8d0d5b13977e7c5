"""The call as the visitor sees it, and the goodbye after it."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.core.media import DeviceState, PathState
from kiosk.core.snapshot import CallFacts, ColleagueFacts, Screen, ScreenState
from kiosk.ui.i18n.catalog import Catalog
from kiosk.ui.viewmodels.path import is_coming_back, reaches

_BROKEN = frozenset({DeviceState.MISSING, DeviceState.FAILED})


@dataclass(frozen=True, slots=True)
class CallShown:
    """Texts and switches of the connecting and the talking screen.

    Attributes:
        name: Who one meets.
        heading: What is happening, while there is no picture to look at.
        colleague_name: Who was brought in; empty while there is nobody.
        colleague_visible: A picture of the colleague may be drawn.
        colleague_sentence: What stands in its place.
        placeholder: Why there is no picture, in the picture's place.
        librarian_visible: A picture of the librarian may be drawn.
        camera_wanted: What the visitor asked for; the button shows the opposite.
        camera_usable: There is a camera to show oneself with; else the button is absent.
        picture_shown: The visitor's picture is leaving the kiosk; only then one's own picture is drawn.
        voice_heard: The visitor's voice is leaving the kiosk.
        microphone_usable: There is a microphone to turn off; else the button is absent.
        push_to_talk: The microphone is open only while a button is held: that button stands where one mutes.
        speaking: It is held, or was tapped.
        picture_sentence: What is true of one's picture.
        voice_sentence: What is true of one's voice.
        troubles: What does not work while one talks, and what to do about it.
    """

    name: str
    colleague_name: str
    colleague_visible: bool
    colleague_sentence: str
    heading: str
    placeholder: str
    librarian_visible: bool
    camera_wanted: bool
    camera_usable: bool
    picture_shown: bool
    muted: bool
    voice_heard: bool
    microphone_usable: bool
    push_to_talk: bool
    speaking: bool
    volume_percent: int
    volume_sentence: str
    picture_sentence: str
    voice_sentence: str
    troubles: tuple[str, ...]
    write_prompt: str


@dataclass(frozen=True, slots=True)
class GoodbyeShown:
    """The three faces: 0 is "not yet answered"."""

    score: int
    thanks: str


def show_call(state: ScreenState, catalog: Catalog) -> CallShown:
    """Say in words what is sent, what is seen and what does not work."""
    call = state.call
    name = call.librarian_name or catalog.say("librarian")
    spoken_name = call.librarian_name or catalog.say("librarian_object")
    connecting = state.screen is Screen.CONNECTING
    held = state.screen is Screen.HELD
    reached = reaches(state)
    colleague = call.colleague if state.screen is Screen.TALKING else None
    # A path that is being built anew has had no picture yet: the last one of the path before it stays.
    picture_expected = (call.picture_received or is_coming_back(state)) and call.librarian_camera and not held
    return CallShown(
        name=name,
        colleague_name=name_of(colleague, catalog) if colleague is not None else "",
        colleague_visible=colleague is not None and colleague.picture_received and colleague.camera,
        colleague_sentence=colleague_sentence(colleague, catalog) if colleague is not None else "",
        heading=catalog.say("connecting_heading", name=name),
        placeholder=placeholder(state, name, catalog),
        librarian_visible=picture_expected and not connecting,
        camera_wanted=call.camera_wanted,
        camera_usable=call.camera not in _BROKEN,
        picture_shown=call.camera_sending,
        muted=call.muted,
        voice_heard=voice_is_heard(call),
        microphone_usable=call.microphone not in _BROKEN,
        push_to_talk=call.push_to_talk,
        speaking=call.speaking,
        volume_percent=call.volume_percent,
        volume_sentence=catalog.say("volume_value", percent=call.volume_percent),
        picture_sentence=picture_sentence(call, catalog, held=held, reached=reached),
        voice_sentence=voice_sentence(call, catalog, reached=reached),
        troubles=troubles(call, name, spoken_name, catalog) if state.screen is Screen.TALKING else (),
        write_prompt=catalog.say("write_prompt", name=name) if colleague is None else catalog.say("write_prompt_two"),
    )


def placeholder(state: ScreenState, name: str, catalog: Catalog) -> str:
    """What stands where the librarian's picture would be, as long as it is not there."""
    call = state.call
    if state.screen is not Screen.TALKING:
        return ""
    if not call.librarian_camera:
        return catalog.say("librarian_no_picture", name=name)
    if is_coming_back(state) or call.path in {PathState.DISCONNECTED, PathState.FAILED}:
        return ""  # that is said, and the last picture stays
    return "" if call.picture_received else catalog.say("picture_on_its_way")


def name_of(colleague: ColleagueFacts, catalog: Catalog) -> str:
    """Who was brought in."""
    return colleague.name or catalog.say("colleague")


def colleague_sentence(colleague: ColleagueFacts, catalog: Catalog) -> str:
    """What stands where the colleague's picture would be, as long as it is not there."""
    name = name_of(colleague, catalog)
    if colleague.coming_back:
        return catalog.say("colleague_coming_back", name=name)
    if not colleague.camera:
        return catalog.say("colleague_no_picture", name=name)
    return "" if colleague.picture_received else catalog.say("colleague_joining", name=name)


def picture_sentence(call: CallFacts, catalog: Catalog, *, held: bool = False, reached: bool = True) -> str:
    """What is true of the visitor's picture right now."""
    if call.camera_sending and not reached:
        return catalog.say("picture_later")
    if call.camera_sending:
        return catalog.say("picture_still" if call.picture_paused else "picture_shown")
    if call.camera in _BROKEN:
        return catalog.say("picture_no_camera")
    # On hold the camera is off and stays off until the librarian is back: it is not "starting".
    return catalog.say("picture_starting" if call.camera_wanted and not held else "picture_hidden")


def voice_sentence(call: CallFacts, catalog: Catalog, *, reached: bool = True) -> str:
    """What is true of the visitor's voice right now."""
    if call.microphone in _BROKEN:
        return catalog.say("voice_no_microphone")
    if voice_is_heard(call):
        return catalog.say("voice_heard" if reached else "voice_later")
    return catalog.say("voice_button" if call.push_to_talk and not call.speaking else "voice_muted")


def voice_is_heard(call: CallFacts) -> bool:
    """Whether sound of the room really leaves the kiosk: silence from a broken microphone does not count."""
    wanted = call.speaking if call.push_to_talk else True
    return wanted and call.microphone_sending and not call.muted and call.microphone not in _BROKEN


def troubles(call: CallFacts, name: str, spoken_name: str, catalog: Catalog) -> tuple[str, ...]:
    """What else does not work. What concerns one's own picture and voice stands in their own sentences."""
    found: list[str] = []
    if call.loudspeaker in _BROKEN:
        found.append(catalog.say("no_loudspeaker", name=spoken_name))
    if not call.librarian_microphone:
        found.append(catalog.say("librarian_no_sound", name=name))
    if call.colleague is not None and not call.colleague.microphone:
        found.append(catalog.say("librarian_no_sound", name=name_of(call.colleague, catalog)))
    return tuple(found)


def show_goodbye(state: ScreenState, catalog: Catalog) -> GoodbyeShown:
    """Which face was touched, and thanks for it."""
    given = state.feedback_given
    return GoodbyeShown(score=given or 0, thanks=catalog.say("goodbye_answered") if given else "")
