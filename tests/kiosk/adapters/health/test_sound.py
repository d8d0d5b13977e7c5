"""A kiosk that hears itself, on a real sound system: well, muted, deaf, by the wrong cable, and given up."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from kiosk.adapters.audio.devices import PortAudio
from kiosk.adapters.health.sound import SoundTest
from signaling.protocol.health import HealthArea, HealthCode, HealthNumber
from tests.support.peers import until
from tests.support.pulse import ELSEWHERE, LOUDSPEAKER, MICROPHONE, NOOK, PulseDaemon
from tests.support.room import Faults, room

C = HealthCode
SOUND = frozenset({HealthArea.SOUND})


@pytest.fixture
def port_audio() -> PortAudio:
    return PortAudio()


@contextmanager
def pactl(pulse: PulseDaemon, *command: str, undo: str) -> Iterator[None]:
    """Turn something for as long as the block lasts."""
    environment = {**os.environ, **pulse.environment}
    subprocess.run(["pactl", *command], env=environment, check=True)
    try:
        yield
    finally:
        subprocess.run(["pactl", *command[:-1], undo], env=environment, check=True)


@contextmanager
def in_a_room(pulse: PulseDaemon, level: float = 0.5, faults: Faults | None = None) -> Iterator[None]:
    with room({**os.environ, **pulse.environment}, level, faults):
        yield


async def heard_there(pulse: PulseDaemon, source: str) -> None:
    """Wait until the room says something: it takes its time to begin on a busy machine."""
    process = await asyncio.create_subprocess_exec(
        "parec", f"--device={source}", "--raw", "--format=s16le", "--channels=1", "--latency-msec=20",
        stdout=asyncio.subprocess.PIPE, env={**os.environ, **pulse.environment},
    )  # fmt: skip
    assert process.stdout is not None
    try:
        async with asyncio.timeout(30):
            while not np.any(np.frombuffer(await process.stdout.readexactly(9600), "<i2")):
                pass
    finally:
        process.kill()
        await process.wait()


async def test_a_kiosk_in_a_room_hears_itself(pulse: PulseDaemon, port_audio: PortAudio) -> None:
    with in_a_room(pulse):
        await heard_there(pulse, "voice.monitor")
        looked = await SoundTest(MICROPHONE, LOUDSPEAKER, port_audio).look()
    assert looked.areas == SOUND
    assert not looked.findings & {C.LOUDSPEAKER_SILENT, C.MICROPHONE_DEAF, C.SOUND_TOO_QUIET, C.SOUND_TOO_LOUD}
    assert looked.numbers[HealthNumber.SWEEP_LEVEL_DB] == pytest.approx(-29, abs=4)


async def test_a_muted_loudspeaker_is_told_by_the_system(pulse: PulseDaemon, port_audio: PortAudio) -> None:
    with pactl(pulse, "set-sink-mute", LOUDSPEAKER, "1", undo="0"):
        looked = await SoundTest(MICROPHONE, LOUDSPEAKER, port_audio).look()
    assert (looked.findings, looked.areas) == (frozenset({C.LOUDSPEAKER_MUTED}), SOUND)


async def test_a_loudspeaker_turned_down_to_nothing_is_muted(pulse: PulseDaemon, port_audio: PortAudio) -> None:
    with pactl(pulse, "set-sink-volume", LOUDSPEAKER, "0", undo="100%"):
        looked = await SoundTest(MICROPHONE, LOUDSPEAKER, port_audio).look()
    assert looked.findings == {C.LOUDSPEAKER_MUTED}


async def test_a_muted_microphone_is_deaf(pulse: PulseDaemon, port_audio: PortAudio) -> None:
    with pactl(pulse, "set-source-mute", "voice.monitor", "1", undo="0"):
        looked = await SoundTest(MICROPHONE, LOUDSPEAKER, port_audio).look()
    assert looked.findings == {C.MICROPHONE_DEAF}


async def test_a_microphone_that_gives_digital_silence_is_deaf(pulse: PulseDaemon, port_audio: PortAudio) -> None:
    looked = await SoundTest(MICROPHONE, LOUDSPEAKER, port_audio).look()
    assert looked.findings == {C.MICROPHONE_DEAF}


@pytest.mark.thorough
async def test_another_microphone_that_hears_the_sweep_is_the_right_one(
    pulse: PulseDaemon, port_audio: PortAudio
) -> None:
    with in_a_room(pulse, faults=Faults(mouth="corner")):
        await heard_there(pulse, "corner.monitor")
        looked = await SoundTest(MICROPHONE, LOUDSPEAKER, port_audio).look()
        assert looked.findings == {C.MICROPHONE_WRONG}
        looked = await SoundTest(NOOK, LOUDSPEAKER, port_audio).look()
        assert not looked.findings & {C.MICROPHONE_WRONG, C.LOUDSPEAKER_SILENT}


@pytest.mark.thorough
async def test_another_loudspeaker_that_is_heard_is_the_right_one(pulse: PulseDaemon, port_audio: PortAudio) -> None:
    with in_a_room(pulse, faults=Faults(ear=ELSEWHERE)):
        await heard_there(pulse, "voice.monitor")
        looked = await SoundTest(MICROPHONE, LOUDSPEAKER, port_audio).look()
    assert looked.findings == {C.LOUDSPEAKER_WRONG}


async def test_devices_that_do_not_exist_are_missing(pulse: PulseDaemon, port_audio: PortAudio) -> None:
    looked = await SoundTest("no such microphone", "no such loudspeaker", port_audio).look()
    assert (looked.findings, looked.areas) == (frozenset({C.MICROPHONE_MISSING, C.LOUDSPEAKER_MISSING}), SOUND)


async def test_the_loudspeakers_own_wire_is_no_microphone(pulse: PulseDaemon, port_audio: PortAudio) -> None:
    """A PulseAudio without a microphone offers as its default what the default loudspeaker plays."""
    with pactl(pulse, "set-default-source", f"{LOUDSPEAKER}.monitor", undo="voice.monitor"):
        looked = await SoundTest("default", LOUDSPEAKER, port_audio).look()
    assert looked.findings == {C.MICROPHONE_MISSING}


async def test_patterns_and_files_are_not_tested(port_audio: PortAudio) -> None:
    for microphone, loudspeaker in (("pattern", "default"), ("default", "pattern"), ("talk.wav", "default")):
        looked = await SoundTest(microphone, loudspeaker, port_audio).look()
        assert (looked.areas, looked.findings) == (frozenset(), frozenset())


async def test_a_test_that_is_given_up_lets_the_devices_go(pulse: PulseDaemon, port_audio: PortAudio) -> None:
    def taken() -> str:
        environment = {**os.environ, **pulse.environment}
        return subprocess.run(
            ["pactl", "list", "short", "sink-inputs"], env=environment, check=True, capture_output=True, text=True
        ).stdout

    looking = asyncio.create_task(SoundTest(MICROPHONE, LOUDSPEAKER, port_audio).look())
    await until(lambda: taken() != "", "the loudspeaker in use")
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
    await until(lambda: taken() == "", "the loudspeaker free again")
