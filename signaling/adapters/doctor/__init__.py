"""Looks at a whole installation from the server's machine, and says what is wrong and what to do about it."""

from signaling.adapters.doctor.examine import Wanted, examine
from signaling.adapters.doctor.findings import Code, Finding, Level
from signaling.adapters.doctor.words import as_text

__all__ = ["Code", "Finding", "Level", "Wanted", "as_text", "examine"]
