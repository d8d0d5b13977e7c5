"""Canaries for what the pins protect us from, and for the pins themselves."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

REQUIREMENTS = ("dev", "server")

#: Known vulnerabilities below these.
SECURITY_FLOORS = {"aiohttp": "3.14.4", "python-socketio": "5.16.4", "python-engineio": "4.13.2"}


def pinned(root: Path, name: str) -> dict[str, str]:
    """Pinned version of each package that this Python installs from a requirements file."""
    text = (root / "requirements" / f"{name}.txt").read_text()
    lines = re.findall(r"^([A-Za-z0-9][^\\\n]*==[^\\\n]*)", text, flags=re.MULTILINE)
    pins = {}
    for requirement in map(Requirement, lines):
        if requirement.marker is None or requirement.marker.evaluate():
            (specifier,) = requirement.specifier
            pins[requirement.name] = specifier.version
    return pins


def test_void_calls_and_signals_of_qt_lose_no_reference_to_none() -> None:
    if sys.version_info >= (3, 12):
        pytest.skip("None cannot die from Python 3.12 on")
    from PySide6.QtCore import QObject, Signal

    class Bell(QObject):
        rung = Signal(bool)

    bell = Bell()
    heard: list[bool] = []
    bell.rung.connect(heard.append)
    before = sys.getrefcount(None), sys.getrefcount(True)
    for _ in range(1000):
        bell.setObjectName("bell")
        bell.blockSignals(False)
        bell.rung.emit(True)
    heard.clear()
    after = sys.getrefcount(None), sys.getrefcount(True)
    # PySide6 6.12.0 drops one with each call, and the process dies after minutes.
    assert after[0] - before[0] == pytest.approx(0, abs=100)
    assert after[1] - before[1] == pytest.approx(0, abs=100)


@pytest.mark.parametrize("name", ["PySide6-Essentials", "shiboken6"])
def test_qt_is_of_a_version_that_was_found_to_be_safe(name: str) -> None:
    assert Version("6.8.3") <= Version(version(name)) < Version("6.12")
    assert Version(version(name)) != Version("6.10.1")


def test_opencv_is_the_one_without_a_second_qt() -> None:
    installed = pinned_names_installed()
    assert "opencv-python-headless" in installed
    assert "opencv-python" not in installed


def pinned_names_installed() -> set[str]:
    """Names of all distributions in this environment."""
    from importlib.metadata import distributions

    return {distribution.name.lower() for distribution in distributions()}


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_security_floors_are_kept(project_root: Path, name: str) -> None:
    pins = pinned(project_root, name)
    below = {
        package: pins[package] for package, floor in SECURITY_FLOORS.items() if Version(pins[package]) < Version(floor)
    }
    assert below == {}


def test_what_is_installed_is_what_is_pinned(project_root: Path) -> None:
    pins = pinned(project_root, "dev")
    differing = {name: (pin, version(name)) for name, pin in pins.items() if version(name) != pin}
    assert differing == {}


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_pin_has_hashes_and_no_address(project_root: Path, name: str) -> None:
    text = (project_root / "requirements" / f"{name}.txt").read_text()
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text)[1:]
    assert len(blocks) > 20
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_the_pins_satisfy_what_the_project_asks_for(project_root: Path, name: str) -> None:
    project = tomllib.loads((project_root / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    chosen = {
        "dev": ["server", "kiosk", "postgres", "redis", "dev"],
        "server": ["server", "postgres", "redis"],
    }[name]
    asked = [*project["dependencies"], *(line for extra in chosen for line in extras[extra])]
    pins = {canonicalize_name(package): pin for package, pin in pinned(project_root, name).items()}
    unmet = [
        line for line in map(Requirement, asked) if not line.specifier.contains(pins[canonicalize_name(line.name)])
    ]
    assert unmet == []


def test_the_server_s_pins_bring_no_qt_and_no_media_but_the_echo_s(project_root: Path) -> None:
    names = {package.lower() for package in pinned(project_root, "server")}
    assert names.isdisjoint({"pyside6-essentials", "pyside6-addons", "wrtc", "livekit", "numpy"})
    assert names >= {"aiortc", "av"}
