"""A whole self-test at the command line: what its end says, and what it says to people and to the updater."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.adapters.health.stages import MediaNames
from kiosk.adapters.identity import IDENTITY_FILE, Identity, enrol, save_identity
from kiosk.check import media_as_chosen
from kiosk.core.care import DeviceKind
from kiosk.core.kept import Choices
from signaling.adapters.store_memory import MemoryStore
from signaling.protocol.vocabulary import KioskId
from tests.support.edges import SetClock
from tests.support.identities import CODE, add_kiosk
from tests.support.wire import ServedWire, wire_server

ROOT = Path(__file__).resolve().parents[2]
AWAY = "http://127.0.0.1:9"
PATTERNS = ["--camera", "pattern", "--microphone", "pattern", "--loudspeaker", "pattern", "--engine", "aiortc"]
TIMEOUT_S = 100.0


def check(server: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kiosk", "check", "--server", server, "--state-dir", str(folder), *PATTERNS]
    return subprocess.run(
        [*command, *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=TIMEOUT_S
    )


def told(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    line = json.loads(done.stdout)
    assert isinstance(line, dict)
    return line


@pytest.fixture
def enrolled(tmp_path: Path) -> Path:
    save_identity(tmp_path / IDENTITY_FILE, Identity(KioskId("k1"), Ed25519PrivateKey.generate()))
    return tmp_path


@pytest_asyncio.fixture
async def wire() -> AsyncIterator[ServedWire]:
    async with wire_server(MemoryStore(), SetClock()) as running:
        await add_kiosk(running.store, running.clock.now())
        yield running


def test_only_the_areas_that_were_asked_for_are_looked_at(enrolled: Path) -> None:
    done = check(AWAY, enrolled, "--json", "--areas", "machine, program")
    line = told(done)
    assert (done.returncode, line["can_take_a_call"], line["areas"]) == (0, True, ["machine", "program"])
    assert line["numbers"]["uptime_s"] > 0


@pytest.mark.thorough
def test_a_kiosk_without_its_server_can_take_no_call_and_says_what_to_do(enrolled: Path) -> None:
    done = check(AWAY, enrolled, "--areas", "network")
    assert done.returncode == 1
    first, *_, last = done.stdout.splitlines()
    assert first.startswith("red: ")
    assert first.endswith("(server_unreached)")
    assert last == "This kiosk cannot take a call."


async def test_with_its_server_there_the_network_is_well_beside_what_the_clock_says(
    wire: ServedWire, tmp_path: Path
) -> None:
    save_identity(tmp_path / IDENTITY_FILE, await enrol(wire.url, CODE))
    line = told(await asyncio.to_thread(check, wire.url, tmp_path, "--json", "--areas", "network"))
    assert line["areas"] == ["network"]
    assert line["left_out"] == []
    assert "server_unreached" not in line["findings"]
    assert line["numbers"]["server_round_trip_ms"] > 0


def test_a_kiosk_that_is_not_enrolled_is_told_how(tmp_path: Path) -> None:
    done = check(AWAY, tmp_path, "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert "not enrolled yet" in done.stderr


def test_an_area_that_nobody_knows_is_said_to_be_none(enrolled: Path) -> None:
    done = check(AWAY, enrolled, "--areas", "sound,garden,screen")
    assert done.returncode == 1
    assert "not garden, screen." in done.stderr


def test_devices_of_the_service_menu_come_before_those_of_the_command_line() -> None:
    asked = MediaNames("0", "default", "default")
    assert media_as_chosen(asked, Choices({DeviceKind.MICROPHONE: "Headset"})) == MediaNames("0", "Headset", "default")
