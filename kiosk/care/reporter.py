"""Tells the server how the kiosk is: what is new at once, and everything anew before silence is taken for a fault."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.core.care import Health
from kiosk.core.effects import SendHealth
from signaling.protocol.health import LIGHT_TEST_EVERY_S, HealthArea, TestKind


class Reporter:
    """Everything that is wrong is in each report, so one that is lost is no matter.

    Args:
        say: Tells the server something, some time.
        now_s: Monotonic seconds.
    """

    def __init__(self, say: Callable[[SendHealth], None], now_s: Callable[[], float]) -> None:
        self._say = say
        self._now_s = now_s
        self._told: tuple[object, ...] | None = None
        self._told_s = now_s()

    def tell(
        self, now: Health, areas: frozenset[HealthArea] = frozenset(), seconds: float = 0.0, cpu_s: float = 0.0
    ) -> None:
        """Report.

        Args:
            now: How the kiosk is.
            areas: What was looked at just now.
            seconds: How long that took.
            cpu_s: And how much processor time.
        """
        self._told = _what_matters(now)
        self._told_s = self._now_s()
        self._say(
            SendHealth(
                test=now.test or TestKind.LIGHT,
                areas=areas,
                findings=now.findings,
                numbers=now.numbers,
                seconds=seconds,
                cpu_s=cpu_s,
                drawn=now.drawn,
                touched=now.touched,
            )
        )

    def tell_what_is_new(self, now: Health, *, linked: bool, tested: bool) -> None:
        """Report if there is a reason to.

        Args:
            now: How the kiosk is.
            linked: The server can be reached.
            tested: A test was made since the start. Before the first one nothing is known; afterwards silence would
                be taken for a fault, in a long visit too.
        """
        if not linked:
            self._told = None  # whatever was on its way may be lost
            return
        new = _what_matters(now) != self._told
        late = self._now_s() - self._told_s >= LIGHT_TEST_EVERY_S
        if (tested and new) or late:
            self.tell(now)


def _what_matters(now: Health) -> tuple[object, ...]:
    return (now.findings, now.drawn, now.touched)
