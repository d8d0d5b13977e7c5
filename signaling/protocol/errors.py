"""Error codes of the wire. Codes travel, sentences do not: each program has its own words for a code."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class ErrorCode(StrEnum):
    """Why something was refused. The meaning of each stands in PROTOCOL.md."""

    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    TOO_FAST = "too_fast"
    UNKNOWN_MESSAGE = "unknown_message"
    VERSION = "version"
    ORIGIN = "origin"
    NOT_AUTHENTICATED = "not_authenticated"
    REVOKED = "revoked"
    REPLAYED = "replayed"
    CODE_USED = "code_used"
    ALREADY_CONNECTED = "already_connected"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    WRONG_STATE = "wrong_state"
    TAKEN = "taken"
    STALE_GENERATION = "stale_generation"
    UNAVAILABLE = "unavailable"
    LOCKED = "locked"
    INTERNAL = "internal"


class WireError(Exception):
    """A refusal that goes back to whoever asked.

    Attributes:
        code: What a machine reads.
        data: Values for the sentence, e.g. `{"winner": "Anna"}`; never personal data of visitors.
    """

    def __init__(self, code: ErrorCode, data: Mapping[str, str | int] | None = None) -> None:
        super().__init__(str(code))
        self.code = code
        self.data: dict[str, str | int] = dict(data or {})
