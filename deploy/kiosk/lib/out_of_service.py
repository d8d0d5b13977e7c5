"""The plain screen of a kiosk whose program does not start: that it is out of service, and whom to call.

It needs nothing of the program but the facts of the branch that it kept (`branch.json`): no engine, no network, no
QML. It paints one picture, steadily. What it does not do: react to anything.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPainter, QPaintEvent, QRasterWindow

STATE_DIR: Final = "/var/lib/librarian-kiosk"
FAMILIES: Final = ["Atkinson Hyperlegible", "Noto Sans"]
PAPER, INK, AMBER, LINE = (QColor(colour) for colour in ("#FAF7F2", "#1B2430", "#8F4A05", "#D9D2C5"))
PROVES_ITSELF_EVERY_MS: Final = 2_000


@dataclass(frozen=True)
class Words:
    """All that it says in one language. `{place}` and `{phone}` are filled in."""

    heading: str
    sorry: str
    call: str
    nobody: str
    urgent: str


WORDS: Final[Mapping[str, Words]] = {
    "sv": Words(
        "Skärmen är ur funktion",
        "Det går inte att träffa en bibliotekarie här just nu. Vi försöker starta den igen hela tiden.",
        "Ring biblioteket i stället:",
        "Fråga gärna personalen nästa gång de är här.",
        "Vid fara för liv: ring {urgent}",
    ),
    "nb": Words(
        "Skjermen er ute av drift",
        "Du kan ikke møte en bibliotekar her akkurat nå. Vi prøver å starte den igjen hele tiden.",
        "Ring biblioteket i stedet:",
        "Spør gjerne de ansatte neste gang de er her.",
        "Ved fare for liv: ring {urgent}",
    ),
    "en": Words(
        "This screen is out of service",
        "You cannot meet a librarian here right now. It keeps trying to start again by itself.",
        "Please call the library instead:",
        "Please ask the staff when they are next here.",
        "If a life is in danger, call {urgent}",
    ),
}


@dataclass(frozen=True)
class Branch:
    """What is known of the place. All may be empty."""

    name: str = ""
    phone: str = ""
    urgent: str = ""
    language: str = "en"


def load_branch(path: Path) -> Branch:
    """What the program kept of its branch; nothing when there is no such file or it cannot be read."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        language = str(kept.get("default_language", "en"))
        return Branch(
            str(kept.get("branch_name", "")),
            str(kept.get("phone", "")),
            str(kept.get("urgent_number", "")),
            language if language in WORDS else "en",
        )
    except (OSError, ValueError, AttributeError):
        return Branch()


def tell(message: str) -> None:
    """Tell who started us, in the words of sd_notify(3)."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            try:
                out.sendto(message.encode(), "\0" + address[1:] if address.startswith("@") else address)
            except OSError as error:
                sys.stderr.write(f"out_of_service: nobody hears ({error.strerror})\n")


class OutOfService(QRasterWindow):
    """The one picture."""

    def __init__(self, branch: Branch) -> None:
        super().__init__()
        self._branch = branch
        self._told_ready = False
        self.setTitle("Librarian on Demand")
        self.setCursor(Qt.CursorShape.BlankCursor)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw all of it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.fillRect(0, 0, self.width(), self.height(), PAPER)
        unit = min(self.width(), self.height()) / 100
        left, width = 10 * unit, self.width() - 20 * unit
        words = WORDS[self._branch.language]
        y = self.height() * 0.16
        if self._branch.name:
            y = self._write(painter, self._branch.name, left, y, width, 3.4 * unit, INK) + 3 * unit
        y = self._write(painter, words.heading, left, y, width, 6.4 * unit, INK, bold=True) + 3 * unit
        y = self._write(painter, words.sorry, left, y, width, 3.6 * unit, INK) + 4 * unit
        if self._branch.phone:
            y = self._write(painter, words.call, left, y, width, 3.6 * unit, INK) + 1 * unit
            y = self._write(painter, self._branch.phone, left, y, width, 6.4 * unit, INK, bold=True) + 4 * unit
        else:
            y = self._write(painter, words.nobody, left, y, width, 3.6 * unit, INK) + 4 * unit
        if self._branch.urgent:
            sentence = words.urgent.format(urgent=self._branch.urgent)
            y = self._write(painter, sentence, left, y, width, 3.6 * unit, AMBER, bold=True) + 4 * unit
        if self._branch.language != "en":
            painter.fillRect(QRectF(left, y, width, max(1.0, unit / 5)), LINE)
            english = WORDS["en"]
            tail = f"{english.call} {self._branch.phone}" if self._branch.phone else english.nobody
            self._write(painter, f"{english.heading}. {tail}", left, y + 3 * unit, width, 2.8 * unit, INK)
        painter.end()
        if not self._told_ready:
            self._told_ready = True
            tell("READY=1")

    def event(self, event: QEvent) -> bool:
        """A frame that the compositor asked for proves that the picture reaches it."""
        if event.type() is QEvent.Type.UpdateRequest:
            tell("WATCHDOG=1")
        return super().event(event)

    def _write(
        self,
        painter: QPainter,
        text: str,
        x: float,
        y: float,
        width: float,
        size: float,
        ink: QColor,
        *,
        bold: bool = False,
    ) -> float:
        font = QFont()
        font.setFamilies(FAMILIES)
        font.setPixelSize(max(1, round(size)))
        font.setBold(bold)
        painter.setFont(font)
        painter.setPen(ink)
        flags = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextWordWrap)
        box = painter.boundingRect(QRectF(x, y, width, 10_000), flags, text)
        painter.drawText(box, flags, text)
        return box.bottom()


def main() -> int:
    """Show it until told to stop."""
    os.environ.setdefault("QT_WAYLAND_DISABLE_HW_INTEGRATION", "1")
    os.environ.setdefault("QT_XCB_GL_INTEGRATION", "none")
    app = QGuiApplication(sys.argv[:1])
    window = OutOfService(load_branch(Path(os.environ.get("LIBRARIAN_KIOSK_STATE_DIR", STATE_DIR)) / "branch.json"))
    window.setGeometry(app.primaryScreen().geometry())
    window.showFullScreen()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    proof = QTimer()
    proof.timeout.connect(window.requestUpdate)
    proof.start(PROVES_ITSELF_EVERY_MS)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
