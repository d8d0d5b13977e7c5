"""A lean pair through the lab: a kiosk's media engine and the console's call in Chromium, or two plain Chromium pages.

What it is for: what the two ends of a call do on a poor path, with all that they do because of what they see of it, and
what the browser by itself does on the same path. There is no server and no screen. What it does not do: judge; the
figures are in `Ended`.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from playwright.async_api import Browser, Page

from kiosk.core.media import IceServer, PeerSettings
from tests.netlab.conditions import Scenario
from tests.netlab.lab import Lab
from tests.netlab.observed import Seen, Shown, seen
from tests.netlab.sound import Heard, Samples, heard, read_wave, write_program
from tests.support.chromium import chromium_path, launch_chromium
from tests.support.picture_clock import SCRIPT, clock_offset_ms
from tests.support.stage.processes import ROOT, StageError

CHROMIUM = "chromium"
_PAGE = "https://end.test/"
_WEB = ROOT / "staff_console" / "web"
_CONNECTS_S = 30.0
_REPORTS_S = 60.0
#: The first seconds are the start of a stream, not its run.
SETTLES_S = 5.0


@dataclass(frozen=True, slots=True)
class Given:
    """What both ends of a pair are made with.

    Attributes:
        engine: `libwebrtc`, `aiortc`, or `chromium` for the browser pair.
        ice: STUN and TURN servers.
        relay_only: Use relayed candidates alone, at both ends.
        settings: Further fields of `PeerSettings`; field_trials: of libwebrtc. Both of the kiosk's end alone.
    """

    engine: str = "libwebrtc"
    ice: tuple[IceServer, ...] = ()
    relay_only: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    field_trials: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class End:
    """What one end saw and heard after the first seconds."""

    seen: Seen
    heard: Heard | None
    pictures: list[Shown] = field(repr=False)
    recording: Samples = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ended:
    """One pair that was played to its end. `kiosk` is the offering end, whatever it is.

    Attributes:
        connected_ms: From the beginning of the offer until both ends were connected.
        lost: Whether either end gave up the path before the end.
        cpu_s: Processor time of the kiosk's end (of an engine alone).
        stats: The kiosk's own statistics at the end (of an engine alone).
        from_ms, to_ms: Between these (monotonic) the ends were looked at.
    """

    kiosk: End
    browser: End
    connected_ms: float
    lost: bool
    cpu_s: float | None
    stats: dict[str, Any]
    from_ms: float
    to_ms: float


class Player(Protocol):
    """One end."""

    states: list[tuple[float, str]]

    async def offer(self) -> str:
        """Make an offer."""

    async def give(self, answer: str) -> None:
        """Take the answer to its offer."""

    async def add(self, candidate: dict[str, Any]) -> None:
        """Take one of the other's candidates, in the browser's words."""

    async def report(self) -> tuple[list[Shown], Samples, dict[str, Any], float | None]:
        """What was seen and heard, the statistics, and processor time; leaves its trace in the folder."""


Tell = Callable[[dict[str, Any]], None]


class PagePlayer:
    """A page. Use `open`."""

    def __init__(self, page: Page, trace: Path) -> None:
        self._page = page
        self._trace = trace
        self.states: list[tuple[float, str]] = []
        self._tell: Tell | None = None
        self._early: list[dict[str, Any]] = []

    @classmethod
    async def open(
        cls, browser: Browser, given: Given, wave: Path, *, offers: bool = False, console: Path | None = None
    ) -> PagePlayer:
        """Open the page and make its connection: the console's (bundled in this file), or a plain one."""
        context = await browser.new_context()
        page = await context.new_page()
        player = cls(page, wave.with_name(f"trace-{'kiosk' if offers else 'browser'}.json"))
        await page.route(f"{_PAGE}**", lambda route: route.fulfill(body="<body>", content_type="text/html"))
        await page.goto(_PAGE)
        await page.expose_function("tellLab", player._told)
        await page.add_script_tag(path=SCRIPT)
        if console is not None:
            await page.add_script_tag(path=console)
        await page.add_script_tag(path=Path(__file__).with_name("page.js"))
        usual = PeerSettings(**given.settings)
        ice = [{k: v for k, v in asdict(server).items() if v} for server in given.ice]
        await page.evaluate(
            "settings => end.start(settings)",
            {
                "ice": ice,
                "relayOnly": given.relay_only,
                "offset": await clock_offset_ms(page),
                "wave": base64.b64encode(wave.read_bytes()).decode(),
                "offers": offers,
                "asConsole": console is not None,
                "startKbps": usual.video_start_kbps,
                "maxKbps": usual.video_max_kbps,
                "audioKbps": usual.audio_max_kbps,
            },
        )
        return player

    def tell_to(self, tell: Tell) -> None:
        """Where its candidates go; those from before, too."""
        self._tell = tell
        for candidate in self._early:
            tell(candidate)
        self._early.clear()

    async def offer(self) -> str:
        """Make an offer."""
        return str(await self._page.evaluate("end.offer()"))

    async def answer(self, offer: str) -> str:
        """Answer one."""
        return str(await self._page.evaluate("offer => end.answer(offer)", offer))

    async def give(self, answer: str) -> None:
        """Take the answer."""
        await self._page.evaluate("answer => end.accept(answer)", answer)

    async def add(self, candidate: dict[str, Any]) -> None:
        """Take a candidate."""
        await self._page.evaluate("candidate => end.add(candidate)", candidate)

    async def report(self) -> tuple[list[Shown], Samples, dict[str, Any], float | None]:
        """What was seen and heard."""
        trace = await self._page.evaluate("end.trace")
        self._trace.write_text(json.dumps(trace), encoding="ascii")
        rows = await self._page.evaluate("end.seen")
        sound = await self._page.evaluate("end.heard()")
        samples = np.frombuffer(base64.b64decode(sound["samples"]), "<i2")
        return [(row[0], row[1], row[2]) for row in rows], samples, {}, None

    def _told(self, fact: dict[str, Any]) -> None:
        if "state" in fact:
            self.states.append((fact["at"], fact["state"]))
        elif self._tell is None:
            self._early.append(fact["candidate"])
        else:
            self._tell(fact["candidate"])


class EnginePlayer:
    """The kiosk's engine in its process. Use `start`."""

    def __init__(self, process: asyncio.subprocess.Process, folder: Path, tell: Tell) -> None:
        self._process = process
        self._folder = folder
        self._tell = tell
        self.states: list[tuple[float, str]] = []
        self._offer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._reported: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def start(cls, lab: Lab, given: Given, wave: Path, folder: Path, tell: Tell) -> EnginePlayer:
        """Start it."""
        with (folder / "peer.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *lab.command("kiosk"), sys.executable, "-m", "tests.netlab.peer_process", str(folder),
                cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, limit=2**22,
            )  # fmt: skip
        player = cls(process, folder, tell)
        player._say(
            {
                "engine": given.engine,
                "ice": [asdict(server) for server in given.ice],
                "relay_only": given.relay_only,
                "wave": str(wave),
                "settings": dict(given.settings),
                "field_trials": dict(given.field_trials),
            }
        )
        return player

    async def offer(self) -> str:
        """Its offer."""
        return await asyncio.wait_for(self._offer, _CONNECTS_S)

    async def give(self, answer: str) -> None:
        """Take the answer."""
        self._say({"answer": answer})

    async def add(self, candidate: dict[str, Any]) -> None:
        """Take a candidate."""
        line = {
            "candidate": candidate["candidate"],
            "sdp_mid": candidate["sdpMid"],
            "sdp_m_line_index": candidate["sdpMLineIndex"],
        }
        self._say({"candidate": line})

    async def report(self) -> tuple[list[Shown], Samples, dict[str, Any], float | None]:
        """What was seen and heard."""
        self._say({"report": True})
        told = await asyncio.wait_for(self._reported, _REPORTS_S)
        rows = json.loads((self._folder / "seen.json").read_text())
        recording = read_wave(self._folder / "heard.wav")
        return [(row[0], row[1], row[2]) for row in rows], recording, told["report"], told["cpu_s"]

    async def stop(self) -> None:
        """End it."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), 10)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        await self._listening

    def _say(self, order: dict[str, Any]) -> None:
        if self._process.stdin is not None:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")

    async def _listen(self) -> None:
        if self._process.stdout is None:
            return
        while line := await self._process.stdout.readline():
            fact = json.loads(line)
            if "offer" in fact:
                self._offer.set_result(fact["offer"])
            elif "state" in fact:
                self.states.append((fact["at"], fact["state"]))
            elif "candidate" in fact:
                found = fact["candidate"]
                self._tell(
                    {
                        "candidate": found["candidate"],
                        "sdpMid": found["sdp_mid"],
                        "sdpMLineIndex": found["sdp_m_line_index"],
                    }
                )
            elif "report" in fact:
                self._reported.set_result(fact)
        if not self._offer.done():
            words = (self._folder / "peer.log").read_text(errors="replace")[-2000:]
            self._offer.set_exception(StageError(f"the kiosk's end has ended:\n{words}"))


@contextlib.asynccontextmanager
async def browser_at(lab: Lab, place: str, folder: Path, **options: Any) -> AsyncIterator[Browser]:
    """A Chromium at one side; options as `launch_chromium` takes them."""
    script = folder / f"chromium-{place}"
    script.write_text(f'#!/bin/sh\nexec {" ".join(lab.command(place))} "{chromium_path()}" "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    async with launch_chromium(executable=script, **options) as browser:
        yield browser


async def play(lab: Lab, scenario: Scenario, given: Given, seconds: float, folder: Path) -> Ended:
    """Play one pair through a scenario.

    Args:
        lab: Where. Its network becomes the scenario's.
        scenario: What happens to the network; its times count from the connection.
        given: What the ends are made with.
        seconds: How long after they are connected; the first `SETTLES_S` do not count.
        folder: For files of this pair.

    Raises:
        StageError: They did not connect.
    """
    await lab.set(scenario.network)
    wave = folder / "program.wav"
    if not wave.exists():
        await asyncio.to_thread(write_program, wave)
    tasks: set[asyncio.Task[None]] = set()
    async with contextlib.AsyncExitStack() as stack:
        theirs = await stack.enter_async_context(browser_at(lab, "browser", folder))
        console = None if given.engine == CHROMIUM else await asyncio.to_thread(console_end, folder)
        answering = await PagePlayer.open(theirs, given, wave, console=console)
        to_answering: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        offering: PagePlayer | EnginePlayer
        begun_s = time.monotonic()
        if given.engine == CHROMIUM:
            ours = await stack.enter_async_context(browser_at(lab, "kiosk", folder))
            offering = await PagePlayer.open(ours, given, wave, offers=True)
            offering.tell_to(to_answering.put_nowait)
            begun_s = time.monotonic()
        else:
            offering = await EnginePlayer.start(lab, given, wave, folder, to_answering.put_nowait)
            stack.push_async_callback(offering.stop)
        answer = await answering.answer(await offering.offer())
        to_offering: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        answering.tell_to(to_offering.put_nowait)
        await offering.give(answer)
        tasks = {
            asyncio.create_task(_carry(to_answering, answering)),
            asyncio.create_task(_carry(to_offering, offering)),
        }
        try:
            await _connected(offering, answering)
            connected_ms = (time.monotonic() - begun_s) * 1000
            from_ms, to_ms = await _let_time_pass(lab, scenario, seconds)
            ours_seen, ours_heard, stats, cpu_s = await offering.report()
            theirs_seen, theirs_heard, _, _ = await answering.report()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        lost = any(state in {"failed", "closed"} for _, state in (*offering.states, *answering.states))
    return Ended(
        kiosk=End(seen(ours_seen, from_ms, to_ms), heard(ours_heard), ours_seen, ours_heard),
        browser=End(seen(theirs_seen, from_ms, to_ms), heard(theirs_heard), theirs_seen, theirs_heard),
        connected_ms=connected_ms,
        lost=lost,
        cpu_s=cpu_s,
        stats=stats,
        from_ms=from_ms,
        to_ms=to_ms,
    )


def console_end(folder: Path) -> Path:
    """The console's half of a call as one script in this folder, made of its own source."""
    script = folder / "console_end.js"
    if not script.exists():
        source = Path(__file__).with_name("console_end.ts")
        bundle = ["node", "node_modules/rolldown/bin/cli.mjs", str(source), "--format", "iife", "--file", str(script)]
        done = subprocess.run(bundle, cwd=_WEB, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise StageError(f"the console's end could not be put together:\n{done.stdout}{done.stderr}")
    return script


async def _carry(queue: asyncio.Queue[dict[str, Any]], to: Player) -> None:
    while True:
        await to.add(await queue.get())


async def _connected(*players: Player) -> None:
    deadline = time.monotonic() + _CONNECTS_S
    while not all(any(state == "connected" for _, state in player.states) for player in players):
        if time.monotonic() > deadline:
            raise StageError(f"not connected within {_CONNECTS_S:.0f} s: {[player.states for player in players]}")
        await asyncio.sleep(0.01)


async def _let_time_pass(lab: Lab, scenario: Scenario, seconds: float) -> tuple[float, float]:
    start_s = time.monotonic()
    for step in scenario.steps:
        await asyncio.sleep(max(0.0, start_s + step.at_s - time.monotonic()))
        await lab.set(step.network)
    await asyncio.sleep(max(0.0, start_s + seconds - time.monotonic()))
    return (start_s + SETTLES_S) * 1000, time.monotonic() * 1000
