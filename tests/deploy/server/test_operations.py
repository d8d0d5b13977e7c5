"""The hand-book says what the programs say: every code, every alarm, every file and command that it names is there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from signaling.adapters.doctor.findings import Code, Level
from signaling.adapters.doctor.words import WORDS
from signaling.config.load import known_settings
from signaling.protocol.health import HealthCode
from signaling.protocol.vocabulary import RelayFinding
from tests.support.operations import BOOK, marks, renewed


@pytest.fixture(scope="module")
def book() -> str:
    return BOOK.read_text("utf-8")


def test_its_tables_are_what_the_programs_say(book: str) -> None:
    assert renewed(book) == book, "renew it: python -m tests.support.operations"


def codes_in(book: str, name: str) -> list[str]:
    """The codes of one table."""
    begin, end = marks(name)
    return re.findall(r"^\| `(\w+)` \|", book.partition(begin)[2].partition(end)[0], flags=re.MULTILINE)


def test_every_code_of_a_kiosk_has_its_row(book: str) -> None:
    assert sorted(codes_in(book, "findings")) == sorted(HealthCode)


def test_everything_that_the_doctor_finds_bad_has_its_row(book: str) -> None:
    assert sorted(codes_in(book, "doctor")) == sorted(c for c in Code if WORDS[c].level is not Level.OK)


def test_every_finding_at_a_relay_has_its_row(book: str) -> None:
    assert [finding for finding in RelayFinding if f"\n| `{finding.value}` |" not in book] == []


def test_every_alarm_of_prometheus_has_its_row(book: str, project_root: Path) -> None:
    rules = (project_root / "deploy" / "server" / "prometheus" / "alerts.yml").read_text("utf-8")
    alarms = re.findall(r"^ *- alert: (\w+)$", rules, flags=re.MULTILINE)
    assert re.findall(r"^\| `(Librarian\w+)` \|", book, flags=re.MULTILINE) == alarms


def test_every_file_that_it_names_is_there(book: str, project_root: Path) -> None:
    named = set(re.findall(r"(?:deploy|requirements)/[\w./-]*[\w*]", book))
    assert len(named) > 10
    assert [path for path in named if not list(project_root.glob(path))] == []


@pytest.mark.thorough
def test_every_command_that_it_names_is_known(book: str, project_root: Path) -> None:
    words = set(re.findall(r"python -m signaling ([a-z][a-z-]*(?: (?:init|add|join|keys|disable|revoke)\b)?)", book))
    assert {"backup", "restore", "doctor", "migrate", "check-turn", "check-config", "kiosk add"} <= words
    for command in sorted(words):
        asked = [sys.executable, "-m", "signaling", *command.split(), "--help"]
        ran = subprocess.run(asked, cwd=project_root, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, command


def test_every_setting_that_it_names_is_known(book: str) -> None:
    sections = {key.partition(".")[0] for key in known_settings()}
    found = re.findall(r"(?:^|[^\w/-])([a-z]+\.[a-z_]+)\b(?![./])", book)
    named = {name for name in found if name.partition(".")[0] in sections and not name.endswith((".yml", ".txt"))}
    assert {"turn.secret", "server.public_url", "database.url", "mail.user"} <= named
    assert named - set(known_settings()) == set()


def test_its_own_links_lead_somewhere(book: str) -> None:
    heads = {
        re.sub(r"[^\w -]", "", head).strip().lower().replace(" ", "-")
        for head in re.findall(r"^#+ (.*)$", book, flags=re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([\w-]+)\)", book)) <= heads
