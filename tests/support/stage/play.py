"""The stage with everything on it, and one whole visit played on it.

The times of a visit are monotonic milliseconds of this machine, whichever process saw them.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Browser

from tests.support.chromium import launch_chromium
from tests.support.stage.console import Console
from tests.support.stage.kiosk import Kiosk
from tests.support.stage.processes import until
from tests.support.stage.screen import Screen
from tests.support.stage.server import Server
from tests.support.stage.sound import LIBRARIAN_TONE_HZ, VISITOR_TONE_HZ, SoundCard, write_librarian_voice

LIBRARY, BRANCH, PHONE = "Skellefteå bibliotek", "Burträsk", "0910-73 50 00"
NOTES = "Utskrifter hämtas vid ingången. Fjärrlån ligger på hyllan bakom disken."
#: Screens move for less than 200 ms; a picture is taken when they rest.
MOTION_S = 0.5
PORTRAIT, LANDSCAPE = (1080, 1920), (1920, 1080)

#: A line of a log that says that something went as it should. Anything else is a complaint.
_CALM = re.compile(r'"level": "(info|debug)"')

Say = Callable[[str], None]


def now_ms() -> float:
    """Monotonic milliseconds."""
    return time.monotonic() * 1000


@dataclass
class Stage:
    """Everything that plays."""

    folder: Path
    server: Server
    screen: Screen
    kiosk: Kiosk
    console: Console
    sound: SoundCard
    browser: Browser
    #: Logs of whoever else plays.
    further_logs: list[Path] = field(default_factory=list)
    _read: dict[Path, int] = field(default_factory=dict)

    def new_log_lines(self) -> list[str]:
        """Warnings and errors in the logs of server and kiosk since the last look."""
        found: list[str] = []
        for file in (self.server.log, self.kiosk.log, *self.further_logs):
            text = file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""
            fresh = text[self._read.get(file, 0) :]
            self._read[file] = len(text)
            found += [row for row in fresh.splitlines() if row and not _CALM.search(row)]
        return found

    async def be_idle(self) -> None:
        """Bring the kiosk to rest, wherever the visit before has left it."""
        ways_out = {
            "waiting": ["leave_line"],
            "connecting": ["end", "end_yes"],
            "talking": ["end", "end_yes"],
            "held": ["end", "end_yes"],
            "goodbye": ["dismiss"],
        }
        while self.kiosk.screen_name != "idle":
            screen = self.kiosk.screen_name
            for name in ways_out.get(screen, []):
                await self.kiosk.touch(name)
            await until(
                lambda screen=screen: self.kiosk.screen_name != screen,  # type: ignore[misc]
                f"the kiosk left {screen!r}",
                within_s=15,
            )
        if await self.console.at("close-out-skip").count():
            await self.console.skip_close_out()

    async def colleague(self, login: str, name: str) -> Console:
        """Another librarian in another browser context, signed in."""
        password = await asyncio.to_thread(self.server.add_staff, login, name)
        console = await Console.open(self.browser, self.server.url)
        await console.sign_in(login, password)
        return console


@dataclass
class Timeline:
    """When what happened in one visit, and what was measured."""

    moments: dict[str, float] = field(default_factory=dict)
    glass_to_console_ms: list[float] = field(default_factory=list)
    glass_to_kiosk_ms: list[float] = field(default_factory=list)
    widths_at_console: list[tuple[float, int]] = field(default_factory=list)
    widths_at_kiosk: list[tuple[float, int]] = field(default_factory=list)
    tone_at_console: float = 0.0
    tone_at_kiosk: float = 0.0
    kiosk_rss_mb: float = 0.0
    kiosk_cpu_cores: float = 0.0

    def between(self, first: str, second: str) -> float | None:
        """Milliseconds from one moment to another; None when either did not come."""
        if first not in self.moments or second not in self.moments:
            return None
        return self.moments[second] - self.moments[first]


@contextlib.asynccontextmanager
async def stage(
    *,
    say: Say = lambda _sentence: None,
    engine: str = "libwebrtc",
    size: tuple[int, int] = PORTRAIT,
    settings: dict[str, str] | None = None,
    devices: Mapping[str, str] | None = None,
    librarian_ahead_ms: int = 0,
    prepare: Callable[[Server], None] = lambda _server: None,
    reads_words: bool = False,
    in_a_room: bool = False,
    headset: bool = False,
) -> AsyncIterator[Stage]:
    """Set the stage, and clear it away afterwards.

    Args:
        say: Told each step in words.
        engine: The kiosk's media engine.
        size: Of the kiosk's screen.
        settings: Variables of the server.
        devices: Of the kiosk, instead of the pattern camera and the virtual sound card.
        librarian_ahead_ms: How far the clock in the librarian's picture is ahead.
        prepare: Called with the server that is set up, before it starts.
        reads_words: Whether one can ask the kiosk for what can be read on its screen.
        in_a_room: Whether the kiosk's microphone hears its loudspeaker, and nobody speaks.
        headset: Whether the librarian's browser has real sound devices, a headset, instead of its fake microphone.
    """
    async with contextlib.AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="librarian-stage-")))
        say("The server starts on SQLite.")
        server = Server(folder, settings=settings)
        await asyncio.to_thread(server.set_up, LIBRARY, BRANCH, PHONE, NOTES)
        password = await asyncio.to_thread(server.add_staff, "anna", "Anna")
        code = await asyncio.to_thread(server.add_kiosk, BRANCH, "Entrén")
        await asyncio.to_thread(prepare, server)
        await server.start()
        stack.push_async_callback(server.stop)
        say("A virtual screen and a virtual sound card start.")
        screen = Screen(folder, *size)
        await screen.start()
        stack.push_async_callback(screen.stop)
        sound = SoundCard(folder, in_a_room=in_a_room, headset=headset)
        await sound.start()
        stack.push_async_callback(sound.stop)
        say(f"The kiosk enrols and starts ({engine}).")
        kiosk_folder = folder / "kiosk"
        kiosk_folder.mkdir()
        kiosk = Kiosk(
            kiosk_folder,
            screen,
            server.url,
            engine=engine,
            reads_words=reads_words,
            env=sound.environment,
            **{"microphone": sound.microphone, "loudspeaker": sound.loudspeaker, **(devices or {})},
        )
        await asyncio.to_thread(kiosk.enrol, code)
        await kiosk.start()
        stack.push_async_callback(kiosk.stop)
        say("The librarian opens the console in Chromium.")
        voice = folder / "librarian.wav"
        write_librarian_voice(voice)
        browser = await stack.enter_async_context(
            launch_chromium(unlocked_sound=False, microphone=voice, headset=sound.headset_environment)
        )
        console = await Console.open(browser, server.url, ahead_ms=librarian_ahead_ms, camera=not headset)
        await console.sign_in("anna", password)
        yield Stage(folder, server, screen, kiosk, console, sound, browser)


async def play_visit(
    on: Stage, *, say: Say = lambda _sentence: None, photographs: Path | None = None, talk_s: float = 6.0
) -> Timeline:
    """Play one whole visit, from the tap to the goodbye. The seat is on duty; the kiosk is idle.

    Args:
        on: The stage.
        say: Told each step in words.
        photographs: A folder for pictures of each screen of both programs.
        talk_s: How long picture goes both ways before the hold; the figures come from this time.
    """
    line = Timeline()
    kiosk, console = on.kiosk, on.console

    async def photograph(name: str) -> None:
        if photographs is not None:
            await asyncio.sleep(MOTION_S)
            await kiosk.photograph(photographs / f"kiosk-{name}.png")
            await console.photograph(photographs / f"console-{name}.png")

    def note(moment: str, at_ms: float | None, words: str) -> None:
        if at_ms is None:
            return
        line.moments[moment] = at_ms
        say(f"{at_ms - line.moments['tap']:>9.0f} ms  {words}")

    await kiosk.shows("idle")
    await console.forget_marks()
    before = len(kiosk.pictures())
    await until(lambda: "call" in kiosk.controls, "the kiosk was green", within_s=10)
    line.moments["tap"] = await kiosk.touch("call")
    say(f"{0:>9.0f} ms  the visitor taps")
    await console.at("accept").wait_for()
    note("ring", await console.mark("accept"), "it rings at the librarian's")
    await kiosk.shows("waiting")
    await photograph("2-ring")
    await console.accept()
    note("accept", await console.mark("click accept"), "the librarian answers")
    await until(lambda: len(kiosk.pictures()) > before, "the librarian was seen", within_s=15)
    note("first_frame_kiosk", kiosk.pictures()[before][0], "the visitor sees the librarian")
    await kiosk.shows("talking")
    line.tone_at_kiosk, heard_ms = await on.sound.hears(LIBRARIAN_TONE_HZ, within_s=6)
    note("first_sound_kiosk", heard_ms, "the visitor hears the librarian")
    line.tone_at_console, heard_ms = await console.hears(VISITOR_TONE_HZ)
    note("first_sound_console", heard_ms, "the librarian hears the visitor")
    await photograph("3-talking-camera-off")

    await console.watch_video()
    note("camera_shown", await kiosk.touch("show_me"), "the visitor shows themself")
    first = await console.first_picture(within_s=15)
    note("first_frame_console", first[0], "the librarian sees the visitor")
    # The first second is the start of a stream, not its run.
    await asyncio.sleep(1)
    usage, settled_ms = kiosk.usage(), now_ms()
    await asyncio.sleep(talk_s)
    await photograph("4-talking")
    after, after_ms = kiosk.usage(), now_ms()
    line.kiosk_rss_mb = after.rss_mb
    line.kiosk_cpu_cores = (after.cpu_s - usage.cpu_s) / ((after_ms - settled_ms) / 1000)
    at_console = await console.pictures()
    at_kiosk = kiosk.pictures()[before:]
    line.glass_to_console_ms = [age for at, age, _ in at_console if age is not None and at > settled_ms]
    line.glass_to_kiosk_ms = [age for at, age, _ in at_kiosk if age is not None and at > settled_ms]
    line.widths_at_console = [(at, width) for at, _, width in at_console]
    line.widths_at_kiosk = [(at, width) for at, _, width in at_kiosk]

    await _type(on, note, photograph)
    await console.at("hold").click()
    await kiosk.shows("held")
    note("held", now_ms(), "the librarian puts the visit on hold")
    await photograph("6-held")
    await console.at("resume").click()
    await kiosk.shows("talking")
    note("resumed", now_ms(), "the librarian is back")
    await kiosk.touch("end")
    await kiosk.touch("end_yes")
    await kiosk.shows("goodbye")
    note("finished", now_ms(), "the visitor says goodbye")
    await console.at("close-out").wait_for()
    await photograph("7-goodbye")
    await kiosk.touch("face_3")
    note("feedback", now_ms(), "the visitor gives a face")
    await console.at("topic-digital_help").click()
    await console.at("outcome-solved").click()
    await console.at("close-out").wait_for(state="detached")
    note("closed_out", now_ms(), "the librarian closes the visit out")
    await kiosk.shows("idle", within_s=20)
    note("idle", now_ms(), "the kiosk has forgotten the visit")
    return line


async def _type(
    on: Stage, note: Callable[[str, float | None, str], None], photograph: Callable[[str], Awaitable[None]]
) -> None:
    """One line of text each way."""
    kiosk, console = on.kiosk, on.console
    await kiosk.touch("write")
    typed_ms = now_ms()
    for key in "hej":
        typed_ms = await kiosk.touch(f"key_{key}")
    await console.at("text-visitor-open").get_by_text("hej").wait_for()
    note("typed_to_console", now_ms(), f"typed text is with the librarian ({now_ms() - typed_ms:.0f} ms after the key)")
    await console.at("text-input").press_sequentially("Hej! Vad kan jag hjälpa till med?")
    await photograph("5-typing")
    await console.at("text-send").click()
    note("typed_to_kiosk", now_ms(), "the librarian's text is sent")
    await kiosk.touch("write_close")
