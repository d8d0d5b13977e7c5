"""The real staff console in a real Chromium, played by a librarian who moves and speaks."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Locator, Page

from tests.support.picture_clock import SCRIPT, clock_offset_ms
from tests.support.stage.processes import StageError

#: Gives the page a camera with the clock painted in, and keeps its real (fake-device) microphone.
_CAMERA = """
(() => {
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  globalThis.stage = { offset: 0, seen: null, marks: {} };
  const clock = () => performance.now() + globalThis.stage.offset;
  globalThis.stage.clock = clock;
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    if (!wanted || !wanted.video) return real(wanted);
    const seen = !globalThis.cameraMissing;
    const stream = seen || wanted.audio ? await real({ ...wanted, video: seen && wanted.video }) : new MediaStream();
    const painted = pictureClock.camera(1280, 720, 30, () => clock() + (globalThis.pictureAhead ?? 0));
    const [camera] = stream.getVideoTracks();
    const settings = camera ? camera.getSettings() : { ...painted.getSettings(), deviceId: "painted" };
    const label = camera ? camera.label : "painted";
    for (const track of stream.getVideoTracks()) { track.stop(); stream.removeTrack(track); }
    Object.defineProperty(painted, "getSettings", { value: () => settings });
    Object.defineProperty(painted, "label", { value: label });
    stream.addTrack(painted);
    return stream;
  };
  const mark = () => {
    const now = Math.round(clock());
    for (const name of ["accept", "verified", "held-cover", "close-out"]) {
      if (!(name in globalThis.stage.marks) && document.querySelector(`[data-testid="${name}"]`)) {
        globalThis.stage.marks[name] = now;
      }
    }
  };
  new MutationObserver(mark).observe(document, { childList: true, subtree: true });
  document.addEventListener("click", (event) => {
    const target = event.target.closest && event.target.closest("[data-testid]");
    if (target) globalThis.stage.marks[`click ${target.dataset.testid}`] = Math.round(clock());
  }, true);
})();
"""

#: Chromium says so when a page was loaded anew and nobody has clicked yet; its silence starts with its microphone.
_EXPECTED_NOTICE = "The AudioContext was not allowed to start"

#: What a video element shows now: how far its picture's clock is behind ours in ms (signed), and its width.
_LOOK = """
(testid) => {
  const video = document.querySelector(`[data-testid="${testid}"]`);
  if (!video || !video.videoWidth) return null;
  const value = pictureClock.read(video, video.videoWidth, video.videoHeight);
  return value === null ? null : [((Math.floor(globalThis.stage.clock()) >>> 0) - value) | 0, video.videoWidth];
}
"""

#: How much of what a video element plays is one tone: power at the tone over all power.
_LISTEN = """
async ([tone, testid]) => {
  const video = document.querySelector(`[data-testid="${testid}"]`);
  const tracks = video.srcObject.getAudioTracks();
  if (!tracks.length) return 0;
  const context = new AudioContext({ sampleRate: 48000 });
  await context.resume();
  const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
  const source = context.createMediaStreamSource(new MediaStream(tracks));
  source.connect(analyser);
  let best = 0;
  const bins = new Float32Array(analyser.frequencyBinCount);
  const started = performance.now();
  let heardAt = null;
  while (performance.now() - started < 3000) {
    await new Promise((done) => setTimeout(done, 50));
    analyser.getFloatFrequencyData(bins);
    let all = 0, near = 0;
    bins.forEach((decibels, i) => {
      const power = Number.isFinite(decibels) ? 10 ** (decibels / 10) : 0;
      const hertz = (i * 48000) / 8192;
      all += power;
      if (Math.abs(hertz - tone) < 20) near += power;
    });
    if (all > 1e-9 && near / all > best) best = near / all;
    if (best > 0.5 && heardAt === null) { heardAt = Math.round(globalThis.stage.clock()); break; }
  }
  await context.close();
  return { share: best, heardAt };
}
"""


class Console:
    """One browser tab with the console."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self._url = url
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        page.on(
            "console",
            lambda message: (
                self.complaints.append(f"{message.type}: {message.text}")
                if message.type in {"error", "warning"} and _EXPECTED_NOTICE not in message.text
                else None
            ),
        )

    @classmethod
    async def open(
        cls,
        browser: Browser,
        url: str,
        *,
        width: int = 1440,
        height: int = 900,
        language: str = "sv",
        ahead_ms: int = 0,
        camera: bool = True,
    ) -> Console:
        """Open a tab in a browser context of its own; its camera paints this machine's clock, or one ahead of it.

        `camera`: whether the browser has one at all whose pictures are painted over.
        """
        context = await browser.new_context(
            viewport={"width": width, "height": height},
            permissions=["camera", "microphone", "notifications"],
            locale=language,
        )
        await context.add_init_script(path=SCRIPT)
        await context.add_init_script(script=f"globalThis.pictureAhead = {ahead_ms};")
        await context.add_init_script(script=f"globalThis.cameraMissing = {str(not camera).lower()};")
        await context.add_init_script(script=_CAMERA)
        page = await context.new_page()
        console = cls(page, url)
        await page.goto(url)
        await console.set_clock()
        return console

    async def set_clock(self) -> None:
        """Bring the page's clock to this machine's monotonic clock; again after a reload."""
        offset = await clock_offset_ms(self.page)
        await self.page.evaluate("offset => { globalThis.stage.offset = offset; }", offset)

    def at(self, name: str) -> Locator:
        """An element by its test id."""
        return self.page.get_by_test_id(name)

    async def sign_in(self, login: str, password: str) -> str:
        """Sign in; choose a new password when a one-time password was given. Returns the password in force.

        Who answers comes to the desk, and who only looks after something to the pages of that.
        """
        home = self.at("page-desk").or_(self.at("page-manage")).first
        await self.at("login").fill(login)
        await self.at("password").fill(password)
        await self.at("sign-in").click()
        await self.at("page-password").or_(home).first.wait_for()
        if await self.at("page-password").count() == 0:
            return password
        new = f"{password}-kept"
        await self.at("password-current").fill(password)
        await self.at("password-new").fill(new)
        await self.at("password-save").click()
        await home.wait_for()
        return new

    async def go_on_duty(self) -> None:
        """One click; waits until the seat is answerable."""
        await self.at("go-on-duty").click()
        await self.at("go-off-duty").wait_for()
        await self.page.locator('[data-testid="duty"][data-duty="green"]').wait_for()

    async def go_on_duty_again(self) -> None:
        """Green again after a reload; by the one click that mends the sound, where the browser wants it."""
        green, mend = self.page.locator('[data-testid="duty"][data-duty="green"]'), self.at("mend-sound")
        await green.or_(mend).first.wait_for()
        if await mend.count():
            await mend.click()
        await green.wait_for()

    async def accept(self) -> None:
        """Answer the ring."""
        await self.at("accept").click()

    async def skip_close_out(self) -> None:
        """Close the visit out without topic and outcome; returns when the server has it."""
        await self.at("close-out-skip").click()
        await self.at("close-out").wait_for(state="detached")

    async def mark(self, name: str) -> float | None:
        """When something was first seen or last clicked in the page, monotonic milliseconds."""
        found: float | None = await self.page.evaluate("name => globalThis.stage.marks[name] ?? null", name)
        return found

    async def forget_marks(self) -> None:
        """Before another visit."""
        await self.page.evaluate("globalThis.stage.marks = {}")

    async def watch_video(self) -> None:
        """Begin to note the age and width of every picture of the visitor."""
        await self.page.evaluate(
            """() => {
              const video = document.querySelector('[data-testid="visitor-video"]');
              const seen = [];
              const onFrame = () => {
                const at = globalThis.stage.clock();
                const value = pictureClock.read(video, video.videoWidth, video.videoHeight);
                seen.push([at, value === null ? null : ((Math.floor(at) >>> 0) - value) >>> 0, video.videoWidth]);
                video.requestVideoFrameCallback(onFrame);
              };
              video.requestVideoFrameCallback(onFrame);
              globalThis.stage.seen = seen;
            }"""
        )

    async def pictures(self) -> list[tuple[float, int | None, int]]:
        """Every picture of the visitor since `watch_video`: when shown (monotonic ms), its age in ms, its width."""
        seen: list[Any] = await self.page.evaluate("globalThis.stage.seen ?? []")
        return [(row[0], row[1], row[2]) for row in seen]

    async def first_picture(self, *, within_s: float) -> tuple[float, int, int]:
        """Wait for the first picture of the visitor with a readable clock: when shown, its age in ms, its width.

        Raises:
            StageError: None came.
        """
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            for at, age, width in await self.pictures():
                if age is not None:
                    return at, age, width
            await asyncio.sleep(0.02)
        raise StageError(f"not within {within_s:.0f} s: a picture of the visitor at the console")

    async def sees(self, video: str) -> tuple[int, int] | None:
        """How far the clock in the picture that is shown is behind this machine's (ms), and the picture's width."""
        seen: list[int] | None = await self.page.evaluate(_LOOK, video)
        return None if seen is None else (seen[0], seen[1])

    async def hears(self, tone_hz: float, video: str = "visitor-video") -> tuple[float, float | None]:
        """How much of somebody's sound is one tone (0 to 1), and when it was recognised (monotonic ms)."""
        heard: dict[str, Any] = await self.page.evaluate(_LISTEN, [tone_hz, video])
        return float(heard["share"]), heard["heardAt"]

    async def photograph(self, file: Path) -> None:
        """Save what the tab shows."""
        file.parent.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=file, animations="disabled")
