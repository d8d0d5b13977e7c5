"""Is this machine's clock right? Compared with the database's, and with a web server that somebody trusts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import aiohttp

from signaling.adapters.doctor.database import database_clock
from signaling.adapters.doctor.findings import Code, Finding
from signaling.service.ports import Clock

#: An HTTP date has whole seconds, and an answer takes its time. Kiosks must answer within 60 s.
TOLERANCE_S: Final = 5.0
PATIENCE_S: Final = 10.0
THE_DATABASE: Final = "the database's clock"


async def look_at_clock(clock: Clock, database_url: str, clock_from: str) -> Sequence[Finding]:
    """What other clocks say.

    Args:
        clock: This machine's.
        database_url: PostgreSQL's clock is asked.
        clock_from: A web address, whose answer's `Date` is believed; empty: none.
    """
    found = []
    compared = await _compared(clock, THE_DATABASE, lambda: database_clock(database_url))
    if compared is not None:
        found.append(compared)
    if clock_from:
        compared = await _compared(clock, clock_from, lambda: _web_clock(clock_from))
        found.append(compared or Finding(Code.CLOCK_SILENT, {"source": clock_from}))
    return found or [Finding(Code.CLOCK_NOT_COMPARED)]


async def _compared(clock: Clock, source: str, ask: Callable[[], Awaitable[datetime | None]]) -> Finding | None:
    before = clock.now()
    there = await ask()
    after = clock.now()
    if there is None:
        return None
    # Somewhere between our two looks it was that time there.
    off_s = 0.0 if before <= there <= after else ((before if there < before else after) - there).total_seconds()
    if abs(off_s) <= TOLERANCE_S:
        return Finding(Code.CLOCK_OK, {"source": source, "off_s": abs(off_s)})
    return Finding(
        Code.CLOCK_WRONG, {"source": source, "off_s": abs(off_s), "way": "ahead of" if off_s > 0 else "behind"}
    )


async def _web_clock(address: str) -> datetime | None:
    timeout = aiohttp.ClientTimeout(total=PATIENCE_S)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as session, session.head(address) as response:
            there = parsedate_to_datetime(response.headers.get("Date", ""))
    except (aiohttp.ClientError, OSError, ValueError):
        return None
    return there if there.tzinfo is not None else there.replace(tzinfo=UTC)
