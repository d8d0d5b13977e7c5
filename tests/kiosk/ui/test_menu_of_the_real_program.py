"""The kiosk program itself, on a virtual screen and without any network: from the hidden corner to its end."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.adapters.branch_file import BRANCH_FILE, save_known
from kiosk.adapters.identity import IDENTITY_FILE, Identity, save_identity
from kiosk.core.care import Settings
from kiosk.core.facts import Known
from signaling.adapters.auth.pins import hash_pin
from signaling.protocol.vocabulary import KioskId, Language
from tests.support.sample_places import BRANCH
from tests.support.stage.processes import until
from tests.support.stage.screen import Screen

PIN = "271828"
#: Nobody listens there.
NOWHERE = "http://127.0.0.1:9"
#: What the program ends with when somebody left it on purpose (`kiosk.app`).
LEFT = 10


class Hand:
    """Touches what the program says can be touched."""

    def __init__(self, screen: Screen, probe: Path) -> None:
        self._screen = screen
        self._probe = probe

    def sees(self, name: str) -> bool:
        return name in self._last()["controls"]

    async def comes_to(self, name: str, within_s: float = 60) -> None:
        await until(lambda: self.sees(name), f"{name} can be touched", within_s=within_s)

    async def touch(self, name: str) -> None:
        await self.comes_to(name)
        x, y, width, height = self._last()["controls"][name]
        self._screen.touch(x + width // 2, y + height // 2)

    async def enter(self, pin: str) -> None:
        for digit in pin:
            await self.touch(f"pin_{digit}")
        await self.touch("pin_enter")
        await until(lambda: not self.sees("pin_enter"), "the digits were wiped", within_s=30)

    def _last(self) -> dict[str, dict[str, list[int]]]:
        # The last line may be half written.
        lines = self._probe.read_text("utf-8").rpartition("\n")[0].splitlines() if self._probe.exists() else []
        return json.loads(lines[-1]) if lines else {"controls": {}}


@pytest.mark.thorough
@pytest.mark.timeout(240)
async def test_a_caretaker_comes_in_by_the_pin_and_leaves_the_program_without_any_network(
    tmp_path: Path, project_root: Path
) -> None:
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    kiosk_id = "kiosk-7k3f"
    save_identity(state / IDENTITY_FILE, Identity(KioskId(kiosk_id), Ed25519PrivateKey.generate()))
    settings = Settings(pin_hash=await hash_pin(PIN))
    save_known(state / BRANCH_FILE, Known(BRANCH, "Europe/Stockholm", Language.SV, kiosk_id, "Entrén", settings))
    screen = Screen(tmp_path, 1080, 1920)
    await screen.start()
    arguments = f"-m kiosk run --server {NOWHERE} --engine aiortc --size 1080x1920 --light".split()
    devices = "--camera pattern --microphone pattern --loudspeaker pattern".split()
    probe = tmp_path / "probe"
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        *(*arguments, *devices, "--state-dir", str(state), "--probe", str(probe)),
        cwd=project_root,
        env={**os.environ, **screen.environment},
        stderr=asyncio.subprocess.DEVNULL,
    )
    hand = Hand(screen, probe)
    try:
        await hand.comes_to("cards")  # out of service, and still of use
        for _ in range(5):
            screen.touch(50, 50)
        await hand.comes_to("pin_1")
        assert not hand.sees("tab_test")
        await hand.enter("111111")
        assert not hand.sees("tab_test")
        await hand.enter(PIN)
        await hand.touch("tab_program")
        await hand.touch("leave")
        await hand.touch("sure_yes")
        assert await asyncio.wait_for(program.wait(), 60) == LEFT
    finally:
        if program.returncode is None:
            program.terminate()
            await program.wait()
        await screen.stop()
