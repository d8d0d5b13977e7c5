"""What one line looks like to those who are shown it.

The newest look is for what is somebody's own, the last gathered look for what many share. Pure but for remembering;
time is an argument. What it does not do: send anything (`shower`).
"""

from __future__ import annotations

from signaling.adapters.gateway.connections import Connection
from signaling.domain.model import LineState
from signaling.domain.places import Setup
from signaling.protocol.deltas import View
from signaling.protocol.vocabulary import LineId, Party
from signaling.service.kiosk_views import KioskLook
from signaling.service.snapshots import Parts, Scene
from signaling.service.staff_views import StaffLook


class Gathered:
    """When what many share is shown next: at once after a quiet while, then at its own pace.

    Attributes:
        due_s: The moment; None while there is nothing to show.
    """

    def __init__(self) -> None:
        self.due_s: float | None = None
        self._shown_s = float("-inf")

    def ask(self, now_s: float, every_s: float) -> None:
        """There is something to show, no sooner than so long after the last time. 0 is at once."""
        due_s = max(now_s, self._shown_s + every_s)
        self.due_s = due_s if self.due_s is None else min(self.due_s, due_s)

    def take(self, now_s: float) -> bool:
        """Whether it is to be shown now; then it is taken as shown."""
        if self.due_s is None or now_s < self.due_s:
            return False
        self.due_s, self._shown_s = None, now_s
        return True


class LineShow:
    """One line, as this node shows it.

    Attributes:
        kiosks: When all kiosks are looked at.
        staff: When all consoles are looked at.
        version: Goes up with everything that was told of the line.
        committed: The line as it was told last; None when it must be read.
    """

    def __init__(self, line_id: LineId) -> None:
        self.kiosks = Gathered()
        self.staff = Gathered()
        self.version = 0
        self.committed: LineState | None = None
        self._line_id = line_id
        self._kiosk_parts, self._staff_parts = Parts(), Parts()
        self._scene: Scene | None = None
        self._kiosk_now: KioskLook | None = None
        self._staff_now: StaffLook | None = None
        self._kiosk_shared: KioskLook | None = None
        self._staff_shared: StaffLook | None = None

    def told(self, line: LineState | None) -> None:
        """The line is another; None when it is not known how."""
        self.version += 1
        self.committed = line

    def look(self, line: LineState, setup: Setup) -> None:
        """From now on what is somebody's own is taken from here."""
        if self._scene is None or self._scene.line is not line or self._scene.setup is not setup:
            self._scene = Scene(self._line_id, setup, line)
            self._kiosk_now = KioskLook(self._scene, self._kiosk_parts)
            self._staff_now = StaffLook(self._scene, self._staff_parts)

    def gather(self, party: Party) -> None:
        """The next look is also the one from which what many share is taken."""
        if party is Party.VISITOR:
            self._kiosk_shared = None
        else:
            self._staff_shared = None

    def view(self, connection: Connection) -> View | None:
        """What a connection is to show now, after `look`; None for a kiosk that the directory does not know yet."""
        if connection.party is Party.VISITOR:
            return self._kiosk_view(connection)
        now = self._staff_now
        if now is None or connection.staff is None:
            return None
        if self._staff_shared is None:
            self._staff_shared = now
        return self._staff_shared.view(connection.staff, connection.seat_id, own=now)

    def _kiosk_view(self, connection: Connection) -> View | None:
        now = self._kiosk_now
        if now is None or not now.knows(connection.kiosk_id):
            return None
        if self._kiosk_shared is None or not self._kiosk_shared.knows(connection.kiosk_id):
            self._kiosk_shared = now
        return self._kiosk_shared.view(connection.kiosk_id, own=now)
