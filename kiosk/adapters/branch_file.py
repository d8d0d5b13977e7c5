"""What a kiosk keeps on its disk of the branch that it stands in, so that it can help while the server is away.

What it is for: the branch's name, telephone number and answer cards on the urgent and the out-of-service screen, also
after a restart without network. What it does not do: keep anything about a visit or a person.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from kiosk.core.facts import Known
from kiosk.core.snapshot import AnswerCard, BranchFacts
from signaling.protocol.vocabulary import CardId, Language

#: Its name in the kiosk's state folder.
BRANCH_FILE: Final = "branch.json"

_log = structlog.get_logger(__name__)


class _Card(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: str
    titles: dict[Language, str]
    bodies: dict[Language, str]


class _Branch(BaseModel):
    model_config = ConfigDict(frozen=True)

    library_name: str
    branch_name: str
    phone: str
    urgent_number: str
    time_zone: str
    default_language: Language
    cards: tuple[_Card, ...] = ()


def load_known(path: Path) -> Known | None:
    """Read what was kept; None when there is nothing, or nothing that can be read: the server will tell it anew."""
    try:
        kept = _Branch.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        _log.warning("branch_file_not_read", error=type(error).__name__)
        return None
    cards = tuple(AnswerCard(CardId(card.id), card.titles, card.bodies) for card in kept.cards)
    branch = BranchFacts(kept.library_name, kept.branch_name, kept.phone, kept.urgent_number, cards)
    return Known(branch, kept.time_zone, kept.default_language)


def save_known(path: Path, known: Known) -> None:
    """Keep it, all or nothing: a cable that is pulled meanwhile leaves the file of before. Never raises."""
    branch = known.branch
    kept = _Branch(
        library_name=branch.library_name,
        branch_name=branch.branch_name,
        phone=branch.phone,
        urgent_number=branch.urgent_number,
        time_zone=known.time_zone,
        default_language=known.default_language,
        cards=tuple(_Card(id=x.id, titles=dict(x.titles), bodies=dict(x.bodies)) for x in branch.cards),
    )
    new = path.with_suffix(".new")
    try:
        with new.open("wb") as file:
            file.write(kept.model_dump_json(indent=2).encode())
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        _log.warning("branch_file_not_written", error=type(error).__name__)  # a full disk must not stop a kiosk
