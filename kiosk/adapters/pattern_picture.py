"""A drawn person in front of shelves who moves, with the time painted in so that a machine can read it.

What it is for: a camera where there is none, a picture that a person recognises as one, and the clock by which
glass to glass is measured. What it does not do: read the clock (that belongs to the tests), or run by itself.

The clock is a strip along the lower edge: 40 bars, read left to right, black 0 and white 1. 32 of them are the
process's monotonic clock in milliseconds (modulo 2^32), highest bit first, 8 their check sum. A bar is 1/40 of the
width and 1/30 of the height, so that it survives scaling to 320x180 and a thin path.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.core.media import YuvFrame

CLOCK_BARS = 40
#: The frame's height over the clock's.
CLOCK_SHARE = 30

_Plane = NDArray[np.uint8]
#: Luma and two chromas, limited range BT.601: what VP8 carries and the screen expects.
_Colour = tuple[int, int, int]
_WALL: _Colour = (150, 112, 142)
_SHELF: _Colour = (70, 116, 146)
_BOOKS: tuple[_Colour, ...] = ((96, 112, 168), (84, 150, 108), (130, 96, 140), (110, 120, 116), (146, 104, 156))
_SKIN: _Colour = (168, 110, 156)
_NECK: _Colour = (150, 112, 154)
_HAIR: _Colour = (52, 122, 138)
_JUMPER: _Colour = (92, 128, 100)
_EYE_WHITE: _Colour = (225, 128, 128)
_DARK: _Colour = (36, 128, 128)
_MOUTH: _Colour = (90, 118, 178)


class PatternPicture:
    """Paints frames of one size.

    Args:
        width: Pixels, a multiple of 4.
        height: Pixels, a multiple of 4.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self._background = self._paint_background()

    def paint(self, now_s: float) -> YuvFrame:
        """Paint one frame.

        Args:
            now_s: The process's monotonic clock, seconds; painted in, and where the person is.
        """
        canvas = _Canvas(self._background.copy(), self.width, self.height)
        self._paint_person(canvas, now_s)
        self._paint_clock(canvas, int(now_s * 1000) & 0xFFFFFFFF)
        return YuvFrame(self.width, self.height, canvas.packed.data, now_s)

    def _paint_background(self) -> _Plane:
        canvas = _Canvas(np.zeros(self.width * self.height * 3 // 2, np.uint8), self.width, self.height)
        canvas.rectangle(0, 0, 1, 1, _WALL)
        for shelf in range(4):
            top = 0.04 + shelf * 0.24
            canvas.rectangle(0, top + 0.19, 1, top + 0.21, _SHELF)
            left, index = 0.01, shelf
            while left < 0.99:
                thickness = 0.014 + 0.006 * ((index * 7 + shelf * 3) % 4)
                height = 0.12 + 0.015 * ((index * 5 + shelf) % 5)
                colour = _BOOKS[(index * 3 + shelf) % len(_BOOKS)]
                canvas.rectangle(left, top + 0.19 - height, left + thickness - 0.002, top + 0.19, colour)
                left += thickness
                index += 1
        return canvas.packed

    def _paint_person(self, canvas: _Canvas, now_s: float) -> None:
        middle = 0.5 + 0.05 * math.sin(now_s * 1.3)
        head = 0.42 + 0.012 * math.sin(now_s * 2.1)
        blinks = now_s % 3.7 < 0.15
        canvas.ellipse(middle, head + 0.2, 0.045, 0.16, _NECK)
        canvas.ellipse(middle, 1.02, 0.24, 0.36, _JUMPER)
        canvas.ellipse(middle, head - 0.03, 0.118, 0.235, _HAIR)
        canvas.ellipse(middle, head + 0.02, 0.1, 0.2, _SKIN)
        for side in (-1, 1):
            eye = middle + side * 0.038
            canvas.ellipse(eye, head - 0.02, 0.016, 0.004 if blinks else 0.016, _EYE_WHITE)
            if not blinks:
                canvas.ellipse(eye + 0.004 * math.sin(now_s), head - 0.02, 0.007, 0.012, _DARK)
        opened = 0.006 + 0.022 * abs(math.sin(now_s * 7.5))
        canvas.ellipse(middle, head + 0.11, 0.03, opened, _MOUTH)
        # A waving hand: the large movement that makes a frozen picture obvious.
        wave = math.sin(now_s * 5.0)
        canvas.ellipse(middle + 0.23 + 0.035 * wave, 0.6 - 0.02 * abs(wave), 0.032, 0.06, _SKIN)

    def _paint_clock(self, canvas: _Canvas, milliseconds: int) -> None:
        bits = (milliseconds << 8) | check_sum(milliseconds)
        bars = np.array([[235 if (bits >> (39 - i)) & 1 else 16 for i in range(CLOCK_BARS)]], np.uint8)
        height = self.height // CLOCK_SHARE & ~1
        strip = cv2.resize(bars, (self.width, height), interpolation=cv2.INTER_NEAREST)
        luma, *chromas = canvas.planes
        luma[-height:] = strip
        for chroma in chromas:
            chroma[-height // 2 :] = 128


class _Canvas:
    """Three planes in one piece of memory; places are fractions of the frame."""

    def __init__(self, packed: _Plane, width: int, height: int) -> None:
        self.packed = packed
        luma = width * height
        self.planes: tuple[_Plane, _Plane, _Plane] = (
            packed[:luma].reshape(height, width),
            packed[luma : luma + luma // 4].reshape(height // 2, width // 2),
            packed[luma + luma // 4 :].reshape(height // 2, width // 2),
        )

    def rectangle(self, left: float, top: float, right: float, bottom: float, colour: _Colour) -> None:
        """Fill a rectangle."""
        for plane, value in zip(self.planes, colour, strict=True):
            height, width = plane.shape
            plane[int(top * height) : int(bottom * height), int(left * width) : int(right * width)] = value

    def ellipse(self, x: float, y: float, half_width: float, half_height: float, colour: _Colour) -> None:
        """Fill an ellipse around a middle."""
        for plane, value in zip(self.planes, colour, strict=True):
            height, width = plane.shape
            middle = (int(x * width), int(y * height))
            axes = (max(1, int(half_width * width)), max(1, int(half_height * height)))
            cv2.ellipse(plane, middle, axes, 0, 0, 360, value, cv2.FILLED)


def check_sum(milliseconds: int) -> int:
    """Eight bits that a misread clock most likely does not have: the bytes, each weighed by its place."""
    total = 0x5A
    for place, shift in enumerate((24, 16, 8, 0), start=1):
        total = (total + ((milliseconds >> shift) & 0xFF) * (2 * place + 1)) & 0xFF
    return total
