"""The tables of deploy/OPERATIONS.md, made of what the programs say: `python -m tests.support.operations`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from signaling.adapters.doctor.findings import Level
from signaling.adapters.doctor.words import WORDS
from signaling.protocol.health import FINDINGS, Light
from signaling.protocol.health_texts import SCOPES, TEXTS
from signaling.protocol.vocabulary import Language

BOOK: Final = Path(__file__).resolve().parents[2] / "deploy" / "OPERATIONS.md"
_LIGHTS: Final = {Light.RED: "**red**", Light.AMBER: "amber", Light.GREY: "grey"}


def findings() -> str:
    """Everything that can be wrong with a kiosk: code, light, sentence, what to do first."""
    texts = TEXTS[Language.EN]
    rows = [
        (f"`{code.value}`", _LIGHTS[spec.light], texts[code].sentence, texts[code].remedy)
        for code, spec in FINDINGS.items()
    ]
    return _table(("code", "light", "what it says", "do first"), rows)


def scopes() -> str:
    """Alerts about more than one kiosk."""
    rows = [(f"`{scope.value}`", text.sentence, text.remedy) for scope, text in SCOPES[Language.EN].items()]
    return _table(("alert about", "what it says", "do first"), rows)


def doctor() -> str:
    """What the doctor finds that is bad, or worth knowing."""
    rows = [
        (f"`{code.value}`", _in_words(words.sentence), _in_words(words.remedy))
        for code, words in WORDS.items()
        if words.level is not Level.OK
    ]
    return _table(("code", "what it says", "do first"), rows)


TABLES: Final[Mapping[str, Callable[[], str]]] = {"findings": findings, "scopes": scopes, "doctor": doctor}


def renewed(book: str) -> str:
    """The book with its tables made anew.

    Raises:
        ValueError: It lacks a place for one of them.
    """
    for name, table in TABLES.items():
        begin, end = marks(name)
        if book.count(begin) != 1 or book.count(end) != 1:
            raise ValueError(f"there is not one place for the table {name}")
        before, _, rest = book.partition(begin)
        book = f"{before}{begin}\n\n{table()}\n\n{end}{rest.partition(end)[2]}"
    return book


def marks(name: str) -> tuple[str, str]:
    """What stands before and after a table in the book."""
    return f"<!-- {name}: made by python -m tests.support.operations -->", f"<!-- end of {name} -->"


def _in_words(text: str) -> str:
    """A sentence's blanks as a reader of a table expects them; a remedy that comes from elsewhere is told there."""
    return re.sub(r"\{(\w+)(?::[^}]*)?\}", r"‹\1›", text)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


if __name__ == "__main__":
    BOOK.write_text(renewed(BOOK.read_text("utf-8")), "utf-8")
