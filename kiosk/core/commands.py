"""What a visitor, or somebody in the service menu, can do: values that go down from the screen to the engine."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.core.care import MenuAction
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


@dataclass(frozen=True, slots=True)
class OpenMenu:
    """The hidden corner was touched often enough: the service menu, behind its PIN."""


@dataclass(frozen=True, slots=True)
class CloseMenu:
    """Leave the service menu, wherever one is in it."""


@dataclass(frozen=True, slots=True)
class EnterPin:
    """All digits of the PIN."""

    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MenuDo:
    """Something in the open service menu; what `value` is stands at `MenuAction`."""

    action: MenuAction
    value: str = ""


@dataclass(frozen=True, slots=True)
class ScreenSeen:
    """The window was read back. Not a touch: it comes by itself every few seconds.

    Attributes:
        drawn: The pattern that was drawn was found.
        after_ms: From asking for it to finding it.
    """

    drawn: bool
    after_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class AskTest:
    """Test everything now; taken only while the service menu is open."""


#: What goes to the care of the kiosk, not to the visitor's path.
CareCommand = OpenMenu | CloseMenu | EnterPin | MenuDo | ScreenSeen | AskTest

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
    | CareCommand
)
