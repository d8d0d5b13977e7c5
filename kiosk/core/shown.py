"""What the screen shows, read off the session. Pure."""

from __future__ import annotations

import math
from datetime import datetime, tzinfo

from kiosk.core.facts import ServerFacts, VisitFacts
from kiosk.core.media import PathState
from kiosk.core.snapshot import CallFacts, ColleagueFacts, Notice, Screen, ScreenState
from kiosk.core.state import (
    COUNTDOWN_SHOWN_S,
    IN_LINE,
    INACTIVITY_S,
    SERVER_AWAY_AFTER_S,
    STARTING_S,
    Session,
)
from signaling.protocol.vocabulary import OutOfServiceCause, VisitState

_SCREENS = {
    VisitState.WAITING: Screen.WAITING,
    VisitState.OFFERED: Screen.WAITING,
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
        branch=facts.branch,
        availability=facts.availability,
        # To the minute: a change of the clock is a repaint, and an idle kiosk should rest.
        now_local=state.wall.astimezone(zone).replace(second=0, microsecond=0),
        countdown_s=_countdown_s(state),
        place=visit.place if visit is not None else 0,
        answering=visit is not None and visit.state is VisitState.OFFERED,
        call=_call(state, visit, zone),
        feedback_given=state.feedback,
        out_of_service_since=_local(state.link_since_wall, zone) if out else None,
        out_of_service_cause=(state.refused or OutOfServiceCause.SERVER_AWAY) if out else None,
        resets=state.resets,
    )


def _screen(state: Session, visit: VisitFacts | None) -> Screen:
    if visit is not None:
        if visit.state is VisitState.CONNECTING and state.visit.reached:
            return Screen.TALKING  # met already, or coming back: then the notice says so and the screen stays
        return _SCREENS[visit.state]
    if state.goodbye is not None:
        return Screen.GOODBYE
    if state.refused is not None:
        return Screen.OUT_OF_SERVICE
    if state.opening is not None:
        return Screen.WAITING  # a short loss of the link does not send a visitor away who has just tapped
    if state.facts is None:
        return Screen.STARTING if state.now_s - state.started_s < STARTING_S else Screen.OUT_OF_SERVICE
    return Screen.OUT_OF_SERVICE if state.away_s >= SERVER_AWAY_AFTER_S else Screen.IDLE


def _notice(state: Session, visit: VisitFacts | None) -> Notice:
    if visit is None:
        if state.opening is not None and not state.link_up:
            return Notice.CONNECTION_LOST
        seats = state.facts.availability.answerable_seats if state.facts is not None else 0
        # Without a button "please try again" would be a riddle.
        return Notice.NOBODY_CAN_ANSWER if state.notice is Notice.TRY_AGAIN and not seats else state.notice
    if not state.link_up:
        return Notice.CONNECTION_LOST  # sound and picture may go on; typed text and a new path may not
    if state.visit.reached and state.visit.path is not PathState.CONNECTED:
        return Notice.COMING_BACK
    if visit.state in IN_LINE:
        if state.facts is not None and state.facts.availability.answerable_seats == 0:
            return Notice.NOBODY_CAN_ANSWER
        if visit.returned:
            return Notice.BACK_IN_LINE
    return Notice.NONE


def _countdown_s(state: Session) -> int | None:
    if state.goodbye is not None:
        return max(0, math.ceil(state.goodbye_until_s - state.now_s))
    if state.touched_s is not None and state.has_something_to_reset:
        left_s = math.ceil(state.touched_s + INACTIVITY_S - state.now_s)
        return max(0, left_s) if left_s <= COUNTDOWN_SHOWN_S else None
    return None


def _call(state: Session, visit: VisitFacts | None, zone: tzinfo) -> CallFacts:
    if visit is None:
        return CallFacts(volume_percent=state.volume_percent)
    memory, devices = state.visit, state.devices
    return CallFacts(
        librarian_name=visit.librarian_name,
        path=memory.path,
        camera_wanted=memory.camera_wanted,
        camera_sending=devices.camera_sending,
        muted=memory.muted,
        microphone_sending=devices.microphone_sending,
        volume_percent=state.volume_percent,
        camera=devices.camera,
        microphone=devices.microphone,
        loudspeaker=devices.loudspeaker,
        librarian_camera=memory.librarian.camera_sending,
        librarian_microphone=memory.librarian.microphone_sending,
        picture_received=memory.picture_generation == visit.generation != 0,
        entries=memory.entries,
        draft=memory.draft,
        held_since=_local(visit.held_since, zone),
        colleague=_colleague(state, visit),
    )


def _colleague(state: Session, visit: VisitFacts) -> ColleagueFacts | None:
    guest, memory = visit.guest, state.visit.colleague
    if guest is None or not guest.generation:
        return None
    return ColleagueFacts(
        name=guest.name,
        path=memory.path,
        coming_back=memory.reached and memory.path is not PathState.CONNECTED,
        camera=memory.report.camera_sending,
        microphone=memory.report.microphone_sending,
        picture_received=memory.picture,
    )


def _local(moment: datetime | None, zone: tzinfo) -> datetime | None:
    return moment.astimezone(zone) if moment is not None else None
