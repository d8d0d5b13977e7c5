"""Updates with real environments and a real supervisor: taken when they prove themselves, undone when they do not."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.kiosk_site import LIB, KioskSite, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.thorough, pytest.mark.timeout(300)]

#: A program that does what the supervisor and the update ask of one; `{run}` and `{red}` make it good or bad.
PROGRAM = """
import json, os, socket, sys, time
import small_part
def tell(message):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        out.sendto(message.encode(), os.environ["NOTIFY_SOCKET"])
if sys.argv[1] == "check":
    red = {red}
    print(json.dumps({{"red": red}}))
    sys.exit(1 if red else 0)
if {run!r} == "crashes":
    sys.exit(3)
tell("READY=1")
while True:
    tell("WATCHDOG=1\\nSTATUS=idle")
    time.sleep(0.1)
"""


def make_wheel(folder: Path, name: str, version: str, files: dict[str, str]) -> Path:
    """A wheel made by hand."""
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: {version}\n"
    tags = "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with zipfile.ZipFile(wheel, "w") as packed:
        for path, text in {**files, f"{info}/METADATA": metadata, f"{info}/WHEEL": tags}.items():
            packed.writestr(path, text)
        packed.writestr(f"{info}/RECORD", "")
    return wheel


class Source:
    """A folder of versions, as README.md describes it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self._part = make_wheel(folder, "small_part", "1.0", {"small_part.py": ""})

    def add(self, version: str, *, run: str = "lives", red: tuple[str, ...] = (), part_hash: str = "") -> Path:
        """Make a version of the program and list it."""
        digest = part_hash or hashlib.sha256(self._part.read_bytes()).hexdigest()
        files = {
            "kiosk/__init__.py": "",
            "kiosk/__main__.py": PROGRAM.format(run=run, red=list(red)),
            "kiosk/requirements.txt": f"small-part==1.0 --hash=sha256:{digest}\n",
        }
        wheel = make_wheel(self.folder, "librarian_on_demand", version, files)
        self.list_all()
        return wheel

    def list_all(self) -> None:
        """What `sha256sum *.whl >SHA256SUMS` does."""
        wheels = sorted(self.folder.glob("*.whl"))
        rows = [f"{hashlib.sha256(wheel.read_bytes()).hexdigest()}  {wheel.name}\n" for wheel in wheels]
        (self.folder / "SHA256SUMS").write_text("".join(rows))


class Kiosk(KioskSite):
    """A site whose environments are real."""

    source: Path
    first: Path

    def have(self, environment: str, version: str, *, run: str = "lives", red: tuple[str, ...] = ()) -> None:
        """A version in an environment, as an earlier update has left it."""
        here = self.home / environment
        shutil.copytree(self.first / "home" / "a", here, symlinks=True)
        (program,) = here.glob("lib/python*/site-packages/kiosk/__main__.py")
        program.write_text(PROGRAM.format(run=run, red=list(red)))
        (here / "VERSION").write_text(version)

    def update(self, **options: float) -> subprocess.CompletedProcess[str]:
        """Run the update to its end."""
        return subprocess.run(**self._command(**options), capture_output=True, text=True, timeout=200, check=False)

    def start_update(self, **options: float) -> subprocess.Popen[str]:
        """Run it beside the test."""
        return subprocess.Popen(**self._command(**options), text=True)

    def want(self, version: str) -> None:
        """As the program does."""
        (self.state / "wanted-version").write_text(version + "\n")

    def outcome(self) -> tuple[str, str]:
        """State and reason of the last update."""
        if not (self.home / "update.json").exists():
            return "", ""
        told: dict[str, Any] = json.loads((self.home / "update.json").read_text())
        return told["state"], told["reason"]

    @property
    def current(self) -> str:
        """The environment in use."""
        return (self.home / "current").readlink().name

    def _command(self, **options: float) -> dict[str, Any]:
        places = ["--home", self.home, "--state", self.state, "--run", self.run]
        times = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
        command = [sys.executable, "-I", LIB / "update.py", *places, *times]
        # Nothing from the network: what is needed lies in the folder.
        env = {
            **os.environ,
            "LIBRARIAN_KIOSK_PACKAGES": str(self.source),
            "LIBRARIAN_KIOSK_PYTHON": sys.executable,
            "PIP_NO_INDEX": "1",
        }
        return {"args": [str(x) for x in command], "env": env}


@pytest.fixture(scope="module")
def version_1(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real environment with version 1.0 in it, made as `install` makes it; and its source."""
    folder = tmp_path_factory.mktemp("first")
    wheel = Source(folder / "source").add("1.0")
    pins = folder / "pins.txt"
    pins.write_bytes(zipfile.ZipFile(wheel).read("kiosk/requirements.txt"))
    (folder / "home").mkdir()
    command = [sys.executable, "-I", LIB / "update.py", "--home", folder / "home", "--fill", wheel, pins, "1.0"]
    env = {"PIP_NO_INDEX": "1", "LIBRARIAN_KIOSK_PYTHON": sys.executable}
    env |= {"LIBRARIAN_KIOSK_PACKAGES": str(folder / "source")}
    ran = subprocess.run([str(x) for x in command], env=os.environ | env, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert (folder / "home" / "current").readlink().name == "a"
    return folder


@pytest.fixture
def source(tmp_path: Path) -> Source:
    made = Source(tmp_path / "source")
    made.add("1.0")
    return made


@pytest.fixture
def kiosk(tmp_path: Path, version_1: Path, source: Source) -> Iterator[Kiosk]:
    made = Kiosk(tmp_path)
    made.source, made.first = source.folder, version_1
    made.have("a", "1.0")
    yield made
    made.close()


def test_a_version_that_proves_itself_is_taken_and_the_way_back_opens_again(kiosk: Kiosk, source: Source) -> None:
    source.add("1.1")
    kiosk.supervise(proven_s=0.5)
    kiosk.want("1.1")
    ran = kiosk.update()
    assert ran.returncode == 0, ran.stderr
    assert kiosk.outcome() == ("done", "")
    assert kiosk.current == "b"
    assert kiosk.told()["version"] == "1.1"
    assert kiosk.update().returncode == 0  # nothing to do

    # Back to what still lies in the other environment: no installation.
    before_ns = (kiosk.home / "a" / "VERSION").stat().st_mtime_ns
    kiosk.want("1.0")
    assert kiosk.update().returncode == 0
    assert (kiosk.current, kiosk.outcome()) == ("a", ("done", ""))
    assert (kiosk.home / "a" / "VERSION").stat().st_mtime_ns == before_ns


def test_a_version_that_fails_its_self_test_never_comes_on_the_screen(kiosk: Kiosk) -> None:
    kiosk.have("b", "1.1", red=("call_failed",))
    kiosk.supervise(proven_s=0.5)
    kiosk.want("1.1")
    assert kiosk.update().returncode == 1
    assert kiosk.outcome() == ("failed", "self_test")
    assert kiosk.current == "a"
    told = (kiosk.home / "update.json").read_text()
    assert kiosk.update().returncode == 0
    assert (kiosk.home / "update.json").read_text() == told  # it is not tried again


def test_a_version_that_crashes_on_the_screen_is_left_by_itself(kiosk: Kiosk) -> None:
    kiosk.have("b", "1.1", run="crashes")
    kiosk.supervise(proven_s=0.5, again_s=300)
    wait_for(lambda: kiosk.phase() == "proven", "the first version lives")
    kiosk.want("1.1")
    ran = kiosk.update()
    assert ran.returncode == 1, ran.stderr
    assert kiosk.outcome() == ("failed", "not_proven")
    assert kiosk.current == "a"
    wait_for(lambda: kiosk.phase() == "proven" and kiosk.told()["version"] == "1.0", "the first version is back")


def test_a_version_that_does_not_prove_itself_in_time_is_left(kiosk: Kiosk) -> None:
    kiosk.have("b", "1.1")
    kiosk.supervise(proven_s=1000)
    kiosk.want("1.1")
    assert kiosk.update(prove_s=0.5).returncode == 1
    assert (kiosk.current, kiosk.outcome()) == ("a", ("failed", "not_proven"))


def test_an_update_that_is_ended_while_it_waits_for_the_proof_goes_on_later(kiosk: Kiosk) -> None:
    kiosk.have("b", "1.1")
    kiosk.want("1.1")
    begun = kiosk.start_update()
    try:
        wait_for(lambda: kiosk.current == "b", "turned over", within_s=120)
    finally:
        begun.kill()
        begun.wait()
    assert kiosk.outcome() == ("proving", "")
    kiosk.supervise(proven_s=0.5)
    assert kiosk.update().returncode == 0
    assert kiosk.outcome() == ("done", "")


def test_a_wheel_that_is_not_as_listed_is_not_installed(kiosk: Kiosk, source: Source) -> None:
    wheel = source.add("1.1")
    with zipfile.ZipFile(wheel, "a") as packed:
        packed.writestr("kiosk/more.py", "")
    kiosk.want("1.1")
    assert kiosk.update().returncode == 1
    assert kiosk.outcome() == ("failed", "not_as_listed")
    assert not (kiosk.home / "b").exists()


def test_a_package_with_another_hash_is_not_installed_and_tried_again_later(kiosk: Kiosk, source: Source) -> None:
    source.add("1.1", part_hash="0" * 64)
    kiosk.want("1.1")
    assert kiosk.update().returncode == 1
    assert kiosk.outcome() == ("failed", "not_installed")
    assert not (kiosk.home / "b" / "VERSION").exists()
    source.add("1.1")
    kiosk.supervise(proven_s=0.5)
    assert kiosk.update().returncode == 0
    assert (kiosk.current, kiosk.outcome()) == ("b", ("done", ""))


def test_a_version_that_is_not_there_is_looked_for_again(kiosk: Kiosk) -> None:
    kiosk.want("9.9")
    for _ in range(2):
        assert kiosk.update().returncode == 1
        assert kiosk.outcome() == ("failed", "not_found")
    assert kiosk.current == "a"


@pytest.mark.parametrize("wanted", ["../b", "--index-url=https://example.org", "1.0 --pre", "1;id", "latest"])
def test_what_is_no_version_goes_no_further(kiosk: Kiosk, wanted: str) -> None:
    kiosk.want(wanted)
    assert kiosk.update().returncode == 1
    assert kiosk.outcome() == ("failed", "not_named_right")


def test_a_link_in_the_place_of_the_wanted_version_is_not_followed(kiosk: Kiosk, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("1.1\n")
    (kiosk.state / "wanted-version").symlink_to(secret)
    assert kiosk.update().returncode == 0
    assert kiosk.outcome() == ("", "")


def test_what_the_old_version_finds_too_is_not_held_against_the_new_one(kiosk: Kiosk) -> None:
    shutil.rmtree(kiosk.home / "a")
    kiosk.have("a", "1.0", red=("loudspeaker_missing", "call_failed"))
    kiosk.have("b", "1.1", red=("loudspeaker_missing",))
    kiosk.supervise(proven_s=0.5)
    kiosk.want("1.1")
    assert kiosk.update().returncode == 0
    assert (kiosk.current, kiosk.outcome()) == ("b", ("done", ""))
