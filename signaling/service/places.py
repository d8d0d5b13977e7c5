"""The places of this node: what the store keeps about libraries, read once and read again when it may have changed.

The rules get it as `Setup`. What it does not do: change anything, or tell anybody that something changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from signaling.domain.places import Directory, Library, Setup
from signaling.domain.policy import Policy
from signaling.protocol.vocabulary import LineId
from signaling.service.ports import Clock, HolidayCalendar, Store

#: Places are changed by the command line in another process, and by forms on another node. The gateway's recheck
#: reads them again every few seconds, beside the way from tap to ring; this bound holds when it cannot.
MAX_AGE_S: Final = 15.0


class Places:
    """One reading of the directory for everybody on this node."""

    def __init__(self, *, store: Store, clock: Clock, policy: Policy, holidays: HolidayCalendar) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy
        self._holidays = holidays
        self._setup: Setup | None = None
        self._read_at = clock.now()

    async def setup(self, *, fresh: bool = False) -> Setup:
        """What the rules go by; read again when old, or when `fresh` is asked for.

        Raises:
            StoreError: The database is away.
        """
        now = self._clock.now()
        if self._setup is None or fresh or (now - self._read_at).total_seconds() > MAX_AGE_S:
            directory = await self._store.directory()
            years = (now.year - 1, now.year, now.year + 1)  # the local day may lie in another year than UTC's
            read = Setup(
                directory,
                self._policy,
                {
                    country: {day: names for year in years for day, names in self._holidays.of(country, year).items()}
                    for country in {library.country for library in directory.libraries.values()} - {""}
                },
            )
            if read != self._setup:
                self._setup = read  # else the same object, so that whoever compares need not look into it
            self._read_at = now
        return self._setup

    async def directory(self, *, fresh: bool = False) -> Directory:
        """The places alone."""
        return (await self.setup(fresh=fresh)).directory


def lines_of(libraries: Iterable[Library]) -> list[LineId]:
    """Every line, each once."""
    return sorted({library.line for library in libraries})
