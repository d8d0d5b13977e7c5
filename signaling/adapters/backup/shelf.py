"""A folder of backups: how new ones are called, and which old ones go."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

_NAME: Final = re.compile(r"librarian-(\d{8}T\d{6})Z\.backup")
_FORM: Final = "%Y%m%dT%H%M%S"


def new_name(now: datetime) -> str:
    """The name of a backup that is made now; they sort by age."""
    return f"librarian-{now.astimezone(UTC).strftime(_FORM)}Z.backup"


def forget_old(folder: Path, keep: timedelta, now: datetime) -> list[Path]:
    """Remove backups that are older, by their names; nothing else in the folder is touched. Returns the removed."""
    removed = []
    for file in sorted(folder.iterdir()):
        match = _NAME.fullmatch(file.name)
        if match and datetime.strptime(match[1], _FORM).replace(tzinfo=UTC) < now - keep:
            file.unlink()
            removed.append(file)
    return removed
