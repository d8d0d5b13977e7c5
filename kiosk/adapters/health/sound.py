"""Hears whether the kiosk's loudspeaker is heard by its own microphone, and how well.

What it is for: the sound part of a self-test, on the real devices and through the same echo canceller as in a call.
When the chosen devices fail, the others are tried, so that a cable in the wrong socket is told from a broken one. What
it does not do: judge (`kiosk.core.health.sound`), or keep anything that was heard: it is thrown away with the test.
"""

from __future__ import annotations

import dataclasses
import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from kiosk.adapters.audio import device_of, is_device
from kiosk.adapters.audio.delayed_canceller import DelayedCanceller
from kiosk.adapters.audio.devices import Loudspeaker, Microphone, PortAudio
from kiosk.adapters.audio.sound import SILENCE
from kiosk.adapters.health.mixer_state import MixerState, mixer_state
from kiosk.adapters.health.off_loop import Pause, off_loop
from kiosk.adapters.health.sweep import BEFORE_S, LATEST_S, SWEEP_S, Samples, Sweep
from kiosk.core.care import Looked
from kiosk.core.health.sound import (
    DEAF_DB,
    TRIALS,
    Trial,
    agreed,
    asks_for_other_inputs,
    asks_for_other_outputs,
    is_certain,
    is_decided,
    judge,
    numbers,
    with_others,
)
from kiosk.core.media import BLOCK_SAMPLES, SAMPLE_RATE_HZ, DeviceState
from signaling.protocol.health import HealthArea

_AREAS: Final = frozenset({HealthArea.SOUND})
_BLOCK_S: Final = BLOCK_SAMPLES / SAMPLE_RATE_HZ
#: A sound server may wake its card up first; the streams themselves give a device this long.
_FLOWS_WITHIN_S: Final = 5.0
_LOOKS_EVERY_S: Final = 0.02
#: More devices than this are names for the same ones.
_OTHERS: Final = 6


class SoundTest:
    """One look at loudspeaker and microphone. Nobody else may have them open meanwhile.

    Args:
        microphone: As the options name it (`kiosk.adapters.audio.make_sound`).
        loudspeaker: The same.
        port_audio: The library; the same as the kiosk's sound uses.
        volume_percent: How loud the kiosk may be now; the sweep is a third of the loudness of its chime at that.
    """

    def __init__(self, microphone: str, loudspeaker: str, port_audio: PortAudio, *, volume_percent: int = 100) -> None:
        self._microphone = microphone
        self._loudspeaker = loudspeaker
        self._port_audio = port_audio
        self._volume_percent = volume_percent

    async def look(self) -> Looked:
        """Play and listen: 3 s when all is well, 12 at the most. Looks at no area where a device is a pattern or file.

        When the room is too loud to tell, no area was looked at either: what was known before stands.
        """
        if not (is_device(self._microphone) and is_device(self._loudspeaker)):
            return Looked(frozenset())
        return await off_loop(self._look)

    def _look(self, pause: Pause) -> Looked:
        sweep = Sweep(self._volume_percent)
        chosen_in, chosen_out = device_of(self._microphone), device_of(self._loudspeaker)
        trials, verdicts = [], []
        for _ in range(TRIALS):
            # Opened anew each time: what went wrong with one stream, or with one canceller, says nothing of the next.
            with _Room(self._port_audio, [chosen_in], [chosen_out]) as room:
                trials.append(_trial(room, sweep, pause))
            verdicts.append(judge(trials[-1]))
            if is_certain(trials[-1]) or is_decided(verdicts):
                break
        found, last = agreed(verdicts), trials[-1]
        if found is None:
            return Looked(frozenset(), numbers=numbers(last))
        if asks_for_other_inputs(found, last):
            others = self._others(self._microphone, hear=True)
            found = with_others(found, input_hears=self._is_heard(others, [chosen_out], sweep, pause))
        if asks_for_other_outputs(found):
            others = self._others(self._loudspeaker, hear=False)
            found = with_others(found, output_heard=self._is_heard([chosen_in], others, sweep, pause))
        return Looked(_AREAS, found, numbers(last))

    def _others(self, chosen: str, *, hear: bool) -> Sequence[int | str | None]:
        """Devices of one kind that the chosen name does not mean."""
        listed = (device for device in self._port_audio.devices() if (device.hears if hear else device.sounds))
        return [
            device.number
            for device in listed
            if chosen != str(device.number) and chosen.lower() not in device.name.lower()
        ][:_OTHERS]

    def _is_heard(
        self, inputs: Sequence[int | str | None], outputs: Sequence[int | str | None], sweep: Sweep, pause: Pause
    ) -> bool:
        """Whether any of these microphones hears any of these loudspeakers; all at once, to be soon done."""
        if not (inputs and outputs):
            return False
        with _Room(self._port_audio, inputs, outputs) as room:
            found = [sweep.find(heard.raw) for heard in room.play(sweep, pause)]
        # A microphone always gives some noise; what gave none before the sweep is the sound system's own wire.
        return any(one.level_db is not None and one.noise_db >= DEAF_DB for one in found)


def _trial(room: _Room, sweep: Sweep, pause: Pause) -> Trial:
    heard = room.play(sweep, pause)
    loudspeaker, microphone = room.outputs[0].state, room.inputs[0].state
    trial = Trial(loudspeaker, microphone, room.mixer.output_muted, room.mixer.input_muted, sweep.played_db)
    if not heard:
        return trial
    found = sweep.find(heard[0].raw)
    return dataclasses.replace(
        trial,
        level_db=found.level_db,
        least_db=found.least_db,
        delay_ms=found.delay_ms,
        distortion_percent=found.distortion_percent,
        noise_db=found.noise_db,
        sound_db=found.sound_db,
        clipped_percent=found.clipped_percent,
        echo_gone_db=sweep.gone_db(heard[0].clean, found),
    )


@dataclass(frozen=True, slots=True)
class _Heard:
    """What one microphone heard of one sweep, before and after the canceller."""

    raw: Samples
    clean: Samples


class _Room:
    """Some microphones and loudspeakers, open together.

    Attributes:
        inputs, outputs: The devices.
        mixer: What the sound system said of them when they last played.
    """

    def __init__(
        self, port_audio: PortAudio, inputs: Sequence[int | str | None], outputs: Sequence[int | str | None]
    ) -> None:
        canceller = DelayedCanceller() if len(inputs) == len(outputs) == 1 else None
        self.mixer = MixerState()
        self._ears = [_Ear() for _ in inputs]
        self._mouths = [_Mouth() for _ in outputs]
        self.inputs = [
            Microphone(port_audio, device, ear.take_clean, canceller, ear.take_raw)
            for device, ear in zip(inputs, self._ears, strict=True)
        ]
        self.outputs = [
            Loudspeaker(port_audio, device, canceller, mouth)
            for device, mouth in zip(outputs, self._mouths, strict=True)
        ]

    def __enter__(self) -> Self:
        self._devices = ExitStack()
        for device in (*self.outputs, *self.inputs):
            self._devices.callback(device.stop)
            device.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._devices.close()

    def play(self, sweep: Sweep, pause: Pause) -> Sequence[_Heard]:
        """Play once through every loudspeaker, and give what each microphone heard; nothing where one kind is missing.

        Raises:
            GivenUp: The test is not wanted any more.
        """
        waits_until_s = time.monotonic() + _FLOWS_WITHIN_S
        ready = self._wait(pause, waits_until_s, lambda: all(ear.has(BEFORE_S) for ear in self._open_ears()))
        self.mixer = mixer_state()
        mouths = self._open_mouths()
        if not (ready and self._open_ears() and mouths):
            return ()
        for mouth in mouths:
            mouth.begin(sweep.blocks())
        if not self._wait(pause, waits_until_s, lambda: all(mouth.left_s is not None for mouth in self._open_mouths())):
            return ()
        left_s = min((mouth.left_s for mouth in mouths if mouth.left_s is not None), default=time.monotonic())
        pause(max(0.0, left_s + SWEEP_S + LATEST_S - time.monotonic()))
        self._wait(
            pause, time.monotonic() + _FLOWS_WITHIN_S, lambda: all(ear.is_past(left_s) for ear in self._open_ears())
        )
        return [ear.around(left_s) for ear in self._open_ears() if ear.is_past(left_s)]

    def _open_ears(self) -> list[_Ear]:
        pairs = zip(self.inputs, self._ears, strict=True)
        return [ear for device, ear in pairs if device.state is DeviceState.OK]

    def _open_mouths(self) -> list[_Mouth]:
        pairs = zip(self.outputs, self._mouths, strict=True)
        return [mouth for device, mouth in pairs if device.state is DeviceState.OK]

    @staticmethod
    def _wait(pause: Pause, until_s: float, done: Callable[[], bool]) -> bool:
        while not done():
            if time.monotonic() > until_s:
                return False
            pause(_LOOKS_EVERY_S)
        return True


class _Ear:
    """Keeps what one microphone gives, for the length of the test. Filled on PortAudio's thread."""

    def __init__(self) -> None:
        self._raw: list[bytes] = []
        self._clean: list[bytes] = []
        self._began_s = math.inf

    def take_raw(self, block: bytes) -> None:
        """Before the canceller."""
        self._raw.append(block)
        # Blocks come late, never early: the earliest says when the first sample was there.
        self._began_s = min(self._began_s, time.monotonic() - len(self._raw) * _BLOCK_S)

    def take_clean(self, block: bytes) -> None:
        """After it."""
        self._clean.append(block)

    def has(self, seconds: float) -> bool:
        """Whether so much was heard."""
        return len(self._clean) * _BLOCK_S > seconds

    def is_past(self, left_s: float) -> bool:
        """Whether everything was heard of a sweep that left then."""
        return self.has(left_s + SWEEP_S + LATEST_S - self._began_s)

    def around(self, left_s: float) -> _Heard:
        """From before a sweep that left at this moment of the monotonic clock until after it."""
        first = max(0, round((left_s - BEFORE_S - self._began_s) * SAMPLE_RATE_HZ))
        count = round((BEFORE_S + SWEEP_S + LATEST_S) * SAMPLE_RATE_HZ)
        raw, clean = (_samples(blocks)[first : first + count] for blocks in (self._raw, self._clean))
        return _Heard(raw, clean)


class _Mouth:
    """A `BlockSource` that gives one sweep, sample for sample. Emptied on PortAudio's thread.

    Attributes:
        left_s: When the first block of the newest sweep was taken, on the monotonic clock; None before.
        waiting_s: Of a sweep nothing is told.
    """

    waiting_s = 0.0

    def __init__(self) -> None:
        self._blocks: deque[bytes] = deque()
        self.left_s: float | None = None

    def begin(self, blocks: Sequence[bytes]) -> None:
        """Give these next."""
        self.left_s = None
        self._blocks.extend(blocks)

    def take(self) -> bytes:
        """The next block."""
        if not self._blocks:
            return SILENCE
        if self.left_s is None:
            self.left_s = time.monotonic()
        return self._blocks.popleft()

    def put(self, block: bytes, source: int = 0) -> None:
        """Nobody else speaks during a test."""

    def set_volume(self, percent: int) -> None:
        """The sweep has its loudness."""

    def clear(self) -> None:
        """The device was opened again: what is left of a sweep is no sweep."""
        self._blocks.clear()


def _samples(blocks: Sequence[bytes]) -> Samples:
    return np.frombuffer(b"".join(blocks), "<i2").astype(np.float64) / 32_768
