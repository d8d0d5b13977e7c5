"""Make a backup while the server runs; make a database of it again.

A backup is one consistent look: all tables as they were at one moment, whatever visits do meanwhile, and nobody waits
for it. It is read back from the disk and compared before it gets its name. A restore fills an empty database, in one
transaction that is taken back if what it holds is not what the backup holds.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from signaling.adapters.backup import archive
from signaling.adapters.backup.archive import BackupError, Manifest
from signaling.adapters.backup.contents import Contents, copy, filled_tables, plain_file, sum_up
from signaling.adapters.store_sql import SchemaState, migrate, schema_state
from signaling.adapters.store_sql.addresses import is_sqlite, parse_url
from signaling.adapters.store_sql.database import open_database, our_errors
from signaling.adapters.store_sql.migrate import CURRENT_VERSION, require_current, upgrade, versions

_NOT_EMPTY: Final = (
    "the database is not empty, and a restore never writes over anything; name an empty one in database.url "
    "(or move the file away), then try again"
)


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was written and read back.

    Attributes:
        sha256: Of the file, to compare after it was carried elsewhere.
    """

    file: Path
    manifest: Manifest
    sha256: str


async def back_up(url: str, file: Path, now: datetime) -> Made:
    """Write everything that the database holds into one file.

    Args:
        url: Of the database, whose tables are of this version.
        file: Must not exist; its folder must.
        now: Aware, UTC.

    Raises:
        StoreError: One sentence: what is wrong with the database, the place, or the disk.
    """
    parsed = parse_url(url)
    database = open_database(parsed)
    with archive.new_file(file) as place, _folder_beside(file) as folder:
        written, read_back = folder / archive.DATABASE, folder / "read-back"
        try:
            await require_current(database)
            contents = await database.read(lambda source: _written(source, written))
        finally:
            await database.close()
        manifest = Manifest(
            made_at=now.isoformat(timespec="seconds"),
            kind="sqlite" if is_sqlite(parsed) else "postgresql",
            schema=CURRENT_VERSION,
            rows=contents.rows,
            contents_sha256=contents.sha256,
            database_sha256=archive.sha256_of(written),
            database_bytes=written.stat().st_size,
        )
        archive.write(place, manifest, written)
        _require_equal(_checked(archive.unpack(place, read_back), read_back), contents, file)
        sha256 = archive.sha256_of(place)
    return Made(file, manifest, sha256)


async def restore(url: str, file: Path) -> Manifest:
    """Fill an empty database from a backup, of either kind of database and of this or an older version.

    Args:
        url: Of a database without tables, or with tables of this version that are all empty.
        file: The backup.

    Raises:
        StoreError: One sentence. Nothing was written then, but for empty tables.
    """
    with tempfile.TemporaryDirectory(prefix="librarian-restore-") as name:
        kept = Path(name) / archive.DATABASE
        manifest = archive.unpack(file, kept)  # before anything is done to the database
        if manifest.schema not in versions():
            raise BackupError(f"{file} was made by a newer version of this program; restore it with that version")
        contents = _checked(manifest, kept)
        if await schema_state(url) not in {SchemaState.EMPTY, SchemaState.CURRENT}:
            raise BackupError(_NOT_EMPTY)
        await migrate(url)
        database = open_database(parse_url(url))
        try:
            await database.write(lambda target: _fill(target, kept, contents, file))
        finally:
            await database.close()
    return manifest


def _written(source: Connection, file: Path) -> Contents:
    engine = plain_file(file)
    try:
        with engine.begin() as target:
            upgrade(target)
        with engine.begin() as target:
            return copy(source, target)
    finally:
        engine.dispose()


def _checked(manifest: Manifest, kept: Path) -> Contents:
    """Look at all of a backup's database, bring it up to this version, and say what it holds."""
    engine = plain_file(kept)
    try:
        with our_errors(), engine.begin() as connection:
            wrong = connection.execute(text("PRAGMA integrity_check")).scalars().all() != ["ok"]
            wrong = wrong or bool(connection.execute(text("PRAGMA foreign_key_check")).all())
            if not wrong and manifest.schema != CURRENT_VERSION:
                upgrade(connection)
        with our_errors(), engine.connect() as connection:
            contents = sum_up(connection) if not wrong else None
    except (DatabaseError, ValueError):
        contents = None
    finally:
        engine.dispose()
    is_older = manifest.schema != CURRENT_VERSION
    if contents is None or (contents.sha256 != manifest.contents_sha256 and not is_older):
        raise BackupError("the backup is damaged: it does not hold what its manifest says")
    return contents


def _fill(target: Connection, kept: Path, contents: Contents, file: Path) -> None:
    if filled_tables(target):
        raise BackupError(_NOT_EMPTY)
    engine = plain_file(kept)
    try:
        with engine.connect() as source:
            copy(source, target)
    finally:
        engine.dispose()
    _require_equal(sum_up(target), contents, file)


def _require_equal(found: Contents, wanted: Contents, file: Path) -> None:
    if found != wanted:
        names = [name for name, count in wanted.rows.items() if found.rows.get(name) != count]
        where = f" in {', '.join(names)}" if names else ""
        raise BackupError(f"what was read back{where} is not what was written; look at the disk of {file}")


@contextmanager
def _folder_beside(file: Path) -> Iterator[Path]:
    # On the same disk, which must have room for it anyway; readable by nobody else.
    with tempfile.TemporaryDirectory(prefix=f".{file.name}-", dir=file.parent) as name:
        yield Path(name)
