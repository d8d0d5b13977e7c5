"""The idle screen: what is true of each service, in words; and who is being waited for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kiosk.core.snapshot import Availability, ScreenState, ServiceFacts, Standing
from kiosk.ui.i18n.catalog import Catalog
from kiosk.ui.i18n.dates import clock, moment_ahead
from kiosk.ui.i18n.texts import closest, nearest, spoken, spoken_name
from signaling.protocol.vocabulary import Language

#: More names than this become "and two more": the line must be read at a glance.
_NAMES_SHOWN = 3
#: More buttons than this are a menu; the library orders its services so that the wanted ones come first.
SERVICES_SHOWN = 4

_STANDINGS = {Standing.FREE: "service_free", Standing.BUSY: "service_busy", Standing.NOBODY: "service_nobody"}
_ANSWERED = frozenset({Standing.FREE, Standing.BUSY})

Row = dict[str, str | bool]


@dataclass(frozen=True, slots=True)
class IdleShown:
    """The truth on the idle screen.

    Attributes:
        door: `open`, `closed` (the service or the branch), `nobody` or `locked`: which picture and which help is shown.
        answerable: Somebody on duty can answer in the screen's language; only then is there a button.
        free: Somebody can answer at once.
        truth: The same as a sentence.
        detail: Who, or when, or what one can do.
        services: One row for each service when there are several: `id`, `name`, `sentence`, `standing`, `touchable`,
            and `language` if a touch goes on in another one.
        languages: What one can go on in when nobody speaks the screen's: `code`, `word`, and the service's `id`.
        tickets: Which numbers wait to be called here.
        missed: To whom nobody came, and what to do about it.
    """

    door: str
    answerable: bool
    free: bool
    truth: str
    detail: str
    services: tuple[Row, ...]
    languages: tuple[Row, ...]
    tickets: str
    missed: str


def show_idle(state: ScreenState, catalog: Catalog) -> IdleShown:
    """Say who can answer what, or when somebody can."""
    door, truth, detail = _shut(state, catalog)
    rows: tuple[Row, ...] = ()
    languages: tuple[Row, ...] = ()
    standings = [service.standing(state.language) for service in state.services]
    answerable = door == "" and any(standing in _ANSWERED for standing in standings)
    free = answerable and Standing.FREE in standings
    if door == "":
        door, truth, detail = _who(state, standings, catalog)
        if len(state.services) > 1 and door == "open":
            rows = tuple(_row(service, state, catalog) for service in state.services[:SERVICES_SHOWN])
        if door == "open" and not answerable:
            languages = _languages(state, catalog)
    return IdleShown(
        door=door,
        answerable=answerable,
        free=free,
        truth=truth,
        detail=detail,
        services=rows,
        languages=languages,
        tickets=_tickets(state, catalog),
        missed=_missed(state, catalog, answerable=answerable),
    )


def on_duty(available: Availability, catalog: Catalog) -> str:
    """The first names of those who wish to be named, as one sentence."""
    names = available.on_duty_names
    if not names:
        return ""
    left_out = len(names) - _NAMES_SHOWN
    if left_out > 0:
        names = (*names[:_NAMES_SHOWN], catalog.say_counted("idle_more_names", left_out))
    return catalog.say_counted("idle_on_duty", len(names), names=catalog.join(names))


def _shut(state: ScreenState, catalog: Catalog) -> tuple[str, str, str]:
    """Why the whole screen offers nothing: it rests, or its branch is closed."""
    if state.locked_until is not None:
        until = _ahead(state.locked_until, state, catalog)
        detail = catalog.say("idle_locked_until", when=until) if until else ""
        return "locked", catalog.say("idle_locked"), detail
    if state.closed is not None:
        text = nearest(state.closed.texts, state.language)
        opens = _opens(state.closed.until, state, catalog)
        return "closed", catalog.say("idle_branch_closed"), " ".join(x for x in (text, opens) if x)
    return "", "", ""


def _who(state: ScreenState, standings: list[Standing], catalog: Catalog) -> tuple[str, str, str]:
    available = _best(state, standings)
    if Standing.FREE in standings:
        return "open", catalog.say_counted("idle_can_answer", available.free_seats), on_duty(available, catalog)
    if Standing.BUSY in standings:
        truth = catalog.say_counted("idle_all_talking", available.answerable_seats)
        return "open", truth, catalog.say("idle_line")
    if Standing.OTHER_LANGUAGE in standings:
        service = state.services[standings.index(Standing.OTHER_LANGUAGE)]
        truth = catalog.say("idle_not_spoken", language=spoken_name(state.language, catalog))
        return "open", truth, catalog.say("idle_spoken", languages=spoken(service.spoken, catalog))
    if not standings or Standing.NOBODY in standings:
        return "nobody", catalog.say("idle_nobody"), "" if state.branch.phone else catalog.say("idle_come_back")
    return "closed", *_closed(state, catalog)


def _best(state: ScreenState, standings: list[Standing]) -> Availability:
    """Whom the sentence counts: those of the only service, or those of all."""
    return state.services[0].availability if len(standings) == 1 else state.availability


def _closed(state: ScreenState, catalog: Catalog) -> tuple[str, str]:
    first = min(state.services, key=lambda service: _when(service.availability.next_open)).availability
    reason = nearest(first.closed_texts, state.language)
    truth = catalog.say("idle_closed_for", reason=reason) if reason else catalog.say("idle_closed")
    detail = _opens(first.next_open, state, catalog)
    return truth, detail or ("" if state.branch.phone else catalog.say("idle_come_back"))


def _when(moment: datetime | None) -> float:
    return moment.timestamp() if moment is not None else float("inf")


def _opens(moment: datetime | None, state: ScreenState, catalog: Catalog) -> str:
    when = _ahead(moment, state, catalog)
    return catalog.say("idle_opens", when=when) if when else ""


def _ahead(moment: datetime | None, state: ScreenState, catalog: Catalog) -> str:
    """When something will be, in words; "" when nobody knows, or when that has passed."""
    if moment is None or state.now_local is None or moment <= state.now_local:
        return ""
    return moment_ahead(moment.astimezone(state.now_local.tzinfo), state.now_local, catalog)


def _row(service: ServiceFacts, state: ScreenState, catalog: Catalog) -> Row:
    standing = service.standing(state.language)
    if standing is Standing.OTHER_LANGUAGE:
        sentence = catalog.say("service_spoken", languages=spoken(service.spoken, catalog))
    elif standing is Standing.CLOSED:
        when = _ahead(service.availability.next_open, state, catalog)
        sentence = catalog.say("service_opens", when=when) if when else catalog.say("service_closed")
    else:
        sentence = catalog.say(_STANDINGS[standing])
    return {
        "id": service.id,
        "name": nearest(service.names, state.language) or catalog.say("idle_button"),
        "sentence": sentence,
        "standing": standing.value,
        "touchable": standing in _ANSWERED or standing is Standing.OTHER_LANGUAGE,
        # The button says which languages are spoken; a touch goes on in the one that this reader understands best.
        "language": closest(service.spoken, state.language).value if standing is Standing.OTHER_LANGUAGE else "",
    }


def _languages(state: ScreenState, catalog: Catalog) -> tuple[Row, ...]:
    """Each language in which somebody can answer, once, with the first service that offers it."""
    offered: dict[Language, str] = {}
    for service in state.services:
        if service.standing(state.language) is Standing.OTHER_LANGUAGE:
            for language in service.spoken:
                offered.setdefault(language, service.id)
    return tuple(
        {
            "code": language.value,
            "service": service_id,
            "word": catalog.say("go_on_in", language=spoken_name(language, catalog)),
        }
        for language, service_id in offered.items()
    )


def _tickets(state: ScreenState, catalog: Catalog) -> str:
    if not state.tickets:
        return ""
    numbers = catalog.join(tuple(str(number) for number in state.tickets))
    return catalog.say_counted("tickets_waiting", len(state.tickets), numbers=numbers)


def _missed(state: ScreenState, catalog: Catalog, *, answerable: bool) -> str:
    missed = state.missed
    if missed is None:
        return ""
    called = catalog.say("ticket_missed", ticket=missed.number, time=clock(missed.called_at, catalog.language))
    return " ".join((called, catalog.say("ticket_missed_again"))) if answerable else called
