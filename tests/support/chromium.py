"""A real Chromium, headless, for tests and measurements; playwright's async API.

What it is for: one set of launch flags. What it does not do: open pages or know ours.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, async_playwright

#: Parts of a browser that no page here uses. Of such lists Chromium takes the last, so Playwright's stands in ours.
_FEATURES_OFF = (
    # The address bar's own two pages and a process kept in hand: with each page of ours they were loaded too, and took
    # more processor time than it (1.6 s for each page that was opened became 0.6 s).
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "SpareRendererForSitePerProcess",
    # Playwright's: what would call home, and what would make pages load otherwise than in its own tests.
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
#: Root (a container) has no sandbox; everything that would call home or compete for the two cores is off.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(_FEATURES_OFF)}",
)
#: A microphone that beeps and a camera with a moving disc.
FAKE_DEVICES = "--use-fake-device-for-media-stream"
#: A camera of few pictures, for pages of which only that they send some is asked: each is coded, sent and decoded here.
SLOW_CAMERA = f"{FAKE_DEVICES}=fps=10"
#: Devices without a question. With it Chromium also shows its addresses; without it hides them behind `.local` names.
DEVICES_ALLOWED = "--use-fake-ui-for-media-stream"
#: Where sound may start without a click. Left out by whoever tests just that.
UNLOCKED_SOUND = "--autoplay-policy=no-user-gesture-required"


def chromium_path() -> str | None:
    """Debian's Chromium, or None where there is none."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@asynccontextmanager
async def launch_chromium(
    *,
    unlocked_sound: bool = True,
    devices_allowed: bool = True,
    microphone: Path | None = None,
    camera: Path | None = None,
    flags: Sequence[str] = (),
    executable: Path | None = None,
    headset: Mapping[str, str] | None = None,
) -> AsyncIterator[Browser]:
    """Launch it, and end it afterwards.

    Args:
        unlocked_sound: Let sound start without a click.
        devices_allowed: Give pages camera and microphone without a question.
        microphone: A WAV file for its fake microphone; otherwise beeps.
        camera: A Y4M or MJPEG file for its fake camera; otherwise a moving disc.
        flags: Further flags.
        executable: What is started instead, and starts Chromium in its turn: elsewhere.
        headset: Where PulseAudio is and which of its devices it has: then there is no fake device, and no camera.
    """
    arguments = [*FLAGS, *([FAKE_DEVICES] if headset is None else []), *flags]
    if unlocked_sound:
        arguments.append(UNLOCKED_SOUND)
    if devices_allowed:
        arguments.append(DEVICES_ALLOWED)
    if microphone is not None:
        arguments.append(f"--use-file-for-fake-audio-capture={microphone}")
    if camera is not None:
        arguments.append(f"--use-file-for-fake-video-capture={camera}")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=executable or chromium_path(),
            headless=True,
            args=arguments,
            env=None if headset is None else {**os.environ, **headset},
            ignore_default_args=None if headset is None else ["--mute-audio"],
        )
        try:
            yield browser
        finally:
            await browser.close()
