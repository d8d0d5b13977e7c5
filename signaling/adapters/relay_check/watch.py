"""Looks at the relay at the start and then again and again, and remembers since when it is as it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final, Protocol

import structlog

from signaling.protocol.relay_address import RelayAddress
from signaling.protocol.vocabulary import RelayFinding
from signaling.service.ports import Clock, Metrics, RelayStatus

#: While all is well, and while something is not: whoever mends it wants to see it soon.
EVERY_S: Final = 300.0
EVERY_S_WHEN_BAD: Final = 30.0

_log = structlog.get_logger(__name__)


class Probe(Protocol):
    """Tries one relay."""

    async def look(self, address: RelayAddress) -> RelayFinding:
        """What became of one try; never raises for what the relay does."""


class RelayWatch:
    """The state of each address of the relay, as this node finds it.

    Args:
        addresses: Of the settings; none when there is no relay.
        probe: Tries one.
        clock: Time.
        metrics: Levels and counts.
        sleep: Waits so many seconds.
    """

    def __init__(
        self,
        addresses: Sequence[RelayAddress],
        probe: Probe,
        clock: Clock,
        metrics: Metrics,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._addresses = tuple(addresses)
        self._probe = probe
        self._clock = clock
        self._metrics = metrics
        self._sleep = sleep
        self._statuses = {
            address.url: RelayStatus(url=address.url, transport=address.transport) for address in self._addresses
        }

    def statuses(self) -> Sequence[RelayStatus]:
        """In the order of the settings; empty when there is no relay."""
        return tuple(self._statuses.values())

    async def look(self) -> None:
        """Try all of them, at once."""
        looks = (self._probe.look(address) for address in self._addresses)
        for address, finding in zip(self._addresses, await asyncio.gather(*looks, return_exceptions=True), strict=True):
            if isinstance(finding, RelayFinding):
                self._note(address, finding)
            else:  # a look that broke is a fault of ours, and no reason to stop the calls
                _log.error("relay_check_broke", url=address.url, error=type(finding).__name__)

    async def run(self) -> None:
        """For ever; for a server that has a relay."""
        while True:
            await self.look()
            is_well = all(status.finding is RelayFinding.REACHED for status in self.statuses())
            await self._sleep(EVERY_S if is_well else EVERY_S_WHEN_BAD)

    def _note(self, address: RelayAddress, finding: RelayFinding) -> None:
        now = self._clock.now()
        before = self._statuses[address.url]
        is_new = finding is not before.finding
        since = now if is_new else before.since
        self._statuses[address.url] = replace(before, finding=finding, since=since, checked_at=now)
        self._metrics.gauge("relay_reached", float(finding is RelayFinding.REACHED), (("url", address.url),))
        self._metrics.count("relay_checks", {"finding": finding.value})
        if not is_new:
            return
        if finding is RelayFinding.REACHED:
            _log.info("relay_reached", url=address.url)
        else:
            _log.warning("relay_not_usable", url=address.url, finding=finding.value)
