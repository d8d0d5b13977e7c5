"""The networks through which a pair talks, as data."""

from __future__ import annotations

from typing import Final

from tests.netlab.conditions import Scenario, Step, round_trip

GOOD: Final = Scenario("good", "a good path: 20 ms round trip", round_trip(20))


def _loss(percent: int) -> Scenario:
    return Scenario(
        f"loss{percent}", f"{percent} % loss each way at 60 ms round trip", round_trip(60, loss=percent / 100)
    )


LOSSES: Final = tuple(_loss(percent) for percent in (2, 5, 10, 20))
SLOW: Final = Scenario(
    "slow",
    "600 ms round trip, 400 kbit/s each way with a queue of 1 s",
    round_trip(600, rate_kbps=400, queue_ms=1000),
)
THIN: Final = Scenario("thin", "500 kbit/s each way at 60 ms round trip", round_trip(60, rate_kbps=500, queue_ms=300))
#: Sound goes over such a path, and no picture that moves beside it.
TOO_THIN: Final = round_trip(60, rate_kbps=110, queue_ms=300)
#: When the path narrows, and when it is wide again (no cap).
NARROWS_S, WIDENS_S = 20.0, 45.0
SHRINKING: Final = Scenario(
    "shrinking",
    "500 kbit/s, then 150, then without a cap again, at 60 ms round trip",
    round_trip(60, rate_kbps=500, queue_ms=300),
    (
        Step(NARROWS_S, round_trip(60, rate_kbps=150, queue_ms=300)),
        Step(WIDENS_S, round_trip(60)),
    ),
    seconds=75,
)
JITTER: Final = Scenario(
    "jitter",
    "100 ms round trip, jitter of 30 ms each way, 2 % of the packets out of order",
    round_trip(100, jitter_ms=30, reorder=0.02),
)
ALL: Final = {one.name: one for one in (GOOD, *LOSSES, SLOW, THIN, SHRINKING, JITTER)}
