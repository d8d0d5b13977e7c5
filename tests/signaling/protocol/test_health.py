"""The one answer of all findings, their order, and PINs that are none."""

from __future__ import annotations

import pytest

from signaling.protocol.health import (
    FINDINGS,
    HealthCode,
    Light,
    can_take_a_call,
    in_order,
    is_easy_pin,
    light_of,
)

RED, AMBER = (
    next(code for code, spec in FINDINGS.items() if spec.light is light) for light in (Light.RED, Light.AMBER)
)


@pytest.mark.parametrize(
    ("codes", "light", "can"),
    [((), Light.GREEN, True), ((AMBER,), Light.AMBER, True), ((AMBER, RED), Light.RED, False)],
)
def test_the_worst_finding_is_the_answer(codes: tuple[HealthCode, ...], light: Light, can: bool) -> None:
    assert light_of(codes) is light
    assert can_take_a_call(codes) is can


def test_findings_are_told_once_each_in_the_order_of_the_table() -> None:
    everything = tuple(FINDINGS)
    assert in_order([*reversed(everything), *everything]) == everything


@pytest.mark.parametrize(
    ("pin", "easy"),
    [
        *[(pin, True) for pin in ("777777", "123456", "789012", "210987")],
        *[(pin, False) for pin in ("", "7", "123457", "112233", "246802", "121212")],
    ],
)
def test_an_easy_pin_is_one_digit_or_one_run(pin: str, easy: bool) -> None:
    assert is_easy_pin(pin) is easy
