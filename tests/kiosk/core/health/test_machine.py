"""What the machine says of itself."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from kiosk.core.health.machine import Measured, judge, numbers
from signaling.protocol.health import HealthCode, HealthNumber

C = HealthCode
GOOD = Measured(
    disk_free_mb=9_000,
    disk_free_percent=40,
    memory_free_mb=1_500,
    memory_free_percent=60,
    temperature_c=51.26,
    cpu_percent=3,
    program_mb=190,
    uptime_s=86_400,
)


def test_a_machine_in_order_finds_nothing() -> None:
    assert judge(GOOD) == frozenset()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"disk_free_mb": 1_000.0}, {C.DISK_NEARLY_FULL}),
        ({"disk_free_mb": 20.0}, {C.DISK_FULL}),
        ({"files_left": False}, {C.DISK_FULL}),
        ({"memory_free_mb": 100.0}, {C.MEMORY_LOW}),
        ({"temperature_c": 88.0}, {C.TOO_HOT}),
        ({"undervoltage": True}, {C.UNDERVOLTAGE}),
    ],
)
def test_each_fault_has_its_own_name(change: dict[str, Any], found: set[HealthCode]) -> None:
    assert judge(dataclasses.replace(GOOD, **change)) == frozenset(found)


def test_what_could_not_be_measured_is_no_fault_and_no_number() -> None:
    assert judge(Measured()) == frozenset()
    assert numbers(Measured()) == {}


def test_numbers_are_told() -> None:
    assert numbers(GOOD) == {
        HealthNumber.DISK_FREE_PERCENT: 40,
        HealthNumber.MEMORY_FREE_PERCENT: 60,
        HealthNumber.TEMPERATURE_C: 51.3,
        HealthNumber.CPU_PERCENT: 3,
        HealthNumber.PROGRAM_MB: 190,
        HealthNumber.UPTIME_S: 86_400,
    }
