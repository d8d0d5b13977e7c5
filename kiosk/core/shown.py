"""What the screen shows, read off the session. Pure."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Final

from kiosk.core.care import unfit
from kiosk.core.facts import ServerFacts, VisitFacts
from kiosk.core.snapshot import (
    BranchClosed,
    BranchFacts,
    CallFacts,
    ColleagueFacts,
    LineFacts,
    MissedTicket,
    Notice,
    Screen,
    ScreenState,
    TicketFacts,
    Wait,
)
from kiosk.core.state import (
    COUNTDOWN_SHOWN_S,
    IN_CALL,
    IN_LINE,
    INACTIVITY_S,
    SERVER_AWAY_AFTER_S,
    STARTING_S,
    Session,
)
from signaling.protocol.vocabulary import Language, Nobody, OutOfServiceCause, ServiceId, VisitState

#: How long a librarian still calls is said in steps: a figure that runs would hurry people.
CALLING_STEP_S: Final = 10

_SCREENS: Final = {
    VisitState.WAITING: Screen.WAITING,
    VisitState.OFFERED: Screen.WAITING,
    VisitState.CALLING: Screen.CALLING,
    VisitState.CONNECTING: Screen.CONNECTING,
    VisitState.TALKING: Screen.TALKING,
    VisitState.HELD: Screen.HELD,
}


def shown(state: Session, zone: tzinfo) -> ScreenState:
    """The screen for this state.

    Args:
        state: The session.
        zone: The branch's time zone, for the clock.
    """
    facts = state.facts or ServerFacts()
    visit = state.live
    screen = _screen(state, visit)
    out = screen is Screen.OUT_OF_SERVICE
    return ScreenState(
        screen=screen,
        language=state.language,
        notice=_notice(state, visit),
        branch=_branch(state),
        availability=facts.availability,
        services=facts.services,
        closed=_closed(facts, zone),
        locked_until=_local(facts.locked_until, zone),
        tickets=facts.tickets,
        missed=_missed(state, zone),
        # To the minute: a change of the clock is a repaint, and an idle kiosk should rest.
        now_local=state.wall.astimezone(zone).replace(second=0, microsecond=0),
        countdown_s=_countdown_s(state),
        place=visit.place if visit is not None else 0,
        answering=visit is not None and visit.state is VisitState.OFFERED,
        line=_line(state, visit),
        ticket=_ticket(state, visit),
        held_min=_held_min(state, visit),
        call=_call(state, visit),
        feedback_given=state.feedback,
        out_of_service_since=_local(_out_since(state), zone) if out else None,
        out_of_service_cause=_out_cause(state) if out else None,
        coming_back_s=_coming_back_s(state, visit),
        care=state.care,
        resets=state.resets,
    )


def _screen(state: Session, visit: VisitFacts | None) -> Screen:
    if visit is not None:
        if visit.state is VisitState.CONNECTING and state.visit.librarian.reached:
            return Screen.TALKING  # met already, or coming back: then the notice says so and the screen stays
        return _SCREENS[visit.state]
    if state.goodbye is not None:
        return Screen.GOODBYE
    if state.ticket is not None:
        return Screen.TICKET
    if state.refused is not None:
        return Screen.OUT_OF_SERVICE
    if state.opening is not None:
        return Screen.WAITING  # a short loss of the link does not send a visitor away who has just tapped
    if state.care.lock is not None:
        return Screen.OUT_OF_SERVICE
    if state.facts is None:
        return Screen.STARTING if state.now_s - state.started_s < STARTING_S else Screen.OUT_OF_SERVICE
    out = state.away_s >= SERVER_AWAY_AFTER_S or unfit(state.care) is not None
    return Screen.OUT_OF_SERVICE if out else Screen.IDLE


def _out_cause(state: Session) -> OutOfServiceCause:
    """What a visitor should know first: what somebody wants to be read, then what the server says, then the rest."""
    if state.care.lock is not None:
        return OutOfServiceCause.LOCKED
    if state.refused is not None:
        return state.refused
    away = state.facts is None or state.away_s >= SERVER_AWAY_AFTER_S
    return OutOfServiceCause.SERVER_AWAY if away else OutOfServiceCause.BROKEN


def _out_since(state: Session) -> datetime | None:
    cause = _out_cause(state)
    own = cause in {OutOfServiceCause.LOCKED, OutOfServiceCause.BROKEN}
    return state.broken_since_wall if own else state.link_since_wall


def _notice(state: Session, visit: VisitFacts | None) -> Notice:
    if visit is None:
        if state.opening is not None and not state.link_up:
            return Notice.CONNECTION_LOST
        seats = _seats(state, None)
        # Without a button "please try again" would be a riddle.
        return Notice.NOBODY_CAN_ANSWER if state.notice is Notice.TRY_AGAIN and not seats else state.notice
    if not state.link_up:
        return Notice.CONNECTION_LOST  # sound and picture may go on; typed text and a new path may not
    if state.visit.librarian.coming_back:
        return Notice.COMING_BACK
    if visit.state in IN_LINE:
        if _nobody(state, visit) is not None:
            return Notice.NOBODY_CAN_ANSWER
        if state.notice is Notice.TRY_AGAIN:
            return Notice.TRY_AGAIN  # no number could be given
        if visit.returned:
            return Notice.BACK_IN_LINE
    return Notice.NONE


def _countdown_s(state: Session) -> int | None:
    if state.goodbye is not None:
        return max(0, math.ceil(state.goodbye_until_s - state.now_s))
    if state.ticket is not None:
        return max(0, math.ceil(state.ticket_until_s - state.now_s))
    if state.touched_s is not None and state.has_something_to_reset:
        left_s = math.ceil(state.touched_s + INACTIVITY_S - state.now_s)
        return max(0, left_s) if left_s <= COUNTDOWN_SHOWN_S else None
    return None


def _branch(state: Session) -> BranchFacts:
    if state.facts is not None:
        return state.facts.branch
    return state.known.branch if state.known is not None else BranchFacts()


def _closed(facts: ServerFacts, zone: tzinfo) -> BranchClosed | None:
    return None if facts.closed is None else replace(facts.closed, until=_local(facts.closed.until, zone))


def _missed(state: Session, zone: tzinfo) -> MissedTicket | None:
    missed = state.missed
    return None if missed is None else replace(missed, called_at=missed.called_at.astimezone(zone))


def _seats(state: Session, service_id: ServiceId | None) -> int:
    """Who is on duty for a service; without one, for any."""
    facts = state.facts
    if facts is None:
        return 0
    service = facts.service(service_id) if service_id is not None else None
    return (service.availability if service is not None else facts.availability).answerable_seats


def _nobody(state: Session, visit: VisitFacts) -> Nobody | None:
    """Why nobody can answer this visit. The server says it; what the idle screens say is never contradicted."""
    if visit.nobody is not None:
        return visit.nobody
    return None if _seats(state, visit.service_id) else Nobody.NOBODY_ON_DUTY


def _line(state: Session, visit: VisitFacts | None) -> LineFacts:
    if visit is None or visit.state not in IN_LINE:
        return LineFacts()
    nobody = _nobody(state, visit)
    return LineFacts(
        choices=visit.choices and not state.visit.keeps_waiting,
        nobody=nobody,
        spoken=_spoken(state, visit) if nobody is Nobody.LANGUAGE else (),
        wait=_wait(state, visit) if nobody is None else None,
        note=visit.note,
        note_from=visit.librarian_name,
        ticket_asked=visit.id == state.ticketing,
    )


def _spoken(state: Session, visit: VisitFacts) -> tuple[Language, ...]:
    service = state.facts.service(visit.service_id) if state.facts is not None else None
    if service is None or not service.availability.languages:
        return ()
    return tuple(language for language in service.spoken if language is not visit.language)


def _wait(state: Session, visit: VisitFacts) -> Wait | None:
    estimate = visit.estimate
    if estimate is None:
        return None
    minute = timedelta(minutes=1)
    # Rounded outwards: the span may be too wide, never too narrow.
    from_min = max(0, (estimate.from_time - state.server_now) // minute)
    by_min = max(0, -((state.server_now - estimate.by_time) // minute))
    return Wait(from_min, by_min, estimate.reason)


def _ticket(state: Session, visit: VisitFacts | None) -> TicketFacts | None:
    if state.ticket is not None:
        return TicketFacts(state.ticket)
    if visit is None or visit.state is not VisitState.CALLING or visit.ticket is None:
        return None
    left_s: int | None = None
    if visit.calling_until is not None:
        exact_s = (visit.calling_until - state.server_now).total_seconds()
        left_s = max(0, math.ceil(exact_s / CALLING_STEP_S)) * CALLING_STEP_S
    return TicketFacts(visit.ticket, left_s, state.visit.answered)


def _held_min(state: Session, visit: VisitFacts | None) -> int:
    if visit is None or visit.held_since is None:
        return 0
    return max(0, (state.server_now - visit.held_since) // timedelta(minutes=1))


def _coming_back_s(state: Session, visit: VisitFacts | None) -> int | None:
    if visit is None or visit.state not in IN_CALL or visit.coming_back_until is None:
        return None
    return max(0, math.ceil((visit.coming_back_until - state.server_now).total_seconds()))


def _call(state: Session, visit: VisitFacts | None) -> CallFacts:
    if visit is None:
        return CallFacts(volume_percent=state.volume_percent)
    memory, devices, librarian = state.visit, state.devices, state.visit.librarian
    return CallFacts(
        librarian_name=visit.librarian_name,
        path=librarian.path,
        camera_wanted=memory.camera_wanted,
        camera_sending=devices.camera_sending,
        muted=memory.muted,
        microphone_sending=devices.microphone_sending,
        volume_percent=state.volume_percent,
        camera=devices.camera,
        microphone=devices.microphone,
        loudspeaker=devices.loudspeaker,
        librarian_camera=librarian.report.camera_sending,
        librarian_microphone=librarian.report.microphone_sending,
        picture_received=librarian.picture_received,
        entries=memory.entries,
        draft=memory.draft,
        colleague=_colleague(state, visit),
        quality=librarian.quality,
        fault=librarian.fault,
        librarian_paused=librarian.report.camera_sending and librarian.report.picture_paused,
        picture_paused=librarian.picture_paused and devices.camera_sending,
        push_to_talk=state.push_to_talk,
        speaking=state.push_to_talk and memory.speaking,
    )


def _colleague(state: Session, visit: VisitFacts) -> ColleagueFacts | None:
    guest, memory = visit.guest, state.visit.colleague
    if guest is None or not guest.generation:
        return None
    return ColleagueFacts(
        name=guest.name,
        path=memory.path,
        coming_back=memory.coming_back,
        camera=memory.report.camera_sending,
        microphone=memory.report.microphone_sending,
        picture_received=memory.picture_received,
    )


def _local(moment: datetime | None, zone: tzinfo) -> datetime | None:
    return moment.astimezone(zone) if moment is not None else None
