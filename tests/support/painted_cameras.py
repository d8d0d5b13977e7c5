"""Films of what a broken camera gives, painted: for `OpenCvCamera` in place of a device.

What it is for: proving that each fault of a camera is found and named. A sensor's noise is in all of them but where
the fault is that there is none. What it does not do: keep anybody's picture; the visitor is drawn.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.pattern_picture import PatternPicture

WIDTH, HEIGHT, RATE = 640, 360, 30
_SECONDS: Final = 1
_NOISE: Final = 2.5

_Picture = NDArray[np.float32]


class View(StrEnum):
    """What the camera sees, or does."""

    MOVING = "moving"  # somebody waves
    STILL = "still"  # nobody moves: only the sensor's noise
    DIM = "dim"  # few lamps, much noise
    SLOW = "slow"
    FROZEN = "frozen"
    BLACK = "black"  # a cap: nothing but noise
    SHUTTER = "shutter"  # one and the same black picture
    COVERED = "covered"  # a note stuck on the lens, with light shining through
    BLURRED = "blurred"
    WINDOW_BEHIND = "window_behind"
    HALF_DARK = "half_dark"


def paint(view: View, folder: Path) -> str:
    """Paint a film of a second; gives its path, which `OpenCvCamera` plays in a loop."""
    rate = 5 if view is View.SLOW else RATE
    path = str(folder / f"{view}.avi")
    # Unpacked, because a packed film of one and the same picture is not one and the same picture.
    film = cv2.VideoWriter(path, cv2.VideoWriter.fourcc(*"I420"), rate, (WIDTH, HEIGHT))
    chance, pattern = np.random.default_rng(5), PatternPicture(WIDTH, HEIGHT)
    for count in range(rate * _SECONDS):
        picture = _seen(view, _person(pattern, count / rate if view in {View.MOVING, View.SLOW} else 0.5))
        if view is View.DIM:
            picture = picture + chance.normal(0, 2 * _NOISE, picture.shape).astype(np.float32)
        elif view not in {View.FROZEN, View.SHUTTER}:
            picture = picture + chance.normal(0, _NOISE, picture.shape).astype(np.float32)
        film.write(np.clip(picture, 0, 255).astype(np.uint8))
    film.release()
    return path


def _person(pattern: PatternPicture, at_s: float) -> _Picture:
    frame = pattern.paint(at_s)
    packed = np.frombuffer(frame.data, np.uint8).reshape(HEIGHT * 3 // 2, WIDTH)
    return np.asarray(cv2.cvtColor(packed, cv2.COLOR_YUV2BGR_I420), np.float32)


def _seen(view: View, picture: _Picture) -> _Picture:
    across = np.linspace(0, 1, WIDTH, dtype=np.float32)[None, :, None]
    match view:
        case View.DIM:
            return picture * np.float32(0.3)
        case View.BLACK | View.SHUTTER:
            return picture * np.float32(0)
        case View.COVERED:
            return 90 + 60 * across + 0 * picture
        case View.BLURRED:
            return np.asarray(cv2.GaussianBlur(picture, (0, 0), 7), np.float32)
        case View.WINDOW_BEHIND:
            return np.where(np.abs(across - 0.5) > 0.28, np.float32(255), picture * np.float32(0.15))
        case View.HALF_DARK:
            return np.where(across < 0.5, picture * np.float32(0.03), np.minimum(255, picture * np.float32(1.3)))
        case _:
            return picture
