"""The kiosk's sound card, a room that speaks and listens at it, and the librarian's voice."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
import time
import wave
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from subprocess import PIPE, Popen
from typing import IO

import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.audio.tones import PATTERN_TONE_HZ, spoken_tone, tone_share
from kiosk.core.media import SAMPLE_RATE_HZ
from tests.support.pulse import LIBRARIAN, LOUDSPEAKER, MICROPHONE, VOICE, PulseDaemon
from tests.support.room import room
from tests.support.stage.processes import StageError

#: What the librarian says, a colleague, and the visitor: tones that nothing else on the stage makes.
LIBRARIAN_TONE_HZ = 1000.0
COLLEAGUE_TONE_HZ = 1500.0
VISITOR_TONE_HZ = PATTERN_TONE_HZ
_VOICE_S = 10
#: After a whole minute the tone repeats itself exactly.
_VISITOR_REPEATS_S = 60
_LOOK_EVERY_S = 0.05
_SHARP_BLOCKS = 25  # a quarter of a second
_CLEAR = 0.5
#: How much of the loudspeaker a microphone beside it hears.
_NEAR = 0.5


def voice(tone_hz: float, seconds: int) -> NDArray[np.int16]:
    """A tone that rises and falls like syllables."""
    return np.frombuffer(b"".join(islice(spoken_tone(tone_hz), seconds * 100)), "<i2")


def write_librarian_voice(file: Path, tone_hz: float = LIBRARIAN_TONE_HZ) -> None:
    """A WAV file for Chromium's fake microphone, which plays it in a loop."""
    with wave.open(str(file), "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(SAMPLE_RATE_HZ)
        recording.writeframes(voice(tone_hz, _VOICE_S).tobytes())


#: A chirp that nothing else makes: 60 ms from 600 to 3,400 Hz, what a voice codec and a noise suppressor let pass.
CHIRP_S = 0.06
_CHIRP_HZ = (600.0, 3400.0)
_CHIRP_LOUDNESS = 0.4
#: How like the chirp something must be (1 is the chirp itself) to be taken for one.
_CHIRP_LIKE = 0.35


def chirp() -> NDArray[np.int16]:
    """The chirp once."""
    t = np.arange(round(CHIRP_S * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    low, high = _CHIRP_HZ
    wave_ = np.sin(2 * np.pi * (low * t + (high - low) / (2 * CHIRP_S) * t**2)) * np.hanning(len(t))
    return np.asarray(wave_ * _CHIRP_LOUDNESS * 32_767).astype("<i2")


def chirps(every_s: float, seconds: float) -> NDArray[np.int16]:
    """The chirp again and again, the first one after a whole pause."""
    once = np.zeros(round(every_s * SAMPLE_RATE_HZ), "<i2")
    once[-len(chirp()) :] = chirp()
    return np.tile(once, round(seconds / every_s))


def find_chirps(samples: NDArray[np.int16]) -> list[int]:
    """Where each chirp begins, by normalised cross-correlation.

    Args:
        samples: Mono at 48 kHz.

    Returns:
        Sample numbers, rising, at least a quarter of a second apart.
    """
    like = chirp().astype(np.float64)
    like /= np.sqrt(np.sum(like**2))
    sound = samples.astype(np.float64)
    if len(sound) < 2 * len(like):
        return []
    size = 1 << (len(sound) + len(like)).bit_length()
    found = np.fft.irfft(np.fft.rfft(sound, size) * np.conj(np.fft.rfft(like, size)), size)[: len(sound) - len(like)]
    power = np.concatenate([[0.0], np.cumsum(sound**2)])
    around = np.sqrt(np.maximum(power[len(like) : len(like) + len(found)] - power[: len(found)], 1e4))
    likeness = np.abs(found) / around
    starts: list[int] = []
    apart = SAMPLE_RATE_HZ // 4
    while likeness.max(initial=0.0) > _CHIRP_LIKE:
        at = int(np.argmax(likeness))
        starts.append(at)
        likeness[max(0, at - apart) : at + apart] = 0.0
    return sorted(starts)


@dataclass
class Heard:
    """What went through a device, and when.

    Attributes:
        blocks: Samples as they came.
        moments: For each block: when it came (monotonic ms) and how many samples there were then.
    """

    blocks: list[bytes] = field(default_factory=list)
    moments: list[tuple[float, int]] = field(default_factory=list)

    def samples(self) -> NDArray[np.int16]:
        """Everything."""
        return np.frombuffer(b"".join(self.blocks), "<i2")

    def moment_of(self, sample: int) -> float:
        """When a sample passed (monotonic ms): the promptest block within two seconds around says it best."""
        near = [(at, count) for at, count in self.moments if abs(count - sample) < 2 * SAMPLE_RATE_HZ]
        return sample * 1000 / SAMPLE_RATE_HZ + min(at - count * 1000 / SAMPLE_RATE_HZ for at, count in near)


class SoundCard:
    """A PulseAudio daemon of our own; a visitor speaks into its microphone for as long as it runs.

    Args:
        folder: Everything that it writes goes into a folder there.
        in_a_room: Nobody speaks, and the microphone hears the loudspeaker as in a quiet room.
        headset: There is one for the librarian, too, who speaks into it.
    """

    loudspeaker = LOUDSPEAKER
    microphone = MICROPHONE

    def __init__(self, folder: Path, *, in_a_room: bool = False, headset: bool = False) -> None:
        self._in_a_room = in_a_room
        self._headset = headset
        self._daemon = PulseDaemon(folder / "sound", headset=headset)
        self._speaking = contextlib.ExitStack()

    @property
    def environment(self) -> Mapping[str, str]:
        """What a program needs to use it."""
        return self._daemon.environment

    @property
    def headset_environment(self) -> Mapping[str, str] | None:
        """What the librarian's browser needs to use the headset; None without one."""
        return self._daemon.headset_environment if self._headset else None

    async def start(self) -> None:
        """Start it, and let the visitor speak, or the room answer."""
        await asyncio.to_thread(self._daemon.start)
        if self._in_a_room:
            self._speaking.enter_context(room({**os.environ, **self.environment}, _NEAR))
        else:
            self._speaking.enter_context(self._daemon.speak(voice(VISITOR_TONE_HZ, _VISITOR_REPEATS_S), endlessly=True))
        if self._headset:
            tone = voice(LIBRARIAN_TONE_HZ, _VISITOR_REPEATS_S)
            self._speaking.enter_context(self._daemon.speak(tone, endlessly=True, into=LIBRARIAN))

    async def stop(self) -> None:
        """End both."""
        self._speaking.close()
        await asyncio.to_thread(self._daemon.stop)

    @contextlib.asynccontextmanager
    async def muted(self) -> AsyncIterator[None]:
        """Turn the loudspeaker off by the system's own control for as long as the block lasts."""
        await self._mute("1")
        try:
            yield
        finally:
            await self._mute("0")

    def hush(self) -> None:
        """Let visitor and librarian be silent."""
        self._speaking.close()

    async def _mute(self, how: str) -> None:
        command = ("pactl", "set-sink-mute", self.loudspeaker, how)
        process = await asyncio.create_subprocess_exec(*command, env={**os.environ, **self.environment})
        if await process.wait() != 0:
            raise StageError("the loudspeaker could not be turned off or on")

    @contextlib.contextmanager
    def says(self, samples: NDArray[np.int16], *, librarian: bool = False) -> Iterator[None]:
        """Let the visitor, or the librarian, say something for as long as the block lasts, or until it is said."""
        with self._daemon.speak(samples, into=LIBRARIAN if librarian else VOICE):
            yield

    @contextlib.contextmanager
    def hearing(self, sink: str) -> Iterator[Heard]:
        """Note what passes a sink (`VOICE`, `LOUDSPEAKER`, `LIBRARIAN`, `EARPIECE`) for as long as the block lasts."""
        with hearing(self.environment, f"{sink}.monitor") as heard:
            yield heard

    async def microphone_in_use(self) -> bool:
        """Whether any program takes sound from the microphone now."""
        return await asyncio.to_thread(self._daemon.microphone_in_use)

    async def hears(self, tone_hz: float, *, within_s: float) -> tuple[float, float | None]:
        """Listen at the loudspeaker for a tone.

        Returns:
            The clearest share of it (0 to 1), and when it was recognised (monotonic ms) if it was.
        """
        best, deadline = 0.0, time.monotonic() + within_s
        async with self._daemon.listening() as ears:
            while time.monotonic() < deadline and best < _CLEAR:
                await asyncio.sleep(_LOOK_EVERY_S)
                best = max(best, tone_share(ears.samples(_SHARP_BLOCKS), tone_hz))
        return best, time.monotonic() * 1000 if best >= _CLEAR else None


@contextlib.contextmanager
def hearing(environment: Mapping[str, str], device: str) -> Iterator[Heard]:
    """Note what passes a device of a PulseAudio daemon for as long as the block lasts."""
    heard = Heard()
    command = ["parec", f"--device={device}", "--raw", f"--rate={SAMPLE_RATE_HZ}", "--channels=1"]
    command += ["--format=s16le", "--latency-msec=10"]
    with Popen(command, stdout=PIPE, env={**os.environ, **environment}) as process:
        assert process.stdout is not None
        reader = threading.Thread(target=_read, args=(process.stdout, heard), name=f"hearing-{device}")
        reader.start()
        try:
            yield heard
        finally:
            process.kill()
            reader.join()


def _read(stream: IO[bytes], heard: Heard) -> None:
    count = 0
    while len(block := stream.read(960)) == 960:
        count += 480
        heard.moments.append((time.monotonic() * 1000, count))
        heard.blocks.append(block)
