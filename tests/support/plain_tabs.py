"""Tabs of a real Chromium that are in the foreground, in the background or frozen, as people's tabs are.

What it is for: to see what a page does while it is not looked at. Playwright keeps each page "in focus", so a tab
never goes to the background there; here the browser is steered by the few words of its own protocol that are needed
(Chrome DevTools Protocol), and its timers are held back as on a laptop. What it does not do: test widgets.
"""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from aiohttp import ClientSession, ClientWebSocketResponse

from tests.support.chromium import DEVICES_ALLOWED, FAKE_DEVICES, FLAGS, UNLOCKED_SOUND, chromium_path

_WAIT_S: Final = 20.0
_LOOK_S: Final = 0.05


class ProtocolError(Exception):
    """The browser refused a word of its protocol."""


class Tab:
    """One tab.

    Attributes:
        person: Whose it is; None of the one whom the browser starts with.
    """

    def __init__(self, browser: Chromium, target: str, session: str, person: str | None) -> None:
        self.person = person
        self._browser = browser
        self._target = target
        self._session = session

    async def run(self, script: str) -> Any:
        """The value of an expression in the page, as if a person had caused it; promises are waited for."""
        answer = await self._browser.ask(
            "Runtime.evaluate",
            {"expression": script, "returnByValue": True, "awaitPromise": True, "userGesture": True},
            self._session,
        )
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"])
        return answer["result"].get("value")

    async def until(self, script: str, *, within_s: float = _WAIT_S) -> None:
        """Wait until an expression holds in the page."""
        async with asyncio.timeout(within_s):
            # A page says nothing by itself in this protocol: it is asked again and again, with a deadline.
            while not await self._holds(script):  # noqa: ASYNC110
                await asyncio.sleep(_LOOK_S)

    async def _holds(self, script: str) -> bool:
        try:
            return bool(await self.run(script))
        except ProtocolError:
            return False  # between two documents there is nothing to ask

    async def press(self, testid: str) -> None:
        """Click what bears this test id, with the browser's own mouse, once it is there and stands still."""
        await self.until(f"!!document.querySelector('[data-testid={testid}]')")
        place = await self.run(
            f"(({{x, y, width, height}}) => [x + width / 2, y + height / 2])"
            f"(document.querySelector('[data-testid={testid}]').getBoundingClientRect())"
        )
        for kind in ("mousePressed", "mouseReleased"):
            await self._browser.ask(
                "Input.dispatchMouseEvent",
                {"type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1},
                self._session,
            )

    async def bring_to_front(self) -> None:
        """Look at this tab; the one before it goes to the background."""
        await self._browser.ask("Target.activateTarget", {"targetId": self._target})

    async def freeze(self) -> None:
        """As the browser does with a tab that was not looked at for long; looking at it lets it go on."""
        await self._browser.ask("Page.setWebLifecycleState", {"state": "frozen"}, self._session)

    async def close(self) -> None:
        """Close it."""
        await self._browser.ask("Target.closeTarget", {"targetId": self._target})


class Chromium:
    """The browser, and what is asked of it."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}

    async def person(self) -> str:
        """Somebody else at this browser, with cookies of one's own; for `open`."""
        return str((await self.ask("Target.createBrowserContext", {}))["browserContextId"])

    async def open(self, url: str, person: str | None = None) -> Tab:
        """A new tab, looked at; of the same person in the same window."""
        wanted = {"url": url} if person is None else {"url": url, "browserContextId": person}
        target = (await self.ask("Target.createTarget", wanted))["targetId"]
        attached = await self.ask("Target.attachToTarget", {"targetId": target, "flatten": True})
        return Tab(self, target, attached["sessionId"], person)

    async def ask(self, method: str, parameters: dict[str, Any], session: str | None = None) -> dict[str, Any]:
        """One word of the protocol and its answer."""
        number = next(self._numbers)
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        await self._socket.send_json(message)
        async with asyncio.timeout(_WAIT_S):
            return await answer

    async def listen(self) -> None:
        """Take answers until the browser ends."""
        async for raw in self._socket:
            message = raw.json()
            waiting = self._waiting.pop(message.get("id", 0), None)
            if waiting is None or waiting.done():
                continue
            if "error" in message:
                waiting.set_exception(ProtocolError(message["error"]["message"]))
            else:
                waiting.set_result(message["result"])


@asynccontextmanager
async def plain_chromium(flags: Sequence[str] = ()) -> AsyncIterator[Chromium]:
    """Launch it, and end it afterwards.

    Args:
        flags: Further flags.
    """
    path = chromium_path()
    assert path is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        process = await asyncio.create_subprocess_exec(
            path,
            *FLAGS,
            FAKE_DEVICES,
            DEVICES_ALLOWED,
            UNLOCKED_SOUND,
            *flags,
            "--headless=new",
            "--no-first-run",
            "--remote-debugging-port=0",
            f"--user-data-dir={folder}",
            "about:blank",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            address = await _address(Path(folder) / "DevToolsActivePort")
            async with ClientSession() as session, session.ws_connect(address, max_msg_size=0) as socket:
                browser = Chromium(socket)
                listening = asyncio.create_task(browser.listen())
                try:
                    yield browser
                finally:
                    await browser.ask("Browser.close", {})
                    listening.cancel()
                    await asyncio.gather(listening, return_exceptions=True)
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


async def _address(file: Path) -> str:
    """Where the browser listens, which it writes down itself."""
    async with asyncio.timeout(_WAIT_S):
        # Another program writes it.
        while not file.is_file() or len(file.read_text().splitlines()) < 2:  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_S)
    port, path = file.read_text().splitlines()[:2]
    return f"ws://127.0.0.1:{port}{path}"
