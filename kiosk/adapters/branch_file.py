"""What a kiosk keeps on its disk of the branch that it stands in, so that it can help while the server is away.

What it is for: the branch's name, telephone number and answer cards on the urgent and the out-of-service screen, also
after a restart without network. What it does not do: keep anything about a visit or a person.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Final

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from kiosk.adapters.whole_file import write_whole
from kiosk.core.care import Settings
from kiosk.core.facts import Known
from kiosk.core.snapshot import AnswerCard, BranchFacts
from signaling.protocol.vocabulary import CardId, Language, LensSide

#: Its name in the kiosk's state folder.
BRANCH_FILE: Final = "branch.json"

_log = structlog.get_logger(__name__)


class _Card(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: str
    titles: dict[Language, str]
    bodies: dict[Language, str]


class _Settings(BaseModel):
    """As `kiosk.core.care.Settings`; a file of an older program lacks what is new, and gets its defaults."""

    model_config = ConfigDict(frozen=True)

    lens_side: LensSide
    camera_height_cm: int
    brightness_percent: int
    closed_brightness_percent: int
    volume_max_percent: int
    quiet_from_min: int
    quiet_to_min: int
    quiet_volume_max_percent: int
    test_at_min: int
    week: tuple[tuple[tuple[int, int], ...], ...] | None
    pin_hash: str
    version: str


class _Branch(BaseModel):
    model_config = ConfigDict(frozen=True)

    library_name: str
    branch_name: str
    phone: str
    urgent_number: str
    time_zone: str
    default_language: Language
    cards: tuple[_Card, ...] = ()
    kiosk_id: str = ""
    kiosk_name: str = ""
    settings: _Settings | None = None
    lock: dict[Language, str] | None = None


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
    settings = Settings() if kept.settings is None else Settings(**kept.settings.model_dump())
    return Known(branch, kept.time_zone, kept.default_language, kept.kiosk_id, kept.kiosk_name, settings, kept.lock)


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
        kiosk_id=known.kiosk_id,
        kiosk_name=known.kiosk_name,
        settings=_Settings(**asdict(known.settings)),
        lock=None if known.lock is None else dict(known.lock),
    )
    try:
        write_whole(path, kept.model_dump_json(indent=2))
    except OSError as error:
        _log.warning("branch_file_not_written", error=type(error).__name__)  # a full disk must not stop a kiosk
