"""A temporary PostgreSQL cluster of Debian's package: no port, no password, gone when the tests end.

Started with `initdb` and `postgres` themselves, so that nothing of the machine's own clusters is touched. The
database refuses to run as root; then it runs as the user `postgres`, which Debian's package makes.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

USER = "librarian"
START_WITHIN_S = 60.0
STOP_WITHIN_S = 30.0
#: A Unix socket's path may have 107 characters, so the folder stands right under the temporary one.
PREFIX = "lod-pg-"


class PostgresMissing(Exception):
    """Debian's package is not installed."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running cluster, reached through a Unix socket."""

    bin_dir: Path
    folder: Path
    pid: int

    def url(self, database: str) -> str:
        """Address of one database, as in our settings."""
        return f"postgresql://{USER}@/{database}?host={self.folder}"

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run one statement; returns what it printed."""
        command: list[str | Path] = [self.bin_dir / "psql", "-X", "-q", "-At", "-h", self.folder, "-U", USER]
        options = ["-v", "ON_ERROR_STOP=1", "-d", database, "-c", statement]
        return subprocess.run(
            [*command, *options], check=True, capture_output=True, text=True, timeout=30
        ).stdout.strip()


def find_bin_dir() -> Path:
    """Folder of the newest `initdb`; raises PostgresMissing."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    anywhere = shutil.which("initdb")
    if anywhere is None:
        raise PostgresMissing("PostgreSQL is missing: apt-get install postgresql")
    return Path(anywhere).resolve().parent


@contextlib.contextmanager
def temporary_cluster() -> Iterator[Cluster]:
    """Start a cluster, and end it by its own process id."""
    bin_dir = find_bin_dir()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        as_user = _unprivileged(folder)
        _run([*as_user, bin_dir / "initdb", "-D", folder / "data", *_INITDB])
        log = folder / "log"
        with log.open("wb") as output:
            server = subprocess.Popen(
                [*as_user, bin_dir / "postgres", "-D", folder / "data", "-k", folder, *_SETTINGS],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder,
            )
        try:
            _await_ready(bin_dir, folder, server, log)
            yield Cluster(bin_dir, folder, server.pid)
        finally:
            server.send_signal(signal.SIGINT)  # fast shutdown: ends open connections
            try:
                server.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


_INITDB = ("-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
# Nothing here has to survive a power cut.
_SETTINGS = ("-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=200")


def _unprivileged(folder: Path) -> list[str]:
    """What to put before a command so that it does not run as root; the folder is given to that user."""
    if os.geteuid() != 0:
        return []
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        user = pwd.getpwnam("nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--"]


def _await_ready(bin_dir: Path, folder: Path, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while server.poll() is None and time.monotonic() < deadline:
        asked = subprocess.run([bin_dir / "pg_isready", "-q", "-h", folder, "-U", USER], check=False, timeout=30)
        if asked.returncode == 0:
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


def _run(command: list[str | Path]) -> None:
    result = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120, cwd="/")
    if result.returncode != 0:
        raise RuntimeError(f"{command} failed:\n{result.stdout}\n{result.stderr}")
