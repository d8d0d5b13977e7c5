"""What kiosks tell of themselves, and that they come and go, on its way from the sockets to the keeper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from signaling.adapters.gateway.connections import Connection, Connections, Pace
from signaling.adapters.gateway.quality import Recent
from signaling.domain.health import Told
from signaling.protocol.errors import ErrorCode, WireError
from signaling.protocol.messages import HealthReport
from signaling.protocol.vocabulary import KioskId, MediaEngine, Party
from signaling.service.health import HealthKeeper, Program
from signaling.service.ports import Metrics

#: A kiosk tells of itself every few minutes, and at once when something changes: this is more than it needs.
REPORTS_PER_S: Final = 0.2
REPORTS_BURST: Final = 15


def programs_of(connections: Connections) -> Callable[[], Mapping[KioskId, Program]]:
    """The kiosks that are connected to this node, and what runs there."""

    def present() -> Mapping[KioskId, Program]:
        return {
            connection.kiosk_id: Program(
                connection.software, connection.engine or MediaEngine.LIBWEBRTC, connection.instance
            )
            for connection in connections.of_kind(Party.VISITOR)
        }

    return present


class HealthReports:
    """Takes reports, no faster than there is use for them, and follows who comes and goes.

    Args:
        monotonic_s: A clock for the pace.
    """

    def __init__(self, *, keeper: HealthKeeper, metrics: Metrics, monotonic_s: Callable[[], float]) -> None:
        self._keeper = keeper
        self._metrics = metrics
        self._monotonic_s = monotonic_s
        self._paces: Recent[Pace] = Recent()

    async def report(self, who: Connection, report: HealthReport) -> None:
        """Keep it.

        Raises:
            WireError: `too_fast`.
            StoreError: The database is away.
        """
        now_s = self._monotonic_s()
        key = (who.party_id,)  # of the kiosk, not of its socket: who reconnects has no more
        pace = self._paces.get(key) or Pace(now_s, REPORTS_PER_S, REPORTS_BURST)
        self._paces.put(key, pace)
        if not pace.allows(now_s):
            raise WireError(ErrorCode.TOO_FAST)
        await self._keeper.report(
            who.kiosk_id, who.library_id, Told(report.test, report.findings, report.numbers, drawn=report.drawn)
        )
        self._metrics.count("kiosk_reports", {"test": report.test.value})
        if report.areas:
            self._metrics.observe("kiosk_self_test", report.seconds)

    async def came(self, who: Connection) -> None:
        """It was let in. Raises StoreError; the keeper's next look makes up for it."""
        await self._keeper.moved(who.kiosk_id)

    async def went(self, who: Connection) -> None:
        """Its last socket has ended. Raises StoreError; the keeper's next look makes up for it."""
        await self._keeper.moved(who.kiosk_id)
