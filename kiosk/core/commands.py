"""What a visitor can do, as values that go down from the screen to the engine."""

from __future__ import annotations

from dataclasses import dataclass

from signaling.protocol.vocabulary import Language, ServiceId


@dataclass(frozen=True, slots=True)
class TapCall:
    """A large button: somebody is asked for.

    Attributes:
        service_id: Which service; None for the first one.
        language: Go on in this language, because nobody on duty speaks the one of the screen; None: as it is.
    """

    service_id: ServiceId | None = None
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class ChooseLanguage:
    """The visitor wants another language; it goes back to the branch's own afterwards."""

    language: Language


@dataclass(frozen=True, slots=True)
class LeaveLine:
    """Stop waiting."""


@dataclass(frozen=True, slots=True)
class KeepWaiting:
    """The visitor saw the ways out and waits on."""


@dataclass(frozen=True, slots=True)
class TakeTicket:
    """Call me back on this kiosk."""


@dataclass(frozen=True, slots=True)
class AnswerTicket:
    """I am here: the ticket that is called back is mine."""


@dataclass(frozen=True, slots=True)
class ShowCamera:
    """Show myself (True) or hide (False)."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class Mute:
    """Microphone off (True) or on."""

    muted: bool


@dataclass(frozen=True, slots=True)
class Speak:
    """With push-to-talk: the button is held (True), or let go."""

    held: bool


@dataclass(frozen=True, slots=True)
class SetVolume:
    """Loudspeaker volume, 0 to 100."""

    percent: int


@dataclass(frozen=True, slots=True)
class TypeText:
    """The whole line as it stands after the latest key."""

    text: str


@dataclass(frozen=True, slots=True)
class CommitText:
    """The line is finished (Enter)."""


@dataclass(frozen=True, slots=True)
class EndCall:
    """The visitor ends the visit."""


@dataclass(frozen=True, slots=True)
class GiveFeedback:
    """One of three faces: 3 as good as the desk, 2 nearly, 1 not."""

    score: int


@dataclass(frozen=True, slots=True)
class Touched:
    """A hand is there: the inactivity countdown starts anew."""


@dataclass(frozen=True, slots=True)
class Dismiss:
    """Go back to idle now (from goodbye, or a notice)."""


Command = (
    TapCall
    | ChooseLanguage
    | LeaveLine
    | KeepWaiting
    | TakeTicket
    | AnswerTicket
    | ShowCamera
    | Mute
    | Speak
    | SetVolume
    | TypeText
    | CommitText
    | EndCall
    | GiveFeedback
    | Touched
    | Dismiss
)
