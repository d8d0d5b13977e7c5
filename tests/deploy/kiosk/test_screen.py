"""What is really on the screen: the real compositor, without a display, photographed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.bench.start import place
from tests.support.cage import Cage, give, missing, share
from tests.support.kiosk_site import LIB, KioskSite, wait_for
from tests.support.stage.processes import until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(200),
    pytest.mark.skipif(bool(missing()), reason=missing() or "all is there"),
]

PAPER, INK = "#FAF7F2", "#1B2430"
#: Of an out-of-service screen in a crash loop that never begins: it counts its starts.
BROKEN = """#!/bin/sh
case "$*" in
  *"kiosk run") echo start >>"{starts}"; exit 3 ;;
esac
exec "{python}" "$@"
"""


def supervise(site: Path, run: Path, **times: float) -> list[str]:
    """The supervisor's command."""
    options = [f"--{name.replace('_', '-')}={value}" for name, value in times.items()]
    return [sys.executable, "-I", str(LIB / "supervise.py"), "--home", str(site), "--run", str(run), *options]


@pytest.fixture
def site(tmp_path: Path) -> KioskSite:
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)  # the compositor runs as somebody else
    return KioskSite(tmp_path)


@pytest.mark.thorough
async def test_the_idle_screen_is_on_the_screen_and_comes_back_after_a_crash_of_everything() -> None:
    pictures: list[NDArray[np.uint8]] = []
    async with place() as at:
        for _ in range(2):
            at.probe.unlink(missing_ok=True)
            pictures.clear()
            program = at.cage.start(*supervise(at.home, at.folder / "run"), env=at.env)
            try:
                await until(lambda: "idle" in at.screens(), "the idle screen", within_s=60, program=program)
                wait_for(lambda: _is_drawn(at.cage, pictures), "it can be seen")
            finally:
                program.kill()
            assert pictures[-1].shape == (1280, 720, 3)


@pytest.mark.thorough
async def test_a_crash_loop_shows_one_steady_screen_with_the_number_to_call(site: KioskSite) -> None:
    starts = site.folder / "run" / "starts"
    python = site.home / "a" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(BROKEN.format(starts=starts, python=sys.executable))
    python.chmod(0o755)
    cage = Cage(site.run)
    env = {"LIBRARIAN_KIOSK_STATE_DIR": str(site.state)}

    async def photographed(phone: str) -> NDArray[np.uint8]:
        kept = {"branch_name": "Burträsk", "phone": phone, "urgent_number": "112", "default_language": "sv"}
        (site.state / "branch.json").write_text(json.dumps(kept))
        (site.run / "faults.json").unlink(missing_ok=True)
        starts.unlink(missing_ok=True)
        give(site.state)
        program = cage.start(*supervise(site.home, site.run, again_s=1.0), env=env)
        try:
            pictures: list[NDArray[np.uint8]] = []
            wait_for(lambda: _is_drawn(cage, pictures, 0.6), "the out-of-service screen", within_s=60)
            tried = len(starts.read_text().splitlines())
            first = pictures[-1]
            while len(starts.read_text().splitlines()) < tried + 3:
                wait_for(lambda: _is_drawn(cage, pictures, 0.6), "it is still there")
                assert np.array_equal(pictures[-1], first), "it flickers"
            assert program.running
            return first
        finally:
            await program.stop()

    one, other = await photographed("0910-73 50 00"), await photographed("")
    assert share(one, INK) > share(other, INK)  # the number is there to be read, and large


def _is_drawn(cage: Cage, pictures: list[NDArray[np.uint8]], paper: float = 0.2) -> bool:
    """Take a picture; True when it shows paper with writing on it."""
    picture = cage.picture()
    if picture is None or share(picture, PAPER) < paper or share(picture, INK) < 0.005:
        return False
    pictures.append(picture)
    return True
