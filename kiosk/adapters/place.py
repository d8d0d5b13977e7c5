"""Where this program stands: the facts that somebody on site asks about, its updater's files, its log.

What it does not do: install a version (`deploy/kiosk`), or write anything about a visit or a person: the log has none.
"""

from __future__ import annotations

import json
import platform
import sys
from collections import deque
from collections.abc import Callable, MutableMapping
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, Final

import structlog

from kiosk.adapters.whole_file import write_whole
from kiosk.core.care_ports import LogSaved

#: The updater looks at it (`deploy/kiosk/lib/update.py`).
WANTED_FILE: Final = "wanted-version"
#: The updater's word of how it went, beside the environment that this program runs in.
UPDATE_FILE: Final = "update.json"
#: What the service menu writes where there is no memory stick.
LOG_FILE: Final = "kiosk-log.jsonl"
#: So many lines are kept in memory for the service menu: about two weeks of a quiet kiosk.
LINES_KEPT: Final = 2000
#: Where a memory stick that somebody plugs in may appear.
STICKS: Final = (Path("/media"), Path("/run/media"))

_log = structlog.get_logger(__name__)


class LogLines:
    """The last lines of the log, in memory. A processor of structlog, before the one that makes text. Any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._lines: deque[str] = deque(maxlen=LINES_KEPT)

    def __call__(self, _logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """Take one line and pass it on."""
        line = json.dumps(event, default=str)
        with self._lock:
            self._lines.append(line)
        return event

    def text(self) -> str:
        """All of them, oldest first."""
        with self._lock:
            return "".join(f"{line}\n" for line in self._lines)


class Installation:
    """See `kiosk.core.care_ports.Place`.

    Args:
        state_dir: The program's own folder.
        facts: Name and value of what is known beside the machine's own.
        addresses: This machine's addresses now.
        lines: The log.
        now: UTC.
        environment: Where this program's Python lives.
        sticks: Where memory sticks appear.
    """

    def __init__(
        self,
        state_dir: Path,
        *,
        facts: tuple[tuple[str, str], ...],
        addresses: Callable[[], frozenset[str]],
        lines: LogLines,
        now: Callable[[], datetime],
        environment: Path = Path(sys.prefix),
        sticks: tuple[Path, ...] = STICKS,
    ) -> None:
        self._state_dir = state_dir
        self._facts = facts
        self._addresses = addresses
        self._lines = lines
        self._now = now
        self._environment = environment
        self._sticks = sticks

    def facts(self) -> tuple[tuple[str, str], ...]:
        """What somebody on site asks about."""
        addresses = ", ".join(sorted(self._addresses()))
        return (*self._facts, ("fact_addresses", addresses), ("fact_machine", platform.node()))

    def want(self, version: str) -> None:
        """Write the version down for the updater; none wanted: no file."""
        path = self._state_dir / WANTED_FILE
        try:
            if version:
                write_whole(path, f"{version}\n")
            else:
                path.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("wanted_version_not_written", error=type(error).__name__)

    def refused(self, version: str) -> bool:
        """Whether the updater's word is that this very version failed."""
        try:
            told = json.loads((self._environment.parent / UPDATE_FILE).read_text("utf-8"))
            return bool(told["wanted"] == version and told["state"] == "failed")
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def export_log(self) -> LogSaved:
        """Write the last lines to a memory stick; without one into the program's folder, in place of those before."""
        name = f"kiosk-log-{self._now():%Y%m%d-%H%M%S}.jsonl"
        text = self._lines.text()
        for stick in self._plugged_sticks():
            try:
                write_whole(stick / name, text)
            except OSError:
                continue
            return LogSaved.STICK
        try:
            write_whole(self._state_dir / LOG_FILE, text)
        except OSError:
            return LogSaved.NOWHERE
        return LogSaved.MACHINE

    def _plugged_sticks(self) -> list[Path]:
        """Folders that are mounted below those of `sticks`, directly or below a user's own."""
        found: list[Path] = []
        for root in self._sticks:
            for pattern in ("*", "*/*"):
                found.extend(path for path in sorted(root.glob(pattern)) if path.is_mount())
        return found
