"""All tests of a kiosk in their order: how loud the sweep may be is asked anew each time."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.adapters.audio.devices import PortAudio
from kiosk.adapters.health import stages
from kiosk.core.care import Looked
from signaling.protocol.health import HealthArea, TestKind
from tests.support.kiosk_parts import Parts


async def test_the_sweep_is_as_loud_as_the_hour_allows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    volumes: list[int] = []
    now_percent = 80

    class Heard:
        def __init__(self, *names: object, volume_percent: int) -> None:
            volumes.append(volume_percent)

        async def look(self) -> Looked:
            return Looked(frozenset({HealthArea.SOUND}))

    monkeypatch.setattr(stages, "SoundTest", Heard)
    parts = Parts()
    made = stages.make_stages(
        stages.MediaNames("pattern", "pattern", "pattern"),
        server_url="http://127.0.0.1:1",
        signaling=parts.signaling,
        peer_engine=parts.peer_engine,
        port_audio=PortAudio(),
        state_dir=tmp_path,
        volume_percent=lambda: now_percent,
    )
    (sound,) = (test for stage in made for test in stage if HealthArea.SOUND in test.areas)
    await sound.look(TestKind.NIGHTLY)
    now_percent = 30
    await sound.look(TestKind.NIGHTLY)
    assert volumes == [80, 30]
