"""What a hand can do: each slot hands one command down. The only way from a screen to the engine."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from kiosk.core import commands
from signaling.protocol.vocabulary import Language, ServiceId


class Actions(QObject):
    """Slots that QML calls. None of them waits."""

    def __init__(self, submit: Callable[[commands.Command], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._submit = submit

    @Slot()
    def tapCall(self) -> None:
        """Ask for a librarian."""
        self._submit(commands.TapCall())

    @Slot(str, str)
    def tapService(self, service: str, language: str) -> None:
        """Ask for one service; in another language, if a code is given."""
        self._submit(commands.TapCall(ServiceId(service), Language(language) if language else None))

    @Slot()
    def keepWaiting(self) -> None:
        """Wait on: the ways out were seen."""
        self._submit(commands.KeepWaiting())

    @Slot()
    def takeTicket(self) -> None:
        """Be called back on this kiosk."""
        self._submit(commands.TakeTicket())

    @Slot()
    def answerTicket(self) -> None:
        """The number that is called is mine."""
        self._submit(commands.AnswerTicket())

    @Slot(str)
    def chooseLanguage(self, code: str) -> None:
        """Switch the screens' language (a code of the wire: `sv`, `nb`, `en`)."""
        self._submit(commands.ChooseLanguage(Language(code)))

    @Slot()
    def leaveLine(self) -> None:
        """Stop waiting."""
        self._submit(commands.LeaveLine())

    @Slot(bool)
    def showCamera(self, wanted: bool) -> None:
        """Show or hide oneself."""
        self._submit(commands.ShowCamera(wanted))

    @Slot(bool)
    def mute(self, muted: bool) -> None:
        """Microphone off or on."""
        self._submit(commands.Mute(muted))

    @Slot(bool)
    def speak(self, held: bool) -> None:
        """With push-to-talk: microphone open, or closed again."""
        self._submit(commands.Speak(held))

    @Slot(int)
    def setVolume(self, percent: int) -> None:
        """Loudspeaker volume, 0 to 100; anything beyond is the end of the scale."""
        self._submit(commands.SetVolume(max(0, min(100, percent))))

    @Slot()
    def endCall(self) -> None:
        """End the visit."""
        self._submit(commands.EndCall())

    @Slot(int)
    def giveFeedback(self, score: int) -> None:
        """One of the three faces."""
        self._submit(commands.GiveFeedback(score))

    @Slot()
    def touched(self) -> None:
        """A hand is there."""
        self._submit(commands.Touched())

    @Slot()
    def dismiss(self) -> None:
        """Back to idle."""
        self._submit(commands.Dismiss())
