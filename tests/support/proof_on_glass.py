"""Looks at the kiosk's screen on a real display while another program's window lies over its corner, and tells.

Usage, on a display of one's own: python -m tests.support.proof_on_glass; prints one JSON line for each look.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time

from PySide6.QtTest import QTest

from kiosk.core.commands import Command, ScreenSeen
from kiosk.ui.screen_proof import ScreenProof
from kiosk.ui.window import make_application
from signaling.protocol.vocabulary import Language
from tests.support.kiosk_screens import PORTRAIT, ScreenDriver
from tests.support.sample_states import samples

#: A plain window without a frame over the lower right corner; it says so when it is there, and goes when told.
_COVER = """
import sys
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QRasterWindow
app = QGuiApplication([])
window = QRasterWindow()
window.setFlags(Qt.WindowType.BypassWindowManagerHint | Qt.WindowType.FramelessWindowHint)
window.setGeometry(900, 1700, 180, 220)
window.show()
window.raise_()
while not window.isExposed():
    app.processEvents()
print("up", flush=True)
app.exec()
"""
_DEADLINE_S = 30.0


def main() -> int:
    """Look bare, covered, and bare again."""
    app = make_application(["proof"])
    driver = ScreenDriver(app, PORTRAIT)
    told: list[Command] = []
    proof = ScreenProof(driver.window.view, told.append)
    driver.show(next(sample.state for sample in samples(Language.SV) if sample.name == "idle"))

    def look(expected: bool, name: str) -> None:
        """Look until it is as expected, or the time is up: another program's window comes and goes when it likes."""
        until = time.monotonic() + _DEADLINE_S
        seen = ScreenSeen(not expected)
        while seen.drawn is not expected and time.monotonic() < until:
            told.clear()
            proof.look()
            while not told:
                QTest.qWait(10)
            seen = next(command for command in told if isinstance(command, ScreenSeen))
        print(json.dumps({"look": name, "platform": app.platformName(), "drawn": seen.drawn}), flush=True)

    look(True, "bare")
    with subprocess.Popen([sys.executable, "-c", _COVER], stdout=subprocess.PIPE) as cover:
        assert cover.stdout is not None
        cover.stdout.readline()
        look(False, "covered")
        cover.terminate()
    look(True, "bare again")
    proof.stop()
    driver.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
