"""Keeps the kiosk's program on the screen: starts it, sees that it lives, and starts it anew when it does not.

It runs inside the compositor, on the system's own Python and with its standard library alone, so that a broken program
or a broken environment takes nothing of it down. A program that keeps failing gives way to a plain out-of-service
screen, which stays while the program is tried again beneath; so nothing flickers. systemd watches over this one.

What it does not do: decide what a living kiosk is. The program says so itself, in the words of sd_notify(3): READY=1
when its idle screen is drawn, WATCHDOG=1 from a loop that has seen both the screen and the engine live, STATUS=busy
while a visitor is there and STATUS=idle when nobody is, so that a new version waits for the end of a visit.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Final

#: The program ends with it when somebody left it by the service menu: it is not started again.
EXIT_LEFT: Final = 10
#: This program ends with it when the compositor has to start anew, too.
EXIT_ALL_ANEW: Final = 1
#: The names of the two environments, of which the link `current` points to one.
ENVIRONMENTS: Final = ("a", "b")
#: At most so long until the clock is looked at.
TURN_S: Final = 0.5
#: What cannot even be started is not tried more often.
PAUSE_S: Final = 1.0
#: prctl(2): a signal for us when our parent ends.
PR_SET_PDEATHSIG: Final = 1


@dataclass(frozen=True)
class Patience:
    """How long things may take, and how often they may fail. All times in seconds.

    Attributes:
        start_s: From the start to READY=1.
        still_s: Without WATCHDOG=1, once it was ready.
        proven_s: A program that has been ready for so long works.
        faults: So many within `within_s` are a loop.
        within_s: See `faults`.
        again_s: From one try to the next while the out-of-service screen is shown.
        stop_s: From being asked to end until it is made to.
    """

    start_s: float = 40.0
    still_s: float = 20.0
    proven_s: float = 60.0
    faults: int = 4
    within_s: float = 300.0
    again_s: float = 300.0
    stop_s: float = 6.0


@dataclass(frozen=True)
class Places:
    """Where things lie.

    Attributes:
        home: Holds the environments and the link `current`.
        run: Ours to write, gone after a restart of the machine.
        screen: The program of the out-of-service screen.
    """

    home: Path
    run: Path
    screen: Path

    def environment(self) -> str:
        """The environment that is to run now."""
        with contextlib.suppress(OSError):
            name = (self.home / "current").readlink().name
            if name in ENVIRONMENTS:
                return name
        return ENVIRONMENTS[0]

    def python(self, environment: str) -> str:
        """The Python of an environment."""
        return str(self.home / environment / "bin" / "python")

    def version(self, environment: str) -> str:
        """What is installed there; empty when nobody knows."""
        with contextlib.suppress(OSError):
            return (self.home / environment / "VERSION").read_text(encoding="utf-8").strip()
        return ""


class Told:
    """A socket on which a program tells how it is, in the words of sd_notify(3)."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self.socket.bind(str(path))
        path.chmod(0o600)

    def news(self) -> dict[str, str]:
        """What came since the last time; of each name the last value."""
        heard: dict[str, str] = {}
        while True:
            try:
                message = self.socket.recv(4096)
            except BlockingIOError:
                return heard
            for line in message.decode(errors="replace").splitlines():
                name, equals, value = line.partition("=")
                if equals:
                    heard[name] = value


@dataclass
class Child:
    """One program that we started.

    Attributes:
        started_s: Monotonic; so are the others.
        ready_s: When it said that it was ready.
        seen_s: When it last said that it lives.
        busy: Somebody is using it.
    """

    process: subprocess.Popen[bytes]
    environment: str
    started_s: float
    ready_s: float | None = None
    seen_s: float = 0.0
    busy: bool = False

    def hear(self, news: dict[str, str], now_s: float) -> None:
        """Take in what it told."""
        if news.get("READY") == "1" and self.ready_s is None:
            self.ready_s = self.seen_s = now_s
        if news.get("WATCHDOG") == "1":
            self.seen_s = now_s
        if "STATUS" in news:
            self.busy = news["STATUS"] == "busy"

    def stands_still(self, patience: Patience, now_s: float) -> bool:
        """Whether it took too long to start, or no longer lives."""
        if self.ready_s is None:
            return now_s - self.started_s > patience.start_s
        return now_s - self.seen_s > patience.still_s

    def end(self, within_s: float) -> None:
        """Ask it to end; make it."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(within_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass
class Record:
    """What has to outlive this program, but not the machine's being switched off: the last faults."""

    path: Path
    faults_s: list[float] = field(default_factory=list)

    @classmethod
    def load(cls, path: Path) -> Record:
        """As it was; empty when there is none that can be read."""
        with contextlib.suppress(OSError, ValueError, TypeError):
            return cls(path, [float(fault) for fault in json.loads(path.read_text(encoding="utf-8"))])
        return cls(path)

    def add(self, now_s: float, patience: Patience) -> bool:
        """Another fault. True: it is a loop."""
        recent = [fault for fault in self.faults_s if 0 <= now_s - fault < patience.within_s]
        self.faults_s = [*recent, now_s]
        write(self.path, json.dumps(self.faults_s))
        return len(self.faults_s) >= patience.faults

    def clear(self) -> None:
        """It works."""
        if self.faults_s:
            self.faults_s = []
            self.path.unlink(missing_ok=True)


class Supervisor:
    """The whole course of it. `turn` does what is due and says whether to go on."""

    def __init__(self, places: Places, patience: Patience) -> None:
        self._places = places
        self._patience = patience
        self._told = Told(places.run / "program.notify")
        self._screen_told = Told(places.run / "screen.notify")
        self._record = Record.load(places.run / "faults.json")
        self._environment = places.environment()
        self._program: Child | None = None
        self._screen: Child | None = None
        self._screens = 0  # how many were started
        self._pause_until_s = float("-inf")
        self._again_s: float | None = None  # in trouble: when to try again
        self._phase = ""
        self.exit_code: int | None = None
        self.stop_asked = False

    @property
    def sockets(self) -> list[socket.socket]:
        """What wakes it."""
        return [self._told.socket, self._screen_told.socket]

    def turn(self, now_s: float) -> bool:
        """Do what is due.

        Args:
            now_s: Monotonic; the machine's uptime, so that it can be compared over restarts of this program.
        """
        if self.stop_asked:
            self.close()
            self.exit_code = 0
            return False
        self._look_at_the_program(now_s)
        self._follow_the_link()
        if self.exit_code is None:
            self._look_at_the_screen(now_s)
        if self.exit_code is not None:
            self.close()
            return False
        self._start_what_is_due(now_s)
        return True

    def close(self) -> None:
        """End what was started."""
        for child in (self._program, self._screen):
            if child is not None:
                child.end(self._patience.stop_s)
        self._program = self._screen = None

    def _look_at_the_program(self, now_s: float) -> None:
        program = self._program
        news = self._told.news()
        if program is None:
            return
        program.hear(news, now_s)
        code = program.process.poll()
        if code == EXIT_LEFT:
            self._program = None
            self.exit_code = EXIT_LEFT
            write(self._places.run / "left", "")  # for `start`: not every compositor passes our code on
        elif code is not None:
            self._program = None
            say(f"the program ended with {code}")
            if code != 0 or program.ready_s is None:  # one that ends well without having begun would do so for ever
                self._fault(now_s)
        elif program.stands_still(self._patience, now_s):
            say("the program stands still")
            program.process.send_signal(signal.SIGABRT)  # Python's fault handler says where
            program.end(self._patience.stop_s)
            self._program = None
            self._fault(now_s)
            # A compositor that stands still looks just so from here.
            self.exit_code = EXIT_ALL_ANEW
        elif program.ready_s is not None and now_s - program.ready_s > self._patience.proven_s:
            self._record.clear()
            self._again_s = None
            if self._screen is not None:
                self._screen.end(self._patience.stop_s)
                self._screen = None
            self._tell("proven", program)
        elif program.ready_s is not None:
            self._tell("ready", program)

    def _follow_the_link(self) -> None:
        """Another environment is to run: it starts with a clean sheet, once no visitor is in the way."""
        environment = self._places.environment()
        if environment == self._environment or (self._program is not None and self._program.busy):
            return
        say(f"environment {environment} is to run")
        self._environment = environment
        if self._program is not None:
            self._program.end(self._patience.stop_s)
            self._program = None
        self._record.clear()
        self._again_s = None

    def _fault(self, now_s: float) -> None:
        loops = self._record.add(now_s, self._patience)
        if loops or self._again_s is not None:
            self._again_s = now_s + self._patience.again_s

    def _look_at_the_screen(self, now_s: float) -> None:
        screen = self._screen
        news = self._screen_told.news()
        if screen is None:
            return
        screen.hear(news, now_s)
        if screen.process.poll() is not None:
            say("the out-of-service screen ended")
            self._screen = None
            self._pause_until_s = now_s + PAUSE_S
        elif screen.stands_still(self._patience, now_s) and self._program is None:
            # While the program covers it, the compositor may give it no frames: that is no fault.
            say("the out-of-service screen stands still")
            self.exit_code = EXIT_ALL_ANEW

    def _start_what_is_due(self, now_s: float) -> None:
        if self._again_s is None and self._program is None and len(self._record.faults_s) >= self._patience.faults:
            self._again_s = self._record.faults_s[-1] + self._patience.again_s  # we ourselves were started anew
        if now_s < self._pause_until_s:
            return
        if self._again_s is not None and self._screen is None:
            self._screen = self._start_screen(now_s)
        if self._program is None and (self._again_s is None or now_s >= self._again_s):
            self._program = self._start_program(now_s)
        elif self._program is None:
            self._tell("out_of_service", None)

    def _start_program(self, now_s: float) -> Child | None:
        command = [self._places.python(self._environment), "-P", "-m", "kiosk", "run"]
        child = self._start(command, self._environment, self._told, now_s)
        if child is None:
            self._fault(now_s)
        else:
            self._tell("starting", child)
        return child

    def _start_screen(self, now_s: float) -> Child | None:
        """The plain screen, with whichever environment can show it."""
        # An environment that was half installed may be the very reason why we are here.
        order = sorted(ENVIRONMENTS, key=lambda name: name != self._environment)
        there = [name for name in order if Path(self._places.python(name)).exists()] or order
        environment = there[self._screens % len(there)]
        self._screens += 1
        command = [self._places.python(environment), str(self._places.screen)]
        return self._start(command, environment, self._screen_told, now_s)

    def _start(self, command: list[str], environment: str, told: Told, now_s: float) -> Child | None:
        told.news()  # of an earlier one
        env = {name: value for name, value in os.environ.items() if name != "WATCHDOG_PID"}
        env["NOTIFY_SOCKET"] = str(told.path)
        env["WATCHDOG_USEC"] = str(round(self._patience.still_s * 1_000_000))
        try:
            process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL)
        except OSError as error:
            say(f"{command[0]} cannot be started ({error.strerror})")
            self._pause_until_s = now_s + PAUSE_S
            return None
        return Child(process, environment, now_s)

    def _tell(self, phase: str, program: Child | None) -> None:
        """Keep how it goes in a file, for the update; written only when it changes."""
        environment = program.environment if program is not None else self._environment
        now = f"{phase} {environment}"
        if now == self._phase:
            return
        self._phase = now
        told = {
            "phase": phase,
            "environment": environment,
            "version": self._places.version(environment),
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        write(self._places.run / "state.json", json.dumps(told))
        say(now)


def write(path: Path, text: str) -> None:
    """Write a small file, all or nothing. A full disk is not ours to fail by."""
    new = path.with_suffix(".new")
    with contextlib.suppress(OSError):
        new.write_text(text + "\n", encoding="utf-8")
        new.replace(path)


def say(sentence: str) -> None:
    """One line for the journal."""
    sys.stderr.write(f"supervise: {sentence}\n")
    sys.stderr.flush()


def notify(message: str) -> None:
    """Tell systemd; without one, nobody."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out, contextlib.suppress(OSError):
        out.sendto(message.encode(), "\0" + address[1:] if address.startswith("@") else address)


def main(arguments: list[str] | None = None) -> int:
    """Run until told to stop."""
    parser = argparse.ArgumentParser(description="Keeps the kiosk's program on the screen.")
    parser.add_argument("--home", type=Path, default=Path("/opt/librarian-kiosk"))
    parser.add_argument("--run", type=Path, default=Path("/run/librarian-kiosk"))
    parser.add_argument("--screen", type=Path, default=Path(__file__).with_name("out_of_service.py"))
    standard = Patience()
    for name in ("start_s", "still_s", "proven_s", "within_s", "again_s"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=float, default=getattr(standard, name))
    given = parser.parse_args(arguments)
    patience = Patience(
        start_s=given.start_s,
        still_s=given.still_s,
        proven_s=given.proven_s,
        within_s=given.within_s,
        again_s=given.again_s,
    )
    # A compositor that is killed takes us with it.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))
    supervisor = Supervisor(Places(given.home, given.run, given.screen), patience)

    def stop(_number: int, _frame: FrameType | None) -> None:
        supervisor.stop_asked = True

    woken, wakes = socket.socketpair()
    for end in (woken, wakes):
        end.setblocking(False)
    signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)  # only to wake the loop below
    notify("READY=1")
    while supervisor.turn(time.clock_gettime(time.CLOCK_BOOTTIME)):
        notify("WATCHDOG=1")
        ready, _, _ = select.select([woken, *supervisor.sockets], [], [], TURN_S)
        if woken in ready:
            woken.recv(4096)
    notify("STOPPING=1")
    return supervisor.exit_code or 0


if __name__ == "__main__":
    sys.exit(main())
