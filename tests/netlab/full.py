"""The whole service in the lab: server, kiosk program and console, each at its side; and what people notice.

What it is for: cuts, moves, crashes and relays, played as `tests.support.stage` plays a visit. What it does not do:
judge; `tests.bench.network` does.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser

from tests.netlab.addresses import WORLD
from tests.netlab.lab import Lab, lab
from tests.netlab.lean import browser_at
from tests.netlab.namespaces import inside
from tests.netlab.observed import Shown, first_after
from tests.netlab.relay import SECRET, coturn
from tests.support.stage.console import Console
from tests.support.stage.kiosk import Kiosk
from tests.support.stage.play import BRANCH, LANDSCAPE, LIBRARY, PHONE, Say, now_ms
from tests.support.stage.processes import StageError, until
from tests.support.stage.screen import Screen
from tests.support.stage.server import Server
from tests.support.stage.sound import LIBRARIAN_TONE_HZ, VISITOR_TONE_HZ, SoundCard, write_librarian_voice

#: Notes every picture of the visitor, whichever element shows it: a new connection may bring a new one.
_WATCH = """() => {
  const seen = globalThis.stage.seen = [];
  let watched = null;
  const look = () => {
    const video = document.querySelector('[data-testid="visitor-video"]');
    if (video && video !== watched) {
      watched = video;
      const onFrame = () => {
        const at = globalThis.stage.clock();
        const value = pictureClock.read(video, video.videoWidth, video.videoHeight);
        seen.push([at, value === null ? null : ((Math.floor(at) >>> 0) - value) >>> 0, video.videoWidth]);
        if (video === watched) video.requestVideoFrameCallback(onFrame);
      };
      video.requestVideoFrameCallback(onFrame);
    }
  };
  look();
  setInterval(look, 20);
}"""
_TALKS_AGAIN_S = 40.0
#: So many pictures in a row, none half a second after the other, are a picture that moves again.
_STEADY = 5
_LOOKS_EVERY_S = 0.1
_SAYS_S = 20.0
#: What both programs' Swedish sentences about a lost other end or path have in common.
LOST = re.compile(
    r"bröts|strax tillbaka|(byggs|bygger) upp|är borta|tappat|Linjen är svag|[Kk]ommer tillbaka|hör dig inte"
)


@dataclass
class LabStage:
    """Everything that plays, and where."""

    lab: Lab
    folder: Path
    server: Server
    screen: Screen
    kiosk: Kiosk
    sound: SoundCard
    console: Console
    browser: Browser
    _password: str
    _voice: Path
    _browsers: contextlib.AsyncExitStack = field(default_factory=contextlib.AsyncExitStack)

    async def serve(self, settings: dict[str, str]) -> None:
        """Start the server anew with other settings; returns when a call can be taken."""
        duty = self.console.page.locator('[data-testid="duty"]')
        await self.server.stop()
        # Both have noticed: what they show afterwards is of the new one.
        await duty.and_(self.console.page.locator(':not([data-duty="green"])')).wait_for(timeout=60_000)
        await until(lambda: not self._green(), "the kiosk noticed that the server is away", within_s=60)
        self.server = Server(self.folder, port=self.server.port, settings={**_HOST, **settings})
        await started(self.lab, "server", self.server.start)
        await duty.and_(self.console.page.locator('[data-duty="green"]')).wait_for(timeout=60_000)
        await until(self._green, "the kiosk was green again", within_s=60)

    async def talk(self, *, shown: bool = True, rest_s: float = 0.0) -> tuple[float, float]:
        """From idle to a conversation, both with sound and the visitor shown if wanted.

        Args:
            shown: Whether the visitor turns the camera on, and the librarian sees them.
            rest_s: How long it rings before the librarian answers.

        Returns:
            When the librarian answered, and when the first picture came to the kiosk (monotonic ms).
        """
        await until(self._green, "the kiosk was green", within_s=60)
        await self.console.forget_marks()
        before = len(self.kiosk.pictures())
        await self.kiosk.touch("call")
        await self.console.at("accept").wait_for()
        await asyncio.sleep(rest_s)
        await self.console.accept()
        await until(lambda: len(self.kiosk.pictures()) > before, "the librarian was seen", within_s=30)
        accepted_ms = await self.console.mark("click accept")
        if accepted_ms is None:
            raise StageError("the page did not note the click")
        first_ms = self.kiosk.pictures()[before][0]
        await self.kiosk.shows("talking")
        if shown:
            await self.watch_visitor()
            await self.kiosk.touch("show_me")
            await self.console.first_picture(within_s=30)
        return accepted_ms, first_ms

    async def watch_visitor(self) -> None:
        """Begin to note every picture of the visitor; again after a reload."""
        await self.console.page.evaluate(_WATCH)

    async def end(self) -> None:
        """From wherever the call is to idle."""
        deadline = time.monotonic() + 90
        ways_out = {
            "waiting": ("leave_line",),
            "ticket": ("dismiss",),
            "connecting": ("end", "end_yes"),
            "talking": ("end", "end_yes"),
            "held": ("end", "end_yes"),
            "goodbye": ("dismiss",),
        }
        while self.kiosk.screen_name != "idle":
            if time.monotonic() > deadline:
                raise StageError(f"the kiosk did not come to rest; it shows {self.kiosk.screen_name!r}")
            for name in ways_out.get(self.kiosk.screen_name, ()):
                # The screen may move by itself just then, and the control be gone.
                with contextlib.suppress(StageError, KeyError):
                    await self.kiosk.touch(name, within_s=2)
            await asyncio.sleep(0.3)
        with contextlib.suppress(Exception):
            await self.console.at("close-out-skip").wait_for(timeout=3000)
            await self.console.skip_close_out()

    async def talking_again(self, from_ms: float) -> float | None:
        """Milliseconds from a time until picture and sound go both ways (again); None if not within 40 s."""
        found = await asyncio.gather(
            self._moves(lambda: _now(self.kiosk.pictures()), from_ms),
            self._moves(self.console.pictures, from_ms),
            self._sound_at_kiosk(),
            self._sound_at_console(),
        )
        times = [at for at in found if at is not None]
        return max(times) - from_ms if len(times) == len(found) else None

    async def hear_each_other(self) -> bool:
        """Whether each end hears the other's tone, within 40 s."""
        return None not in await asyncio.gather(self._sound_at_kiosk(), self._sound_at_console())

    async def says_so(self, side: str, before: str, from_ms: float) -> tuple[float, str] | None:
        """When `kiosk` or `console` first says that the other is lost, in a line that was not there before, and which.

        None within 20 s. What it says of a poor but living path does not count.
        """
        known = before.splitlines()
        while now_ms() - from_ms < _SAYS_S * 1000:
            new = [line for line in (await self.words(side)).splitlines() if line not in known and LOST.search(line)]
            if new:
                return now_ms() - from_ms, " / ".join(new)
            await asyncio.sleep(_LOOKS_EVERY_S)
        return None

    async def words(self, side: str) -> str:
        """What can be read at a side, without figures (clocks run)."""
        page = self.console.page
        text = self.kiosk.words if side == "kiosk" else str(await page.evaluate("document.body.innerText"))
        return re.sub(r"\d+", "#", text)

    async def kill_browser(self) -> None:
        """Its processes end at once, as by a power cut."""
        session = await self.browser.new_browser_cdp_session()
        told: dict[str, Any] = await session.send("SystemInfo.getProcessInfo")
        ended = asyncio.Event()
        self.browser.once("disconnected", lambda _browser: ended.set())
        process = next(process for process in told["processInfo"] if process["type"] == "browser")
        os.kill(int(process["id"]), signal.SIGKILL)
        await asyncio.wait_for(ended.wait(), 30)

    async def come_back(self) -> None:
        """The librarian opens a browser (again), signs in, and goes on duty when not in a call."""
        await self._browsers.aclose()
        self._browsers = contextlib.AsyncExitStack()
        self.browser = await self._browsers.enter_async_context(
            browser_at(self.lab, "browser", self.folder, unlocked_sound=False, microphone=self._voice)
        )
        self.console = await Console.open(self.browser, self.server.url)
        self._password = await self.console.sign_in("anna", self._password)

    async def close(self) -> None:
        """The browser goes."""
        await self._browsers.aclose()

    def _green(self) -> bool:
        return self.kiosk.screen_name == "idle" and "call" in self.kiosk.controls

    async def _moves(self, pictures: Callable[[], Awaitable[Sequence[Shown]]], from_ms: float) -> float | None:
        while now_ms() - from_ms < _TALKS_AGAIN_S * 1000:
            with contextlib.suppress(Exception):  # the page may be loading just then
                at = first_after(await pictures(), from_ms, steady=_STEADY)
                if at is not None:
                    return at
            await asyncio.sleep(_LOOKS_EVERY_S)
        return None

    async def _sound_at_kiosk(self) -> float | None:
        return (await self.sound.hears(LIBRARIAN_TONE_HZ, within_s=_TALKS_AGAIN_S))[1]

    async def _sound_at_console(self) -> float | None:
        deadline = time.monotonic() + _TALKS_AGAIN_S
        while time.monotonic() < deadline:
            try:
                at = (await self.console.hears(VISITOR_TONE_HZ))[1]
            except Exception:  # noqa: BLE001  the page may be loading, or have no track just then
                await asyncio.sleep(_LOOKS_EVERY_S)
                continue
            if at is not None:
                return at
        return None


async def _now(pictures: Sequence[Shown]) -> Sequence[Shown]:
    return pictures


_HOST = {
    "LIBRARIAN_SERVER__HOST": "0.0.0.0",
    "LIBRARIAN_TIMEOUTS__WRAP_UP_S": "1",
}


def turn_settings(*urls: str, relay_only: bool = False) -> dict[str, str]:
    """The server's settings for these relays."""
    return {
        "LIBRARIAN_TURN__URLS": ",".join(urls),
        "LIBRARIAN_TURN__SECRET": SECRET,
        "LIBRARIAN_TURN__RELAY_ONLY": "true" if relay_only else "false",
    }


async def started(one: Lab, place: str, start: Callable[[], Awaitable[None]]) -> None:
    """Start a program of the stage at a side: what a thread starts is where the thread is."""

    async def start_it() -> None:
        await start()

    def work() -> None:
        with inside(one.namespace(place)):
            asyncio.run(start_it())

    await asyncio.to_thread(work)


@contextlib.asynccontextmanager
async def lab_stage(
    *, engine: str = "libwebrtc", settings: dict[str, str] | None = None, say: Say = lambda _sentence: None
) -> AsyncIterator[LabStage]:
    """Set it all up, with the librarian on duty; the visitor's sound card and screen are the stage's.

    Args:
        engine: The kiosk's media engine.
        settings: Further variables of the server.
        say: Told each step.

    Raises:
        LabError: There can be no lab here.
    """
    async with contextlib.AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="librarian-netlab-")))
        one = await stack.enter_async_context(lab())
        say("The lab stands. Relay, server, screen and sound card start.")
        await stack.enter_async_context(coturn(one, folder))
        server = Server(folder, settings={**_HOST, **(settings or {})})
        await asyncio.to_thread(server.set_up, LIBRARY, BRANCH, PHONE)
        password = await asyncio.to_thread(server.add_staff, "anna", "Anna")
        code = await asyncio.to_thread(server.add_kiosk, BRANCH, "Entrén")
        await started(one, "server", server.start)
        stack.push_async_callback(server.stop)
        await one.localhost_is_server(server.port)
        screen = Screen(folder, *LANDSCAPE)
        await screen.start()
        stack.push_async_callback(screen.stop)
        sound = SoundCard(folder)
        await sound.start()
        stack.push_async_callback(sound.stop)
        say(f"The kiosk enrols and starts ({engine}); the librarian opens the console.")
        kiosk_folder = folder / "kiosk"
        kiosk_folder.mkdir()
        kiosk = Kiosk(
            kiosk_folder, screen, f"http://{WORLD['server'].v4}:{server.port}", engine=engine, reads_words=True,
            env=sound.environment, microphone=sound.microphone, loudspeaker=sound.loudspeaker,
        )  # fmt: skip

        def enrol() -> None:
            with inside(one.namespace("kiosk")):
                kiosk.enrol(code)

        await asyncio.to_thread(enrol)
        await started(one, "kiosk", kiosk.start)
        stack.push_async_callback(kiosk.stop)
        voice = folder / "librarian.wav"
        write_librarian_voice(voice)
        browsers = contextlib.AsyncExitStack()
        browser = await browsers.enter_async_context(
            browser_at(one, "browser", folder, unlocked_sound=False, microphone=voice)
        )
        console = await Console.open(browser, server.url)
        password = await console.sign_in("anna", password)
        on = LabStage(one, folder, server, screen, kiosk, sound, console, browser, password, voice, browsers)
        stack.push_async_callback(on.close)
        stack.push_async_callback(_stop_server_of, on)
        await console.go_on_duty()
        yield on


async def _stop_server_of(on: LabStage) -> None:
    await on.server.stop()
