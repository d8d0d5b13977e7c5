"""A thousand kiosks and hundreds of consoles in one process, lean enough not to be what is measured.

They speak Engine.IO and Socket.IO by hand, over aiohttp's WebSockets: the library's client costs more than the
server. Each keeps its view by snapshot and deltas, answers pings and questions, and notes when something came.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.core.connection import retry_delay_s
from signaling.protocol.deltas import View, applied
from signaling.protocol.messages import Delta
from signaling.protocol.vocabulary import (
    CONNECT_SIGNATURE_CONTEXT,
    KIOSK_NAMESPACE,
    PROTOCOL_VERSION,
    STAFF_NAMESPACE,
)

PATIENCE_S: Final = 30.0


@dataclass
class Member:
    """One socket of the crowd.

    Attributes:
        hello: Makes the `auth` of its connection anew each time.
        view: What it shows now.
        shown_at: `time.perf_counter()` when its view was last changed.
        on_view: Called after each change of its view.
    """

    namespace: str
    hello: Callable[[aiohttp.ClientSession], Any]
    headers: dict[str, str] = field(default_factory=dict)
    view: View = field(default_factory=dict)
    shown_at: float = 0.0
    up: asyncio.Event = field(default_factory=asyncio.Event)
    on_view: Callable[[Member], None] | None = None
    refused: list[Any] = field(default_factory=list)
    received: int = 0
    _ws: aiohttp.ClientWebSocketResponse | None = None
    _acks: dict[int, asyncio.Future[Any]] = field(default_factory=dict)
    _number: int = 0
    _revision: int = -1

    async def live(self, http: aiohttp.ClientSession, url: str) -> None:
        """For ever: connect, read, and come back as the real clients do, with their back-off."""
        attempt = 0
        while True:
            try:
                await self._once(http, url)
                attempt = 0 if self.up.is_set() else attempt
            except (aiohttp.ClientError, OSError, TimeoutError, KeyError):
                pass  # the server is away; that is what the back-off is for
            self.up.clear()
            for waiting in self._acks.values():
                if not waiting.done():
                    waiting.set_exception(ConnectionResetError("the connection ended"))
            self._acks.clear()
            attempt += 1
            await asyncio.sleep(retry_delay_s(attempt, random.random()))

    async def ask(self, name: str, payload: Any) -> Any:
        """Send one message; its acknowledgement.

        Raises:
            ConnectionResetError: The connection ended before it came.
            TimeoutError: It did not come.
        """
        if self._ws is None or self._ws.closed:
            raise ConnectionResetError("not connected")
        self._number += 1
        waiting = self._acks[self._number] = asyncio.get_running_loop().create_future()
        await self._ws.send_str(f"42{self.namespace},{self._number}{json.dumps([name, payload])}")
        return await asyncio.wait_for(waiting, PATIENCE_S)

    async def _once(self, http: aiohttp.ClientSession, url: str) -> None:
        auth = await self.hello(http)
        address = f"{url}/socket.io/?EIO=4&transport=websocket"
        async with http.ws_connect(address, headers=self.headers, max_msg_size=0, compress=0) as self._ws:
            async for frame in self._ws:
                if frame.type is not aiohttp.WSMsgType.TEXT:
                    return
                await self._take(self._ws, frame.data, auth)

    async def _take(self, ws: aiohttp.ClientWebSocketResponse, text: str, auth: Any) -> None:
        kind = text[0]
        if kind == "2":
            await ws.send_str("3")
        elif kind == "0":
            await ws.send_str(f"40{self.namespace},{json.dumps(auth)}")
        elif kind == "4":
            await self._packet(ws, text[1], text[2:].partition(",")[2])

    async def _packet(self, ws: aiohttp.ClientWebSocketResponse, kind: str, rest: str) -> None:
        if kind == "2":
            head = rest.index("[")
            name, *payload = json.loads(rest[head:])
            if head:
                await ws.send_str(f"43{self.namespace},{rest[:head]}[{{}}]")
            self._told(name, payload[0] if payload else None)
        elif kind == "3":
            head = rest.index("[")
            waiting = self._acks.pop(int(rest[:head]), None)
            if waiting is not None and not waiting.done():
                waiting.set_result(json.loads(rest[head:])[0])
        elif kind == "4":
            self.refused.append(rest)

    def _told(self, name: str, payload: Any) -> None:
        self.received += 1
        if name in {"kiosk.snapshot", "staff.snapshot"}:
            self.view, self._revision = payload["view"], payload["revision"]
            self.up.set()
        elif name == "delta":
            if payload["revision"] != self._revision + 1:
                raise KeyError("a delta was missed")
            self.view, self._revision = applied(self.view, Delta.model_construct(**payload)), payload["revision"]
        else:
            return
        self.shown_at = time.perf_counter()
        if self.on_view is not None:
            self.on_view(self)


def kiosk_member(url: str, kiosk_id: str, key: Ed25519PrivateKey) -> Member:
    """A kiosk that has enrolled."""

    async def hello(http: aiohttp.ClientSession) -> dict[str, Any]:
        async with http.post(f"{url}/api/kiosk/challenge", json={"kiosk_id": kiosk_id}) as answer:
            challenge = str((await answer.json())["challenge"])
        signed = "\n".join([CONNECT_SIGNATURE_CONTEXT, kiosk_id, challenge]).encode()
        return {
            "protocol": PROTOCOL_VERSION,
            "kiosk_id": kiosk_id,
            "instance": f"i-{kiosk_id}",
            "challenge": challenge,
            "signature": b64encode(key.sign(signed)).decode(),
        }

    return Member(KIOSK_NAMESPACE, hello)


def seat_member(url: str, token: str, csrf: str) -> Member:
    """A console whose browser is signed in; it comes back into its seat."""

    async def hello(_http: aiohttp.ClientSession) -> dict[str, Any]:
        seat = member.view.get("seat")
        return {
            "protocol": PROTOCOL_VERSION,
            "csrf": csrf,
            "seat_id": seat["id"] if isinstance(seat, dict) else None,
        }

    member = Member(STAFF_NAMESPACE, hello, {"Cookie": f"librarian-session={token}", "Origin": url})
    return member


async def all_up(members: Iterable[Member], within_s: float) -> bool:
    """Whether all have a snapshot within so many seconds."""
    try:
        async with asyncio.timeout(within_s):
            for member in members:
                await member.up.wait()
    except TimeoutError:
        return False
    return True
