"""On a real (virtual) X11 display what lies over the window is found, too: the display itself is read back."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from tests.support.stage.screen import Screen


@pytest.mark.timeout(180)
async def test_another_programs_window_over_the_screen_is_found(tmp_path: Path, project_root: Path) -> None:
    screen = Screen(tmp_path, 1080, 1920)
    await screen.start()
    try:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.support.proof_on_glass",
            cwd=project_root,
            env={**os.environ, **screen.environment},
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await asyncio.wait_for(child.communicate(), 150)
    finally:
        await screen.stop()
    looks = [json.loads(line) for line in out.decode().splitlines()]
    assert [(look["look"], look["platform"], look["drawn"]) for look in looks] == [
        ("bare", "xcb", True),
        ("covered", "xcb", False),
        ("bare again", "xcb", True),
    ]
    assert child.returncode == 0
