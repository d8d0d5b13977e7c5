"""Linux network namespaces: may we, make them, work inside them, and clear away what a crash has left.

Names carry the process that made them: `lodlab-PID-STARTED-PLACE`. What belongs to no living process is swept.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil

PREFIX = "lodlab"
_FOLDER = Path("/run/netns")
_CLONE_NEWNET = 0x40000000
_TOOLS = ("ip", "nft", "nsenter")
_libc = ctypes.CDLL(None, use_errno=True)


class LabError(Exception):
    """The lab could not be built, or broke."""


def why_not() -> str | None:
    """Why there can be no lab here, or None where there can."""
    for tool in _TOOLS:
        if shutil.which(tool) is None:
            return f"{tool} is not installed (Debian: iproute2, nftables, util-linux)"
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        return "/dev/net/tun is not there, or not for us"
    name = f"{owner()}-probe"
    try:
        run("ip", "netns", "add", name)
    except LabError as error:
        return f"network namespaces are not allowed here: {error}"
    try:
        run("ip", "netns", "exec", name, "nft", "list", "ruleset")
        run("ip", "-n", name, "tuntap", "add", "up", "mode", "tun")
    except LabError as error:
        return f"nftables or TUN are not allowed in a network namespace here: {error}"
    else:
        return None
    finally:
        run("ip", "netns", "del", name)


def owner(pid: int | None = None) -> str:
    """The beginning of the names of one process's namespaces."""
    process = psutil.Process(pid)
    return f"{PREFIX}-{process.pid}-{int(process.create_time())}"


def run(*command: str, text: str | None = None) -> str:
    """Run a tool to its end; returns what it printed.

    Raises:
        LabError: It failed; with what it said.
    """
    done = subprocess.run(list(command), input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LabError(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip() or done.returncode}")
    return done.stdout


def within(name: str) -> list[str]:
    """What is put before a command so that it runs in a namespace (and in place of nsenter: the id stays)."""
    return ["nsenter", f"--net={_FOLDER / name}"]


@contextlib.contextmanager
def inside(name: str) -> Iterator[None]:
    """This thread alone is in a namespace meanwhile. A socket that is made here stays there for good."""
    with Path("/proc/thread-self/ns/net").open("rb") as home, (_FOLDER / name).open("rb") as there:
        enter(there.fileno())
        try:
            yield
        finally:
            enter(home.fileno())


def enter(descriptor: int) -> None:
    """Move this thread into the network namespace behind an open file."""
    if _libc.setns(descriptor, _CLONE_NEWNET) != 0:
        raise LabError(f"setns: {os.strerror(ctypes.get_errno())}")


def remove(names: list[str]) -> None:
    """End every process inside, by its id, and take the namespaces away."""
    for name in names:
        for pid in _processes_in(name):
            if pid != os.getpid():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
    for name in names:
        if (_FOLDER / name).exists():
            run("ip", "netns", "del", name)


def sweep() -> list[str]:
    """Remove the namespaces of processes that are no more; returns their names."""
    if not _FOLDER.is_dir():
        return []
    left = [entry.name for entry in _FOLDER.iterdir() if entry.name.startswith(f"{PREFIX}-") and _is_left(entry.name)]
    remove(left)
    return left


def _is_left(name: str) -> bool:
    pid = int(name.split("-")[1])
    try:
        return not name.startswith(f"{owner(pid)}-")
    except psutil.NoSuchProcess:
        return True


def _processes_in(name: str) -> list[int]:
    if not (_FOLDER / name).exists():
        return []
    try:
        return [int(line) for line in run("ip", "netns", "pids", name).split()]
    except LabError:
        return []
