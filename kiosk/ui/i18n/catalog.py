"""The sentences of one language.

What it is for: every text that a visitor reads comes from here, by id. What it does not do: decide which
sentence is true now; that is `kiosk.ui.viewmodels`.

A catalogue is one JSON file per language. An entry is a sentence, or `{"one": ..., "other": ...}` where it
depends on a count: Swedish, Norwegian and English share those two plural forms (Unicode CLDR).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from string import Formatter
from typing import Final

from signaling.protocol.vocabulary import Language

Entry = str | Mapping[str, str]

PLURAL_FORMS: Final = ("one", "other")
#: Up to here a number in a sentence is written as a word.
LARGEST_NUMBER_WORD: Final = 12


@dataclass(frozen=True)
class Catalog:
    """All sentences of one language.

    Attributes:
        language: Which.
        entries: Sentence, or plural forms, by id.
    """

    language: Language
    entries: Mapping[str, Entry]

    def say(self, key: str, **values: object) -> str:
        """The sentence `key` with its blanks filled. Raises KeyError when the id or a value is missing."""
        entry = self.entries[key]
        if not isinstance(entry, str):
            raise KeyError(f"{key} depends on a count")
        return entry.format_map(values)

    def say_counted(self, key: str, count: int, **values: object) -> str:
        """The form of `key` for `count`; `{count}` is the figure, `{number}` the word with a capital."""
        entry = self.entries[key]
        if isinstance(entry, str):
            raise KeyError(f"{key} does not depend on a count")
        form = entry["one" if count == 1 else "other"]
        return form.format_map({"count": count, "number": self.number_word(count).capitalize(), **values})

    def number_word(self, count: int) -> str:
        """`count` as one would say it: a word up to twelve, figures above."""
        words = self.say("number_words").split()
        return words[count] if 0 <= count <= LARGEST_NUMBER_WORD else str(count)

    def join(self, names: tuple[str, ...]) -> str:
        """Names as spoken: `Anna`, `Anna och Per`, `Anna, Per och Sara`."""
        if len(names) < 2:
            return "".join(names)
        return f"{', '.join(names[:-1])} {self.say('and')} {names[-1]}"

    @cached_property
    def fixed(self) -> dict[str, str]:
        """Every sentence without a blank, for the screens to name directly."""
        return {k: v for k, v in self.entries.items() if isinstance(v, str) and not placeholders(v)}


def placeholders(sentence: str) -> frozenset[str]:
    """The names of the blanks in `sentence`."""
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name)


def load_catalogs() -> dict[Language, Catalog]:
    """Read the catalogue of every language that the wire knows."""
    folder = files(__package__)
    return {
        language: Catalog(language, json.loads(folder.joinpath(f"{language}.json").read_text("utf-8")))
        for language in Language
    }
