"""The data registry's own words: each column's purpose and retention, and whether it is personal.

What it does not do: name tables (`places_tables`, `accounts_tables`, `line_tables`; put together in `schema`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Column, MetaData, String

from signaling.protocol.vocabulary import MAX_ID_CHARS


class Retention(StrEnum):
    """How long a value is kept."""

    INSTALLATION = "as long as the place or device is part of the service"
    LIVE = "only while the visit, seat or connection lives: deleted with it"
    VISIT = "90 days after the visit"
    OPEN_VISIT = "wiped when the visit is settled"
    ACCOUNT = "as long as the account; 90 days after it was disabled"
    SESSION = "until the session ends, 12 hours by default"
    CODE = "30 days after the code has expired"
    CHALLENGE = "about one minute"
    ACTION = "365 days after the action"
    QUALITY = "90 days after the call"
    TEST = "30 days after the test"
    ORDER = "30 days after it was asked"
    ALERT = "90 days after it was mended"


@dataclass(frozen=True, slots=True)
class Expiry:
    """When a row is forgotten: `column` plus `after` has passed."""

    column: str
    after: timedelta


#: Names of constraints, so that migrations can speak of them on every database.
NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

metadata: Final = MetaData(naming_convention=NAMING)


def col(
    name: str,
    type_: Any,
    purpose: str,
    retention: Retention,
    *more: Any,
    personal: bool = False,
    **options: Any,
) -> Column[Any]:
    """One column with its entry in the registry; not nullable unless it is said."""
    options.setdefault("nullable", False)
    info = {"purpose": purpose, "retention": retention, "personal": personal}
    return Column(name, type_, *more, info=info, **options)


def id_col(name: str, purpose: str, retention: Retention, *more: Any, **options: Any) -> Column[Any]:
    """One column with an id."""
    return col(name, String(MAX_ID_CHARS), purpose, retention, *more, **options)
