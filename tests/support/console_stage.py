"""The console's page in a real Chromium before a server of its own, and the kiosk's end of its call.

What it is for: to bring the page somewhere in a line or two. Where it can be, by name, stands in `console_states`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Locator, Page

from signaling.protocol.messages import IceServers
from signaling.protocol.vocabulary import FINGERPRINT_SIGNATURE_CONTEXT, VisitState
from tests.support import sample_views as views
from tests.support.fake_console_server import FakeConsoleServer, running

_PICTURE_WAIT_S: Final = 30.0
KIOSK_SCRIPT: Final = Path(__file__).with_name("fake_kiosk.js")
WEB: Final = Path(__file__).parents[2] / "staff_console" / "web"

#: Lets a test take a device away: the next request for it fails as the browser's would.
_BREAKABLE_DEVICES: Final = """
(() => {
  const real = MediaDevices.prototype.getUserMedia;
  window.brokenDevices = {};
  MediaDevices.prototype.getUserMedia = async function (wanted) {
    for (const kind of ["audio", "video"]) {
      const name = window.brokenDevices[kind];
      if (wanted[kind] && name) throw new DOMException("taken away by the test", name);
    }
    return real.call(this, wanted);
  };
})();
"""


class ConsoleStage:
    """One page, its server, and the kiosk's end of the call in another page.

    Attributes:
        page: The console.
        server: What it speaks with.
        faults: Errors and warnings of the page's console; a test wants none.
        endings: What else is to be ended with the stage.
    """

    def __init__(self, context: BrowserContext, page: Page, server: FakeConsoleServer) -> None:
        self.page = page
        self.server = server
        self.faults: list[str] = []
        self._context = context
        self._kiosk: Page | None = None
        self.endings: list[Callable[[], Awaitable[None]]] = []
        self._relays: set[asyncio.Task[None]] = set()
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    def at(self, testid: str) -> Locator:
        """The element with this test id."""
        return self.page.get_by_test_id(testid)

    async def open(self) -> None:
        """Load the page."""
        await self.page.goto(self.server.url)

    async def sign_in(self) -> None:
        """Load the page of somebody who has signed in before; by hand it is done where that is what is tested."""
        self.server.sign_in()
        await self.open()
        await self.at("duty").wait_for()

    async def go_on_duty(self) -> None:
        """Sign in, go on duty by the click, be proven."""
        await self.sign_in()
        await self.at("go-on-duty").click()
        await self.server.expect("seat.duty", on_duty=True)
        await self.server.show_seat(on_duty=True)
        await self.server.expect("seat.proof", sound=True, microphone=True, camera=True)
        await self.server.show_seat(answerable=True)
        await self.at("duty").and_(self.page.locator("[data-duty=green]")).wait_for()

    async def ring(self, **fields: Any) -> None:
        """On duty, and it rings."""
        await self.go_on_duty()
        await self.server.show(offer=views.offer(**fields))
        await self.at("ring").wait_for()

    async def accept(self) -> None:
        """It rings, and the librarian answers; the kiosk has not offered yet."""
        await self.ring()
        await self.at("accept").click()
        await self.server.expect("offer.accept", offer_id=views.OFFER)
        await self.server.show(offer=None, visit=views.visit(kiosk_key=await self.kiosk_key()))
        await self.phase("summoned")

    async def talk(self) -> None:
        """Answered and connected, picture and sound both ways."""
        await self.accept()
        await self.connect(1)
        await self.server.show_visit(state=VisitState.TALKING, talking_since=views.ago(0))
        await self.kiosk_says()
        await self.picture()

    async def connect(self, generation: int, *, keep: bool = False) -> None:
        """The kiosk offers this generation, and the path is built; `keep`: beside the one before."""
        await self.offer(generation, keep=keep)
        answer = await self.server.expect("call.answer", generation=generation)
        await self.kiosk_takes(generation, answer["sdp"])
        await self.server.expect("call.connected", generation=generation)
        await self.phase("connected")

    async def make_ready(self, generation: int) -> None:
        """It rings already: the kiosk offers this generation, and the path is built with nothing on it."""
        await self.offer(generation, ready=True)
        answer = await self.server.expect("call.answer", generation=generation)
        await self.kiosk_takes(generation, answer["sdp"])
        kiosk = await self._kiosk_page()
        async with asyncio.timeout(_PICTURE_WAIT_S):
            while await kiosk.evaluate("generation => fakeKiosk.state(generation)", generation) != "connected":
                await self.page.wait_for_timeout(20)

    async def kiosk_takes(self, generation: int, answer_sdp: str) -> None:
        """The kiosk takes the console's answer, and candidates go both ways."""
        kiosk = await self._kiosk_page()
        await kiosk.evaluate("([sdp, generation]) => fakeKiosk.answer(sdp, generation)", [answer_sdp, generation])
        self._relay(self._to_console(generation))
        self._relay(self._to_kiosk(generation))

    async def kiosk_attaches(self, generation: int) -> None:
        """The kiosk's picture and sound go out on a path that was made ready."""
        await (await self._kiosk_page()).evaluate("generation => fakeKiosk.attach(generation)", generation)

    async def kiosk_falls_silent(self, generation: int) -> None:
        """Nothing comes from the kiosk any more, and its connection stays as it is."""
        await (await self._kiosk_page()).evaluate("generation => fakeKiosk.mute(generation)", generation)

    async def offer(self, generation: int, *, ready: bool = False, keep: bool = False, **changes: Any) -> None:
        """The kiosk's offer, with `changes` made by somebody in between.

        Args:
            generation: Of the path.
            ready: Nothing goes out on it yet.
            keep: The kiosk's connections before it stay.
            changes: Fields that are not the kiosk's own.
        """
        kiosk = await self._kiosk_page()
        offer = await kiosk.evaluate(
            "([visit, generation, context, how]) => fakeKiosk.offer(visit, generation, context, how)",
            [views.VISIT, generation, FINGERPRINT_SIGNATURE_CONTEXT, {"ready": ready, "keep": keep}],
        )
        await self.server.emit("call.offer", {**offer, **changes})

    async def kiosk_says(self, **fields: Any) -> None:
        """What the kiosk's end sends, and its devices."""
        media = {
            "visit_id": views.VISIT,
            "camera_sending": True,
            "microphone_sending": True,
            "camera": "ok",
            "microphone": "ok",
            "loudspeaker": "ok",
        }
        await self.server.emit("call.media", {**media, **fields})

    async def visitor_types(self, entry: int, text: str, *, done: bool) -> None:
        """One keystroke's worth of the visitor's text."""
        line = {"visit_id": views.VISIT, "entry": entry, "text": text, "done": done, "author": "visitor"}
        await self.server.emit("text.draft", line)

    async def kiosk_key(self) -> str:
        """The kiosk's public key, base64."""
        key: str = await (await self._kiosk_page()).evaluate("fakeKiosk.key()")
        return key

    async def kiosk_received(self, generation: int | None = None) -> dict[str, float]:
        """What reached the kiosk: bytes of `audio` and `video`, `packets` and `energy` of sound, `width` and `frames`.

        `generation`: on this path; on the newest without it.
        """
        kiosk = await self._kiosk_page()
        figures: dict[str, float] = await kiosk.evaluate("generation => fakeKiosk.received(generation)", generation)
        return figures

    async def cut_path(self, generation: int | None = None) -> None:
        """The kiosk's end of the path goes away without a word."""
        await (await self._kiosk_page()).evaluate("generation => fakeKiosk.close(generation)", generation)

    async def phase(self, name: str) -> None:
        """Wait until the call stands there."""
        await self.page.locator(f"[data-testid=call][data-phase={name}]").wait_for()

    async def picture(self) -> None:
        """Wait until a frame of the visitor is shown."""
        # Not wait_for_function: the page's policy against eval stands in its way.
        video = self.at("visitor-video")
        async with asyncio.timeout(_PICTURE_WAIT_S):
            while not await video.evaluate("video => video.videoWidth"):
                await self.page.wait_for_timeout(20)

    async def show_visitor(self, jpeg: str) -> None:
        """Let the kiosk send this picture (JPEG, base64) instead of a moving square."""
        await (await self._kiosk_page()).evaluate("jpeg => fakeKiosk.show(jpeg)", jpeg)

    async def close(self) -> None:
        """End what relays."""
        for end in self.endings:
            await end()
        for task in self._relays:
            task.cancel()
        await asyncio.gather(*self._relays, return_exceptions=True)

    async def _kiosk_page(self) -> Page:
        if self._kiosk is None:
            self._kiosk = await self._context.new_page()
            # An address of the same origin that is not the console: keys need a secure context.
            await self._kiosk.goto(f"{self.server.url}api/none")
            await self._kiosk.evaluate(KIOSK_SCRIPT.read_text("utf-8"))
            await self.page.bring_to_front()
        return self._kiosk

    def _relay(self, relay: Any) -> None:
        task = asyncio.get_running_loop().create_task(relay)
        self._relays.add(task)

    async def _to_console(self, generation: int) -> None:
        kiosk = await self._kiosk_page()
        while True:
            found = await kiosk.evaluate("generation => fakeKiosk.takeCandidates(generation)", generation)
            for candidate in found:
                await self.server.emit(
                    "call.candidate", {"visit_id": views.VISIT, "generation": generation, **candidate}
                )
            await asyncio.sleep(0.02)

    async def _to_kiosk(self, generation: int) -> None:
        kiosk = await self._kiosk_page()
        while True:
            try:
                candidate = await self.server.expect("call.candidate", generation=generation)
            except TimeoutError:
                continue  # no more candidates: there is no end to wait for
            await kiosk.evaluate(
                "([candidate, generation]) => fakeKiosk.candidate(candidate, generation)", [candidate, generation]
            )

    def _listen(self, message: ConsoleMessage) -> None:
        # A refused sign-in is a 401, and Chromium calls every answer that is not "ok" an error of the page.
        if message.type in {"error", "warning"} and "responded with a status of" not in message.text:
            self.faults.append(message.text)


@asynccontextmanager
async def console_stage(
    browser: Browser,
    *,
    language: str = "en",
    size: tuple[int, int] = (1280, 800),
    dark: bool = False,
    reduced_motion: bool = True,
    permissions: Sequence[str] = (),
) -> AsyncIterator[ConsoleStage]:
    """A fresh page before a fresh server; nobody is signed in."""
    server = FakeConsoleServer(views.staff_view())
    server.answers["call.ice"] = lambda _: IceServers(servers=()).model_dump(mode="json")
    server.answers["offer.accept"] = lambda _: {"visit_id": views.VISIT}
    async with running(server):
        context = await browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale={"sv": "sv-SE", "nb": "nb-NO", "en": "en-GB"}[language],
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce" if reduced_motion else "no-preference",
            permissions=[*permissions],
        )
        await context.add_init_script(_BREAKABLE_DEVICES)
        stage = ConsoleStage(context, await context.new_page(), server)
        try:
            yield stage
        finally:
            await stage.close()
            await context.close()
