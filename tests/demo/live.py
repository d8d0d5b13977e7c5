"""The whole service on this machine, to try by hand; it stays until Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from pathlib import Path

from tests.demo.once import say
from tests.support.stage.kiosk import Kiosk
from tests.support.stage.play import BRANCH, LANDSCAPE, LIBRARY, NOTES, PHONE, PORTRAIT
from tests.support.stage.screen import DesktopScreen, Screen
from tests.support.stage.server import Server

LOGIN = "anna"
#: On a desk the kiosk is a window that fits a laptop's screen.
WINDOW_SHARE = 0.45


async def run_live(port: int, *, engine: str, landscape: bool) -> int:
    """Start server and kiosk, say how to sign in, and wait for Ctrl-C."""
    width, height = LANDSCAPE if landscape else PORTRAIT
    has_display = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    async with contextlib.AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="librarian-demo-")))
        say("The server starts on SQLite.")
        server = Server(folder, port=port)
        await asyncio.to_thread(server.set_up, LIBRARY, BRANCH, PHONE, NOTES)
        password = await asyncio.to_thread(server.add_staff, LOGIN, "Anna")
        code = await asyncio.to_thread(server.add_kiosk, BRANCH, "Entrén")
        await server.start()
        stack.push_async_callback(server.stop)
        screen: Screen
        if has_display:
            screen = DesktopScreen(folder, round(width * WINDOW_SHARE), round(height * WINDOW_SHARE))
            camera, sound = "0", "default"
        else:
            say("There is no display here: the kiosk gets a virtual screen, and pattern picture and sound.")
            screen = Screen(folder, width, height)
            camera, sound = "pattern", "pattern"
        await screen.start()
        stack.push_async_callback(screen.stop)
        kiosk_folder = folder / "kiosk"
        kiosk_folder.mkdir()
        kiosk = Kiosk(
            kiosk_folder, screen, server.url, engine=engine, camera=camera, microphone=sound, loudspeaker=sound
        )
        await asyncio.to_thread(kiosk.enrol, code)
        await kiosk.start()
        stack.push_async_callback(kiosk.stop)
        say("")
        say(f"The console:        {server.url}")
        say(f"Sign in as:         {LOGIN}")
        say(f"One-time password:  {password}")
        if not has_display:
            say(f"The kiosk's screen: DISPLAY={screen.display} (for instance with: x11vnc -display {screen.display})")
        say("")
        say("Go on duty in the console, then tap the kiosk. Ctrl-C ends everything.")
        await asyncio.Event().wait()
    return 0
