"""The file of a backup: a ZIP archive of a manifest that people can read and of one SQLite database.

It appears under its name only when it is whole and was read back; it never takes the place of another. What it does not
do: know what is in the database.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from signaling.service.ports import StoreError

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
DATABASE: Final = "librarian.sqlite3"
#: Until it is whole.
UNFINISHED: Final = ".unfinished"
_BLOCK: Final = 1024 * 1024
#: A manifest is some kilobytes; more is none of ours.
_MAX_MANIFEST_BYTES: Final = 1024 * 1024


class BackupError(StoreError):
    """No backup could be made of it, or no database of the backup. The text is one sentence."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself.

    Attributes:
        made_at: ISO 8601, UTC: the moment at which it was begun.
        kind: Of database that it was made of.
        schema: Version of its tables.
        rows: How many, of each table.
        contents_sha256: Over all values; the same before and after, in either kind of database.
        database_sha256, database_bytes: Of the database file inside.
    """

    made_at: str
    kind: str
    schema: str
    rows: Mapping[str, int]
    contents_sha256: str
    database_sha256: str
    database_bytes: int


@contextmanager
def new_file(file: Path) -> Iterator[Path]:
    """A place to write to; on a clean exit it stands under its name.

    Raises:
        BackupError: There is such a file already, or the place cannot be written to.
    """
    if os.path.lexists(file):
        raise BackupError(f"{file} is there already; a backup never takes the place of another file")
    unfinished = file.with_name(file.name + UNFINISHED)
    try:
        # Of nobody but us: it holds addresses and password hashes of staff.
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        raise BackupError(
            f"{unfinished} is there already: another backup is being written, or one broke off; "
            "remove it if none is being written"
        ) from None
    except OSError as error:
        raise BackupError(f"{file} cannot be written: {error.strerror}") from None
    try:
        yield unfinished
        _settle(unfinished, file)
    finally:
        with contextlib.suppress(FileNotFoundError):
            unfinished.unlink()


def write(place: Path, manifest: Manifest, database: Path) -> None:
    """Pack both.

    Raises:
        BackupError: The disk is full, or broken.
    """
    try:
        with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(MANIFEST, json.dumps({"format": FORMAT, **asdict(manifest)}, indent=2) + "\n")
            archive.write(database, DATABASE)
        with place.open("rb") as written:
            os.fsync(written.fileno())
    except OSError as error:
        raise BackupError(f"{place} cannot be written: {error.strerror}") from None


def unpack(file: Path, database: Path) -> Manifest:
    """Check the file, and put its database at `database`.

    Raises:
        BackupError: It is no backup, of a newer kind, or damaged.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _manifest(archive, file)
            with archive.open(DATABASE) as packed, database.open("xb") as plain:
                while block := packed.read(_BLOCK):
                    plain.write(block)
    except FileNotFoundError:
        raise BackupError(f"{file} does not exist") from None
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, ValueError, TypeError, NotImplementedError):
        raise BackupError(f"{file} is no backup, or it is damaged") from None
    except OSError as error:
        raise BackupError(f"{file} cannot be unpacked: {error.strerror or error}") from None
    if sha256_of(database) != manifest.database_sha256:
        raise BackupError(f"{file} is damaged: its database is not the one that was written")
    return manifest


def sha256_of(file: Path) -> str:
    """Of a whole file, in hex."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _manifest(archive: zipfile.ZipFile, file: Path) -> Manifest:
    if archive.getinfo(MANIFEST).file_size > _MAX_MANIFEST_BYTES:
        raise ValueError("too large")
    said: dict[str, Any] = json.loads(archive.read(MANIFEST))
    if said.pop("format") != FORMAT:
        raise BackupError(f"{file} was made by a newer version of this program; restore it with that version")
    return Manifest(**said)


def _settle(unfinished: Path, file: Path) -> None:
    try:
        os.link(unfinished, file)  # fails if somebody has made the file meanwhile, as renaming would not
    except FileExistsError:
        raise BackupError(f"{file} is there already; a backup never takes the place of another file") from None
    except OSError:  # a disk without links, such as a USB stick's
        if os.path.lexists(file):
            raise BackupError(f"{file} is there already; a backup never takes the place of another file") from None
        unfinished.rename(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
