"""What calls were like, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Final

from sqlalchemy import select

from signaling.adapters.store_sql import schema
from signaling.adapters.store_sql.database import Database
from signaling.adapters.store_sql.upserts import upsert
from signaling.protocol.vocabulary import KioskId, LibraryId
from signaling.service.ports import QualityRecord

_FIELDS: Final = tuple(field.name for field in fields(QualityRecord))


class SqlQualities:
    """The part of the store that keeps quality records; see `Store` for what each method means."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put_quality(self, record: QualityRecord) -> None:
        """Keep it; what was told earlier of the same visit, generation and end gives way."""
        row = {name: getattr(record, name) for name in _FIELDS}
        await self._database.write(lambda connection: upsert(connection, schema.call_qualities, row))

    async def qualities(
        self, library_id: LibraryId, *, kiosk_id: KioskId | None = None, before: datetime, limit: int
    ) -> Sequence[QualityRecord]:
        """The latest before a time, newest first; of one kiosk or of all."""
        table = schema.call_qualities
        query = (
            select(*(table.c[name] for name in _FIELDS))
            .where(table.c.library_id == library_id, table.c.at < before)
            .order_by(table.c.at.desc(), table.c.visit_id, table.c.generation.desc(), table.c.party)
            .limit(limit)
        )
        if kiosk_id is not None:
            query = query.where(table.c.kiosk_id == kiosk_id)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [QualityRecord(*row) for row in rows]
