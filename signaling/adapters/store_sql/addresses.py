"""Where the database is: addresses from the settings, and the file or folder behind them. Opens nothing."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Final

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from signaling.service.ports import StoreError

_DRIVERS: Final = {
    "sqlite": "sqlite+pysqlite",
    "sqlite+pysqlite": "sqlite+pysqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}


def parse_url(text: str) -> URL:
    """Turn a setting into an address with its driver.

    Raises:
        StoreError: It is no address, or of a database that we do not know. The text is not repeated: it may
            hold a password.
    """
    try:
        url = make_url(text)
    except ArgumentError:
        msg = "database.url is not an address such as sqlite:///var/librarian.sqlite3"
        raise StoreError(msg) from None
    driver = _DRIVERS.get(url.drivername)
    if driver is None:
        msg = f"database.url names {url.drivername!r}; this program knows sqlite and postgresql"
        raise StoreError(msg)
    if driver.startswith("postgresql") and importlib.util.find_spec("asyncpg") is None:
        msg = "PostgreSQL needs the package asyncpg: pip install 'librarian-on-demand[server,postgres]'"
        raise StoreError(msg)
    return url.set(drivername=driver)


def is_sqlite(url: URL) -> bool:
    """Whether the address is a file of SQLite; everything else is PostgreSQL."""
    return url.drivername.startswith("sqlite")


def sqlite_file(url: URL) -> Path | None:
    """The file of an SQLite address; None for PostgreSQL.

    Raises:
        StoreError: SQLite in memory, which would forget the line at each restart.
    """
    if not is_sqlite(url):
        return None
    if not url.database or url.database == ":memory:":
        msg = "database.url must name a file: a line kept in memory would be lost at each restart"
        raise StoreError(msg)
    return Path(url.database)


def require_folder(url: URL) -> None:
    """Say so when the folder of the database file is missing.

    It is not made: a folder that somebody named but that is not there is a slip of the pen or a disk that is
    not mounted, and a fresh empty database in its place would look like lost data.

    Raises:
        StoreError: With the command that makes it.
    """
    file = sqlite_file(url)
    if file is not None and not file.absolute().parent.is_dir():
        folder = file.absolute().parent
        msg = f"the folder {folder} for the database does not exist; make it with: mkdir -p {folder}"
        raise StoreError(msg)
