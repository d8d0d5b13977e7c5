"""Is the database there, of this version, and what is in it; and what time is it there?"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import text

from signaling.adapters.doctor.findings import Code, Finding
from signaling.adapters.store_sql import SchemaState, open_store, schema_state
from signaling.adapters.store_sql.addresses import is_sqlite, parse_url
from signaling.adapters.store_sql.database import open_database
from signaling.adapters.store_sql.migrate import CURRENT_VERSION
from signaling.service.ports import StoreError

_STATES: Final = {
    SchemaState.EMPTY: Code.DATABASE_EMPTY,
    SchemaState.OLDER: Code.DATABASE_OLDER,
    SchemaState.NEWER: Code.DATABASE_NEWER,
    SchemaState.FOREIGN: Code.DATABASE_FOREIGN,
}


async def look_at_database(url: str) -> Sequence[Finding]:
    """Its state, and what is missing in it before anybody can be answered."""
    begun_s = time.monotonic()
    try:
        state = await schema_state(url)
        if state is not SchemaState.CURRENT:
            return [Finding(_STATES[state])]
        kind = "SQLite" if is_sqlite(parse_url(url)) else "PostgreSQL"
        took_ms = round((time.monotonic() - begun_s) * 1000)
        found = Finding(Code.DATABASE_OK, {"kind": kind, "ms": took_ms, "version": CURRENT_VERSION})
        return [found, await _places(url)]
    except StoreError as error:
        return [Finding(Code.DATABASE_AWAY, {"error": str(error).rstrip(".")})]


async def database_clock(url: str) -> datetime | None:
    """What time it is there; None for SQLite, which has no clock of its own, and when it is away."""
    parsed = parse_url(url)
    if is_sqlite(parsed):
        return None
    database = open_database(parsed)
    try:
        found = await database.read(
            lambda connection: connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        )
        return found.astimezone(UTC) if isinstance(found, datetime) else None
    except StoreError:
        return None
    finally:
        await database.close()


async def _places(url: str) -> Finding:
    store = await open_store(url)
    try:
        directory, people = await store.directory(), await store.all_staff()
    finally:
        await store.close()
    counts = (
        ("libraries", len(directory.libraries), "library init NAME"),
        ("branches", len(directory.branches), "branch add NAME --phone NUMBER"),
        ("kiosks", sum(kiosk.revoked_at is None for kiosk in directory.kiosks.values()), "kiosk add BRANCH"),
        ("staff", sum(person.disabled_at is None for person in people), "staff add LOGIN --name NAME"),
    )
    said = ", ".join(f"{name}: {count}" for name, count, _ in counts)
    for _, count, command in counts:
        if not count:
            return Finding(Code.PLACES_MISSING, {"counts": said, "command": command})
    return Finding(Code.PLACES_OK, {"counts": said})
