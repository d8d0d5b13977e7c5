"""Faults that are put into a kiosk, one by one, with what each is called.

Sound faults are put into a real sound system and the room around it, camera faults are painted, ports are really shut;
disk, sensors and clock are told. What it does not do: measure (`tests.bench.health`).
"""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from kiosk.adapters.audio.devices import PortAudio
from kiosk.adapters.health.camera import CameraTest
from kiosk.adapters.health.machine import MachineTest
from kiosk.adapters.health.network import NetworkPatience, NetworkTest
from kiosk.adapters.health.sound import SoundTest
from kiosk.core import events as e
from kiosk.core.care import Looked
from signaling.adapters.store_memory import MemoryStore
from signaling.adapters.system import SystemClock
from signaling.protocol.health import HealthCode, TestKind
from tests.support.coturn import SECRET, Coturn, relay
from tests.support.kiosk_client import running_client
from tests.support.painted_cameras import View, paint
from tests.support.pulse import ELSEWHERE, LOUDSPEAKER, MICROPHONE, PulseDaemon
from tests.support.room import Faults, room
from tests.support.wire import wire_server

C = HealthCode
Look = Callable[[], Awaitable[Looked]]
_BLOCK: Final = 4096
#: A port that nobody listens on: 1 (tcpmux) is in nobody's use.
_SHUT: Final = 1
_SETTLES_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class Bed:
    """Where faults are put in.

    Attributes:
        folder: For films, sensors and the relay's files.
        daemon: The sound system, with more devices than are needed.
        port_audio: The library.
    """

    folder: Path
    daemon: PulseDaemon
    port_audio: PortAudio

    def sound(self, microphone: str = MICROPHONE, loudspeaker: str = LOUDSPEAKER) -> Look:
        """A look at the sound."""
        return SoundTest(microphone, loudspeaker, self.port_audio).look


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    Attributes:
        name: What is wrong, in words.
        code: What it is to be called.
        put_in: Puts it in for as long as the block lasts, and gives the look that should find it.
        behind: What explains it, and is told first.
    """

    name: str
    code: HealthCode
    put_in: Callable[[Bed], AbstractAsyncContextManager[Look]]
    behind: HealthCode | None = None


def faults() -> list[Fault]:
    """All of them."""
    return [*_sound_faults(), *_camera_faults(), *_machine_faults(), *_network_faults()]


# --- sound ------------------------------------------------------------------------------------------------


def _sound_faults() -> list[Fault]:
    heard = _in_a_room
    return [
        Fault("loudspeaker unplugged", C.LOUDSPEAKER_MISSING, heard(loudspeaker="unplugged")),
        Fault("loudspeaker without power", C.LOUDSPEAKER_SILENT, heard(level=0.0)),
        Fault("output muted", C.LOUDSPEAKER_MUTED, heard(pactl=("set-sink-mute", LOUDSPEAKER, "1", "0"))),
        Fault("output at 0 %", C.LOUDSPEAKER_MUTED, heard(pactl=("set-sink-volume", LOUDSPEAKER, "0", "100%"))),
        Fault("loudspeaker in another socket", C.LOUDSPEAKER_WRONG, heard(wrong=Faults(ear=ELSEWHERE))),
        Fault("microphone unplugged", C.MICROPHONE_MISSING, heard(microphone="unplugged")),
        Fault("microphone gives digital silence", C.MICROPHONE_DEAF, heard(level=0.0, wrong=Faults(hush=0.0))),
        Fault("input muted", C.MICROPHONE_DEAF, heard(pactl=("set-source-mute", "voice.monitor", "1", "0"))),
        Fault("microphone in another socket", C.MICROPHONE_WRONG, heard(wrong=Faults(mouth="corner"))),
        Fault("heard 46 dB down", C.SOUND_TOO_QUIET, heard(level=0.005)),
        Fault("microphone overdriven", C.SOUND_TOO_LOUD, heard(wrong=Faults(gain=30.0))),
        Fault("membrane torn", C.SOUND_DISTORTED, heard(wrong=Faults(torn=10.0))),
        Fault("sound 450 ms late", C.SOUND_LATE, heard(wrong=Faults(later_ms=450.0))),
        Fault("beyond the canceller's reach", C.ECHO_LEFT, heard(wrong=Faults(later_ms=600.0)), C.SOUND_LATE),
    ]


def _in_a_room(
    *,
    level: float = 0.5,
    wrong: Faults | None = None,
    microphone: str = MICROPHONE,
    loudspeaker: str = LOUDSPEAKER,
    pactl: tuple[str, str, str, str] | None = None,
) -> Callable[[Bed], AbstractAsyncContextManager[Look]]:
    @asynccontextmanager
    async def put_in(bed: Bed) -> AsyncIterator[Look]:
        with ExitStack() as stack:
            await asyncio.to_thread(stack.enter_context, room(os.environ, level, wrong))
            if pactl is not None:
                stack.enter_context(_turned(*pactl))
            await asyncio.sleep(_SETTLES_S)
            yield bed.sound(microphone, loudspeaker)

    return put_in


@contextmanager
def _turned(verb: str, device: str, value: str, back: str) -> Iterator[None]:
    subprocess.run(["pactl", verb, device, value], check=True)
    try:
        yield
    finally:
        subprocess.run(["pactl", verb, device, back], check=True)


# --- camera -----------------------------------------------------------------------------------------------


def _camera_faults() -> list[Fault]:
    return [
        Fault("camera unplugged", C.CAMERA_MISSING, _camera(None)),
        Fault("5 pictures a second", C.CAMERA_SLOW, _camera(View.SLOW)),
        Fault("one and the same picture", C.CAMERA_FROZEN, _camera(View.FROZEN)),
        Fault("cap on the lens", C.CAMERA_BLACK, _camera(View.BLACK)),
        Fault("shutter closed", C.CAMERA_BLACK, _camera(View.SHUTTER)),
        Fault("note stuck on the lens", C.CAMERA_COVERED, _camera(View.COVERED)),
        Fault("lens out of focus", C.CAMERA_BLURRED, _camera(View.BLURRED)),
        Fault("window behind the visitor", C.CAMERA_UNEVEN_LIGHT, _camera(View.WINDOW_BEHIND)),
        Fault("half the picture in the dark", C.CAMERA_UNEVEN_LIGHT, _camera(View.HALF_DARK)),
    ]


def _camera(view: View | None) -> Callable[[Bed], AbstractAsyncContextManager[Look]]:
    @asynccontextmanager
    async def put_in(bed: Bed) -> AsyncIterator[Look]:
        device = "/dev/unplugged" if view is None else await asyncio.to_thread(paint, view, bed.folder)
        yield CameraTest(device).look

    return put_in


# --- machine ----------------------------------------------------------------------------------------------


def _machine_faults() -> list[Fault]:
    return [
        Fault("1 GB left on the disk", C.DISK_NEARLY_FULL, _machine(disk_free_mb=1_000)),
        Fault("disk full", C.DISK_FULL, _machine(disk_free_mb=5)),
        Fault("100 MB of memory left", C.MEMORY_LOW, _machine(memory_free_mb=100)),
        Fault("fan clogged: 91 °C", C.TOO_HOT, _machine(sensor=("class/thermal/thermal_zone0/temp", "91000"))),
        Fault("weak power supply", C.UNDERVOLTAGE, _machine(sensor=("class/hwmon/hwmon0/in0_lcrit_alarm", "1"))),
    ]


def _machine(
    *, disk_free_mb: int = 9_000, memory_free_mb: int = 2_000, sensor: tuple[str, str] | None = None
) -> Callable[[Bed], AbstractAsyncContextManager[Look]]:
    free = disk_free_mb * 1_000_000 // _BLOCK
    told = os.statvfs_result((_BLOCK, _BLOCK, 30_000_000_000 // _BLOCK, free, free, 2000, 1000, 1000, 0, 255))

    @asynccontextmanager
    async def put_in(bed: Bed) -> AsyncIterator[Look]:
        system = bed.folder / f"sys-{disk_free_mb}-{memory_free_mb}-{'' if sensor is None else Path(sensor[0]).name}"
        if sensor is not None:
            file = system / sensor[0]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(sensor[1])
        memory = (memory_free_mb * 1_000_000, 4_000_000_000)
        yield MachineTest(bed.folder, system=system, disk=lambda _: told, memory=lambda: memory).look

    return put_in


# --- network ----------------------------------------------------------------------------------------------


def _network_faults() -> list[Fault]:
    return [
        Fault("server gone", C.SERVER_UNREACHED, _network(gone=True)),
        Fault("clock an hour ahead", C.CLOCK_WRONG, _network(ahead_s=3600)),
        Fault("relay's UDP port shut", C.RELAY_UDP_BLOCKED, _network(shut=("udp",))),
        Fault("relay's TCP port shut", C.RELAY_TCP_BLOCKED, _network(shut=("tcp",))),
        Fault("all of the relay's ports shut", C.RELAY_UNREACHED, _network(shut=("udp", "tcp"))),
        Fault("relay of another secret", C.RELAY_REFUSED, _network(secret="another")),
    ]


def _network(
    *, shut: tuple[str, ...] = (), gone: bool = False, ahead_s: float = 0, secret: str = SECRET
) -> Callable[[Bed], AbstractAsyncContextManager[Look]]:
    @asynccontextmanager
    async def put_in(bed: Bed) -> AsyncIterator[Look]:
        async with relay(bed.folder) as server:
            wall = Coturn(server.host, _SHUT)
            urls = [(wall if way in shut else server).url(way) for way in ("udp", "tcp")]
            turn = {"urls": urls, "secret": secret}
            async with wire_server(MemoryStore(), SystemClock(), turn=turn) as wire:
                await wire.add_kiosk()
                async with running_client(wire.url, wire.keys["k1"]) as kiosk:
                    await kiosk.heard.event(e.FactsCame)
                    if gone:
                        await wire.server.close()
                        await kiosk.heard.event(e.LinkLost)
                    test = NetworkTest(
                        wire.url,
                        kiosk.client,
                        patience=NetworkPatience(),
                        now=lambda: datetime.now(UTC) + timedelta(seconds=ahead_s),
                    )
                    yield lambda: test.look(TestKind.ASKED)

    return put_in
