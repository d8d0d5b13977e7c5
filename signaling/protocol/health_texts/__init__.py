"""What is said about each finding, once for all: on the health page, in the kiosk's service menu, in mails.

Each language is written by ear in a module of its own; `signaling.protocol.export` writes all of them down for the
console. What it does not do: say what a finding means for a call (`signaling.protocol.health`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from signaling.protocol.health import AlertScope, HealthCode
from signaling.protocol.health_texts import en, nb, sv
from signaling.protocol.health_texts.words import FindingText
from signaling.protocol.vocabulary import Language

__all__ = ["SCOPES", "TEXTS", "FindingText", "document"]

_LANGUAGES: Final = {Language.SV: sv, Language.NB: nb, Language.EN: en}

#: Of every finding, in every language.
TEXTS: Final[Mapping[Language, Mapping[HealthCode, FindingText]]] = MappingProxyType(
    {language: MappingProxyType(dict(texts.FINDING_TEXTS)) for language, texts in _LANGUAGES.items()}
)
#: Of an alert about a whole branch, or about most kiosks at once.
SCOPES: Final[Mapping[Language, Mapping[AlertScope, FindingText]]] = MappingProxyType(
    {language: MappingProxyType(dict(texts.SCOPE_TEXTS)) for language, texts in _LANGUAGES.items()}
)


def document() -> dict[str, dict[str, dict[str, object]]]:
    """All texts as plain values: `{language: {code: {sentence, remedy}}}`, and alerts' own under `scopes`."""
    found: dict[str, dict[str, dict[str, object]]] = {
        language.value: {code.value: _plain(texts[code]) for code in HealthCode} for language, texts in TEXTS.items()
    }
    found["scopes"] = {
        language.value: {scope.value: _plain(text) for scope, text in texts.items()}
        for language, texts in SCOPES.items()
    }
    return found


def _plain(text: FindingText) -> dict[str, object]:
    return {"sentence": text.sentence, "remedy": text.remedy}
