"""What calls were like, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Final

from sqlalchemy import and_, delete, insert, select

from signaling.adapters.store_sql import schema
from signaling.adapters.store_sql.database import Database
from signaling.protocol.vocabulary import KioskId, LibraryId
from signaling.service.ports import QualityRecord

_FIELDS: Final = tuple(field.name for field in fields(QualityRecord))


class SqlQualities:
    """The part of the store that keeps quality records; see `Store` for what each method means."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put_quality(self, record: QualityRecord) -> None:
        """Keep it; what was told earlier of the same visit, generation and end gives way."""
        table = schema.call_qualities
        same = and_(
            table.c.visit_id == record.visit_id,
            table.c.generation == record.generation,
            table.c.party == record.party,
        )
        row = {name: getattr(record, name) for name in _FIELDS}
        await self._database.write(
            lambda connection: (connection.execute(delete(table).where(same)), connection.execute(insert(table), row))
        )

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
