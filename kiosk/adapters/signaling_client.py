"""The kiosk's way to the server: challenge, connect, snapshot, deltas; and again, whenever it is lost.

First connect, reconnect and restart are one path. It turns the wire into the kiosk's own words and back.
What it does not do: decide, or remember more than the last view.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, Final

import aiohttp
import socketio
import structlog
from pydantic import ValidationError
from socketio import exceptions as sio_errors

from kiosk.adapters.identity import Identity
from kiosk.core import effects as fx
from kiosk.core import events as e
from kiosk.core.connection import retry_delay_s
from kiosk.core.facts import MediaReport, ServerFacts, VisitFacts
from kiosk.core.media import IceCandidate, IceServer, PeerSettings
from kiosk.core.ports import SignalingListener
from kiosk.core.snapshot import Availability, BranchFacts, TextEntry
from signaling.protocol import messages as m
from signaling.protocol.deltas import View, applied
from signaling.protocol.errors import ErrorCode
from signaling.protocol.vocabulary import (
    KIOSK_NAMESPACE,
    PROTOCOL_VERSION,
    MediaEngine,
    OutOfServiceCause,
    ServiceId,
    VisitId,
)

ACK_TIMEOUT_S: Final = 5.0
HTTP_TIMEOUT_S: Final = 5.0

_REFUSALS: Final = {
    ErrorCode.NOT_AUTHENTICATED: OutOfServiceCause.REFUSED,
    ErrorCode.REVOKED: OutOfServiceCause.REFUSED,
    ErrorCode.FORBIDDEN: OutOfServiceCause.REFUSED,
    ErrorCode.VERSION: OutOfServiceCause.VERSION,
    ErrorCode.ALREADY_CONNECTED: OutOfServiceCause.ALREADY_CONNECTED,
}

_log = structlog.get_logger(__name__)


class _RefusedByServer(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SignalingClient:
    """One kiosk's connection to the server, kept up for ever."""

    def __init__(self, server_url: str, identity: Identity, *, software: str, media_engine: MediaEngine) -> None:
        self._url = server_url.rstrip("/")
        self._identity = identity
        self._software = software
        self._media_engine = media_engine
        self._instance = secrets.token_urlsafe(12)
        self._sio: socketio.AsyncClient | None = None
        self._http: aiohttp.ClientSession | None = None
        self._listener: SignalingListener | None = None
        self._view: View | None = None
        self._revision = 0
        self._lost = asyncio.Event()

    async def run(self, listener: SignalingListener) -> None:
        """For ever: connect, listen until lost, wait a little, connect again."""
        self._listener = listener
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=HTTP_TIMEOUT_S))
        failures = 0
        try:
            while True:
                try:
                    await self._connect()
                    failures = 0
                    await self._lost.wait()
                    _log.info("link_lost")
                    listener.happened(e.LinkLost())
                except _RefusedByServer as refusal:
                    _log.warning("link_refused", code=refusal.code)
                    cause = _REFUSALS.get(_code(refusal.code))
                    listener.happened(e.LinkRefused(cause) if cause is not None else e.LinkLost())
                except (aiohttp.ClientError, sio_errors.ConnectionError, OSError, TimeoutError) as error:
                    _log.info("link_not_made", error=type(error).__name__)
                    listener.happened(e.LinkLost())
                failures += 1
                await asyncio.sleep(retry_delay_s(failures, random.random()))  # noqa: S311 - spreads load
        finally:
            await self._http.close()

    async def send(self, effect: fx.Effect) -> None:
        """Send one effect of the session."""
        name, payload = _as_message(effect)
        refusal = await self._tell(name, payload)
        if refusal is not None and isinstance(effect, fx.SendOpen) and self._listener is not None:
            self._listener.happened(e.OpenRefused(_code(refusal)))

    async def peer_settings(self, visit_id: VisitId) -> PeerSettings:
        """Fresh ICE servers for one call."""
        answer = await self._ask("call.ice", m.CallIce(visit_id=visit_id))
        if answer is None or not answer.ok:
            return PeerSettings()
        granted = m.IceServers.model_validate(answer.data)
        return PeerSettings(
            ice_servers=tuple(IceServer(server.urls, server.username, server.credential) for server in granted.servers),
            relay_only=granted.relay_only,
        )

    async def send_offer(self, visit_id: VisitId, generation: int, sdp: str, fingerprint: str) -> None:
        """Send the offer with its fingerprint signed."""
        signature = self._identity.sign_fingerprint(visit_id, generation, fingerprint)
        await self._tell(
            "call.offer",
            m.CallOffer(
                visit_id=visit_id,
                generation=generation,
                sdp=sdp,
                fingerprint=fingerprint,
                signature=signature,
            ),
        )

    async def send_candidate(self, visit_id: VisitId, generation: int, candidate: IceCandidate) -> None:
        """Send one local candidate."""
        await self._tell(
            "call.candidate",
            m.CallCandidate(
                visit_id=visit_id,
                generation=generation,
                candidate=candidate.candidate,
                sdp_mid=candidate.sdp_mid,
                sdp_m_line_index=candidate.sdp_m_line_index,
            ),
        )

    async def send_media(self, visit_id: VisitId, report: MediaReport) -> None:
        """Say what this end sends."""
        await self._tell(
            "call.media",
            m.CallMedia(
                visit_id=visit_id,
                camera_sending=report.camera_sending,
                microphone_sending=report.microphone_sending,
                camera=report.camera,
                microphone=report.microphone,
                loudspeaker=report.loudspeaker,
            ),
        )

    async def close(self) -> None:
        """Hang up politely."""
        if self._sio is not None:
            await self._sio.disconnect()
            self._sio = None

    # --- connecting ---------------------------------------------------------------------------------------

    async def _connect(self) -> None:
        if self._sio is not None:
            await self._sio.disconnect()
        self._sio = sio = socketio.AsyncClient(reconnection=False, logger=False, engineio_logger=False)
        self._lost = asyncio.Event()
        refused: list[str] = []
        self._register(sio, refused)
        hello = m.KioskHello(
            protocol=PROTOCOL_VERSION,
            kiosk_id=self._identity.kiosk_id,
            instance=self._instance,
            challenge=(challenge := await self._challenge()),
            signature=self._identity.sign_challenge(challenge),
            software=self._software,
            engine=self._media_engine,
        )
        try:
            await sio.connect(
                self._url,
                auth=hello.model_dump(mode="json"),
                transports=["websocket"],
                namespaces=[KIOSK_NAMESPACE],
                wait_timeout=HTTP_TIMEOUT_S,
            )
        except sio_errors.ConnectionError:
            if refused:
                raise _RefusedByServer(refused[0]) from None
            raise

    async def _challenge(self) -> str:
        if self._http is None:
            raise RuntimeError("the client connects only while it runs")
        body = {"kiosk_id": self._identity.kiosk_id}
        async with self._http.post(f"{self._url}/api/kiosk/challenge", json=body) as response:
            if response.status != 200:
                raise aiohttp.ClientPayloadError(f"challenge refused with {response.status}")
            return str((await response.json())["challenge"])

    def _register(self, sio: socketio.AsyncClient, refused: list[str]) -> None:
        lost = self._lost

        async def disconnected(*_reason: Any) -> None:
            lost.set()

        async def connect_refused(data: Any = None) -> None:
            if isinstance(data, dict):
                refused.append(str(data.get("message", "")))

        async def presence(_payload: Any = None) -> dict[str, bool]:
            return {"ok": True}

        handlers: dict[str, Callable[..., Awaitable[Any]]] = {
            "disconnect": disconnected,
            "connect_error": connect_refused,
            "presence.ask": presence,
            "kiosk.snapshot": self._taking(m.KioskSnapshot, self._snapshot),
            "delta": self._taking(m.Delta, self._delta),
            "call.answer": self._taking(m.CallAnswer, self._answer),
            "call.candidate": self._taking(m.CallCandidate, self._candidate),
            "call.media": self._taking(m.CallMedia, self._media),
            "text.draft": self._taking(m.TextDraft, self._text),
        }
        for name, handler in handlers.items():
            sio.on(name, handler=handler, namespace=KIOSK_NAMESPACE)

    def _taking(
        self, model: type[Any], take: Callable[[SignalingListener, Any], Awaitable[None]]
    ) -> Callable[..., Awaitable[None]]:
        async def handler(payload: Any = None) -> None:
            if self._listener is None:
                return
            try:
                message = model.model_validate(payload)
            except ValidationError:
                _log.warning("message_not_understood", message=model.__name__)
                return
            await take(self._listener, message)

        return handler

    # --- from the server ----------------------------------------------------------------------------------

    async def _snapshot(self, listener: SignalingListener, message: m.KioskSnapshot) -> None:
        self._view = message.view.model_dump(mode="json")
        self._revision = message.revision
        listener.happened(e.FactsCame(_facts(message.view)))

    async def _delta(self, listener: SignalingListener, message: m.Delta) -> None:
        if self._view is None or message.revision != self._revision + 1:
            await self._tell("snapshot.request", m.Nothing())
            return
        self._view = applied(self._view, message)
        self._revision = message.revision
        listener.happened(e.FactsCame(_facts(m.KioskView.model_validate(self._view))))

    async def _answer(self, listener: SignalingListener, message: m.CallAnswer) -> None:
        listener.answer_came(VisitId(message.visit_id), message.generation, message.sdp)

    async def _candidate(self, listener: SignalingListener, message: m.CallCandidate) -> None:
        candidate = IceCandidate(message.candidate, message.sdp_mid, message.sdp_m_line_index)
        listener.candidate_came(VisitId(message.visit_id), message.generation, candidate)

    async def _media(self, listener: SignalingListener, message: m.CallMedia) -> None:
        report = MediaReport(
            message.camera_sending,
            message.microphone_sending,
            message.camera,
            message.microphone,
            message.loudspeaker,
        )
        listener.happened(e.LibrarianMedia(VisitId(message.visit_id), report))

    async def _text(self, listener: SignalingListener, message: m.TextDraft) -> None:
        entry = TextEntry(message.author, message.entry, message.text, message.done)
        listener.happened(e.LibrarianTyped(VisitId(message.visit_id), entry))

    # --- to the server ------------------------------------------------------------------------------------

    async def _tell(self, name: str, payload: m.Message) -> str | None:
        """Send and wait for the acknowledgement; returns the code of a refusal."""
        answer = await self._ask(name, payload)
        if answer is None or answer.ok:
            return None
        code = answer.error.code.value if answer.error is not None else ErrorCode.INTERNAL.value
        _log.info("message_refused", message=name, code=code)
        return code

    async def _ask(self, name: str, payload: m.Message) -> m.Ack | None:
        """Send and wait; None when the server is away. What matters then follows from the next snapshot."""
        sio = self._sio
        if sio is None or not sio.connected:
            return None
        with contextlib.suppress(sio_errors.SocketIOError, ValidationError):
            return m.Ack.model_validate(
                await sio.call(name, payload.model_dump(mode="json"), namespace=KIOSK_NAMESPACE, timeout=ACK_TIMEOUT_S)
            )
        return None


def _code(text: str) -> ErrorCode:
    try:
        return ErrorCode(text)
    except ValueError:
        return ErrorCode.INTERNAL  # a newer server's word


def _facts(view: m.KioskView) -> ServerFacts:
    visit = view.visit
    return ServerFacts(
        branch=BranchFacts(view.library_name, view.branch_name, view.phone),
        time_zone=view.time_zone,
        default_language=view.default_language,
        service_id=next((ServiceId(service_id) for service_id in view.services), None),
        availability=Availability(
            answerable_seats=view.availability.answerable,
            free_seats=view.availability.free,
            on_duty_names=view.availability.names,
            next_open=view.availability.next_open,
        ),
        visit=None
        if visit is None
        else VisitFacts(
            id=VisitId(visit.id),
            state=visit.state,
            place=visit.place,
            returned=visit.returned,
            generation=visit.generation,
            librarian_name=visit.librarian_name,
            held_since=visit.held_since,
        ),
    )


def _as_message(effect: fx.Effect) -> tuple[str, m.Message]:
    match effect:
        case fx.SendOpen():
            return "visit.open", m.VisitOpen(
                request_id=effect.request_id, service_id=effect.service_id, language=effect.language
            )
        case fx.SendCancel():
            return "visit.cancel", m.VisitRef(visit_id=effect.visit_id)
        case fx.SendFinish():
            return "visit.finish", m.VisitRef(visit_id=effect.visit_id)
        case fx.SendFeedback():
            return "visit.feedback", m.VisitFeedback.model_validate(
                {"visit_id": effect.visit_id, "score": effect.score}
            )
        case fx.SendLanguage():
            return "visit.language", m.VisitLanguage(visit_id=effect.visit_id, language=effect.language)
        case fx.SendText():
            return "text.draft", m.TextDraft(
                visit_id=effect.visit_id, entry=effect.entry, text=effect.text, done=effect.done
            )
        case fx.SendHistory():
            return "text.history", m.TextHistory(
                visit_id=effect.visit_id,
                entries=tuple(
                    m.TextDraft(
                        visit_id=effect.visit_id,
                        entry=line.entry,
                        text=line.text,
                        done=line.done,
                        author=line.author,
                    )
                    for line in effect.entries
                ),
            )
        case fx.SendAgain():
            return "call.again", m.CallRef(visit_id=effect.visit_id, generation=effect.generation)
        case fx.SendConnected():
            return "call.connected", m.CallRef(visit_id=effect.visit_id, generation=effect.generation)
