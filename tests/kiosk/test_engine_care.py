"""The care in the engine: facts reach it, what it says reaches the screen, and it ends with everything else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from kiosk.core import commands as c
from kiosk.core import events as e
from kiosk.core.care import MenuStage, Order, Settings
from kiosk.core.care_ports import CareParts, Ending
from kiosk.core.effects import SendHealth, SendOrder
from kiosk.core.facts import VisitFacts
from kiosk.core.kept import Kept
from kiosk.core.snapshot import Screen, ScreenState
from kiosk.engine import Engine, Surroundings
from signaling.protocol.health import HealthArea, HealthCode, OrderKind, OrderState
from signaling.protocol.vocabulary import Language, OutOfServiceCause, VisitState
from tests.support.care_parts import FakeMachine, FakePlace, FakePlugs, FakeTest
from tests.support.kiosk_parts import Parts
from tests.support.visitor import FACTS, NOON, VISIT


class Bench:
    """An engine with a care."""

    def __init__(self) -> None:
        self.parts, self.machine = Parts(), FakeMachine()
        self.test = FakeTest(HealthArea.SOUND)
        self.kept: list[Kept] = []
        self.endings: list[Ending] = []
        self.screens: list[ScreenState] = []
        self.now_s = 100.0
        self.engine = Engine(
            signaling=self.parts.signaling,
            peer_engine=self.parts.peer_engine,
            camera=self.parts.camera,
            sound=self.parts.sound,
            publish=self._publish,
            show_remote=self.parts.show_remote,
            show_colleague=self.parts.show_colleague,
            show_own=self.parts.show_own,
            broke=lambda: None,
            chime=self.parts.chime,
            care=CareParts(
                machine=self.machine,
                place=FakePlace(),
                devices=FakePlugs(),
                keep=self.kept.append,
                check_pin=lambda pin, pin_hash: False,
                end=self.endings.append,
                cpu_s=lambda: 0.0,
                stages=((self.test,),),
            ),
            surroundings=Surroundings(now_s=lambda: self.now_s, now=lambda: NOON, tick_s=0.01, look_every_s=0.01),
        )

    def hears(self, **changes: Any) -> None:
        """Let the server's facts come."""
        facts = replace(FACTS, **changes)
        assert self.parts.signaling.loop is not None
        self.parts.signaling.loop.call_soon_threadsafe(self.engine.happened, e.FactsCame(facts))

    def shows(self, condition: Callable[[ScreenState], object], what: str) -> None:
        """Wait until the screen is so."""
        self.parts.journal.wait_for(lambda: self.screens and condition(self.screens[-1]), what)

    def sends(self, kind: type) -> Any:
        """Wait until something of this kind was sent."""
        sent = self.parts.signaling.sent
        self.parts.journal.wait_for(lambda: any(isinstance(x, kind) for x in sent), kind.__name__)
        return [x for x in sent if isinstance(x, kind)][-1]

    def _publish(self, state: ScreenState) -> None:
        self.screens.append(state)
        self.parts.journal.write("screen")


@pytest.fixture
def bench() -> Iterator[Bench]:
    threads = threading.active_count()
    bench = Bench()
    bench.engine.start()
    bench.parts.journal.wait_for(lambda: bench.parts.signaling.listener, "signaling runs")
    bench.hears()
    bench.shows(lambda screen: screen.screen is Screen.IDLE, "idle")
    yield bench
    bench.engine.stop()
    assert threading.active_count() <= threads + 1  # the pool for slow work keeps none for itself
    assert bench.kept[-1].ended


def test_a_screen_that_is_seen_is_told_to_the_supervisor_and_is_no_touch(bench: Bench) -> None:
    bench.engine.submit(c.ScreenSeen(drawn=True, after_ms=5.0))
    bench.parts.journal.wait_for(lambda: bench.machine.readies == 1, "ready")
    bench.shows(lambda screen: screen.care.health.drawn, "drawn")
    assert not bench.screens[-1].care.health.touched
    bench.engine.submit(c.Touched())
    bench.shows(lambda screen: screen.care.health.touched, "touched")


def test_what_a_test_finds_closes_the_kiosk_and_is_reported(bench: Bench) -> None:
    bench.test.finds = {HealthCode.MICROPHONE_DEAF}
    bench.now_s += 5
    bench.shows(lambda screen: screen.out_of_service_cause is OutOfServiceCause.BROKEN, "out of service")
    assert bench.sends(SendHealth).findings == (HealthCode.MICROPHONE_DEAF,)


def test_a_lock_closes_it_and_is_gone_with_the_lock(bench: Bench) -> None:
    bench.hears(lock={Language.SV: "Vi flyttar."})
    bench.shows(lambda screen: screen.out_of_service_cause is OutOfServiceCause.LOCKED, "locked")
    bench.hears()
    bench.shows(lambda screen: screen.screen is Screen.IDLE, "idle")


def test_an_order_is_taken_and_told(bench: Bench) -> None:
    bench.hears(orders=(Order("o1", OrderKind.RESTART_PROGRAM),))
    bench.parts.journal.wait_for(lambda: bench.endings == [Ending.RESTART], "the end")
    assert bench.sends(SendOrder) == SendOrder("o1", OrderState.TAKEN)


def test_the_corner_opens_the_way_to_the_menu(bench: Bench) -> None:
    bench.engine.submit(c.OpenMenu())
    bench.shows(lambda screen: screen.care.menu.stage is MenuStage.NO_PIN, "no way in without a PIN")
    bench.engine.submit(c.CloseMenu())
    bench.shows(lambda screen: screen.care.menu.stage is MenuStage.CLOSED, "closed")


def test_a_number_is_called_no_louder_than_the_hour_allows(bench: Bench) -> None:
    calling = VisitFacts(VISIT, VisitState.CALLING, Language.SV, ticket=7)
    quiet = Settings(volume_max_percent=80, quiet_volume_max_percent=30, quiet_from_min=0, quiet_to_min=1439)
    bench.hears(settings=quiet)
    bench.shows(lambda screen: screen.care.volume_max_percent == 30, "the quiet hour is known")
    bench.hears(visit=calling, settings=quiet)
    bench.parts.journal.wait_for(lambda: bench.parts.chime.rings, "the chime rings")
    assert bench.parts.journal.order("chime at 30 %", "chime rings")
    bench.hears(visit=calling, settings=Settings(volume_max_percent=80))  # the quiet hour ends while it rings
    bench.parts.journal.wait_for(lambda: bench.parts.chime.volume_percent == 80, "it is as loud as by day")
    assert bench.parts.chime.rings
