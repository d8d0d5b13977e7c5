"""What is said within a call: SDP, candidates, devices, typed text.

A visit has up to three paths, one between each two of kiosk, seat and the colleague who was brought in. Their
generations are counted together, so that a generation alone says which path is meant.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from signaling.protocol.messages.base import Base64, Generation, Id, Line, Message, Sdp
from signaling.protocol.vocabulary import MAX_CANDIDATE_CHARS, MAX_TEXT_ENTRIES, DeviceCondition, Party


class CallOffer(Message):
    """The SDP offer of one generation; a kiosk's comes with its DTLS fingerprint signed by the kiosk's key.

    The signature covers context, visit, generation and fingerprint, joined by line feeds (UTF-8, Ed25519). Between
    two seats nothing is signed, and both are empty: browsers have no key of their own.
    """

    visit_id: Id
    generation: Generation
    sdp: Sdp
    fingerprint: Annotated[str, Field(max_length=200)] = ""
    signature: Base64 | Literal[""] = ""


class CallAnswer(Message):
    """The SDP answer."""

    visit_id: Id
    generation: Generation
    sdp: Sdp


class CallCandidate(Message):
    """One trickled ICE candidate; empty means: no more."""

    visit_id: Id
    generation: Generation
    candidate: Annotated[str, Field(max_length=MAX_CANDIDATE_CHARS)]
    sdp_mid: Annotated[str, Field(max_length=32)] | None = None
    sdp_m_line_index: Annotated[int, Field(ge=0, le=16)] | None = None


class CallRef(Message):
    """A command about one generation of a call: `call.connected`, `call.again`."""

    visit_id: Id
    generation: Generation


class CallMedia(Message):
    """What one end sends, and what is true of its devices. Sent anew at each generation and change.

    `sender` is set by the server when it passes the message on: `kiosk`, or the seat's id.
    """

    visit_id: Id
    camera_sending: bool
    microphone_sending: bool
    camera: DeviceCondition
    microphone: DeviceCondition
    loudspeaker: DeviceCondition
    sender: Id = "kiosk"


class CallIce(Message):
    """Ask for the ICE servers of one visit; the credentials live for a short time."""

    visit_id: Id


class IceServerEntry(Message):
    """As in `RTCIceServer`."""

    urls: tuple[Annotated[str, Field(max_length=300)], ...]
    username: Annotated[str, Field(max_length=200)] = ""
    credential: Annotated[str, Field(max_length=200)] = ""


class IceServers(Message):
    """Reply to `call.ice`. An empty list is a list: nobody asks anybody else's server."""

    servers: tuple[IceServerEntry, ...]
    relay_only: bool = False


class TextDraft(Message):
    """Real-time text: the whole line `entry` of its author as it stands now (EN 301 549, 6.2).

    The author numbers its lines from 1. The same entry sent again replaces the older one; `done` ends it.
    `author` and `sender` (`kiosk`, or the seat's id) are set by the server when it passes the line on: with a
    colleague in the conversation two seats write, each with its own numbers.
    """

    visit_id: Id
    entry: Annotated[int, Field(ge=1, le=1_000_000)]
    text: Line
    done: bool = False
    author: Party = Party.VISITOR
    sender: Id = "kiosk"


class TextHistory(Message):
    """The kiosk tells a console that came back what was typed so far; kept in the kiosk's memory alone."""

    visit_id: Id
    entries: Annotated[tuple[TextDraft, ...], Field(max_length=MAX_TEXT_ENTRIES)]
