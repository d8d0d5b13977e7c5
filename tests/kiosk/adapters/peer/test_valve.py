"""Once shut, nothing gets through, whatever a thread is in the middle of."""

from __future__ import annotations

import threading
from collections.abc import Callable

from kiosk.adapters.peer.valve import Valve


class Source:
    """Pushes when told to."""

    def __init__(self) -> None:
        self.takers: list[Callable[[int], None]] = []
        self.unsubscribed = 0

    def subscribe(self, taker: Callable[[int], None]) -> Callable[[], None]:
        self.takers.append(taker)

        def unsubscribe() -> None:
            self.unsubscribed += 1

        return unsubscribe


def test_it_lets_through_what_the_connected_source_pushes() -> None:
    got: list[int] = []
    valve, source = Valve(got.append), Source()
    valve.connect(source.subscribe)
    source.takers[0](1)
    assert got == [1]


def test_shut_it_drops_what_a_source_still_pushes() -> None:
    got: list[int] = []
    valve, source = Valve(got.append), Source()
    valve.connect(source.subscribe)
    valve.connect(None)
    source.takers[0](1)
    assert (got, source.unsubscribed) == ([], 1)


def test_a_former_source_is_dropped_when_another_is_connected() -> None:
    got: list[int] = []
    valve, first, second = Valve(got.append), Source(), Source()
    valve.connect(first.subscribe)
    valve.connect(second.subscribe)
    first.takers[0](1)
    second.takers[0](2)
    assert (got, first.unsubscribed, second.unsubscribed) == ([2], 1, 0)


def test_shutting_waits_for_a_delivery_under_way() -> None:
    inside, go_on, shut = threading.Event(), threading.Event(), threading.Event()

    def deliver(_item: int) -> None:
        inside.set()
        go_on.wait(5)

    valve, source = Valve(deliver), Source()
    valve.connect(source.subscribe)
    pushing = threading.Thread(target=source.takers[0], args=(1,))
    pushing.start()
    assert inside.wait(5)

    def shut_it() -> None:
        valve.connect(None)
        shut.set()

    shutting = threading.Thread(target=shut_it)
    shutting.start()
    assert not shut.wait(0.05)
    go_on.set()
    assert shut.wait(5)
    pushing.join()
    shutting.join()
