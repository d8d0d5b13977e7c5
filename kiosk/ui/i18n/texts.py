"""Texts that the library itself has written, in as many languages as it could; and the languages by their names."""

from __future__ import annotations

from typing import Final

from kiosk.core.snapshot import Texts
from kiosk.ui.i18n.catalog import Catalog
from signaling.protocol.vocabulary import Language

#: Whom a reader understands when a text is missing: Swedes and Norwegians each other, before English.
_NEAREST: Final = {
    Language.SV: (Language.SV, Language.NB, Language.EN),
    Language.NB: (Language.NB, Language.SV, Language.EN),
    Language.EN: (Language.EN, Language.SV, Language.NB),
}

_NAMES: Final = {Language.SV: "spoken_sv", Language.NB: "spoken_nb", Language.EN: "spoken_en"}


def nearest(texts: Texts, language: Language) -> str:
    """The text in this language, or in the one that its readers understand best; "" when there is none."""
    return next((texts[known] for known in _NEAREST[language] if texts.get(known)), "")


def closest(languages: tuple[Language, ...], language: Language) -> Language:
    """Which of these languages the readers of one understand best. Raises StopIteration when there is none."""
    return next(known for known in _NEAREST[language] if known in languages)


def spoken(languages: tuple[Language, ...], catalog: Catalog) -> str:
    """Names of languages within a sentence: `svenska och engelska`."""
    return catalog.join(tuple(spoken_name(language, catalog) for language in languages))


def spoken_name(language: Language, catalog: Catalog) -> str:
    """The name of one language within a sentence: `svenska`."""
    return catalog.say(_NAMES[language])
