"""What each message of a client does: one short function per row of the table of messages.

A handler gets a checked payload and who sent it, and makes a command or passes the message on. Which messages
exist and who may send them is the table's business (`signaling.protocol.messages`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol

from signaling.adapters.gateway.chosen import ChoiceDesk
from signaling.adapters.gateway.connections import Connection
from signaling.adapters.gateway.orders import OrderDesk
from signaling.adapters.gateway.quality import QualityDesk
from signaling.domain import commands as c
from signaling.domain.places import Branch, Directory
from signaling.protocol import messages as m
from signaling.protocol.errors import ErrorCode, WireError
from signaling.protocol.vocabulary import (
    DEFAULT_AUDIO_KBPS,
    DEFAULT_VIDEO_KBPS,
    DEFAULT_VIDEO_START_KBPS,
    KioskId,
    LibraryId,
    LineId,
    OfferId,
    Party,
    SeatId,
    ServiceId,
    VisitId,
)
from signaling.service.hub import Hub
from signaling.service.ports import Ids, Store

#: The `sender` of what a kiosk says; a seat is named by its id.
KIOSK_SENDER: Final = "kiosk"

Reply = m.Message | None
Handler = Callable[["Desk", Connection, Any], Awaitable[Reply]]


class HealthDesk(Protocol):
    """Takes what kiosks tell of themselves."""

    async def report(self, who: Connection, report: m.HealthReport) -> None:
        """Keep it. Raises WireError `too_fast`, or StoreError."""


class EchoDesk(Protocol):
    """Lets a kiosk test the way to the relay, and a whole call."""

    async def ice(self, who: Connection) -> m.IceServers:
        """The servers of a test, with credentials of its own. Raises WireError `too_fast`."""

    async def call(self, who: Connection, offer: m.EchoOffer) -> m.EchoAnswer:
        """One call to the echo. Raises WireError `too_fast`, or `unavailable` when there is no room."""


class Desk:
    """What handlers need: the hub, new ids, the places, what ends tell of their paths, what kiosks tell of themselves.

    Attributes:
        relay_only: All media of the installation go through the relay, whatever a branch says.
    """

    def __init__(
        self,
        hub: Hub,
        ids: Ids,
        store: Store,
        directory: Callable[[], Awaitable[Directory]],
        quality: QualityDesk,
        orders: OrderDesk,
        *,
        relay_only: bool,
        health: HealthDesk,
        echo: EchoDesk,
        choices: ChoiceDesk,
    ) -> None:
        self.hub = hub
        self.ids = ids
        self.quality = quality
        self.orders = orders
        self.health = health
        self.echo = echo
        self.choices = choices
        self.relay_only = relay_only
        self._store = store
        self._directory = directory

    async def offers(self, library_id: LibraryId, service_id: ServiceId) -> bool:
        """Whether a library has a service."""
        service = (await self._directory()).services.get(service_id)
        return service is not None and service.library_id == library_id

    async def is_locked(self, kiosk_id: KioskId) -> bool:
        """Whether somebody has locked a kiosk until somebody unlocks it."""
        kiosk = (await self._directory()).kiosks.get(kiosk_id)
        return kiosk is not None and kiosk.locked

    async def branch_of(self, line_id: LineId, visit_id: VisitId) -> Branch | None:
        """Where a visit takes place; None when either was taken away meanwhile."""
        known = self.hub.last_known(line_id)
        visit = known.visits.get(visit_id) if known is not None else None
        visit = visit or await self._store.find_visit(visit_id)
        return (await self._directory()).branches.get(visit.branch_id) if visit is not None else None


async def _visit_open(desk: Desk, who: Connection, message: m.VisitOpen) -> Reply:
    if not await desk.offers(who.library_id, ServiceId(message.service_id)):
        raise WireError(ErrorCode.NOT_FOUND)
    if await desk.is_locked(who.kiosk_id):
        raise WireError(ErrorCode.LOCKED)
    command = c.OpenVisit(
        VisitId(desk.ids.new()),
        who.kiosk_id,
        ServiceId(message.service_id),
        message.language,
        message.request_id,
    )
    decision = await desk.hub.run(who.line_id, command)
    return m.VisitOpened(visit_id=decision.visit_id or "")


def _of_kiosk(command: Callable[[VisitId, KioskId], c.Command]) -> Handler:
    """A command about the kiosk's own visit that needs nothing more."""

    async def handler(desk: Desk, who: Connection, message: m.VisitRef) -> Reply:
        await desk.hub.run(who.line_id, command(VisitId(message.visit_id), who.kiosk_id))
        return None

    return handler


def _of_seat(command: Callable[[VisitId, SeatId], c.Command]) -> Handler:
    """A command about a visit by a seat that needs nothing more."""

    async def handler(desk: Desk, who: Connection, message: m.VisitRef) -> Reply:
        await desk.hub.run(who.line_id, command(VisitId(message.visit_id), who.seat_id))
        return None

    return handler


async def _visit_finish(desk: Desk, who: Connection, message: m.VisitRef) -> Reply:
    visit_id = VisitId(message.visit_id)
    if who.party is Party.VISITOR:
        await desk.hub.run(who.line_id, c.FinishVisit(visit_id, kiosk_id=who.kiosk_id))
    else:
        await desk.hub.run(who.line_id, c.FinishVisit(visit_id, seat_id=who.seat_id))
    return None


async def _visit_ticket(desk: Desk, who: Connection, message: m.VisitRef) -> Reply:
    visit_id = VisitId(message.visit_id)
    decision = await desk.hub.run(who.line_id, c.TakeTicket(visit_id, who.kiosk_id))
    if decision.ticket is None:
        raise WireError(ErrorCode.WRONG_STATE)
    return m.TicketTaken(ticket=decision.ticket)


async def _visit_language(desk: Desk, who: Connection, message: m.VisitLanguage) -> Reply:
    command = c.ChangeLanguage(VisitId(message.visit_id), who.kiosk_id, message.language)
    await desk.hub.run(who.line_id, command)
    return None


async def _visit_feedback(desk: Desk, who: Connection, message: m.VisitFeedback) -> Reply:
    command = c.GiveFeedback(VisitId(message.visit_id), who.kiosk_id, message.score)
    await desk.hub.run(who.line_id, command)
    return None


async def _visit_note(desk: Desk, who: Connection, message: m.VisitNote) -> Reply:
    await desk.hub.run(who.line_id, c.NoteVisit(VisitId(message.visit_id), who.seat_id, message.phrase))
    return None


async def _visit_invite(desk: Desk, who: Connection, message: m.VisitInvite) -> Reply:
    command = c.InviteSeat(VisitId(message.visit_id), who.seat_id, SeatId(message.seat_id))
    await desk.hub.run(who.line_id, command)
    return None


async def _visit_close_out(desk: Desk, who: Connection, message: m.VisitCloseOut) -> Reply:
    command = c.CloseOut(VisitId(message.visit_id), who.seat_id, message.topic, message.outcome)
    await desk.hub.run(who.line_id, command)
    return None


async def _offer_accept(desk: Desk, who: Connection, message: m.OfferRef) -> Reply:
    command = c.AcceptOffer(OfferId(message.offer_id), who.seat_id)
    decision = await desk.hub.run(who.line_id, command)
    return m.OfferAccepted(visit_id=decision.visit_id or "")


async def _offer_decline(desk: Desk, who: Connection, message: m.OfferRef) -> Reply:
    await desk.hub.run(who.line_id, c.DeclineOffer(OfferId(message.offer_id), who.seat_id))
    return None


async def _seat_duty(desk: Desk, who: Connection, message: m.SeatDuty) -> Reply:
    await desk.hub.run(who.line_id, c.SetDuty(who.seat_id, message.on_duty))
    return None


async def _seat_proof(desk: Desk, who: Connection, message: m.SeatProof) -> Reply:
    command = c.ProveSeat(who.seat_id, message.sound, message.microphone, message.camera)
    await desk.hub.run(who.line_id, command)
    return None


async def _seat_named(desk: Desk, who: Connection, message: m.SeatNamed) -> Reply:
    await desk.hub.run(who.line_id, c.NameSeat(who.seat_id, message.named))
    return None


async def _seat_pause(desk: Desk, who: Connection, message: m.SeatPause) -> Reply:
    for_s = None if message.minutes is None else message.minutes * 60.0
    await desk.hub.run(who.line_id, c.PauseSeat(who.seat_id, message.reason, for_s))
    return None


async def _seat_resume(desk: Desk, who: Connection, _message: m.Nothing) -> Reply:
    await desk.hub.run(who.line_id, c.ResumeSeat(who.seat_id))
    return None


async def _seat_sign(desk: Desk, who: Connection, _message: m.Nothing) -> Reply:
    await desk.hub.run(who.line_id, c.SignSeat(who.seat_id))
    return None


async def _call_ice(desk: Desk, who: Connection, message: m.CallIce) -> Reply:
    visit_id = VisitId(message.visit_id)
    granted = await desk.hub.ice_servers(who.line_id, who.party, who.party_id, visit_id)
    desk.quality.took_part(who.party_id, visit_id)
    branch = await desk.branch_of(who.line_id, visit_id)
    video_max_kbps = branch.video_max_kbps if branch is not None else DEFAULT_VIDEO_KBPS
    return m.IceServers(
        servers=tuple(
            m.IceServerEntry(urls=tuple(grant.urls), username=grant.username, credential=grant.credential)
            for grant in granted
        ),
        relay_only=desk.relay_only or (branch is not None and branch.relay_only),
        video_start_kbps=min(DEFAULT_VIDEO_START_KBPS, video_max_kbps),
        video_max_kbps=video_max_kbps,
        audio_max_kbps=branch.audio_max_kbps if branch is not None else DEFAULT_AUDIO_KBPS,
    )


async def _call_quality(desk: Desk, who: Connection, message: m.CallQuality) -> Reply:
    await desk.quality.tell(who.party, who.party_id, message)
    return None


async def _call_connected(desk: Desk, who: Connection, message: m.CallRef) -> Reply:
    command = c.PathConnected(VisitId(message.visit_id), message.generation, who.party, who.party_id)
    await desk.hub.run(who.line_id, command)
    return None


async def _call_again(desk: Desk, who: Connection, message: m.CallRef) -> Reply:
    command = c.PathDead(VisitId(message.visit_id), message.generation, who.party, who.party_id)
    await desk.hub.run(who.line_id, command)
    return None


def _pass_on(event: str) -> Handler:
    """A message that goes to the other ends of the call; who sent it is for the server to say."""

    async def handler(desk: Desk, who: Connection, message: Any) -> Reply:
        sender = KIOSK_SENDER if who.party is Party.VISITOR else who.party_id
        if isinstance(message, m.TextDraft):
            message = message.model_copy(update={"author": who.party, "sender": sender})
        if isinstance(message, m.CallMedia):
            message = message.model_copy(update={"sender": sender})
        if isinstance(message, m.TextHistory) and any(line.visit_id != message.visit_id for line in message.entries):
            raise WireError(ErrorCode.MALFORMED)
        await desk.hub.relay(
            who.line_id,
            who.party,
            who.party_id,
            VisitId(message.visit_id),
            event,
            message.model_dump(mode="json"),
            getattr(message, "generation", None),
        )
        return None

    return handler


async def _health_report(desk: Desk, who: Connection, message: m.HealthReport) -> Reply:
    await desk.health.report(who, message)
    return None


async def _health_ice(desk: Desk, who: Connection, _message: m.Nothing) -> Reply:
    return await desk.echo.ice(who)


async def _health_call(desk: Desk, who: Connection, message: m.EchoOffer) -> Reply:
    return await desk.echo.call(who, message)


async def _order_told(desk: Desk, who: Connection, message: m.OrderTold) -> Reply:
    await desk.orders.told(who, message)
    return None


async def _kiosk_settings(desk: Desk, who: Connection, message: m.KioskChosen) -> Reply:
    await desk.choices.told(who, message)
    return None


#: Every message of a client but `snapshot.request`, which the gateway answers itself: it knows what was shown.
HANDLERS: Final[dict[str, Handler]] = {
    "visit.open": _visit_open,
    "visit.cancel": _of_kiosk(c.CancelVisit),
    "visit.finish": _visit_finish,
    "visit.ticket": _visit_ticket,
    "visit.keep_waiting": _of_kiosk(c.KeepWaiting),
    "visit.answer": _of_kiosk(c.AnswerTicket),
    "visit.language": _visit_language,
    "visit.feedback": _visit_feedback,
    "visit.hold": _of_seat(c.HoldVisit),
    "visit.resume": _of_seat(c.ResumeVisit),
    "visit.leave": _of_seat(c.LeaveVisit),
    "visit.note": _visit_note,
    "visit.invite": _visit_invite,
    "visit.uninvite": _of_seat(c.UninviteSeat),
    "visit.flag": _of_seat(c.FlagVisit),
    "visit.close_out": _visit_close_out,
    "kiosk.unlock": _of_seat(c.UnlockKiosk),
    "offer.accept": _offer_accept,
    "offer.decline": _offer_decline,
    "seat.duty": _seat_duty,
    "seat.proof": _seat_proof,
    "seat.named": _seat_named,
    "seat.pause": _seat_pause,
    "seat.resume": _seat_resume,
    "seat.sign": _seat_sign,
    "call.ice": _call_ice,
    "call.connected": _call_connected,
    "call.again": _call_again,
    "call.quality": _call_quality,
    "call.offer": _pass_on("call.offer"),
    "call.answer": _pass_on("call.answer"),
    "call.candidate": _pass_on("call.candidate"),
    "call.media": _pass_on("call.media"),
    "text.draft": _pass_on("text.draft"),
    "text.history": _pass_on("text.history"),
    "health.report": _health_report,
    "health.ice": _health_ice,
    "health.call": _health_call,
    "order.told": _order_told,
    "kiosk.settings": _kiosk_settings,
}
