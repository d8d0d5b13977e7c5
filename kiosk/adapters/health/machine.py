"""Reads how the machine is: disk, memory, temperature, voltage, load.

What it is for: the machine part of a self-test, light enough for every few minutes. What it does not do: judge
(`kiosk.core.health.machine`), or start another program; a Raspberry Pi's undervoltage is read from the kernel.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import psutil

from kiosk.core.care import Looked
from kiosk.core.health.machine import Measured, judge, numbers
from signaling.protocol.health import HealthArea

_AREAS: Final = frozenset({HealthArea.MACHINE})
_MB: Final = 1_000_000
#: A sensor that is not connected tells nonsense.
_PLAUSIBLE_C: Final = (1.0, 125.0)
#: The kernel's names for the lowest voltage at which a part still works having been passed, and for the power supply
#: of a Raspberry Pi (driver `rpi_volt`): Documentation/hwmon/sysfs-interface.
_VOLTAGE_ALARMS: Final = "class/hwmon/hwmon*/in*_lcrit_alarm"
_TEMPERATURES: Final = ("class/thermal/thermal_zone*/temp", "class/hwmon/hwmon*/temp*_input")


class MachineTest:
    """Looks at the machine; keep one for the life of the program, for its load is counted from look to look.

    Args:
        state_dir: On the disk that matters.
        system: Where the kernel tells of sensors.
        disk: Asks a file system how full it is.
        memory: Gives the memory that programs could get, and all there is, in bytes.
    """

    def __init__(
        self,
        state_dir: Path,
        *,
        system: Path = Path("/sys"),
        disk: Callable[[Path], os.statvfs_result] = os.statvfs,
        memory: Callable[[], tuple[int, int]] | None = None,
    ) -> None:
        self._state_dir = state_dir
        self._system = system
        self._disk = disk
        self._memory = memory or _memory
        self._program = psutil.Process()
        self._load = _Load()

    async def look(self) -> Looked:
        """Look; some milliseconds."""
        measured = await asyncio.to_thread(self._measure)  # a disk may be slow, above all one that is dying
        return Looked(_AREAS, judge(measured), numbers(measured))

    def _measure(self) -> Measured:
        free_mb, free_percent, files_left = self._disk_left()
        available, total = self._memory()
        return Measured(
            disk_free_mb=free_mb,
            disk_free_percent=free_percent,
            files_left=files_left,
            memory_free_mb=available / _MB,
            memory_free_percent=100 * available / total,
            temperature_c=self._hottest(),
            undervoltage=any(_number(file) == 1 for file in self._system.glob(_VOLTAGE_ALARMS)),
            cpu_percent=self._load.percent(),
            program_mb=self._program.memory_info().rss / _MB,
            uptime_s=time.clock_gettime(time.CLOCK_BOOTTIME),
        )

    def _disk_left(self) -> tuple[float | None, float | None, bool]:
        """Megabytes and per cent that are free for an ordinary user, and whether another file fits."""
        place = self._state_dir
        while not place.exists() and place != place.parent:
            place = place.parent
        try:
            told = self._disk(place)
        except OSError:
            return None, None, True
        percent = 100 * told.f_bavail / told.f_blocks if told.f_blocks else None
        # Some file systems make room for files as they go, and tell of none.
        return told.f_bavail * told.f_frsize / _MB, percent, told.f_files == 0 or told.f_favail > 0

    def _hottest(self) -> float | None:
        told = (_number(file) for pattern in _TEMPERATURES for file in self._system.glob(pattern))
        degrees = [value / 1000 for value in told if value is not None]
        least, most = _PLAUSIBLE_C
        return max((one for one in degrees if least <= one <= most), default=None)


class _Load:
    """How busy all cores were since the last time it was asked."""

    def __init__(self) -> None:
        self._before = self._now()

    def percent(self) -> float | None:
        """None when no time has passed."""
        (busy, whole), (busy_before, whole_before) = now, before = self._now(), self._before
        self._before = now
        return 100 * max(0.0, busy - busy_before) / (whole - whole_before) if whole > before[1] else None

    @staticmethod
    def _now() -> tuple[float, float]:
        times = psutil.cpu_times()
        # What virtual machines were given is in `user` already.
        whole = sum(times) - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0)
        return whole - times.idle - getattr(times, "iowait", 0.0), whole


def _memory() -> tuple[int, int]:
    told = psutil.virtual_memory()
    return told.available, told.total


def _number(file: Path) -> int | None:
    try:
        return int(file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None  # sensors come and go, and some refuse to be read
