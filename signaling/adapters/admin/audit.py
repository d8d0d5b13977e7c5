"""What the action log says of a change: which fields, and their new values as text a person can read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from signaling.protocol.messages.base import Message

MAX_VALUE_CHARS: Final = 300
#: That they changed is enough to know; what stands there now is the person's own affair.
_UNSPOKEN: Final = frozenset({"email"})
CHANGED: Final = "*"


def changes(before: Message | None, after: Message, names: Mapping[str, str]) -> dict[str, str]:
    """The fields that differ, with what they are now.

    Args:
        before: None for something new.
        after: As kept now.
        names: Of people and teams, by id.
    """
    old = before.model_dump(mode="json") if before is not None else {}
    new = after.model_dump(mode="json")
    return {
        field: CHANGED if field in _UNSPOKEN else bounded(_text(field, value, names))
        for field, value in new.items()
        if (field not in old and value not in ("", None, [], {}, False)) or (field in old and old[field] != value)
    }


def bounded(text: str) -> str:
    """Not longer than a line of the log shows."""
    return text if len(text) <= MAX_VALUE_CHARS else text[: MAX_VALUE_CHARS - 1] + "…"


def _text(field: str, value: Any, names: Mapping[str, str]) -> str:
    if value is None:
        return ""
    if field == "hours":
        holidays = f"closed_on_holidays: {str(value['closed_on_holidays']).lower()}"
        return " | ".join([*(_spans(day) for day in value["week"]), holidays])
    if field == "spans":
        return _spans(value)
    if field.endswith("_min"):
        return _clock(value)
    if field == "members":
        return ", ".join(sorted(names.get(member, member) for member in value))
    if field == "tiers":
        return ", ".join(f"{names.get(tier['team_id'], tier['team_id'])}: {tier['after_s']:g} s" for tier in value)
    if isinstance(value, Mapping):
        return " | ".join(f"{key}: {text}" for key, text in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _spans(spans: list[Mapping[str, int]]) -> str:
    return ", ".join(f"{_clock(span['opens_min'])}-{_clock(span['closes_min'])}" for span in spans) or "-"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
