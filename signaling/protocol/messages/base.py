"""What every message is made of: bounded types, the base class, and the reply to whatever a client sends."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from signaling.protocol.errors import ErrorCode
from signaling.protocol.vocabulary import (
    MAX_CARD_CHARS,
    MAX_ID_CHARS,
    MAX_NAME_CHARS,
    MAX_NOTES_CHARS,
    MAX_SDP_CHARS,
    MAX_TEXT_CHARS,
    Language,
)

Id = Annotated[str, Field(min_length=1, max_length=MAX_ID_CHARS, pattern=r"^[A-Za-z0-9_\-]+$")]
Name = Annotated[str, Field(max_length=MAX_NAME_CHARS)]
Sdp = Annotated[str, Field(min_length=1, max_length=MAX_SDP_CHARS)]
Line = Annotated[str, Field(max_length=MAX_TEXT_CHARS)]
Notes = Annotated[str, Field(max_length=MAX_NOTES_CHARS)]
Count = Annotated[int, Field(ge=0)]
Generation = Annotated[int, Field(ge=1, le=1_000_000)]
#: As `Generation`; 0 says that there is no such path now.
PathNumber = Annotated[int, Field(ge=0, le=1_000_000)]
Revision = Annotated[int, Field(ge=0)]
Base64 = Annotated[str, Field(max_length=200, pattern=r"^[A-Za-z0-9+/=]+$")]
#: One short text in each language in which somebody has written it.
Texts = dict[Language, Line]
LongTexts = dict[Language, Annotated[str, Field(max_length=MAX_CARD_CHARS)]]


class Message(BaseModel):
    """Base of everything on the wire."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=False)


class Refusal(Message):
    """What went wrong, as a code with values; never a sentence."""

    code: ErrorCode
    data: dict[str, str | int] = {}


class Ack(Message):
    """The acknowledgement of every message that a client sends: done (with `data`), or refused."""

    ok: bool
    data: JsonValue = None
    error: Refusal | None = None


class Nothing(Message):
    """An empty payload or reply."""
