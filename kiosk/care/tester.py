"""Makes one test of several areas: stage by stage, twice where something red is found, and away at once when asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

import structlog

from kiosk.core.care import Looked
from kiosk.core.care_ports import AreaTest
from signaling.protocol.health import HealthArea, Light, TestKind, light_of

#: A test that hangs is given up: what it looks at stays as it was.
AREA_TIMEOUT_S: Final = 30.0
#: Red is looked at a second time, unless that would take longer than a visitor should wait for a kiosk to be mended.
AGAIN_MAX_S: Final = 4.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Tested:
    """What came of one test.

    Attributes:
        looked: Over all areas.
        seconds, cpu_s: How long it took, and how much processor time of the whole program.
    """

    looked: Looked
    seconds: float
    cpu_s: float


class Tester:
    """Runs tests on the engine's loop. One at a time; cancelling frees the devices before it is through.

    Args:
        stages: The tests, in their order; those of one stage are made at the same time.
        now_s: Monotonic seconds.
        cpu_s: Processor time of this process until now.
        timeout_s: Of one look.
    """

    def __init__(
        self,
        stages: Sequence[Sequence[AreaTest]],
        *,
        now_s: Callable[[], float],
        cpu_s: Callable[[], float],
        timeout_s: float = AREA_TIMEOUT_S,
    ) -> None:
        self._stages = stages
        self._now_s = now_s
        self._cpu_s = cpu_s
        self._timeout_s = timeout_s

    async def run(
        self, kind: TestKind, areas: frozenset[HealthArea], testing: Callable[[HealthArea | None], None]
    ) -> Tested:
        """Test these areas, as far as there are tests of them.

        Args:
            kind: Why; a light one makes no sound, opens no camera and makes no call.
            areas: What is to be looked at.
            testing: Told which area is looked at now.
        """
        began_s, cpu_began_s = self._now_s(), self._cpu_s()
        found: list[Looked] = []
        try:
            for stage in self._stages:
                chosen = [test for test in stage if test.areas & areas]
                if chosen:
                    testing(_first(chosen, areas))
                    looks = [self._look(test, kind) for test in chosen]
                    found.extend(await _together(looks))
        finally:
            testing(None)
        return Tested(reduce(_sum, found, Looked(frozenset())), self._now_s() - began_s, self._cpu_s() - cpu_began_s)

    async def _look(self, test: AreaTest, kind: TestKind) -> Looked:
        began_s = self._now_s()
        looked = await self._look_once(test, kind)
        if self._now_s() - began_s > AGAIN_MAX_S:
            return looked  # it has tried more than once by itself
        if kind is TestKind.LIGHT or light_of(looked.findings) is not Light.RED:
            return looked
        # A chair that falls over during the sweep is no broken microphone: red is said when it is seen twice.
        return await self._look_once(test, kind)

    async def _look_once(self, test: AreaTest, kind: TestKind) -> Looked:
        try:
            async with asyncio.timeout(self._timeout_s):
                return await test.look(kind)
        except TimeoutError:
            _log.error("test_hangs", areas=sorted(test.areas), after_s=self._timeout_s)
            return Looked(frozenset())


async def _together(looks: Sequence[Coroutine[object, object, Looked]]) -> list[Looked]:
    """All of them; one that breaks is a fault of its own and takes nothing from the others."""
    results = await asyncio.gather(*looks, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            _log.error("test_broke", error=type(result).__name__)
    return [result for result in results if isinstance(result, Looked)]


def _first(tests: Sequence[AreaTest], areas: frozenset[HealthArea]) -> HealthArea:
    """What is said to be looked at while several are."""
    return next(area for area in HealthArea if any(area in test.areas for test in tests) and area in areas)


def _sum(one: Looked, other: Looked) -> Looked:
    return Looked(
        one.areas | other.areas,
        one.findings | other.findings,
        {**one.numbers, **other.numbers},
    )
