"""Every sentence exists in every language, with the same blanks, and nothing is asked for that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import kiosk.ui
from kiosk.ui.i18n.catalog import LARGEST_NUMBER_WORD, PLURAL_FORMS, Catalog, Entry, load_catalogs, placeholders
from signaling.protocol.vocabulary import Language

CATALOGS = load_catalogs()
SWEDISH = CATALOGS[Language.SV]
UI = Path(kiosk.ui.__file__).parent


def blanks(entry: Entry) -> frozenset[str]:
    if isinstance(entry, str):
        return placeholders(entry)
    # "{number}" and "{count}" may be left out of the form for one: "En bibliotekarie", not "1 bibliotekarie".
    return frozenset().union(*(placeholders(form) for form in entry.values())) - {"count", "number"}


@pytest.mark.parametrize("language", Language)
def test_every_language_has_every_sentence(language: Language) -> None:
    assert CATALOGS[language].entries.keys() == SWEDISH.entries.keys()


@pytest.mark.parametrize("language", Language)
def test_every_sentence_has_the_same_blanks_in_every_language(language: Language) -> None:
    differing = {
        key: (blanks(entry), blanks(CATALOGS[language].entries[key]))
        for key, entry in SWEDISH.entries.items()
        if blanks(entry) != blanks(CATALOGS[language].entries[key])
    }
    assert differing == {}


@pytest.mark.parametrize("language", Language)
def test_every_counted_sentence_has_both_forms(language: Language) -> None:
    for key, entry in CATALOGS[language].entries.items():
        assert isinstance(entry, str) is isinstance(SWEDISH.entries[key], str), key
        if not isinstance(entry, str):
            assert tuple(entry) == PLURAL_FORMS, key


@pytest.mark.parametrize("language", Language)
def test_no_sentence_is_empty_or_padded(language: Language) -> None:
    for key, entry in CATALOGS[language].entries.items():
        for text in (entry,) if isinstance(entry, str) else entry.values():
            assert text == text.strip() != "", key
            assert "  " not in text, key


@pytest.mark.parametrize("language", Language)
def test_numbers_are_words_up_to_twelve(language: Language) -> None:
    assert len(CATALOGS[language].say("number_words").split()) == LARGEST_NUMBER_WORD + 1
    assert CATALOGS[language].number_word(13) == "13"


def test_every_sentence_that_a_screen_names_exists_and_needs_no_value() -> None:
    named = {key for file in UI.rglob("*.qml") for key in re.findall(r"kiosk\.words\.(\w+)", file.read_text("utf-8"))}
    assert named
    assert named - SWEDISH.fixed.keys() == set()


def test_no_sentence_is_left_over() -> None:
    source = "".join(file.read_text("utf-8") for pattern in ("*.qml", "*.py") for file in UI.rglob(pattern))
    unused = [key for key in SWEDISH.entries if not re.search(rf'(words\.|"){key}\b', source)]
    assert unused == []


def test_a_number_begins_a_sentence_as_a_word() -> None:
    said = {language: catalog.say_counted("idle_can_answer", 2) for language, catalog in CATALOGS.items()}
    assert said == {
        Language.SV: "Två bibliotekarier kan svara nu",
        Language.NB: "To bibliotekarer kan svare nå",
        Language.EN: "Two librarians can answer now",
    }
    assert SWEDISH.say_counted("idle_can_answer", 1) == "En bibliotekarie kan svara nu"


def test_names_are_joined_as_one_says_them() -> None:
    assert SWEDISH.join(()) == ""
    assert SWEDISH.join(("Anna",)) == "Anna"
    assert SWEDISH.join(("Anna", "Per")) == "Anna och Per"
    assert CATALOGS[Language.EN].join(("Anna", "Per", "Sara")) == "Anna, Per and Sara"


def test_a_counted_sentence_is_not_said_without_a_count_nor_the_other_way_round() -> None:
    catalog = Catalog(Language.EN, {"plain": "Hello", "counted": {"one": "one", "other": "{count}"}})
    with pytest.raises(KeyError):
        catalog.say("counted")
    with pytest.raises(KeyError):
        catalog.say_counted("plain", 1)
    with pytest.raises(KeyError):
        catalog.say("missing")
