"""What a standby person reads, in the person's language. It names the service and the cause, and no visitor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from signaling.domain.effects import StandbyCause
from signaling.protocol.vocabulary import Language

_NOBODY, _LONG = StandbyCause.NOBODY_ON_DUTY, StandbyCause.LONG_WAITS


@dataclass(frozen=True, slots=True)
class Text:
    """One request. `{service}` is the service's name, `{url}` the console's address.

    Attributes:
        subject: Of the e-mail, and the title of the push message.
        reason: What is the matter, in one sentence.
    """

    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the reason in an e-mail."""

    greeting: str
    link: str
    free: str
    why: str


_TEXTS: Final[Mapping[tuple[Language, StandbyCause], Text]] = {
    (Language.SV, _NOBODY): Text(
        "Kan du svara en stund? {service}",
        "Just nu är ingen i tjänst för {service}, fast det är öppet.",
    ),
    (Language.SV, _LONG): Text(
        "Kan du hjälpa till en stund? {service}",
        "Flera besökare har nyss fått vänta länge på {service}.",
    ),
    (Language.NB, _NOBODY): Text(
        "Kan du svare en stund? {service}",
        "Akkurat nå er ingen på vakt for {service}, selv om det er åpent.",
    ),
    (Language.NB, _LONG): Text(
        "Kan du hjelpe til en stund? {service}",
        "Flere besøkende har nettopp måttet vente lenge på {service}.",
    ),
    (Language.EN, _NOBODY): Text(
        "Could you answer for a while? {service}",
        "Nobody is on duty for {service} right now, although it is open.",
    ),
    (Language.EN, _LONG): Text(
        "Could you help out for a while? {service}",
        "Several visitors have just had to wait a long time for {service}.",
    ),
}

_FRAMES: Final[Mapping[Language, Frame]] = {
    Language.SV: Frame(
        "Hej!",
        "Om du har möjlighet: logga in och gå i tjänst här.",
        "Passar det inte just nu är det helt i sin ordning. Du behöver inte svara på det här brevet.",
        "Du får det här för att du har sagt att du gärna blir tillfrågad när det behövs. "
        "Du kan ändra det när du vill, under Mina inställningar.",
    ),
    Language.NB: Frame(
        "Hei!",
        "Hvis du har mulighet: logg inn og gå på vakt her.",
        "Passer det ikke akkurat nå, er det helt i orden. Du trenger ikke å svare på denne e-posten.",
        "Du får denne fordi du har sagt at du gjerne blir spurt når det trengs. "
        "Du kan endre det når du vil, under Mine innstillinger.",
    ),
    Language.EN: Frame(
        "Hello!",
        "If you are able to, sign in and go on duty here.",
        "If it does not suit you just now, that is quite all right. There is no need to reply to this message.",
        "You get this because you said that you would like to be asked when help is needed. "
        "You can change that at any time, under My settings.",
    ),
}


def text_of(language: Language, cause: StandbyCause, service_names: Mapping[Language, str]) -> Text:
    """Subject and reason, with the service's name in the language, or in one that there is."""
    name = service_names.get(language) or next(iter(service_names.values()), "")
    text = _TEXTS[language, cause]
    return Text(text.subject.format(service=name), text.reason.format(service=name))


def letter(language: Language, cause: StandbyCause, service_names: Mapping[Language, str], url: str) -> str:
    """The whole e-mail, as plain text."""
    frame, reason = _FRAMES[language], text_of(language, cause, service_names).reason
    return f"{frame.greeting}\n\n{reason}\n\n{frame.link}\n{url}\n\n{frame.free}\n\n-- \n{frame.why}\n"
