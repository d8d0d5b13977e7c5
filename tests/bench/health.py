"""A kiosk that knows itself: each fault that is put in is found and named, healthy runs raise no alarm, what it costs.

Sound goes through a real sound system into a computed room, pictures through the kiosk's own camera from painted
films. In the healthy runs the room is quiet, or somebody speaks in it, or there is music.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.audio.devices import PortAudio
from kiosk.adapters.health.camera import CameraTest
from kiosk.adapters.health.machine import MachineTest
from kiosk.core.care import Looked
from signaling.protocol.health import HealthCode, in_order
from signaling.protocol.health_texts import TEXTS
from signaling.protocol.vocabulary import Language
from tests.bench.health_faults import Bed, Fault, Look, faults
from tests.bench.loop import spoken
from tests.bench.report import Figure, publish, say
from tests.support.painted_cameras import View, paint
from tests.support.pulse import PulseDaemon
from tests.support.room import room

_SPEECH: Final = "Biblioteket har öppet från sex till tjugotvå varje dag. Du kan låna böcker och skriva ut papper här."
_SPOKEN_S: Final = 12
_HEALTHY_VIEWS: Final = (View.MOVING, View.STILL, View.DIM)
_RATE_HZ: Final = 48_000


@dataclass(frozen=True, slots=True)
class Row:
    """One fault, and what became of it."""

    fault: Fault
    found: tuple[HealthCode, ...]
    after_s: float

    @property
    def right(self) -> bool:
        """Found, and nothing told before it but what explains it."""
        before = () if self.fault.behind is None else (self.fault.behind,)
        return self.found[: len(before) + 1] == (*before, self.fault.code)

    @property
    def code(self) -> HealthCode | None:
        """What it was called."""
        return self.fault.code if self.right else next(iter(self.found), None)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of this benchmark."""
    parser.add_argument("--healthy", type=int, default=200, help="how many healthy runs (200)")


async def run(arguments: argparse.Namespace) -> None:
    """Put all faults in, then look at a kiosk that is well."""
    started_s = time.monotonic()
    async with _bed() as bed:
        rows = [await _find(fault, bed) for fault in faults()]
        say("")
        _tell(rows)
        say(f"\n{arguments.healthy} healthy runs: quiet, with somebody who speaks, with music.")
        alarms, untold = await _healthy(bed, arguments.healthy)
        full_s, full_cpu_s = await _full(bed)
        light_s, light_cpu_s = await _light(bed)
    say(f"false alarms: {dict(alarms) or 'none'}; the room was too loud to tell in {untold}")
    figures = [
        Figure(
            "faults found and named rightly",
            round(100 * sum(row.right for row in rows) / len(rows), 1),
            "%",
            100,
            at_most=False,
        ),
        Figure("of these told alone", round(100 * sum(len(row.found) == 1 for row in rows) / len(rows), 1), "%"),
        Figure("slowest of them", round(max(row.after_s for row in rows), 1), "s", 20),
        Figure("false alarms in healthy runs", alarms.total(), "", 0),
        Figure("sound, camera, machine one after the other", round(full_s, 1), "s", 20),
        Figure("processor time of that", round(full_cpu_s, 2), "s"),
        Figure("light look at the machine", round(light_s, 4), "s", 1),
        Figure("processor time of that", round(light_cpu_s, 4), "s", 0.1),
    ]
    publish(figures, started_s, arguments.json)
    if arguments.json is not None:
        _add_faults(arguments.json, rows)


async def _find(fault: Fault, bed: Bed) -> Row:
    async with fault.put_in(bed) as look:
        began_s = time.monotonic()
        looked = await look()
        row = Row(fault, in_order(looked.findings), round(time.monotonic() - began_s, 2))
    say(f"{'found' if row.right else 'MISSED'}  {fault.name}")
    return row


def _tell(rows: Iterable[Row]) -> None:
    say(f"{'fault':<34}{'after':>8}  {'code':<22}remedy")
    for row in rows:
        remedy = TEXTS[Language.EN][row.code].remedy if row.code is not None else "NOTHING WAS FOUND"
        others = [code.value for code in row.found if code is not row.code]
        beside = f" (and {', '.join(others)})" if others else ""
        wrong = "" if row.right else f" EXPECTED {row.fault.code.value}"
        code = row.code.value if row.code is not None else "-"
        say(f"{row.fault.name:<34}{row.after_s:>6.1f} s  {code:<22}{remedy}{beside}{wrong}")


def _add_faults(file: Path, rows: Iterable[Row]) -> None:
    told = json.loads(file.read_text(encoding="utf-8"))
    told["faults"] = [
        {"fault": row.fault.name, "code": row.fault.code, "found": list(row.found), "after_s": row.after_s}
        for row in rows
    ]
    file.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


async def _healthy(bed: Bed, count: int) -> tuple[Counter[str], int]:
    """False alarms by their code, and how often the room was too loud to tell."""
    sounds = [None, await asyncio.to_thread(spoken, bed.folder, "sv", _SPEECH, _SPOKEN_S), _music()]
    cameras = [CameraTest(await asyncio.to_thread(paint, view, bed.folder)).look for view in _HEALTHY_VIEWS]
    machine = MachineTest(bed.folder)
    alarms: Counter[str] = Counter()
    untold = 0
    with room(os.environ):
        for number in range(count):
            looks: list[Look] = [bed.sound(), cameras[number % len(cameras)], machine.look]
            for looked in await _together(bed, sounds[number % len(sounds)], looks):
                alarms.update(code.value for code in looked.findings)
                untold += not looked.areas
            if (number + 1) % 25 == 0:
                say(f"{number + 1} of {count}: {alarms.total()} false alarms {dict(alarms) or ''}")
    return alarms, untold


async def _together(bed: Bed, sound: NDArray[np.int16] | None, looks: list[Look]) -> list[Looked]:
    if sound is None:
        return await asyncio.gather(*(look() for look in looks))
    with bed.daemon.speak(sound):
        return await asyncio.gather(*(look() for look in looks))


async def _full(bed: Bed) -> tuple[float, float]:
    """Seconds and processor seconds of everything that looks at devices, one after the other as in a kiosk."""
    film = await asyncio.to_thread(paint, View.STILL, bed.folder)
    with room(os.environ):
        return await _cost([MachineTest(bed.folder).look, CameraTest(film).look, bed.sound()])


async def _light(bed: Bed) -> tuple[float, float]:
    machine = MachineTest(bed.folder)
    await machine.look()
    seconds, cpu_s = await _cost([machine.look] * 20)
    return seconds / 20, cpu_s / 20


async def _cost(looks: Iterable[Look]) -> tuple[float, float]:
    began_s, began_cpu_s = time.monotonic(), time.process_time()
    for look in looks:
        await look()
    return time.monotonic() - began_s, time.process_time() - began_cpu_s


def _music() -> NDArray[np.int16]:
    """Notes with eight overtones that die away, four a second, as loud as the speech."""
    notes = np.random.default_rng(3).choice([262, 294, 330, 349, 392, 440, 494, 523, 587, 659], 4 * _SPOKEN_S)
    hertz = np.repeat(notes, _RATE_HZ // 4)
    turns = 2 * np.pi * np.cumsum(hertz) / _RATE_HZ
    since = np.arange(len(turns)) % (_RATE_HZ // 4)
    wave = sum(np.sin(k * turns) / k for k in range(1, 9)) * np.exp(-since / 6000)
    return np.asarray(wave * 3000 / np.sqrt(np.mean(wave**2))).clip(-32_767, 32_767).astype("<i2")


@asynccontextmanager
async def _bed() -> AsyncIterator[Bed]:
    with tempfile.TemporaryDirectory(prefix="librarian-health-") as place:
        daemon = PulseDaemon(Path(place) / "sound", more_devices=True)
        os.environ.update(daemon.environment)
        await asyncio.to_thread(daemon.start)
        try:
            yield Bed(Path(place), daemon, PortAudio())
        finally:
            await asyncio.to_thread(daemon.stop)
