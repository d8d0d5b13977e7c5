"""The touchscreen program of an unstaffed branch."""

from __future__ import annotations

from typing import Final

__version__: Final = "0.1.0"
