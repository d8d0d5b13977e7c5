"""How much of what could be repeated for ever is repeated: `./dev check` is thorough, `./dev test` is quick."""

from __future__ import annotations

import os


def times(thorough: int, *, quick: int) -> int:
    """So many repetitions; thorough ones while THOROUGH_TESTS is set."""
    return thorough if os.environ.get("THOROUGH_TESTS") else quick
