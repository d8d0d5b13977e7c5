"""What somebody who looks after kiosks reads: what is wrong where, what to do first, what is well again.

The sentences and remedies are the health page's own (`signaling.protocol.health_texts`); here stands what is around
them. It names branches and kiosks, and no person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from signaling.domain.alerts import Alert
from signaling.protocol.health import AlertScope, HealthCode
from signaling.protocol.health_texts import SCOPES, TEXTS, FindingText
from signaling.protocol.vocabulary import Language
from signaling.service.alerting import AlertNews, AlertRequest

#: A notice has room for so many places; the rest are counted.
PLACES_IN_A_NOTICE: Final = 3
#: Kiosks of a branch or of the network are named one by one up to here; beyond, their number says more.
KIOSKS_NAMED: Final = 6


@dataclass(frozen=True, slots=True)
class Frame:
    """The words around the sentences of one language; `clock` and `day` are patterns of CLDR."""

    greeting: str
    many_found: str
    many_mended: str
    well_again: str
    all_kiosks: str
    whole_branch: str
    most_kiosks: str
    since: str
    do_this: str
    mended_title: str
    until: str
    kiosks: str
    count: str
    and_more: str
    link: str
    why: str
    clock: str
    day: str


_FRAMES: Final[Mapping[Language, Frame]] = {
    Language.SV: Frame(
        greeting="Hej!",
        many_found="{count} saker att se till hos skärmarna",
        many_mended="{count} saker är i ordning igen",
        well_again="{place}: i ordning igen",
        all_kiosks="skärmarna",
        whole_branch="Gäller filialens alla skärmar: {sentence}",
        most_kiosks="Gäller de flesta skärmarna: {sentence}",
        since="Sedan {when}.",
        do_this="Gör så här: {remedy}",
        mended_title="I ordning igen:",
        until="{sentence} Det var så från {start} till {end}.",
        kiosks="Skärmar: {names}.",
        count="{count} skärmar.",
        and_more="och {count} till",
        link="Här ser du hur alla skärmar mår:",
        why="Du får det här för att du har valt att få veta när en skärm behöver någon. "
        "Du kan ändra det när du vill, under Mina inställningar.",
        clock="HH.mm",
        day="d MMMM",
    ),
    Language.NB: Frame(
        greeting="Hei!",
        many_found="{count} ting å se til ved skjermene",
        many_mended="{count} ting er i orden igjen",
        well_again="{place}: i orden igjen",
        all_kiosks="skjermene",
        whole_branch="Gjelder alle skjermene i filialen: {sentence}",
        most_kiosks="Gjelder de fleste skjermene: {sentence}",
        since="Siden {when}.",
        do_this="Gjør slik: {remedy}",
        mended_title="I orden igjen:",
        until="{sentence} Slik var det fra {start} til {end}.",
        kiosks="Skjermer: {names}.",
        count="{count} skjermer.",
        and_more="og {count} til",
        link="Her ser du hvordan alle skjermene har det:",
        why="Du får denne fordi du har valgt å få vite når en skjerm trenger noen. "
        "Du kan endre det når du vil, under Mine innstillinger.",
        clock="HH.mm",
        day="d. MMMM",
    ),
    Language.EN: Frame(
        greeting="Hello!",
        many_found="{count} things to look at with the kiosks",
        many_mended="{count} things are in order again",
        well_again="{place}: in order again",
        all_kiosks="the kiosks",
        whole_branch="At all kiosks of the branch: {sentence}",
        most_kiosks="At most kiosks: {sentence}",
        since="Since {when}.",
        do_this="What to do: {remedy}",
        mended_title="In order again:",
        until="{sentence} It was so from {start} to {end}.",
        kiosks="Kiosks: {names}.",
        count="{count} kiosks.",
        and_more="and {count} more",
        link="Here you see how all kiosks are:",
        why="You get this because you chose to be told when a kiosk needs somebody. "
        "You can change that at any time, under My settings.",
        clock="HH:mm",
        day="d MMMM",
    ),
}


def subject(request: AlertRequest) -> str:
    """The subject of the mail, and the title of the notice."""
    frame, found, mended = _FRAMES[request.language], request.found, request.mended
    if len(found) == 1:
        sentence = said(found[0].alert, request.language).sentence.removesuffix(".")
        place = _place(found[0], "")
        return f"{place}: {sentence}" if place else sentence
    if found:
        return frame.many_found.format(count=len(found))
    if len(mended) == 1:
        return _capital(frame.well_again.format(place=_place(mended[0], frame.all_kiosks)))
    return frame.many_mended.format(count=len(mended))


def notice(request: AlertRequest) -> str:
    """The text of the notice: what to do, or where."""
    frame = _FRAMES[request.language]
    news = request.found or request.mended
    if len(news) > 1:
        places = list(dict.fromkeys(_place(one, frame.all_kiosks) for one in news))
        shown = places[:PLACES_IN_A_NOTICE]
        if len(places) > len(shown):
            shown.append(frame.and_more.format(count=len(places) - len(shown)))
        return _capital("; ".join(shown) + ".")
    text = said(news[0].alert, request.language)
    return text.remedy if request.found else text.sentence


def letter(request: AlertRequest, now: datetime) -> str:
    """The whole e-mail, as plain text."""
    frame = _FRAMES[request.language]
    parts = [frame.greeting, *(_found(news, request, now) for news in request.found)]
    if request.mended:
        parts.append("\n".join([frame.mended_title, *(_mended(news, request, now) for news in request.mended)]))
    parts.append(f"{frame.link}\n{request.url}")
    return "\n\n".join(parts) + f"\n\n-- \n{frame.why}\n"


def said(alert: Alert, language: Language) -> FindingText:
    """Sentence and remedy of an alert, of whatever scope."""
    text = TEXTS[language][alert.code]
    if alert.scope is AlertScope.KIOSK:
        return text
    if alert.code is HealthCode.AWAY:
        return SCOPES[language][alert.scope]
    frame = _FRAMES[language]
    around = frame.whole_branch if alert.scope is AlertScope.BRANCH else frame.most_kiosks
    return FindingText(around.format(sentence=text.sentence), text.remedy)


def _found(news: AlertNews, request: AlertRequest, now: datetime) -> str:
    frame, text = _FRAMES[request.language], said(news.alert, request.language)
    since = frame.since.format(when=_when(news.alert.found_at, request, now))
    lines = [
        _capital(_place(news, frame.all_kiosks)),
        f"{text.sentence} {since}",
        frame.do_this.format(remedy=text.remedy),
    ]
    if news.alert.scope is not AlertScope.KIOSK:
        lines.append(_kiosks(news.kiosk_names, frame))
    return "\n".join(lines)


def _mended(news: AlertNews, request: AlertRequest, now: datetime) -> str:
    frame = _FRAMES[request.language]
    was = frame.until.format(
        sentence=said(news.alert, request.language).sentence,
        start=_when(news.alert.found_at, request, now),
        end=_when(news.alert.mended_at or now, request, now),
    )
    return f"- {_capital(_place(news, frame.all_kiosks))}: {was}"


def _kiosks(names: Sequence[str], frame: Frame) -> str:
    if len(names) > KIOSKS_NAMED:
        return frame.count.format(count=len(names))
    return frame.kiosks.format(names=", ".join(names))


def _place(news: AlertNews, everywhere: str) -> str:
    """The branch, and the kiosk if it is about one."""
    if news.alert.scope is AlertScope.NETWORK:
        return everywhere
    kiosks = news.kiosk_names if news.alert.scope is AlertScope.KIOSK else ()
    return ", ".join(part for part in (news.branch_name, *kiosks) if part) or everywhere


def _when(moment: datetime, request: AlertRequest, now: datetime) -> str:
    """The time of day, with the day unless it is today."""
    zone = ZoneInfo(request.time_zone)
    local = moment.astimezone(zone)
    frame, locale = _FRAMES[request.language], request.language.value
    time = format_time(local, frame.clock, locale=locale)
    if local.date() == now.astimezone(zone).date():
        return time
    return f"{format_date(local, frame.day, locale=locale)} {time}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
