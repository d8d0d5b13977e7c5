"""Every finding is said in every language, in words that a caretaker can act on."""

from __future__ import annotations

import itertools
import json
import re

import pytest

from signaling.protocol.export import HEALTH_FILE
from signaling.protocol.health import AlertScope, HealthCode
from signaling.protocol.health_texts import SCOPES, TEXTS, document
from signaling.protocol.vocabulary import Language

ALL = [
    *((language, code.value, TEXTS[language][code]) for language, code in itertools.product(Language, HealthCode)),
    *((language, scope.value, text) for language, texts in SCOPES.items() for scope, text in texts.items()),
]
#: A mail's subject and a row of the health page hold no more.
MAX_SENTENCE_CHARS = 110
MAX_REMEDY_CHARS = 260
#: No word of a programmer, and nothing that only the code knows.
JARGON = re.compile(r"_|[Ee]rror|[Ee]xception|[Tt]imeout|\bnull\b|\bSTUN\b|\bICE\b|\bSDP\b|\bTURN\b|dBFS")


@pytest.mark.parametrize("language", Language)
def test_every_finding_has_its_text(language: Language) -> None:
    assert set(TEXTS[language]) == set(HealthCode)
    assert set(SCOPES[language]) == {AlertScope.BRANCH, AlertScope.NETWORK}


def test_each_text_is_short_whole_sentences_without_jargon() -> None:
    for language, name, text in ALL:
        where = f"{language} {name}"
        assert len(text.sentence) <= MAX_SENTENCE_CHARS, where
        assert len(text.remedy) <= MAX_REMEDY_CHARS, where
        for part in (text.sentence, text.remedy):
            assert re.fullmatch(r"[A-ZÅÄÖÆØ].*\.", part), where
            assert "  " not in part, where
            assert not JARGON.search(part), where


@pytest.mark.parametrize("language", Language)
def test_no_two_findings_are_said_in_the_same_words(language: Language) -> None:
    sentences = [text.sentence for of, _, text in ALL if of is language]
    assert len(set(sentences)) == len(sentences)


def test_no_language_borrows_its_words_from_another() -> None:
    for code in HealthCode:
        assert len({TEXTS[language][code].sentence for language in Language}) == len(Language), code


def test_what_is_written_for_the_console_is_what_is_said_here() -> None:
    written = json.loads(HEALTH_FILE.read_text("utf-8"))
    assert written == document()
    for language in Language:
        assert written[language]["loudspeaker_silent"] == {
            "sentence": TEXTS[language][HealthCode.LOUDSPEAKER_SILENT].sentence,
            "remedy": TEXTS[language][HealthCode.LOUDSPEAKER_SILENT].remedy,
        }
        assert written["scopes"][language]["branch"]["sentence"] == SCOPES[language][AlertScope.BRANCH].sentence
