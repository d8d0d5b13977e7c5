"""The kiosk's way to the server: challenge, connect, snapshot, deltas; and again, whenever it is lost.

First connect, reconnect and restart are one path. What it does not do: decide, or remember more than the last view.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import aiohttp
import socketio
import structlog
from pydantic import ValidationError
from socketio import exceptions as sio_errors

from kiosk.adapters import wire
from kiosk.adapters.identity import Identity
from kiosk.core import effects as fx
from kiosk.core import events as e
from kiosk.core.connection import retry_delay_s
from kiosk.core.facts import MediaReport
from kiosk.core.health.call import EchoFault, EchoReply
from kiosk.core.media import IceCandidate, PeerSettings
from kiosk.core.path_quality import PathRecord
from kiosk.core.ports import SignalingListener
from signaling.protocol import messages as m
from signaling.protocol.deltas import View, applied
from signaling.protocol.errors import ErrorCode
from signaling.protocol.vocabulary import KIOSK_NAMESPACE, PROTOCOL_VERSION, MediaEngine, VisitId

ACK_TIMEOUT_S: Final = 5.0
#: A link that is alive acknowledges in a fraction of this; one whose address is gone never does.
PROBE_TIMEOUT_S: Final = 1.0
HTTP_TIMEOUT_S: Final = 5.0
#: The echo is a program that is started for the call.
ECHO_TIMEOUT_S: Final = 10.0
#: All of connecting, also through a server or proxy that accepts and then says nothing.
CONNECT_TIMEOUT_S: Final = 15.0
#: Saying goodbye to a server that may be gone; the program ends either way.
HANG_UP_TIMEOUT_S: Final = 2.0

M = TypeVar("M", bound=m.Message)
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


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SignalingClient:
    """One kiosk's connection to the server, kept up for ever. See `kiosk.core.ports.Signaling`.

    Args:
        server_url: Where the server is.
        identity: Proves who this kiosk is.
        software: This program's version, for the health page.
        media_engine: Which engine carries calls, for the health page.
        chance: Uniform in [0, 1); spreads the tries of many kiosks.
        now: This machine's clock, UTC; compared with the server's at each snapshot.
    """

    def __init__(
        self,
        server_url: str,
        identity: Identity,
        *,
        software: str,
        media_engine: MediaEngine,
        chance: Callable[[], float] = random.random,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._url = server_url.rstrip("/")
        self._identity = identity
        self._software = software
        self._media_engine = media_engine
        self._chance = chance
        self._now = now
        self._server_ahead_s = 0.0
        self._instance = secrets.token_urlsafe(12)
        self._sio: socketio.AsyncClient | None = None
        self._listener: SignalingListener | None = None
        self._view: View | None = None
        self._revision = 0
        self._asked_anew = False
        self._in_visit = False
        self._waiting: set[Callable[..., None]] = set()
        self._lost: asyncio.Event | None = None
        self._attempt: asyncio.Timeout | None = None
        self._anew = asyncio.Event()
        self._hanging_up: set[asyncio.Task[None]] = set()
        self._watching: set[asyncio.Task[None]] = set()

    async def run(self, listener: SignalingListener) -> None:
        """For ever: connect, listen until lost, wait a little, connect again."""
        self._listener = listener
        failures, reason = 0, ""
        while True:
            before = reason
            self._anew.clear()
            try:
                async with asyncio.timeout(None) as self._attempt:
                    self._lost = lost = await self._connect(listener)
                self._attempt = None
                _log.info("link_up")
                await lost.wait()
                reason = ""
                if self._view is not None:  # a server that lets everybody in and dies of it is spared
                    failures = 0
                _log.info("link_lost")
                listener.happened(e.LinkLost())
            except _RefusedByServer as refusal:
                reason = refusal.code
                if reason != before:  # once, not every few seconds for days
                    _log.warning("link_refused", code=reason)
                cause = wire.refusal_cause(reason)
                listener.happened(e.LinkRefused(cause) if cause is not None else e.LinkLost())
            except _NOT_MADE as error:
                reason = type(error).__name__
                if reason != before:
                    _log.info("link_not_made", error=reason)
                listener.happened(e.LinkLost())
            self._lost = self._attempt = None
            failures += 1
            with contextlib.suppress(TimeoutError):
                delay_s = retry_delay_s(failures, self._chance(), in_visit=self._in_visit)
                async with asyncio.timeout(delay_s):
                    await self._anew.wait()

    async def send(self, effect: fx.Effect | fx.CareEffect) -> None:
        """Send one effect of the session or the care."""
        name, payload = wire.message_for(effect)
        answer = await self._tell(name, payload)
        if answer is None or self._listener is None:
            return
        if isinstance(effect, fx.SendOpen) and not answer.ok:
            self._listener.happened(e.OpenRefused(_refusal_of(answer)))
        if isinstance(effect, fx.SendTicket):
            self._listener.happened(_number_of(effect.visit_id, answer))

    async def peer_settings(self, visit_id: VisitId) -> PeerSettings:
        """Fresh ICE servers for one call."""
        answer = await self._tell("call.ice", m.CallIce(visit_id=visit_id))
        if answer is None or not answer.ok:
            return PeerSettings()
        try:
            return wire.settings_from(m.IceServers.model_validate(answer.data))
        except ValidationError:
            _log.warning("message_not_understood", message="IceServers")
            return PeerSettings()

    async def send_offer(self, visit_id: VisitId, generation: int, sdp: str, fingerprint: str) -> bool:
        """Send the offer with its fingerprint signed."""
        signature = self._identity.sign_fingerprint(visit_id, generation, fingerprint)
        offer = m.CallOffer(
            visit_id=visit_id, generation=generation, sdp=sdp, fingerprint=fingerprint, signature=signature
        )
        return _was_taken(await self._tell("call.offer", offer))

    async def send_candidate(self, visit_id: VisitId, generation: int, candidate: IceCandidate) -> None:
        """Send one local candidate."""
        await self._tell("call.candidate", wire.candidate_message(visit_id, generation, candidate))

    async def send_media(self, visit_id: VisitId, report: MediaReport) -> bool:
        """Say what this end sends."""
        return _was_taken(await self._tell("call.media", wire.media_message(visit_id, report)))

    async def send_quality(self, visit_id: VisitId, generation: int, record: PathRecord) -> None:
        """Tell what one path was like until now."""
        await self._tell("call.quality", wire.quality_message(visit_id, generation, record, self._media_engine))

    async def test_settings(self) -> PeerSettings | None:
        """Fresh ICE servers for a test."""
        answer = await self._tell("health.ice", m.Nothing())
        if answer is None or not answer.ok:
            return None
        try:
            return wire.settings_from(m.IceServers.model_validate(answer.data))
        except ValidationError:
            _log.warning("message_not_understood", message="IceServers")
            return None

    async def echo(self, sdp: str) -> EchoReply:
        """Call the server's echo."""
        try:
            offer = m.EchoOffer(sdp=sdp)
        except ValidationError:  # longer than the server would take
            return EchoReply(fault=EchoFault.BROKEN)
        return wire.echo_reply_from(await self._tell("health.call", offer, ECHO_TIMEOUT_S))

    async def probe(self, visit_id: VisitId, report: MediaReport) -> None:
        """Make the link anew if the server does not say at once that it is there."""
        probed = self._lost
        if probed is None:
            return
        answer = await self._tell("call.media", wire.media_message(visit_id, report), PROBE_TIMEOUT_S)
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

    async def _connect(self, listener: SignalingListener) -> asyncio.Event:
        """Connect anew.

        Returns:
            An event that is set when this connection is lost.
        """
        await self._hang_up()
        self._view = None
        # A client of its own for each connection: nothing of a dead one can speak for a living one.
        self._sio = sio = socketio.AsyncClient(
            reconnection=False, logger=False, engineio_logger=False, handle_sigint=False
        )
        lost = asyncio.Event()
        answered = asyncio.Event()
        refused: list[str] = []
        self._register(sio, listener, lost, answered, refused)
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
        listener: SignalingListener,
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

        def taking(model: type[M], take: Callable[[SignalingListener, M], Awaitable[None]]) -> Handler:
            async def handler(payload: Any = None) -> None:
                if sio is not self._sio:
                    return  # a last word of a connection that was given up
                try:
                    message = model.model_validate(payload)
                except ValidationError:
                    _log.warning("message_not_understood", message=model.__name__)
                    return
                await take(listener, message)

            return handler

        handlers: dict[str, Handler] = {
            "connect": let_in,
            "disconnect": disconnected,
            "connect_error": connect_refused,
            "presence.ask": presence,
            "kiosk.snapshot": taking(m.KioskSnapshot, self._snapshot),
            "delta": taking(m.Delta, self._delta),
            "call.answer": taking(m.CallAnswer, self._answer),
            "call.candidate": taking(m.CallCandidate, self._candidate),
            "call.media": taking(m.CallMedia, self._media),
            "text.draft": taking(m.TextDraft, self._text),
        }
        for name, handler in handlers.items():
            sio.on(name, handler=handler, namespace=KIOSK_NAMESPACE)

    # --- from the server ----------------------------------------------------------------------------------

    async def _snapshot(self, listener: SignalingListener, message: m.KioskSnapshot) -> None:
        self._view = message.view.model_dump(mode="json")
        self._revision = message.revision
        self._asked_anew = False
        self._server_ahead_s = (message.server_time - self._now()).total_seconds()
        listener.happened(e.FactsCame(wire.facts_from(message.view, self._server_ahead_s)))

    async def _delta(self, listener: SignalingListener, message: m.Delta) -> None:
        if self._view is None or message.revision != self._revision + 1:
            await self._ask_anew()
            return
        changed = applied(self._view, message)
        try:
            view = m.KioskView.model_validate(changed)
        except ValidationError:
            _log.warning("message_not_understood", message="Delta")
            await self._ask_anew()
            return
        self._view, self._revision = changed, message.revision
        listener.happened(e.FactsCame(wire.facts_from(view, self._server_ahead_s)))

    async def _ask_anew(self) -> None:
        """Ask for the whole view, once until it has come."""
        if self._asked_anew:
            return
        self._asked_anew = True
        if not _was_taken(await self._tell("snapshot.request", m.Nothing())):
            self._asked_anew = False

    async def _answer(self, listener: SignalingListener, message: m.CallAnswer) -> None:
        listener.answer_came(VisitId(message.visit_id), message.generation, message.sdp)

    async def _candidate(self, listener: SignalingListener, message: m.CallCandidate) -> None:
        candidate = IceCandidate(message.candidate, message.sdp_mid, message.sdp_m_line_index)
        listener.candidate_came(VisitId(message.visit_id), message.generation, candidate)

    async def _media(self, listener: SignalingListener, message: m.CallMedia) -> None:
        listener.happened(e.LibrarianMedia(VisitId(message.visit_id), wire.report_from(message), message.sender))

    async def _text(self, listener: SignalingListener, message: m.TextDraft) -> None:
        listener.happened(e.LibrarianTyped(VisitId(message.visit_id), wire.entry_from(message)))

    # --- to the server ------------------------------------------------------------------------------------

    async def _tell(self, name: str, payload: m.Message, timeout_s: float = ACK_TIMEOUT_S) -> m.Ack | None:
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
            async with asyncio.timeout(timeout_s):
                await sio.emit(name, payload.model_dump(mode="json"), namespace=KIOSK_NAMESPACE, callback=acknowledged)
                answer = m.Ack.model_validate(await answered)
        except (sio_errors.SocketIOError, ValidationError, TimeoutError):
            return None
        finally:
            self._waiting.discard(acknowledged)
        if not answer.ok:
            _log.info("message_refused", message=name, code=_refusal_of(answer).value)
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


def _number_of(visit_id: VisitId, answer: m.Ack) -> e.TicketTaken | e.TicketRefused:
    try:
        taken = m.TicketTaken.model_validate(answer.data) if answer.ok else None
    except ValidationError:
        _log.warning("message_not_understood", message="TicketTaken")
        taken = None
    return e.TicketRefused(visit_id) if taken is None else e.TicketTaken(visit_id, taken.ticket)


def _was_taken(answer: m.Ack | None) -> bool:
    return answer is not None and answer.ok


def _refusal_of(answer: m.Ack) -> ErrorCode:
    return answer.error.code if answer.error is not None else ErrorCode.INTERNAL
