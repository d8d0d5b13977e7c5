"""The screens of a wait and of a failure: the line, a number that is shown or called, out of service."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.core.care import NO_REASON_TO_CLOSE
from kiosk.core.snapshot import Notice, Screen, ScreenState, Wait
from kiosk.ui.i18n.catalog import Catalog
from kiosk.ui.i18n.dates import moment_past
from kiosk.ui.i18n.texts import nearest, spoken, spoken_name
from signaling.protocol.health import FINDINGS, HealthArea, HealthCode, Light
from signaling.protocol.vocabulary import EstimateReason, Nobody, NotePhrase, OutOfServiceCause

_REASONS = {
    EstimateReason.FEWER_SEATS: "wait_fewer_seats",
    EstimateReason.RETURNED_AHEAD: "wait_returned_ahead",
    EstimateReason.TAKES_LONGER: "wait_takes_longer",
}
_NOTES = {
    NotePhrase.SOON_WITH_YOU: "note_soon_with_you",
    NotePhrase.FEW_MINUTES: "note_few_minutes",
    NotePhrase.COLLEAGUE_COMES: "note_colleague_comes",
}
#: A longer time is said in minutes.
_SECONDS_SAID = 90

_CAUSES = {
    OutOfServiceCause.SERVER_AWAY: "out_server_away",
    OutOfServiceCause.REFUSED: "out_refused",
    OutOfServiceCause.VERSION: "out_version",
    OutOfServiceCause.ALREADY_CONNECTED: "out_already_connected",
    OutOfServiceCause.BROKEN: "out_broken",
}

#: What a fault means to a visitor; what has no words of its own is "something".
_BROKEN_AREAS = {HealthArea.NETWORK: "out_broken_line", HealthArea.CALL: "out_broken_line"}
_BROKEN_CODES = {
    HealthCode.LOUDSPEAKER_MISSING: "out_broken_loudspeaker",
    HealthCode.LOUDSPEAKER_MUTED: "out_broken_loudspeaker",
    HealthCode.LOUDSPEAKER_WRONG: "out_broken_loudspeaker",
    HealthCode.LOUDSPEAKER_SILENT: "out_broken_loudspeaker",
    HealthCode.MICROPHONE_MISSING: "out_broken_microphone",
    HealthCode.MICROPHONE_WRONG: "out_broken_microphone",
    HealthCode.MICROPHONE_DEAF: "out_broken_microphone",
}
_SIGNS = {
    OutOfServiceCause.SERVER_AWAY: "wifi-off",
    OutOfServiceCause.LOCKED: "lock",
    OutOfServiceCause.BROKEN: "wrench",
}


@dataclass(frozen=True, slots=True)
class WaitingShown:
    """The line as one visitor sees it. `place` is empty while it is unknown, or nothing to go by.

    Attributes:
        wait: How long it will take, as an honest span; and why, if it takes longer than was said.
        note: What a librarian says to the one who waits.
        choices: The ways out are offered.
        phone: The number as one of them.
        ticket_word: What the button for a number says.
        ticket_asked: The number is on its way; the button does nothing more.
    """

    place: str
    heading: str
    happening: str
    nobody: bool
    wait: str
    note: str
    choices: bool
    phone: str
    ticket_word: str
    ticket_asked: bool


@dataclass(frozen=True, slots=True)
class TicketShown:
    """A number that was taken, or that is called back.

    Attributes:
        number: The figure.
        heading: What happens with it.
        left: How long the librarian still waits; "" when nobody knows.
        answered: Somebody touched; the button has done its work.
        happening: What is said then.
    """

    number: str
    heading: str
    left: str
    answered: bool
    happening: str


@dataclass(frozen=True, slots=True)
class OutOfServiceShown:
    """Why no call can be made here, and since when.

    Attributes:
        heading: That it is so.
        since: Since when.
        cause: Why, in a visitor's words; or what somebody has written who locked it.
        sign: The icon beside that.
    """

    heading: str
    since: str
    cause: str
    sign: str


def show_waiting(state: ScreenState, catalog: Catalog) -> WaitingShown:
    """Say where in the line one is, what happens next, how long it takes, and what else one can do."""
    line = state.line
    nobody = state.notice is Notice.NOBODY_CAN_ANSWER
    phone = state.branch.phone
    if nobody:
        heading, happening = _nobody(state, catalog)
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
        wait=wait_sentence(line.wait, catalog) if line.wait is not None and not state.answering else "",
        note=_note(state, catalog),
        choices=line.choices,
        phone=catalog.say("choice_phone", phone=phone) if line.choices and phone else "",
        ticket_word=catalog.say("choice_ticket_asked" if line.ticket_asked else "choice_ticket"),
        ticket_asked=line.ticket_asked,
    )


def wait_sentence(wait: Wait, catalog: Catalog) -> str:
    """An honest span in words; with its reason when it is later than what was said before."""
    if wait.by_min <= 0:
        return catalog.say("wait_longer")
    if wait.from_min <= 0:
        span = catalog.say_counted("wait_at_most", wait.by_min)
    elif wait.from_min == wait.by_min:
        span = catalog.say_counted("wait_about", wait.by_min)
    else:
        span = catalog.say("wait_span", from_min=wait.from_min, by_min=wait.by_min)
    return f"{span} {catalog.say(_REASONS[wait.reason])}" if wait.reason is not None else span


def show_ticket(state: ScreenState, catalog: Catalog) -> TicketShown:
    """Say which number it is, and who calls it."""
    ticket = state.ticket
    if ticket is None:
        return TicketShown(number="", heading="", left="", answered=False, happening="")
    number = str(ticket.number)
    if state.screen is not Screen.CALLING:
        return TicketShown(number, catalog.say("ticket_heading"), left="", answered=False, happening="")
    name = state.call.librarian_name
    spoken_name = name or catalog.say("librarian_object")
    return TicketShown(
        number=number,
        heading=catalog.say("calling_heading", ticket=number, name=spoken_name),
        left=_left(ticket.calling_left_s, name or catalog.say("librarian"), catalog),
        answered=ticket.answered,
        happening=catalog.say("calling_answered", name=name or catalog.say("librarian")) if ticket.answered else "",
    )


def _left(left_s: int | None, name: str, catalog: Catalog) -> str:
    if not left_s:
        return ""
    if left_s > _SECONDS_SAID:
        return catalog.say_counted("calling_left_min", round(left_s / 60), name=name)
    return catalog.say_counted("calling_left", left_s, name=name)


def _nobody(state: ScreenState, catalog: Catalog) -> tuple[str, str]:
    """Why nobody can answer the one who waits, and what is spoken instead."""
    if state.line.nobody is not Nobody.LANGUAGE:
        return catalog.say("waiting_nobody"), ""
    heading = catalog.say("idle_not_spoken", language=spoken_name(state.language, catalog))
    languages = state.line.spoken
    return heading, catalog.say("idle_spoken", languages=spoken(languages, catalog)) if languages else ""


def _note(state: ScreenState, catalog: Catalog) -> str:
    line = state.line
    if line.note is None:
        return ""
    return catalog.say(_NOTES[line.note], name=line.note_from or catalog.say("librarian"))


def show_out_of_service(state: ScreenState, catalog: Catalog) -> OutOfServiceShown:
    """Say why and since when."""
    since = ""
    if state.out_of_service_since and state.now_local:
        when = moment_past(state.out_of_service_since, state.now_local, catalog)
        since = catalog.say("out_since", when=when)
    cause = state.out_of_service_cause
    locked = cause is OutOfServiceCause.LOCKED
    return OutOfServiceShown(
        heading=catalog.say("out_locked_heading" if locked else "out_heading"),
        since=since,
        cause=_cause(state, catalog),
        sign=_SIGNS.get(cause, "info") if cause is not None else "info",
    )


def _cause(state: ScreenState, catalog: Catalog) -> str:
    cause = state.out_of_service_cause
    if cause is None:
        return ""
    if cause is OutOfServiceCause.LOCKED:
        return nearest(state.care.lock or {}, state.language) or catalog.say("out_locked")
    if cause is OutOfServiceCause.BROKEN:
        return catalog.say(_broken(state))
    return catalog.say(_CAUSES[cause])


def _broken(state: ScreenState) -> str:
    """The first thing that keeps this kiosk from a conversation: findings come with what explains others first."""
    for code in state.care.health.findings:
        finding = FINDINGS[code]
        if finding.light is Light.RED and code not in NO_REASON_TO_CLOSE:
            return _BROKEN_CODES.get(code) or _BROKEN_AREAS.get(finding.area, _CAUSES[OutOfServiceCause.BROKEN])
    return _CAUSES[OutOfServiceCause.BROKEN]
