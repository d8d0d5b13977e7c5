"""The kiosk's camera: a device, a film in a loop, or the drawn pattern, on a thread of its own, newest picture only.

What it is for: the one `Camera` of the kiosk. It opens when a visitor shows themselves, closes at once when they
hide, and comes back by itself after an unplugged cable. What it does not do: send or show pictures.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np
import structlog

from kiosk.adapters.pattern_picture import PatternPicture
from kiosk.core.media import DeviceState, Unsubscribe, VideoSink, YuvFrame

PATTERN = "pattern"
WIDTH, HEIGHT, FRAMES_PER_SECOND = 1280, 720, 30

#: How long after a failure the device is tried again.
_RETRY_S = 2.0
_DEFAULT_FILM_RATE = 30.0
_log = structlog.get_logger(__name__)


class OpenCvCamera:
    """See `kiosk.core.media.Camera`.

    Args:
        device: `pattern`; the number or path of a device (`0`, `/dev/video0`); or the path of a film.
        width: Wanted width in pixels; a device or film may give another.
        height: Wanted height in pixels.
        frames_per_second: Wanted rate; a film keeps its own.
    """

    def __init__(
        self,
        device: str,
        width: int = WIDTH,
        height: int = HEIGHT,
        frames_per_second: int = FRAMES_PER_SECOND,
    ) -> None:
        self._device = device
        self._size = (width, height)
        self._rate = frames_per_second
        self._lock = threading.Lock()
        self._takers: tuple[VideoSink, ...] = ()
        self._newest: YuvFrame | None = None
        self._state = DeviceState.CLOSED
        self._stop = threading.Event()
        self._stop.set()
        self._thread: threading.Thread | None = None

    @property
    def state(self) -> DeviceState:
        """What is true now."""
        return self._state

    def open(self) -> None:
        """Start taking pictures; nothing happens if it is open."""
        with self._lock:
            if not self._stop.is_set():
                return
            self._stop = threading.Event()
            self._thread = threading.Thread(
                target=self._take_pictures, args=(self._stop, self._thread), name="camera", daemon=True
            )
            self._thread.start()

    def close(self) -> None:
        """Stop: no picture comes after this. The thread releases the device as soon as its read returns."""
        with self._lock:
            self._stop.set()
            self._newest = None
            self._state = DeviceState.CLOSED

    def wait_closed(self, timeout_s: float) -> bool:
        """Wait until the device is released after `close`; False if it took longer."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout_s)
        return thread is None or not thread.is_alive()

    def newest(self) -> YuvFrame | None:
        """The newest picture, or None."""
        return self._newest

    def subscribe(self, taker: VideoSink) -> Unsubscribe:
        """Hand every new picture to `taker` on the camera's thread."""

        def take(frame: YuvFrame) -> None:
            # A function of its own per subscription: the same taker may subscribe twice.
            taker(frame)

        with self._lock:
            self._takers = (*self._takers, take)

        def unsubscribe() -> None:
            with self._lock:
                self._takers = tuple(t for t in self._takers if t is not take)

        return unsubscribe

    def _take_pictures(self, stop: threading.Event, former: threading.Thread | None) -> None:
        if former is not None:
            former.join()  # a device opens only once
        # OpenCV writes to the standard error at each attempt on a missing camera; our state says it once.
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
        while not stop.is_set():
            try:
                with closing(self._pictures(stop)) as pictures:
                    for frame in pictures:
                        self._publish(stop, frame)
            except cv2.error as error:
                _log.warning("camera_failed", reason=error.err or "unknown")
                self._set_state(stop, DeviceState.FAILED)
            stop.wait(_RETRY_S)

    def _publish(self, stop: threading.Event, frame: YuvFrame) -> None:
        with self._lock:
            if stop.is_set():
                return
            self._newest = frame
            self._state = DeviceState.OK
            takers = self._takers
        for taker in takers:
            try:
                taker(frame)
            except Exception:  # noqa: BLE001 - one taker's fault must not take the picture from the others
                _log.exception("picture_taker_failed")

    def _set_state(self, stop: threading.Event, state: DeviceState) -> None:
        with self._lock:
            if not stop.is_set():
                if state is not self._state:
                    _log.info("camera_changed", state=state.value)
                self._state = state
                self._newest = None

    def _pictures(self, stop: threading.Event) -> Generator[YuvFrame, None, None]:
        if self._device == PATTERN:
            return self._pattern(stop)
        if self._device.isdecimal() or self._device.startswith("/dev/"):
            return self._from_device(stop)
        return self._from_film(stop)

    def _pattern(self, stop: threading.Event) -> Generator[YuvFrame, None, None]:
        picture = PatternPicture(*self._size)
        for _ in _ticks(1 / self._rate, stop.wait):
            yield picture.paint(time.monotonic())

    def _from_device(self, stop: threading.Event) -> Generator[YuvFrame, None, None]:
        path = Path(f"/dev/video{self._device}" if self._device.isdecimal() else self._device)
        if not path.exists():
            self._set_state(stop, DeviceState.MISSING)
            return
        capture = cv2.VideoCapture(str(path), cv2.CAP_V4L2)
        try:
            # 720p30 does not fit through USB 2 unpacked; one buffer, because an old picture is of no use.
            capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
            capture.set(cv2.CAP_PROP_FRAME_WIDTH, self._size[0])
            capture.set(cv2.CAP_PROP_FRAME_HEIGHT, self._size[1])
            capture.set(cv2.CAP_PROP_FPS, self._rate)
            capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
            while not stop.is_set() and capture.grab():
                taken_s = time.monotonic()
                good, picture = capture.retrieve()
                if good:
                    yield _to_yuv(picture, taken_s)
        finally:
            capture.release()
        self._set_state(stop, DeviceState.FAILED if path.exists() else DeviceState.MISSING)

    def _from_film(self, stop: threading.Event) -> Generator[YuvFrame, None, None]:
        if not Path(self._device).is_file():
            self._set_state(stop, DeviceState.MISSING)
            return
        film = cv2.VideoCapture(self._device)
        try:
            rate = film.get(cv2.CAP_PROP_FPS) or _DEFAULT_FILM_RATE
            for _ in _ticks(1 / rate, stop.wait):
                good, picture = film.read()
                if not good:
                    film.set(cv2.CAP_PROP_POS_FRAMES, 0)
                    good, picture = film.read()
                if not good:
                    break
                yield _to_yuv(picture, time.monotonic())
        finally:
            film.release()
        self._set_state(stop, DeviceState.FAILED)


def _ticks(interval_s: float, wait: Callable[[float], bool]) -> Generator[None, None, None]:
    """Tick at a steady rate until `wait` (of a stop event) says so; after a stall go on, do not catch up."""
    due_s = time.monotonic()
    while True:
        yield
        due_s = max(due_s + interval_s, time.monotonic() - interval_s)
        if wait(max(0.0, due_s - time.monotonic())):
            return


def _to_yuv(picture: cv2.typing.MatLike, taken_s: float) -> YuvFrame:
    height, width = picture.shape[0] & ~1, picture.shape[1] & ~1
    packed = cv2.cvtColor(picture[:height, :width], cv2.COLOR_BGR2YUV_I420)
    return YuvFrame(width, height, np.ascontiguousarray(packed).reshape(-1).data, taken_s)
