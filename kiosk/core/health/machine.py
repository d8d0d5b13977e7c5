"""What disk, memory, temperature and voltage say about a machine.

What it is for: seeing a full disk, a clogged fan or a weak power supply before they end a visit. What it does not do:
measure (`kiosk.adapters.health.machine`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from signaling.protocol.health import HealthCode, HealthNumber

#: A second environment for the next version needs about 1,500 MB beside this one, and the system's log some more.
DISK_NEARLY_FULL_MB: Final = 2_000.0
#: Below this the system's own log begins to fail, and settings may not be kept.
DISK_FULL_MB: Final = 100.0
#: What the program takes in a call (measured: 224 MB): when less than that is left the system begins to swap or kill.
MEMORY_LOW_MB: Final = 250.0
#: Small computers begin to slow themselves down at 80 to 85 °C; a kiosk that only waits is far below, in any branch.
TOO_HOT_C: Final = 80.0


@dataclass(frozen=True, slots=True)
class Measured:
    """One look at the machine. What could not be measured is None.

    Attributes:
        disk_free_mb, disk_free_percent: Of the disk that the kiosk's state lies on, for an ordinary user.
        files_left: More files can be made there.
        memory_free_mb, memory_free_percent: What programs could still get without swapping.
        temperature_c: The hottest sensor.
        undervoltage: The machine says that its power supply is too weak.
        cpu_percent: Of all cores, since the last look.
        program_mb: What this program holds in memory.
        uptime_s: Of the machine.
    """

    disk_free_mb: float | None = None
    disk_free_percent: float | None = None
    files_left: bool = True
    memory_free_mb: float | None = None
    memory_free_percent: float | None = None
    temperature_c: float | None = None
    undervoltage: bool = False
    cpu_percent: float | None = None
    program_mb: float | None = None
    uptime_s: float | None = None


def judge(measured: Measured) -> frozenset[HealthCode]:
    """What is wrong."""
    found = set()
    if _below(measured.disk_free_mb, DISK_FULL_MB) or not measured.files_left:
        found.add(HealthCode.DISK_FULL)
    elif _below(measured.disk_free_mb, DISK_NEARLY_FULL_MB):
        found.add(HealthCode.DISK_NEARLY_FULL)
    if _below(measured.memory_free_mb, MEMORY_LOW_MB):
        found.add(HealthCode.MEMORY_LOW)
    if measured.temperature_c is not None and measured.temperature_c >= TOO_HOT_C:
        found.add(HealthCode.TOO_HOT)
    if measured.undervoltage:
        found.add(HealthCode.UNDERVOLTAGE)
    return frozenset(found)


def numbers(measured: Measured) -> dict[HealthNumber, float]:
    """What was measured."""
    told = {
        HealthNumber.DISK_FREE_PERCENT: measured.disk_free_percent,
        HealthNumber.MEMORY_FREE_PERCENT: measured.memory_free_percent,
        HealthNumber.TEMPERATURE_C: measured.temperature_c,
        HealthNumber.CPU_PERCENT: measured.cpu_percent,
        HealthNumber.PROGRAM_MB: measured.program_mb,
        HealthNumber.UPTIME_S: measured.uptime_s,
    }
    return {number: round(value, 1) for number, value in told.items() if value is not None}


def _below(value: float | None, least: float) -> bool:
    return value is not None and value < least
