"""What is said within a call: SDP, candidates, devices, typed text.

A visit has up to three paths, one between each two of kiosk, seat and the colleague who was brought in. Their
generations are counted together, so that a generation alone says which path is meant.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from signaling.protocol.messages.base import Base64, Generation, Id, Line, Message, Sdp
from signaling.protocol.vocabulary import (
    DEFAULT_AUDIO_KBPS,
    DEFAULT_VIDEO_KBPS,
    DEFAULT_VIDEO_START_KBPS,
    MAX_AUDIO_KBPS,
    MAX_CANDIDATE_CHARS,
    MAX_TEXT_ENTRIES,
    MAX_VIDEO_KBPS,
    MIN_AUDIO_KBPS,
    MIN_VIDEO_KBPS,
    DeviceCondition,
    IceTrouble,
    MediaEngine,
    Party,
    PathFault,
    PathQuality,
    RelayTransport,
)

Figure = Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False)]
Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
#: Kept in columns of four bytes.
Tally = Annotated[int, Field(ge=0, le=1_000_000)]
Codec = Annotated[str, Field(max_length=20, pattern=r"^[A-Za-z0-9\-]*$")]


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

    `sender` is set by the server when it passes the message on: `kiosk`, or the seat's id. `picture_paused`: the
    camera is on, and the path too thin for a picture that moves; the last one stays.
    """

    visit_id: Id
    camera_sending: bool
    microphone_sending: bool
    camera: DeviceCondition
    microphone: DeviceCondition
    loudspeaker: DeviceCondition
    sender: Id = "kiosk"
    picture_paused: bool = False


class CallIce(Message):
    """Ask for the ICE servers of one visit; the credentials live for a short time."""

    visit_id: Id


class IceServerEntry(Message):
    """As in `RTCIceServer`."""

    urls: tuple[Annotated[str, Field(max_length=300)], ...]
    username: Annotated[str, Field(max_length=200)] = ""
    credential: Annotated[str, Field(max_length=200)] = ""


class IceServers(Message):
    """Reply to `call.ice`. An empty list is a list: nobody asks anybody else's server.

    The bitrates are the branch's, kbit/s, for either end: where the picture starts, and what picture and sound may
    take at most.
    """

    servers: tuple[IceServerEntry, ...]
    relay_only: bool = False
    video_start_kbps: Annotated[int, Field(ge=MIN_VIDEO_KBPS, le=MAX_VIDEO_KBPS)] = DEFAULT_VIDEO_START_KBPS
    video_max_kbps: Annotated[int, Field(ge=MIN_VIDEO_KBPS, le=MAX_VIDEO_KBPS)] = DEFAULT_VIDEO_KBPS
    audio_max_kbps: Annotated[int, Field(ge=MIN_AUDIO_KBPS, le=MAX_AUDIO_KBPS)] = DEFAULT_AUDIO_KBPS


class CallQuality(Message):
    """What one path was like at one end, from its start until now. Figures and codes; no address, nothing said.

    Sent every `QUALITY_TOLD_EVERY_S` and when the path ends; a later one replaces the earlier.

    Attributes:
        seconds: Since it was connected.
        connect_ms: From this end's first step until it was connected; None while it is not.
        round_trip_ms: Median.
        loss_in_percent: Of all packets that should have come here.
        loss_out_percent: Of those that left, as the other end told.
        freezes: Pictures that stood still for longer than the pace explains (W3C webrtc-stats), and in all how long.
        concealed_percent: Of the sound that was played.
        width_sent, height_sent: Of the picture, now; 0 without one.
        engine: None is a browser.
        relay: How the relay is reached, if media go through it from this end.
        worst: The worst word that stood on the screen.
    """

    visit_id: Id
    generation: Generation
    seconds: Figure
    connect_ms: Figure | None = None
    round_trip_ms: Figure | None = None
    loss_in_percent: Percent = 0
    loss_out_percent: Percent | None = None
    freezes: Tally = 0
    frozen_s: Figure = 0
    concealed_percent: Percent = 0
    width_sent: Tally = 0
    height_sent: Tally = 0
    video_codec: Codec = ""
    audio_codec: Codec = ""
    engine: MediaEngine | None = None
    relayed: bool = False
    relay: RelayTransport | None = None
    worst: PathQuality = PathQuality.GOOD
    faults: Annotated[tuple[PathFault, ...], Field(max_length=3)] = ()
    troubles: Annotated[tuple[IceTrouble, ...], Field(max_length=3)] = ()


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
