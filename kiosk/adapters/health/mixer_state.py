"""What the sound system says of the devices that this program is using: muted, or turned down to nothing.

What it is for: a loudspeaker that is switched off in software is silent, and a cable would not help. Through `pactl`,
which speaks to PulseAudio and to PipeWire. What it does not do: turn anything, or know ALSA alone; there it says
nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

#: A sound system that takes longer has other troubles.
_TIMEOUT_S: Final = 2.0
_SILENT: Final = 0


@dataclass(frozen=True, slots=True)
class MixerState:
    """Whether what this program plays and hears is muted on its way; None where nobody says."""

    output_muted: bool | None = None
    input_muted: bool | None = None


def mixer_state(process_id: int | None = None) -> MixerState:
    """Ask while both streams are open. Takes some 30 ms.

    Args:
        process_id: Whose streams; None for this process's.
    """
    try:
        told = subprocess.run(
            ["pactl", "--format=json", "list"],
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=True,
        )
        state = json.loads(told.stdout.decode(errors="replace"))
    except (OSError, subprocess.SubprocessError, ValueError):
        return MixerState()
    return state_of(state, os.getpid() if process_id is None else process_id)


def state_of(state: Mapping[str, Any], process_id: int) -> MixerState:
    """Read `pactl --format=json list`.

    Args:
        state: What it wrote.
        process_id: Whose streams.
    """
    return MixerState(
        _muted(state.get("sink_inputs", ()), state.get("sinks", ()), "sink", process_id),
        _muted(state.get("source_outputs", ()), state.get("sources", ()), "source", process_id),
    )


def _muted(
    streams: Iterable[Mapping[str, Any]], devices: Iterable[Mapping[str, Any]], device: str, process_id: int
) -> bool | None:
    by_index = {one.get("index"): one for one in devices}
    ours = [one for one in streams if one.get("properties", {}).get("application.process.id") == str(process_id)]
    if not ours:
        return None
    return any(_is_silent(one) or _is_silent(by_index.get(one.get(device), {})) for one in ours)


def _is_silent(one: Mapping[str, Any]) -> bool:
    volumes = [channel.get("value") for channel in one.get("volume", {}).values()]
    return bool(one.get("mute")) or (bool(volumes) and all(value == _SILENT for value in volumes))
