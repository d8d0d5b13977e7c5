"""The real kiosk program in its own process, on a screen that is touched."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.support.stage.processes import Program, StageError, run_python, until
from tests.support.stage.screen import Screen

Box = tuple[int, int, int, int]
_RESTS_S = 0.15


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process has used."""

    rss_mb: float
    cpu_s: float


class Kiosk:
    """`python -m kiosk run` with pattern devices, watched from outside."""

    def __init__(
        self,
        folder: Path,
        screen: Screen,
        server_url: str,
        *,
        engine: str = "libwebrtc",
        camera: str = "pattern",
        microphone: str = "pattern",
        loudspeaker: str = "pattern",
        reads_words: bool = False,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self._folder = folder
        self._screen = screen
        self._url = server_url
        self._options = ["--engine", engine, "--camera", camera, "--microphone", microphone]
        self._options += ["--loudspeaker", loudspeaker, "--light"]
        if screen.is_desktop:
            self._options += ["--size", f"{screen.width}x{screen.height}"]
        self._probe = folder / "probe.jsonl"
        self._pictures = folder / "pictures.jsonl"
        self._words = folder / "words.jsonl" if reads_words else None
        self._env = env or {}
        self._program: Program | None = None

    def enrol(self, code: str) -> None:
        """Make its key and bind it."""
        state = ["--server", self._url, "--state-dir", str(self._folder)]
        run_python("kiosk", "enrol", code, *state, env=self._env)

    async def start(self) -> None:
        """Start it and wait for its first screen."""
        for file in (self._probe, self._pictures, self._words):
            if file is not None:
                file.unlink(missing_ok=True)
        self._program = Program(
            "the kiosk",
            [
                sys.executable,
                "-m",
                "tests.support.stage.kiosk_process",
                str(self._pictures),
                str(self._words or ""),
                "run",
                "--server",
                self._url,
                "--state-dir",
                str(self._folder),
                "--probe",
                str(self._probe),
                *self._options,
            ],
            self._folder / "kiosk.log",
            {**self._env, **self._screen.environment},
        )
        await until(lambda: bool(self._lines()), "the kiosk showed a screen", within_s=30, program=self._program)

    async def stop(self) -> int:
        """Ask it to end; returns its exit code."""
        return await self._program.stop() if self._program is not None else 0

    async def ended(self, *, within_s: float) -> int:
        """Wait until it has ended by itself; returns its exit code."""
        if self._program is None:
            raise StageError("the kiosk is not running")
        program = self._program
        await until(lambda: not program.running, "the kiosk ended by itself", within_s=within_s)
        return await program.stop()

    def kill(self) -> None:
        """As a power cut does."""
        if self._program is not None:
            self._program.kill()

    @property
    def screen_name(self) -> str:
        """The screen that is shown."""
        return str(self._last()["screen"])

    @property
    def controls(self) -> dict[str, Box]:
        """Where everything that a finger can reach is; what lies beside the screen cannot be touched."""
        found: dict[str, Box] = self._last()["controls"]
        return {
            name: (x, y, width, height)
            for name, (x, y, width, height) in found.items()
            if 0 <= x + width // 2 < self._screen.width and 0 <= y + height // 2 < self._screen.height
        }

    @property
    def log(self) -> Path:
        """What it said."""
        return self._folder / "kiosk.log"

    @property
    def words(self) -> str:
        """Everything that can be read on the screen, a line per text. Only when it was asked to read."""
        if self._words is None:
            raise StageError("the kiosk was not asked to read words")
        lines = _whole_lines(self._words, "]")
        texts: list[str] = json.loads(lines[-1]) if lines else []
        return "\n".join(texts)

    async def says(self, *texts: str, within_s: float = 15) -> None:
        """Wait until all of these can be read on the screen at once."""
        await until(
            lambda: all(text in self.words for text in texts),
            f"the kiosk said {texts} (it says {self.words!r})",
            within_s=within_s,
            program=self._program,
        )

    async def shows(self, screen: str, *, within_s: float = 15) -> None:
        """Wait for a screen."""
        await until(
            lambda: self.screen_name == screen,
            f"the kiosk showed {screen!r} (it shows {self.screen_name!r})",
            within_s=within_s,
            program=self._program,
        )

    async def touch(self, name: str, *, within_s: float = 10) -> float:
        """Touch a control as soon as it is there; returns when the finger was lifted (monotonic ms)."""
        await until(
            lambda: name in self.controls,
            f"the kiosk had {name!r} to touch (it has {sorted(self.controls)})",
            within_s=within_s,
            program=self._program,
        )
        await self._rest(name)
        x, y, width, height = self.controls[name]
        return self._screen.touch(x + width // 2, y + height // 2)

    async def touch_for(self, name: str, then: str) -> None:
        """Touch a control for another to come; like a person, touch once more if nothing has happened after 3 s.

        For screens that move by themselves just then, e.g. when a call comes back. Where a lost touch would be a
        fault, use `touch`.
        """
        for attempt in range(2):
            await self.touch(name)
            try:
                await until(lambda: then in self.controls, f"{then!r} came", within_s=3 if attempt == 0 else 10)
            except StageError:
                if attempt:
                    raise
            else:
                return

    async def photograph(self, file: Path) -> None:
        """Save its screen."""
        await self._screen.photograph(file)

    def usage(self) -> Usage:
        """Memory now and processor time since its start."""
        if self._program is None:
            raise StageError("the kiosk is not running")
        process = psutil.Process(self._program.pid)
        times = process.cpu_times()
        return Usage(process.memory_info().rss / 1e6, times.user + times.system)

    def pictures(self, whose: str = "librarian") -> list[tuple[float, int | None, int]]:
        """Every picture of the librarian or `colleague`: when decoded (monotonic ms), its age in ms, its width."""
        if not self._pictures.exists():
            return []
        rows = [json.loads(line) for line in self._pictures.read_text().splitlines() if line.endswith("]")]
        return [(row[0], row[1], row[2]) for row in rows if row[3] == whose]

    @property
    def pid(self) -> int:
        """Its id."""
        if self._program is None:
            raise StageError("the kiosk is not running")
        return self._program.pid

    @property
    def pictures_noted(self) -> int:
        """Grows with each picture of a person; cheaper to look at than `pictures`."""
        return self._pictures.stat().st_size if self._pictures.exists() else 0

    async def _rest(self, name: str) -> None:
        """A person does not aim at what is still moving: wait until the control stays where it is."""
        seen, since_s = self.controls.get(name), time.monotonic()
        while time.monotonic() - since_s < _RESTS_S:
            await asyncio.sleep(0.02)
            now = self.controls.get(name, seen)
            if now != seen:
                seen, since_s = now, time.monotonic()

    def _last(self) -> dict[str, Any]:
        line: dict[str, Any] = json.loads(self._lines()[-1])
        return line

    def _lines(self) -> list[str]:
        return _whole_lines(self._probe, "}")


def _whole_lines(file: Path, end: str) -> list[str]:
    """The lines that are written to their end."""
    if not file.exists():
        return []
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line.endswith(end)]
