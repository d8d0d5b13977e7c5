"""A room for the sound card of the tests: the microphone hears the loudspeaker later, softer, and with its walls.

`python -m tests.support.room LEVEL` reads what the loudspeaker plays and says it into the microphone until it is
ended. Unlike PulseAudio's own loopback it never stretches the sound: a room has one clock. What it does not do: hold
anything for longer than it takes.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Final

import numpy as np
from numpy.typing import NDArray

from tests.support.pulse import LOUDSPEAKER

_BLOCK: Final = 480
_RATE_HZ: Final = 48_000
_RAW: Final = ("--raw", f"--rate={_RATE_HZ}", "--channels=1", "--format=s16le")
#: How long the walls answer: 120 ms, dying away by 1/e each 20 ms, a furnished room.
_ANSWERS_S, _FADES_S = 0.12, 0.02
#: What a quiet room says by itself, of 32,767.
_HUSH: Final = 3.0
#: The room must not stutter when the machine does, or it is the room that is measured.
_AHEAD_MS: Final = 120


def answer_of_room(level: float) -> NDArray[np.float64]:
    """The room's impulse response; `level` is the echo's loudness over the loudspeaker's."""
    chance = np.random.default_rng(7)
    length = int(_ANSWERS_S * _RATE_HZ)
    answer = chance.standard_normal(length) * np.exp(-np.arange(length) / (_FADES_S * _RATE_HZ))
    return np.asarray(answer * level / np.sqrt(np.sum(answer**2)))


@contextmanager
def room(environment: Mapping[str, str], level: float = 0.5) -> Iterator[None]:
    """Put the kiosk into a room for as long as the block lasts."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.room", str(level)], env={**environment}, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(5)


def _pass_on(heard: IO[bytes], said: IO[bytes], level: float) -> None:
    answer, chance = answer_of_room(level), np.random.default_rng(1)
    size = 1 << (len(answer) + _BLOCK).bit_length()
    spectrum = np.fft.rfft(answer, size)
    waiting = np.zeros(size)
    while len(block := heard.read(2 * _BLOCK)) == 2 * _BLOCK:
        waiting += np.fft.irfft(np.fft.rfft(np.frombuffer(block, "<i2").astype(float), size) * spectrum, size)
        now = waiting[:_BLOCK] + chance.standard_normal(_BLOCK) * _HUSH
        said.write(np.clip(now, -32_767, 32_767).astype("<i2").tobytes())
        said.flush()
        waiting = np.concatenate([waiting[_BLOCK:], np.zeros(_BLOCK)])


def main() -> None:
    """Be a room until the sound system ends, or this process is ended."""
    with (
        subprocess.Popen(
            ["parec", f"--device={LOUDSPEAKER}.monitor", *_RAW, "--latency-msec=10"], stdout=subprocess.PIPE
        ) as ears,
        subprocess.Popen(
            ["pacat", "--device=voice", *_RAW, f"--latency-msec={_AHEAD_MS}"], stdin=subprocess.PIPE
        ) as mouth,
    ):
        assert ears.stdout is not None
        assert mouth.stdin is not None
        # When this process is ended, both pipes break, and with them the other two end.
        _pass_on(ears.stdout, mouth.stdin, float(sys.argv[1]))


if __name__ == "__main__":
    main()
