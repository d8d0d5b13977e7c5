"""The one place where the kiosk's threads meet.

Down go commands: `submit` is called on the screen's thread and must not wait. Up come whole states: `publish` is
called on any thread and reaches the screen by one queued signal; a state that was not shown yet is replaced by a
newer one. Pictures come through single-slot mailboxes. What it does not do: decide anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal

from kiosk.core.commands import Command
from kiosk.core.media import ScalesPictures, YuvFrame
from kiosk.core.snapshot import ScreenState
from kiosk.ui.i18n.catalog import Catalog, load_catalogs
from kiosk.ui.pictures import PictureFeed
from kiosk.ui.viewmodels.kiosk_model import KioskModel, call_is_on
from signaling.protocol.vocabulary import Language

#: Between two pictures of oneself, seconds; a little less than two of a camera at 30 a second.
OWN_INTERVAL_S: Final = 0.06


class Bridge(QObject):
    """Carries states and pictures up, commands down. Made on the screen's thread, after the QGuiApplication.

    Attributes:
        shown: A state has reached the screens.
    """

    shown = Signal()
    _published = Signal()

    def __init__(
        self,
        submit: Callable[[Command], None],
        scale: ScalesPictures,
        catalogs: Mapping[Language, Catalog] | None = None,
    ) -> None:
        super().__init__()
        self._lock = Lock()
        self._newest: ScreenState | None = None
        self._open = True
        self._model = KioskModel(submit, catalogs or load_catalogs(), self)
        self._remote = PictureFeed(scale, self)
        self._colleague = PictureFeed(scale, self)
        self._own = PictureFeed(scale, self)
        self._own_shown_s = -1.0
        self._published.connect(self._show_newest, Qt.ConnectionType.QueuedConnection)

    @property
    def model(self) -> KioskModel:
        """All view-models."""
        return self._model

    @property
    def remote_feed(self) -> PictureFeed:
        """The librarian's pictures."""
        return self._remote

    @property
    def colleague_feed(self) -> PictureFeed:
        """The pictures of the colleague who was brought in."""
        return self._colleague

    @property
    def own_feed(self) -> PictureFeed:
        """The visitor's own pictures."""
        return self._own

    def publish(self, state: ScreenState) -> None:
        """Show this state as soon as the screen's thread comes round. Any thread; returns at once."""
        with self._lock:
            if not self._open:
                return
            told_already = self._newest is not None
            self._newest = state
            if not told_already:
                self._published.emit()

    def remote_frame(self, frame: YuvFrame) -> None:
        """A picture of the librarian. Any thread; returns at once."""
        self._remote.offer(frame)

    def colleague_frame(self, frame: YuvFrame) -> None:
        """A picture of the colleague who was brought in. Any thread; returns at once."""
        self._colleague.offer(frame)

    def own_frame(self, frame: YuvFrame) -> None:
        """A picture of the visitor. Any thread; returns at once."""
        # Half the camera's pictures are enough for a mirror the size of a hand; each one drawn costs 4 ms.
        if not 0 <= frame.captured_s - self._own_shown_s < OWN_INTERVAL_S:
            self._own_shown_s = frame.captured_s
            self._own.offer(frame)

    def close(self) -> None:
        """Take nothing more: call it before the window goes away, while the engine may still be running."""
        with self._lock:
            self._open = False
            self._newest = None
        self._remote.close()
        self._colleague.close()
        self._own.close()

    def _show_newest(self) -> None:
        with self._lock:
            state, self._newest = self._newest, None
        if state is None:
            return
        if not call_is_on(state):
            self._remote.forget()
        if state.call.colleague is None:
            self._colleague.forget()
        if not state.call.camera_sending and not state.care.menu.camera_open:
            self._own.forget()
        self._model.show(state)
        self.shown.emit()
