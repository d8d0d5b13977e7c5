"""How calls went, and whether the relay can be reached: figures and codes, of no person, no visitor's address."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from signaling.protocol.messages.base import Generation, Id, Line, Message
from signaling.protocol.messages.call import Codec, Figure, Percent, Tally
from signaling.protocol.vocabulary import (
    IceTrouble,
    MediaEngine,
    Party,
    PathFault,
    PathQuality,
    RelayFinding,
    RelayTransport,
)

#: Quality records are read so many at a time.
CALLS_A_PAGE: Final = 50


class CallRow(Message):
    """What one path of one call was like at one end; `CallQuality` says what each figure means.

    Attributes:
        at: When it was told last.
        party: At which end it was seen.
    """

    at: datetime
    branch_id: Id
    kiosk_id: Id
    visit_id: Id
    generation: Generation
    party: Party
    seconds: Figure
    connect_ms: Figure | None
    round_trip_ms: Figure | None
    loss_in_percent: Percent
    loss_out_percent: Percent | None
    freezes: Tally
    frozen_s: Figure
    concealed_percent: Percent
    width_sent: Tally
    height_sent: Tally
    video_codec: Codec
    audio_codec: Codec
    engine: MediaEngine | None
    relayed: bool
    relay: RelayTransport | None
    worst: PathQuality
    faults: Annotated[tuple[PathFault, ...], Field(max_length=len(PathFault))]
    troubles: Annotated[tuple[IceTrouble, ...], Field(max_length=len(IceTrouble))]


class CallsPage(Message):
    """Paths of calls, newest first; `next_before` asks for those that are older."""

    entries: tuple[CallRow, ...]
    next_before: datetime | None = None


class RelayRow(Message):
    """One address of the relay, as the server itself found it.

    Attributes:
        url: As in the settings: `turn:` or `turns:`.
        finding: None until it was tried for the first time.
        since: Since when it has been so.
        checked_at: When it was tried last.
    """

    url: Line
    transport: RelayTransport
    finding: RelayFinding | None = None
    since: datetime | None = None
    checked_at: datetime | None = None


class NetworkView(Message):
    """Whether calls of this installation can go through the relay. No relays: none is configured.

    Attributes:
        relay_always: The installation sends all media through it.
        relay_only_branches: Own branches that send all media through it.
    """

    relays: tuple[RelayRow, ...]
    relay_always: bool
    relay_only_branches: tuple[Id, ...] = ()
