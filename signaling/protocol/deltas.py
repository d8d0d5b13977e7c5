"""What every receiver does with a delta. The console does the same in TypeScript; golden sequences hold both to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from pydantic import JsonValue

from signaling.protocol.messages import Delta

#: A view as it travels: the JSON object of a `KioskView` or `StaffView`.
View = dict[str, JsonValue]


def entries_of(value: Any) -> Mapping[str, JsonValue]:
    """The entries of a keyed field; none when the field is not there."""
    return cast(Mapping[str, JsonValue], value or {})


def applied(view: View, delta: Delta) -> View:
    """A view with a delta applied; the old view is left as it is."""
    result = {**view, **delta.set}
    for name in delta.put.keys() | delta.drop.keys():
        gone = set(delta.drop.get(name, ()))
        kept = {key: entry for key, entry in entries_of(result.get(name)).items() if key not in gone}
        result[name] = {**kept, **delta.put.get(name, {})}
    return result
