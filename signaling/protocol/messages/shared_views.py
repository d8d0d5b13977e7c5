"""What both roles are shown of services and of who can answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from signaling.protocol.messages.base import Count, Id, Message, Name, Texts
from signaling.protocol.vocabulary import Language


class AvailabilityView(Message):
    """Whether somebody can answer.

    Attributes:
        answerable: Seats that are on duty with everything proven, busy or not; no more than `MAX_SEATS_SHOWN`.
        free: Those of them that a visit would ring now; no more than `MAX_SEATS_SHOWN`.
        names: First names of those on duty who wish to be named.
        languages: What they speak, each once, in the order of the vocabulary.
        open: The hours say that the service is offered now.
        next_open: When it is offered again, while it is not; None when nobody knows.
        closed_texts: Why it is closed today, if somebody has written it ("Christmas Eve").
    """

    answerable: Count = 0
    free: Count = 0
    names: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    languages: tuple[Language, ...] = ()
    open: bool = True
    next_open: datetime | None = None
    closed_texts: Texts = {}


class ServiceEntry(Message):
    """One service that can be asked for, with who can answer it at this place.

    Attributes:
        languages: In which it is offered at all; who speaks them now is in `availability`.
    """

    id: Id
    names: dict[Language, Name]
    languages: tuple[Language, ...] = tuple(Language)
    availability: AvailabilityView = AvailabilityView()
