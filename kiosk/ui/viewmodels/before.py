"""The screens before a call: idle, waiting and out of service."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.core.snapshot import Availability, Notice, ScreenState
from kiosk.ui.i18n.catalog import Catalog
from kiosk.ui.i18n.dates import moment_ahead, moment_past
from signaling.protocol.vocabulary import OutOfServiceCause

#: More names than this become "and two more": the line must be read at a glance.
_NAMES_SHOWN = 3

_CAUSES = {
    OutOfServiceCause.SERVER_AWAY: "out_server_away",
    OutOfServiceCause.REFUSED: "out_refused",
    OutOfServiceCause.VERSION: "out_version",
    OutOfServiceCause.ALREADY_CONNECTED: "out_already_connected",
}


@dataclass(frozen=True, slots=True)
class IdleShown:
    """The truth on the idle screen.

    Attributes:
        answerable: Somebody on duty can answer, now or after those before; only then is the button there.
        free: Somebody can answer at once.
        truth: The same as a sentence.
        detail: Who, or when, or what one can do.
    """

    answerable: bool
    free: bool
    truth: str
    detail: str


@dataclass(frozen=True, slots=True)
class WaitingShown:
    """The line as one visitor sees it. `place` is empty while it is unknown, or nothing to go by."""

    place: str
    heading: str
    happening: str
    nobody: bool


@dataclass(frozen=True, slots=True)
class OutOfServiceShown:
    """Why no call can be made here, and since when."""

    since: str
    cause: str


def show_idle(state: ScreenState, catalog: Catalog) -> IdleShown:
    """Say who can answer, or when somebody can."""
    available = state.availability
    if available.answerable_seats > 0 and available.free_seats <= 0:
        return IdleShown(
            answerable=True,
            free=False,
            truth=catalog.say_counted("idle_all_talking", available.answerable_seats),
            detail=catalog.say("idle_line"),
        )
    if available.answerable_seats > 0:
        return IdleShown(
            answerable=True,
            free=True,
            truth=catalog.say_counted("idle_can_answer", available.free_seats),
            detail=on_duty(available, catalog),
        )
    if available.next_open and state.now_local and available.next_open > state.now_local:
        detail = catalog.say("idle_next_open", when=moment_ahead(available.next_open, state.now_local, catalog))
    else:
        detail = "" if state.branch.phone else catalog.say("idle_come_back")
    return IdleShown(answerable=False, free=False, truth=catalog.say("idle_nobody"), detail=detail)


def on_duty(available: Availability, catalog: Catalog) -> str:
    """The first names of those who wish to be named, as one sentence."""
    names = available.on_duty_names
    if not names:
        return ""
    left_out = len(names) - _NAMES_SHOWN
    if left_out > 0:
        names = (*names[:_NAMES_SHOWN], catalog.say_counted("idle_more_names", left_out))
    return catalog.say_counted("idle_on_duty", len(names), names=catalog.join(names))


def show_waiting(state: ScreenState, catalog: Catalog) -> WaitingShown:
    """Say where in the line one is and what happens next."""
    nobody = state.notice is Notice.NOBODY_CAN_ANSWER
    if nobody:
        heading, happening = catalog.say("waiting_nobody"), ""
    elif state.place <= 0:
        heading, happening = catalog.say("waiting_moment"), ""
    else:
        heading = catalog.say("waiting_next" if state.place == 1 else "waiting_place")
        happening = catalog.say("waiting_ringing" if state.answering else "waiting_in_line")
    return WaitingShown(
        place=str(state.place) if state.place > 0 and not nobody else "",
        heading=heading,
        happening=happening,
        nobody=nobody,
    )


def show_out_of_service(state: ScreenState, catalog: Catalog) -> OutOfServiceShown:
    """Say why and since when."""
    since = ""
    if state.out_of_service_since and state.now_local:
        when = moment_past(state.out_of_service_since, state.now_local, catalog)
        since = catalog.say("out_since", when=when)
    cause = state.out_of_service_cause
    return OutOfServiceShown(since=since, cause=catalog.say(_CAUSES[cause]) if cause else "")
