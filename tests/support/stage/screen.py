"""A virtual screen that can be touched and photographed."""

from __future__ import annotations

import asyncio
import os
import shutil
import struct
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.support.stage.processes import Program, StageError, until
from tests.support.stage.touch import Finger

_XWD_HEADER_WORDS = 25


class Screen:
    """One Xvfb. Its picture lies in a file that this process reads directly, so that a photograph costs no program."""

    def __init__(self, folder: Path, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self._folder = folder / "framebuffer"
        self._folder.mkdir(exist_ok=True)
        self._program: Program | None = None
        self._number_file = folder / "display"
        self._log = folder / "xvfb.log"
        self.display = ""
        self._finger: Finger | None = None

    @property
    def is_desktop(self) -> bool:
        """Whether it is somebody's own screen, where the kiosk is one window among others."""
        return False

    @property
    def environment(self) -> dict[str, str]:
        """What a program needs to show itself here."""
        return {"DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb"}

    async def start(self) -> None:
        """Start it on a free display number that it chooses itself."""
        if shutil.which("Xvfb") is None:
            raise StageError("Xvfb is not installed; ./dev setup installs it")
        self._number_file.write_text("")
        descriptor = os.open(self._number_file, os.O_WRONLY)
        try:
            os.set_inheritable(descriptor, True)
            command = f"exec Xvfb -displayfd 9 -screen 0 {self.width}x{self.height}x24 -nolisten tcp -noreset"
            self._program = Program(
                "Xvfb",
                ["bash", "-c", f'{command} -fbdir "$1" 9>"$2"', "xvfb", str(self._folder), str(self._number_file)],
                self._log,
            )
        finally:
            os.close(descriptor)
        await until(
            lambda: self._number_file.read_text().strip().isdigit(),
            "the virtual screen came up",
            within_s=15,
            program=self._program,
        )
        self.display = f":{self._number_file.read_text().strip()}"

    async def stop(self) -> None:
        """End it."""
        if self._finger is not None:
            self._finger.close()
            self._finger = None
        if self._program is not None:
            await self._program.stop()

    def touch(self, x: int, y: int) -> float:
        """Press and release at a place in pixels; returns when the finger was lifted (monotonic ms)."""
        if self._finger is None:
            self._finger = Finger(self.display)
        return self._finger.touch(x, y)

    def picture(self) -> NDArray[np.uint8]:
        """What is on the screen now, as BGR rows."""
        raw = (self._folder / "Xvfb_screen0").read_bytes()
        header = struct.unpack(f">{_XWD_HEADER_WORDS}I", raw[: _XWD_HEADER_WORDS * 4])
        size, width, height, stride, colours = header[0], header[4], header[5], header[12], header[19]
        start = size + colours * 12
        pixels = np.frombuffer(raw, np.uint8, count=stride * height, offset=start).reshape(height, stride // 4, 4)
        return np.ascontiguousarray(pixels[:, :width, :3])

    async def photograph(self, file: Path) -> None:
        """Save what is on the screen as PNG."""
        file.parent.mkdir(parents=True, exist_ok=True)
        picture = self.picture()
        if not await asyncio.to_thread(cv2.imwrite, str(file), picture):
            raise StageError(f"{file} could not be written")


class DesktopScreen(Screen):
    """The screen of whoever tries the demonstration: nothing to start, nothing to end."""

    @property
    def is_desktop(self) -> bool:
        """It is."""
        return True

    @property
    def environment(self) -> dict[str, str]:
        """The person's own."""
        return {}

    async def start(self) -> None:
        """It is there."""

    async def stop(self) -> None:
        """It stays."""
