"""What the sound system says: of our own streams only, and nothing where there is none."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.adapters.health.mixer_state import MixerState, mixer_state, state_of

OURS = {"application.process.id": "77"}


def volume(*values: int) -> dict[str, Any]:
    return {f"channel {number}": {"value": value} for number, value in enumerate(values)}


def state(
    *, sink: dict[str, Any] | None = None, source: dict[str, Any] | None = None, stream: dict[str, Any] | None = None
) -> dict[str, Any]:
    """A program with one stream each way, beside another one."""
    good = {"mute": False, "volume": volume(65_536)}
    return {
        "sinks": [{"index": 3, **good, **(sink or {})}, {"index": 4, "mute": True}],
        "sources": [{"index": 5, **good, **(source or {})}],
        "sink_inputs": [
            {"sink": 3, "properties": OURS, **good, **(stream or {})},
            {"sink": 4, "properties": {"application.process.id": "78"}},
        ],
        "source_outputs": [{"source": 5, "properties": OURS, **good}],
    }


@pytest.mark.parametrize(
    ("told", "output", "input_"),
    [
        (state(), False, False),
        (state(sink={"mute": True}), True, False),
        (state(sink={"volume": volume(0, 0)}), True, False),
        (state(sink={"volume": volume(0, 30_000)}), False, False),
        (state(stream={"mute": True}), True, False),
        (state(source={"mute": True}), False, True),
        (state(source={"volume": volume(0)}), False, True),
        ({}, None, None),
    ],
)
def test_muted_is_what_the_device_or_our_stream_says(told: dict[str, Any], output: bool, input_: bool) -> None:
    assert state_of(told, 77) == MixerState(output, input_)


def test_a_program_without_streams_is_told_nothing() -> None:
    assert state_of(state(), 1) == MixerState(None, None)


def test_without_a_sound_system_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere/native")
    assert mixer_state() == MixerState(None, None)
    monkeypatch.setenv("PATH", "/nowhere")
    assert mixer_state() == MixerState(None, None)
