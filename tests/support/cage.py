"""The kiosk's compositor without a screen: what is shown in it can be photographed.

As root it runs as nobody, because cage refuses root; that user may read what root may read, and write nothing else.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.support.stage.processes import Program

NOBODY = 65534
#: Turned, so that every picture is composed: headless, cage would else hand a window's own picture on, unseen by grim.
SIZE = (720, 1280)


def missing() -> str:
    """Why it cannot be used here; empty: it can."""
    absent = [name for name in ("cage", "grim", "setpriv") if shutil.which(name) is None]
    return f"not installed: {', '.join(absent)}" if absent else ""


def as_other_user() -> list[str]:
    """What a command begins with that must not run as root."""
    if os.geteuid() != 0:
        return []
    caps = "+dac_read_search"
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", f"--inh-caps={caps}",
            f"--ambient-caps={caps}"]  # fmt: skip


def give(*folders: Path) -> None:
    """Let the other user write there, and in everything above it be let through."""
    if os.geteuid() == 0:
        for folder in folders:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, NOBODY, NOBODY)


class Cage:
    """One headless compositor.

    Args:
        run: A folder of its own for its sockets.
    """

    def __init__(self, run: Path) -> None:
        self._run = run
        run.mkdir(mode=0o700, exist_ok=True)
        self.log = run / "cage.log"

    @property
    def environment(self) -> dict[str, str]:
        """As `librarian-kiosk.service` has it, but without a graphics card, keyboard or seat."""
        return {
            "HOME": str(self._run),
            "XDG_RUNTIME_DIR": str(self._run),
            "WLR_BACKENDS": "headless",
            "WLR_RENDERER": "pixman",
            "WLR_LIBINPUT_NO_DEVICES": "1",
            "WLR_XWAYLAND": "/usr/bin/false",
            "QT_QPA_PLATFORM": "wayland",
            "QT_WAYLAND_DISABLE_WINDOWDECORATION": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def start(self, *command: str, env: dict[str, str] | None = None) -> Program:
        """Show one program."""
        return self.run_in("cage", "-d", "-r", "--", *command, env=env)

    def run_in(self, *command: str, env: dict[str, str] | None = None) -> Program:
        """Run any command as the user, and with the surroundings, of the compositor."""
        give(self._run)
        return Program("cage", [*as_other_user(), *command], self.log, {**self.environment, **(env or {})})

    def picture(self) -> NDArray[np.uint8] | None:
        """What is on the screen now, as BGR rows; None while there is no screen yet."""
        file = self._run / "picture.png"
        displays = [path.name for path in self._run.glob("wayland-*") if path.suffix != ".lock"]
        for display in sorted(displays, reverse=True):
            ran = subprocess.run(
                [*as_other_user(), "grim", str(file)],
                env={**os.environ, **self.environment, "WAYLAND_DISPLAY": display},
                capture_output=True, timeout=20, check=False,
            )  # fmt: skip
            if ran.returncode == 0:
                read = cv2.imread(str(file))
                return None if read is None else np.asarray(read, np.uint8)
        return None


def share(picture: NDArray[np.uint8], colour: str) -> float:
    """How much of a picture is of a colour (`#RRGGBB`), 0 to 1; neighbours by 3 of 255 count as well."""
    wanted = np.array([int(colour[5:7], 16), int(colour[3:5], 16), int(colour[1:3], 16)], np.int16)
    near = (np.abs(picture.astype(np.int16) - wanted) <= 3).all(axis=2)
    return float(near.mean())
