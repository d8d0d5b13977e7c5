"""The house itself: its folders, its one command, and what must never lie in it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

FOLDERS = """
    signaling/protocol signaling/domain signaling/service signaling/adapters
    kiosk/core kiosk/adapters kiosk/adapters/peer kiosk/ui/viewmodels kiosk/ui/qml kiosk/ui/i18n
    staff_console/web/src staff_console/web/l10n
    tests/signaling tests/kiosk tests/staff_console tests/contract tests/e2e tests/bench tests/support
    deploy
""".split()
FILES = """
    pyproject.toml dev .ci/run LICENSE README.md ARCHITECTURE.md CONTRIBUTING.md CHANGELOG.md SECURITY.md
    signaling/protocol/PROTOCOL.md
""".split()


@pytest.fixture(scope="module")
def tracked(project_root: Path) -> list[str]:
    """Paths of all files that git knows, or that it would take in."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=project_root, capture_output=True, text=True, check=True).stdout
    return [path for path in listed.splitlines() if (project_root / path).is_file()]


def texts(root: Path, paths: list[str]) -> dict[str, str]:
    """Content of each file that is text."""
    found = {}
    for path in paths:
        content = (root / path).read_bytes()
        if b"\0" not in content:
            found[path] = content.decode()
    return found


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_folder_exists_and_holds_something(tracked: list[str], folder: str) -> None:
    assert any(path.startswith(f"{folder}/") for path in tracked)


@pytest.mark.parametrize("file", FILES)
def test_the_file_exists(tracked: list[str], file: str) -> None:
    assert file in tracked


def test_no_lock_file_records_where_packages_came_from(project_root: Path, tracked: list[str]) -> None:
    assert [path for path in tracked if Path(path).name in {"uv.lock", "poetry.lock", "Pipfile.lock"}] == []
    npm = [path for path in tracked if Path(path).name == "package-lock.json"]
    assert [path for path in npm if '"resolved"' in (project_root / path).read_text()] == []


def test_a_kiosk_can_import_the_wire_without_anything_of_the_server(project_root: Path) -> None:
    assert (project_root / "signaling" / "__init__.py").read_text() == ""


def test_nothing_is_built_or_installed_that_git_would_take_in(tracked: list[str]) -> None:
    made = re.compile(r"(^|/)(node_modules|dist|__pycache__|\.venv|var)/|\.(pyc|sqlite3|whl)$")
    assert [path for path in tracked if made.search(path)] == []


def test_no_file_is_large(project_root: Path, tracked: list[str]) -> None:
    assert [path for path in tracked if (project_root / path).stat().st_size > 1_500_000] == []


def test_texts_that_no_formatter_keeps_end_with_one_newline(project_root: Path, tracked: list[str]) -> None:
    ours = [path for path in tracked if Path(path).suffix in {".qml", ".toml", ".md", ".ftl"}]
    ends = {path: text[-2:] for path, text in texts(project_root, ours).items()}
    assert [path for path, end in ends.items() if not end.endswith("\n") or end == "\n\n"] == []


def test_help_tells_of_every_command(project_root: Path) -> None:
    dev = project_root / "dev"
    helped = subprocess.run([dev, "help"], capture_output=True, text=True, check=True).stdout
    told = set(re.findall(r"^  (\w+) +\S", helped, flags=re.MULTILINE))
    branches = re.search(r"  case \$command in\n(.*?)\n  esac", dev.read_text(), flags=re.DOTALL)
    assert branches is not None
    labels = re.findall(r"^    ([\w|\- ]+)\)", branches[1], flags=re.MULTILINE)
    known = {word for label in labels for word in re.split(r"[| ]+", label) if not word.startswith("-")}
    assert told == known
    assert {"demo", "test", "check", "bench", "fmt", "shots"} <= told


def test_an_unknown_command_is_named_and_fails(project_root: Path) -> None:
    ran = subprocess.run([project_root / "dev", "dance"], capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "no command 'dance'" in ran.stderr


def test_the_way_in_is_executable(project_root: Path) -> None:
    for name in ("dev", ".ci/run"):
        assert (project_root / name).stat().st_mode & 0o111, name
