"""All rows of a database: copied into another one, counted, and summed up in one number.

Both kinds of database are read and written by the same column types, so a backup of one kind restores into the other.
What it does not do: open databases or files (`copying`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, Table, create_engine, event, func, insert, select
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import URL

from signaling.adapters.store_sql.schema import metadata

#: Rows that are held at once.
_AT_ONCE: Final = 500
#: Whatever the database, a value is summed up as SQLite would store it.
_PLAIN: Final = SQLiteDialect_pysqlite()


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds.

    Attributes:
        rows: How many, of each table.
        sha256: Over all tables, columns and values; the order of rows does not matter.
    """

    rows: Mapping[str, int]
    sha256: str

    @property
    def total(self) -> int:
        """Rows of all tables."""
        return sum(self.rows.values())


def tables() -> Sequence[Table]:
    """Ours, those first that others point at."""
    return metadata.sorted_tables


def copy(source: Connection, target: Connection) -> Contents:
    """Put all rows of a database into an empty one; returns what was read.

    Raises:
        SQLAlchemyError: Either database refuses.
    """
    return _walk(source, target)


def sum_up(source: Connection) -> Contents:
    """Read all rows."""
    return _walk(source, None)


def filled_tables(connection: Connection) -> list[str]:
    """Names of those that hold rows."""
    return [
        table.name for table in tables() if connection.execute(select(func.count()).select_from(table)).scalar_one()
    ]


def plain_file(path: Path) -> Engine:
    """An SQLite database that is one file and nothing beside it, whatever happens to the machine."""
    engine = create_engine(URL.create("sqlite+pysqlite", database=str(path)), hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _plainly(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA journal_mode = DELETE")

    return engine


def _walk(source: Connection, target: Connection | None) -> Contents:
    counts: dict[str, int] = {}
    whole = hashlib.sha256()
    for table in tables():
        digests: list[bytes] = []
        for rows in _batches(source, table):
            digests += _digests(table, rows)
            if target is not None:
                target.execute(insert(table), [dict(row._mapping) for row in rows])  # noqa: SLF001 - its public name
        counts[table.name] = len(digests)
        whole.update(f"{table.name} {len(digests)}\n".encode())
        for digest in sorted(digests):
            whole.update(digest)
    return Contents(counts, whole.hexdigest())


def _batches(source: Connection, table: Table) -> Iterator[Sequence[Row[Any]]]:
    yield from source.execution_options(yield_per=_AT_ONCE).execute(select(table)).partitions()


def _digests(table: Table, rows: Sequence[Row[Any]]) -> list[bytes]:
    stored = [column.type.dialect_impl(_PLAIN).bind_processor(_PLAIN) for column in table.columns]
    names = [column.name for column in table.columns]
    return [
        hashlib.sha256(
            repr(
                [
                    (name, value if as_stored is None else as_stored(value))
                    for name, as_stored, value in zip(names, stored, row, strict=True)
                ]
            ).encode()
        ).digest()
        for row in rows
    ]
