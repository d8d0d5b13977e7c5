"""The kiosk's commands: each error one clear sentence, and a program that ends when it is told to."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer, unused_port
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from typer.testing import CliRunner, Result

from kiosk.__main__ import cli
from kiosk.adapters.identity import IDENTITY_FILE, Identity, save_identity
from signaling.adapters.store_memory import MemoryStore
from signaling.app import make_app
from signaling.config import Settings
from signaling.domain.places import Kiosk
from signaling.protocol.vocabulary import KioskId
from tests.support.edges import SetClock
from tests.support.identities import CODE, add_kiosk
from tests.support.wire import BRANCH, ServedWire, add_library, wire_server

ROOT = Path(__file__).resolve().parents[2]
AWAY = "http://127.0.0.1:9"
PATTERNS = ["--camera", "pattern", "--microphone", "pattern", "--loudspeaker", "pattern", "--size", "540x960"]
PATIENCE_S = 30.0


def command(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments), catch_exceptions=False)


def said(result: Result) -> str:
    """The one sentence of a command that failed with 1."""
    assert (result.exit_code, result.stdout) == (1, "")
    sentence = result.stderr.strip()
    assert "\n" not in sentence
    return sentence


@pytest.fixture
def enrolled(tmp_path: Path) -> Path:
    """The folder of a kiosk that is enrolled."""
    save_identity(tmp_path / IDENTITY_FILE, Identity(KioskId("k1"), Ed25519PrivateKey.generate()))
    return tmp_path


# --- sentences --------------------------------------------------------------------------------------------


def test_running_without_an_identity_says_how_to_enrol(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "run", "--server", AWAY, "--state-dir", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "This kiosk is not enrolled yet. Get a code from your library and run: "
        f"python -m kiosk enrol --server {AWAY} CODE\n"
    )


def test_running_with_a_broken_identity_says_so(tmp_path: Path) -> None:
    (tmp_path / IDENTITY_FILE).write_text("{")
    assert "remove it and enrol this kiosk again" in said(
        command("run", "--server", AWAY, "--state-dir", str(tmp_path))
    )


@pytest.mark.parametrize("address", ["desk.example.org", "ftp://desk.example.org", "https://", ""])
@pytest.mark.parametrize("name", ["run", "enrol"])
def test_an_address_that_is_none_is_said_to_be_none(tmp_path: Path, name: str, address: str) -> None:
    code = [CODE] if name == "enrol" else []
    result = command(name, *code, "--server", address, "--state-dir", str(tmp_path))
    assert "looks like https://desk.example.org" in said(result)


@pytest.mark.parametrize("size", ["540", "540x", "axb", "540*960"])
def test_a_size_that_is_none_is_said_to_be_none(enrolled: Path, size: str) -> None:
    result = command("run", "--server", AWAY, "--state-dir", str(enrolled), "--size", size)
    assert said(result) == f"A size looks like 540x960, not {size!r}."


def test_an_engine_that_nobody_knows_is_said_to_be_unknown(enrolled: Path) -> None:
    result = command("run", "--server", AWAY, "--state-dir", str(enrolled), "--engine", "steam", *PATTERNS)
    assert "steam" in said(result)


# --- enrolling --------------------------------------------------------------------------------------------


@pytest_asyncio.fixture
async def wire() -> AsyncIterator[ServedWire]:
    async with wire_server(MemoryStore(), SetClock()) as running:
        await add_kiosk(running.store, running.clock.now())
        yield running


async def enrol(server: str, folder: Path) -> Result:
    """In a thread, because the command has a loop of its own."""
    return await asyncio.to_thread(command, "enrol", CODE, "--server", server, "--state-dir", str(folder))


async def test_enrolling_keeps_the_key_and_says_what_is_next(wire: ServedWire, tmp_path: Path) -> None:
    folder = tmp_path / "state" / "kiosk"
    result = await enrol(wire.url, folder)
    assert (result.exit_code, result.stdout) == (0, f"Enrolled. Next: python -m kiosk run --server {wire.url}\n")
    assert stat.S_IMODE((folder / IDENTITY_FILE).stat().st_mode) == 0o600


async def test_a_kiosk_that_is_enrolled_keeps_its_key(wire: ServedWire, enrolled: Path) -> None:
    before = (enrolled / IDENTITY_FILE).read_bytes()
    assert "enrolled already" in said(await enrol(wire.url, enrolled))
    assert (enrolled / IDENTITY_FILE).read_bytes() == before


async def test_a_place_that_cannot_be_written_costs_no_code(wire: ServedWire, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert "cannot be" in said(await enrol(wire.url, tmp_path / "file"))
    assert (await enrol(wire.url, tmp_path / "elsewhere")).exit_code == 0


@pytest.mark.expected_log("enrolment_refused.*used")
async def test_a_used_code_is_refused_in_words_and_leaves_no_file(wire: ServedWire, tmp_path: Path) -> None:
    assert (await enrol(wire.url, tmp_path / "first")).exit_code == 0
    assert "used already" in said(await enrol(wire.url, tmp_path / "second"))
    assert list((tmp_path / "second").iterdir()) == []


# --- running ----------------------------------------------------------------------------------------------


class Program:
    """`python -m kiosk run` in a process of its own, on a screen that nobody sees."""

    def __init__(self, folder: Path, server: str, *arguments: str, before: str = "") -> None:
        self._probe = folder / "probe.jsonl"
        options = ["run", "--server", server, "--state-dir", str(folder), "--probe", str(self._probe), *PATTERNS]
        start = ["-m", "kiosk"] if not before else ["-c", f"{before}\nfrom kiosk.__main__ import cli\ncli()"]
        self.process = subprocess.Popen(
            [sys.executable, *start, *options, *arguments],
            cwd=ROOT,
            env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines: list[str] = []
        self._new: SimpleQueue[str | None] = SimpleQueue()
        Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self._new.put(line.strip())
        self._new.put(None)

    def says(self, event: str) -> dict[str, Any]:
        """Wait for an event of the log."""
        while True:
            try:
                line = self._new.get(timeout=PATIENCE_S)
            except Empty:
                raise AssertionError(f"{event} was never said: {self.lines}") from None
            assert line is not None, f"it ended before {event}: {self.lines}"
            self.lines.append(line)
            if line.startswith("{") and json.loads(line)["event"] == event:
                return dict(json.loads(line))

    async def shows(self, screen: str) -> None:
        """Wait for a screen."""
        async with asyncio.timeout(PATIENCE_S):
            while screen != self._screen():  # noqa: ASYNC110 - a file has no bell to ring
                await asyncio.sleep(0.05)

    def ends(self) -> tuple[int, list[str]]:
        """Wait for the end: exit code, and every line of the log that is more than information."""
        code = self.process.wait(PATIENCE_S)
        while (line := self._new.get(timeout=PATIENCE_S)) is not None:
            self.lines.append(line)
        assert self.process.stdout is not None
        assert self.process.stdout.read() == ""
        loud = [line for line in self.lines if not line.startswith("{") or json.loads(line)["level"] != "info"]
        return code, loud

    def _screen(self) -> str:
        lines = self._probe.read_text(encoding="utf-8").splitlines() if self._probe.exists() else []
        return str(json.loads(lines[-1])["screen"]) if lines else ""


@contextmanager
def running(folder: Path, server: str, *arguments: str, before: str = "") -> Iterator[Program]:
    program = Program(folder, server, *arguments, before=before)
    try:
        yield program
    finally:
        if program.process.poll() is None:
            program.process.kill()
            program.process.wait()
        for pipe in (program.process.stdout, program.process.stderr):
            assert pipe is not None
            pipe.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
@pytest.mark.parametrize("engine", ["libwebrtc", "aiortc"])
def test_a_program_that_is_told_to_stop_ends_with_0_and_without_a_word_too_many(
    enrolled: Path, number: signal.Signals, engine: str
) -> None:
    with running(enrolled, AWAY, "--engine", engine) as program:
        assert program.says("kiosk_started")["engine"] == engine
        program.process.send_signal(number)
        assert program.ends() == (0, [])
        assert json.loads(program.lines[-1])["event"] == "kiosk_stopped"


def test_a_program_that_is_told_to_stop_while_it_starts_ends_too(enrolled: Path) -> None:
    before = (
        "import os, signal, kiosk.app\n"
        "made = kiosk.app.make_application\n"
        "window = kiosk.app.open_window\n"
        "def open_window(*a, **k):\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    return window(*a, **k)\n"
        "kiosk.app.open_window = open_window\n"
    )
    with running(enrolled, AWAY, before=before) as program:
        assert program.ends() == (0, [])


def test_an_engine_that_breaks_ends_the_program_with_1_so_that_it_is_started_anew(enrolled: Path) -> None:
    before = (
        "import kiosk.engine\n"
        "def decide(*_):\n"
        "    raise ZeroDivisionError('something that a visitor typed')\n"
        "kiosk.engine.decide = decide\n"
    )
    with running(enrolled, AWAY, before=before) as program:
        broke = program.says("engine_broke")
        assert (broke["part"], broke["error"], broke["level"]) == ("events", "ZeroDivisionError", "error")
        code, loud = program.ends()
        assert code == 1
        assert [json.loads(line)["event"] for line in loud] == ["engine_broke"]
        assert not any("visitor typed" in line for line in program.lines)


@pytest.mark.thorough
@pytest.mark.slow
async def test_a_kiosk_that_starts_while_the_server_is_away_says_so_and_recovers_by_itself(tmp_path: Path) -> None:
    key, port = Ed25519PrivateKey.generate(), unused_port()
    save_identity(tmp_path / IDENTITY_FILE, Identity(KioskId("k1"), key))
    with running(tmp_path, f"http://127.0.0.1:{port}") as program:
        await program.shows("starting")
        await program.shows("out_of_service")
        store = MemoryStore()
        await add_library(store)
        raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        await store.add_kiosk(Kiosk(KioskId("k1"), BRANCH, "Entrance", raw), b"code", SetClock().now())
        server = TestServer(make_app(Settings(), store, clock=SetClock()), host="127.0.0.1", port=port)
        await server.start_server()
        await program.shows("idle")
        await server.close()
        await program.shows("out_of_service")
        program.process.terminate()
        assert await asyncio.to_thread(program.ends) == (0, [])
