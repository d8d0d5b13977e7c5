"""Insert or replace, in each database's own words."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert


def upsert(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    """Insert a row, or replace the one with the same key; of two at once neither fails."""
    keys = [column.name for column in table.primary_key.columns]
    into = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    new = into(table).values(row)
    changes = {name: new.excluded[name] for name in row if name not in keys}
    connection.execute(new.on_conflict_do_update(index_elements=keys, set_=changes))
