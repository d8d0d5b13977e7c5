"""Which server aiortc is given, because it uses only one of each kind and waits 5 s for one that is dead.

What it is for: ask them all at once beforehand, take the first in order that answers, and so also know whether a
relay was silent or refused. What it does not do: check a credential; that shows when the relay is used.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

from aioice import stun
from aiortc.rtcicetransport import parse_stun_turn_uri

from kiosk.core.media import IceServer
from signaling.protocol.vocabulary import RelayTransport

#: Long enough for TLS at a round trip of 600 ms.
_ANSWER_S = 2.5
#: How long an answering server waits for one that stands before it.
_PREFERENCE_S = 0.2
#: A request or its answer may be lost.
_ASK_AGAIN_S = 0.3
#: UDP as a number of the Internet protocol, where a TURN request has it (RFC 8656 18.8).
_REQUESTED_UDP = 17 << 24


@dataclass(frozen=True, slots=True)
class FoundServers:
    """What of the given servers aiortc is to use.

    Attributes:
        servers: At most one STUN server and one relay, each with one address.
        relay: How that relay is reached.
        silent: Addresses of relays that did not answer, if none did.
    """

    servers: tuple[IceServer, ...] = ()
    relay: RelayTransport | None = None
    silent: tuple[str, ...] = ()


async def servers_that_answer(servers: Sequence[IceServer]) -> FoundServers:
    """Ask every server, at once, whether it is there."""
    single = [IceServer((url,), s.username, s.credential) for s in servers for url in s.urls]
    relays = [s for s in single if s.urls[0].startswith("turn")]
    others = [s for s in single if s.urls[0].startswith("stun:")]
    relay, other = await asyncio.gather(_first(relays), _first(others))
    if relay is None:
        return FoundServers((other,) if other else (), None, tuple(s.urls[0] for s in relays))
    return FoundServers((other, relay) if other else (relay,), transport_of(relay.urls[0]))


def transport_of(url: str) -> RelayTransport:
    """How a relay at this address (RFC 7065) is reached."""
    if url.startswith("turns:"):
        return RelayTransport.TLS
    return RelayTransport.TCP if parse_qs(url.partition("?")[2]).get("transport") == ["tcp"] else RelayTransport.UDP


async def _first(servers: Sequence[IceServer]) -> IceServer | None:
    asked = [asyncio.create_task(_answers(server.urls[0])) for server in servers]
    try:
        async with asyncio.timeout(_ANSWER_S):
            for done in asyncio.as_completed(asked):
                if await done:
                    break
        await _wait_for_those_before(asked)
    except TimeoutError:
        return None
    finally:
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
    return next((server for server, task in zip(servers, asked, strict=True) if _said_yes(task)), None)


async def _wait_for_those_before(asked: list[asyncio.Task[bool]]) -> None:
    first = next((index for index, task in enumerate(asked) if _said_yes(task)), 0)
    waiting = [task for task in asked[:first] if not task.done()]
    if waiting:
        await asyncio.wait(waiting, timeout=_PREFERENCE_S)


def _said_yes(task: asyncio.Task[bool]) -> bool:
    return task.done() and not task.cancelled() and task.result()


async def _answers(url: str) -> bool:
    try:
        parsed = parse_stun_turn_uri(url)
        address = (parsed["host"], parsed["port"])
        if url.startswith("stun:") or transport_of(url) is RelayTransport.UDP:
            return await _answers_datagram(address, stun.Method.BINDING if url.startswith("stun") else None)
        _, writer = await asyncio.open_connection(*address, ssl=True if url.startswith("turns:") else None)
    except (OSError, ValueError):
        # Refused, no such name, a certificate that is not trusted, or an address that aiortc cannot read.
        return False
    writer.close()
    return True


async def _answers_datagram(address: tuple[str, int], method: stun.Method | None) -> bool:
    # A relay says 401 to a request without a credential, and says it to everybody; that is an answer.
    request = stun.Message(message_method=method or stun.Method.ALLOCATE, message_class=stun.Class.REQUEST)
    if method is None:
        request.attributes["REQUESTED-TRANSPORT"] = _REQUESTED_UDP
    loop = asyncio.get_running_loop()
    transport, answer = await loop.create_datagram_endpoint(lambda: _Answer(bytes(request)), remote_addr=address)
    try:
        while True:
            transport.sendto(bytes(request))
            done, _ = await asyncio.wait([answer.came], timeout=_ASK_AGAIN_S)
            if done:
                return answer.came.result()
    finally:
        transport.close()


class _Answer(asyncio.DatagramProtocol):
    def __init__(self, request: bytes) -> None:
        self.came: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._transaction = request[8:20]

    def datagram_received(self, data: bytes, addr: object) -> None:
        if data[8:20] == self._transaction and not self.came.done():
            self.came.set_result(True)

    def error_received(self, exc: Exception) -> None:
        """Nobody listens there (ICMP), or not yet: a relay that is being started again is asked once more."""
