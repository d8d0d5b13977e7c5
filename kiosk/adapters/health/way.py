"""The whole way to a librarian, at once: network and test call.

What it is for: both together take no longer than the longer of them. What it does not do: anything of its own.
"""

from __future__ import annotations

import asyncio

from kiosk.adapters.health.call import CallTest
from kiosk.adapters.health.network import NetworkTest
from kiosk.core.care import Looked
from signaling.protocol.health import TestKind


class WayTest:
    """Tests network and calls. See `kiosk.core.care_ports.AreaTest`."""

    areas = NetworkTest.areas | CallTest.areas

    def __init__(self, network: NetworkTest, call: CallTest) -> None:
        self._network = network
        self._call = call

    async def look(self, kind: TestKind) -> Looked:
        """Look now. When it is cancelled, both have ended before that is passed on."""
        async with asyncio.TaskGroup() as both:
            network = both.create_task(self._network.look(kind))
            call = both.create_task(self._call.look(kind))
        seen = (network.result(), call.result())
        return Looked(
            frozenset().union(*(looked.areas for looked in seen)),
            frozenset().union(*(looked.findings for looked in seen)),
            {number: value for looked in seen for number, value in looked.numbers.items()},
        )
