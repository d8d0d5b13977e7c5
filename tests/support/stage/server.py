"""The real server on SQLite, set up by its own commands."""

from __future__ import annotations

import json
import os
import socket
import sys
import urllib.error
import urllib.request
from pathlib import Path

from tests.support.stage.processes import Program, StageError, run_python, until


def free_port() -> int:
    """A TCP port of this machine that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """`python -m signaling serve` with one library and one branch."""

    def __init__(self, folder: Path, *, port: int | None = None, settings: dict[str, str] | None = None) -> None:
        self.port = port or free_port()
        self.url = f"http://localhost:{self.port}"
        self._log = folder / "server.log"
        self.database_url = f"sqlite:///{folder / 'librarian.sqlite3'}"
        self._env = {
            "LIBRARIAN_DATABASE__URL": self.database_url,
            "LIBRARIAN_SERVER__PORT": str(self.port),
            **(settings or {}),
        }
        self._program: Program | None = None

    def set_up(self, library: str, branch: str, phone: str, notes: str = "") -> None:
        """Make the database, a library and a branch."""
        self.command("migrate")
        self.command("library", "init", library, "--language", "sv", "--time-zone", "Europe/Stockholm")
        self.command("branch", "add", branch, "--phone", phone, "--notes", notes)

    def command(self, *arguments: str) -> str:
        """Run one of the server's commands; returns what it printed."""
        return run_python("signaling", *arguments, env=self._env)

    def add_staff(self, login: str, name: str) -> str:
        """Add a librarian; returns the one-time password."""
        printed = self.command("staff", "add", login, "--name", name, "--role", "librarian", "--json")
        return str(json.loads(printed)["password"])

    def add_kiosk(self, branch: str, name: str) -> str:
        """Add a kiosk; returns its enrolment code."""
        return str(json.loads(self.command("kiosk", "add", branch, "--name", name, "--json"))["code"])

    async def start(self, *, last_in_line: bool = False) -> None:
        """Start it and wait until it is healthy.

        Args:
            last_in_line: Its start takes only what the other programs of this machine leave of the processors, as if
                it had a machine of its own; afterwards it is one of them again.
        """
        command = [sys.executable, "-m", "signaling", "serve"]
        self._program = Program("the server", [*(["nice", "-n", "19"] * last_in_line), *command], self._log, self._env)
        await until(self._healthy, "the server was healthy", within_s=60, program=self._program)
        if last_in_line:
            for task in Path(f"/proc/{self.pid}/task").iterdir():
                os.setpriority(os.PRIO_PROCESS, int(task.name), 0)

    def kill(self) -> None:
        """As a power cut does."""
        if self._program is not None:
            self._program.kill()

    async def stop(self) -> int:
        """Ask it to end; returns its exit code."""
        return await self._program.stop() if self._program is not None else 0

    @property
    def pid(self) -> int:
        """Its id."""
        if self._program is None:
            raise StageError("the server does not run")
        return self._program.pid

    @property
    def log(self) -> Path:
        """What it said."""
        return self._log

    def _healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=1) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False
