"""The machine looks at itself: real figures, and painted sensors and disks."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest

from kiosk.adapters.health.machine import MachineTest
from signaling.protocol.health import HealthArea, HealthCode, HealthNumber

C = HealthCode
N = HealthNumber


def sensor(system: Path, name: str, value: str) -> None:
    file = system / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(value + "\n")


def disk(*, free_mb: float, files_left: int = 1000, files: int = 2000) -> os.statvfs_result:
    """A disk of 30 GB."""
    block = 4096
    free = round(free_mb * 1_000_000 / block)
    return os.statvfs_result((block, block, 30_000_000_000 // block, free, free, files, files_left, files_left, 0, 255))


async def test_this_machine_tells_all_its_numbers(tmp_path: Path) -> None:
    test = MachineTest(tmp_path)
    await test.look()
    await asyncio.sleep(0.05)
    looked = await test.look()
    assert looked.areas == {HealthArea.MACHINE}
    assert looked.numbers.keys() >= {
        N.DISK_FREE_PERCENT, N.MEMORY_FREE_PERCENT, N.CPU_PERCENT, N.PROGRAM_MB, N.UPTIME_S,
    }  # fmt: skip
    assert 0 < looked.numbers[N.MEMORY_FREE_PERCENT] < 100
    assert 0 <= looked.numbers[N.CPU_PERCENT] <= 100
    assert looked.numbers[N.PROGRAM_MB] > 10


async def test_a_light_look_takes_next_to_no_processor(tmp_path: Path) -> None:
    test = MachineTest(tmp_path)
    await test.look()
    before = time.process_time()
    for _ in range(10):
        await test.look()
    assert (time.process_time() - before) / 10 < 0.1


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (disk(free_mb=9_000), set()),
        (disk(free_mb=1_500), {C.DISK_NEARLY_FULL}),
        (disk(free_mb=3), {C.DISK_FULL}),
        (disk(free_mb=9_000, files_left=0), {C.DISK_FULL}),
        (disk(free_mb=9_000, files_left=0, files=0), set()),
    ],
)
async def test_a_disk_that_fills_is_found(tmp_path: Path, told: os.statvfs_result, found: set[HealthCode]) -> None:
    looked = await MachineTest(tmp_path, system=tmp_path, disk=lambda _: told, memory=lambda: (10**9, 4 * 10**9)).look()
    assert looked.findings == found


async def test_a_folder_that_is_not_made_yet_is_looked_at_where_it_will_be(tmp_path: Path) -> None:
    asked: list[Path] = []

    def ask(place: Path) -> os.statvfs_result:
        asked.append(place)
        return disk(free_mb=9_000)

    await MachineTest(tmp_path / "not" / "yet", system=tmp_path, disk=ask).look()
    assert asked == [tmp_path]


async def test_a_disk_that_does_not_answer_has_no_number(tmp_path: Path) -> None:
    def ask(_place: Path) -> os.statvfs_result:
        raise OSError

    looked = await MachineTest(tmp_path, system=tmp_path, disk=ask, memory=lambda: (10**9, 4 * 10**9)).look()
    assert looked.findings == set()
    assert N.DISK_FREE_PERCENT not in looked.numbers


async def test_little_memory_is_found(tmp_path: Path) -> None:
    looked = await MachineTest(tmp_path, system=tmp_path, memory=lambda: (10**8, 10**9)).look()
    assert C.MEMORY_LOW in looked.findings
    assert looked.numbers[N.MEMORY_FREE_PERCENT] == 10


async def test_the_hottest_sensor_counts_and_nonsense_does_not(tmp_path: Path) -> None:
    sensor(tmp_path, "class/thermal/thermal_zone0/temp", "46000")
    sensor(tmp_path, "class/hwmon/hwmon1/temp1_input", "87500")
    sensor(tmp_path, "class/hwmon/hwmon1/temp2_input", "-273000")
    sensor(tmp_path, "class/hwmon/hwmon1/temp3_input", "200000")
    sensor(tmp_path, "class/hwmon/hwmon1/temp4_input", "unreadable")
    looked = await MachineTest(tmp_path, system=tmp_path).look()
    assert C.TOO_HOT in looked.findings
    assert looked.numbers[N.TEMPERATURE_C] == 87.5


async def test_a_weak_power_supply_is_found(tmp_path: Path) -> None:
    sensor(tmp_path, "class/hwmon/hwmon2/in0_lcrit_alarm", "0")
    assert C.UNDERVOLTAGE not in (await MachineTest(tmp_path, system=tmp_path).look()).findings
    sensor(tmp_path, "class/hwmon/hwmon2/in0_lcrit_alarm", "1")
    assert C.UNDERVOLTAGE in (await MachineTest(tmp_path, system=tmp_path).look()).findings
