"""Looks at the way to the server and to the relay: is it there, is our clock right, which ways to the relay are open.

What it is for: the numbers that `kiosk.core.health.network` judges. What it does not do: call (`call`).
"""

from __future__ import annotations

import asyncio
import contextlib
import email.utils
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import aiohttp

from kiosk.adapters.health.relay_try import try_relay
from kiosk.core.care import Looked
from kiosk.core.health.network import NetworkSeen, RelaySeen, all_reached, network_looked
from kiosk.core.media import PeerSettings
from kiosk.core.ports import EchoLine
from signaling.protocol.health import HealthArea, TestKind
from signaling.protocol.relay_address import relay_address
from signaling.protocol.vocabulary import RelayFinding, RelayTransport

#: Answers without a sign-in, and always with the time.
_CLOCK_PATH: Final = "/healthz"
#: The server's word for the time has whole seconds, cut off.
_HALF_A_SECOND: Final = 0.5
_ASK_AGAIN_S: Final = 0.2


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class NetworkPatience:
    """How long the test waits.

    Attributes:
        server_s: For the link to the server: after a start, or a moment without network, it is made anew.
        relay_s: For one way to the relay: TLS at a round trip of 600 ms.
    """

    server_s: float = 2.5
    relay_s: float = 2.5


class NetworkTest:
    """Tests the network. See `kiosk.core.care_ports.AreaTest`.

    Args:
        server_url: Where the server is, as the kiosk's client has it.
        signaling: The kiosk's own link.
        patience: How long it waits.
        now: This machine's clock, UTC.
    """

    areas = frozenset({HealthArea.NETWORK})

    def __init__(
        self,
        server_url: str,
        signaling: EchoLine,
        *,
        patience: NetworkPatience | None = None,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._url = server_url.rstrip("/") + _CLOCK_PATH
        self._signaling = signaling
        self._patience = patience or NetworkPatience()
        self._now = now
        self._relays: tuple[RelaySeen, ...] = ()
        self._tried: frozenset[str] = frozenset()

    async def look(self, kind: TestKind) -> Looked:
        """Look now. A light look takes a relay that was well on all ways for well, and asks the server alone."""
        async with asyncio.TaskGroup() as both:
            asking = both.create_task(self._ask())
            clock = both.create_task(self._clock_ahead_s())
        settings, round_trip_ms = asking.result()
        relays: tuple[RelaySeen, ...] = ()
        if settings is not None:
            relays = await self._look_at_relays(settings, light=kind is TestKind.LIGHT)
        return network_looked(NetworkSeen(round_trip_ms, clock.result(), relays))

    async def _ask(self) -> tuple[PeerSettings | None, float | None]:
        """The servers of a test call, and how long the answer took over the link that calls are made by."""
        loop = asyncio.get_running_loop()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._patience.server_s):
                while True:
                    asked_s = loop.time()
                    settings = await self._signaling.test_settings()
                    if settings is not None:
                        return settings, (loop.time() - asked_s) * 1000
                    await asyncio.sleep(_ASK_AGAIN_S)
        return None, None

    async def _clock_ahead_s(self) -> float | None:
        timeout = aiohttp.ClientTimeout(total=self._patience.server_s)
        try:
            async with aiohttp.ClientSession(timeout=timeout) as http:
                try:
                    return await self._compared(http, check=True)
                except aiohttp.ClientConnectorCertificateError:
                    # A clock that is wrong by months makes a good certificate look bad, and so hides itself. Only the
                    # time of day is taken from a server that cannot be trusted; calls are still refused.
                    return await self._compared(http, check=False)
        except (aiohttp.ClientError, OSError, ValueError):  # a time-out is an OSError
            return None

    async def _compared(self, http: aiohttp.ClientSession, *, check: bool) -> float | None:
        loop = asyncio.get_running_loop()
        asked_s = loop.time()
        async with http.get(self._url, allow_redirects=False, ssl=check) as answer:
            date = answer.headers.get("Date")
            # A portal that catches all requests sends one elsewhere.
            if date is None or 300 <= answer.status < 400:
                return None
            theirs = email.utils.parsedate_to_datetime(date)
            ahead_s = (self._now() - theirs).total_seconds()
            return ahead_s - _HALF_A_SECOND - (loop.time() - asked_s) / 2

    async def _look_at_relays(self, settings: PeerSettings, *, light: bool) -> tuple[RelaySeen, ...]:
        ways = [
            (url, server)
            for server in settings.ice_servers
            for url in server.urls
            if url.startswith(("turn:", "turns:"))
        ]
        urls = frozenset(url for url, _ in ways)
        if not (light and urls == self._tried and all_reached(self._relays)):
            async with asyncio.TaskGroup() as tries:
                tasks = [tries.create_task(self._try(url, server.username, server.credential)) for url, server in ways]
            self._relays, self._tried = tuple(task.result() for task in tasks), urls
        return self._relays

    async def _try(self, url: str, username: str, credential: str) -> RelaySeen:
        try:
            address = relay_address(url)
        except ValueError:  # the server's own settings do not take such a one
            return RelaySeen(RelayTransport.UDP, RelayFinding.UNKNOWN_HOST)
        finding = await try_relay(address, username, credential, self._patience.relay_s)
        return RelaySeen(address.transport, finding)
