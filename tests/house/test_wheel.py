"""What is built is what is needed: the wheel holds the console's pages, and a clean server serves them without Qt."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.thorough, pytest.mark.timeout(400)]

START_DEADLINE_S = 30
STOP_DEADLINE_S = 15


def run(command: list[str], **options: Any) -> None:
    """Run a command to its good end, or fail with all that it said."""
    ran = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory, project_root: Path) -> Path:
    """The built wheel. Node comes from this environment, as in every command of `./dev`."""
    folder = tmp_path_factory.mktemp("wheel")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), "."]
    run(command, cwd=project_root, env=os.environ | {"PATH": path})
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def server_python(tmp_path_factory: pytest.TempPathFactory, project_root: Path, wheel: Path) -> Path:
    """Python of a clean environment that has the wheel and the server's pinned packages, and nothing else."""
    folder = tmp_path_factory.mktemp("server")
    run([sys.executable, "-m", "venv", str(folder)])
    pip = [str(folder / "bin" / "pip"), "install", "-qq"]
    pins = project_root / "requirements" / "server.txt"
    run([*pip, "--require-hashes", "-r", str(pins)])
    run([*pip, "--no-index", "--no-deps", str(wheel)])
    return folder / "bin" / "python"


def test_the_wheel_holds_pages_screens_words_and_migrations_but_no_sources_of_the_console(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "staff_console/web/dist/index.html" in names
    assert any(name.startswith("staff_console/web/dist/assets/") and name.endswith(".js") for name in names)
    assert "kiosk/ui/qml/Main.qml" in names
    assert {f"kiosk/ui/i18n/{language}.json" for language in ("sv", "nb", "en")} <= set(names)
    assert any("/migrations/versions/" in name for name in names)
    console = [name for name in names if name.startswith("staff_console/web/")]
    assert [name for name in console if not name.startswith("staff_console/web/dist/")] == []
    assert [name for name in names if name.split("/")[0] in {"tests", "var", "deploy", "requirements"}] == []


def free_port() -> int:
    """A TCP port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def fetched(url: str) -> tuple[int, str]:
    """Status and text of a page of the server under test."""
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.status, answer.read().decode()


def wait_until_healthy(url: str, process: subprocess.Popen[str]) -> None:
    """Return when the server says that it is well; fail when it ends or takes too long."""
    deadline = time.monotonic() + START_DEADLINE_S
    while time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()
        try:
            if fetched(f"{url}/healthz")[0] == 200:
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    pytest.fail(f"not healthy within {START_DEADLINE_S} s")


def test_a_clean_environment_serves_the_console_without_qt(server_python: Path, tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "LIBRARIAN_SERVER__PORT": str(port),
        "LIBRARIAN_DATABASE__URL": f"sqlite:///{tmp_path / 'librarian.sqlite3'}",
    }
    commands = [str(server_python), "-m", "signaling"]
    run([*commands, "migrate"], cwd=tmp_path, env=environment)
    process = subprocess.Popen(
        [*commands, "serve"],
        cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        wait_until_healthy(url, process)
        status, page = fetched(f"{url}/")
        mapped = Path(f"/proc/{process.pid}/maps").read_text()
    finally:
        process.terminate()
        output, errors = process.communicate(timeout=STOP_DEADLINE_S)
    assert status == 200
    assert "<script" in page
    assert "Qt6" not in mapped
    assert process.returncode == 0, output + errors
    assert "Traceback" not in output + errors
