"""The kiosk's own sound in a room: how much of its echo is taken out, what is left of the visitor, what it costs.

Real PulseAudio, real PortAudio, the kiosk's own `Sound`; the room is computed and never stretches time.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
from numpy.typing import NDArray

from kiosk.adapters.audio import make_sound
from kiosk.adapters.audio.pace import PacedSound
from kiosk.adapters.audio.recording import read_blocks
from kiosk.core.media import BLOCK_SAMPLES, DeviceState
from tests.support.pulse import LOUDSPEAKER, MICROPHONE, PulseDaemon
from tests.support.room import room
from tests.support.stage.processes import StageError
from tests.support.stage.sound import Heard, hearing

_LIBRARIAN = (
    "Biblioteket har öppet från sex till tjugotvå varje dag. Du kan låna böcker, skriva ut papper och fråga oss om "
    "nästan allt. Välkommen in, vi hjälper dig gärna med din dator också."
)
_VISITOR = (
    "Hello, I would like to know where I can find the books about gardening, please, and also how I can print a "
    "document from my telephone, because it does not work today."
)
_SPOKEN_LOUDNESS = 3000.0
_SILENCE = bytes(2 * BLOCK_SAMPLES)


@dataclass(frozen=True, slots=True)
class LoopFigures:
    """What was heard in the loop.

    Attributes:
        echo_gone_db: Echo return loss enhancement from 5 to 10 s: by how much the librarian's own voice is softer
            in what leaves the kiosk than in what the microphone hears.
        echo_gone_softer_db: The same 2 to 5 s after the volume was changed from 100 to 60.
        echo_gone_reopened_db: The same 2 to 5.5 s after both devices were opened again.
        visitor_down_db: How much softer the visitor is while the librarian speaks, too, than alone. 20 ms frames in
            which the visitor speaks; their median.
        cores: The threads of microphone and loudspeaker, with the canceller.
    """

    echo_gone_db: float
    echo_gone_softer_db: float
    echo_gone_reopened_db: float
    visitor_down_db: float
    cores: float


def spoken(folder: Path, voice: str, text: str, seconds: int) -> NDArray[np.int16]:
    """A sentence again and again, by espeak-ng, with a loudness of 3,000 of 32,767."""
    file = folder / f"{voice}.wav"
    subprocess.run(["espeak-ng", "-v", voice, "-w", str(file), text], check=True)
    blocks = read_blocks(file)
    if blocks is None:
        raise StageError("espeak-ng said nothing")
    once = np.frombuffer(b"".join(blocks), "<i2").astype(np.float64)
    once *= _SPOKEN_LOUDNESS / np.sqrt(np.mean(once**2))
    count = seconds * 100 * BLOCK_SAMPLES
    return np.asarray(np.tile(once, count // len(once) + 1)[:count].clip(-32_767, 32_767)).astype("<i2")


async def measure_loop(level: float = 0.5) -> LoopFigures:
    """Let librarian and visitor speak in a room for 45 s.

    Args:
        level: How loud the echo is at the microphone, over the loudspeaker.
    """
    with tempfile.TemporaryDirectory(prefix="librarian-loop-") as place:
        folder = Path(place)
        daemon = PulseDaemon(folder / "sound")
        # libasound reads the address once in a process's life. What starts after this loop must not inherit it.
        before = {name: os.environ.get(name) for name in daemon.environment}
        os.environ.update(daemon.environment)
        await asyncio.to_thread(daemon.start)
        try:
            with room(os.environ, level):
                return await _talk(folder, daemon)
        finally:
            await asyncio.to_thread(daemon.stop)
            for name, value in before.items():
                os.environ.pop(name)
                if value is not None:
                    os.environ[name] = value


async def _talk(folder: Path, daemon: PulseDaemon) -> LoopFigures:
    librarian, visitor = spoken(folder, "sv", _LIBRARIAN, 20), spoken(folder, "en", _VISITOR, 20)
    sound = make_sound(MICROPHONE, LOUDSPEAKER)
    left = Heard()
    speaks = [True]

    def hear(block: bytes) -> None:
        left.moments.append((time.monotonic() * 1000, BLOCK_SAMPLES * (len(left.blocks) + 1)))
        left.blocks.append(block)

    def said() -> Iterator[bytes]:
        for block in itertools.cycle([row.tobytes() for row in librarian.reshape(-1, BLOCK_SAMPLES)]):
            yield block if speaks[0] else _SILENCE

    sound.subscribe(hear)
    before = {thread.id for thread in psutil.Process().threads()}
    await asyncio.to_thread(sound.open)
    if (sound.microphone, sound.loudspeaker) != (DeviceState.OK, DeviceState.OK):
        raise StageError("the sound card did not open")
    threads = {thread.id for thread in psutil.Process().threads()} - before
    far_end = PacedSound(said(), sound.play, "librarian")
    started_s, cpu_s = time.monotonic(), _cpu_s(threads)

    async def until_s(second: float) -> None:
        await asyncio.sleep(started_s + second - time.monotonic())

    with hearing(daemon.environment, "voice.monitor") as heard:
        far_end.start()
        await until_s(10)
        cores = (_cpu_s(threads) - cpu_s) / 10
        with daemon.speak(visitor):
            await until_s(18)
            speaks[0] = False
            await until_s(27)
        speaks[0] = True
        sound.set_volume(60)
        await until_s(32)
        sound.set_volume(100)
        await asyncio.to_thread(sound.close)
        await asyncio.to_thread(sound.open)
        reopened_s = time.monotonic() - started_s
        await until_s(reopened_s + 6)
    far_end.stop()
    await asyncio.to_thread(sound.close)

    def gone(first_s: float, last_s: float) -> float:
        there, here = (_part(of, started_s, first_s, last_s) for of in (heard, left))
        return round(_decibels(there) - _decibels(here), 1)

    return LoopFigures(
        gone(5, 10),
        gone(29, 32),
        gone(reopened_s + 2, reopened_s + 5.5),
        _down(_part(left, started_s, 11, 17.5), _part(left, started_s, 19, 26.5)),
        round(cores, 3),
    )


def _cpu_s(threads: set[int]) -> float:
    return sum(thread.user_time + thread.system_time for thread in psutil.Process().threads() if thread.id in threads)


def _part(of: Heard, started_s: float, first_s: float, last_s: float) -> NDArray[np.float64]:
    """What was heard between two moments."""
    blocks = [
        block
        for block, (at_ms, _) in zip(of.blocks, of.moments, strict=True)
        if first_s <= at_ms / 1000 - started_s < last_s
    ]
    return np.frombuffer(b"".join(blocks), "<i2").astype(np.float64)


def _decibels(samples: NDArray[np.float64]) -> float:
    return float(10 * np.log10(np.mean(samples**2) + 1e-3)) if len(samples) else float("nan")


def _down(over: NDArray[np.float64], alone: NDArray[np.float64]) -> float:
    """How much softer speech is, by the median loudness of its loud frames: the same words, but not in step."""

    def loudness(samples: NDArray[np.float64]) -> float:
        frames = samples[: len(samples) // 960 * 960].reshape(-1, 960)
        power = np.sort(np.mean(frames**2, axis=1))
        return float(10 * np.log10(np.median(power[len(power) // 2 :]) + 1e-3))

    return round(loudness(alone) - loudness(over), 1)
