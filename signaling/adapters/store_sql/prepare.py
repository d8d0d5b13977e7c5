"""What a start does with the database before it is opened."""

from __future__ import annotations

from signaling.adapters.store_sql.addresses import parse_url, sqlite_file
from signaling.adapters.store_sql.migrate import migrate


async def prepare(url: str, *, may_make_folder: bool) -> bool:
    """Make an SQLite database ready; leave PostgreSQL, which its operator migrates, as it is.

    Args:
        url: As in the settings.
        may_make_folder: True when nobody chose the place: then its folder is ours to make. A folder that
            somebody named must be there, or a disk that is not mounted would look like lost data.

    Returns:
        True when tables were made or changed.

    Raises:
        StoreError: See `migrate`.
    """
    file = sqlite_file(parse_url(url))
    if file is None:
        return False
    if may_make_folder:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return await migrate(url)


def is_there(url: str) -> bool:
    """Whether the database's file is there; PostgreSQL, which has none of ours, counts as there."""
    file = sqlite_file(parse_url(url))
    return file is None or file.exists()
