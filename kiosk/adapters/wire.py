"""The wire's words turned into the kiosk's own, and back. Pure; `signaling_client` does the sending.

What it is for: the only place of the kiosk that knows both. What it does not do: check what came from outside; the
models of `signaling.protocol.messages` have done that.
"""

from __future__ import annotations

import json
from typing import Final

from pydantic import ValidationError

from kiosk.core import effects as fx
from kiosk.core.care import Order, Settings
from kiosk.core.facts import EstimateFacts, GuestFacts, MediaReport, ServerFacts, VisitFacts
from kiosk.core.health.call import EchoFault, EchoReply
from kiosk.core.media import IceCandidate, IceServer, PeerSettings
from kiosk.core.path_quality import PathRecord
from kiosk.core.snapshot import (
    AnswerCard,
    Availability,
    BranchClosed,
    BranchFacts,
    ServiceFacts,
    TextEntry,
)
from signaling.protocol import messages as m
from signaling.protocol.errors import ErrorCode
from signaling.protocol.health import HealthArea
from signaling.protocol.vocabulary import MAX_MESSAGE_BYTES, CardId, MediaEngine, OutOfServiceCause, ServiceId, VisitId

_REFUSALS: Final = {
    ErrorCode.NOT_AUTHENTICATED: OutOfServiceCause.REFUSED,
    ErrorCode.REVOKED: OutOfServiceCause.REFUSED,
    ErrorCode.FORBIDDEN: OutOfServiceCause.REFUSED,
    ErrorCode.VERSION: OutOfServiceCause.VERSION,
    ErrorCode.ALREADY_CONNECTED: OutOfServiceCause.ALREADY_CONNECTED,
}
#: A server from before the echo does not know the message.
_ECHO_FAULTS: Final = {
    ErrorCode.UNKNOWN_MESSAGE: EchoFault.AWAY,
    ErrorCode.TOO_FAST: EchoFault.BUSY,
    ErrorCode.UNAVAILABLE: EchoFault.BUSY,
}
#: Effects that need nothing but the visit.
_OF_A_VISIT: Final[dict[type[fx.Effect], str]] = {
    fx.SendCancel: "visit.cancel",
    fx.SendTicket: "visit.ticket",
    fx.SendKeepWaiting: "visit.keep_waiting",
    fx.SendAnswer: "visit.answer",
    fx.SendFinish: "visit.finish",
}
#: What the frame around a history's lines takes, generously.
_FRAME_BYTES: Final = 1024


def code_from(text: str) -> ErrorCode:
    """An error code; a newer server's word that we do not know counts as `internal`."""
    try:
        return ErrorCode(text)
    except ValueError:
        return ErrorCode.INTERNAL


def refusal_cause(code: str) -> OutOfServiceCause | None:
    """Why the server keeps this kiosk out for good; None when another try may help."""
    return _REFUSALS.get(code_from(code))


def facts_from(view: m.KioskView, server_ahead_s: float = 0.0) -> ServerFacts:
    """Everything that the server says, in the kiosk's words."""
    visit, closed = view.visit, view.closed
    return ServerFacts(
        branch=BranchFacts(view.library_name, view.branch_name, view.phone, view.urgent_number, _cards(view)),
        time_zone=view.time_zone,
        default_language=view.default_language,
        services=tuple(_service(entry) for entry in view.services.values()),
        availability=_availability(view.availability),
        closed=None if closed is None else BranchClosed(closed.until, closed.texts),
        locked_until=view.locked_until,
        tickets=view.tickets,
        server_ahead_s=server_ahead_s,
        push_to_talk=view.push_to_talk,
        kiosk_id=view.kiosk_id,
        kiosk_name=view.kiosk_name,
        settings=_kiosk_settings(view.settings),
        open_now=view.settings.open_now,
        orders=tuple(Order(order.id, order.kind, order.taken) for order in view.orders),
        lock=None if view.lock is None else view.lock.texts,
        visit=None
        if visit is None
        else VisitFacts(
            id=VisitId(visit.id),
            state=visit.state,
            language=visit.language,
            place=visit.place,
            returned=visit.returned,
            generation=visit.generation,
            librarian_name=visit.librarian_name,
            seat_connected=visit.seat_connected,
            held_since=visit.held_since,
            service_id=ServiceId(visit.service_id),
            choices=visit.choices,
            nobody=visit.nobody,
            estimate=None
            if visit.estimate is None
            else EstimateFacts(visit.estimate.from_time, visit.estimate.by_time, visit.estimate.reason),
            ticket=visit.ticket,
            calling_until=visit.calling_until,
            note=visit.note,
            guest=None
            if visit.guest is None
            else GuestFacts(
                visit.guest.seat_id,
                visit.guest.name,
                visit.guest.generation,
                visit.guest.connected,
            ),
            preparing=visit.preparing,
            coming_back_until=visit.coming_back_until,
        ),
    )


def _kiosk_settings(said: m.KioskSettings) -> Settings:
    week = said.week
    return Settings(
        lens_side=said.lens_side,
        camera_height_cm=said.camera_height_cm,
        brightness_percent=said.brightness_percent,
        closed_brightness_percent=said.closed_brightness_percent,
        volume_max_percent=said.volume_max_percent,
        quiet_from_min=said.quiet_from_min,
        quiet_to_min=said.quiet_to_min,
        quiet_volume_max_percent=said.quiet_volume_max_percent,
        test_at_min=said.test_at_min,
        week=None if week is None else tuple(tuple((x.opens_min, x.closes_min) for x in day) for day in week),
        pin_hash=said.pin_hash,
        version=said.version,
    )


def _cards(view: m.KioskView) -> tuple[AnswerCard, ...]:
    cards = sorted(view.cards.values(), key=lambda card: (card.position, card.id))
    return tuple(AnswerCard(CardId(card.id), card.titles, card.bodies) for card in cards)


def _service(entry: m.ServiceEntry) -> ServiceFacts:
    return ServiceFacts(ServiceId(entry.id), entry.names, entry.languages, _availability(entry.availability))


def _availability(view: m.AvailabilityView) -> Availability:
    return Availability(
        answerable_seats=view.answerable,
        free_seats=view.free,
        on_duty_names=view.names,
        next_open=view.next_open,
        languages=view.languages,
        open=view.open,
        closed_texts=view.closed_texts,
    )


def settings_from(granted: m.IceServers) -> PeerSettings:
    """What a peer is made with."""
    return PeerSettings(
        ice_servers=tuple(IceServer(server.urls, server.username, server.credential) for server in granted.servers),
        relay_only=granted.relay_only,
        video_start_kbps=granted.video_start_kbps,
        video_max_kbps=granted.video_max_kbps,
        audio_max_kbps=granted.audio_max_kbps,
    )


def echo_reply_from(answer: m.Ack | None) -> EchoReply:
    """What the server's echo said; None is a server that said nothing."""
    if answer is None:
        return EchoReply(fault=EchoFault.AWAY)
    if answer.ok:
        try:
            return EchoReply(m.EchoAnswer.model_validate(answer.data).sdp)
        except ValidationError:
            return EchoReply(fault=EchoFault.BROKEN)
    refusal = answer.error or m.Refusal(code=ErrorCode.INTERNAL)
    wait_s = refusal.data.get("retry_after_s")
    return EchoReply(
        fault=_ECHO_FAULTS.get(refusal.code, EchoFault.BROKEN),
        retry_after_s=float(wait_s) if isinstance(wait_s, int) else 1.0,
    )


def report_from(message: m.CallMedia) -> MediaReport:
    """What the other end says of what it sends and of its devices."""
    return MediaReport(
        message.camera_sending,
        message.microphone_sending,
        message.camera,
        message.microphone,
        message.loudspeaker,
        message.picture_paused,
    )


def entry_from(message: m.TextDraft) -> TextEntry:
    """One typed line."""
    return TextEntry(message.author, message.entry, message.text, message.done, message.sender)


def media_message(visit_id: VisitId, report: MediaReport) -> m.CallMedia:
    """What this end says of what it sends and of its devices."""
    return m.CallMedia(
        visit_id=visit_id,
        camera_sending=report.camera_sending,
        microphone_sending=report.microphone_sending,
        camera=report.camera,
        microphone=report.microphone,
        loudspeaker=report.loudspeaker,
        picture_paused=report.picture_paused,
    )


def quality_message(visit_id: VisitId, generation: int, record: PathRecord, engine: MediaEngine) -> m.CallQuality:
    """What one path was like, rounded to what means something."""
    return m.CallQuality(
        visit_id=visit_id,
        generation=generation,
        seconds=round(record.seconds, 1),
        connect_ms=_rounded(record.connect_ms),
        round_trip_ms=_rounded(record.round_trip_ms),
        loss_in_percent=round(record.loss_in_percent, 2),
        loss_out_percent=None if record.loss_out_percent is None else round(record.loss_out_percent, 2),
        freezes=record.freezes,
        frozen_s=round(record.frozen_s, 2),
        concealed_percent=round(record.concealed_percent, 2),
        width_sent=record.width_sent,
        height_sent=record.height_sent,
        video_codec=record.video_codec,
        audio_codec=record.audio_codec,
        engine=engine,
        relayed=record.relayed,
        relay=record.relay,
        worst=record.worst,
        faults=record.faults,
        troubles=record.troubles,
    )


def _rounded(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds)


def candidate_message(visit_id: VisitId, generation: int, candidate: IceCandidate) -> m.CallCandidate:
    """One local candidate."""
    return m.CallCandidate(
        visit_id=visit_id,
        generation=generation,
        candidate=candidate.candidate,
        sdp_mid=candidate.sdp_mid,
        sdp_m_line_index=candidate.sdp_m_line_index,
    )


def message_for(effect: fx.Effect | fx.CareEffect) -> tuple[str, m.Message]:
    """Name and payload of the message that carries an effect out."""
    match effect:
        case fx.SendOpen():
            return "visit.open", m.VisitOpen(
                request_id=effect.request_id, service_id=effect.service_id, language=effect.language
            )
        case fx.SendCancel() | fx.SendTicket() | fx.SendKeepWaiting() | fx.SendAnswer() | fx.SendFinish():
            return _OF_A_VISIT[type(effect)], m.VisitRef(visit_id=effect.visit_id)
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
            return "text.history", _history(effect)
        case fx.SendAgain():
            return "call.again", m.CallRef(visit_id=effect.visit_id, generation=effect.generation)
        case fx.SendConnected():
            return "call.connected", m.CallRef(visit_id=effect.visit_id, generation=effect.generation)
        case fx.SendHealth():
            return "health.report", _health_message(effect)
        case fx.SendOrder():
            return "order.told", m.OrderTold(order_id=effect.order_id, state=effect.state, fault=effect.fault)
        case fx.SendChosen():
            return "kiosk.settings", m.KioskChosen(lens_side=effect.lens_side, camera_height_cm=effect.camera_height_cm)


def _health_message(effect: fx.SendHealth) -> m.HealthReport:
    return m.HealthReport(
        test=effect.test,
        areas=tuple(area for area in HealthArea if area in effect.areas),
        findings=effect.findings,
        numbers={number: round(value, 3) for number, value in effect.numbers.items()},
        seconds=round(effect.seconds, 3),
        cpu_s=round(effect.cpu_s, 3),
        drawn=effect.drawn,
        touched=effect.touched,
    )


def _history(effect: fx.SendHistory) -> m.TextHistory:
    """The newest lines that fit into one message, in their order."""
    kept: list[m.TextDraft] = []
    room = MAX_MESSAGE_BYTES - _FRAME_BYTES
    for line in reversed(effect.entries):
        draft = m.TextDraft(
            visit_id=effect.visit_id,
            entry=line.entry,
            text=line.text,
            done=line.done,
            author=line.author,
            sender=line.sender,
        )
        room -= len(json.dumps(draft.model_dump(mode="json"))) + len(", ")
        if room < 0:
            break
        kept.append(draft)
    return m.TextHistory(visit_id=effect.visit_id, entries=tuple(reversed(kept)))
