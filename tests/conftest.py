"""What holds for every test: silence, no screen, no network of others, repeatable chance."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import hypothesis
import pytest
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.database import DirectoryBasedExampleDatabase

pytest_plugins = ["tests.support.logs"]

ROOT = Path(__file__).resolve().parent.parent


def _prepare_qt() -> None:
    # Tests need no screen; a test of the real kiosk program starts it as a process, on a virtual one.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.pop("QT_LOGGING_RULES", None)
    if "XDG_RUNTIME_DIR" not in os.environ:  # Qt says so, loudly, when it is missing
        folder = Path(tempfile.gettempdir(), f"librarian-on-demand-{os.getuid()}")
        folder.mkdir(mode=0o700, exist_ok=True)
        os.environ["XDG_RUNTIME_DIR"] = str(folder)


def _prepare_hypothesis() -> None:
    repeatable = "CI" in os.environ
    home = ROOT / "var" / "cache" / "hypothesis"
    set_hypothesis_home_dir(home)
    hypothesis.settings.register_profile(
        "house",
        deadline=None,  # how long a case takes says more about the machine than about the rule
        database=None if repeatable else DirectoryBasedExampleDatabase(home / "examples"),
        derandomize=repeatable,
        print_blob=True,
    )
    hypothesis.settings.load_profile("house")


_prepare_qt()
_prepare_hypothesis()


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The folder that holds pyproject.toml."""
    return ROOT
