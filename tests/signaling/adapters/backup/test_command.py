"""`backup` and `restore` as somebody at a keyboard meets them, from one machine to an empty one."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest

from tests.support.stage.server import Server

ROOT = Path(__file__).resolve().parents[4]


def signaling(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run one command in a folder."""
    folder.mkdir(exist_ok=True)
    plain = {name: value for name, value in os.environ.items() if not name.startswith("LIBRARIAN_")}
    return subprocess.run(
        [sys.executable, "-m", "signaling", *words],
        cwd=folder,
        env={**plain, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A machine with a library."""
    folder = tmp_path_factory.mktemp("here")
    for words in (["library", "init", "Norr"], ["branch", "add", "Burträsk", "--phone", "0914-1"]):
        assert signaling(folder, *words).returncode == 0
    return folder


@pytest.mark.thorough
def test_from_one_machine_to_an_empty_one(here: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.backup"
    made = signaling(here, "backup", str(file))
    assert (made.returncode, made.stderr) == (0, "")
    assert f"SHA-256 {hashlib.sha256(file.read_bytes()).hexdigest()}" in made.stdout
    there = tmp_path / "there"
    restored = signaling(there, "restore", str(file))
    assert (restored.returncode, restored.stderr) == (0, "")
    assert "compared" in restored.stdout
    for words in (["library", "list"], ["branch", "list"]):
        assert signaling(there, *words).stdout == signaling(here, *words).stdout != ""


@pytest.mark.thorough
async def test_a_server_on_a_new_machine_goes_on_where_the_running_one_was(tmp_path: Path) -> None:
    old, new = Server(made(tmp_path / "old")), Server(made(tmp_path / "new"))
    await asyncio.to_thread(old.set_up, "Norr", "Burträsk", "0914-1")
    password = await asyncio.to_thread(old.add_staff, "anna", "Anna")
    await old.start()
    try:
        await asyncio.to_thread(old.command, "backup", str(tmp_path / "a.backup"))
    finally:
        old.kill()  # the machine is lost
    await asyncio.to_thread(new.command, "restore", str(tmp_path / "a.backup"))
    await new.start()
    try:
        assert await signs_in(new.url, "anna", password)
        assert not await signs_in(new.url, "anna", "another")
    finally:
        await new.stop()


async def signs_in(url: str, login: str, password: str) -> bool:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        async with session.get(f"{url}/api/session") as response:
            csrf = (await response.json())["csrf"]
        body, headers = {"login": login, "password": password}, {"X-CSRF-Token": csrf}
        async with session.post(f"{url}/api/session", json=body, headers=headers) as response:
            return response.status == 200


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


@pytest.mark.thorough
def test_a_folder_of_backups_keeps_so_many_days(here: Path, tmp_path: Path) -> None:
    old = tmp_path / "librarian-20200101T030000Z.backup"
    old.touch()
    made = signaling(here, "backup", str(tmp_path), "--keep-days", "14")
    assert made.returncode == 0
    assert f"{old}: removed" in made.stdout
    assert [bool(re.fullmatch(r"librarian-\d{8}T\d{6}Z\.backup", file.name)) for file in tmp_path.iterdir()] == [True]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["backup", "pyproject.toml"], "is there already"),
        (["backup", "away/a.backup"], "cannot be written"),
        (["backup", "a.backup", "--keep-days", "3"], "--keep-days needs a folder"),
        (["restore", "away.backup"], "away.backup does not exist"),
        (["restore", "pyproject.toml"], "is no backup"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_changes_nothing(here: Path, words: list[str], sentence: str) -> None:
    (here / "pyproject.toml").write_text("mine")
    before = (here / "var" / "librarian.sqlite3").stat().st_size
    said = signaling(here, *words)
    assert said.returncode == 1
    assert said.stdout == ""
    assert len(said.stderr.splitlines()) == 1
    assert sentence in said.stderr
    assert (here / "pyproject.toml").read_text() == "mine"
    assert (here / "var" / "librarian.sqlite3").stat().st_size == before
    assert not list(here.glob("*unfinished*"))


@pytest.mark.thorough
def test_a_machine_with_a_library_of_its_own_is_left_alone(here: Path, tmp_path: Path) -> None:
    file, there = tmp_path / "a.backup", tmp_path / "there"
    assert signaling(here, "backup", str(file)).returncode == 0
    assert signaling(there, "library", "init", "Söder").returncode == 0
    said = signaling(there, "restore", str(file))
    assert said.returncode == 1
    assert "never writes over anything" in said.stderr
    assert "Söder" in signaling(there, "library", "list").stdout


def test_where_nothing_was_begun_there_is_nothing_to_keep(tmp_path: Path) -> None:
    said = signaling(tmp_path / "new", "backup", "a.backup")
    assert said.returncode == 1
    assert "library init NAME" in said.stderr
