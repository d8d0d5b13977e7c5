"""The computer under the kiosk: its supervisor (sd_notify), its restart, the light of its screen.

What it does not do: decide when (`kiosk.care`). Nothing here raises: what the machine does not let us do is told.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import shutil
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from signaling.protocol.health import OrderFault

#: A program of the system that says nothing for so long is given up.
COMMAND_TIMEOUT_S: Final = 10.0
_BACKLIGHTS: Final = Path("/sys/class/backlight")

_log = structlog.get_logger(__name__)


class Notifier:
    """Tells the supervisor how this program is, as in sd_notify(3). Without one it tells nobody.

    Args:
        environment: With NOTIFY_SOCKET, which is taken out of it: no program that is started by this one may speak
            for it.
    """

    def __init__(self, environment: dict[str, str] | os._Environ[str]) -> None:
        self._address = environment.pop("NOTIFY_SOCKET", "")
        self._socket: socket.socket | None = None

    def tell(self, *lines: str) -> None:
        """Send lines such as `READY=1`. A supervisor that is away or busy must not hold the kiosk up."""
        if not self._address:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            if self._socket is None:
                self._socket = socket.socket(
                    socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK
                )
            self._socket.sendto("\n".join(lines).encode(), address)
        except OSError as error:
            _log.info("supervisor_not_told", error=type(error).__name__)

    def close(self) -> None:
        """Close the socket."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program ended; `code` None when it could not be started or said nothing for too long."""

    code: int | None
    out: str = ""
    told: str = ""


class LocalMachine:
    """This computer. See `kiosk.core.care_ports.Machine`.

    Args:
        notifier: The way to the supervisor.
        backlights: Where the system shows its lamps.
        programs: Where programs are looked for; None: as the shell does.
    """

    def __init__(self, notifier: Notifier, *, backlights: Path = _BACKLIGHTS, programs: str | None = None) -> None:
        self._notifier = notifier
        self._backlights = backlights
        self._programs = programs
        self._screen_off = False

    def ready(self) -> None:
        """The program is up."""
        self._notifier.tell("READY=1")

    def alive(self) -> None:
        """Screen and engine live."""
        self._notifier.tell("WATCHDOG=1")

    def status(self, *, busy: bool) -> None:
        """Whether a visitor is there."""
        self._notifier.tell(f"STATUS={'busy' if busy else 'idle'}")

    async def restart(self) -> OrderFault | None:
        """Start the machine anew through logind, which asks polkit whether this user may."""
        ran = await self._run("systemctl", "--no-ask-password", "--no-wall", "reboot")
        if ran.code == 0:
            return None
        _log.warning("machine_not_restarted", code=ran.code)
        refused = any(word in ran.told.lower() for word in ("denied", "not authorized", "authentication"))
        return OrderFault.NOT_ALLOWED if refused else OrderFault.BROKEN

    async def brighten(self, percent: int) -> bool:
        """Turn the lamp, where the system has one that may be turned; else turn the output off at least."""
        if await asyncio.to_thread(self._turn_lamps, percent):
            return True
        if percent > 0 and not self._screen_off:
            return False  # nothing to turn on again: the window does the rest
        turned = await self._power(on=percent > 0)
        if percent > 0 and not turned:
            _log.warning("screen_stays_off")  # it is tried again at the next change: at a touch, at the latest
            return False
        self._screen_off = turned and percent == 0
        return self._screen_off

    def _turn_lamps(self, percent: int) -> bool:
        turned = False
        with contextlib.suppress(OSError):
            for lamp in sorted(self._backlights.iterdir()):
                turned |= _turn(lamp, percent)
        return turned

    async def _power(self, *, on: bool) -> bool:
        """Outputs of the Wayland compositor on or off, by whichever protocol of wlroots it speaks.

        cage 0.1.4 (Debian 12) speaks none of them: there the window turns itself black.
        """
        word = "--on" if on else "--off"
        if (await self._run("wlopm", word, "*")).code == 0:
            return True
        listed = await self._run("wlr-randr")
        if listed.code != 0:
            return False
        outputs = [line.split()[0] for line in listed.out.splitlines() if line[:1].strip()]
        codes = [(await self._run("wlr-randr", "--output", output, word)).code for output in outputs]
        return bool(codes) and all(code == 0 for code in codes)

    async def _run(self, name: str, *arguments: str) -> Ran:
        program = shutil.which(name, path=self._programs)
        if program is None:
            return Ran(None)
        return await run_program([program, *arguments])


async def run_program(
    command: Sequence[str], timeout_s: float = COMMAND_TIMEOUT_S, environment: Mapping[str, str] | None = None
) -> Ran:
    """Run a program of the system to its end, and end it when it takes too long. Never raises."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environment,
        )
    except OSError:
        return Ran(None)
    try:
        async with asyncio.timeout(timeout_s):
            out, told = await process.communicate()
    except TimeoutError:
        return Ran(None)
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return Ran(process.returncode, out.decode(errors="replace"), told.decode(errors="replace"))


def cpu_s() -> float:
    """Processor time of this process and of the programs that it has waited for, seconds."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def _turn(lamp: Path, percent: int) -> bool:
    try:
        most = int((lamp / "max_brightness").read_text("ascii"))
        # A lamp at 1 % of its steps may be dark already; only 0 is to be.
        steps = 0 if percent == 0 else max(1, round(most * percent / 100))
        (lamp / "brightness").write_text(str(steps), "ascii")
    except (OSError, ValueError):
        return False
    return True
