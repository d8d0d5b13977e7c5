"""The table of what calls were like: figures and codes of paths, of no person, without any address."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Float, ForeignKey, Index, Integer, String, Table

from signaling.adapters.store_sql.registry import Retention, col, id_col, metadata
from signaling.adapters.store_sql.types import UtcDateTime, Word, Words
from signaling.protocol.vocabulary import (
    IceTrouble,
    MediaEngine,
    Party,
    PathFault,
    PathQuality,
    RelayTransport,
)

_KEEP = Retention.QUALITY

call_qualities: Final = Table(
    "call_qualities",
    metadata,
    id_col("visit_id", "which call; told by no name", _KEEP, primary_key=True),
    col("generation", Integer, "which of its paths", _KEEP, primary_key=True, autoincrement=False),
    col("party", Word(Party), "seen at which end", _KEEP, primary_key=True),
    id_col("kiosk_id", "which kiosk's network", _KEEP),
    id_col("branch_id", "which branch's network", _KEEP),
    id_col("library_id", "who may see it", _KEEP, ForeignKey("libraries.id")),
    col("at", UtcDateTime, "when", _KEEP),
    col("seconds", Float, "how long the path lived", _KEEP),
    col("connect_ms", Float, "how long it took to find", _KEEP, nullable=True),
    col("round_trip_ms", Float, "how far away the ends were", _KEEP, nullable=True),
    col("loss_in_percent", Float, "whether the network loses packets on the way here", _KEEP),
    col("loss_out_percent", Float, "and on the way there", _KEEP, nullable=True),
    col("freezes", Integer, "how often the picture stood still", _KEEP),
    col("frozen_s", Float, "how long", _KEEP),
    col("concealed_percent", Float, "how much of the sound was invented", _KEEP),
    col("width_sent", Integer, "how large a picture the path carried", _KEEP),
    col("height_sent", Integer, "how large a picture the path carried", _KEEP),
    col("video_codec", String(20), "tells a codec's fault from the network's", _KEEP),
    col("audio_codec", String(20), "tells a codec's fault from the network's", _KEEP),
    col("engine", Word(MediaEngine), "tells an engine's fault from the network's", _KEEP, nullable=True),
    col("relayed", Boolean, "whether the two ends could meet directly", _KEEP),
    col("relay", Word(RelayTransport), "what a firewall lets through", _KEEP, nullable=True),
    col("worst", Word(PathQuality), "the worst word on the screen", _KEEP),
    col("faults", Words(PathFault), "what died silently", _KEEP),
    col("troubles", Words(IceTrouble), "why a path was hard to find", _KEEP),
    Index("ix_call_qualities_library_id_at", "library_id", "at"),
    Index("ix_call_qualities_kiosk_id_at", "kiosk_id", "at"),
    Index("ix_call_qualities_at", "at"),
)
