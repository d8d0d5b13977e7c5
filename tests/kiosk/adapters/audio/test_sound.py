"""Sound never stops flowing, whatever the microphone does."""

from __future__ import annotations

import threading
import time
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kiosk.adapters.audio import make_sound
from kiosk.adapters.audio.recording import read_blocks
from kiosk.adapters.audio.sound import NullPlayback, Sound
from kiosk.adapters.audio.tones import PATTERN_TONE_HZ, spoken_tone, tone_share
from kiosk.core.media import AudioSink, DeviceState
from tests.support.peers import Ears, until


class Stutterer:
    """A `Capture` that a test drives."""

    def __init__(self, taker: AudioSink) -> None:
        self.give = taker
        self.state = DeviceState.OK

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """End."""


def write_wav(path: Path, samples: np.typing.NDArray[np.int16], rate: int = 48_000, channels: int = 1) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())


def sine(hz: float, rate: int, seconds: float) -> np.typing.NDArray[np.int16]:
    return (np.sin(2 * np.pi * hz * np.arange(int(rate * seconds)) / rate) * 8000).astype("<i2")


async def test_the_pattern_is_recognisable_and_comes_at_its_pace() -> None:
    sound = make_sound("pattern", "pattern")
    ears = Ears()
    sound.subscribe(ears)
    sound.open()
    began = time.monotonic()
    await until(lambda: ears.count >= 100, "a hundred blocks")
    took = time.monotonic() - began
    states = {sound.microphone, sound.loudspeaker}
    sound.close()

    assert 0.9 < took < 1.6
    assert ears.share_of(PATTERN_TONE_HZ) > 0.8
    assert states == {DeviceState.OK}
    assert {sound.microphone, sound.loudspeaker} == {DeviceState.CLOSED}


async def test_a_microphone_that_falls_silent_is_replaced_by_silence_until_it_speaks_again() -> None:
    captures: list[Stutterer] = []

    def make(taker: AudioSink) -> Stutterer:
        captures.append(Stutterer(taker))
        return captures[0]

    sound = Sound(make, NullPlayback())
    ears = Ears()
    sound.subscribe(ears)
    sound.open()
    loud = np.full(480, 1000, "<i2").tobytes()
    captures[0].give(loud)
    assert ears.count == 1

    began = time.monotonic()
    await until(lambda: ears.count >= 51, "half a second of silence")
    assert 0.4 < time.monotonic() - began < 1.5
    assert set(list(ears.blocks)[1:]) == {bytes(960)}
    captures[0].give(loud)
    assert ears.blocks[-1] == loud or ears.blocks[-2] == loud  # a last silent block may have been on its way
    sound.close()


def test_who_begins_to_talk_is_heard_from_then_on_swelling_and_never_from_before() -> None:
    made: list[Stutterer] = []

    def make(taker: AudioSink) -> Stutterer:
        made.append(Stutterer(taker))
        return made[0]

    sound = Sound(make, NullPlayback())
    (microphone,) = made
    before, pressed = (np.full(480, level, "<i2").tobytes() for level in (5000, 8000))
    microphone.give(before)
    for _ in range(2):  # pressed, let go, and pressed again
        ears = Ears()
        unsubscribe = sound.subscribe(ears)
        for _ in range(3):
            microphone.give(pressed)
        unsubscribe()
        microphone.give(before)
        heard = ears.samples()
        assert len(heard) == 3 * 480
        assert (heard[0], heard[479]) == (0, 8000)
        assert np.abs(np.diff(heard)).max() < 50
        assert set(heard[480:]) == {8000}


async def test_a_taker_that_fails_takes_nothing_from_the_others(expected_log: Callable[..., None]) -> None:
    expected_log("sound_taker_failed", level="ERROR")

    def broken(_block: bytes) -> None:
        raise RuntimeError("a bug elsewhere")

    sound = make_sound("pattern", "pattern")
    sound.subscribe(broken)
    ears = Ears()
    sound.subscribe(ears)
    sound.open()
    await until(lambda: ears.count > 5, "sound")
    sound.close()


def test_unsubscribed_and_closed_nothing_comes_and_no_thread_is_left() -> None:
    threads = threading.active_count()
    sound = make_sound("pattern", "pattern")
    ears, others = Ears(), Ears()
    unsubscribe = sound.subscribe(ears)
    sound.subscribe(others)
    sound.open()
    unsubscribe()
    unsubscribe()
    count = ears.count
    sound.close()
    sound.close()
    count_of_others = others.count

    assert threading.active_count() == threads
    assert ears.count <= count + 1
    assert others.count == count_of_others


async def test_a_wav_file_is_said_again_and_again(tmp_path: Path) -> None:
    write_wav(tmp_path / "said.wav", sine(500, 48_000, 0.5))
    sound = make_sound(str(tmp_path / "said.wav"), "pattern")
    ears = Ears()
    sound.subscribe(ears)
    sound.open()
    await until(lambda: ears.count >= 100, "twice its length")
    sound.close()
    assert ears.share_of(500) > 0.8


@pytest.mark.parametrize(("rate", "channels"), [(48_000, 1), (44_100, 1), (16_000, 2), (8_000, 1)])
def test_a_recording_of_any_rate_keeps_its_pitch(tmp_path: Path, rate: int, channels: int) -> None:
    write_wav(tmp_path / "tone.wav", np.repeat(sine(440, rate, 1.0), channels), rate, channels)
    blocks = read_blocks(tmp_path / "tone.wav")
    assert blocks is not None
    assert {len(b) for b in blocks} == {960}
    assert len(blocks) == 100
    assert tone_share(np.frombuffer(b"".join(blocks), "<i2"), 440) > 0.95


@pytest.mark.parametrize("content", [b"", b"RIFF", b"not a sound at all" * 10])
async def test_a_file_that_is_no_sound_is_a_missing_microphone(
    tmp_path: Path, content: bytes, expected_log: Callable[..., None]
) -> None:
    expected_log("sound_file_unusable")
    (tmp_path / "broken.wav").write_bytes(content)
    sound = make_sound(str(tmp_path / "broken.wav"), "pattern")
    ears = Ears()
    sound.subscribe(ears)
    sound.open()
    assert sound.microphone is DeviceState.MISSING
    await until(lambda: ears.count > 20, "silence")
    sound.close()


def test_the_tone_detector_knows_a_tone_from_everything_else() -> None:
    tone = np.frombuffer(b"".join(next(blocks) for blocks in [spoken_tone(600)] for _ in range(50)), "<i2")
    noise = (np.random.default_rng(1).standard_normal(24_000) * 3000).astype("<i2")
    assert tone_share(tone, 600) > 0.8
    assert tone_share(tone, 660) < 0.05
    assert tone_share(noise, 600) < 0.05
    assert tone_share(np.zeros(24_000, "<i2"), 600) == 0.0
    assert tone_share(np.zeros(0, "<i2"), 600) == 0.0
