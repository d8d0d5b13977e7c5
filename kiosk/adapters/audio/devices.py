"""The sound card: a microphone and a loudspeaker, each with a stream of its own, found again after an unplugged cable.

What it is for: `Capture` and `Playback` on real devices, through PortAudio. Two streams and not one for both ways:
either may be missing, and a two-way stream over ALSA's PulseAudio plugin takes a whole core (measured, against 3 %).
What it does not do: mix, or choose devices.
"""

from __future__ import annotations

import contextlib
import ctypes
import ctypes.util
import os
import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import structlog

from kiosk.adapters.audio.delayed_canceller import DelayedCanceller
from kiosk.adapters.audio.mixer import Mixer
from kiosk.core.media import BLOCK_SAMPLES, SAMPLE_RATE_HZ, AudioSink, DeviceState

#: What the device itself may hold at first, seconds. Less stutters when the interpreter is busy for 20 ms.
_CAPTURE_LATENCY_S = 0.03
_PLAYBACK_LATENCY_S = 0.04
#: A stream that runs dry again and again is opened again with twice as much. Measured with two busy threads beside:
#: 0.04 s ran dry every 3 s, 0.1 s never in 25 s. Not after the first time: to open again costs a gap of 300 ms and
#: what the echo canceller has learnt, to have run dry once 10 to 20 ms.
_LATENCY_MAX_S = 0.25
_DRY_TIMES = 4
_DRY_WITHIN_S = 10.0
#: Calls that follow each other this closely tell of the same gap.
_SAME_GAP_S = 0.3
_WATCH_S = 0.25
#: A stream that asked for or gave nothing for this long is dead, whatever it says. A machine with twelve programs for
#: two cores paused a healthy one for 0.7 s, a PulseAudio sink that had been idle for 1.9 s.
_DEAD_S = 2.5
#: The first call may take longer: a sound server wakes its card up, or drains what it had promised to others.
_START_S = 4.0
_RETRY_S = 2.0
_LOOK_AGAIN_S = 1.5
#: Above all ordinary threads, below the sound server's own (5 for PulseAudio, 20 and more for PipeWire and the kernel).
_REALTIME_PRIORITY = 4
_CARDS = Path("/proc/asound/cards")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """One device as PortAudio lists it.

    Attributes:
        number: Its place in the list; good until a device comes or goes.
        name: As the system calls it.
        hears, sounds: It is a microphone, a loudspeaker, or both.
    """

    number: int
    name: str
    hears: bool
    sounds: bool


class BlockSource(Protocol):
    """What a loudspeaker plays."""

    def take(self) -> bytes:
        """The next 480 samples, on PortAudio's thread; silence when there is nothing."""

    def put(self, block: bytes, source: int = 0) -> None:
        """Add a block of one end."""

    def set_volume(self, percent: int) -> None:
        """Set the volume, 0 to 100."""

    def clear(self) -> None:
        """Begin anew: the device was opened."""

    @property
    def waiting_s(self) -> float:
        """How much sound waits here."""


class PortAudio:
    """The library, which looks for devices only when it starts, and must be restarted to see a new one.

    Every call into it goes through the one lock here: after a restart, what it gave before points nowhere.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open_streams: dict[DeviceStream, Any] = {}
        self._library: Any = None
        self._cards = ""
        self._looked_s = 0.0

    def open(self, stream: DeviceStream) -> None:
        """Open and start a stream.

        Raises:
            LookupError: No such device.
            OSError: The library, or the device, does not work.
        """
        with self._lock:
            library = self._refreshed()
            try:
                opened = stream.make(library)
                self._open_streams[stream] = opened
                opened.start()
            except ValueError as error:
                raise LookupError(str(error)) from error
            except library.PortAudioError as error:
                self._close(stream)
                raise OSError(str(error)) from error

    def devices(self) -> tuple[DeviceInfo, ...]:
        """All that there are now."""
        with self._lock:
            listed = self._refreshed().query_devices()
        return tuple(
            DeviceInfo(number, one["name"], one["max_input_channels"] > 0, one["max_output_channels"] > 0)
            for number, one in enumerate(listed)
        )

    def close(self, stream: DeviceStream) -> None:
        """Close a stream, if it is open; its device may be gone."""
        with self._lock:
            self._close(stream)

    def _close(self, stream: DeviceStream) -> None:
        opened = self._open_streams.pop(stream, None)
        if opened is not None:
            opened.abort(ignore_errors=True)
            opened.close(ignore_errors=True)

    def _refreshed(self) -> Any:
        """The library; restarted if sound cards came or went, or when nobody would hear the gap."""
        cards = _CARDS.read_text(encoding="utf-8") if _CARDS.exists() else ""
        now_s = time.monotonic()
        if self._library is None:
            _silence_alsa()
            import sounddevice

            self._library = sounddevice
        elif cards != self._cards or (not self._open_streams and now_s - self._looked_s > _LOOK_AGAIN_S):
            for stream in list(self._open_streams):
                self._close(stream)
                stream.interrupted()
            # There is no public way to look again; these two are the library's own end and start.
            self._library._terminate()  # noqa: SLF001
            self._library._initialize()  # noqa: SLF001
        else:
            return self._library
        self._cards, self._looked_s = cards, now_s
        return self._library


class DeviceStream:
    """One direction: opens, watches, and opens again.

    Args:
        port_audio: The library.
        device: Name (or part of it) or number as PortAudio lists it; None for the system's default.
        name: Of its thread and in the log.
        latency_s: What the device may hold at first.
    """

    def __init__(self, port_audio: PortAudio, device: int | str | None, name: str, latency_s: float) -> None:
        self._port_audio = port_audio
        self._device = device
        self._name = name
        self._least_s = latency_s
        self._latency_s = latency_s
        self._dry_s: deque[float] = deque(maxlen=_DRY_TIMES)
        self._state = DeviceState.CLOSED
        self._running = False
        self._hurries = False
        self._last_call_s = 0.0
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def state(self) -> DeviceState:
        """What is true now."""
        return self._state

    def start(self) -> None:
        """Begin, and wait until the first attempt to open is over."""
        if self._thread is not None:
            return
        # One bad moment must not make every later conversation slow: each begins with half of what the last one needed.
        self._latency_s = max(self._least_s, self._latency_s / 2)
        self._stop = threading.Event()
        tried = threading.Event()
        self._thread = threading.Thread(
            target=self._keep_open, args=(self._stop, tried), name=f"sound-{self._name}", daemon=True
        )
        self._thread.start()
        tried.wait()

    def stop(self) -> None:
        """End, and wait until the device is released."""
        if self._thread is not None:
            self._stop.set()
            self._thread.join()
            self._thread = None

    def make(self, library: Any) -> Any:
        """Make the library's stream; ValueError if there is no such device."""
        raise NotImplementedError

    def interrupted(self) -> None:
        """The library closed the stream; it is opened again without a pause."""
        self._running = False

    def _called(self) -> None:
        self._last_call_s = time.monotonic()
        if not self._hurries:
            self._hurries = True
            _be_first_in_line()

    def _ended(self) -> None:
        # PortAudio's word that the stream stopped by itself: dead at once.
        self._last_call_s = -_START_S

    def _keep_open(self, stop: threading.Event, tried: threading.Event) -> None:
        while not stop.is_set():
            self._try_to_open()
            tried.set()
            while self._running and self._is_alive() and not stop.wait(_WATCH_S):
                pass
            if stop.is_set():
                break
            if self._running:
                self._running = False
                self._port_audio.close(self)
                if not self._may_hold_more():
                    self._set_state(DeviceState.FAILED)
            if self._state is not DeviceState.OK:
                stop.wait(_RETRY_S)
        self._running = False
        self._port_audio.close(self)
        self._set_state(DeviceState.CLOSED)

    def _try_to_open(self) -> None:
        self._last_call_s = time.monotonic() + _START_S - _DEAD_S
        self._hurries = False
        try:
            self._port_audio.open(self)
        except LookupError:
            self._set_state(DeviceState.MISSING)
        except OSError as error:
            self._set_state(DeviceState.FAILED)
            _log.debug("sound_device_refused", device=self._name, reason=str(error))
        else:
            self._running = True
            self._set_state(DeviceState.OK)

    def _is_alive(self) -> bool:
        return not self._runs_dry() and time.monotonic() - self._last_call_s < _DEAD_S

    def _went_dry(self) -> None:
        """On PortAudio's thread: the device had nothing to play."""
        if not self._dry_s or self._last_call_s - self._dry_s[-1] > _SAME_GAP_S:
            self._dry_s.append(self._last_call_s)

    def _runs_dry(self) -> bool:
        """It happens again and again, and more in the device would help."""
        moments = list(self._dry_s)
        often = len(moments) == _DRY_TIMES and moments[-1] - moments[0] < _DRY_WITHIN_S
        return often and self._latency_s < _LATENCY_MAX_S

    def _may_hold_more(self) -> bool:
        """After a stream ran dry: let the next one hold twice as much, as long as people can still talk with it."""
        grows = self._runs_dry()
        self._dry_s.clear()
        if grows:
            self._latency_s = min(_LATENCY_MAX_S, 2 * self._latency_s)
            _log.info("sound_device_ran_dry", device=self._name, latency_ms=round(self._latency_s * 1000))
        return grows

    def _set_state(self, state: DeviceState) -> None:
        if state is not self._state:
            self._state = state
            _log.info("sound_device_changed", device=self._name, state=state.value)


class Microphone(DeviceStream):
    """A `Capture` on a device.

    Args:
        port_audio: The library.
        device: See `DeviceStream`.
        taker: Takes each block of 480 samples, on PortAudio's thread.
        canceller: Cleans each block, if there is a loudspeaker that it can hear.
        raw_taker: Takes each block before that, on the same thread.
    """

    def __init__(
        self,
        port_audio: PortAudio,
        device: int | str | None,
        taker: AudioSink,
        canceller: DelayedCanceller | None = None,
        raw_taker: AudioSink | None = None,
    ) -> None:
        super().__init__(port_audio, device, "microphone", _CAPTURE_LATENCY_S)
        self._taker = taker
        self._canceller = canceller
        self._raw_taker = raw_taker

    def make(self, library: Any) -> Any:
        """Make the library's stream."""
        if self._canceller is not None:
            self._canceller.restart()
        return library.RawInputStream(
            samplerate=SAMPLE_RATE_HZ,
            blocksize=BLOCK_SAMPLES,
            device=self._device,
            channels=1,
            dtype="int16",
            latency=self._latency_s,
            callback=self._on_block,
            finished_callback=self._ended,
        )

    def _on_block(self, data: Any, _frames: int, moment: Any, _status: Any) -> None:
        self._called()
        block = bytes(data)
        if self._raw_taker is not None:
            self._raw_taker(block)
        if self._canceller is not None:
            block = self._canceller.clean(block, moment.currentTime - moment.inputBufferAdcTime)
        self._taker(block)


class Loudspeaker(DeviceStream):
    """A `Playback` on a device.

    Args:
        port_audio: The library.
        device: See `DeviceStream`.
        canceller: Hears each block that is played.
        source: What it plays; None for what `play` is given by everybody in the call.
    """

    def __init__(
        self,
        port_audio: PortAudio,
        device: int | str | None,
        canceller: DelayedCanceller | None = None,
        source: BlockSource | None = None,
    ) -> None:
        super().__init__(port_audio, device, "loudspeaker", _PLAYBACK_LATENCY_S)
        self._canceller = canceller
        self._mixer: BlockSource = source or Mixer()
        self._heard_after_s = _PLAYBACK_LATENCY_S

    @property
    def heard_after_s(self) -> float:
        """How long after `play` a block is heard now: what waits here, and in the device by PortAudio's account."""
        return self._heard_after_s

    def play(self, block: bytes, source: int = 0) -> None:
        """Queue one block. Without a device it is dropped, or a device that comes back would begin with old words."""
        if self._state is DeviceState.OK:
            self._mixer.put(block, source)

    def set_volume(self, percent: int) -> None:
        """Set the volume, 0 to 100."""
        self._mixer.set_volume(percent)

    def make(self, library: Any) -> Any:
        """Make the library's stream."""
        self._mixer.clear()
        if self._canceller is not None:
            self._canceller.restart()
        return library.RawOutputStream(
            samplerate=SAMPLE_RATE_HZ,
            blocksize=BLOCK_SAMPLES,
            device=self._device,
            channels=1,
            dtype="int16",
            latency=self._latency_s,
            callback=self._on_block,
            finished_callback=self._ended,
        )

    def _on_block(self, data: Any, _frames: int, moment: Any, status: Any) -> None:
        self._called()
        if status.output_underflow:
            self._went_dry()
        in_device_s = moment.outputBufferDacTime - moment.currentTime
        # Smoothed over half a second: PortAudio's times jump by a whole buffer.
        self._heard_after_s += 0.02 * (self._mixer.waiting_s + in_device_s - self._heard_after_s)
        block = self._mixer.take()
        if self._canceller is not None:
            self._canceller.far_end(block, in_device_s)
        data[:] = block


def _be_first_in_line() -> None:
    """Let the calling thread, PortAudio's, run before whatever else wants a processor.

    It needs one for a fraction of a millisecond every 10 ms, and an ear hears each time it comes late. Measured with
    four busy programs on two processors, 10 s: ran dry 8 times with it, 26 times without. Where the
    system does not allow it (systemd: `LimitRTPRIO=`) the thread takes its turn like all others.
    """
    with contextlib.suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(_REALTIME_PRIORITY))


def _silence_alsa() -> None:
    """Stop libasound from writing to the standard error about every device that is not there.

    What matters comes as PortAudio's errors; the rest would drown the kiosk's log.
    """
    name = ctypes.util.find_library("asound")
    if name is not None:
        ctypes.CDLL(name).snd_lib_error_set_handler(_NO_WORD)


#: Kept here for the life of the process: libasound keeps a pointer to it.
_NO_WORD: Final = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)(
    lambda *_: None
)
