"""What the console asks, carried out: told, done once, never in the way of a visit."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from kiosk.core import commands as c
from kiosk.core.care import Identify, Order
from kiosk.core.care_ports import Ending
from kiosk.core.effects import SendOrder
from kiosk.core.facts import VisitFacts
from kiosk.core.orders import Outcome
from signaling.protocol.health import HealthArea, OrderFault, OrderKind, OrderState, TestKind
from signaling.protocol.vocabulary import Language, VisitState
from tests.support.care_parts import CareBench
from tests.support.visitor import VISIT

TAKEN, DONE, FAILED = OrderState.TAKEN, OrderState.DONE, OrderState.FAILED


@pytest_asyncio.fixture
async def bench() -> AsyncIterator[CareBench]:
    bench = CareBench()
    yield bench
    await bench.stop()


def states(bench: CareBench) -> list[OrderState]:
    return [told.state for told in bench.told]


async def test_the_kiosk_shows_who_it_is_for_a_minute(bench: CareBench) -> None:
    await bench.booted()
    bench.hears(kiosk_name="Entrén", kiosk_id="kiosk-a7f3")
    bench.asks(Order("o1", OrderKind.IDENTIFY))
    await bench.until(lambda: states(bench) == [TAKEN, DONE], "it is told")
    await bench.until(lambda: bench.shown.identify == Identify("Entrén", "A7F3", 60), "the name")
    bench.asks()
    bench.pass_time(59)
    await bench.until(lambda: bench.shown.identify == Identify("Entrén", "A7F3", 1), "a second before")
    bench.pass_time(1)
    await bench.until(lambda: bench.shown.identify is None, "it is gone")


async def test_a_touch_takes_the_name_away(bench: CareBench) -> None:
    await bench.booted()
    bench.asks(Order("o1", OrderKind.IDENTIFY))
    await bench.until(lambda: bench.shown.identify is not None, "the name")
    bench.does(c.Touched())
    await bench.until(lambda: bench.shown.identify is None, "it is gone")


async def test_a_test_that_was_asked_for_is_done_when_it_is_reported(bench: CareBench) -> None:
    await bench.booted()
    sound = bench.tests[HealthArea.SOUND]
    sound.may_end.clear()
    bench.asks(Order("o1", OrderKind.TEST))
    await bench.until(lambda: sound.device_open, "it is at it")
    assert states(bench) == [TAKEN]
    sound.may_end.set()
    await bench.tested(TestKind.ASKED)
    await bench.until(lambda: states(bench) == [TAKEN, DONE], "it is told")


async def test_a_test_that_a_visitor_breaks_off_has_failed_for_that_reason(bench: CareBench) -> None:
    await bench.booted()
    sound = bench.tests[HealthArea.SOUND]
    sound.may_end.clear()
    bench.asks(Order("o1", OrderKind.TEST))
    await bench.until(lambda: sound.device_open, "it is at it")
    bench.does(c.TapCall())
    await bench.until(lambda: not sound.device_open, "the devices are free")
    assert bench.told[-1] == SendOrder("o1", FAILED, OrderFault.IN_A_VISIT)


async def test_reload_draws_and_asks_for_everything_anew(bench: CareBench) -> None:
    await bench.booted()
    bench.asks(Order("o1", OrderKind.RELOAD))
    await bench.until(lambda: states(bench) == [TAKEN, DONE], "it is told")
    await bench.until(lambda: bench.shown.reloads == 1 and bench.renewed == 1, "it is done")


async def test_the_program_ends_after_it_was_kept_and_told(bench: CareBench) -> None:
    await bench.booted()
    bench.asks(Order("o1", OrderKind.RESTART_PROGRAM))
    await bench.until(lambda: bench.endings == [Ending.RESTART], "it ends")
    assert bench.kept[-1].orders == {"o1": Outcome(TAKEN)}
    assert states(bench) == [TAKEN]


async def test_the_next_start_says_that_the_restart_is_done_and_does_not_restart_again(bench: CareBench) -> None:
    await bench.booted()
    bench.asks(Order("o1", OrderKind.RESTART_PROGRAM))
    await bench.until(lambda: bench.endings, "it ends")
    await bench.stop()
    after = CareBench(bench.kept[-1])
    await after.start()
    after.asks(Order("o1", OrderKind.RESTART_PROGRAM, taken=True))
    await after.turns()
    assert (after.told, after.endings) == ([SendOrder("o1", DONE)], [])
    await after.stop()


@pytest.mark.parametrize("fault", [OrderFault.NOT_ALLOWED, OrderFault.BROKEN])
async def test_a_machine_that_does_not_restart_is_told(bench: CareBench, fault: OrderFault) -> None:
    await bench.booted()
    bench.machine.fault = fault
    bench.asks(Order("o1", OrderKind.RESTART_MACHINE))
    await bench.until(lambda: states(bench) == [TAKEN, FAILED], "it is told")
    assert bench.told[-1].fault is fault


async def test_a_machine_that_restarts_is_done_when_it_is_back(bench: CareBench) -> None:
    await bench.booted()
    bench.asks(Order("o1", OrderKind.RESTART_MACHINE))
    await bench.until(lambda: bench.machine.restarts == 1, "it restarts")
    await bench.turns()
    assert states(bench) == [TAKEN]


@pytest.mark.parametrize("kind", OrderKind)
async def test_nothing_touches_a_visit(bench: CareBench, kind: OrderKind) -> None:
    await bench.booted()
    bench.hears(visit=VisitFacts(VISIT, VisitState.WAITING, Language.SV))
    bench.asks(Order("o1", kind))
    await bench.turns()
    assert bench.told == [SendOrder("o1", FAILED, OrderFault.IN_A_VISIT)]
    assert (bench.endings, bench.machine.restarts, bench.renewed, bench.shown.identify) == ([], 0, 0, None)


async def test_an_order_that_is_shown_again_is_done_once(bench: CareBench) -> None:
    await bench.booted()
    bench.asks(Order("o1", OrderKind.RELOAD))
    await bench.until(lambda: DONE in states(bench), "it is done")
    bench.asks(Order("o1", OrderKind.RELOAD, taken=True))
    bench.lose()
    bench.asks(Order("o1", OrderKind.RELOAD, taken=True))
    await bench.turns()
    assert bench.shown.reloads == 1
    assert states(bench)[-1] is DONE
