"""A room for the sound card of the tests: the microphone hears the loudspeaker later, softer, and with its walls.

`python -m tests.support.room OPTIONS` reads what the loudspeaker plays and says it into the microphone until it is
ended. Unlike PulseAudio's own loopback it never stretches the sound: a room has one clock. It can be out of order, as
rooms are: `Faults`. What it does not do: hold anything for longer than it takes.
"""

from __future__ import annotations

import argparse
import fcntl
import struct
import subprocess
import sys
import termios
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
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
#: Bytes; so much sound (0.1 s) waits only after a pause.
_BACKLOG: Final = _RATE_HZ // 5
#: The loudness of the kiosk's own sweep: what a torn membrane is driven beyond.
_TORN_AT: Final = 3276.7
#: The room must not stutter when the machine does, or it is the room that is measured.
_AHEAD_MS: Final = 120


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong with a room; nothing by default.

    Attributes:
        ear: The sink that is heard.
        mouth: The sink that is spoken into.
        hush: What the room says by itself, of 32,767.
        later_ms: How much later everything is heard.
        torn: How far the loudspeaker is driven beyond what it can do; 0: not at all.
        gain: What the microphone makes of everything before it is cut off at full scale.
        wanders_ms: How far the delay swings, twice a second: no canceller can follow.
    """

    ear: str = LOUDSPEAKER
    mouth: str = "voice"
    hush: float = _HUSH
    later_ms: float = 0.0
    torn: float = 0.0
    gain: float = 1.0
    wanders_ms: float = 0.0


def answer_of_room(level: float) -> NDArray[np.float64]:
    """The room's impulse response; `level` is the echo's loudness over the loudspeaker's."""
    chance = np.random.default_rng(7)
    length = int(_ANSWERS_S * _RATE_HZ)
    answer = chance.standard_normal(length) * np.exp(-np.arange(length) / (_FADES_S * _RATE_HZ))
    return np.asarray(answer * level / np.sqrt(np.sum(answer**2)))


@contextmanager
def room(environment: Mapping[str, str], level: float = 0.5, faults: Faults | None = None) -> Iterator[None]:
    """Put the kiosk into a room for as long as the block lasts. It has begun to sound when the block begins."""
    wrong = faults or Faults()
    options = [f"--{field.name}={getattr(wrong, field.name)}" for field in fields(wrong)]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.room", str(level), *options],
        env={**environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline(), "the room did not open"
        yield
    finally:
        process.terminate()
        process.wait(5)
        process.stdout.close()


def _read(pipe: IO[bytes]) -> bytes:
    """One block; less only at the end. Unbuffered, so that what waits can be counted."""
    block = b""
    while len(block) < 2 * _BLOCK and (more := pipe.read(2 * _BLOCK - len(block))):
        block += more
    return block


def _pass_on(heard: IO[bytes], said: IO[bytes], level: float, wrong: Faults) -> None:
    answer, chance = answer_of_room(level), np.random.default_rng(1)
    size = 1 << (len(answer) + _BLOCK).bit_length()
    spectrum = np.fft.rfft(answer, size)
    waiting = np.zeros(size)
    late = deque([np.zeros(_BLOCK)] * round(wrong.later_ms / 10))
    past, at, told = np.zeros(_RATE_HZ // 4), 0, False
    while len(block := _read(heard)) == 2 * _BLOCK:
        if _waiting(heard) > _BACKLOG:
            # This machine paused, or the sound system kept us waiting: a room is never late for good.
            while _waiting(heard) >= 2 * _BLOCK:
                block = _read(heard)
        played = np.frombuffer(block, "<i2").astype(float)
        if wrong.torn:
            played = np.tanh(played * wrong.torn / _TORN_AT) * _TORN_AT / wrong.torn
        late.append(played)
        played = late.popleft()
        if wrong.wanders_ms:
            past = np.concatenate([past[_BLOCK:], played])
            moments = at + np.arange(_BLOCK)
            back = wrong.wanders_ms * _RATE_HZ / 1000 * (0.5 + 0.5 * np.sin(4 * np.pi * moments / _RATE_HZ))
            played, at = (
                np.interp(len(past) - _BLOCK + np.arange(_BLOCK) - back, np.arange(len(past)), past),
                at + _BLOCK,
            )
        waiting += np.fft.irfft(np.fft.rfft(played, size) * spectrum, size)
        now = (waiting[:_BLOCK] + chance.standard_normal(_BLOCK) * wrong.hush) * wrong.gain
        if _waiting(said) < _BACKLOG:
            said.write(np.clip(now, -32_767, 32_767).astype("<i2").tobytes())
            said.flush()
        if not told:
            told = bool(sys.stdout.write("open\n"))
            sys.stdout.flush()
        waiting = np.concatenate([waiting[_BLOCK:], np.zeros(_BLOCK)])


def _waiting(pipe: IO[bytes]) -> int:
    """Bytes that nobody has read yet."""
    return int(struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))[0])


def main() -> None:
    """Be a room until the sound system ends, or this process is ended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("level", type=float)
    for field in fields(Faults):
        parser.add_argument(f"--{field.name}", type=type(field.default), default=field.default)
    told = vars(parser.parse_args())
    level, wrong = told.pop("level"), Faults(**told)
    with (
        subprocess.Popen(
            ["parec", f"--device={wrong.ear}.monitor", *_RAW, "--latency-msec=10"], stdout=subprocess.PIPE, bufsize=0
        ) as ears,
        subprocess.Popen(
            ["pacat", f"--device={wrong.mouth}", *_RAW, f"--latency-msec={_AHEAD_MS}"], stdin=subprocess.PIPE
        ) as mouth,
    ):
        assert ears.stdout is not None
        assert mouth.stdin is not None
        # When this process is ended, both pipes break, and with them the other two end.
        _pass_on(ears.stdout, mouth.stdin, level, wrong)


if __name__ == "__main__":
    main()
