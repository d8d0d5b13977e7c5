"""Fakes of everything that the care of a kiosk is made with, and a bench that it is looked after on.

What it is for: hours of a kiosk's life in moments. What it does not do: decide; each fake does what it is told and
writes down what was asked of it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from kiosk.care.care import CareSurroundings, KioskCare
from kiosk.care.service_menu import MenuDevices
from kiosk.core import events as e
from kiosk.core.care import Care, DeviceKind, Looked, Order
from kiosk.core.care_ports import CareParts, Ending, LogSaved
from kiosk.core.commands import CareCommand, Command, ScreenSeen
from kiosk.core.effects import CareEffect, SendHealth, SendOrder
from kiosk.core.facts import ServerFacts
from kiosk.core.kept import Kept
from signaling.protocol.health import HealthArea, HealthCode, OrderFault, TestKind
from tests.support.kiosk_parts import Parts
from tests.support.visitor import FACTS, Visitor

PIN = "271828"
#: A Wednesday morning, the branch open.
MORNING = datetime(2026, 3, 4, 10, tzinfo=UTC)
PATIENCE_S = 20.0


class FakeTest:
    """A test that finds what it is told to, and waits where it is told to."""

    def __init__(self, area: HealthArea, *, light: bool = False) -> None:
        self.areas = frozenset({area})
        self.light = light
        self.finds: set[HealthCode] = set()
        self.looks: list[TestKind] = []
        self.may_end = asyncio.Event()
        self.may_end.set()
        self.device_open = False
        self.broken: Exception | None = None

    async def look(self, kind: TestKind) -> Looked:
        if kind is TestKind.LIGHT and not self.light:
            return Looked(frozenset())
        self.looks.append(kind)
        if self.broken is not None:
            raise self.broken
        self.device_open = True
        try:
            await self.may_end.wait()
        finally:
            await asyncio.sleep(0)  # a device takes a moment to close
            self.device_open = False
        return Looked(self.areas, frozenset(self.finds))


class FakeMachine:
    """A machine that writes down what it is told."""

    def __init__(self) -> None:
        self.readies = 0
        self.beats = 0
        self.busy: list[bool] = []
        self.restarts = 0
        self.fault: OrderFault | None = None
        self.light: list[int] = []
        self.has_lamp = True

    def ready(self) -> None:
        self.readies += 1

    def alive(self) -> None:
        self.beats += 1

    def status(self, *, busy: bool) -> None:
        self.busy.append(busy)

    async def restart(self) -> OrderFault | None:
        self.restarts += 1
        return self.fault

    async def brighten(self, percent: int) -> bool:
        self.light.append(percent)
        return self.has_lamp


class FakePlace:
    """An installation."""

    def __init__(self) -> None:
        self.wanted: list[str] = []
        self.failed = ""
        self.exports = 0
        self.saved = LogSaved.STICK

    def facts(self) -> tuple[tuple[str, str], ...]:
        return (("fact_version", "1.0"),)

    def want(self, version: str) -> None:
        self.wanted.append(version)

    def refused(self, version: str) -> bool:
        return version == self.failed

    def export_log(self) -> LogSaved:
        self.exports += 1
        return self.saved


class FakePlugs:
    """What is plugged in."""

    def __init__(self) -> None:
        self.now = frozenset({"card 0"})
        self._looks = 0

    def names(self, kind: DeviceKind) -> tuple[str, ...]:
        return (f"{kind.value} one", f"{kind.value} two")

    @property
    def looks(self) -> int:
        """How often it was looked at."""
        return self._looks

    def plugged(self) -> frozenset[str]:
        self._looks += 1
        return self.now


class CareBench:
    """A kiosk that is looked after, its server, its visitor and its clock."""

    def __init__(self, kept: Kept | None = None, **parts: Any) -> None:
        self.tests = {
            area: FakeTest(area, light=area in {HealthArea.NETWORK, HealthArea.MACHINE})
            for area in (HealthArea.MACHINE, HealthArea.NETWORK, HealthArea.CAMERA, HealthArea.SOUND, HealthArea.CALL)
        }
        self.machine, self.place, self.plugs = FakeMachine(), FakePlace(), FakePlugs()
        self.devices = Parts()
        self.kept: list[Kept] = []
        self.endings: list[Ending] = []
        self.sent: list[CareEffect] = []
        self.cares: list[Care] = []
        self.renewed = 0
        self.passed_s = 0.0
        self.draws = True
        self.visitor = Visitor()
        self.facts: ServerFacts = FACTS
        everything: dict[str, Any] = {
            "machine": self.machine,
            "place": self.place,
            "devices": self.plugs,
            "keep": self.kept.append,
            "check_pin": lambda pin, pin_hash: pin == PIN and bool(pin_hash),
            "end": self.endings.append,
            "cpu_s": lambda: 0.5,
            "stages": tuple((test,) for test in self.tests.values()),
            "kept": kept or Kept(),
        }
        around = CareSurroundings(
            now_s=self.now_s,
            now=lambda: MORNING + timedelta(seconds=self.passed_s),
            say=self.sent.append,
            deliver=self._deliver,
            changed=self._changed,
            renew=self._renew,
            devices=MenuDevices(self.devices.camera, self.devices.sound, self.devices.show_own),
            tick_s=0.002,
            look_every_s=0.002,
        )
        self.care = KioskCare(CareParts(**{**everything, **parts}), around)
        self._running: asyncio.Task[None] | None = None

    async def start(self, *, linked: bool = True) -> None:
        """Begin: the screen is drawn, and the server is there."""
        self.see()
        if linked:
            self.hears()
        self._running = asyncio.create_task(self.care.run())
        await asyncio.sleep(0)

    async def stop(self) -> None:
        """End it as the engine does."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        await self.care.close()

    def now_s(self) -> float:
        return 100.0 + self.passed_s

    @property
    def shown(self) -> Care:
        """What is on the screen."""
        return self.cares[-1]

    @property
    def reports(self) -> list[SendHealth]:
        return [effect for effect in self.sent if isinstance(effect, SendHealth)]

    @property
    def told(self) -> list[SendOrder]:
        return [effect for effect in self.sent if isinstance(effect, SendOrder)]

    # --- what happens -------------------------------------------------------------------------------------

    def hears(self, **changes: Any) -> None:
        """Let the server's facts come."""
        self.facts = replace(self.facts, **changes)
        self._step(e.FactsCame(self.facts))

    def asks(self, *orders: Order) -> None:
        """The console asks for these."""
        self.hears(orders=orders)

    def does(self, command: Command) -> None:
        """Somebody does something at the screen."""
        if not isinstance(command, ScreenSeen):
            self.care.touched()
        if isinstance(command, CareCommand):
            self.care.take(command)
        self._step(command)

    def see(self) -> None:
        """The screen was looked at."""
        self.care.take(ScreenSeen(drawn=self.draws, after_ms=8.0))

    def lose(self) -> None:
        """The server is away."""
        self._step(e.LinkLost())

    def pass_time(self, seconds: float) -> None:
        """Time goes on, and the screen is looked at meanwhile."""
        self.passed_s += seconds
        self.see()
        self._step(e.Tick(MORNING + timedelta(seconds=self.passed_s)))

    async def until(self, condition: Callable[[], object], what: str) -> None:
        """Wait until something is so."""
        deadline_s = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline_s, f"not within {PATIENCE_S:g} s: {what}"
            await asyncio.sleep(0.002)

    async def turns(self) -> None:
        """Let some turns of the clock go by: what would happen by itself has happened then."""
        beats = self.machine.beats
        await self.until(lambda: self.machine.beats >= beats + 3, "three turns")

    async def tested(self, kind: TestKind = TestKind.BOOT) -> None:
        """Wait for the report of a test of this kind."""
        await self.until(lambda: any(report.test is kind and report.areas for report in self.reports), f"test {kind}")

    async def booted(self) -> None:
        """Start, and have the first test made."""
        await self.start()
        self.pass_time(5)
        await self.tested()

    # --- private ------------------------------------------------------------------------------------------

    def _step(self, event: e.Event) -> None:
        self.visitor.now_s = self.now_s()
        self.visitor.does(event)
        self.care.saw(self.visitor.state, UTC)

    async def _deliver(self, effect: CareEffect) -> None:
        await asyncio.sleep(0)
        self.sent.append(effect)

    def _changed(self, care: Care) -> None:
        self.cares.append(care)

    def _renew(self) -> None:
        self.renewed += 1
