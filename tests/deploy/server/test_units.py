"""The server's units, as systemd reads them: right, and shut."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

#: systemd's own scale goes from 0 (shut) to 10 (open).
SHUT = 3.0
UNITS = ("librarian.service", "librarian-backup.service", "librarian-backup.timer")


@pytest.fixture(scope="module")
def units(project_root: Path) -> Path:
    return project_root / "deploy" / "server" / "systemd"


def exposure(*arguments: str | Path) -> float:
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", *map(str, arguments)]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", said)
    assert found, said
    return float(found[1])


@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".service")])
def test_a_unit_is_shut_as_far_as_systemd_can_tell(units: Path, name: str) -> None:
    assert exposure(units / name) <= SHUT


def test_the_measure_knows_an_open_unit(units: Path, tmp_path: Path) -> None:
    (tmp_path / "open.service").write_text("[Service]\nExecStart=/bin/true\n")
    assert exposure(tmp_path / "open.service") > 9


def test_the_relay_is_shut_too(units: Path, tmp_path: Path) -> None:
    debian = Path("/lib/systemd/system/coturn.service")
    if not debian.is_file():
        pytest.skip("coturn does not come from a Debian package here")
    there = tmp_path / "etc" / "systemd" / "system"
    shutil.copytree(units / "coturn.service.d", there / "coturn.service.d")
    shutil.copy(debian, there / "coturn.service")
    assert exposure(f"--root={tmp_path}", "coturn.service") <= SHUT
    shutil.rmtree(there / "coturn.service.d")
    assert exposure(f"--root={tmp_path}", "coturn.service") > 8, "our part is what shuts it"


def test_systemd_takes_every_line(units: Path, tmp_path: Path) -> None:
    """On a copy of the machine that it is meant for, as far as the units look at it."""
    there = tmp_path / "etc" / "systemd" / "system"
    there.mkdir(parents=True)
    for name in UNITS:
        shutil.copy(units / name, there)
    for target in ("network-online.target", "multi-user.target", "timers.target", "sysinit.target", "basic.target",
                   "shutdown.target", "postgresql.service", "-.mount", "system.slice"):  # fmt: skip
        kind = target.rpartition(".")[2]
        extra = {"mount": "[Mount]\nWhere=/\nWhat=/dev/x\n", "service": "[Service]\nExecStart=/bin/python\n"}
        (there / target).write_text(extra.get(kind, f"[Unit]\nDescription={kind}\n"))
    for program in ("opt/librarian/bin/python", "bin/python"):
        (tmp_path / program).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / program).write_bytes(b"")
        (tmp_path / program).chmod(0o755)
    command = ["systemd-analyze", "verify", f"--root={tmp_path}", "--man=no", *UNITS]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    complaints = [line for line in ran.stderr.splitlines() if "librarian" in line]
    assert complaints == []
    # The same look finds a slip of the pen.
    (there / UNITS[0]).write_text((units / UNITS[0]).read_text().replace("ProtectHome=yes", "ProtectHme=yes"))
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "ProtectHme" in ran.stderr


def test_the_echo_may_make_itself_less_important(units: Path) -> None:
    """`nice` is one of systemd's @resources: refusing those would end every test call of a kiosk."""
    filters = re.findall(r"^SystemCallFilter=(.*)$", (units / "librarian.service").read_text(), flags=re.MULTILINE)
    assert filters == ["@system-service", "~@privileged"]


def test_the_echo_may_make_the_callbacks_of_its_library(units: Path) -> None:
    """Without them no test call comes about, which no look of systemd's would tell."""
    assert "\nMemoryDenyWriteExecute" not in (units / "librarian.service").read_text()


def test_the_units_start_commands_that_there_are(units: Path) -> None:
    for name in ("librarian.service", "librarian-backup.service"):
        (line,) = re.findall(r"^ExecStart=(.*)$", (units / name).read_text(), flags=re.MULTILINE)
        words = line.split()
        assert words[:5] == [
            "/opt/librarian/bin/python", "-m", "signaling", "--config", "/etc/librarian/librarian.toml",
        ]  # fmt: skip
        assert words[5] in {"serve", "backup"}
