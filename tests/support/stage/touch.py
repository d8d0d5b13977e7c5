"""A finger for an X screen, through the XTEST extension, without a program of its own for each touch."""

from __future__ import annotations

import ctypes
import ctypes.util
import time

from tests.support.stage.processes import StageError

_BUTTON = 1
_HELD_S = 0.03  # a finger rests for a moment


class Finger:
    """Presses and releases at places in pixels."""

    def __init__(self, display: str) -> None:
        x11, xtst = ctypes.util.find_library("X11"), ctypes.util.find_library("Xtst")
        if x11 is None or xtst is None:
            raise StageError("libX11 or libXtst is not installed; ./dev setup installs xdotool, which needs both")
        self._x11, self._xtst = ctypes.CDLL(x11), ctypes.CDLL(xtst)
        self._x11.XOpenDisplay.restype = ctypes.c_void_p
        self._x11.XOpenDisplay.argtypes = [ctypes.c_char_p]
        self._x11.XSync.argtypes = [ctypes.c_void_p, ctypes.c_int]
        self._x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
        self._xtst.XTestFakeMotionEvent.argtypes = [ctypes.c_void_p, *[ctypes.c_int] * 3, ctypes.c_ulong]
        self._xtst.XTestFakeButtonEvent.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_ulong]
        self._display = self._x11.XOpenDisplay(display.encode())
        if not self._display:
            raise StageError(f"the screen {display} cannot be reached")

    def touch(self, x: int, y: int) -> float:
        """Press, rest, release.

        Returns:
            When the finger was lifted, which is when a button acts: monotonic milliseconds.
        """
        self._xtst.XTestFakeMotionEvent(self._display, -1, x, y, 0)
        self._button(pressed=True)
        time.sleep(_HELD_S)
        lifted_ms = time.monotonic() * 1000
        self._button(pressed=False)
        return lifted_ms

    def close(self) -> None:
        """Let go of the screen."""
        if self._display:
            self._x11.XCloseDisplay(self._display)
            self._display = None

    def _button(self, *, pressed: bool) -> None:
        self._xtst.XTestFakeButtonEvent(self._display, _BUTTON, int(pressed), 0)
        self._x11.XSync(self._display, 0)
