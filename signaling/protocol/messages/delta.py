"""What changed in a view."""

from __future__ import annotations

from pydantic import JsonValue

from signaling.protocol.messages.base import Message, Revision


class Delta(Message):
    """What changed since the revision before.

    `set` replaces whole top-level fields. `put` and `drop` change single entries of the keyed fields
    (`KEYED_FIELDS`). A receiver whose revision is not `revision - 1` asks for a snapshot.
    """

    revision: Revision
    set: dict[str, JsonValue] = {}
    put: dict[str, dict[str, JsonValue]] = {}
    drop: dict[str, list[str]] = {}
