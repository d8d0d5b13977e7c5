"""A Chromium ↔ Chromium pair with the same picture: what the browser itself can do on this machine, right now."""

from __future__ import annotations

import asyncio
import statistics
from typing import Any

from playwright.async_api import Browser, Page

from tests.support.picture_clock import SCRIPT, clock_offset_ms

_MAKE = """
async (offset) => {
  const clock = () => performance.now() + offset;
  const pc = new RTCPeerConnection({ iceServers: [], bundlePolicy: "max-bundle" });
  const track = pictureClock.camera(1280, 720, 30, clock);
  const sender = pc.addTrack(track, new MediaStream([track]));
  const codecs = RTCRtpReceiver.getCapabilities("video").codecs;
  const vp8 = codecs.filter((codec) => codec.mimeType === "video/VP8");
  pc.getTransceivers()[0].setCodecPreferences(vp8);
  const video = document.createElement("video");
  video.muted = true;
  document.body.append(video);
  pc.ontrack = ({ track }) => {
    video.srcObject = new MediaStream([track]);
    video.play();
  };
  globalThis.pair = { pc, sender, seen: pictureClock.watch(video, clock) };
}
"""
_GATHERED = """
async () => {
  const { pc } = globalThis.pair;
  await pc.setLocalDescription();
  while (pc.iceGatheringState !== "complete") await new Promise((done) => setTimeout(done, 10));
  return pc.localDescription.toJSON();
}
"""
_TAKE = "async (description) => { await globalThis.pair.pc.setRemoteDescription(description); }"


async def measure_pair(browser: Browser, url: str, *, seconds: float) -> list[float]:
    """Let two tabs see each other.

    Args:
        browser: Where.
        url: A page of a secure origin (localhost).
        seconds: How long; the first two do not count.

    Returns:
        Ages of the pictures at both ends, milliseconds.
    """
    contexts = [await browser.new_context() for _ in range(2)]
    try:
        pages = [await _page(context, url) for context in contexts]
        first, second = pages
        await second.evaluate(_TAKE, await first.evaluate(_GATHERED))
        await first.evaluate(_TAKE, await second.evaluate(_GATHERED))
        await asyncio.sleep(2)
        counts = [int(await page.evaluate("globalThis.pair.seen.length")) for page in pages]
        await asyncio.sleep(seconds - 2)
        ages: list[float] = []
        for page, start in zip(pages, counts, strict=True):
            seen: list[Any] = await page.evaluate("globalThis.pair.seen")
            ages += [age for age, _ in seen[start:] if age is not None]
        return ages
    finally:
        for context in contexts:
            await context.close()


async def _page(context: Any, url: str) -> Page:
    await context.add_init_script(path=SCRIPT)
    page: Page = await context.new_page()
    await page.goto(url)
    await page.evaluate(_MAKE, await clock_offset_ms(page))
    return page


def median(values: list[float]) -> float | None:
    """The median, or None of nothing."""
    return statistics.median(values) if values else None
