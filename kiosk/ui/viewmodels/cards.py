"""The branch's answer cards: what is on the list, and one of them in large letters."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.core.snapshot import Screen, ScreenState
from kiosk.ui.i18n.catalog import Catalog
from kiosk.ui.i18n.texts import nearest


@dataclass(frozen=True, slots=True)
class CardsShown:
    """What can be read while nobody answers.

    Attributes:
        rows: `id`, `title` and `body` of each card, in the branch's order.
        place: That one's place in the line is kept meanwhile; "" for one who does not wait.
    """

    rows: tuple[dict[str, str], ...]
    place: str


def show_cards(state: ScreenState, catalog: Catalog) -> CardsShown:
    """The cards in the reader's language, or in the one that is nearest to it."""
    rows = (
        {"id": card.id, "title": nearest(card.titles, state.language), "body": nearest(card.bodies, state.language)}
        for card in state.branch.cards
    )
    place = ""
    if state.screen is Screen.WAITING:
        place = catalog.say("cards_place", place=state.place) if state.place > 0 else catalog.say("cards_in_line")
    return CardsShown(rows=tuple(row for row in rows if row["title"]), place=place)
