"""Brings the kiosk to the version that the server names: beside the one that runs, tested, and undone if it fails.

The program writes the version into `wanted-version` in its state folder. This program, as root and well fenced in,
installs it into the environment that is not in use, lets it test itself there, turns the link `current` over and waits
for it to prove itself on the screen. A version that does not is left again by itself and not tried a second time. How
it went lies in `update.json` beside the environments; the program reads it there and tells the server.

What it does not do: touch a visit (the supervisor turns over when nobody is there), or renew the system around the
program (that is `install`).
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

NAME: Final = "librarian-on-demand"
ENVIRONMENTS: Final = ("a", "b")
#: As in PEP 440, and nothing that a shell or pip could take for something else. It comes from an unprivileged user.
VERSION: Final = re.compile(r"[0-9]+(\.[0-9]+){0,4}((a|b|rc|\.dev|\.post)[0-9]+)?")
#: Where a wheel carries its own pinned and hashed packages.
PINS: Final = "kiosk/requirements.txt"
CHECK_TIMEOUT_S: Final = 180
INSTALL_TIMEOUT_S: Final = 1800
POLL_S: Final = 1.0


class State(StrEnum):
    """How far an update is."""

    INSTALLING = "installing"
    TESTING = "testing"
    PROVING = "proving"  # turned over: it has to show that it works
    DONE = "done"
    FAILED = "failed"


class Reason(StrEnum):
    """Why it failed."""

    NOT_NAMED_RIGHT = "not_named_right"
    NO_SOURCE = "no_source"
    NOT_FOUND = "not_found"
    NOT_AS_LISTED = "not_as_listed"  # its hash is not the one in SHA256SUMS
    NOT_INSTALLED = "not_installed"
    SELF_TEST = "self_test"
    NOT_PROVEN = "not_proven"


#: These may be the network's fault, and are tried again; the others are the version's own.
PASSING: Final = frozenset({Reason.NO_SOURCE, Reason.NOT_FOUND, Reason.NOT_INSTALLED})


class Failed(Exception):
    """The update cannot go on."""

    def __init__(self, reason: Reason, told: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.told = told


@dataclass(frozen=True)
class Update:
    """What `update.json` says.

    Attributes:
        wanted: The version that was asked for.
        state: How far it is.
        before: The environment that ran before, to go back to.
        reason: Why it failed; empty otherwise.
        at: When, ISO 8601 in UTC.
    """

    wanted: str
    state: State
    before: str
    reason: str = ""
    at: str = ""


@dataclass(frozen=True)
class Site:
    """Where things lie, and how long to wait.

    Attributes:
        home: The environments, `current` and `update.json`; ours.
        state: The program's folder. It belongs to the unprivileged user: nothing is written there, no link is followed.
        run: Where the supervisor tells how it goes.
        source: Where versions come from: a folder with a SHA256SUMS, or the https address of a package index.
        as_user: What starts a command as the kiosk's user.
        prove_s: How long a version may take to prove itself, from when it runs.
        python: The system's.
    """

    home: Path
    state: Path
    run: Path
    source: str
    as_user: tuple[str, ...] = ()
    prove_s: float = 300.0
    python: str = "/usr/bin/python3"

    def current(self) -> str:
        """The environment in use."""
        with contextlib.suppress(OSError):
            name = (self.home / "current").readlink().name
            if name in ENVIRONMENTS:
                return name
        return ENVIRONMENTS[0]

    def turn_over(self, environment: str) -> None:
        """Use this one from now on. One step: there is no moment without a link."""
        new = self.home / "current.new"
        new.unlink(missing_ok=True)
        new.symlink_to(environment)
        new.replace(self.home / "current")
        _sync(self.home)

    def version(self, environment: str) -> str:
        """What is installed there; empty: nothing that is whole."""
        with contextlib.suppress(OSError):
            return (self.home / environment / "VERSION").read_text(encoding="utf-8").strip()
        return ""

    def wanted(self) -> str:
        """What the program asks for; empty: nothing."""
        try:
            handle = os.open(self.state / "wanted-version", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return ""
        with os.fdopen(handle, "rb") as file:
            return file.read(65).decode(errors="replace").strip()

    def kept(self) -> Update | None:
        """How the last update went."""
        try:
            told = json.loads((self.home / "update.json").read_text(encoding="utf-8"))
            return Update(told["wanted"], State(told["state"]), told["before"], told["reason"], told["at"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, wanted: str, state: State, before: str, reason: str = "") -> None:
        """Tell how it goes."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        told = {"wanted": wanted, "state": state.value, "before": before, "reason": reason, "at": at}
        new = self.home / "update.new"
        with new.open("w", encoding="utf-8") as file:
            file.write(json.dumps(told) + "\n")
            file.flush()
            os.fsync(file.fileno())
        new.chmod(0o644)
        new.replace(self.home / "update.json")
        _sync(self.home)
        say(f"{wanted}: {state.value}" + (f" ({reason})" if reason else ""))

    def supervised(self) -> Mapping[str, Any]:
        """What the supervisor tells; empty when it does not."""
        try:
            told = json.loads((self.run / "state.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return told if isinstance(told, dict) else {}


def update(site: Site) -> int:
    """Do what is to be done; 0 when there is nothing wrong in the end."""
    kept = site.kept()
    if kept is not None and kept.state is State.PROVING:
        # The machine was switched off in between, or this program was ended.
        return prove(site, kept.wanted, kept.before)
    wanted, before = site.wanted(), site.current()
    if not wanted or wanted == site.version(before):
        return 0
    if kept is not None and kept.wanted == wanted and kept.state is State.FAILED and kept.reason not in PASSING:
        return 0  # it had its chance
    try:
        if VERSION.fullmatch(wanted) is None:
            raise Failed(Reason.NOT_NAMED_RIGHT)
        other = ENVIRONMENTS[1 - ENVIRONMENTS.index(before)]
        if site.version(other) != wanted:
            site.keep(wanted, State.INSTALLING, before)
            install(site, wanted, other)
        site.keep(wanted, State.TESTING, before)
        test(site, other, before)
    except Failed as fault:
        if fault.told:
            say(fault.told)
        site.keep(wanted, State.FAILED, before, fault.reason)
        return 1
    site.keep(wanted, State.PROVING, before)
    site.turn_over(other)
    return prove(site, wanted, before)


def install(site: Site, version: str, environment: str) -> None:
    """Install a version into an environment, each package checked by its hash.

    Raises:
        Failed: It could not be had, or not be installed.
    """
    folder = site.home / environment
    with tempfile.TemporaryDirectory(prefix="librarian-update-") as temporary:
        wheel = fetch(site, version, Path(temporary))
        pins = Path(temporary) / "requirements.txt"
        with zipfile.ZipFile(wheel) as packed, contextlib.suppress(KeyError):
            pins.write_bytes(packed.read(PINS))
        if not pins.exists():
            raise Failed(Reason.NOT_INSTALLED, f"{wheel.name} carries no {PINS}")
        fill(site, folder, pins, wheel, version)


def fill(site: Site, folder: Path, pins: Path, wheel: Path, version: str) -> None:
    """Make an environment anew from pinned packages and one wheel. It counts as whole once VERSION lies in it."""
    (folder / "VERSION").unlink(missing_ok=True)
    _run([site.python, "-m", "venv", "--clear", str(folder)], Reason.NOT_INSTALLED)
    python = str(folder / "bin" / "python")
    pip = [python, "-m", "pip", "install", "-q", "--no-cache-dir", "--disable-pip-version-check"]
    more = [] if _is_index(site.source) or not site.source else ["--find-links", site.source]
    _run([*pip, "--require-hashes", "--only-binary", ":all:", *more, "-r", str(pins)], Reason.NOT_INSTALLED)
    _run([*pip, "--no-deps", "--no-index", str(wheel)], Reason.NOT_INSTALLED)
    # Nobody may write there later, so what Python makes of the sources is made now, once.
    # What cannot be made so (Qt brings templates that end in .py) is no program of ours.
    _run([python, "-m", "compileall", "-qq", "-j", "0", str(folder / "lib")], None)
    (folder / "VERSION").write_text(version + "\n", encoding="utf-8")
    _sync(folder)


def fetch(site: Site, version: str, to: Path) -> Path:
    """Get the wheel of a version.

    Raises:
        Failed: There is none, or it is not the one that is listed.
    """
    if not site.source:
        raise Failed(Reason.NO_SOURCE, "LIBRARIAN_KIOSK_PACKAGES names no folder and no index")
    if _is_index(site.source):
        if urlsplit(site.source).scheme != "https":
            raise Failed(Reason.NO_SOURCE, "an index must have an https address")
        place = ["--index-url", site.source]
    else:
        place = ["--no-index", "--find-links", site.source]
    python = str(site.home / site.current() / "bin" / "python")  # Debian's own has no pip
    pip = [python, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-cache-dir", "--no-deps"]
    _run([*pip, "--only-binary", ":all:", *place, "-d", str(to), f"{NAME}=={version}"], Reason.NOT_FOUND)
    wheels = list(to.glob("*.whl"))
    if len(wheels) != 1:
        raise Failed(Reason.NOT_FOUND)
    if not _is_index(site.source):
        listed = _listed(Path(site.source) / "SHA256SUMS")
        if listed.get(wheels[0].name) != hashlib.sha256(wheels[0].read_bytes()).hexdigest():
            raise Failed(Reason.NOT_AS_LISTED, f"{wheels[0].name} is not as listed in SHA256SUMS")
    return wheels[0]


def test(site: Site, environment: str, before: str) -> None:
    """Let the new version test the kiosk, without a screen.

    What the old version finds, too, is not the new one's fault: a broken loudspeaker must not keep it away.

    Raises:
        Failed: It cannot, or it finds something that the old one does not find.
    """
    new = check(site, environment)
    if new is None:
        raise Failed(Reason.SELF_TEST, "the new version could not test itself")
    if new:
        old = check(site, before)
        if old is None or new - old:
            raise Failed(Reason.SELF_TEST, f"the new version finds {', '.join(sorted(new - (old or set())))}")


def check(site: Site, environment: str) -> set[str] | None:
    """What `python -m kiosk check` finds there that keeps a call away; empty: nothing. None: it did not work."""
    command = [*site.as_user, str(site.home / environment / "bin" / "python"), "-P", "-m", "kiosk", "check", "--json"]
    try:
        ran = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=CHECK_TIMEOUT_S, check=False
        )
        if ran.returncode == 0:
            return set()
        told = json.loads(ran.stdout.decode(errors="replace").strip().splitlines()[-1])
        found = {str(code) for code in told["red"]}
    except (OSError, ValueError, KeyError, TypeError, IndexError, subprocess.TimeoutExpired):
        return None
    return found or None


def prove(site: Site, wanted: str, before: str) -> int:
    """Wait until the version works on the screen; else go back."""
    now = site.current()
    if now == before or site.version(now) != wanted:  # switched off just before it was turned over
        site.keep(wanted, State.FAILED, before, Reason.NOT_INSTALLED)
        return 1
    runs_since_s: float | None = None
    while True:
        told = site.supervised()
        if told.get("environment") == now:
            if told.get("phase") == "proven":
                site.keep(wanted, State.DONE, before)
                return 0
            runs_since_s = time.monotonic() if runs_since_s is None else runs_since_s
            if told.get("phase") == "out_of_service" or time.monotonic() - runs_since_s > site.prove_s:
                break
        time.sleep(POLL_S)
    site.turn_over(before)
    site.keep(wanted, State.FAILED, before, Reason.NOT_PROVEN)
    return 1


def _run(command: Sequence[str], reason: Reason | None) -> None:
    """Run a command to its good end, else fail for this reason; None: it does not matter."""
    try:
        ran = subprocess.run(command, stdin=subprocess.DEVNULL, timeout=INSTALL_TIMEOUT_S, check=False)
        well = ran.returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        well = False
    if not well and reason is not None:
        raise Failed(reason, f"{Path(command[0]).name} failed")


def _is_index(source: str) -> bool:
    return "://" in source


def _listed(sums: Path) -> dict[str, str]:
    """File names and hashes, as sha256sum writes them."""
    with contextlib.suppress(OSError):
        lines = (line.split(maxsplit=1) for line in sums.read_text(encoding="utf-8").splitlines())
        return {parts[1].lstrip("*"): parts[0] for parts in lines if len(parts) == 2}
    return {}


def _sync(folder: Path) -> None:
    """On the disk, also when the plug is pulled next."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def say(sentence: str) -> None:
    """One line for the journal."""
    sys.stderr.write(f"update: {sentence}\n")


def main(arguments: list[str] | None = None) -> int:
    """Update, or `--fill` an environment from a wheel that is there (as `install` does)."""
    parser = argparse.ArgumentParser(description="Brings the kiosk to the version that the server names for it.")
    parser.add_argument("--home", type=Path, default=Path("/opt/librarian-kiosk"))
    parser.add_argument("--state", type=Path, default=Path("/var/lib/librarian-kiosk"))
    parser.add_argument("--run", type=Path, default=Path("/run/librarian-kiosk"))
    parser.add_argument("--user", default="", help="who tests the new version; empty: whoever starts this")
    parser.add_argument("--prove-s", type=float, default=300.0)
    parser.add_argument("--fill", nargs=3, metavar=("WHEEL", "PINS", "VERSION"), help="fill the environment not in use")
    given = parser.parse_args(arguments)
    setpriv = shutil.which("setpriv") or "/usr/bin/setpriv"
    site = Site(
        home=given.home,
        state=given.state,
        run=given.run,
        source=os.environ.get("LIBRARIAN_KIOSK_PACKAGES", ""),
        as_user=(setpriv, f"--reuid={given.user}", f"--regid={given.user}", "--init-groups") if given.user else (),
        prove_s=given.prove_s,
        python=os.environ.get("LIBRARIAN_KIOSK_PYTHON", "/usr/bin/python3"),
    )
    os.umask(0o022)
    with (given.home / "update.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the clock and the file's change may both have started us
        if not given.fill:
            while True:
                wanted, outcome = site.wanted(), update(site)
                if site.wanted() == wanted:  # asked for another one meanwhile
                    return outcome
        wheel, pins, version = given.fill
        has_one = bool(site.version(site.current()))
        other = ENVIRONMENTS[1 - ENVIRONMENTS.index(site.current())] if has_one else ENVIRONMENTS[0]
        try:
            fill(site, given.home / other, Path(pins), Path(wheel), version)
        except Failed as fault:
            say(fault.told)
            return 1
        site.turn_over(other)
        return 0


if __name__ == "__main__":
    sys.exit(main())
