"""The console's page in a real Chromium before a server of its own: every state that it can be in, by name.

What it is for: pictures of every state, and the check that none of them shuts anybody out. A state is a short
function that brings a fresh stage there; what it needs on the way it calls by name.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Locator, Page

from signaling.protocol.vocabulary import FINGERPRINT_SIGNATURE_CONTEXT, VisitState
from tests.support import sample_views as views
from tests.support.fake_console_server import LOGIN, PASSWORD, FakeConsoleServer, Refused, running

_PICTURE_WAIT_S: Final = 10.0
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
    """

    def __init__(self, context: BrowserContext, page: Page, server: FakeConsoleServer) -> None:
        self.page = page
        self.server = server
        self.faults: list[str] = []
        self._context = context
        self._kiosk: Page | None = None
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
        """Load the page and sign in by hand."""
        await self.open()
        await self.at("login").fill(LOGIN)
        await self.at("password").fill(PASSWORD)
        await self.at("sign-in").click()
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

    async def connect(self, generation: int) -> None:
        """The kiosk offers this generation, and the path is built."""
        await self.offer(generation)
        answer = await self.server.expect("call.answer", generation=generation)
        kiosk = await self._kiosk_page()
        await kiosk.evaluate("sdp => fakeKiosk.answer(sdp)", answer["sdp"])
        self._relay(self._to_console(generation))
        self._relay(self._to_kiosk(generation))
        await self.server.expect("call.connected", generation=generation)
        await self.phase("connected")

    async def offer(self, generation: int, **changes: Any) -> None:
        """The kiosk's offer, with `changes` made by somebody in between."""
        kiosk = await self._kiosk_page()
        offer = await kiosk.evaluate(
            "([visit, generation, context]) => fakeKiosk.offer(visit, generation, context)",
            [views.VISIT, generation, FINGERPRINT_SIGNATURE_CONTEXT],
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

    async def kiosk_received(self) -> dict[str, int]:
        """Bytes of `audio` and `video`, `width` and `frames` that reached the kiosk."""
        figures: dict[str, int] = await (await self._kiosk_page()).evaluate("fakeKiosk.received()")
        return figures

    async def cut_path(self) -> None:
        """The kiosk's end of the path goes away without a word."""
        await (await self._kiosk_page()).evaluate("fakeKiosk.close()")

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
            for candidate in await kiosk.evaluate("fakeKiosk.takeCandidates()"):
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
            await kiosk.evaluate("candidate => fakeKiosk.candidate(candidate)", candidate)

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
) -> AsyncIterator[ConsoleStage]:
    """A fresh page before a fresh server; nobody is signed in."""
    server = FakeConsoleServer(views.staff_view())
    server.answers["call.ice"] = lambda _: {"servers": [], "relay_only": False}
    server.answers["offer.accept"] = lambda _: {"visit_id": views.VISIT}
    async with running(server):
        context = await browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale={"sv": "sv-SE", "nb": "nb-NO", "en": "en-GB"}[language],
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce" if reduced_motion else "no-preference",
        )
        await context.add_init_script(_BREAKABLE_DEVICES)
        stage = ConsoleStage(context, await context.new_page(), server)
        try:
            yield stage
        finally:
            await stage.close()
            await context.close()


# --- every state, by name -------------------------------------------------------------------------------------------


async def _signed_out(stage: ConsoleStage) -> None:
    await stage.open()
    await stage.at("page-signin").wait_for()


async def _sign_in_refused(stage: ConsoleStage) -> None:
    await _signed_out(stage)
    await stage.at("login").fill(LOGIN)
    await stage.at("password").fill("wrong")
    await stage.at("sign-in").click()
    await stage.at("fault").wait_for()


async def _own_password(stage: ConsoleStage) -> None:
    stage.server.sign_in()
    stage.server.must_change_password = True
    await stage.open()
    await stage.at("page-password").wait_for()


async def _unreachable(stage: ConsoleStage) -> None:
    await stage.page.route("**/api/session", lambda route: route.fulfill(status=502))
    await stage.open()
    await stage.at("page-unreachable").wait_for()


async def _needs_https(stage: ConsoleStage) -> None:
    await stage.page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    await stage.open()
    await stage.at("needs-https").wait_for()


async def _no_desk(stage: ConsoleStage) -> None:
    stage.server.sign_in()
    stage.server.refuse_with = "forbidden"
    await stage.open()
    await stage.page.locator("[data-link=forbidden]").wait_for()


async def _off_duty(stage: ConsoleStage) -> None:
    await stage.sign_in()


async def _off_duty_checked(stage: ConsoleStage) -> None:
    await stage.sign_in()
    await stage.at("check-devices").click()
    await stage.page.locator("[data-testid=condition-camera][data-condition=ok]").wait_for()


async def _on_duty(stage: ConsoleStage) -> None:
    await stage.go_on_duty()


async def _on_duty_line(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.server.show(line=views.line_of_three())
    await stage.at("line-entry").first.wait_for()


async def _on_duty_broken(stage: ConsoleStage) -> None:
    await stage.sign_in()
    await stage.page.evaluate("window.brokenDevices = { video: 'NotFoundError', audio: 'NotAllowedError' }")
    await stage.at("go-on-duty").click()
    await stage.server.show_seat(on_duty=True)
    await stage.at("missing-camera").wait_for()


async def _server_away(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    stage.server.refuse_with = "unavailable"
    stage.server.drop()
    await stage.at("link-away").wait_for()


async def _ring(stage: ConsoleStage) -> None:
    await stage.ring()


async def _ring_returned(stage: ConsoleStage) -> None:
    await stage.ring(returned=True, opened_at=views.ago(200))


async def _summoned(stage: ConsoleStage) -> None:
    await stage.accept()


async def _talking(stage: ConsoleStage) -> None:
    await stage.talk()


async def _talking_typed(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.visitor_types(1, "Hej! Hör du mig?", done=True)
    await stage.at("text-input").press_sequentially("Ja, jag hör dig fint.")
    await stage.at("text-input").press("Enter")
    await stage.server.expect("text.draft", done=True)
    await stage.visitor_types(2, "Jag söker en bok om", done=False)
    await stage.at("text-visitor-open").wait_for()


async def _visitor_hidden(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.kiosk_says(camera_sending=False, camera="closed")
    await stage.at("hidden-cover").wait_for()


async def _devices_fail(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.kiosk_says(microphone="failed", loudspeaker="missing", microphone_sending=False)
    await stage.server.show_visit(kiosk_connected=False)
    await stage.at("toggle-microphone").click()
    await stage.at("toggle-camera").click()
    await stage.at("call-kiosk-away").wait_for()
    await stage.at("self-off").wait_for()


async def _held(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.at("hold").click()
    await stage.server.expect("visit.hold")
    await stage.server.show_visit(state=VisitState.HELD, held_since=views.ago(0))
    await stage.at("held-cover").wait_for()


async def _unverified(stage: ConsoleStage) -> None:
    await stage.accept()
    await stage.offer(1, signature="AAAA" * 21 + "AA==")
    await stage.at("unverified").wait_for()


async def _shaky(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.cut_path()
    await stage.phase("shaky")


async def _leaving(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.at("leave").click()
    await stage.at("leave-dialog").wait_for()


async def _choosing_devices(stage: ConsoleStage) -> None:
    await stage.talk()
    await stage.at("devices-toggle").click()
    await stage.at("devices-menu").wait_for()


async def _refused(stage: ConsoleStage) -> None:
    await stage.ring()

    def taken(_message: Any) -> None:
        raise Refused("taken", winner="Sara Öberg")

    stage.server.answers["offer.accept"] = taken
    await stage.at("accept").click()
    await stage.server.expect("offer.accept")
    await stage.server.show(offer=None)
    await stage.at("fault").wait_for()


async def _close_out_topic(stage: ConsoleStage) -> None:
    await stage.go_on_duty()
    await stage.server.show(close_out=views.close_out())
    await stage.server.show_seat(wrap_up_until=views.ago(-45))
    await stage.at("close-out").wait_for()


async def _close_out_outcome(stage: ConsoleStage) -> None:
    await _close_out_topic(stage)
    await stage.at("topic-digital_help").click()
    await stage.at("outcome-solved").wait_for()


async def _settings(stage: ConsoleStage) -> None:
    await stage.sign_in()
    await stage.at("settings-open").click()
    await stage.at("settings-dialog").wait_for()


STATES: Final[dict[str, Callable[[ConsoleStage], Awaitable[None]]]] = {
    "signed_out": _signed_out,
    "sign_in_refused": _sign_in_refused,
    "own_password": _own_password,
    "unreachable": _unreachable,
    "needs_https": _needs_https,
    "no_desk": _no_desk,
    "off_duty": _off_duty,
    "off_duty_checked": _off_duty_checked,
    "on_duty": _on_duty,
    "on_duty_line": _on_duty_line,
    "on_duty_broken": _on_duty_broken,
    "server_away": _server_away,
    "ring": _ring,
    "ring_returned": _ring_returned,
    "summoned": _summoned,
    "talking": _talking,
    "talking_typed": _talking_typed,
    "visitor_hidden": _visitor_hidden,
    "devices_fail": _devices_fail,
    "held": _held,
    "unverified": _unverified,
    "shaky": _shaky,
    "leaving": _leaving,
    "choosing_devices": _choosing_devices,
    "refused": _refused,
    "close_out_topic": _close_out_topic,
    "close_out_outcome": _close_out_outcome,
    "settings": _settings,
}
