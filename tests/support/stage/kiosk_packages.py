"""The kiosk program as it is installed: without the packages that only the server or these tests need."""

from __future__ import annotations

import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.support.stage.processes import ROOT

_REQUIREMENT = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)
#: Ours, and what Python itself brings.
_ALWAYS = frozenset({"librarian-on-demand", "pip", "setuptools"})


def hide_what_a_kiosk_has_not(requirements: Path = ROOT / "requirements" / "kiosk.txt") -> frozenset[str]:
    """From now on this process cannot import what no kiosk has; returns the names of those packages.

    A library that takes up whatever it finds (Redis, HTTP clients) would make the program larger here than it is in
    a library, and an import that was forgotten in the requirements would be noticed only there.
    """
    has = {_normal(name) for name in _REQUIREMENT.findall(requirements.read_text(encoding="utf-8"))} | _ALWAYS
    hidden = {
        package
        for package, distributions in packages_distributions().items()
        if not any(_normal(name) in has for name in distributions) and package not in sys.modules
    }
    for package in hidden:
        sys.modules[package] = None  # type: ignore[assignment]  # the import system's own word for "there is none"
    return frozenset(hidden)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
