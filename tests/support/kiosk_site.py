"""A kiosk's places as `deploy/kiosk/install` makes them, with programs that play what they are told to."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LIB = ROOT / "deploy" / "kiosk" / "lib"
DEADLINE_S = 30.0

#: Stands for the Python of an environment: plays program or out-of-service screen, as the file `play` beside it says.
PLAYER = """#!{python} -S
import os, signal, socket, sys, time
here = {here!r}
what = "screen" if sys.argv[1].endswith("out_of_service.py") else "program"
with open({home!r} + "/starts", "a") as log:
    log.write(what + " " + os.path.basename(here) + "\\n")
def play():
    name = "/play" if what == "program" else "/play_screen"
    try:
        return open(here + name).read().strip()
    except OSError:
        return "live"
def tell(message):
    out = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    out.sendto(message.encode(), os.environ["NOTIFY_SOCKET"])
def ended(number, frame):
    with open({home!r} + "/starts", "a") as log:
        log.write("ended " + what + " " + os.path.basename(here) + "\\n")
    os._exit(0)
signal.signal(signal.SIGTERM, ended)
part = play()
if part == "crash":
    os._exit(3)
if part == "end_at_once":
    os._exit(0)
if part != "never":
    tell("STATUS=" + ("busy" if part == "busy" else "idle"))
    tell("READY=1")
while True:
    part = play()
    if part == "crash_later":
        os.kill(os.getpid(), signal.SIGKILL)
    if part == "end":
        os._exit(0)
    if part == "left":
        os._exit(10)
    if part not in ("still", "never"):
        tell("WATCHDOG=1\\nSTATUS=" + ("busy" if part == "busy" else "idle"))
    time.sleep(0.05)
"""


def wait_for(true: Callable[[], object], what: str, within_s: float = DEADLINE_S) -> None:
    """Wait until it is so; fail when it does not become so."""
    deadline = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < deadline, f"not within {within_s:.0f} s: {what}"
        time.sleep(0.02)


@dataclass
class KioskSite:
    """The folders of one kiosk."""

    folder: Path
    supervisors: list[subprocess.Popen[str]] = field(default_factory=list)
    systemd: Path | None = None  # a socket in its place

    def __post_init__(self) -> None:
        for path in (self.home, self.run, self.state):
            path.mkdir()
        self.turn_over("a")

    @property
    def home(self) -> Path:
        """The environments."""
        return self.folder / "home"

    @property
    def run(self) -> Path:
        """What is gone after a restart of the machine."""
        return self.folder / "run"

    @property
    def state(self) -> Path:
        """What the program keeps."""
        return self.folder / "state"

    def turn_over(self, environment: str) -> None:
        """Let the link point to another environment."""
        new = self.home / "new"
        new.symlink_to(environment)
        new.replace(self.home / "current")

    def make_player(self, environment: str, part: str = "live", version: str = "1.0") -> None:
        """An environment whose program plays this part."""
        here = self.home / environment
        (here / "bin").mkdir(parents=True)
        python = here / "bin" / "python"
        python.write_text(PLAYER.format(python=sys.executable, here=str(here), home=str(self.home)))
        python.chmod(0o755)
        (here / "VERSION").write_text(version)
        self.play(environment, part)

    def play(self, environment: str, part: str, *, screen: bool = False) -> None:
        """Let the program, or the screen, play another part from now on. All or nothing: it reads at any time."""
        new = self.home / environment / "play.new"
        new.write_text(part)
        new.replace(self.home / environment / ("play_screen" if screen else "play"))

    def starts(self, what: str = "program") -> list[str]:
        """In which environments it was started, in order; `ended program`, `ended screen`: politely ended."""
        with contextlib.suppress(OSError):
            lines = (self.home / "starts").read_text().splitlines()
            return [line.removeprefix(f"{what} ") for line in lines if line.startswith(f"{what} ")]
        return []

    def told(self) -> dict[str, Any]:
        """What the supervisor tells."""
        with contextlib.suppress(OSError, ValueError):
            told: dict[str, Any] = json.loads((self.run / "state.json").read_text())
            return told
        return {}

    def phase(self) -> str:
        """The supervisor's word for how it goes."""
        return str(self.told().get("phase", ""))

    def supervise(self, **patience: float) -> subprocess.Popen[str]:
        """Start the supervisor, with other times than the real ones."""
        options = [f"--{name.replace('_', '-')}={value}" for name, value in patience.items()]
        command = [sys.executable, "-I", LIB / "supervise.py", "--home", self.home, "--run", self.run, *options]
        env = {**os.environ, "NOTIFY_SOCKET": str(self.systemd or "")}
        process = subprocess.Popen([str(x) for x in command], env=env, stderr=subprocess.PIPE, text=True)
        self.supervisors.append(process)
        return process

    def close(self) -> None:
        """End every supervisor."""
        for process in self.supervisors:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.communicate(timeout=DEADLINE_S)


@contextlib.contextmanager
def listening(path: Path) -> Iterator[Callable[[str], bool]]:
    """A socket that takes the place of systemd's. Yields: whether a message has come until now."""
    heard: list[str] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(path))

        def came(message: str) -> bool:
            while select.select([listener], [], [], 0)[0]:
                heard.append(listener.recv(4096).decode())
            return message in heard

        yield came
