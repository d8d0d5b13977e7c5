"""One kiosk's connection to the server, made again whenever it is lost.

What it is for: challenge and proof, one socket at a time, and an acknowledgement for whatever is sent. First connect,
reconnect and restart are one path. What it does not do: know what the messages mean (`signaling_client`).
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeVar

import aiohttp
import socketio
import structlog
from pydantic import ValidationError
from socketio import exceptions as sio_errors

from kiosk.adapters import wire
from kiosk.adapters.identity import Identity
from kiosk.core import events as e
from kiosk.core.connection import retry_delay_s
from signaling.protocol import messages as m
from signaling.protocol.errors import ErrorCode
from signaling.protocol.vocabulary import KIOSK_NAMESPACE, PROTOCOL_VERSION, MediaEngine

ACK_TIMEOUT_S: Final = 5.0
#: A link that is alive acknowledges in a fraction of this; one whose address is gone never does.
PROBE_TIMEOUT_S: Final = 1.0
HTTP_TIMEOUT_S: Final = 5.0
#: All of connecting, also through a server or proxy that accepts and then says nothing.
CONNECT_TIMEOUT_S: Final = 15.0
#: Saying goodbye to a server that may be gone; the program ends either way.
HANG_UP_TIMEOUT_S: Final = 2.0

M = TypeVar("M", bound=m.Message)
#: What takes one message, by the message's name: its form, and what becomes of it.
Takers = Mapping[str, tuple[type[M], Callable[[M], Awaitable[None]]]]
Handler = Callable[..., Awaitable[Any]]

_log = structlog.get_logger(__name__)


class _RefusedByServer(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _EndedEarly(Exception):
    """The server went away before it had let this kiosk in."""


class _BadAnswer(Exception):
    """What answered is not our server: a proxy's page, a captive portal."""


#: What a try can end with beside a connection and a refusal.
_NOT_MADE: Final = (aiohttp.ClientError, sio_errors.SocketIOError, OSError, TimeoutError, _EndedEarly, _BadAnswer)


class ServerLink:
    """One kiosk's connection to the server, kept up for ever.

    Args:
        server_url: Where the server is.
        identity: Proves who this kiosk is.
        software: This program's version, for the health page.
        media_engine: Which engine carries calls, for the health page.
        chance: Uniform in [0, 1); spreads the tries of many kiosks.
    """

    def __init__(
        self,
        server_url: str,
        identity: Identity,
        *,
        software: str,
        media_engine: MediaEngine,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._url = server_url.rstrip("/")
        self._identity = identity
        self._software = software
        self._media_engine = media_engine
        self._chance = chance
        self._instance = secrets.token_urlsafe(12)
        self._sio: socketio.AsyncClient | None = None
        self._works = False
        self._in_visit = False
        self._waiting: set[Callable[..., None]] = set()
        self._lost: asyncio.Event | None = None
        self._attempt: asyncio.Timeout | None = None
        self._anew = asyncio.Event()
        self._hanging_up: set[asyncio.Task[None]] = set()
        self._watching: set[asyncio.Task[None]] = set()

    async def run(self, takers: Takers[Any], happened: Callable[[e.Event], None]) -> None:
        """For ever: connect, listen until lost, wait a little, connect again.

        Args:
            takers: What takes the server's messages.
            happened: Gets `LinkLost` and `LinkRefused`.
        """
        failures, reason = 0, ""
        while True:
            before = reason
            self._anew.clear()
            try:
                async with asyncio.timeout(None) as self._attempt:
                    self._lost = lost = await self._connect(takers)
                self._attempt = None
                _log.info("link_up")
                await lost.wait()
                reason = ""
                if self._works:  # a server that lets everybody in and dies of it is spared
                    failures = 0
                _log.info("link_lost")
                happened(e.LinkLost())
            except _RefusedByServer as refusal:
                reason = refusal.code
                if reason != before:  # once, not every few seconds for days
                    _log.warning("link_refused", code=reason)
                cause = wire.refusal_cause(reason)
                happened(e.LinkRefused(cause) if cause is not None else e.LinkLost())
            except _NOT_MADE as error:
                reason = type(error).__name__
                if reason != before:
                    _log.info("link_not_made", error=reason)
                happened(e.LinkLost())
            self._lost = self._attempt = None
            failures += 1
            with contextlib.suppress(TimeoutError):
                delay_s = retry_delay_s(failures, self._chance(), in_visit=self._in_visit)
                async with asyncio.timeout(delay_s):
                    await self._anew.wait()

    def works(self) -> None:
        """The server has said what there is to know: the next loss is a first one."""
        self._works = True

    async def probe(self, name: str, payload: m.Message) -> None:
        """Make the link anew if the server does not say at once that it has got this."""
        probed = self._lost
        if probed is None:
            return
        answer = await self.tell(name, payload, PROBE_TIMEOUT_S)
        if answer is None and self._lost is probed:
            _log.info("link_dead")
            self.renew()

    def renew(self) -> None:
        """Make the link anew at once."""
        if self._lost is not None:
            self._let_go(self._lost)
        self._try_now()

    def hurry(self) -> None:
        """Try at once, if it is lost."""
        if self._lost is None:
            self._try_now()

    def in_visit(self, *, on: bool) -> None:
        """Try as often as a visit needs it, or as seldom as an idle kiosk does."""
        if on and not self._in_visit and self._lost is None:
            self._anew.set()  # the pause that goes on may be an idle kiosk's
        self._in_visit = on

    async def close(self) -> None:
        """Hang up politely."""
        if self._hanging_up:
            await asyncio.wait(self._hanging_up)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HANG_UP_TIMEOUT_S):
                await self._hang_up()

    # --- connecting ---------------------------------------------------------------------------------------

    def _let_go(self, lost: asyncio.Event) -> None:
        """Take a connection for lost, whatever it says; its end may take a while and nobody waits for it."""
        self._now_lost(lost)
        sio, self._sio = self._sio, None
        if sio is not None:
            task = asyncio.create_task(_hang_up_on_nobody(sio))
            self._hanging_up.add(task)
            task.add_done_callback(self._hanging_up.discard)

    def _try_now(self) -> None:
        """Cut the pause before the next attempt short, or the attempt itself."""
        self._anew.set()
        if self._attempt is not None and not self._attempt.expired():
            self._attempt.reschedule(asyncio.get_running_loop().time())

    def _now_lost(self, lost: asyncio.Event) -> None:
        lost.set()
        for acknowledged in tuple(self._waiting):
            acknowledged()  # with nothing: it will not come any more

    async def _connect(self, takers: Takers[Any]) -> asyncio.Event:
        """Connect anew.

        Returns:
            An event that is set when this connection is lost.
        """
        await self._hang_up()
        self._works = False
        # A client of its own for each connection: nothing of a dead one can speak for a living one.
        self._sio = sio = socketio.AsyncClient(
            reconnection=False, logger=False, engineio_logger=False, handle_sigint=False
        )
        lost = asyncio.Event()
        answered = asyncio.Event()
        refused: list[str] = []
        self._register(sio, takers, lost, answered, refused)
        connected = False
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                hello = await self._hello()
                await sio.connect(
                    self._url,
                    auth=hello.model_dump(mode="json"),
                    transports=["websocket"],
                    namespaces=[KIOSK_NAMESPACE],
                    wait=False,
                )
                self._watch(sio, lost, answered)
                async with asyncio.timeout(HTTP_TIMEOUT_S):
                    await answered.wait()
            if refused:
                raise _RefusedByServer(refused[0])
            if lost.is_set():
                raise _EndedEarly
            connected = True
        except (ValueError, TypeError, LookupError) as error:
            raise _BadAnswer(type(error).__name__) from None
        finally:
            if not connected:
                await self._hang_up()
        return lost

    async def _hello(self) -> m.KioskHello:
        challenge = await self._challenge()
        return m.KioskHello(
            protocol=PROTOCOL_VERSION,
            kiosk_id=self._identity.kiosk_id,
            instance=self._instance,
            challenge=challenge,
            signature=self._identity.sign_challenge(challenge),
            software=self._software,
            engine=self._media_engine,
        )

    async def _challenge(self) -> str:
        body = {"kiosk_id": self._identity.kiosk_id}
        timeout = aiohttp.ClientTimeout(total=HTTP_TIMEOUT_S)
        async with (
            aiohttp.ClientSession(timeout=timeout) as http,
            http.post(f"{self._url}/api/kiosk/challenge", json=body) as response,
        ):
            if response.status != 200:
                raise _BadAnswer
            return str((await response.json())["challenge"])

    def _watch(self, sio: socketio.AsyncClient, lost: asyncio.Event, answered: asyncio.Event) -> None:
        """Take it for lost as soon as its socket has ended.

        The library itself does not say so of one that ends before or just as it is let in: it waits on for the answer,
        or calls a dead connection a connected one.
        """

        async def watch() -> None:
            await sio.eio.wait()
            if not lost.is_set():
                self._now_lost(lost)
            answered.set()

        task = asyncio.create_task(watch())
        self._watching.add(task)
        task.add_done_callback(self._watching.discard)

    async def _hang_up(self) -> None:
        sio, self._sio = self._sio, None
        if sio is None:
            return
        if sio.connected:
            await sio.disconnect()
        else:
            await sio.eio.disconnect()  # an attempt that failed half-way holds an open HTTP session

    def _register(
        self,
        sio: socketio.AsyncClient,
        takers: Takers[Any],
        lost: asyncio.Event,
        answered: asyncio.Event,
        refused: list[str],
    ) -> None:
        async def let_in() -> None:
            answered.set()

        async def disconnected(*_reason: Any) -> None:
            if not lost.is_set():  # else it was given up, and others wait for answers by now
                self._now_lost(lost)

        async def connect_refused(data: Any = None) -> None:
            refused.append(str(data.get("message", "")) if isinstance(data, dict) else "")
            answered.set()

        async def presence(_payload: Any = None) -> dict[str, bool]:
            return {"ok": True}

        def taking(model: type[M], take: Callable[[M], Awaitable[None]]) -> Handler:
            async def handler(payload: Any = None) -> None:
                if sio is not self._sio:
                    return  # a last word of a connection that was given up
                try:
                    message = model.model_validate(payload)
                except ValidationError:
                    _log.warning("message_not_understood", message=model.__name__)
                    return
                await take(message)

            return handler

        handlers: dict[str, Handler] = {
            "connect": let_in,
            "disconnect": disconnected,
            "connect_error": connect_refused,
            "presence.ask": presence,
            **{name: taking(model, take) for name, (model, take) in takers.items()},
        }
        for name, handler in handlers.items():
            sio.on(name, handler=handler, namespace=KIOSK_NAMESPACE)

    # --- to the server ------------------------------------------------------------------------------------

    async def tell(self, name: str, payload: m.Message, timeout_s: float | None = None) -> m.Ack | None:
        """Send and wait for the acknowledgement; None when the server is away or says nothing."""
        sio = self._sio
        if sio is None or not sio.connected:
            return None
        answered: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        def acknowledged(*arguments: Any) -> None:
            if not answered.done():
                answered.set_result(arguments[0] if arguments else None)

        self._waiting.add(acknowledged)
        try:
            async with asyncio.timeout(ACK_TIMEOUT_S if timeout_s is None else timeout_s):
                await sio.emit(name, payload.model_dump(mode="json"), namespace=KIOSK_NAMESPACE, callback=acknowledged)
                answer = m.Ack.model_validate(await answered)
        except (sio_errors.SocketIOError, ValidationError, TimeoutError):
            return None
        finally:
            self._waiting.discard(acknowledged)
        if not answer.ok:
            _log.info("message_refused", message=name, code=refusal_of(answer).value)
        return answer


async def _hang_up_on_nobody(sio: socketio.AsyncClient) -> None:
    """End a connection whose other end may be unreachable, and free its sockets."""
    try:
        async with asyncio.timeout(HANG_UP_TIMEOUT_S):
            await sio.disconnect()
    except (TimeoutError, aiohttp.ClientError, OSError):
        _log.debug("link_not_hung_up")
    if sio.eio.http is not None and not sio.eio.http.closed:
        await sio.eio.http.close()


def refusal_of(answer: m.Ack) -> ErrorCode:
    """Why the server would not have it."""
    return answer.error.code if answer.error is not None else ErrorCode.INTERNAL
