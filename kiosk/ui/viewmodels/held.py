"""A meeting on hold: who comes back, and how long it has been."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.core.snapshot import ScreenState
from kiosk.ui.i18n.catalog import Catalog


@dataclass(frozen=True, slots=True)
class HeldShown:
    """The held screen. `since` is empty in the first minute: a figure that small only makes one count."""

    heading: str
    since: str


def show_held(state: ScreenState, catalog: Catalog) -> HeldShown:
    """Say who will be right back, and how long one has waited."""
    name = state.call.librarian_name or catalog.say("librarian")
    minutes = state.held_min
    return HeldShown(
        heading=catalog.say("held_heading", name=name),
        since=catalog.say_counted("held_for", minutes) if minutes > 0 else "",
    )
