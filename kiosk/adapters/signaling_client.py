"""What kiosk and server tell each other: snapshot, deltas, and the messages of a call.

What it does not do: keep the connection up (`link`), decide, or remember more than the last view.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

import structlog
from pydantic import ValidationError

from kiosk.adapters import wire
from kiosk.adapters.identity import Identity
from kiosk.adapters.link import ServerLink, Takers, refusal_of
from kiosk.core import effects as fx
from kiosk.core import events as e
from kiosk.core.facts import MediaReport
from kiosk.core.health.call import EchoFault, EchoReply
from kiosk.core.media import IceCandidate, PeerSettings
from kiosk.core.path_quality import PathRecord
from kiosk.core.ports import SignalingListener
from signaling.protocol import messages as m
from signaling.protocol.deltas import View, applied
from signaling.protocol.vocabulary import MediaEngine, VisitId

#: The echo is a program that is started for the call.
ECHO_TIMEOUT_S: Final = 10.0

_log = structlog.get_logger(__name__)


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
        self._link = ServerLink(server_url, identity, software=software, media_engine=media_engine, chance=chance)
        self._identity = identity
        self._media_engine = media_engine
        self._now = now
        self._server_ahead_s = 0.0
        self._listener: SignalingListener | None = None
        self._view: View | None = None
        self._revision = 0
        self._asked_anew = False

    async def run(self, listener: SignalingListener) -> None:
        """For ever: connect, listen until lost, wait a little, connect again."""
        self._listener = listener

        def happened(event: e.Event) -> None:
            self._view = None  # what comes on the next connection begins with a snapshot
            listener.happened(event)

        await self._link.run(self._takers(listener), happened)

    async def send(self, effect: fx.Effect | fx.CareEffect) -> None:
        """Send one effect of the session or the care."""
        name, payload = wire.message_for(effect)
        answer = await self._link.tell(name, payload)
        if answer is None or self._listener is None:
            return
        if isinstance(effect, fx.SendOpen) and not answer.ok:
            self._listener.happened(e.OpenRefused(refusal_of(answer)))
        if isinstance(effect, fx.SendTicket):
            self._listener.happened(_number_of(effect.visit_id, answer))

    async def peer_settings(self, visit_id: VisitId) -> PeerSettings:
        """Fresh ICE servers for one call."""
        answer = await self._link.tell("call.ice", m.CallIce(visit_id=visit_id))
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
        return _was_taken(await self._link.tell("call.offer", offer))

    async def send_candidate(self, visit_id: VisitId, generation: int, candidate: IceCandidate) -> None:
        """Send one local candidate."""
        await self._link.tell("call.candidate", wire.candidate_message(visit_id, generation, candidate))

    async def send_media(self, visit_id: VisitId, report: MediaReport) -> bool:
        """Say what this end sends."""
        return _was_taken(await self._link.tell("call.media", wire.media_message(visit_id, report)))

    async def send_quality(self, visit_id: VisitId, generation: int, record: PathRecord) -> None:
        """Tell what one path was like until now."""
        await self._link.tell("call.quality", wire.quality_message(visit_id, generation, record, self._media_engine))

    async def test_settings(self) -> PeerSettings | None:
        """Fresh ICE servers for a test."""
        answer = await self._link.tell("health.ice", m.Nothing())
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
        return wire.echo_reply_from(await self._link.tell("health.call", offer, ECHO_TIMEOUT_S))

    async def probe(self, visit_id: VisitId, report: MediaReport) -> None:
        """Make the link anew if the server does not say at once that it is there."""
        await self._link.probe("call.media", wire.media_message(visit_id, report))

    def renew(self) -> None:
        """Make the link anew at once."""
        self._link.renew()

    def hurry(self) -> None:
        """Try at once, if it is lost."""
        self._link.hurry()

    def in_visit(self, *, on: bool) -> None:
        """Try as often as a visit needs it, or as seldom as an idle kiosk does."""
        self._link.in_visit(on=on)

    async def close(self) -> None:
        """Hang up politely."""
        await self._link.close()

    # --- from the server ----------------------------------------------------------------------------------

    def _takers(self, listener: SignalingListener) -> Takers[Any]:
        return {
            "kiosk.snapshot": (m.KioskSnapshot, partial(self._snapshot, listener)),
            "delta": (m.Delta, partial(self._delta, listener)),
            "call.answer": (m.CallAnswer, partial(self._answer, listener)),
            "call.candidate": (m.CallCandidate, partial(self._candidate, listener)),
            "call.media": (m.CallMedia, partial(self._media, listener)),
            "text.draft": (m.TextDraft, partial(self._text, listener)),
        }

    async def _snapshot(self, listener: SignalingListener, message: m.KioskSnapshot) -> None:
        self._view = message.view.model_dump(mode="json")
        self._revision = message.revision
        self._asked_anew = False
        self._link.works()
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
        if not _was_taken(await self._link.tell("snapshot.request", m.Nothing())):
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


def _number_of(visit_id: VisitId, answer: m.Ack) -> e.TicketTaken | e.TicketRefused:
    try:
        taken = m.TicketTaken.model_validate(answer.data) if answer.ok else None
    except ValidationError:
        _log.warning("message_not_understood", message="TicketTaken")
        taken = None
    return e.TicketRefused(visit_id) if taken is None else e.TicketTaken(visit_id, taken.ticket)


def _was_taken(answer: m.Ack | None) -> bool:
    return answer is not None and answer.ok
