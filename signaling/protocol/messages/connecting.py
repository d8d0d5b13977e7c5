"""How a connection begins."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from signaling.protocol.messages.base import Base64, Id, Message, Name
from signaling.protocol.vocabulary import MediaEngine


class KioskHello(Message):
    """The `auth` of a kiosk's connection: proof that it holds the key that was enrolled.

    `instance` is made anew at each start of the program, so that a kiosk that reconnects is told apart from a
    second kiosk with a copied key.
    """

    protocol: Annotated[int, Field(ge=0, le=10_000)]
    kiosk_id: Id
    instance: Id
    challenge: Base64
    signature: Base64
    software: Name = ""
    engine: MediaEngine = MediaEngine.LIBWEBRTC


class StaffHello(Message):
    """The `auth` of a console's connection; who it is comes from the session cookie.

    `csrf` must equal the token that `GET /api/session` gave: a foreign page cannot read it. `seat_id` is the
    seat of this browser tab before a reload, so that it comes back into the same seat and call.
    """

    protocol: Annotated[int, Field(ge=0, le=10_000)]
    csrf: Annotated[str, Field(max_length=200)]
    seat_id: Id | None = None
