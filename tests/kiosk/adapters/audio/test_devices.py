"""Sound through a real sound system: it comes out recognisable, comes in recognisable, and comes back."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from kiosk.adapters.audio import make_sound
from kiosk.adapters.audio.pace import PacedSound
from kiosk.adapters.audio.sound import Sound
from kiosk.adapters.audio.tones import spoken_tone
from kiosk.core.media import DeviceState
from tests.support.peers import Ears, until
from tests.support.pulse import LOUDSPEAKER, MICROPHONE, PulseDaemon

TONE_HZ = 600.0
RECOGNISED = 0.7


def spoken(seconds: int) -> np.typing.NDArray[np.int16]:
    """Our tone as samples."""
    return np.frombuffer(b"".join(itertools.islice(spoken_tone(TONE_HZ), seconds * 100)), "<i2")


@contextmanager
def far_end(sound: Sound) -> Iterator[None]:
    """Let the librarian speak."""
    paced = PacedSound(spoken_tone(TONE_HZ), sound.play, "far-end")
    paced.start()
    try:
        yield
    finally:
        paced.stop()


@pytest.fixture
async def opened() -> AsyncIterator[Callable[[str, str], Sound]]:
    made: list[Sound] = []

    def open_sound(microphone: str, loudspeaker: str) -> Sound:
        sound = make_sound(microphone, loudspeaker)
        made.append(sound)
        sound.open()
        return sound

    yield open_sound
    for sound in made:
        await asyncio.to_thread(sound.close)


async def test_what_is_played_comes_out_of_the_loudspeaker(pulse: PulseDaemon, opened: Callable[..., Sound]) -> None:
    sound = opened("pattern", LOUDSPEAKER)
    assert sound.loudspeaker is DeviceState.OK
    with far_end(sound):
        async with pulse.listening() as ears:
            await until(lambda: ears.share_of(TONE_HZ) > RECOGNISED, "the tone at the loudspeaker")
            await until(lambda: ears.loudest() > 6000, "the tone at its full loudness")


async def test_the_volume_is_what_was_set(pulse: PulseDaemon, opened: Callable[..., Sound]) -> None:
    sound = opened("pattern", LOUDSPEAKER)
    with far_end(sound):
        async with pulse.listening() as ears:
            await until(lambda: ears.share_of(TONE_HZ) > RECOGNISED, "the tone at the loudspeaker")

            def loudness() -> float:
                return float(np.sqrt(np.mean(ears.samples().astype(float) ** 2)))

            sound.set_volume(100)
            count = ears.count
            await until(lambda: ears.count > count + 130, "a second after what was on its way")
            full = loudness()
            sound.set_volume(50)
            await until(lambda: loudness() == pytest.approx(full / 4, rel=0.15), "half the volume: a quarter as loud")
            sound.set_volume(0)
            await until(lambda: loudness() == 0.0, "silence")


async def test_what_is_said_comes_in_by_the_microphone(pulse: PulseDaemon, opened: Callable[..., Sound]) -> None:
    sound = opened(MICROPHONE, "pattern")
    ears = Ears()
    unsubscribe = sound.subscribe(ears)
    with pulse.speak(spoken(10)):
        await until(lambda: ears.share_of(TONE_HZ) > RECOGNISED, "the tone at the microphone")
    unsubscribe()
    assert sound.microphone is DeviceState.OK
    assert ears.odd_blocks == 0


async def test_devices_that_do_not_exist_are_missing_and_silence_flows(
    pulse: PulseDaemon, opened: Callable[..., Sound]
) -> None:
    sound = opened("no such microphone", "no such loudspeaker")
    ears = Ears()
    sound.subscribe(ears)
    sound.play(bytes(960))

    assert (sound.microphone, sound.loudspeaker) == (DeviceState.MISSING, DeviceState.MISSING)
    await until(lambda: ears.count > 50, "half a second of silence")
    assert ears.loudest() == 0


async def test_one_missing_device_leaves_the_other_alone(pulse: PulseDaemon, opened: Callable[..., Sound]) -> None:
    sound = opened("no such microphone", LOUDSPEAKER)
    with far_end(sound):
        async with pulse.listening() as ears:
            await until(lambda: ears.share_of(TONE_HZ) > RECOGNISED, "the tone at the loudspeaker")
            count = ears.count
            await until(lambda: ears.count > count + 250, "longer than the time between two attempts")
            await until(lambda: ears.share_of(TONE_HZ) > RECOGNISED, "the tone, still")
    assert sound.microphone is DeviceState.MISSING


@pytest.mark.slow
async def test_a_sound_system_that_goes_away_is_told_and_found_again(
    pulse: PulseDaemon, opened: Callable[..., Sound]
) -> None:
    sound = opened(MICROPHONE, LOUDSPEAKER)
    ears = Ears()
    sound.subscribe(ears)
    await until(lambda: ears.count > 20, "sound")

    pulse.stop()
    try:
        lost = (DeviceState.MISSING, DeviceState.FAILED)
        await until(lambda: sound.microphone in lost and sound.loudspeaker in lost, "both lost")
        blocks = ears.count
        await until(lambda: ears.count > blocks + 50, "silence in its place")
        assert ears.loudest() == 0
    finally:
        pulse.start()
    await until(lambda: sound.microphone is sound.loudspeaker is DeviceState.OK, "both found again", 15)
    with pulse.speak(spoken(10)):
        await until(lambda: ears.share_of(TONE_HZ) > RECOGNISED, "the tone at the microphone")


@pytest.mark.slow
async def test_a_loudspeaker_that_is_pulled_is_told_and_plays_again_when_it_is_plugged_in(
    pulse: PulseDaemon, opened: Callable[..., Sound]
) -> None:
    sound = opened(MICROPHONE, LOUDSPEAKER)
    heard = Ears()
    sound.subscribe(heard)
    with far_end(sound):
        with pulse.pulled():
            await until(lambda: sound.loudspeaker is not DeviceState.OK, "the loss was told", 20)
            blocks = heard.count
            await until(lambda: heard.count > blocks + 50, "the microphone goes on")
            assert sound.microphone is DeviceState.OK
        await until(lambda: sound.loudspeaker is DeviceState.OK, "it was found again", 20)
        async with pulse.listening() as ears:
            await until(lambda: ears.share_of(TONE_HZ) > RECOGNISED, "the tone at the loudspeaker", 20)
    await asyncio.to_thread(sound.close)
    pulse.stop()  # and with it the stand-in
    pulse.start()


async def test_it_opens_and_closes_visit_after_visit(pulse: PulseDaemon) -> None:
    sound = make_sound(MICROPHONE, LOUDSPEAKER)
    for _ in range(3):
        ears = Ears()
        unsubscribe = sound.subscribe(ears)
        await asyncio.to_thread(sound.open)
        await until(lambda ears=ears: ears.count > 10, "sound")  # type: ignore[misc]
        states = {sound.microphone, sound.loudspeaker}
        await asyncio.to_thread(sound.close)
        unsubscribe()
        assert states == {DeviceState.OK}
        assert {sound.microphone, sound.loudspeaker} == {DeviceState.CLOSED}


def test_a_loudspeaker_is_never_a_file() -> None:
    with pytest.raises(ValueError, match="records nobody"):
        make_sound("pattern", "/tmp/heard.wav")
