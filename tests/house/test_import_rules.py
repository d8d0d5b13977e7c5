"""The rules about who may import whom bite: each is broken once, in a copy, and says so."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

#: For each contract of pyproject.toml: the module that breaks it, and with which line.
OFFENCES = {
    "server-layers": ("signaling/domain/offence_1.py", "import signaling.service.hub"),
    "kiosk-layers": ("kiosk/ui/offence_2.py", "import kiosk.adapters.camera"),
    "the-call-is-the-engine-s": ("kiosk/adapters/offence_3.py", "import kiosk.call"),
    "the-care-is-the-engine-s": ("kiosk/ui/offence_11.py", "import kiosk.care"),
    "kiosk-knows-the-wire": ("kiosk/core/offence_4.py", "import signaling.domain.line"),
    "server-knows-no-client": ("signaling/service/offence_5.py", "import kiosk.core"),
    "console-site-stands-alone": ("staff_console/offence_6.py", "import signaling.service"),
    "rules-speak-words": ("kiosk/core/offence_7.py", "import signaling.protocol.messages"),
    "pure": ("signaling/domain/offence_8.py", "import random"),
    "libraries-at-the-edge": ("signaling/service/offence_9.py", "import aiohttp.web"),
    "qt-on-the-screen-only": ("kiosk/adapters/offence_10.py", "from PySide6.QtCore import QObject"),
}

BANNED = [
    ("signaling/domain/visit.py", "import datetime\n\nnow = datetime.datetime.now(datetime.UTC)\n"),
    ("signaling/service/hub.py", "from uuid import uuid4\n"),
    ("kiosk/core/session.py", "import time\n"),
    ("kiosk/core/session.py", "from random import random\n"),
    ("signaling/service/hub.py", "import sqlalchemy as sa\n"),
]


@pytest.fixture(scope="module")
def verdict(tmp_path_factory: pytest.TempPathFactory, project_root: Path) -> str:
    """What import-linter says about a copy of the project in which every rule is broken once."""
    copy = tmp_path_factory.mktemp("offences")
    for package in ("signaling", "kiosk", "staff_console"):
        shutil.copytree(
            project_root / package, copy / package, ignore=shutil.ignore_patterns("web", "qml", "__pycache__")
        )
    for path, line in OFFENCES.values():
        (copy / path).write_text(f"{line}\n")
    shutil.copy(project_root / "pyproject.toml", copy)
    lint = Path(sys.executable).with_name("lint-imports")
    command = [str(lint), "--no-logo", "--no-cache", "--config", "pyproject.toml"]
    ran = subprocess.run(
        command, cwd=copy, env={"COLUMNS": "400", "PATH": ""}, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1, ran.stderr
    return ran.stdout


def contracts(root: Path) -> dict[str, str]:
    """Name of each contract by its id."""
    settings = tomllib.loads((root / "pyproject.toml").read_text())
    return {contract["id"]: contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]}


def test_every_contract_has_an_offence_to_catch(project_root: Path) -> None:
    assert set(contracts(project_root)) == set(OFFENCES)


@pytest.mark.parametrize("contract", OFFENCES)
def test_an_offence_breaks_its_contract(verdict: str, project_root: Path, contract: str) -> None:
    name = contracts(project_root)[contract]
    module = OFFENCES[contract][0].removesuffix(".py").replace("/", ".")
    assert re.search(rf"^{re.escape(name)} BROKEN", verdict, flags=re.MULTILINE)
    assert re.search(rf"{re.escape(module)} -> ", verdict)


@pytest.mark.parametrize(("path", "source"), BANNED)
def test_clock_chance_and_edges_are_banned_from_the_middle(project_root: Path, path: str, source: str) -> None:
    ruff = Path(sys.executable).with_name("ruff")
    command = [str(ruff), "check", "--no-cache", "--select", "TID251", "--stdin-filename", path, "-"]
    ran = subprocess.run(command, cwd=project_root, input=source, capture_output=True, text=True, check=False)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "TID251" in ran.stdout
