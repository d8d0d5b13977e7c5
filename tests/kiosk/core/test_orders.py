"""What the console asks is done once, over restarts too, and never in the way of a visit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.core.care import Order
from kiosk.core.effects import SendOrder
from kiosk.core.orders import REMEMBERED, Outcome, decide, settled
from signaling.protocol.health import OrderFault, OrderKind, OrderState

TEST = Order("o1", OrderKind.TEST)
RESTART = Order("o2", OrderKind.RESTART_PROGRAM)
NOBODY = frozenset[str]()
TAKEN, DONE = Outcome(OrderState.TAKEN), Outcome(OrderState.DONE)
BROKEN = Outcome(OrderState.FAILED, OrderFault.BROKEN)


def test_a_new_order_is_told_and_begun() -> None:
    decision = decide({}, (TEST, RESTART), NOBODY, in_visit=False)
    assert decision.begin == (TEST, RESTART)
    assert decision.tell == (SendOrder("o1", OrderState.TAKEN), SendOrder("o2", OrderState.TAKEN))
    assert decision.memory == {"o1": TAKEN, "o2": TAKEN}


@pytest.mark.parametrize("kind", OrderKind)
def test_an_order_in_a_visit_fails_with_its_reason(kind: OrderKind) -> None:
    decision = decide({}, (Order("o1", kind),), NOBODY, in_visit=True)
    assert decision.begin == ()
    assert decision.tell == (SendOrder("o1", OrderState.FAILED, OrderFault.IN_A_VISIT),)


def test_an_order_that_is_being_carried_out_is_not_begun_again() -> None:
    busy = frozenset({"o1"})
    told = decide({"o1": TAKEN}, (replace(TEST, taken=True),), busy, in_visit=False)
    assert (told.begin, told.tell) == ((), ())
    untold = decide({"o1": TAKEN}, (TEST,), busy, in_visit=True)
    assert (untold.begin, untold.tell) == ((), (SendOrder("o1", OrderState.TAKEN),))


@pytest.mark.parametrize("taken", [True, False])
@pytest.mark.parametrize("outcome", [DONE, BROKEN])
def test_what_is_settled_here_is_told_until_the_server_knows(outcome: Outcome, taken: bool) -> None:
    decision = decide({"o1": outcome}, (replace(TEST, taken=taken),), NOBODY, in_visit=False)
    assert decision.begin == ()
    assert decision.tell == (SendOrder("o1", outcome.state, outcome.fault),)


@pytest.mark.parametrize("kind", [OrderKind.RESTART_PROGRAM, OrderKind.RESTART_MACHINE])
@pytest.mark.parametrize(("memory", "taken"), [({"o1": TAKEN}, False), ({}, True), ({"o1": TAKEN}, True)])
def test_after_a_restart_that_was_asked_for_it_is_done_and_not_done_again(
    kind: OrderKind, memory: dict[str, Outcome], taken: bool
) -> None:
    decision = decide(memory, (Order("o1", kind, taken),), NOBODY, in_visit=False)
    assert (decision.begin, decision.tell) == ((), (SendOrder("o1", OrderState.DONE),))


def test_what_a_restart_broke_off_has_failed() -> None:
    decision = decide({"o1": TAKEN}, (TEST,), NOBODY, in_visit=False)
    assert (decision.begin, decision.tell) == ((), (SendOrder("o1", OrderState.FAILED, OrderFault.BROKEN),))
    assert decision.memory == {"o1": BROKEN}


def test_only_the_newest_are_remembered() -> None:
    old = {f"old{number}": DONE for number in range(REMEMBERED)}
    memory = decide(old, (TEST,), NOBODY, in_visit=False).memory
    assert len(memory) == REMEMBERED
    assert list(memory)[-1] == "o1"
    assert "old0" not in memory


def test_an_order_ends_as_done_or_with_its_fault() -> None:
    assert settled({"o1": TAKEN}, "o1") == {"o1": DONE}
    assert settled({"o1": TAKEN}, "o1", OrderFault.BROKEN) == {"o1": BROKEN}
