"""The shape of what is said about a finding."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FindingText:
    """What a caretaker reads.

    Attributes:
        sentence: What is so.
        remedy: What to do first, with one's own hands where that is possible.
    """

    sentence: str
    remedy: str
