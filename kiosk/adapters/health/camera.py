"""Looks through the kiosk's own camera for two seconds and measures what it sees.

What it is for: the camera part of a self-test, on the same `OpenCvCamera` as in a call. What it does not do: judge
(`kiosk.core.health.camera`), or let a picture out: each is measured where it comes in, and thrown away.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.camera import OpenCvCamera
from kiosk.adapters.health.off_loop import Pause, off_loop
from kiosk.core.care import Looked
from kiosk.core.health.camera import Seen, judge, numbers
from kiosk.core.media import DeviceState, YuvFrame
from signaling.protocol.health import HealthArea

_AREAS: Final = frozenset({HealthArea.CAMERA})
#: A camera on a busy USB bus takes this long to open.
_OPENS_WITHIN_S: Final = 6.0
#: The first pictures are too dark or too light: the camera is still finding its exposure.
_SETTLES_S: Final = 0.7
_LOOKS_S: Final = 1.5
_LOOKS_EVERY_S: Final = 0.05
_RELEASES_WITHIN_S: Final = 3.0
#: Sizes at which a picture is measured.
_EDGES: Final = (640, 360)
_DETAIL: Final = (160, 90)
_PARTS: Final = (16, 9)
#: One picture in so many has its edges measured: what takes longest must not be why pictures come slowly.
_EDGES_EVERY: Final = 5
#: Half the width of slow shading, in points of `_DETAIL`.
_SHADING: Final = 12.0
#: Limited range (BT.601), as every `YuvFrame` has it.
_BLACK, _SPAN = 16.0, 219.0
#: Blurred by so much before edges are measured, which noise does not survive; it is taken off again.
_SOFTENED: Final = 1.5
#: What white noise with a variance of 1 makes of the squares of gradient and Laplacian after that: the integrals of
#: k² and k⁴ over a Gauss, 1 / (4 pi s⁴) and 1 / (2 pi s⁶).
_NOISE_IN_GRADIENT: Final = 1 / (4 * math.pi * _SOFTENED**4)
_NOISE_IN_LAPLACIAN: Final = 1 / (2 * math.pi * _SOFTENED**6)
#: Edges must be so much stronger than noise to be measured.
_OVER_NOISE: Final = 1.5

_Plane = NDArray[np.float32]


class CameraTest:
    """One look through a camera. Nobody else may have it open meanwhile.

    Args:
        device: As the options name it (`OpenCvCamera`).
        lit: Whether the room should be lit now; in the dark only a missing camera is told.
        open_camera: Makes the camera.
    """

    def __init__(
        self, device: str, *, lit: bool = True, open_camera: Callable[[str], OpenCvCamera] = OpenCvCamera
    ) -> None:
        self._device = device
        self._lit = lit
        self._open_camera = open_camera

    async def look(self) -> Looked:
        """Look for 2 s after the camera has opened. In a room that should be dark, and is, no area was looked at."""
        seen = await off_loop(self._see)
        found = judge(seen, lit=self._lit)
        if found is None:
            return Looked(frozenset(), numbers=numbers(seen))
        return Looked(_AREAS, found, numbers(seen))

    def _see(self, pause: Pause) -> Seen:
        camera = self._open_camera(self._device)
        eye = _Eye()
        unsubscribe = camera.subscribe(eye.take)
        camera.open()
        try:
            self._wait_for_pictures(camera, eye, pause)
            if eye.count:
                pause(_SETTLES_S)
                eye.begin()
                pause(_LOOKS_S)
            return eye.seen(camera.state)
        finally:
            unsubscribe()
            camera.close()
            camera.wait_closed(_RELEASES_WITHIN_S)

    @staticmethod
    def _wait_for_pictures(camera: OpenCvCamera, eye: _Eye, pause: Pause) -> None:
        until_s = time.monotonic() + _OPENS_WITHIN_S
        while not eye.count and time.monotonic() < until_s:
            if camera.state in {DeviceState.MISSING, DeviceState.FAILED}:
                return
            pause(_LOOKS_EVERY_S)


class _Eye:
    """Measures each picture on the camera's thread, and keeps sums."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.count = 0
        self.begin()

    def begin(self) -> None:
        """Forget what was measured: from now on it counts."""
        with self._lock:
            self._began_s = time.monotonic()
            self._moments: list[float] = []
            self._changes: list[tuple[float, float]] = []
            self._edges: list[float] = []
            self._sum: _Plane | None = None
            self._summed = 0
            self._before: NDArray[np.uint8] | None = None
            self._before_small: _Plane | None = None

    def take(self, frame: YuvFrame) -> None:
        """Measure one picture."""
        luma = np.frombuffer(frame.y, np.uint8).reshape(frame.height, frame.width)
        small = cv2.resize(luma, _EDGES, interpolation=cv2.INTER_AREA).astype(np.float32)
        with self._lock:
            now_s = time.monotonic()
            self.count += 1
            self._moments.append(now_s)
            # A camera may change its size while it settles.
            if self._before is not None and self._before_small is not None and self._before.shape == luma.shape:
                self._changes.append((now_s, float(cv2.absdiff(luma, self._before).mean())))
                if self._summed % _EDGES_EVERY == 1:
                    edge = _edge(small, _noise(small, self._before_small))
                    self._edges += [edge] if edge is not None else []
            # The camera writes each picture into memory of its own: nothing is copied here.
            self._before, self._before_small = luma, small
            self._sum = small if self._sum is None else self._sum + small
            self._summed += 1

    def seen(self, state: DeviceState) -> Seen:
        """What all pictures since `begin` say."""
        with self._lock:
            if self._sum is None:
                # None since it began to count: it stood still if there had been any before.
                return Seen(state)
            spent_s = time.monotonic() - self._began_s
            mean = (self._sum / self._summed - _BLACK) / _SPAN
            detail = cv2.resize(mean, _DETAIL, interpolation=cv2.INTER_AREA)
            parts = cv2.resize(mean, _PARTS, interpolation=cv2.INTER_AREA)
            last = [change for at_s, change in self._changes if at_s > self._moments[-1] - 1.0]
            return Seen(
                state=state,
                fps=len(self._moments) / spent_s,
                change=max(last, default=0.0),
                light=float(mean.mean()),
                brightest=float(np.percentile(mean, 99)),
                contrast=float(mean.std()),
                detail=float((detail - cv2.GaussianBlur(detail, (0, 0), _SHADING)).std()),
                edge=float(np.median(self._edges)) if self._edges else None,
                parts=tuple(tuple(float(part) for part in row) for row in parts),
            )


def _noise(now: _Plane, before: _Plane) -> float:
    """The sensor's noise, as a variance of one picture: the median is blind to what moves."""
    return float((1.4826 * np.median(np.abs(now - before))) ** 2 / 2)


def _edge(picture: _Plane, noise: float) -> float | None:
    """How wide edges are, as the standard deviation of the Gauss that would blur a step so; None in noise alone.

    For a step blurred by s the squares of its Laplacian are those of its gradient over 2 s²: unlike the variance of
    the Laplacian alone this depends neither on how many edges there are, nor on how strong they are.
    """
    soft = cv2.GaussianBlur(picture, (0, 0), _SOFTENED)
    across = cv2.Sobel(soft, cv2.CV_32F, 1, 0, ksize=1) / 2
    down = cv2.Sobel(soft, cv2.CV_32F, 0, 1, ksize=1) / 2
    gradient = float(np.mean(across**2 + down**2))
    laplacian = float(np.mean(cv2.Laplacian(soft, cv2.CV_32F, ksize=1) ** 2))
    edges, bends = gradient - _NOISE_IN_GRADIENT * noise, laplacian - _NOISE_IN_LAPLACIAN * noise
    if edges <= _OVER_NOISE * _NOISE_IN_GRADIENT * noise or edges <= 0:
        return None
    return math.sqrt(max(0.0, edges / (2 * max(bends, edges * 1e-3)) - _SOFTENED**2))
